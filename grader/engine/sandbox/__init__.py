"""Keeps what a submission runs away from the machine, the grader and its neighbours.

Two walls. `outer` puts bubblewrap around the warm process: no network, a read-only system, the
worker's desk at /desk. `spawn` forks, from in there, a process into a room of its own: own
namespaces, a scratch in memory, no rights, limits, and a keeper that ends it all.
"""

from grader.engine.sandbox.groups import Group, groups_for, why_no_groups
from grader.engine.sandbox.isolation import KINDS, WHAT_IS_LOST, Isolation, Places, places
from grader.engine.sandbox.limits import Limits
from grader.engine.sandbox.outer import inner_pid, outer
from grader.engine.sandbox.problem import diagnose, problem, walls
from grader.engine.sandbox.spawn import End, Kept, SpawnFailed, spawn

__all__ = [
    "KINDS", "WHAT_IS_LOST", "End", "Group", "Isolation", "Kept", "Limits", "Places", "SpawnFailed", "diagnose",
    "groups_for", "inner_pid", "outer", "places", "problem", "spawn", "walls", "why_no_groups",
]  # fmt: skip

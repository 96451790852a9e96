"""Decide which unchanged experiments must run all the same: those whose names a student's code uses.

Nothing graded needs an experiment, so one that the student left alone is not run when the
notebook is graded. But a student may build on it, in an answer or in a cell of their own;
then it has to run here as it did for them.
"""

from __future__ import annotations

import builtins

from grader.engine.names import defines, uses

LARGEST = 200_000  # characters of a student's code that are looked through; more is no honest lesson


def needed(experiments: dict[str, str], student: list[str], provided: list[str]) -> set[str]:
    """Return the keys of `experiments` whose names `student` code uses, directly or through another.

    `experiments` maps a key to an unchanged experiment's code; `student` is the code that
    will run and was written by the student; `provided` is code that always runs, whose
    names need no experiment. Where there is more code than `LARGEST` every experiment runs.
    """
    if sum(map(len, student)) > LARGEST:
        return set(experiments)
    given = set().union(*map(defines, provided), dir(builtins))
    makes = {key: defines(code) - given for key, code in experiments.items()}
    needs = {key: uses(code) - given for key, code in experiments.items()}
    wanted = set().union(*map(uses, student)) - set().union(*map(defines, student)) - given
    chosen: set[str] = set()
    while more := {key for key in experiments if key not in chosen and makes[key] & wanted}:
        chosen |= more
        wanted = wanted.union(*(needs[key] for key in more))
    return chosen

"""The referee's seat: one kernel that judges one submission after another, until there is a reason for a fresh one."""

from __future__ import annotations

from grader.engine.desk import Room
from grader.engine.kernel import KernelManager, environment
from grader.engine.player import Played
from grader.engine.verdict import Limits
from grader.engine.warm import ForkedKernel, WarmProcess

# After so many submissions it is replaced, whatever it is like.
MOST_SERVED = 32
# Which part of its limits it may have used, and grown by, and still be asked to judge another submission.
WORN = 0.25


class Seat:
    """A referee's kernel between submissions; `kernel` is not started before the first.

    Only one that judged a submission without any disturbance judges the next: no limit was broken, no process ended, and
    no test was interrupted.
    """

    def __init__(self, room: Room, warm: WarmProcess, limits: Limits):
        self.kernel = KernelManager("referee", room, warm, limits)
        self._limits = limits
        self._served = self._began_with = 0

    @property
    def process(self) -> ForkedKernel | None:
        return self.kernel.provisioner.process

    def may_judge(self, limits: Limits) -> bool:
        """Whether it may judge a submission with these limits now: they and its environment are what it was made with."""
        return limits == self._limits and environment(self.kernel.place) == self.kernel.environment

    def is_fit(self, memory: int, seconds: int) -> bool:
        """Whether it may judge a submission that it has just met, having used so much: what earlier ones left is no other's to pay for."""
        self._began_with = self._began_with or memory
        if not self._served:
            return True
        return memory - self._began_with < WORN * self._limits.memory_bytes and seconds < WORN * self._limits.cpu_seconds

    def served(self, played: Played) -> bool:
        """Take note of a submission; whether the referee may meet another one."""
        self._served += 1
        return not (played.stopped or played.disturbed or self._served >= MOST_SERVED)

    def leave(self) -> None:
        """Close its sockets. Its process is the warm process's to end."""
        self.kernel.context.destroy(linger=0)
        self.kernel.end_relay()

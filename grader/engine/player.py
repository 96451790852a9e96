"""Plays a submission's cells: the student's in one kernel, the tests in the referee's."""

from __future__ import annotations

import asyncio
import copy
import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from nbformat import NotebookNode

from grader.engine import outputs
from grader.engine.cells import cell_name, exercises, is_given, is_hidden, is_skipped, is_test
from grader.engine.client import Client
from grader.engine.names import defines, uses
from grader.engine.scoring import Outcome
from grader.engine.verdict import Job

# What the border raises in the referee when the student's end is closed.
LOST = "Lost"
REFEREE = "__import__('grader.engine.referee', fromlist=['here']).here"


@dataclass
class Played:
    """The cells after the run: by the notebook's positions, for those that were run.

    stopped: why the notebook was not run to its end, "" if it was.
    stopped_at: the position it came to.
    unheard: hidden tests that had their place before that, and no process left to run in.
    """

    cells: dict[int, NotebookNode] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    stopped: str = ""
    stopped_at: int | None = None
    unheard: list[int] = field(default_factory=list)

    def hear(self, again: Played, positions: Iterable[int]) -> None:
        """Take these hidden tests from another run, one that stopped short of this one's end."""
        for position in positions:
            if position in again.outcomes:
                self.cells[position] = again.cells[position]
                self.outcomes[position] = again.outcomes[position]


def unfair(job: Job, played: Played) -> dict[int, list[int]]:
    """Which hidden tests are owed another run: {run the cells before this position: the tests' positions}.

    Hidden tests run last. In the student's own kernel each would have run at its place,

    * before the process ended, if it did so later;
    * before a later cell bound anew what a function reads that the student had written by
      then. A failed test may have met it there.
    """
    owed: dict[int, list[int]] = {}
    if played.unheard and played.stopped_at is not None:
        owed[played.stopped_at] = list(played.unheard)
    cells = job.notebook.cells
    own = {p: cells[p].source for p in played.cells if not (is_test(cells[p]) or is_given(cells[p]))}
    binds = {position: defines(source, imports=False) for position, source in own.items()}
    for position, outcome in played.outcomes.items():
        failed = is_test(cells[position]) and is_hidden(cells[position]) and (outcome.status != "ok" or outcome.reason)
        if failed and position not in played.unheard:
            before = set().union(*(names for p, names in binds.items() if p < position))
            after = set().union(*(names for p, names in binds.items() if p > position))
            if before & after and before & after & set().union(*(uses(own[p], later=True) for p in own if p < position)):
                owed.setdefault(position + 1, []).append(position)
    return owed


async def play(
    job: Job, student: Client, referee: Client, before: int | None = None, seconds: float | None = None
) -> Played:
    """Run every code cell that is not marked as skipped, within the job's limits.

    before: leave out the cells from this position on.
    seconds: the time for all of them, if not the job's own limit.
    Raises KernelNotReady. Whatever the cells do comes back in `Played`.
    """
    try:
        await asyncio.gather(student.start(), referee.start())
        player = Player(job, student, referee, seconds or job.limits.submission_seconds)
        await player.play(before)
    finally:
        await asyncio.gather(student.stop(), referee.stop())
    for cell in player.played.cells.values():
        cell.outputs = outputs.tidy(cell.outputs)
    return player.played


class Player:
    """One submission's way through its notebook.

    Given cells run in both kernels, so that data and imports in a test are the course's own.
    A hidden test is opened at its place and run after all of the student's cells: nothing
    of the student's that is ever shown runs after it has been given a hidden test's values.
    """

    def __init__(self, job: Job, student: Client, referee: Client, seconds: float):
        self.played = Played()
        self._seconds = seconds
        self._last = False
        self._job, self._student, self._referee = job, student, referee
        self._given: set[str] = set()  # names that the course's own cells make
        self._waiting: dict[int, str] = {}

    async def play(self, before: int | None) -> None:
        cells = self._job.notebook.cells
        self._deadline = monotonic() + self._seconds
        for position, (cell, exercise) in enumerate(zip(cells, exercises(cells), strict=True)):
            if position == before:
                break
            if cell.cell_type != "code" or not cell.source.strip() or is_skipped(cell):
                continue
            name = cell_name(cell, position)
            if is_test(cell) and self._job.tests is not None and exercise not in self._job.tests:
                continue
            if is_test(cell):
                await self._test(position, cell, name, exercise)
            elif is_given(cell):
                await self._give(position, cell.source, name)
            else:
                await self._keep(position, self._student.run(cell.source, name, self._deadline))
            if self._stopped:
                self.played.stopped, self.played.stopped_at = self._stopped, position
                break
        await self._hidden_tests()

    @property
    def _stopped(self) -> str:
        one, other = self._student, self._referee
        return one.ended or other.ended or one.late or other.late

    async def _keep(self, position: int, run) -> None:
        self.played.cells[position], self.played.outcomes[position] = await run

    async def _give(self, position: int, source: str, name: str) -> None:
        self._given |= defines(source)
        await self._tell("between()", name)
        run = self._referee.run(source, name, self._deadline)
        await asyncio.gather(self._keep(position, self._student.run(source, name, self._deadline)), run)

    async def _test(self, position: int, cell: NotebookNode, name: str, exercise: str) -> None:
        reads = sorted(uses(cell.source) - defines(cell.source) - self._given)
        opened, outcome = await self._tell(f"open({exercise!r}, {reads!r})", name)
        if outcome.status != "ok" or outcome.reason:
            self.played.cells[position], self.played.outcomes[position] = opened, outcome
            await self._after_test(name, position)
        elif is_hidden(cell):
            await self._tell(f"wait({position!r})", name)
            self._waiting[position] = name
        else:
            await self._run_test(position, name)

    async def _hidden_tests(self) -> None:
        """Run the tests that wait, in order. They have as much time as all other cells had.

        From here on the student's process knows what nobody may be told: what it shows is
        not kept, how it ends is not said, and outputs that it made before cannot change.
        """
        self._student.late = self._referee.late = ""
        self._deadline = monotonic() + self._seconds
        if self._stopped:
            self.played.unheard = list(self._waiting)
            return
        self._last = True
        self.played.cells = copy.deepcopy(self.played.cells)
        for position, name in self._waiting.items():
            await self._tell(f"resume({position!r})", name)
            await self._run_test(position, name)
            if self._stopped:
                self.played.stopped = self.played.stopped or self.played.outcomes[position].reason
                break

    async def _run_test(self, position: int, name: str) -> None:
        source = self._job.notebook.cells[position].source
        await self._keep(position, self._referee.run(source, name, self._deadline, self._interrupt))
        await self._after_test(name, position)

    async def _after_test(self, name: str, position: int) -> None:
        """See to a student's process that ended, or hangs, in what the test asked of it."""
        outcome = self.played.outcomes[position]
        if outcome.status == "ok" and not outcome.reason:
            return
        if self._referee.interrupted:
            # A function that goes on in spite of the interrupt is ended with its process.
            await self._student.run("None", name, monotonic() + self._job.limits.interrupt_seconds, counted=False)
            self._student.late = ""  # that was this question's time, not the notebook's
            if self._student.ended:
                self._student.ended = outcome.reason
                return
        if await self._student.has_ended(name, sure=outcome.error == LOST):
            how = f"the Python process ended in {name}" if self._last else self._student.ended
            self.played.outcomes[position] = Outcome(reason=how)

    async def _tell(self, words: str, name: str) -> tuple[NotebookNode, Outcome]:
        """Have the referee do something, in the time of the cell that it is done for."""
        return await self._referee.run(f"{REFEREE}.{words}", name, self._deadline, self._interrupt, counted=False)

    def _interrupt(self, signum: int) -> None:
        """A test may be waiting for a function of the student's: both are told. Only the referee is killed."""
        self._referee.signal(signum)
        if signum == signal.SIGINT:
            self._student.signal(signum)

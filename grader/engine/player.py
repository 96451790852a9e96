"""Plays a submission's cells: the student's in one kernel, the tests in the referee's."""

from __future__ import annotations

import asyncio
import copy
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from nbformat import NotebookNode

from grader.engine import outputs
from grader.engine.cells import cell_name, exercises, is_given, is_hidden, is_skipped, is_test, reads
from grader.engine.client import Client, KernelNotReady
from grader.engine.names import defines, uses
from grader.engine.scoring import Outcome
from grader.engine.verdict import Job

# What the border raises in the referee when the student's end is closed.
LOST = "Lost"
REFEREE = "__import__('grader.engine.referee', fromlist=['here']).here"


class Worn(KernelNotReady):
    """The referee has used too much to judge one more. Another one is not worn."""


@dataclass
class Played:
    """The cells after the run: by the notebook's positions, for those that were run.

    stopped: why the notebook was not run to its end, "" if it was.
    stopped_at: the position it came to, None if it came to its end.
    unheard: whether hidden tests had their place before that, and no process was left to run them in.
    seconds: how long all of it took, without the kernels' start.
    disturbed: whether a limit was broken in the referee, or the border to it.
    """

    cells: dict[int, NotebookNode] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    stopped: str = ""
    stopped_at: int | None = None
    unheard: bool = False
    seconds: float = 0.0
    disturbed: bool = False

    def give_way(self, again: Played) -> None:
        """Take all that came before the stop from another run, of just those cells.

        All of it, so that every test has its verdict from one run: a submission that can tell one run from
        the other does not pick what each test sees. A run that came less far is no better, and changes nothing.
        """
        if again.stopped_at is None:
            self.cells = again.cells | {position: cell for position, cell in self.cells.items() if position >= self.stopped_at}
            self.outcomes = again.outcomes | {position: one for position, one in self.outcomes.items() if position >= self.stopped_at}


async def play(
    job: Job, student: Client, referee: Client, fit: Callable[[int, int], bool], before: int | None = None, spent: float = 0.0
) -> Played:
    """Run every code cell that is not marked as skipped, within the job's limits.

    fit: whether the referee may judge, having used so many bytes of memory and seconds of processor time before.
    before: leave out the cells from this position on.
    spent: what an earlier run has used of the submission's time.
    The referee's kernel runs on. Raises KernelNotReady, Worn. Whatever the cells do comes back in `Played`.
    """
    try:
        await asyncio.gather(student.start(), referee.start())
        player = Player(job, student, referee, spent)
        await player.meet(fit)
        await player.play(before)
    finally:
        referee.leave()
        await student.stop()
    for cell in player.played.cells.values():
        cell.outputs = outputs.tidy(cell.outputs)
    return player.played


class Player:
    """One submission's way through its notebook.

    Given cells run in both kernels, so that data and imports in a test are the course's own.
    A hidden test is opened at its place and run after all of the student's cells: nothing
    of the student's that is ever shown runs after it has been given a hidden test's values.
    """

    def __init__(self, job: Job, student: Client, referee: Client, spent: float):
        self.played = Played()
        self._spent = spent
        self._last = False
        self._job, self._student, self._referee = job, student, referee
        self._given: set[str] = set()  # names that the course's own cells make
        self._waiting: dict[int, str] = {}
        self._moved = True  # whether a cell ran at the student's since the last test was opened
        self._open = False  # whether a test may be open at the referee's

    async def meet(self, fit: Callable[[int, int], bool]) -> None:
        """Have the referee turn to this submission. Raises KernelNotReady if it cannot, Worn if it is not fit to."""
        self._deadline = monotonic() + self._job.limits.startup_seconds
        _, outcome = await self._tell("meet()", "the beginning")
        used = re.fullmatch(r"\((\d+), (\d+)\)", "".join(outcome.results))
        if outcome.status != "ok" or outcome.reason or not used:
            raise KernelNotReady(f"the referee did not begin: {outcome.reason or outcome.results}")
        if not fit(int(used[1]), int(used[2])):
            raise Worn("the referee has used too much")

    async def play(self, before: int | None) -> None:
        cells = self._job.notebook.cells
        began = monotonic()
        self._end = began + 2 * self._job.limits.submission_seconds - self._spent  # of all that is played, hidden tests too
        self._deadline = self._by()
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
                self._moved = True
                await self._keep(position, self._student.run(cell.source, name, self._deadline))
            if self._stopped:
                self.played.stopped, self.played.stopped_at = self._stopped, position
                break
        await self._hidden_tests()
        self.played.seconds = monotonic() - began

    def _by(self) -> float:
        """When what begins now must be done: it has the time of a notebook, and never more than is left of the submission's."""
        return min(monotonic() + self._job.limits.submission_seconds, self._end)

    @property
    def _stopped(self) -> str:
        one, other = self._student, self._referee
        return one.ended or other.ended or one.late or other.late

    async def _keep(self, position: int, run) -> None:
        self.played.cells[position], self.played.outcomes[position] = await run

    async def _give(self, position: int, source: str, name: str) -> None:
        self._given |= defines(source)
        self._moved = True
        if self._open:
            await self._tell("between()", name)
            self._open = False
        run = self._referee.run(source, name, self._deadline)
        await asyncio.gather(self._keep(position, self._student.run(source, name, self._deadline)), run)

    async def _test(self, position: int, cell: NotebookNode, name: str, exercise: str) -> None:
        wanted = sorted((uses(cell.source) & reads(cell)) - defines(cell.source) - self._given)
        about = f"{exercise!r}, {wanted!r}, {self._moved!r}"
        opened, outcome = await self._tell(f"set_aside({position!r}, {about})" if is_hidden(cell) else f"open({about})", name)
        self._moved, self._open = False, True
        if outcome.status != "ok" or outcome.reason:
            self.played.cells[position], self.played.outcomes[position] = opened, outcome
            await self._after_test(name, position)
        elif is_hidden(cell):
            self._waiting[position] = name
        else:
            await self._run_test(position, name)

    async def _hidden_tests(self) -> None:
        """Run the tests that wait, in order. They may take as long as all other cells.

        From here on the student's process knows what nobody may be told: what it shows is
        not kept, how it ends is not said, and outputs that it made before cannot change.
        """
        self._student.late = self._referee.late = ""
        self._deadline = self._by()
        if self._stopped:
            self.played.unheard = bool(self._waiting)
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
        await self._keep(position, self._ask(source, name))
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
        return await self._ask(f"{REFEREE}.{words}", name, counted=False)

    async def _ask(self, source: str, name: str, counted: bool = True) -> tuple[NotebookNode, Outcome]:
        """Run code in the referee that may ask the student's process for something."""
        cell, outcome = await self._referee.run(source, name, self._deadline, self._interrupt, counted=counted)
        self.played.disturbed |= self._referee.interrupted or outcome.error == LOST
        return cell, outcome

    def _interrupt(self, signum: int) -> None:
        """A test may be waiting for a function of the student's: both are told. Only the referee is killed."""
        self._referee.signal(signum)
        if signum == signal.SIGINT:
            self._student.signal(signum)

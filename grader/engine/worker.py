"""A worker grades one submission after another, each in a kernel forked for it alone, before a referee that stays."""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from grader.engine import sandbox
from grader.engine.cells import cell_name, is_test, max_points, nbgrader_metadata
from grader.engine.client import Client, KernelNotReady
from grader.engine.desk import Desk
from grader.engine.kernel import KernelManager, environment
from grader.engine.leftovers import kill_leftovers
from grader.engine.player import Played, Worn, play
from grader.engine.sandbox import Isolation
from grader.engine.scoring import Outcome, score
from grader.engine.seat import Seat
from grader.engine.verdict import EngineError, Job, Score, Verdict
from grader.engine.warm import WarmLost, WarmProcess

T = TypeVar("T")


class Worker:
    """Grades jobs, one at a time; a context manager. Give each thread its own.

    Kernels are forked from a warm process that has imported TensorFlow. It is started by
    the first job, and replaced when a submission disturbs it. So is the referee, whose kernel
    no code of a submission runs in; see `seat`.

    isolation: what is put around it and around each kernel; by default what the environment
        variable GRADER_ISOLATION names, else bubblewrap.
    """

    def __init__(self, isolation: Isolation | None = None):
        self.isolation = isolation or Isolation.default()
        self._warm: WarmProcess | None = None
        self._desk: Desk | None = None
        self._seat: Seat | None = None
        self._stopped = False

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process and remove every file. The worker can be used again."""
        self._vacate()
        self._end()

    def _end(self) -> None:
        warm, self._warm = self._warm, None
        desk, self._desk = self._desk, None
        for one in (warm, desk):
            try:
                if one:
                    one.close()
            except (OSError, subprocess.SubprocessError):
                pass  # a folder that cannot be removed is never used again, and costs no grade

    def stop(self) -> None:
        """Close it for good, from any thread: a job in hand comes to its end at once."""
        self._stopped = True
        desk = self._desk
        self._end()  # the referee's sockets are closed by the thread that uses them
        if desk:
            kill_leftovers(desk.root)

    def grade(self, job: Job) -> Verdict:
        """Grade one submission.

        Raises `EngineError` where submissions cannot be isolated on this machine or no
        kernel can be started, and after `stop`; never for anything a submission does.
        """
        started = monotonic()
        if problem := sandbox.problem(self.isolation):
            raise EngineError(problem)
        played = self._play(job)
        if played.unheard and played.seconds < 2 * job.limits.submission_seconds:
            played.give_way(self._play(job, played.stopped_at, played.seconds))
        return _verdict(job, played, monotonic() - started)

    def _play(self, job: Job, before: int | None = None, spent: float = 0.0) -> Played:
        problem: Exception | None = None
        tries = 2  # a warm process that an earlier submission broke is replaced once
        while tries and not self._stopped:
            try:
                played = self._try(job, before, spent)
                if not self._stopped:  # a kernel that `stop` killed is not the submission's doing
                    return played
            except Worn:
                pass  # the next referee is a new one, which is not
            except (KernelNotReady, WarmLost) as error:
                problem, tries = error, tries - 1
                self.close()
        if self._stopped:
            raise EngineError("the worker was stopped")
        raise EngineError(
            f"no kernel can be started to grade in: {problem}. "
            "`grader doctor` looks for the cause."
        ) from problem

    def _try(self, job: Job, before: int | None, spent: float) -> Played:
        desk = self._desk = self._desk or Desk()
        stays = False
        try:
            if self._warm is None:
                around = environment(sandbox.places(desk.root, self.isolation))
                self._warm = WarmProcess(desk, around, job.limits.startup_seconds, self.isolation)
            if self._stopped:  # while the warm process was starting
                raise WarmLost("the worker was stopped")
            if self._seat and not self._seat.may_judge(job.limits):
                self._vacate()
                self._warm.sweep()
                desk.clear()
            seat = self._seat = self._seat or Seat(desk.referee, self._warm, job.limits)
            desk.lay(job.files)
            student = Client(KernelManager("student", desk.student, self._warm, job.limits), job.limits)
            played = _run(play(job, student, Client(seat.kernel, job.limits), seat.is_fit, before, spent))
            stays = seat.served(played)
            return played
        finally:
            if not stays:
                self._vacate()
            self._clear(desk)

    def _vacate(self) -> None:
        """Have no referee any more: its process ends with the next sweep."""
        if self._seat:
            self._seat.leave()
            self._seat = None

    def _clear(self, desk: Desk) -> None:
        """Leave nothing of a submission: no process, no file."""
        warm, seat = self._warm, self._seat
        try:
            if warm and not self._stopped:
                warm.sweep(but=seat.process if seat else None)
                desk.clear(seated=seat is not None)
                return
        except (WarmLost, OSError, subprocess.SubprocessError):
            pass
        kill_leftovers(desk.root)
        self.close()  # the next submission gets a new desk, and a new warm process


def _verdict(job: Job, played: Played, seconds: float) -> Verdict:
    """Bring what was played back to the notebook's cells, a score for every test."""
    verdict = Verdict({}, {}, {}, played.stopped, seconds)
    count = 0
    for position, cell in enumerate(job.notebook.cells):
        if cell.cell_type != "code":
            continue
        unreached = Outcome(reason=f"not run: {played.stopped}" if played.stopped else "")
        outcome = played.outcomes.get(position, unreached)
        ran = played.cells.get(position)
        # Counted through the notebook, as in the one kernel that its author has.
        count += bool(outcome.status)
        for output in ran.outputs if ran else []:
            if output.output_type == "execute_result":
                output.execution_count = count
        verdict.outputs[cell.id] = list(ran.outputs) if ran else []
        verdict.execution_counts[cell.id] = count if outcome.status else None
        if is_test(cell):
            name = nbgrader_metadata(cell).get("grade_id") or cell_name(cell, position)
            given = score(cell.source, max_points(cell), outcome)
            verdict.scores[name] = _lower(given, verdict.scores.get(name))
    return verdict


def _lower(given: Score, earlier: Score | None) -> Score:
    """Two tests of one name cannot both count; the lower score does."""
    return given if earlier is None or given.points <= earlier.points else earlier


def _run(coroutine: Coroutine[None, None, T]) -> T:
    """Run to the end, also when called from inside a running event loop (a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


_default: Worker | None = None
_default_pid = 0


def default_worker() -> Worker:
    """This process's own worker, closed at its exit. A forked child gets another."""
    global _default, _default_pid
    if _default is None or _default_pid != os.getpid():
        _default, _default_pid = Worker(), os.getpid()
    return _default


@atexit.register
def _close_default() -> None:
    if _default and _default_pid == os.getpid():
        _default.close()

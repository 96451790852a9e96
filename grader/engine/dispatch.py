"""Which worker of a cluster grades which job: one at a time for each of its threads; what a worker loses, another grades."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.engine import station
from grader.engine.link import CLOSE_SECONDS, Link
from grader.engine.sandbox import Isolation
from grader.engine.transport import unpack_verdict
from grader.engine.verdict import EngineError, Verdict

if TYPE_CHECKING:
    import distributed

TRIES = 3  # workers that one job may fail on: a hostile one must not bring down the whole cluster
LOOK_SECONDS = 1.0  # between two looks at which workers there are


class Dispatcher:
    """Keeps the roll of the workers and hands out jobs. All but `grading` is for its event loop's thread alone.

    Dask carries the jobs; which worker gets one is decided here. Each task is for one free thread of one worker, and is
    never queued behind another: were Dask to place them, the jobs that wait behind one that kills its worker would count
    as suspects too, by a limit that is the scheduler's own (`allowed-failures`) and the same for whoever uses it.
    """

    def __init__(self, address: str, isolation: Isolation, tell: Callable[[str], None], seconds: float):
        self._link = Link(address)
        self._isolation = isolation
        self._tell = tell
        self._seconds = seconds
        self._members: dict[str, _Member] = {}
        self._works: set[_Work] = set()  # all in hand
        self._waiting: deque[_Work] = deque()
        self._news = asyncio.Event()  # for the threads that wait for work: there may be some
        self._endless: list[asyncio.Task] = []  # to be cancelled; the others end by themselves
        self._tasks: set[asyncio.Task] = set()
        self._over: EngineError | None = None
        self._alone = False

    async def open(self) -> None:
        """Connect, and wait for a first worker that can grade. Raises `EngineError` if none can, or no scheduler answers."""
        self._endless.append(asyncio.current_task())
        self._terms = await asyncio.to_thread(station.terms, self._isolation)
        await self._link.open(self._seconds)
        self._endless.append(asyncio.create_task(self._watch()))
        end = asyncio.get_running_loop().time() + self._seconds
        while not self.grading():
            if self._over:
                raise self._over
            late = asyncio.get_running_loop().time() > end
            if late and not any(member.refused is None for member in self._members.values()):
                raise EngineError(self._nobody())
            await asyncio.sleep(0.05)

    def grading(self) -> list[_Member]:
        """The workers that grade."""
        return [member for member in list(self._members.values()) if member.token]

    def take(self, name: str, packed: bytes, future: Future[Verdict]) -> None:
        """Have a packed job graded; `future` gets the verdict."""
        work = _Work(name, packed, future)
        if self._over:
            work.fail(self._over)
        else:
            self._works.add(work)
            self._waiting.append(work)
            self._news.set()

    async def close(self) -> None:
        """Stop what is still being graded, and disconnect."""
        self._end(EngineError("the cluster was left before this was graded"))
        for task in self._endless:
            task.cancel()
        _, late = await asyncio.wait({*self._endless, *self._tasks}, timeout=CLOSE_SECONDS)
        for task in late:
            task.cancel()
        await self._link.close()
        await asyncio.get_running_loop().shutdown_default_executor()

    def _end(self, error: EngineError) -> None:
        """Nothing is graded from here on: `error` is what every job in hand comes to."""
        self._over = self._over or error
        for work in list(self._works):
            work.fail(self._over)
        for member in list(self._members.values()):
            self._drop(member)

    def _gone(self, why: Exception) -> None:
        self._end(EngineError(f"the Dask scheduler at {self._link.address} is gone ({why}): start it and its workers again, and grade again."))

    def _keep(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _say(self, text: str) -> None:
        with suppress(Exception):  # a closed terminal costs no grade
            self._tell(text)

    # The workers.

    async def _watch(self) -> None:
        """Look, again and again, which workers there are."""
        try:
            while not self._over:
                there = await self._link.workers()
                for address in self._members.keys() - there.keys():
                    self._lose(self._members[address])
                for address in there.keys() - self._members.keys():
                    member = self._members[address] = _Member(address, there[address]["name"], there[address]["nthreads"])
                    member.employed = self._keep(self._employ(member))
                await asyncio.sleep(LOOK_SECONDS)
        except Exception as error:
            self._gone(error)

    async def _employ(self, member: _Member) -> None:
        """Ask a worker whether it can grade; if so, have each of its threads grade one job after another."""
        token, refused = await self._link.examine(member.address, self._terms)
        if member.lost:
            return
        member.token, member.refused = token, refused
        if refused:
            self._say(f"{member} gets no jobs: {refused}")
            return
        if self._alone:
            self._alone = False
            self._say(f"{member} has come, and grades")
        await asyncio.gather(*(self._serve(member) for _ in range(member.threads)))

    def _drop(self, member: _Member) -> None:
        member.lost = True
        self._members.pop(member.address, None)
        if member.refused is None:
            member.employed.cancel()
        for task in list(member.tasks):
            self._keep(self._link.drop(task))
        self._news.set()

    def _lose(self, member: _Member) -> None:
        self._drop(member)
        if member.token:
            self._say(f"{member} is gone")
            if not self.grading():
                self._alone = True
                self._say("no worker is left: waiting for one to come (Ctrl-C ends this)")
            self._give_up()

    def _nobody(self) -> str:
        if self._members:
            return "no worker of the cluster can grade. " + "; ".join(f"{member}: {member.refused}" for member in self._members.values()) + "."
        return f"no worker came to the scheduler at {self._link.address} within {self._seconds:g} s: start some with `dask worker ADDRESS`."

    # The jobs.

    async def _serve(self, member: _Member) -> None:
        """Have one thread of a worker grade one job after another, until the worker is gone."""
        while work := await self._next(member):
            packed, problem = await self._grade(work, member)
            if packed:
                self._works.discard(work)
                await asyncio.to_thread(work.reach, packed)  # who waits for it may have much to do
            elif not self._over:
                self._put_back(work, member, problem)

    async def _next(self, member: _Member) -> _Work | None:
        """Wait for a job that this worker has not failed on; None when the worker is gone."""
        while not member.lost:
            work = next((work for work in self._waiting if member.token not in work.tried), None)
            if work is None:
                self._news.clear()
                await self._news.wait()
                continue
            self._waiting.remove(work)
            if work.begin():
                return work
            self._works.discard(work)
        return None

    async def _grade(self, work: _Work, member: _Member) -> tuple[bytes, str]:
        """The packed verdict and "", or b"" and why there is none."""
        try:
            self._link.require()
            task = self._link.begin(member.address, member.token, work.packed)
            member.tasks.add(task)
            packed, problem = await self._link.outcome(task)
            member.tasks.discard(task)
            if not packed:
                self._link.require()
            return packed, problem
        except Exception as error:
            self._gone(error)
            return b"", ""

    def _put_back(self, work: _Work, member: _Member, problem: str) -> None:
        """Take back a job that came to nothing; another worker gets it, or it has failed on enough of them."""
        if problem == station.ANOTHER_PROCESS and not member.lost:
            self._lose(member)
        if member.lost:
            problem = f"{member} was lost while it graded it"
            self._say(f"{member} was lost while it graded {work.name}")
        work.tried.add(member.token)
        work.problem = problem
        self._waiting.append(work)  # behind the others: one that kills workers holds up nobody
        self._give_up()
        self._news.set()

    def _give_up(self) -> None:
        """End the jobs that have failed on too many workers, or on every one there is."""
        there = {member.token for member in self.grading()}
        for work in list(self._waiting):
            if len(work.tried) >= TRIES or (work.tried and there and there <= work.tried):
                self._waiting.remove(work)
                self._works.discard(work)
                times = "one worker" if len(work.tried) == 1 else f"{len(work.tried)} workers"
                work.fail(EngineError(f"it was tried on {times} and is not tried again: {work.problem}"))


@dataclass(eq=False)
class _Work:
    """A job in hand. tried: the tokens of the workers that failed on it, the last with `problem`."""

    name: str
    packed: bytes
    future: Future[Verdict]
    tried: set[str] = field(default_factory=set)
    problem: str = ""

    def begin(self) -> bool:
        """Whether anybody still waits for it."""
        return not self.future.done() if self.tried else self.future.set_running_or_notify_cancel()

    def reach(self, packed: bytes) -> None:
        try:
            verdict = unpack_verdict(packed)
        except ValueError as error:
            return self.fail(EngineError(str(error)))
        with suppress(InvalidStateError):
            self.future.set_result(verdict)

    def fail(self, error: EngineError) -> None:
        with suppress(InvalidStateError):
            self.future.set_exception(error)


@dataclass(eq=False)
class _Member:
    """A worker of the cluster.

    token: of its process, once it is known to grade. refused: why it may not, "" if it may, None until it has said.
    """

    address: str
    name: object
    threads: int
    token: str = ""
    refused: str | None = None
    lost: bool = False
    employed: asyncio.Task | None = None
    tasks: set[distributed.Future] = field(default_factory=set)

    def __str__(self) -> str:
        return self.address if str(self.name) in ("", self.address) else f"{self.name} at {self.address}"

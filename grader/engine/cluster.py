"""Grading on a Dask cluster: used like a `Team`, with workers on other machines."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from grader.engine.sandbox import Isolation
from grader.engine.transport import pack_job
from grader.engine.verdict import EngineError, Job, Verdict

T = TypeVar("T")


class Cluster:
    """The workers of a Dask cluster grade jobs side by side; a context manager. One cluster can grade lesson after lesson.

    address: of the scheduler, such as "tcp://10.0.0.5:8786" or "tls://…", or the path of its scheduler file.
    isolation: what submissions must be isolated by, by default as for `Worker`: a worker that would grade without
        isolation gets nothing, unless this is "none".
    tell: hears, from another thread, which workers are refused and why, which were lost, and when none is left.
    seconds: how long to wait for the scheduler, and then for a first worker.

    Each worker is asked, when it is first seen, whether it can grade and would reach the verdicts that this machine
    would (`station.refusal`). A job whose worker is lost is graded by another; when no worker is left, it waits for one
    to come. On entering, raises `EngineError` if no scheduler answers or no worker can grade. The future of a job has
    an `EngineError` when three workers were lost on it, when none could grade it, and when the scheduler is gone.

    Left by an exception, such as Ctrl-C, it stops the jobs it has on the cluster; else it ends what it has begun.
    """

    def __init__(
        self,
        address: str,
        isolation: Isolation | None = None,
        tell: Callable[[str], None] = lambda text: None,
        seconds: float = 30.0,
    ):
        try:
            from grader.engine.dispatch import Dispatcher
        except ModuleNotFoundError as missing:
            if missing.name not in ("dask", "distributed"):
                raise
            raise EngineError("grading on a cluster needs Dask: pip install -e '.[cluster]' -c requirements.lock") from None
        self._dispatcher = Dispatcher(scheduler_address(address), isolation or Isolation.default(), tell, seconds)
        self._begun: dict[str, Future[Verdict]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="cluster", daemon=True)

    def __enter__(self) -> Cluster:
        self._thread.start()
        try:
            self._run(self._dispatcher.open())
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            begun = [future for future in list(self._begun.values()) if not future.cancel()]
            if kind is None:
                wait(begun)
        finally:
            self._leave()

    @property
    def size(self) -> int:
        """How many jobs run at a time now: the threads of the workers that grade. At least 1, also while none does."""
        return max(1, sum(member.threads for member in self._dispatcher.grading()))

    def start(self, job: Job) -> Future[Verdict]:
        """Have `job` graded as soon as a worker is free; one that is equal to a job in hand shares its verdict."""
        key = job.key
        future = self._begun.get(key)
        if future is None or future.done():
            future = self._begun[key] = Future()
            future.add_done_callback(lambda _: self._begun.pop(key, None))
            self._loop.call_soon_threadsafe(self._dispatcher.take, job.name or "a submission", pack_job(job), future)
        return future

    def verdict(self, job: Job) -> Verdict:
        """Wait for the verdict on `job`. Raises what its future has."""
        return self.start(job).result()

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Have the cluster's own thread run it, and wait."""
        pending = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return pending.result()
        except BaseException:
            pending.cancel()
            raise

    def _leave(self) -> None:
        try:
            self._run(self._dispatcher.close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


def scheduler_address(named: str) -> str:
    """Return the scheduler's address: `named` itself, or what the scheduler file of that name holds.

    Raises `EngineError` for a file that is not there or holds none.
    """
    if "://" in named or re.fullmatch(r"[\w.-]+:\d+", named):
        return named
    try:
        return str(json.loads(Path(named).expanduser().read_text(encoding="utf-8"))["address"])
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, KeyError, TypeError):
        reason = "it is no scheduler file"
    raise EngineError(
        f"{named!r} is neither a scheduler's address, such as tcp://127.0.0.1:8786, nor a scheduler file ({reason}): "
        "correct it, or start one with `dask scheduler --scheduler-file FILE`."
    )

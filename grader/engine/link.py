"""The link to a Dask scheduler: which workers it has, and one job for one of them. All that is said to Dask on this side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import dask
import distributed

from grader.engine import station
from grader.engine.verdict import EngineError

ANSWER_SECONDS = 60.0  # for the scheduler to say something
EXAMINE_SECONDS = 120.0  # for a worker to say whether it can grade
CLOSE_SECONDS = 10.0
LARGE = {"distributed.admin.large-graph-warning-threshold": "1 GiB"}  # a job is one task, however large its files
NOT_THERE = ("ModuleNotFoundError", "ImportError", "AttributeError")


class Link:
    """A client of the scheduler at `address`, for the event loop it is opened in."""

    def __init__(self, address: str):
        self.address = address
        self._client: distributed.Client | None = None

    async def open(self, seconds: float) -> None:
        """Connect. Raises `EngineError` if no scheduler has answered after `seconds`."""
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what they would say of a lost scheduler, an EngineError says
        try:
            self._client = distributed.Client(self.address, asynchronous=True, timeout=seconds, set_as_default=False)
            await asyncio.wait_for(asyncio.ensure_future(self._client), seconds + 1)
        except Exception as error:
            while error.__cause__:
                error = error.__cause__  # what the system said, below what Dask made of it
            reason = " ".join(str(error).split()) or f"nothing came within {seconds:g} s"
            raise EngineError(
                f"no Dask scheduler answers at {self.address} ({reason}): start one with `dask scheduler`, or correct the address."
            ) from None

    async def close(self) -> None:
        if self._client:
            with suppress(Exception):
                await asyncio.wait_for(self._client.close(), CLOSE_SECONDS)

    def require(self) -> None:
        """Raise OSError if the connection was lost. Dask would connect again, but has dropped every job by then."""
        if self._client.status != "running":
            raise OSError("the connection was lost")

    async def workers(self) -> dict[str, dict[str, Any]]:
        """What the scheduler knows of each worker, by address: its name, nthreads and more. Raises OSError if it is gone."""
        self.require()
        try:
            return (await asyncio.wait_for(self._client.scheduler.identity(), ANSWER_SECONDS))["workers"]
        except TimeoutError:
            raise OSError(f"it said nothing for {ANSWER_SECONDS:g} s") from None

    async def examine(self, address: str, terms: dict[str, Any]) -> tuple[str, str]:
        """Return a worker's token, and ""; or "" and why it may not grade. See `station.examine`."""
        try:
            asked = self._client.run(station.examine, terms, workers=[address], on_error="return")
            answer = (await asyncio.wait_for(asked, EXAMINE_SECONDS))[address]
        except Exception as error:
            answer = error
        return ("", _explained(answer)) if isinstance(answer, Exception) else answer

    def begin(self, address: str, token: str, packed: bytes) -> distributed.Future:
        """Have that worker, and no other, grade a packed job as soon as it has a free thread."""
        key = f"grade-{uuid4().hex}"
        with dask.config.set(LARGE):
            return self._client.submit(_by_value(), token, key, packed, key=key, workers=[address], pure=False)

    async def outcome(self, task: distributed.Future) -> tuple[bytes, str]:
        """The packed verdict and "", or b"" and why there is none."""
        try:
            return await task
        except Exception as error:  # Dask's own; `station.grade` raises nothing
            return b"", str(error) or type(error).__name__
        finally:
            task.release()

    async def drop(self, task: distributed.Future) -> None:
        """Nobody wants it: who waits for its outcome gets an error, and its worker stops."""
        await task.cancel()


def _explained(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"it did not say within {EXAMINE_SECONDS:g} s whether it can grade"
    if str(error).startswith(NOT_THERE):  # the scheduler hands on as text what a worker said of a function that it lacks
        return f"the grader is not installed there, or another version of it ({error}): install it as on this machine, and start it again"
    return f"it could not be asked whether it can grade ({type(error).__name__}: {error})"


def _by_value() -> Callable[[str, str, bytes], tuple[bytes, str]]:
    """Return what a worker runs. Being made here, it travels by value: the scheduler, which unpacks it, needs no grader for that."""

    def grade(token: str, key: str, packed: bytes) -> tuple[bytes, str]:
        from grader.engine import station

        return station.grade(token, key, packed)

    return grade

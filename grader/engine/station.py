"""The far side of `cluster`: what runs in a Dask worker's process. Only Dask workers and `cluster` import it."""

from __future__ import annotations

import asyncio
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

import distributed

from grader.engine import sandbox
from grader.engine.edition import PACKAGES, edition
from grader.engine.sandbox import Isolation
from grader.engine.transport import pack_verdict, unpack_job
from grader.engine.worker import Worker

NAME = "rnn-course-grader"
REQUIRE_GPU = "GRADER_REQUIRE_GPU"
ANOTHER_PROCESS = "the worker was started anew"


def terms(isolation: Isolation) -> dict[str, Any]:
    """Return, as plain values, what two machines must have in common to reach the same verdicts."""
    versions = {"Python": ".".join(platform.python_version_tuple()[:2]), **{name: _version(name) for name in PACKAGES}}
    return {"isolation": isolation.kind, "versions": versions, "edition": edition(), "gpu": os.environ.get(REQUIRE_GPU, "")}


def refusal(wanted: dict[str, Any]) -> str:
    """Return why this machine may not grade for someone with these `terms`, and what to do; "" if it may."""
    try:
        isolation = Isolation.default()
    except ValueError as unknown:
        return str(unknown)
    if isolation.kind == "none" and wanted["isolation"] != "none":
        return "it would grade without isolation: GRADER_ISOLATION=none is set there"
    if said := sandbox.problem(isolation):
        return said
    mine = terms(isolation)
    for name, yours in wanted["versions"].items():
        if mine["versions"].get(name) != yours:
            return f"it has {name} {mine['versions'].get(name)} and you have {yours}: install both from one requirements.lock, and start it again"
    if mine["edition"] != wanted["edition"]:
        return "its grader/ or its course data differ from yours: bring both to one commit, and start it again"
    if mine["gpu"] != wanted["gpu"]:
        return f"{REQUIRE_GPU} is {mine['gpu']!r} there and {wanted['gpu']!r} here: set both alike"
    return ""


async def examine(wanted: dict[str, Any], dask_worker: distributed.Worker) -> tuple[str, str]:
    """Return the token of this process's station, and ""; or "" and why it may not grade."""
    if problem := await asyncio.to_thread(refusal, wanted):
        return "", problem
    if NAME not in dask_worker.plugins:
        await dask_worker.plugin_add(Station(), name=NAME)
    return dask_worker.plugins[NAME].token, ""


def grade(token: str, key: str, packed: bytes) -> tuple[bytes, str]:
    """Grade a packed job in a Dask worker's thread: its packed verdict and "", or b"" and why there is none.

    token: of the process that `examine` accepted; in any other nothing is graded.
    key: Dask's for the task, by which it is stopped when nobody waits for it any more.
    """
    station = distributed.get_worker().plugins.get(NAME)
    if station is None or station.token != token:
        return b"", ANOTHER_PROCESS
    try:
        return station.grade(key, packed), ""
    except Exception as error:  # the machine's trouble, a full disk for example, never a submission's: another may do better
        return b"", str(error) or type(error).__name__


class Station(distributed.WorkerPlugin):
    """The warm workers of one Dask worker's process, as many as it ever had threads grading at a time."""

    def __init__(self):
        self.token = uuid4().hex
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._busy: dict[str, Worker] = {}
        self._unwanted: set[str] = set()  # tasks that were dropped before their thread got here
        self._closed = False

    def grade(self, key: str, packed: bytes) -> bytes:
        """Grade with a warm worker that is free. Raises what it raises."""
        worker = self._take(key)
        try:
            return pack_verdict(worker.grade(unpack_job(packed)))
        finally:
            self._give_back(key, worker)

    def transition(self, key: str, start: str, finish: str, **_: Any) -> None:
        """Stop a job that nobody waits for: its client has left, or another worker has it. Called by Dask."""
        if start == "executing" and finish == "released":
            with self._lock:
                worker = self._busy.pop(key, None)
                if worker is None:
                    self._unwanted.add(key)
            if worker:
                Thread(target=worker.stop).start()  # not here: Dask's event loop must not wait for it

    async def teardown(self, worker: distributed.Worker) -> None:
        """End every warm process. Called by Dask, when its worker closes."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, busy, self._idle, self._busy = self._idle, self._busy, [], {}
        for worker in (*busy.values(), *idle):
            worker.stop()

    def _take(self, key: str) -> Worker:
        with self._lock:
            if self._closed or key in self._unwanted:
                self._unwanted.discard(key)
                raise RuntimeError("nobody waits for this job")
            worker = self._busy[key] = self._idle.pop() if self._idle else Worker()
            return worker

    def _give_back(self, key: str, worker: Worker) -> None:
        with self._lock:
            if self._busy.pop(key, None):  # else it was stopped, and is of no more use
                self._idle.append(worker)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"

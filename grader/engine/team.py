"""A team of warm workers: they reach verdicts side by side, and stop at once when told to."""

from __future__ import annotations

import queue
from concurrent.futures import Future, ThreadPoolExecutor

from grader.engine.sandbox import Isolation
from grader.engine.verdict import Job, Verdict
from grader.engine.worker import Worker


class Team:
    """Warm workers that grade jobs side by side; a context manager. One team can grade lesson after lesson.

    workers: how many submissions are graded at a time.
    isolation: as for `Worker`.

    size: how many that is.

    Left by an exception, such as Ctrl-C, the team drops the work it holds; else it ends
    what it has begun.
    """

    def __init__(self, workers: int, isolation: Isolation | None = None):
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._workers = [Worker(isolation) for _ in range(max(1, workers))]
        for worker in self._workers:
            self._idle.put(worker)
        self.size = len(self._workers)
        self._pool = ThreadPoolExecutor(self.size)
        self._begun: dict[str, Future[Verdict]] = {}

    def __enter__(self) -> Team:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        if kind is not None:
            for worker in self._workers:
                worker.stop()
        self._pool.shutdown(wait=True)
        for worker in self._workers:
            worker.close()

    def start(self, job: Job) -> Future[Verdict]:
        """Have `job` graded as soon as a worker is free; one that is equal to a job in hand shares its verdict."""
        key = job.key
        begun = self._begun.get(key)
        if begun is None or begun.done():
            begun = self._begun[key] = self._pool.submit(self._grade, job)
            begun.add_done_callback(lambda _: self._begun.pop(key, None))
        return begun

    def verdict(self, job: Job) -> Verdict:
        """Wait for the verdict on `job`. Raises what its worker raised."""
        return self.start(job).result()

    def _grade(self, job: Job) -> Verdict:
        worker = self._idle.get()
        try:
            return worker.grade(job)
        finally:
            self._idle.put(worker)

"""A large class, played through with measured costs: workers side by side, one writer to the gradebook."""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How a class went: the time of the whole, the share of it that workers and writer were busy, and which of them was the bottleneck."""

    seconds: float
    workers_busy: float
    writer_busy: float
    bottleneck: str


def draw(measured: Sequence[float], count: int, seed: int) -> list[float]:
    """Draw the seconds of `count` submissions from measured ones, with repetition; the same for the same seed."""
    return random.Random(seed).choices(measured, k=count)


def simulate(seconds: Sequence[float], workers: int, writing: float, start: float = 0.0) -> Outcome:
    """Grade submissions that take `seconds` each in a worker, in this order, and `writing` seconds each in the one writer.

    A worker takes the next submission as soon as it is free; the writer takes verdicts as they come. `start` passes
    before the first submission begins. Every worker is as fast as the measured one: it has cores of its own.
    Raises ValueError for no submission, no worker, and submissions that take no time.
    """
    if not seconds or workers < 1:
        raise ValueError("a class has at least one submission, and at least one worker")
    free = [start] * min(workers, len(seconds))  # when each worker is free again; a heap
    reached = []
    for one in seconds:
        end = heapq.heappop(free) + one
        heapq.heappush(free, end)
        reached.append(end)
    written = start
    for end in sorted(reached):
        written = max(written, end) + writing
    lasted = written - start
    if not lasted:
        raise ValueError("submissions take some time")
    busy, writer = sum(seconds) / (workers * lasted), len(seconds) * writing / lasted
    return Outcome(written, busy, writer, "workers" if busy >= writer else "gradebook")

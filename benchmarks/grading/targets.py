"""What was aimed for, and what the measurements say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.grading.plan import FLOOR, KEPT, MEMORY, NBGRADER, OTTER, OURS
from benchmarks.grading.records import Point, Record, points

MB = 1e6
LEAST_DIFFERENCE = LEAST_TO_SHARE = 10  # submissions


@dataclass(frozen=True)
class Target:
    """One aim: `measured` is to be at least, or at most, `asked`; None where it was not measured."""

    text: str
    asked: float
    at_least: bool
    measured: float | None
    unit: str = ""

    @property
    def met(self) -> bool | None:
        if self.measured is None:
            return None
        return self.measured >= self.asked if self.at_least else self.measured <= self.asked

    @property
    def verdict(self) -> str:
        """met, or missed and by how much of what was asked."""
        if self.measured is None:
            return "not measured"
        return "met" if self.met else f"missed by {abs(self.measured - self.asked):.3g}{self.unit}"


def targets(records: Iterable[Record], lesson: str, cores: int) -> list[Target]:
    """The targets for one lesson. Of each contestant the largest class that was measured counts."""
    records = list(records)

    def largest(way: str, training: bool, workers: int = 1) -> float | None:
        return per_submission(points(records, lesson, way, training, workers))

    team = f"{cores} worker{'s' * (cores != 1)}"
    ours, ours_training, one_training = largest(OURS, False, cores), largest(OURS, True, cores), largest(OURS, True)
    floor = largest(FLOOR, False)
    found = [
        Target(f"times nbgrader's throughput: it trains again, we with {team} restore receipts", 15, True, ratio(largest(NBGRADER, True), ours)),
        Target(f"times otter's throughput: it trains again, we with {team} restore receipts", 15, True, ratio(largest(OTTER, True), ours)),
        Target(f"times nbgrader's throughput, {team}, the same receipts", 6, True, ratio(largest(NBGRADER, False), ours)),
        Target("times nbgrader's throughput, 1 worker, both train again", 2, True, ratio(largest(NBGRADER, True), one_training)),
        Target(f"above the floor on {cores} cores, receipts", 30, False, above(ours, floor and floor / cores), "%"),
    ]
    if cores > 1:
        same = _common(points(records, lesson, OURS, False, 1), points(records, lesson, OURS, False, cores))
        found.append(Target(f"times the throughput of 1 worker with {team}, receipts", 0.9 * cores, True, ratio(*same) if same else None))
    for training, condition in ((False, "receipts"), (True, "training again")):
        added = [point.more["added_bytes"] for point in points(records, lesson, MEMORY, training).values() if point.more["added_bytes"] is not None]
        found.append(Target(f"memory that a submission adds to a warm worker, {condition}", 350, False, max(added) / MB if added else None, " MB"))
    kept = points(records, lesson, KEPT, False, cores)
    return [*found, Target("writing the gradebook and bookkeeping, for a submission", 0.2, False, bookkeeping(kept), " s")]


def per_submission(found: dict[int, Point]) -> float | None:
    """Seconds a submission in the largest class, the command's start included; None if none was measured."""
    return found[max(found)].per_submission if found else None


def marginal(found: dict[int, Point]) -> tuple[float, float] | None:
    """(seconds before the first submission, seconds that each one adds), from the smallest and the largest class."""
    if len(found) < 2:
        return None
    small, large = found[min(found)], found[max(found)]
    each = (large.seconds - small.seconds) / (large.size - small.size)
    return small.seconds - each * small.size, each


def bookkeeping(kept: dict[int, Point]) -> float | None:
    """Seconds that a submission adds when its verdict was kept: it is taken in, written to the gradebook and to its folder.

    None for classes of nearly the same size: the command's start is not that steady.
    """
    whole = {size: point for size, point in kept.items() if point.more.get("kept") == size}
    if not whole or max(whole) - min(whole) < LEAST_DIFFERENCE:
        return None
    return marginal(whole)[1]


def ratio(theirs: float | None, ours: float | None) -> float | None:
    return theirs / ours if theirs and ours else None


def above(ours: float | None, floor: float | None) -> float | None:
    """By how many per cent `ours` is above `floor`."""
    return 100 * (ours / floor - 1) if ours and floor else None


def _common(one: dict[int, Point], other: dict[int, Point]) -> tuple[float, float] | None:
    """Seconds of both for the largest class that both graded, unless that is too small to be shared out evenly."""
    size = max(set(one) & set(other), default=0)
    return (one[size].seconds, other[size].seconds) if size >= LEAST_TO_SHARE else None

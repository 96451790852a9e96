"""What was aimed for, and what the measurements say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.grading.plan import FLOOR, KEPT, MEMORY, NBGRADER, OTTER, OURS, PLAIN
from benchmarks.grading.records import Point, Record, points

MB = 1e6
LEAST_DIFFERENCE = LEAST_TO_SHARE = 10  # submissions
# Processor seconds a submission: of the small lesson, of lesson 02, and of every other.
CPU_SECONDS = {"sm": 1.5, "02": 2.0, "": 2.5}


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
    ours, floor = largest(OURS, False, cores), points(records, lesson, FLOOR, False)
    warm = points(records, lesson, OURS, False, cores)
    found = [
        Target(f"times nbgrader's throughput: it trains again, we with {team} restore receipts", 20, True, ratio(largest(NBGRADER, True), ours)),
        Target(f"times otter's throughput: it trains again, we with {team} restore receipts", 20, True, ratio(largest(OTTER, True), ours)),
        Target(f"times nbgrader's throughput, {team}, the same receipts", 12, True, ratio(largest(NBGRADER, False), ours)),
        Target("times nbgrader's throughput, 1 worker, both train again", 2, True, ratio(largest(NBGRADER, True), largest(OURS, True))),
        Target("processor seconds that a submission adds, receipts", CPU_SECONDS.get(lesson[:2], CPU_SECONDS[""]), False, added_cpu_seconds(warm), " s"),
        Target("of the time of the floor, its cells run once in a fresh fork", 1, False, ratio(ours, _each(floor, "seconds", cores))),
        Target("of the time of the floor, its cells run once more in the same process", 2, False, ratio(ours, _each(floor, "again_seconds", cores))),
    ]
    if cores > 1:
        same = _common(points(records, lesson, OURS, False, 1), warm)
        plain = ratio(largest(PLAIN, False), largest(PLAIN, False, cores))
        text = f"of what a loop in plain Python gains from 1 to {cores} processes ({plain or 0:.2f} times), throughput gains from 1 to {team}, receipts"
        found.append(Target(text, 95, True, 100 * ratio(*same) / plain if same and plain else None, "%"))
    for training, condition in ((False, "receipts"), (True, "training again")):
        added = [point.more["added_bytes"] for point in points(records, lesson, MEMORY, training).values() if point.more["added_bytes"] is not None]
        found.append(Target(f"memory that a submission adds to a warm worker, {condition}", 350, False, max(added) / MB if added else None, " MB"))
    kept = points(records, lesson, KEPT, False, cores)
    return [*found, Target("writing the gradebook and bookkeeping, for a submission", 0.2, False, bookkeeping(kept), " s")]


def added_cpu_seconds(found: dict[int, Point]) -> float | None:
    """Processor seconds that each further submission of a class takes; None if only one size was measured."""
    if len(found) < 2:
        return None
    small, large = found[min(found)], found[max(found)]
    return (large.cpu_seconds - small.cpu_seconds) / (large.size - small.size)


def _each(found: dict[int, Point], what: str, cores: int) -> float | None:
    """Seconds a submission of the floor, were every core to run it."""
    told = found[max(found)].more.get(what) if found else None
    return sum(told) / len(told) / cores if told else None


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


def _common(one: dict[int, Point], other: dict[int, Point]) -> tuple[float, float] | None:
    """Seconds of both for the largest class that both graded, unless that is too small to be shared out evenly."""
    size = max(set(one) & set(other), default=0)
    return (one[size].seconds, other[size].seconds) if size >= LEAST_TO_SHARE else None

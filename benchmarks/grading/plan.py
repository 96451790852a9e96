"""Which runs make the comparison, in which order, and how long the rest of them will take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NBGRADER, OTTER, OURS, FLOOR, MEMORY, PLAIN = "nbgrader", "otter", "ours", "floor", "memory", "plain Python"
ONE_AT_A_TIME = (NBGRADER, OTTER)
FLOOR_SIZE = 2  # submissions: the floor has no start of its own that a larger class would share
# What ours-with-all-workers leaves behind is graded again from kept verdicts, without and with feedback pages.
KEPT, FEEDBACK = "kept", "feedback"

# Seconds a submission and seconds before the first, where nothing has been measured yet: (with receipts, training).
FIRST_GUESS = {NBGRADER: (10, 15), OTTER: (15, 20), OURS: (4, 11), FLOOR: (2, 9), MEMORY: (4, 11), PLAIN: (4, 4)}
BEFORE = {NBGRADER: 5, OTTER: 1, OURS: 14, FLOOR: 8, MEMORY: 10, PLAIN: 0}


@dataclass(frozen=True)
class Run:
    """One contestant grading one class once.

    way: who grades. training: nobody sent receipts, so that everything is trained again. workers: of ours, else 1.
    """

    lesson: str
    way: str
    training: bool
    workers: int
    size: int
    round: int = 1

    @property
    def key(self) -> str:
        return f"{self.lesson} {self.what} {self.size} #{self.round}"

    @property
    def what(self) -> str:
        """Who grades, and how, for people."""
        with_workers = f" with {self.workers} worker{'s' * (self.workers != 1)}" if self.way in (OURS, PLAIN) else ""
        return f"{self.way}{with_workers}, {'training again' if self.training else 'receipts'}"

    @property
    def alike(self) -> tuple:
        """What runs have in common whose cost per submission is about the same."""
        return self.lesson, self.way, self.training, self.workers


def plan(names: Sequence[str], cores: int, rounds: int, sizes: Sequence[int], slow_sizes: Sequence[int], otter: bool) -> list[Run]:
    """The comparison: every contestant in turn on a small class, in each of the rounds; then growing classes.

    All of it for the first lesson; further ones get one round, and one larger class for us. So that it stays within half
    an hour, classes that train grow to the second size only, and those of one worker not to the largest.
    """
    teams = sorted({1, cores})
    ways = [(NBGRADER, True, 1), (NBGRADER, False, 1), (FLOOR, True, 1), (FLOOR, False, 1)]
    ways += [(OTTER, True, 1)] if otter else []
    ways += [(OURS, training, workers) for training in (False, True) for workers in teams]
    small = {NBGRADER: slow_sizes[0], OTTER: slow_sizes[0], FLOOR: min(sizes[0], FLOOR_SIZE), OURS: sizes[0]}
    runs = []
    for name in names:
        first = name == names[0]
        for number in range(rounds if first else 1):
            turned = ways[number % len(ways) :] + ways[: number % len(ways)]  # so that none always follows the same other
            runs += [Run(name, *way, small[way[0]], number + 1) for way in turned]
        if first:
            runs += [Run(name, *way, size) for size in slow_sizes[1:] for way in ways if way[0] in ONE_AT_A_TIME]
            runs += [Run(name, OURS, False, workers, size) for size in sizes[1:] for workers in teams if workers == cores or size < sizes[-1]]
            runs += [Run(name, OURS, True, cores, size) for size in sizes[1:-1]]
        else:
            runs += [Run(name, OURS, False, cores, size) for size in sizes[1:2]]
        runs += [Run(name, MEMORY, training, 1, 1) for training in (False, True)]
        runs += [Run(name, PLAIN, False, workers, workers, number + 1) for number in range(rounds) for workers in teams]
    return runs


def expected(run: Run, done: Mapping[Run, float]) -> float:
    """Seconds that a run will take: from one like it that was done, else a guess. `done`: what each took, with its preparation."""
    alike = [(other, seconds) for other, seconds in done.items() if other.alike == run.alike]
    before = BEFORE[run.way]
    if alike:
        other, seconds = max(alike, key=lambda pair: pair[0].size)
        return min(before, seconds) + max(0.0, seconds - before) * run.size / other.size
    return before + FIRST_GUESS[run.way][run.training] * run.size / run.workers


def remaining(runs: Iterable[Run], done: Mapping[Run, float]) -> float:
    """Seconds that all runs which were not done will take."""
    return sum(expected(run, done) for run in runs if run not in done)

"""Epochs of several contestants, taken in turn, so that a machine that is slow for a while is slow for all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras


@dataclass
class Contestant:
    """A compiled model with what one epoch of it is.

    group: those that are compared, the first of a group is what the others are measured by.
    samples: how many sequences an epoch trains on, whatever they are padded to.
    """

    group: str
    name: str
    model: keras.Model
    epoch: Callable[[], None]
    samples: int


def arrays(group: str, name: str, model: keras.Model, x, y, batch_size: int, **fit) -> Contestant:
    """A contestant that trains on arrays, as `model.fit(x, y, batch_size=...)` does."""
    samples = len(x[0]) if isinstance(x, list) else len(x)

    def epoch() -> None:
        model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0, **fit)

    return Contestant(group, name, model, epoch, samples)


def measure(contestants: list[Contestant], rounds: int, tell: Callable[[str], None] = lambda what: None) -> list[dict]:
    """One row for each: group, name, weights, samples, seconds an epoch (the median of `rounds`), samples a second, ratio.

    ratio: the seconds of a sample, as a multiple of those of the first of its group. The first epoch, in which
    the backend traces or compiles the step, is not counted.
    """
    seconds: dict[int, list[float]] = {}
    for round_ in range(rounds + 1):
        for number, contestant in enumerate(contestants):
            tell(f"{contestant.group}: {contestant.name}")
            started = time.perf_counter()
            contestant.epoch()
            if round_:
                seconds.setdefault(number, []).append(time.perf_counter() - started)
    rows, first = [], {}
    for number, contestant in enumerate(contestants):
        epoch = statistics.median(seconds[number])
        each = epoch / contestant.samples
        ratio = each / first.setdefault(contestant.group, each)
        rows.append({
            "group": contestant.group, "name": contestant.name, "weights": contestant.model.count_params(), "samples": contestant.samples,
            "epoch_seconds": epoch, "samples_per_second": 1 / each, "ratio": ratio, "all_seconds": seconds[number],
        })  # fmt: skip
    return rows

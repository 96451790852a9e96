"""Is the bar of a training exercise fair? The right answer must pass from every seed, a misconception from none."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.authoring import variants as variants_of
from grader.authoring.lesson import Lesson
from grader.authoring.variants import Variant


@dataclass(frozen=True)
class Row:
    """One answer over all seeds: how often it passed, and what was measured each time it got so far."""

    variant: Variant
    seeds: int
    passes: int
    metric: str
    bar: float | None
    values: tuple[float, ...]

    @property
    def as_it_should(self) -> bool:
        return self.passes == (self.seeds if self.variant.right else 0)

    @property
    def margin(self) -> float | None:
        """The distance from the bar to the nearest value; None if nothing was measured."""
        return min((abs(value - self.bar) for value in self.values), default=None) if self.bar is not None else None


def calibrated_variants(lesson: Lesson) -> list[Variant]:
    """The solution and the variants marked `calibrate=true`, of each exercise that has any."""
    marked = [variant for variant in variants_of.read(lesson) if variant.calibrate]
    exercises = {variant.exercise for variant in marked}
    return [variant for variant in variants_of.solution_variants(lesson) if variant.exercise in exercises] + marked


def calibrate(lesson: Lesson, seeds: int, folder: Path, tell: Callable[[Variant, int, bool], None]) -> list[Row]:
    """Try each calibrated variant from `seeds` seeds, training every time. `tell(variant, seed, passed)` after each."""
    from grader.authoring.answers import Stage  # imports TensorFlow
    from grader.checks.training import listening

    shutil.rmtree(folder, ignore_errors=True)
    stage = Stage(lesson, folder)
    rows = []
    for variant in calibrated_variants(lesson):
        passes, heard_all = 0, []
        for seed in range(seeds):
            with listening() as heard:
                outcome = stage.try_answer(variant.exercise, variant.source, f"{variant.label}-{seed}", seed=seed)
            passed = outcome.points == outcome.max_points
            passes += passed
            heard_all += heard
            tell(variant, seed, passed)
        first = heard_all[0] if heard_all else {}
        bar = first.get("at_least") if first.get("at_least") is not None else first.get("at_most")
        values = tuple(entry["value"] for entry in heard_all if entry["metric"] == first.get("metric"))
        rows.append(Row(variant, seeds, passes, first.get("metric", ""), bar, values))
    shutil.rmtree(folder, ignore_errors=True)
    return rows


def as_markdown(lesson: Lesson, rows: list[Row], versions: str) -> str:
    """The table for `lessons/NN_topic/calibration.md`."""
    lines = [
        f"# Calibration of {lesson.name}",
        "",
        f"Written by `grader calibrate {lesson.name}` over {rows[0].seeds if rows else 0} seeds, {versions}.",
        "A right answer must pass from every seed, a wrong one from none. The margin is the distance",
        "from the bar to the nearest measured value; an answer that a check stops before it is",
        "measured has no values.",
        "",
        "| exercise | answer | | passed | lowest | median | highest | bar | margin |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        numbers = (
            [f"{value:.4f}" for value in (min(row.values), statistics.median(row.values), max(row.values))]
            if row.values
            else ["", "", ""]
        )
        bar = "" if row.bar is None else f"{row.bar:g}"
        margin = "" if row.margin is None else f"{row.margin:.4f}"
        kind = "right" if row.variant.right else "wrong"
        lines.append(
            f"| {row.variant.exercise} | {row.variant.title} | {kind} | {row.passes}/{row.seeds} | "
            f"{' | '.join(numbers)} | {bar} | {margin} |"
        )
    for metric in dict.fromkeys(row.metric for row in rows if row.metric):
        lines += ["", f"Measured: {metric}."]
    return "\n".join(lines) + "\n"

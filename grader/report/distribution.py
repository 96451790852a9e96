"""Reckon how a lesson's points are spread over the class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from grader.report.material import Material

BINS = 10


@dataclass(frozen=True)
class Distribution:
    """The points of those who were graded. lower and upper: the quartiles; lowest and highest: the ends. bins: (from, to, students), `to` of the last included.

    waiting: how many of them have an answer that a person has still to read, which may give more points.
    """

    students: int
    max_points: float
    mean: float
    median: float
    lower: float
    upper: float
    lowest: float
    highest: float
    full: int
    none: int
    waiting: int
    bins: list[tuple[float, float, int]]


def earned(material: Material, lesson: str) -> pd.Series:
    """The points of each student in a lesson less the penalty for lateness, never below 0; without those who are excused."""
    points = points_of(material.of("grades", lesson))
    penalties = material.of("handed_in", lesson).set_index("student")["penalty"]
    left = points.sub(penalties.reindex(points.index, fill_value=0.0)).clip(lower=0.0)
    return left.drop(material.of("excused", lesson)["student"], errors="ignore")


def points_of(grades: pd.DataFrame) -> pd.Series:
    """The points of each student in one lesson before any penalty; what has none yet counts as 0."""
    return grades.assign(points=grades["points"].fillna(0.0)).groupby("student")["points"].sum()


def distribution(points: pd.Series, max_points: float, waiting: int = 0) -> Distribution | None:
    """How the points are spread; None where nobody has any."""
    if points.empty:
        return None
    edges = _edges(max_points)
    top = max(max_points, float(points.max()))  # extra credit may go beyond
    counts, _ = np.histogram(points.clip(lower=0, upper=edges[-1]), edges)
    lower, median, upper = (float(points.quantile(part)) for part in (0.25, 0.5, 0.75))
    full, none = int((points >= max_points - 1e-9).sum()) if max_points else 0, int((points <= 0).sum())
    edges[-1] = max(edges[-1], top)
    bins = [(float(low), float(high), int(count)) for low, high, count in zip(edges, edges[1:], counts, strict=False)]
    return Distribution(len(points), max_points, float(points.mean()), median, lower, upper, float(points.min()), float(points.max()), full, none, waiting, bins)


def _edges(max_points: float) -> np.ndarray:
    """Ten equal steps; one for each point where there are fewer than ten, so that no bar stands for nothing."""
    steps = int(max_points) if max_points == int(max_points) and 1 < max_points < BINS else BINS
    return np.linspace(0, max_points or 1, steps + 1)

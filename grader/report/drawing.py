"""Draw the report's figures: each one idea, legible on a phone, told apart by shape and place and not by colour alone."""

from __future__ import annotations

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grader.report.distribution import Distribution
from grader.report.questions import FINE, LOOK, NOTE, Question
from grader.report.reckoning import Lesson
from grader.report.svg import COLOURS, RC, svg
from grader.report.words import points

WIDTH = 4.9  # inches: on a phone a letter is drawn at about its own size
MARKERS = {LOOK: "D", NOTE: "s", FINE: "o"}
FEW = 3  # questions that are not worth a figure


def overview(lessons: list[Lesson]) -> str:
    """Where the points of each lesson lie: the middle half of the class, its middle, and who is lowest and highest. Of lessons with grades."""
    spreads = [(lesson.name, lesson.distribution) for lesson in lessons if lesson.distribution and lesson.max_points]
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(WIDTH, 0.75 + 0.34 * len(spreads)))
        axes = figure.subplots()
        for row, (_, spread) in enumerate(spreads):
            low, high = (100 * value / spread.max_points for value in (spread.lower, spread.upper))
            ends = [100 * value / spread.max_points for value in (spread.lowest, spread.highest)]
            axes.plot(ends, [row, row], color=COLOURS["soft"], linewidth=1.2, solid_capstyle="butt", zorder=1)
            axes.barh(row, max(high - low, 0.6), left=low, height=0.5, color=COLOURS["bar"], zorder=2)
            axes.plot([100 * spread.median / spread.max_points] * 2, [row - 0.36, row + 0.36], color=COLOURS["ink"], linewidth=2.4, zorder=3)
        axes.set_yticks(range(len(spreads)), [name.split("_")[0] for name, _ in spreads])
        axes.set_ylim(len(spreads) - 0.4, -0.6)
        axes.set_xlim(-2, 102)
        axes.set_xlabel("percent of the points")
        axes.set_ylabel("lesson")
        axes.tick_params(length=0)
        axes.spines["left"].set_visible(False)
        shares = [(name, *(share(part, spread) for part in (spread.median, spread.lower, spread.upper))) for name, spread in spreads]
        words = "; ".join(f"{name}: median {median}, middle half {lower} to {upper}" for name, median, lower, upper in shares)
        return svg(figure, "overview", "Points by lesson, in percent", f"{words}.")


def share(points: float, spread: Distribution) -> str:
    return f"{100 * points / spread.max_points:.0f}%"


def histogram(lesson: Lesson, name: str) -> str:
    """How many students have how many points. Of a lesson with grades."""
    spread = lesson.distribution
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(WIDTH, 2.3))
        axes = figure.subplots()
        lows, highs, counts = zip(*spread.bins, strict=True)
        widths = [0.92 * (high - low) for low, high in zip(lows, highs, strict=True)]
        centres = [(low + high) / 2 for low, high in zip(lows, highs, strict=True)]
        axes.bar(centres, counts, widths, color=COLOURS["bar"])
        top = max(counts)
        for centre, count in zip(centres, counts, strict=True):
            if count:
                axes.text(centre, count + 0.02 * top, str(count), ha="center", va="bottom", fontsize=9.5)
        under = max(count for low, high, count in spread.bins if low <= spread.median <= high)
        axes.plot([spread.median] * 2, [under + 0.17 * top if under else 0, 1.36 * top], color=COLOURS["ink"], linewidth=1.6, linestyle=(0, (4, 2)))
        away, side = (-5, "right") if spread.median > 0.6 * highs[-1] else (5, "left")
        place = {"xytext": (away, 0), "textcoords": "offset points", "ha": side, "va": "top"}
        axes.annotate(f"median {points(spread.median)}", (spread.median, 1.34 * top), fontsize=9.5, **place)
        axes.set_ylim(0, 1.36 * top)
        axes.set_xlabel(f"points of {points(spread.max_points)}")
        axes.set_ylabel("students")
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.tick_params(length=0)
        axes.spines["left"].set_visible(False)
        words = (
            f"{spread.students} graded; median {points(spread.median)}, middle half from {points(spread.lower)} to {points(spread.upper)} "
            f"of {points(spread.max_points)} points; "
            f"{spread.full} with all points, {spread.none} with none. "
            + ", ".join(f"{points(low)} to {points(high)}: {count}" for low, high, count in spread.bins if count)
        )
        return svg(figure, name, f"Points in {lesson.name}", f"{words}.")


def _name(axes: Axes, odd: list[Question], bottom: float) -> None:
    """Write the questions' names beside their marks, the first first, where there is room; all are in the table."""
    taken: list[tuple[float, float, float]] = []
    for question in odd:
        x, y, right = 100 * question.rate, question.discrimination, question.rate > 0.5
        length = 2.2 * len(question.cell)  # percent of the width, about
        start = x - length if right else x
        near = [(first, last) for first, last, other in taken if abs(y - other) < 0.075 * (1.05 - bottom)]
        if start < 0 or start + length > 103 or any(start < last and first < start + length for first, last in near):
            continue
        taken.append((start, start + length, y))
        axes.annotate(question.cell, (x, y), xytext=(-6 if right else 6, 4), textcoords="offset points", ha="right" if right else "left", fontsize=9.5)


def scatter(lesson: Lesson, name: str) -> str:
    """Each question by how many passed it and how it tells the class apart; "" where too few have a discrimination."""
    placed = [question for question in lesson.questions if question.discrimination is not None]
    if len(placed) < FEW:
        return ""
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(WIDTH, 2.9))
        axes = figure.subplots()
        axes.axhline(0, color=COLOURS["soft"], linewidth=1)
        colours = {LOOK: COLOURS["look"], NOTE: COLOURS["note"], FINE: COLOURS["bar"]}
        for mark in (FINE, NOTE, LOOK):
            marked = [(100 * question.rate, question.discrimination) for question in placed if question.mark == mark]
            if marked:
                axes.scatter(*zip(*marked, strict=True), marker=MARKERS[mark], s=34, color=colours[mark], edgecolors=COLOURS["paper"], linewidths=0.7, zorder=3)
        bottom = min(-0.3, min(question.discrimination for question in placed) - 0.1)
        _name(axes, [question for question in placed if question.mark != FINE], bottom)
        axes.set_xlim(-3, 103)
        axes.set_ylim(bottom, 1.05)
        axes.set_xlabel("percent who passed")
        axes.set_ylabel("discrimination")
        axes.tick_params(length=0)
        odd = [question for question in placed if question.mark != FINE]
        words = f"{len(placed)} questions. " + (
            "To look at: " + "; ".join(f"{question.cell}, {100 * question.rate:.0f}% passed, discrimination {question.discrimination:.2f}" for question in odd)
            if odd
            else "None stands out"
        )
        return svg(figure, name, f"Questions of {lesson.name}: success and discrimination", f"{words}.")

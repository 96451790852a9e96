"""The figures of the lessons: each function takes arrays and returns a matplotlib Figure; `show` displays it."""

from grader.lab.plot.batches import batch
from grader.lab.plot.style import COLOURS, figure, show
from grader.lab.plot.training import history

__all__ = ["COLOURS", "batch", "figure", "history", "show"]

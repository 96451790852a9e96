"""What each test of a lesson costs to grade: processor seconds of the solution, in a process that has begun, with its receipts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from grader.authoring.lesson import Lesson, LessonError
from grader.authoring.variants import solution_variants

MOST, MOST_TRAINED = 0.15, 0.5  # processor seconds of one test; of one that trains, or restores and evaluates a trained model
TIMES = 3


@dataclass(frozen=True)
class Cost:
    """One test's price. trained: whether its exercise trains, so that the test does, or restores a model and measures it."""

    test: str
    seconds: float
    trained: bool

    @property
    def most(self) -> float:
        return MOST_TRAINED if self.trained else MOST

    @property
    def dear(self) -> bool:
        return self.seconds > self.most


def measure(lesson: Lesson, folder: Path, tell: Callable[[str], None] = lambda exercise: None) -> list[Cost]:
    """The cost of every test of `lesson`, in the notebook's order: the median of several runs after a first one, which trains.

    folder: where receipts are kept, so that a second measurement need not train. `tell` hears each exercise that begins.
    Raises LessonError where the solution does not pass.
    """
    from grader.authoring.answers import Stage  # imports TensorFlow

    stage, costs = Stage(lesson, folder), []
    for answer in solution_variants(lesson):
        tell(answer.exercise)
        runs = [stage.try_answer(answer.exercise, answer.source, answer.label) for _ in range(1 + TIMES)]
        if runs[-1].failures:
            raise LessonError(f"{lesson.name}: the solution of `{answer.exercise}` fails its own test:\n{runs[-1].message}")
        trains = answer.trains or ".fit(" in answer.source
        costs += [Cost(test, median(run.seconds[test] for run in runs[1:]), trains) for test in runs[-1].seconds]
    return costs

"""Right and wrong answers beside each lesson, with the points and the words that each must get.

They are how we know that the tests are neither unfair (a right answer loses points) nor blind
(a wrong one keeps them).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext

from grader.authoring.lesson import Lesson, LessonError, grade_id
from grader.nbgrader_plugins import answer_sheet

if TYPE_CHECKING:
    from grader.authoring.answers import Outcome
    from grader.engine import Team

KEYS = {"exercise", "right", "wrong", "points", "says", "calibrate"}


@dataclass(frozen=True)
class Variant:
    """One answer to one exercise. `says` is part of what the student reads at the first failing test."""

    exercise: str
    title: str
    right: bool
    source: str
    points: float | None = None  # None: all of them
    says: str = ""
    calibrate: bool = False

    @property
    def label(self) -> str:
        """The variant's name as a folder's name."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:60]

    @property
    def trains(self) -> bool:
        """Whether the answer trains a model, which takes seconds."""
        return "fit_once" in self.source


@dataclass(frozen=True)
class Finding:
    """What a variant got, and what is wrong with that: "" if it is as stated."""

    variant: Variant
    points: float
    max_points: float
    message: str
    complaint: str

    @property
    def unfair(self) -> bool:
        return self.variant.right and self.points < self.max_points

    @property
    def blind(self) -> bool:
        return not self.variant.right and self.points >= self.max_points

    @property
    def told(self) -> str:
        """How a wrong answer was explained: "named" by a hint, "located" by what differs and where, "misled", or ""."""
        if self.variant.right or self.blind:
            return ""
        hint = hint_of(self.message)
        if not hint:
            return "located"
        return "named" if self.variant.says in hint else "misled"


def path_of(lesson: Lesson) -> Path:
    return lesson.path.with_name("variants.py")


def read(lesson: Lesson) -> list[Variant]:
    """The variants beside `lesson`, and for each exercise its stub, which must score zero.

    Raises LessonError for a file that is missing or a cell that is not understood.
    """
    path = path_of(lesson)
    if not path.is_file():
        raise LessonError(f"{lesson.name} has no variants: {path} is missing.")
    variants = []
    for number, cell in enumerate(jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells, start=1):
        if cell.cell_type != "code":
            continue
        meta = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
        if not meta and not re.sub(r"(?m)^#.*$", "", cell.source).strip():
            continue
        problem = _problem(meta, lesson)
        if problem:
            raise LessonError(f"{path}, cell {number}: {problem}")
        variants.append(
            Variant(
                exercise=meta["exercise"],
                title=meta.get("right") or meta["wrong"],
                right="right" in meta,
                source=cell.source,
                points=meta.get("points"),
                says=meta.get("says", ""),
                calibrate=bool(meta.get("calibrate")),
            )
        )
    titles = [(variant.exercise, variant.label) for variant in variants]
    twice = {title for title in titles if titles.count(title) > 1}
    if twice:
        raise LessonError(f"{path}: two variants of one exercise have the same title: {sorted(twice)}")
    return variants


def too_few(lesson: Lesson, variants: list[Variant], right: int = 4, wrong: int = 6) -> list[str]:
    """Exercises with fewer than `right` right or `wrong` wrong variants, each in one sentence."""
    complaints = []
    for exercise in lesson.exercises:
        own = [variant for variant in variants if variant.exercise == exercise]
        count = sum(variant.right for variant in own)
        if count < right or len(own) - count < wrong:
            complaints.append(
                f"{lesson.name}: exercise `{exercise}` has {count} right and {len(own) - count} wrong variants; "
                f"at least {right} and {wrong} are asked."
            )
    return complaints


def stub_of(lesson: Lesson, exercise: str) -> str:
    """The exercise's cell as the student gets it."""
    return next(cell.source for cell in answer_sheet(lesson.notebook).cells if cell.id == exercise)


def stub_variants(lesson: Lesson) -> list[Variant]:
    return [
        Variant(exercise, "the untouched stub", False, stub_of(lesson, exercise), points=0, says="Replace `raise NotImplementedError`")
        for exercise in lesson.exercises
    ]


def solution_variants(lesson: Lesson) -> list[Variant]:
    return [Variant(exercise, "the solution", True, _cell(lesson, exercise)) for exercise in lesson.exercises]


def draw(variants: Iterable[Variant], few: int, seed: str) -> list[Variant]:
    """A few that stand for all: of each exercise `few` right and twice as many wrong ones, but one of each that train.

    The same seed draws the same; another one draws others.
    """
    chance = random.Random(seed)
    drawn: list[Variant] = []
    room: Counter = Counter()
    variants = list(variants)
    for variant in chance.sample(variants, len(variants)):
        kind = (variant.exercise, variant.right, variant.trains)
        if room[kind] < (1 if variant.trains else few if variant.right else 2 * few):
            room[kind] += 1
            drawn.append(variant)
    return drawn


def run(
    lesson: Lesson,
    variants: Iterable[Variant],
    folder: Path,
    tell: Callable[[Finding], None] = lambda finding: None,
    team: Team | None = None,
    step: Callable[[], None] = lambda: None,
    every: int = 1,
) -> list[Finding]:
    """Try each variant as its author would, in one process, and compare with what it must get.

    team: let it grade each as well, and compare: points and words must be the same. every: of the wrong ones only each n-th is graded so.
    `tell` is called with each finding, in the lesson's order; `step` once a variant is tried, and once more when it is graded.
    """
    from grader.authoring import refereed
    from grader.authoring.answers import Stage  # imports TensorFlow

    stage = Stage(lesson, folder)
    order = {exercise: index for index, exercise in enumerate(lesson.exercises)}
    variants = sorted(variants, key=lambda variant: order[variant.exercise])
    outcomes = []
    for variant in variants:
        outcomes.append(stage.try_answer(variant.exercise, variant.source, variant.label))
        step()
    graded = outcomes
    if team:
        chosen = [number for number, variant in enumerate(variants) if variant.right or number % every == 0]
        answers = [refereed.Answer(one.exercise, one.source, folder / one.exercise / one.label) for one in (variants[number] for number in chosen)]
        told = refereed.grade(lesson, answers, [outcomes[number] for number in chosen], team, step)
        graded = [dict(zip(chosen, told, strict=True)).get(number, outcome) for number, outcome in enumerate(outcomes)]
    findings = []
    for variant, outcome, other in zip(variants, outcomes, graded, strict=True):
        complaint = _complaint(variant, outcome)
        if not complaint and not refereed.same_words(other, outcome):
            complaint = (
                f"is graded otherwise: {other.points:g} points, and it reads: {other.failures}; "
                f"in its author's kernel {outcome.points:g} points, and it reads: {outcome.failures}"
            )
        findings.append(Finding(variant, outcome.points, outcome.max_points, outcome.message, complaint))
        tell(findings[-1])
    return findings


def _complaint(variant: Variant, outcome: Outcome) -> str:
    """What is not as the variant states, or "". A wrong variant's `says` names its cause: a hint that says something else misleads."""
    expected = outcome.max_points if variant.points is None else variant.points
    if abs(outcome.points - expected) > 1e-9:
        read = f"; it read: {outcome.message}" if outcome.message else ""
        return f"got {outcome.points:g} points, not {expected:g}{read}"
    if variant.says and variant.says not in outcome.message:
        return f"did not read {variant.says!r}; it read: {outcome.message}"
    hint = hint_of(outcome.message)
    if variant.says and hint and variant.says not in hint:
        return f"is misled: {variant.says!r} is not in the hint it read: {outcome.message}"
    return ""


_HINT = re.compile(r"(?ms)^  hint      (.*?)(?=^  (?:where|expected|actual) {4,6}|\Z)")


def hint_of(message: str) -> str:
    """The hint in a failed check's words, on one line; "" if there is none."""
    found = _HINT.search(message)
    return " ".join(found[1].split()) if found else ""


def _problem(meta: dict, lesson: Lesson) -> str | None:
    if set(meta) - KEYS:
        return f"unknown metadata {', '.join(sorted(set(meta) - KEYS))}; known are {', '.join(sorted(KEYS))}"
    if meta.get("exercise") not in lesson.exercises:
        return f"exercise={meta.get('exercise')!r} is not one of {', '.join(lesson.exercises)}"
    if ("right" in meta) == ("wrong" in meta):
        return 'a variant has right="…" or wrong="…"'
    if "wrong" in meta and ("points" not in meta or not meta.get("says")):
        return "a wrong variant states its points=… and the words it must get, says=…"
    if "right" in meta and "points" in meta:
        return "a right variant gets all points; leave points out"
    return None


def _cell(lesson: Lesson, exercise: str) -> str:
    return next(cell.source for cell in lesson.cells("exercise") if grade_id(cell) == exercise)

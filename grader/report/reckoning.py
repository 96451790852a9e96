"""Make the report of a class's material: numbers and words, all that the page and `--json` show."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from grader.report import matters, standings
from grader.report.distribution import Distribution, distribution, earned
from grader.report.material import Material
from grader.report.misconceptions import Misconception, gist, misconceptions
from grader.report.questions import LOOK, Question, questions
from grader.report.words import count


@dataclass(frozen=True)
class Lesson:
    """What is told of one lesson. ungraded: submissions that were handed in and have not been graded. distribution: None where nobody was.

    missing: who handed in nothing; late: who came late, and by how many seconds.
    """

    name: str
    title: str
    ungraded: int
    max_points: float
    distribution: Distribution | None
    questions: list[Question]
    misconceptions: list[Misconception]
    missing: list[str]
    late: list[tuple[str, float]]

    @property
    def graded(self) -> int:
        return self.distribution.students if self.distribution else 0


@dataclass(frozen=True)
class Told:
    """A submission, and what is told of it. kind: as in the material's `unreadable`, else ""."""

    lesson: str
    student: str
    what: list[str]
    kind: str = ""


@dataclass(frozen=True)
class Headline:
    """One thing to look at first. lesson: where; part: the part of the page that says more."""

    words: str
    part: str
    lesson: str = ""


@dataclass(frozen=True)
class Report:
    """The class report. labels: how each student is shown."""

    course: str
    anonymous: bool
    students: int
    labels: dict[str, str]
    lessons: list[Lesson]
    standings: list[standings.Standing]
    headlines: list[Headline]
    stopped: list[Told]
    unreadable: list[Told]
    repaired: list[matters.Repairs]
    same_answers: list[matters.Same]
    same_weights: list[matters.SameWeights]
    waiting: list[matters.Waiting]
    training: list[matters.Training]


def reckon(material: Material) -> Report:
    """Return the report of this material."""
    everybody = standings.standings(material)
    lessons = [_lesson(material, row.lesson, row.title, row.waiting, everybody) for row in material.lessons.itertuples()]
    about: dict[str, Any] = {
        "stopped": _told(material.stops),
        "unreadable": _told(material.unreadable),
        "repaired": matters.repairs(material),
        "same_answers": matters.same_answers(material),
        "same_weights": matters.same_weights(material),
        "waiting": matters.waiting(material),
        "training": matters.training(material),
    }
    labels = dict(zip(material.students["student"], material.students["label"], strict=True))
    known = set(labels) | set(material.grades["student"])
    headlines = _headlines(lessons, **about)
    shown = {student: labels.get(student, student) for student in sorted(known)}
    return Report(material.course, material.anonymous, len(known), shown, lessons, everybody, headlines, **about)


def as_json(report: Report) -> dict[str, Any]:
    """Return the figures as plain values for JSON: no NaN, names as the report shows them."""
    told = asdict(report)
    for lesson, plain in zip(report.lessons, told["lessons"], strict=True):
        for question, one in zip(lesson.questions, plain["questions"], strict=True):
            one["rate"] = question.rate
    return _plain(told)


def _lesson(material: Material, name: str, title: str, ungraded: int, everybody: list[standings.Standing]) -> Lesson:
    grades = material.of("grades", name)
    most = float(material.of("cells", name)["max_points"].sum())
    points = earned(material, name)
    waiting = grades[grades["waits"] & grades["student"].isin(points.index)]["student"].nunique()
    spread = distribution(points, most, waiting)
    asked = questions(material, name) if spread else []
    return Lesson(name, title, ungraded, most, spread, asked, misconceptions(material, name), standings.missing(everybody, name), standings.late(everybody, name))


def _told(frame) -> list[Told]:
    has_kind = "kind" in frame
    found: dict[tuple, list[str]] = {}
    for row in frame.itertuples():
        found.setdefault((row.lesson, row.student, row.kind if has_kind else ""), []).append(row.what)
    return [Told(lesson, student, what, kind) for (lesson, student, kind), what in sorted(found.items())]


def _headlines(lessons: list[Lesson], **about: list) -> list[Headline]:
    """What to look at first, in a few lines."""
    found = []
    for lesson in lessons:
        if lesson.ungraded:
            found.append(Headline(f"{count(lesson.ungraded, 'submission')} of {lesson.name} not graded yet: grader autograde {lesson.name}", "lesson", lesson.name))
    for lesson in lessons:
        if lesson.missing and lesson.graded:
            found.append(Headline(f"{count(len(lesson.missing), 'student')} handed in nothing in {lesson.name}.", "missing", lesson.name))
        if lesson.late:
            found.append(Headline(f"{count(len(lesson.late), 'submission')} of {lesson.name} came late.", "missing", lesson.name))
    common = [(one.students / max(one.of, 1), lesson, one) for lesson in lessons for one in lesson.misconceptions if one.students > 1]
    by_words: dict[str, list] = {}
    for _, lesson, one in sorted(common, key=lambda row: (-row[0], not row[2].hinted)):
        by_words.setdefault(gist(one.words), []).append((lesson, one))
    for (lesson, one), *more in list(by_words.values())[:3]:
        also = f", and in {count(len(more), 'other lesson')}" if more else ""
        found.append(Headline(f"{one.students} of {one.of} in {lesson.name}{also}: {one.words}", "misconceptions", lesson.name))
    odd = [(lesson, question) for lesson in lessons for question in lesson.questions if question.mark == LOOK]
    for lesson, question in odd[:3]:
        found.append(Headline(f"{question.cell} in {lesson.name}: {question.words}", "questions", lesson.name))
    if len(odd) > 3:
        found.append(Headline(f"{count(len(odd) - 3, 'more question')} to look at.", "questions", odd[3][0].name))
    parts = (
        ("stopped", "submission", "stopped by a limit, or ended early", "stopped"),
        ("unreadable", "submission", "that could not be read, or not wholly", "unreadable"),
        ("same_weights", "group", "of receipts with the same trained weights", "same-weights"),
        ("same_answers", "group", "of students with the same answers", "same-answers"),
    )
    for kind, noun, words, part in parts:
        if about[kind]:
            found.append(Headline(f"{count(len(about[kind]), noun)} {words}.", part))
    if answers := sum(one.waiting for one in about["waiting"]):
        found.append(Headline(f"{count(answers, 'written answer')} to be read by a person.", "waiting"))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value

"""Reckon who stands where: each student in each lesson, who handed in nothing, and what came late."""

from __future__ import annotations

from dataclasses import dataclass

from grader.report.distribution import earned as points_in
from grader.report.material import Material


@dataclass(frozen=True)
class Place:
    """One student in one lesson. points: less the penalty, None where nothing was graded; late: seconds after the due date, extensions included."""

    lesson: str
    handed_in: bool
    points: float | None
    waits: bool
    late: float
    penalty: float = 0.0
    excused: bool = False


@dataclass(frozen=True)
class Standing:
    """One student in every lesson, in the lessons' order."""

    student: str
    places: list[Place]


def standings(material: Material) -> list[Standing]:
    """Every student that the course knows or that handed something in, by how they are shown."""
    arrived = {(row.lesson, row.student): (row.late, row.penalty) for row in material.handed_in.itertuples()}
    excused = set(material.excused.itertuples(index=False, name=None))
    waits = {(row.lesson, row.student) for row in material.grades[material.grades["waits"]].itertuples()}
    earned = {}
    for lesson in material.lessons["lesson"]:
        earned |= {(lesson, student): float(points) for student, points in points_in(material, lesson).items()}
    labels = dict(zip(material.students["student"], material.students["label"], strict=True))
    known = set(labels) | {student for _, student in (*arrived, *earned, *excused)}
    found = []
    for student in sorted(known, key=lambda student: (labels.get(student, student).casefold(), student)):
        keys = [(lesson, student) for lesson in material.lessons["lesson"]]
        places = []
        for key in keys:
            late, penalty = arrived.get(key, (0.0, 0.0))
            places.append(Place(key[0], key in arrived or key in earned, earned.get(key), key in waits and key not in excused, max(late, 0.0), penalty, key in excused))
        found.append(Standing(student, places))
    return found


def missing(found: list[Standing], lesson: str) -> list[str]:
    """Who handed in nothing in this lesson, and is not excused."""
    return [one.student for one in found for place in one.places if place.lesson == lesson and not place.handed_in and not place.excused]


def late(found: list[Standing], lesson: str) -> list[tuple[str, float]]:
    """Who was late in this lesson, and by how many seconds, the latest first."""
    told = [(one.student, place.late) for one in found for place in one.places if place.lesson == lesson and place.late > 0 and not place.excused]
    return sorted(told, key=lambda one: (-one[1], one[0]))

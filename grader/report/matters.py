"""Reckon what a person should look at: what was stopped, repaired or could not be read, and work that is alike. Never a verdict."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from grader.report.material import Material

# Shorter answers are alike by nature: words of a program (names, numbers, signs) and of a text that its author wrote.
ALIKE_CODE, ALIKE_TEXT = 30, 12


@dataclass(frozen=True)
class Same:
    """Answers that differ in white space and comments at most. size: the words of all of them that the stubs do not give."""

    lesson: str
    students: list[str]
    exercises: list[str]
    size: int
    of: int


@dataclass(frozen=True)
class SameWeights:
    """Receipts with the same trained weights. one_run: they also name the same second and duration: one file, or its copies."""

    lesson: str
    name: str
    students: list[str]
    devices: list[str]
    one_run: bool
    of: int


@dataclass(frozen=True)
class Repairs:
    """What was put right in one submission: each kind of repair with the cells it was made at."""

    lesson: str
    student: str
    kinds: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Waiting:
    """A question whose answers a person has still to read."""

    lesson: str
    cell: str
    max_points: float
    waiting: int
    of: int


@dataclass(frozen=True)
class Training:
    """What receipts say of one model: how many, on which devices, and the seconds they took."""

    lesson: str
    name: str
    receipts: int
    devices: list[tuple[str, int]]
    median: float
    shortest: float
    longest: float


def same_answers(material: Material) -> list[Same]:
    """Answers of several students that are alike, those who share most of them first."""
    kinds = material.cells.drop_duplicates(["lesson", "exercise"]).set_index(["lesson", "exercise"])["kind"].to_dict()
    graded = material.grades.groupby("lesson")["student"].nunique()
    shared: dict[tuple, list[tuple[str, int]]] = defaultdict(list)
    own = material.answers[material.answers["written"] & (material.answers["print"] != "")]
    for (lesson, exercise, _), group in own.groupby(["lesson", "exercise", "print"], sort=True):
        size = int(group["size"].max())
        least = ALIKE_TEXT if kinds.get((lesson, exercise)) == "question" else ALIKE_CODE
        if size >= least and group["student"].nunique() > 1:
            shared[lesson, tuple(sorted(set(group["student"])))].append((exercise, size))
    found = [
        Same(lesson, list(students), [exercise for exercise, _ in one], sum(size for _, size in one), int(graded.get(lesson, len(students))))
        for (lesson, students), one in shared.items()
    ]
    return sorted(found, key=lambda same: (same.lesson, -same.size, same.students))


def same_weights(material: Material) -> list[SameWeights]:
    """Receipts of several students with the same weights, copies of one run first."""
    kept = material.receipts[material.receipts["weights"] != ""]
    of = kept.groupby(["lesson", "name"])["student"].nunique()
    found = []
    for (lesson, _), group in kept.groupby(["lesson", "weights"], sort=True):
        if group["student"].nunique() < 2:
            continue
        name = min(group["name"])
        runs = group.assign(seconds=group["seconds"].fillna(-1)).groupby(["when", "seconds"])
        copies = [run for (when, seconds), run in runs if when and seconds >= 0 and run["student"].nunique() > 1]
        in_copies = {student for run in copies for student in run["student"]}
        parts = [(run, True) for run in copies]
        if len(set(group["student"]) - in_copies) or len(copies) > 1:
            parts.append((group, False))
        for part, one_run in parts:
            found.append(SameWeights(lesson, name, sorted(set(part["student"])), sorted(set(part["device"])), one_run, int(of[lesson, name])))
    return sorted(found, key=lambda same: (not same.one_run, same.lesson, same.name, same.students))


def repairs(material: Material) -> list[Repairs]:
    """What was put right, by submission; many repairs of one kind are one."""
    found = []
    for (lesson, student), group in material.notes.groupby(["lesson", "student"], sort=True):
        kinds: dict[str, list[str]] = {}
        texts: dict[str, str] = {}
        for cell, text in zip(group["cell"], group["text"], strict=True):
            kind = re.sub(r"`[^`]*`", "`…`", text) if cell else text
            texts.setdefault(kind, text)
            kinds.setdefault(kind, []).append(cell)
        told = [(texts[kind] if len(cells) == 1 else kind, [cell for cell in cells if cell]) for kind, cells in kinds.items()]
        found.append(Repairs(lesson, student, told))
    return found


def waiting(material: Material) -> list[Waiting]:
    """The questions with answers that a person has still to read, in the lessons' order."""
    kept = material.grades.merge(material.cells, on=["lesson", "cell"])
    counts = kept[kept["waits"]].groupby(["lesson", "cell"])["student"].nunique()
    of = material.grades.groupby(["lesson", "cell"])["student"].nunique()
    return [
        Waiting(row.lesson, row.cell, row.max_points, int(counts[row.lesson, row.cell]), int(of[row.lesson, row.cell]))
        for row in material.cells.itertuples()
        if (row.lesson, row.cell) in counts.index
    ]


def training(material: Material) -> list[Training]:
    """What receipts say of time and device, by lesson; the models that most students trained first."""
    found = []
    for (lesson, name), group in material.receipts.groupby(["lesson", "name"], sort=True):
        seconds = group["seconds"].dropna()
        middle, least, most = (float(seconds.median()), float(seconds.min()), float(seconds.max())) if len(seconds) else (math.nan,) * 3
        found.append(Training(lesson, name, len(group), Counter(group["device"]).most_common(), middle, least, most))
    return sorted(found, key=lambda one: (one.lesson, -one.receipts, one.name))

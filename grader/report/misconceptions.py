"""Reckon the misconceptions of a class: what checks said, counted by students, each with an example."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from grader.report.material import Material

LINES, LETTERS = 16, 160  # of an answer that is quoted


@dataclass(frozen=True)
class Example:
    """How one student met it: what the check said to them, and the beginning of their answer."""

    student: str
    exercise: str
    problem: str
    hint: str
    expected: str
    actual: str
    answer: str


@dataclass(frozen=True)
class Misconception:
    """One thing that checks said. words: the hint, or the problem where there is none, which `hinted` tells.

    students: how many met it, `of` how many. also: what else the same students were told in the same exercises.
    """

    words: str
    hinted: bool
    also: list[str]
    students: int
    of: int
    exercises: list[str]
    example: Example


def misconceptions(material: Material, lesson: str) -> list[Misconception]:
    """What checks said in this lesson, what most students met first.

    Words count as the same whatever numbers are in them. Exercises without an answer are left out: they fail for want of one.
    """
    failures = material.of("failures", lesson)
    if failures.empty:
        return []
    said = failures["hint"].where(failures["hint"] != "", failures["problem"])
    cells = {cell: number for number, cell in enumerate(material.of("cells", lesson)["cell"])}
    places = failures["cell"].map(lambda cell: cells.get(cell, len(cells)))
    failures = failures.assign(words=said, key=said.map(gist), place=places + (failures["hint"] == "") * len(cells))
    unread = set(material.of("unreadable", lesson).query("kind != 'receipt'")["student"])
    of = len(set(material.of("grades", lesson)["student"]) - unread)
    answers = material.of("answers", lesson).set_index(["student", "exercise"])["source"].to_dict()
    order = {exercise: number for number, exercise in enumerate(dict.fromkeys(material.of("cells", lesson)["exercise"]))}

    alike: dict[tuple, list[pd.DataFrame]] = {}  # what the same students were told in the same exercises is one thing
    for _, group in failures.groupby("key", sort=False):
        alike.setdefault((frozenset(group["student"]), frozenset(group["exercise"])), []).append(group)
    found = []
    for (students, exercises), groups in alike.items():
        groups.sort(key=lambda group: int(group["place"].min()))
        words, *others = [_commonest(group["words"]) for group in groups]
        told = pd.concat(groups)
        also = [text for text in dict.fromkeys([*others, *told.sort_values("place", kind="stable")["problem"]]) if text != words]
        ordered = sorted(exercises, key=lambda exercise: (order.get(exercise, len(order)), exercise))
        hinted = bool((groups[0]["hint"] != "").any())
        found.append(Misconception(words, hinted, also, len(students), of, ordered, _example(groups[0], words, answers)))
    return sorted(found, key=lambda one: (-one.students, order.get(one.exercises[0], len(order)), one.words))


def gist(words: str) -> str:
    """What a check said, whatever the numbers in it."""
    return " ".join(re.sub(r"[-+]?\d[\d,._]*(?:e[-+]?\d+)?", "#", words.casefold()).split())


def excerpt(answer: str) -> str:
    """The beginning of an answer, short enough to be read at a glance."""
    lines = [line.rstrip() for line in answer.expandtabs(4).strip("\n").splitlines() if line.strip()]
    shown = [line if len(line) <= LETTERS else line[: LETTERS - 1] + "…" for line in lines[:LINES]]
    return "\n".join(shown + ["…"] * (len(lines) > LINES))


def _commonest(words: pd.Series) -> str:
    counts = words.value_counts()
    return min(counts[counts == counts.max()].index)


def _example(group: pd.DataFrame, words: str, answers: dict[tuple[str, str], str]) -> Example:
    """The first student to whom it was said in these words, better one who was shown what was expected."""
    told = group[group["words"] == words]
    told = told.assign(silent=(told["expected"] == "") & (told["actual"] == "")).sort_values(["silent", "student"], kind="stable")
    row = told.iloc[0]
    answer = excerpt(answers.get((row["student"], row["exercise"]), ""))
    return Example(row["student"], row["exercise"], row["problem"], row["hint"], row["expected"], row["actual"], answer)

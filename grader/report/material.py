"""What reading hands to reckoning: data frames, one for each kind of fact, a row for each fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

COLUMNS = {
    # One row a student of the course; `label` is how a person reads them, `names` a tuple of what else they are called.
    "students": ["student", "label", "names"],
    # `waiting` counts submissions that were handed in and have not been graded.
    "lessons": ["lesson", "title", "waiting"],
    # What gives points, in the notebook's order; kind is "test" or "question".
    "cells": ["lesson", "cell", "exercise", "kind", "hidden", "max_points"],
    # What the gradebook says; `points` is NaN where nobody and nothing has given any, `waits` whether a person has to look.
    "grades": ["lesson", "student", "cell", "points", "waits"],
    # What was handed in, graded or not; `late` is in seconds after the due date, extensions included; `penalty` is the points that it costs.
    "handed_in": ["lesson", "student", "late", "penalty"],
    # For whom a lesson does not count.
    "excused": ["lesson", "student"],
    # What a failed test said, for exercises that were answered.
    "failures": ["lesson", "student", "cell", "exercise", "problem", "hint", "expected", "actual"],
    # Tests that did not run, because the submission ended before or could not be read.
    "unreached": ["lesson", "student", "cell"],
    # What a limit, or the end of the student's process, stopped: the grader's words.
    "stops": ["lesson", "student", "what"],
    # Repairs, and what was left out of the folder; `cell` may be "".
    "notes": ["lesson", "student", "cell", "text"],
    # `kind` is "submission" (it was graded as if nothing was written), "graded" (the notebook in autograded/) or "receipt".
    "unreadable": ["lesson", "student", "kind", "what"],
    # `print` is equal for answers that are alike but for white space and comments; `size` counts the words that the stub does not give.
    "answers": ["lesson", "student", "exercise", "written", "source", "print", "size"],
    # What receipts say of themselves; `when` they were written; `weights` is a hash of the trained weights.
    "receipts": ["lesson", "student", "name", "device", "seconds", "when", "weights"],
}
TYPES = {"waiting": int, "hidden": bool, "max_points": float, "points": float, "waits": bool, "written": bool, "size": int, "seconds": float, "late": float, "penalty": float}


@dataclass(frozen=True)
class Material:
    """All that is known of a graded class; see COLUMNS for the frames."""

    course: str
    students: pd.DataFrame
    lessons: pd.DataFrame
    cells: pd.DataFrame
    grades: pd.DataFrame
    handed_in: pd.DataFrame
    excused: pd.DataFrame
    failures: pd.DataFrame
    unreached: pd.DataFrame
    stops: pd.DataFrame
    notes: pd.DataFrame
    unreadable: pd.DataFrame
    answers: pd.DataFrame
    receipts: pd.DataFrame
    anonymous: bool = False

    def of(self, kind: str, lesson: str) -> pd.DataFrame:
        """The rows of one lesson."""
        frame = getattr(self, kind)
        return frame[frame["lesson"] == lesson]


def frame(kind: str, rows: Iterable[tuple] = ()) -> pd.DataFrame:
    """A frame of this kind. Text is kept as Python's own, whatever pandas would make of it."""
    made = pd.DataFrame(list(rows), columns=COLUMNS[kind], dtype=object)
    return made.astype({column: dtype for column, dtype in TYPES.items() if column in made})


def material(course: str = "course", anonymous: bool = False, **rows: Iterable[tuple]) -> Material:
    """A Material from rows by kind; kinds that are not named have none."""
    return Material(course, anonymous=anonymous, **{kind: frame(kind, rows.get(kind, ())) for kind in COLUMNS})

"""Reckon what each test cell says: how many passed it, and whether those who did are those who did well elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from grader.report.material import Material

FEWEST = 5  # students; of fewer a correlation says nothing
HARD = 0.3  # of those who came to it passed
WEAK = 0.1  # discrimination below this says little
FULL = 1 - 1e-9  # the share of points that is all of them, as floats have it
UNSAID = 0.25  # of those who passed all they could see, and at least 3, failed a hidden test

LOOK, NOTE, FINE = "look", "note", "fine"


@dataclass(frozen=True)
class Question:
    """One cell that gives points.

    tried: students for whom it ran, or whose answer has been given points. passed: with full points.
    share: their mean share of the points. discrimination: the correlation of the share with the points in the rest of
    the lesson, None where `why_none` says why there is none. blank: left the answer empty. waiting: a person has to look.
    seen: hidden tests only: of those who passed every visible test of the exercise, how many failed here, and of how many.
    mark and words: whether to look at it, and what for.
    """

    cell: str
    exercise: str
    kind: str
    hidden: bool
    max_points: float
    tried: int
    passed: int
    share: float
    discrimination: float | None
    why_none: str
    blank: int
    waiting: int
    seen: tuple[int, int] | None
    mark: str
    words: str

    @property
    def rate(self) -> float:
        return self.passed / self.tried if self.tried else math.nan


def questions(material: Material, lesson: str) -> list[Question]:
    """The lesson's questions, those to look at first."""
    cells, grades = material.of("cells", lesson), material.of("grades", lesson)
    shares, points, waits = _tables(material, lesson, cells, grades)
    rest = _rest(points.drop(index=set(material.of("unreached", lesson)["student"]), errors="ignore"), waits)
    answers = material.of("answers", lesson)
    blank = answers[~answers["written"] & answers["student"].isin(points.index)].groupby("exercise")["student"].nunique()
    found = []
    for row in cells.itertuples():
        mine = shares[row.cell].dropna() if row.cell in shares else pd.Series(dtype=float)
        r, why = _discrimination(mine, rest[row.cell]) if row.cell in rest else (None, "nobody has been graded")
        seen = _seen(row, cells, shares) if row.hidden else None
        waiting = int(waits[row.cell].sum()) if row.cell in waits else 0
        about = {
            "tried": len(mine), "passed": int((mine >= FULL).sum()), "share": float(mine.mean()) if len(mine) else math.nan,
            "discrimination": r, "why_none": why, "blank": int(blank.get(row.exercise, 0)), "waiting": waiting, "seen": seen,
        }  # fmt: skip
        mark, words = what_to_look_at(kind=row.kind, **about)
        found.append(Question(row.cell, row.exercise, row.kind, bool(row.hidden), row.max_points, mark=mark, words=words, **about))
    place = {question.cell: number for number, question in enumerate(found)}
    return sorted(found, key=lambda question: _turn(question, place[question.cell]))


def correlation(share: pd.Series, rest: pd.Series) -> float | None:
    """Pearson's correlation, which is the point-biserial one where `share` is 0 or 1; None where either does not vary."""
    both = pd.concat([share, rest], axis=1, keys=["share", "rest"]).dropna()
    if len(both) < 2 or both["share"].nunique() < 2 or both["rest"].nunique() < 2:
        return None
    return float(both["share"].corr(both["rest"]))


def what_to_look_at(
    *, kind: str, tried: int, passed: int, share: float, discrimination: float | None, why_none: str, blank: int, waiting: int, seen: tuple[int, int] | None
) -> tuple[str, str]:
    """Return a mark, LOOK, NOTE or FINE, and words for whoever wrote the question."""
    if tried == 0:
        return FINE, "" if waiting else "No submission came as far as this."
    if waiting:  # those that have points are the empty ones, or the first that were read
        return FINE, ""
    check = "check" if kind == "test" else "marking"
    if passed == 0 and tried >= FEWEST and kind == "test" and share == 0:
        return LOOK, "Nobody passed. Does the check ask for what the text asks for? Try the solution on it."
    if discrimination is not None and discrimination < -1 / math.sqrt(tried):
        return LOOK, f"Those who did well elsewhere did worse here. The text or the {check} may mislead; or a right answer may be refused."
    if seen and seen[0] >= 3 and seen[0] >= UNSAID * seen[1]:
        return LOOK, f"{seen[0]} of {seen[1]} who passed all they could see of this exercise failed here. Does the text say what this asks for?"
    if discrimination is not None and discrimination < WEAK:
        return NOTE, "Doing well elsewhere says little about doing well here. With few students that may be chance."
    if passed < HARD * tried and tried >= FEWEST and share < 0.5:
        why = f"Hard: {blank} of {tried} left it empty." if blank > tried / 3 else "Hard."
        return NOTE, f"{why} The misconceptions above say what went wrong." if why == "Hard." and kind == "test" else why
    if passed == tried and tried >= FEWEST:
        return FINE, "Everybody passed."
    return FINE, ""


def _tables(material: Material, lesson: str, cells: pd.DataFrame, grades: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Students by cells: the share of the points (NaN where the test did not run), the points, and whether a person has to look.

    Submissions that could not be read are left out: they say nothing about a question.
    """
    lost = set(material.of("unreadable", lesson).query("kind == 'submission'")["student"])
    by_cell = grades[~grades["student"].isin(lost)].set_index(["student", "cell"])
    points, waits = by_cell["points"].unstack(), by_cell["waits"].unstack().eq(True)
    points = points[[cell for cell in cells["cell"] if cell in points]]
    most = cells.set_index("cell")["max_points"].reindex(points.columns)
    shares = points / most.where(most > 0)
    for row in material.of("unreached", lesson).itertuples():
        if row.cell in shares and row.student in shares.index:
            shares.loc[row.student, row.cell] = math.nan
    return shares, points, waits


def _rest(points: pd.DataFrame, waits: pd.DataFrame) -> pd.DataFrame:
    """Students by cells: the points in the rest of the lesson, of cells for which the whole class has its points."""
    settled = points[[cell for cell in points if points[cell].notna().all() and not waits[cell].any()]]
    total = settled.sum(axis=1)
    return pd.DataFrame({cell: total - settled[cell] if cell in settled else total for cell in points})


def _discrimination(share: pd.Series, rest: pd.Series) -> tuple[float | None, str]:
    rest = rest.reindex(share.index).dropna()
    share = share.reindex(rest.index)
    if len(share) < FEWEST:
        return None, f"fewer than {FEWEST} students"
    found = correlation(share, rest)
    if found is not None:
        return found, ""
    return None, "all have the same points here" if share.nunique() < 2 else "all have the same points elsewhere"


def _seen(row, cells: pd.DataFrame, shares: pd.DataFrame) -> tuple[int, int] | None:
    shown = (cells["exercise"] == row.exercise) & ~cells["hidden"] & (cells["kind"] == "test")
    visible = [cell for cell in cells[shown]["cell"] if cell in shares]
    if not visible or row.cell not in shares:
        return None
    both = shares[[*visible, row.cell]].dropna()
    passed = both[(both[visible] >= FULL).all(axis=1)]
    return int((passed[row.cell] < FULL).sum()), len(passed)


def _turn(question: Question, place: int) -> tuple:
    r = question.discrimination
    return (LOOK, NOTE, FINE).index(question.mark), question.tried == 0, math.inf if r is None else r, question.rate if question.tried else 0.0, place

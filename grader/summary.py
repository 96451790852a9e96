"""What grading came to, and whether a machine can grade, as tables for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from grader.engine.doctor import Finding
    from grader.nbgrader_plugins.batch import Result

WORK = {"graded": "run and graded", "kept": "graded from an earlier run", "unchanged": "unchanged", "failed": "could not be graded"}
# Words, so that it reads without colours too.
MARKS = {"ok": "green", "note": "yellow", "to do": "red"}


def of_lesson(lesson: str, results: Iterable[Result]) -> Table:
    """A row a student: points, and the first thing that went wrong."""
    table = Table(title=lesson, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    results = list(results)
    odd = any(result.late or result.excused for result in results)
    if odd:
        table.add_column("late", no_wrap=True)
    table.add_column("first thing that went wrong", overflow="fold")
    for result in results:
        table.add_row(result.student, points(result), *([lateness(result)] if odd else []), _cut(result.problem))
    return table


def of_work(results: Iterable[Result], seconds: float) -> str:
    """One line: how many submissions were run, taken from an earlier run, left as they were, or not graded; and the time."""
    counts = Counter(result.how for result in results)
    told = [f"{counts[how]} {words}" for how, words in WORK.items() if counts[how]]
    minutes, rest = divmod(round(seconds), 60)
    return f"{', '.join(told) or 'nothing to do'}, in {minutes} min {rest:02d} s."


def points(result: Result) -> str:
    """`14.5/20`, with `+` where an answer waits to be read by hand."""
    return f"{result.points:g}/{result.max_points:g}" + ("+" if result.by_hand else "")


def lateness(result: Result) -> str:
    """`2 days, −1.5`: by how much, and the points that it costs; `excused` where the lesson does not count."""
    if result.excused:
        return "excused"
    if not result.late:
        return ""
    from grader.nbgrader_plugins.due import how_long

    return how_long(result.late) + (f", −{result.penalty:g}" if result.penalty else "")


def of_class(results: Iterable[Result], stories: dict[str, str]) -> Table:
    """A row a student, a column a lesson; `stories` says how each student's work arrived."""
    results = list(results)
    lessons = list(dict.fromkeys(result.lesson for result in results))
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("student", no_wrap=True)
    for lesson in lessons:
        table.add_column(lesson.split("_")[0], justify="right", no_wrap=True)
    table.add_column("handed in")
    table.add_column("first thing that went wrong", overflow="fold")
    for student in dict.fromkeys(result.student for result in results):
        own = {result.lesson: result for result in results if result.student == student}
        cells = [points(own[lesson]) if lesson in own else "" for lesson in lessons]
        problem = next((f"{lesson[:2]} {own[lesson].problem}" for lesson in lessons if lesson in own and own[lesson].problem), "")
        table.add_row(student, *cells, stories.get(student, ""), _cut(problem))
    return table


def of_machine(findings: Iterable[Finding]) -> Table:
    """A row a finding: `ok`, `note` where grading can go on but something should be done, or `to do`."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("what", no_wrap=True)
    table.add_column("how it is", overflow="fold")
    for finding in findings:
        mark = "to do" if not finding.ok else "note" if finding.todo else "ok"
        table.add_row(f"[{MARKS[mark]}]{mark}[/]", finding.what, escape(finding.says))
    return table


def _cut(text: str, longest: int = 110) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"

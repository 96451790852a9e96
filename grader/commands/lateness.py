"""The command of those who set dates: due."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from grader.authoring import lesson as lessons
from grader.commands.shared import Root, command, console, course_root, errors, fail, progress


@command
def due(
    lesson: Annotated[str | None, typer.Argument(metavar="[LESSON]", help="A lesson, e.g. 01. Without it all dates are shown.")] = None,
    when: Annotated[str | None, typer.Argument(metavar="[WHEN]", help="When it is due: 2026-02-02 (the end of that day), '2026-02-02 18:00', or none.")] = None,
    root: Root = Path("."),
    student: Annotated[list[str] | None, typer.Option("--student", help="For this student alone; may be given several times.")] = None,
    extend: Annotated[str | None, typer.Option("--extend", metavar="SPAN", help="How much longer they have: 3d, 12h, 1d12h, 2w; 0 takes it back.")] = None,
    excuse: Annotated[bool | None, typer.Option("--excuse/--no-excuse", help="The lesson does not count for them, or does.")] = None,
    per_day: Annotated[float | None, typer.Option("--per-day", min=0, max=100, metavar="PERCENT", help="What each day begun after the due date costs, of the lesson's points.")] = None,
    at_most: Annotated[float | None, typer.Option("--at-most", min=0, max=100, metavar="PERCENT", help="What lateness costs at most.")] = None,
    grace: Annotated[str | None, typer.Option("--grace", metavar="SPAN", help="So much later is not late, e.g. 15m.")] = None,
    no_feedback: Annotated[bool, typer.Option("--no-feedback", help="Do not write feedback pages anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the dates and what changed as JSON.")] = False,
) -> None:
    """Due dates, extensions, excusals, late penalties.

    They apply to what is graded already, too: points in tables, exports, feedback and the report are less the same penalty.

    Times are this machine's unless they name a zone. All of it is kept in due.json, and dates and penalties in nbgrader's gradebook.

    Examples: grader due; grader due 01 2026-02-02; grader due 01 --student ada --extend 3d; grader due 01 --student ada --excuse;
    grader due --per-day 10 --at-most 50 --grace 15m
    """
    from grader.nbgrader_plugins import due as tool
    from grader.nbgrader_plugins.batch import feedback
    from grader.nbgrader_plugins.course import course
    from grader.nbgrader_plugins.database import problem
    from grader.nbgrader_plugins.lateness import settle, there

    root = course_root(root)
    api = course(root)
    terms = tool.read(root)
    name = lessons.discover(root, [lesson])[0].stem if lesson else ""
    who, undated = list(dict.fromkeys(student or [])), []
    if who and not name:
        raise fail("--student needs a lesson: grader due 01 --student ID --extend 3d.", code=2)
    if who and when is None and extend is None and excuse is None:
        raise fail("say what the student gets: a time, --extend or --excuse.", code=2)
    if not who and (extend is not None or excuse is not None):
        raise fail("--extend and --excuse are for one student: name them with --student ID.", code=2)
    if when is not None and extend is not None:
        raise fail("a time and --extend say the same twice; give one of them.", code=2)
    _known(root, api, who)
    if when is not None and not who:
        if when.strip().lower() == "none":
            terms.due.pop(name, None)
            undated.append(name)
        else:
            terms.due[name] = tool.moment(when)
    if who and (when is not None or extend is not None):
        if name not in terms.due:
            raise fail(f"{name} has no due date yet. Give it one first: grader due {name} 2026-02-02")
        longer = tool.span(extend).total_seconds() if extend is not None else (tool.moment(when) - terms.due[name]).total_seconds()
        if longer < 0:
            raise fail(f"{when} is before {name} is due for all, {tool.shown(terms.due[name])}.")
        terms.extensions.setdefault(name, {}).update(dict.fromkeys(who, longer))
    if excuse is not None:
        now = set(terms.excused.get(name, []))
        terms.excused[name] = sorted(now | set(who) if excuse else now - set(who))
    terms.per_day = terms.per_day if per_day is None else per_day
    terms.at_most = terms.at_most if at_most is None else at_most
    terms.grace = terms.grace if grace is None else tool.span(grace).total_seconds() / 60
    changed = []
    if when is not None or who or per_day is not None or at_most is not None or grace is not None:
        if there(api.coursedir.db_url) and (unusable := problem(api.coursedir.db_url)):
            raise fail(unusable)
        tool.write(root, terms)
        changed = settle(api, undated=undated)
        if not no_feedback:
            _pages(root, api, {name} - {""} or set(terms.due), feedback)
    if as_json:
        told = {"per_day": terms.per_day, "at_most": terms.at_most, "grace": terms.grace, "due": {one: at.isoformat() for one, at in terms.due.items()}}
        console.print_json(data=told | {"extensions": terms.extensions, "excused": terms.excused, "changed": [vars(one) for one in changed]})
        return
    _say(terms, tool)
    for one in changed:
        console.print(f"{one.lesson}, {one.student}: from {one.before:g} to {one.after:g} points.", highlight=False, markup=False)


def _known(root: Path, api, who: list[str]) -> None:
    """Stop at an id that is nobody's, where the class is known: a slip of the finger would go unnoticed."""
    from nbgrader.api import Gradebook

    from grader.nbgrader_plugins.lateness import there

    submitted = root / api.coursedir.submitted_directory
    known = {path.name for path in submitted.iterdir() if path.is_dir() and not path.name.startswith(".")} if submitted.is_dir() else set()
    if who and there(api.coursedir.db_url):
        with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
            known |= {one.id for one in gradebook.students}
    if known and (unknown := [one for one in who if one not in known]):
        raise fail(f"nobody is called {', '.join(unknown)}. Known are {', '.join(sorted(known)[:8])}{', …' if len(known) > 8 else ''}; grader students lists all.")


def _pages(root: Path, api, names: set[str], feedback) -> None:
    """Write anew the feedback pages that say something else now."""
    from grader.nbgrader_plugins.batch import students_of

    graded = Path(api.coursedir.root, api.coursedir.feedback_directory)
    work = {name: [who for who in students_of(api, name) if (graded / who / name).is_dir()] for name in sorted(names)}
    with progress() as bar:
        for name, students in work.items():
            if students:
                task = bar.add_task(name, total=len(students))
                feedback(root, name, students, lambda who, task=task: bar.advance(task))


def _say(terms, tool) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("lesson", "due", "longer", "excused"):
        table.add_column(column, overflow="fold")
    for name in sorted({*terms.due, *(one for one, own in terms.extensions.items() if own), *(one for one, own in terms.excused.items() if own)}):
        given = [f"{who} +{tool.how_long(longer)}" for who, longer in terms.extensions.get(name, {}).items() if longer]
        when = tool.shown(terms.due[name].astimezone(UTC)) if name in terms.due else ""
        table.add_row(name, when, escape(", ".join(given)), escape(", ".join(terms.excused.get(name, []))))
    if table.rows:
        console.print(table)
    else:
        errors.print("No lesson has a due date yet: grader due 01 2026-02-02", highlight=False)
    if terms.per_day:
        grace = f", after {terms.grace:g} minutes of grace" if terms.grace else ""
        console.print(f"Each day begun late costs {terms.per_day:g} % of a lesson's points{grace}, {terms.at_most:g} % at most.", highlight=False)
    else:
        console.print("Lateness costs nothing; --per-day 10 changes that.", highlight=False)

"""The commands between an LMS and the course: collect, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from grader.authoring import lesson as lessons
from grader.commands.shared import Root, command, console, course_root, errors, fail, progress

SHOWN = {"new": "green", "replaced": "yellow", "unchanged": "dim", "older": "yellow"}


@command
def collect(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Downloads of Moodle or Canvas, folders, students' zips, notebooks.")],
    root: Root = Path("."),
    lesson: Annotated[str | None, typer.Option("--lesson", help="What a notebook is that does not say; one that is another lesson is left.")] = None,
    names: Annotated[
        Path | None, typer.Option("--names", metavar="ROSTER", help="The class as the LMS exports it (CSV): students are called by their ids in it.")
    ] = None,
    student: Annotated[str | None, typer.Option("--student", metavar="ID", help="Whose all of it is, where that does not say.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Bring what students handed in into submitted/.

    Zips of Moodle and Canvas, folders, single notebooks: each goes to submitted/STUDENT/LESSON/.

    The newest counts where someone handed in twice; what it replaces is kept in .grader/collected/. What cannot be placed stays where it is
    and is listed with the reason. The same download again changes nothing. Exit code 1 if something was left. docs/LMS.md says more.

    Examples: grader collect moodle-download.zip; grader collect submissions.zip --names gradebook.csv; grader collect 01.ipynb --student ada
    """
    from grader.lms import collecting, roster
    from grader.lms.lessons import Catalogue
    from grader.nbgrader_plugins.batch import PRIVATE
    from grader.nbgrader_plugins.course import course

    root = course_root(root)
    coursedir = course(root).coursedir
    catalogue = Catalogue.read(root / coursedir.release_directory)
    chosen = lessons.discover(root, [lesson])[0].stem if lesson else ""
    if chosen and chosen not in catalogue.lessons:
        raise fail(f"{chosen} is not released: notebooks/{chosen}/{chosen}.ipynb is missing. Run: grader build {chosen}")
    if student and student != (wanted := collecting.plain_id(student)):
        raise fail(f"{student!r} cannot be a folder's name; write {wanted!r}." if wanted else "--student needs letters or digits.", code=2)
    private = root / PRIVATE
    try:
        people = roster.read(names) if names else None
        if student and people:
            student = people.of_sender(collecting.Sender("plain", student)).student
        with progress() as bar:
            task = bar.add_task("collecting", total=None)
            found = collecting.collect(
                sources,
                lambda who, what: Path(coursedir.format_path(coursedir.submitted_directory, who, what)),
                root / coursedir.submitted_directory,
                private,
                catalogue,
                chosen,
                people,
                student or "",
                dry_run,
                lambda placed: bar.advance(task),
            )
    except KeyboardInterrupt:
        errors.print("[yellow]grader:[/yellow] stopped. What was collected is in its place; the same command does the rest.", highlight=False)
        raise typer.Exit(130) from None
    except ValueError as problem:  # a source or a roster that cannot be used at all
        raise fail(str(problem)) from None
    if as_json:
        console.print_json(data=found.as_json())
    else:
        _say_collected(found, dry_run)
    if found.unplaced:
        raise typer.Exit(1)


def _say_collected(found, dry_run: bool) -> None:
    for lesson in sorted({placed.lesson for placed in found.placed}):
        table = Table(title=lesson, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
        table.add_column("student", overflow="fold", max_width=32)
        table.add_column("", no_wrap=True)
        table.add_column("receipts", justify="right", no_wrap=True)
        table.add_column("handed in by, as", overflow="fold", max_width=70)
        for one in (placed for placed in found.placed if placed.lesson == lesson):
            who = f"{one.name[:40]}: " if one.name != one.student else ""
            said = [escape(who + one.file), *(f"[dim]{escape(note)}[/dim]" for note in one.notes)]
            table.add_row(escape(one.student), f"[{SHOWN[one.how]}]{one.how}[/]", str(one.receipts or ""), "\n".join(said))
        console.print(table)
        console.print()
    if found.unplaced:
        console.print("[bold]Left where it is[/bold]")
        for one in found.unplaced:
            console.print(f"  {escape(one.origin)}: {escape(one.reason)}.", highlight=False)
        console.print()
    for remark in found.remarks:
        console.print(f"[yellow]note:[/yellow] {escape(remark)}", highlight=False)
    counts = {how: sum(placed.how == how for placed in found.placed) for how in SHOWN}
    told = [f"{count} {how}" for how, count in counts.items() if count] + ([f"{len(found.unplaced)} left"] if found.unplaced else [])
    console.print(f"{', '.join(told) or 'nothing to collect'}{'; nothing was changed (--dry-run)' if dry_run else ''}.", highlight=False)


@command
def export(
    names: Annotated[list[str] | None, typer.Argument(metavar="[LESSON]...", help="Lessons, e.g. 01. All in the gradebook by default.")] = None,
    kind: Annotated[str, typer.Option("--format", metavar="FORMAT", help="canvas, moodle or csv.")] = "csv",
    root: Root = Path("."),
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write. Default: canvas.csv, moodle.csv or grades.csv in exports/.")] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="The LMS's own export (CSV): its people and columns are filled in.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Export the points so far where a written answer has still to be read.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over the file that --out names.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was exported as JSON.")] = False,
) -> None:
    """Write the points as Canvas or Moodle import them.

    Or as a table with one row a student and lesson.

    Points are nbgrader's own total: written answers count, late penalties are taken off. Whoever is in the gradebook or the roster only is listed.

    Examples: grader export --format moodle 01 --roster worksheet.csv; grader export --format canvas --roster gradebook.csv; grader export
    """
    from grader.lms import exporting, tables
    from grader.lms import roster as rosters
    from grader.lms.lessons import Catalogue
    from grader.lms.people import People
    from grader.nbgrader_plugins.batch import PRIVATE, students_of
    from grader.nbgrader_plugins.course import course
    from grader.nbgrader_plugins.database import problem
    from grader.nbgrader_plugins.totals import totals

    if kind not in exporting.FORMATS:
        raise fail(f"--format is {', '.join(exporting.FORMATS[:-1])} or {exporting.FORMATS[-1]}, not {kind}.", code=2)
    root = course_root(root)
    target = out or root / "exports" / ("grades.csv" if kind == "csv" else f"{kind}.csv")
    if out and out.exists() and not force:
        raise fail(f"{out} exists. Name another file, or write over it with --force.")
    if roster and target.resolve() == roster.resolve():
        raise fail("--out is the roster itself; name another file.")
    api = course(root)
    if unusable := problem(api.coursedir.db_url):
        raise fail(unusable)
    chosen = [path.stem for path in lessons.discover(root, names)] if names else None
    found, most, students = totals(api, chosen)
    if missing := [lesson for lesson in chosen or [] if lesson not in most]:
        raise fail(f"the gradebook does not know {', '.join(missing)}. Run: grader autograde {missing[0]}")
    if chosen is None:  # what nobody has handed in is no column
        most = {lesson: points for lesson, points in most.items() if any(one.lesson == lesson for one in found)}
    if not found:
        raise fail("nothing is graded yet. Run: grader autograde LESSON")
    waiting = [one for one in found if one.waits]
    if waiting and not partial:
        raise fail(_waiting(waiting) + " Read them in formgrader, or export the points so far with --partial.")
    try:
        titles = Catalogue.read(root / api.coursedir.release_directory).titles
    except FileNotFoundError:
        titles = {}
    try:
        people = rosters.read(roster) if roster else None
        grades = exporting.Grades(found, most, students, titles, People(root / PRIVATE / "collected" / "people.json").canvas())
        made = exporting.export(grades, kind, people)
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    if waiting:
        made.remarks.insert(0, _waiting(waiting))
    for lesson in most:
        graded = {one.student for one in found if one.lesson == lesson}
        if late := [student for student in students_of(api, lesson) if student not in graded]:
            some = f"{', '.join(late[:5])}{', …' if len(late) > 5 else ''}"
            made.remarks.append(f"{len(late)} submissions of {lesson} are not graded, so not in the file: {some}.")
    tables.write(target, made.content)
    if as_json:
        console.print_json(data={"file": str(target), "format": kind, "lessons": list(most), **made.as_json()})
        return
    for title, listed in (("In the gradebook, not in the roster, so not in the file", made.not_in_roster), ("In the roster, with nothing graded", made.nothing_from)):
        if listed:
            console.print(f"[yellow]{title}:[/yellow] {escape(', '.join(listed))}", highlight=False)
    for remark in made.remarks:
        errors.print(f"[yellow]note:[/yellow] {escape(remark)}", highlight=False)
    shown = target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target
    console.print(f"{len(made.students)} students, {len(most)} lesson{'s' * (len(most) != 1)}: {escape(str(shown))}", highlight=False)


def _waiting(waiting) -> str:
    by_lesson: dict[str, list[str]] = {}
    for one in waiting:
        by_lesson.setdefault(one.lesson, []).append(one.student)
    told = "; ".join(f"{lesson}: {', '.join(who[:5])}{f' and {len(who) - 5} more' if len(who) > 5 else ''}" for lesson, who in by_lesson.items())
    return f"{len(waiting)} submissions have answers that wait to be read by hand ({told})."

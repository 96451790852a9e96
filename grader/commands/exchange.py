"""The commands between an LMS and the course: collect, export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from grader.authoring import lesson as lessons
from grader.commands.shared import Root, command, console, course_root, errors, fail, progress

MOST_LINES = 100  # of what was left; a zip may hold thousands of files that are nobody's
MOST_NAMED = 20
SHOWN = {"new": "green", "replaced": "yellow", "unchanged": "dim", "older": "yellow"}


@command
def collect(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Downloads of an LMS, folders, students' zips, notebooks.")],
    root: Root = Path("."),
    lesson: Annotated[str | None, typer.Option("--lesson", help="What a notebook is that does not say; one that is another lesson is left.")] = None,
    names: Annotated[
        Path | None, typer.Option("--names", metavar="ROSTER", help="The class as the LMS exports it (CSV): students are called by their ids in it.")
    ] = None,
    student: Annotated[str | None, typer.Option("--student", metavar="ID", help="Whose all of it is, whatever it says.")] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="PAGE", help="The code page of names in a zip made by Windows, e.g. cp850.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option("--layout", metavar="LAYOUT", help="How to read it: moodle, canvas, …, folders, folders=2, files or one; docs/LMS.md has all.")
    ] = None,
    teams: Annotated[bool, typer.Option("--teams", help="Teams handed in: every member gets the work. Members are those of the column Group of --names.")] = False,
    copies: Annotated[
        str, typer.Option("--copies", metavar="ask|newest", help="Which of several notebooks in one hand-in counts, where names and contents do not tell.")
    ] = "ask",
    new: Annotated[bool, typer.Option("--new", help="Who looks like somebody known is somebody else.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say who would get what; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Bring what students handed in into submitted/.

    Downloads of LMSs, folders, single notebooks: each goes to submitted/STUDENT/LESSON/.

    The newest counts where someone handed in twice; what it replaces is kept in .grader/collected/. What cannot be placed stays where it is
    and is listed with the reason. The same download again changes nothing. Exit code 1 if something was left. docs/LMS.md says more.

    Examples: grader collect moodle-download.zip; grader collect submissions.zip --names gradebook.csv --dry-run; grader collect 01.ipynb --student ada
    """
    from grader.lms import collecting, roster
    from grader.lms.layouts import FOLDERS, NAMES
    from grader.lms.lessons import Catalogue
    from grader.nbgrader_plugins.batch import PRIVATE
    from grader.nbgrader_plugins.course import course

    root = course_root(root)
    api = course(root)
    coursedir = api.coursedir
    catalogue = Catalogue.read(root / coursedir.release_directory)
    chosen = lessons.discover(root, [lesson])[0].stem if lesson else ""
    if chosen and chosen not in catalogue.lessons:
        raise fail(f"{chosen} is not released: notebooks/{chosen}/{chosen}.ipynb is missing. Run: grader build {chosen}")
    if student and student != (wanted := collecting.plain_id(student)):
        raise fail(f"{student!r} cannot be a folder's name; write {wanted!r}." if wanted else "--student needs letters or digits.", code=2)
    try:
        "".encode(encoding or "utf-8")
    except LookupError:
        raise fail(f"--encoding {encoding} is no code page; cp850, cp866 and cp932 are some.", code=2) from None
    kind, _, level = (layout or "").partition("=")
    if layout and (kind not in NAMES or level and (kind != FOLDERS or not level.isdecimal() or not 0 < int(level) < 10)):
        raise fail(f"--layout is {', '.join(NAMES[:-1])} or {NAMES[-1]}, and folders=2 for folders within folders; not {layout}.", code=2)
    if copies not in ("ask", "newest"):
        raise fail(f"--copies is ask or newest, not {copies}.", code=2)
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
                encoding or "",
                new,
                _ask(bar) if sys.stdin.isatty() and errors.is_terminal and not as_json else lambda question: None,
                lambda placed: bar.advance(task),
                layout or "",
                teams,
                copies,
            )
    except KeyboardInterrupt:
        errors.print("[yellow]grader:[/yellow] stopped. What was collected is in its place; the same command does the rest.", highlight=False)
        raise typer.Exit(130) from None
    except ValueError as wrong:  # a source or a roster that cannot be used at all
        raise fail(str(wrong)) from None
    if not dry_run and found.placed:
        found.remarks += _enrol(root, api)
    if as_json:
        console.print_json(data=found.as_json())
    else:
        _say_collected(found, dry_run)
    if found.unplaced:
        raise typer.Exit(1)


def _enrol(root: Path, api) -> list[str]:
    """Let the gradebook know who is who; return why not, if not: what was collected is in its place all the same."""
    from grader.lms.classroom import Classroom
    from grader.nbgrader_plugins.database import problem

    if unusable := problem(api.coursedir.db_url):
        return [f"The names are not in the gradebook yet: {unusable}"]
    Classroom(root, api).enrol()
    return []


def _ask(bar) -> Callable[[str], bool]:
    def ask(question: str) -> bool:
        bar.stop()
        same = typer.confirm(f"{question.partition('; if so run')[0]}. Is it the same person?", err=True)
        bar.start()
        return same

    return ask


def _say_collected(found, dry_run: bool) -> None:
    for source, title, people in found.readings:
        console.print(f"[dim]{escape(source)} was read as {escape(title)}: {people} {'person' if people == 1 else 'people'}.[/dim]", highlight=False)
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
        for one in found.unplaced[:MOST_LINES]:
            console.print(f"  {escape(one.origin)}: {escape(one.reason)}.", highlight=False)
        if (more := len(found.unplaced) - MOST_LINES) > 0:
            console.print(f"  and {more:,} more, which --json lists.", highlight=False)
        console.print()
    if found.beside:
        some = ", ".join(escape(one.origin) for one in found.beside[:MOST_NAMED])
        more = f" and {len(found.beside) - MOST_NAMED:,} more, which --json lists" if len(found.beside) > MOST_NAMED else ""
        console.print(f"[dim]Beside notebooks, and not taken: {some}{more}.[/dim]", highlight=False)
    for remark in found.remarks:
        console.print(f"[yellow]note:[/yellow] {escape(remark)}", highlight=False)
    counts = {how: sum(placed.how == how for placed in found.placed) for how in SHOWN}
    told = [f"{count} {how}" for how, count in counts.items() if count] + ([f"{len(found.unplaced)} left"] if found.unplaced else [])
    console.print(f"{', '.join(told) or 'nothing to collect'}{'; nothing was changed (--dry-run)' if dry_run else ''}.", highlight=False)


@command
def export(
    names: Annotated[list[str] | None, typer.Argument(metavar="[LESSON]...", help="Lessons, e.g. 01. All in the gradebook by default.")] = None,
    kind: Annotated[str, typer.Option("--format", metavar="FORMAT", help="canvas, moodle or csv; gradescope writes an autograder for that place.")] = "csv",
    feedback: Annotated[str | None, typer.Option("--feedback", metavar="LMS", help="Write the feedback pages instead, as the zip that moodle or canvas takes.")] = None,
    root: Root = Path("."),
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write. Default: canvas.csv, moodle.csv, grades.csv or feedback-LMS-LESSON.zip in exports/.")] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="The LMS's own export (CSV): its people and columns are filled in.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Export the points so far where a written answer has still to be read.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over the file that --out names.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was exported as JSON.")] = False,
) -> None:
    """Write the points as Canvas or Moodle import them.

    Or as a table with one row a student and lesson.

    Points are nbgrader's own total: written answers count, late penalties are taken off. Whoever is in the gradebook or the roster only is listed.

    With --feedback the pages go back: Moodle's "Upload multiple feedback files in a zip", Canvas's "Upload Submissions".

    Examples: grader export --format moodle 01 --roster worksheet.csv; grader export --format canvas --roster gradebook.csv; grader export;
    grader export --feedback moodle 01; grader export --feedback canvas 01; grader export --format gradescope 01
    """
    from grader.lms import exporting, returning, tables
    from grader.lms import roster as rosters
    from grader.lms.lessons import Catalogue
    from grader.lms.people import People
    from grader.nbgrader_plugins import due
    from grader.nbgrader_plugins.batch import PRIVATE, students_of
    from grader.nbgrader_plugins.course import course
    from grader.nbgrader_plugins.database import problem
    from grader.nbgrader_plugins.totals import totals

    if kind == "gradescope":
        _export_gradescope(course_root(root), names, out, force, as_json)
        return
    if kind not in exporting.FORMATS:
        raise fail(f"--format is {', '.join(exporting.FORMATS)} or gradescope, not {kind}.", code=2)
    if feedback and feedback not in returning.SYSTEMS:
        raise fail(f"--feedback is {' or '.join(returning.SYSTEMS)}, not {feedback}.", code=2)
    if feedback and kind != "csv":
        raise fail("--feedback writes pages and --format points; ask for one after the other.", code=2)
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
    waiting = [one for one in found if one.waits and not one.excused]
    if waiting and not partial:
        raise fail(_waiting(waiting) + " Read them in formgrader, or export the points so far with --partial.")
    if feedback:
        _export_feedback(root, api, found, feedback, roster, out, as_json)
        if waiting:
            errors.print(f"[yellow]note:[/yellow] {escape(_waiting(waiting))}", highlight=False)
        return
    try:
        titles = Catalogue.read(root / api.coursedir.release_directory).titles
    except FileNotFoundError:
        titles = {}
    try:
        people = rosters.read(roster) if roster else None
        excused = frozenset((who, lesson) for lesson, own in due.read(root).excused.items() if lesson in most for who in own)
        grades = exporting.Grades(found, most, students, titles, People(root / PRIVATE / "collected" / "people.json").canvas(), excused)
        made = exporting.export(grades, kind, people)
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    if waiting:
        made.remarks.insert(0, _waiting(waiting))
    if excused and kind != "csv":
        told = "; ".join(f"{who} from {lesson}" for who, lesson in sorted(excused))
        made.remarks.append(f"Excused, so without points in the file: {told}.")
    for lesson in most:
        graded = {one.student for one in found if one.lesson == lesson}
        if late := [student for student in students_of(api, lesson) if student not in graded]:
            some = f"{', '.join(late[:5])}{', …' if len(late) > 5 else ''}"
            made.remarks.append(f"{len(late)} submissions of {lesson} are not graded, so not in the file: {some}.")
    tables.write(target, made.content)
    left_out = made.not_in_roster if kind != "csv" else []
    if as_json:
        console.print_json(data={"file": str(target), "format": kind, "lessons": list(most), **made.as_json()})
        if left_out:
            raise fail(_left_out(left_out))
        return
    for title, listed in (("In the gradebook, not in the roster, so not in the file", made.not_in_roster), ("In the roster, with nothing graded", made.nothing_from)):
        if listed:
            console.print(f"[yellow]{title}:[/yellow] {escape(', '.join(listed))}", highlight=False)
    for remark in made.remarks:
        errors.print(f"[yellow]note:[/yellow] {escape(remark)}", highlight=False)
    shown = target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target
    console.print(f"{len(made.students)} students, {len(most)} lesson{'s' * (len(most) != 1)}: {escape(str(shown))}", highlight=False)
    if left_out:
        raise fail(_left_out(left_out))


def _export_gradescope(root: Path, names: list[str] | None, out: Path | None, force: bool, as_json: bool) -> None:
    from grader.authoring import build
    from grader.lms import gradescope, returning
    from grader.nbgrader_plugins.source import stamped

    found = [lessons.read(path) for path in lessons.discover(root, names)]
    if len(found) != 1:
        raise fail(f"Gradescope has an autograder for each assignment; name one lesson of {', '.join(one.name for one in found)}.", code=2)
    lesson = found[0]
    if stamped(root, lesson.name) and (old := build.stale(root, lesson)):
        raise fail(f"the build is older than lessons/: {' '.join(old)} Run: grader build {lesson.name}")
    target = out or root / "exports" / f"gradescope-{lesson.name}.zip"
    if out and out.exists() and not force:
        raise fail(f"{out} exists. Name another file, or write over it with --force.")
    content = gradescope.pack(Path(__file__).parents[2], root, lesson.name)
    returning.write(target, content)
    if as_json:
        console.print_json(data={"file": str(target), "format": "gradescope", "lessons": [lesson.name], "bytes": len(content)})
        return
    shown = target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target
    console.print(f"{escape(str(shown))}: {len(content) / 1e6:.1f} MB. Upload it under Configure Autograder; docs/GRADESCOPE.md says how.", highlight=False)


def _export_feedback(root: Path, api, found, system: str, roster: Path | None, out: Path | None, as_json: bool) -> None:
    from grader.lms import returning
    from grader.lms import roster as rosters
    from grader.lms.ledger import Ledger
    from grader.nbgrader_plugins.batch import PRIVATE, feedback

    by_lesson: dict[str, list[str]] = {}
    for one in found:
        by_lesson.setdefault(one.lesson, []).append(one.student)
    if out and len(by_lesson) > 1:
        raise fail(f"each assignment takes a zip of its own; name one lesson with --out, of {', '.join(by_lesson)}.")
    try:
        people = rosters.read(roster) if roster else None
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    ledger, told, missing = Ledger(root / PRIVATE / "collected" / "ledger.json"), [], []
    with progress() as bar:
        for lesson, students in by_lesson.items():
            task = bar.add_task(lesson, total=len(students))
            pages = {page.parent.parent.name: page for page in feedback(root, lesson, students, lambda who, task=task: bar.advance(task))}
            made = returning.pack(lesson, pages, system, ledger, people)
            missing += [f"{who} ({lesson})" for who in [*made.missing, *sorted(set(students) - set(pages))]]
            target = out or root / "exports" / f"feedback-{system}-{lesson}.zip"
            if made.paths:
                returning.write(target, made.content)
                told.append({"file": str(target), "lesson": lesson, "pages": made.paths})
    if as_json:
        console.print_json(data={"feedback": told, "missing": missing})
    for one in told if not as_json else []:
        target = Path(one["file"])
        shown = target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target
        console.print(f"{len(one['pages'])} pages of {one['lesson']}: {escape(str(shown))}", highlight=False)
    if missing:
        again = "collect its download once more, which changes nothing else" + (", or give the assignment's worksheet with --roster" if system == "moodle" else "")
        raise fail(f"{len(missing)} pages are in no zip, as it is not known under which name {system.title()} has them: {', '.join(missing)}; {again}.")


def _waiting(waiting) -> str:
    by_lesson: dict[str, list[str]] = {}
    for one in waiting:
        by_lesson.setdefault(one.lesson, []).append(one.student)
    told = "; ".join(f"{lesson}: {', '.join(who[:5])}{f' and {len(who) - 5} more' if len(who) > 5 else ''}" for lesson, who in by_lesson.items())
    return f"{len(waiting)} submissions have answers that wait to be read by hand ({told})."


def _left_out(students: list[str]) -> str:
    return f"{len(students)} graded students are not in the file, as the roster has no such person: {', '.join(students)}. Add them to the roster and export again."

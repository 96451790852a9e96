"""The commands of those who grade: autograde, demo, doctor."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from grader.commands.shared import Gpu, IsolationKind, Root, choose, command, console, course_root, errors, fail, isolate, progress, read_lessons, steps

if TYPE_CHECKING:
    from grader.engine import Team
    from grader.engine.cluster import Cluster


@command
def autograde(
    names: Annotated[list[str] | None, typer.Argument(metavar="[LESSON]...", help="Lessons, e.g. 01_sequence_basics, 01, 1 or sequence. All that was collected by default.")] = None,
    root: Root = Path("."),
    student: Annotated[list[str] | None, typer.Option("--student", help="Only this student; may be given several times.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many submissions at a time. Default: what cores and memory allow.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on a Dask cluster: its scheduler's address or file. docs/CLUSTER.md says how.")
    ] = None,
    gradebook: Annotated[
        str | None, typer.Option(metavar="URL", envvar="GRADER_GRADEBOOK", help="The gradebook's database. Default: gradebook.db. See docs/GRADEBOOK.md.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Run every submission, also those that were graded and have not changed.")] = False,
    no_feedback: Annotated[bool, typer.Option("--no-feedback", help="Do not write feedback pages.")] = False,
    build: Annotated[bool, typer.Option("--build", help="Build first what was edited in lessons/ and is not built yet.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Grade what lies in submitted/; write feedback.

    Points go into nbgrader's gradebook, and each student gets a feedback page.

    What was graded and has not changed is not run again: stopped at any instant, the next run goes on where this one was.

    Where lessons/ has been edited since the last build nothing is graded, and the lessons are named.

    Examples: grader autograde; grader autograde 01 02 --student ada --json; grader autograde 01 --build; grader autograde 05 --scheduler tcp://10.0.0.1:8786
    """
    if scheduler and workers:
        raise fail("--workers counts workers on this machine; those of a cluster are counted by its scheduler.", code=2)
    if gradebook:
        os.environ["GRADER_GRADEBOOK"] = gradebook  # nbgrader_config.py reads it
    from dataclasses import asdict

    from grader import summary
    from grader.lms.classroom import Classroom
    from grader.nbgrader_plugins import batch
    from grader.nbgrader_plugins.course import course
    from grader.nbgrader_plugins.database import problem

    root = course_root(root)
    if unusable := problem(course(root).coursedir.db_url):
        raise fail(unusable)
    chosen = {}
    asked = read_lessons(root, names)
    arrived = {lesson.name: batch.students_of(course(root), lesson.name) for lesson in asked}
    if not names:
        everybody = {who for known in arrived.values() for who in known}
        if unknown := sorted(set(student or []) - everybody):
            raise fail(f"nothing was collected from {', '.join(unknown)} yet. Run: grader collect DOWNLOAD")
        asked = [lesson for lesson in asked if everybody and set(arrived[lesson.name]) & set(student or everybody)]
        if not asked:
            raise fail("nothing was collected yet. Run: grader collect DOWNLOAD")
    for lesson in asked:
        known = arrived[lesson.name]
        missing = sorted(set(student or []) - set(known))
        if missing and names:
            raise fail(f"no submission of {lesson.name} from {', '.join(missing)}. It belongs in submitted/STUDENT/{lesson.name}/.")
        if odd := [who for who in known if not who.isprintable() or set(who) & set("[]*?")]:
            raise fail(f"submitted/ holds folders whose names nbgrader cannot grade: {', '.join(map(ascii, odd[:5]))}. Rename them without [ ] * ? and line breaks.")
        chosen[lesson.name] = sorted(set(student) & set(known)) if student else known
        if not chosen[lesson.name]:
            raise fail(f"nobody handed in {lesson.name}: submitted/STUDENT/{lesson.name}/{lesson.name}.ipynb is where it belongs.")
    if not scheduler or build:  # a cluster's workers isolate, and refuse to work where they cannot
        isolate(isolation, gpu)
    _see_to_build(root, asked, build)
    started = time.monotonic()
    reached: list[batch.Result] = []
    try:
        with _graders(scheduler, workers or batch.default_workers()) as team, progress() as bar:
            tasks = {lesson: bar.add_task(lesson, total=len(students)) for lesson, students in chosen.items()}

            def tell(result):
                reached.append(result)
                bar.advance(tasks[result.lesson])

            results = batch.autograde(root, chosen, team, tell, again, pages=not no_feedback)
    except KeyboardInterrupt:
        errors.print(f"[yellow]grader:[/yellow] stopped after {len(reached)} submissions. The same command goes on from there.", highlight=False)
        raise typer.Exit(130) from None
    Classroom(root, course(root)).enrol()
    unwritten = [result for result in results if result.page]
    if as_json:
        console.print_json(data=[asdict(result) for result in results])
        if unwritten:
            raise typer.Exit(1)
        return
    for lesson in chosen:
        console.print(summary.of_lesson(lesson, (result for result in results if result.lesson == lesson)))
        console.print()
    console.print(summary.of_work(results, time.monotonic() - started), highlight=False)
    if any(result.by_hand for result in results):
        console.print("+ a written answer waits to be read by hand: nbgrader's formgrader shows it.", highlight=False)
    if reread := [result for result in results if result.again]:
        told = "; ".join(f"{result.student}, {result.lesson}: {', '.join(result.again)}" for result in reread)
        console.print(f"To be read again, because the answer or what was asked has changed since: {escape(told)}.", highlight=False)
    for result in unwritten:
        errors.print(f"[yellow]no page:[/yellow] {escape(f'{result.student}, {result.lesson}: {result.page}')}", highlight=False)
    if unwritten:
        raise fail(f"{len(unwritten)} feedback pages could not be written; all points are in the gradebook. Run: grader feedback {unwritten[0].lesson}")


def _see_to_build(root: Path, chosen: list, build: bool) -> None:
    """Build what is older than lessons/, or stop: what would be graded is not what its author sees.

    A solution that no build of lessons/ made, as nbgrader's users write them, is taken as it is.
    """
    from grader.authoring import build as tool
    from grader.nbgrader_plugins.source import stamped

    old = {lesson.name: lesson for lesson in chosen if stamped(root, lesson.name) and tool.stale(root, lesson)}
    if old and not build:
        what = "\n  ".join(line for lesson in old.values() for line in tool.stale(root, lesson))
        raise fail(f"the build is older than lessons/, so nothing was graded:\n  {what}\nRun: grader build {' '.join(old)}, or add --build.")
    for lesson in old.values():
        with steps(lesson.name) as step:
            tool.build(root, lesson, tell=step)
        errors.print(f"{lesson.name}: built", highlight=False)


@contextmanager
def _graders(scheduler: str | None, workers: int) -> Iterator[Team | Cluster]:
    """Who grades: a cluster where one is named, else workers on this machine."""
    if scheduler:
        from grader.engine.cluster import Cluster

        with Cluster(scheduler, tell=lambda line: errors.print(line, markup=False, highlight=False)) as cluster:
            yield cluster
        return
    from grader.engine import Team

    with Team(workers) as team:
        yield team


@command
def demo(
    names: Annotated[list[str] | None, typer.Argument(metavar="[LESSON]...", help="Lessons, e.g. 01. The first three by default.")] = None,
    every: Annotated[bool, typer.Option("--all", help="The whole course.")] = False,
    root: Root = Path("."),
    out: Annotated[Path, typer.Option("--out", help="The folder of the demonstration; it is made anew.")] = Path("demo"),
    workers: Annotated[int | None, typer.Option(min=1, help="How many submissions at a time.")] = None,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Grade a made-up class, end to end.

    It gets a folder of its own, and its points are compared with what each must get.

    Examples: grader demo; grader demo 01 --out demo; grader demo --all
    """
    from grader import demo as tool
    from grader import summary
    from grader.nbgrader_plugins import batch

    root = course_root(root)
    workers = workers or batch.default_workers()
    out = out.resolve()
    if not tool.may_make(out):
        raise fail(f"{out} is not empty and is no earlier demonstration. Name another folder with --out.")
    if names and every:
        raise fail("Name lessons or ask for --all, not both.")
    isolate(isolation, gpu)
    lessons = read_lessons(root, names) if names or every else read_lessons(root, None)[: tool.FIRST]
    started = time.monotonic()
    with batch.Team(workers) as team, progress() as bar:
        classes, results = tool.run(root, out, lessons, team, bar)
    wrong = tool.unexpected(classes, results)
    console.print(summary.of_class(results, {submission.student: submission.story for submission in classes}))
    console.print("+ a written answer waits to be read by hand.\n", highlight=False)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    console.print(f"{len(results)} submissions in {minutes} min {seconds:02d} s with {workers} workers; every score is what the answers must get." if not wrong else f"{len(wrong)} scores are not what the answers must get.", highlight=False)
    shown = out.relative_to(Path.cwd()) if out.is_relative_to(Path.cwd()) else out
    for what, where in (
        ("gradebook", shown / "gradebook.db"),
        ("feedback", shown / "feedback" / "student-05" / results[-1].lesson / f"{results[-1].lesson}.html"),
        ("submissions", shown / "submitted"),
        ("formgrader", f"cd {shlex.quote(str(shown))} && jupyter lab"),
    ):
        console.print(f"  {what:<12} {where}", highlight=False)
    if wrong:
        raise fail("\n".join(wrong))


@command
def doctor(
    root: Root = Path("."),
    isolation: IsolationKind = None,
    gpu: Gpu = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Can this machine grade? If not, what to do.

    Tries everything that grading needs.

    Exit code 1 if something that grading needs is missing. Examples: grader doctor; grader doctor --gpu --json
    """
    from dataclasses import asdict

    from grader import summary
    from grader.engine import doctor as tool

    chosen = choose(isolation, gpu)
    with errors.status("looking at this machine"):
        findings = tool.examine(root.resolve(), chosen)
    if as_json:
        console.print_json(data=[asdict(finding) for finding in findings])
    else:
        console.print(summary.of_machine(findings), "")
        for finding in findings:
            if finding.todo:
                console.print(f"[bold]{finding.what}:[/bold] {escape(finding.todo)}", highlight=False)
    missing = [finding.what for finding in findings if not finding.ok]
    if missing:
        raise fail(f"this machine cannot grade yet; see to {', '.join(missing)}.")
    if not as_json:
        console.print("This machine can grade.", highlight=False)

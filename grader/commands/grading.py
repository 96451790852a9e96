"""The commands of those who grade: autograde, demo, doctor."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from grader.commands.shared import Gpu, IsolationKind, Root, choose, command, console, course_root, errors, fail, isolate, progress, read_lessons

if TYPE_CHECKING:
    from grader.engine import Team
    from grader.engine.cluster import Cluster


@command
def autograde(
    names: Annotated[list[str], typer.Argument(metavar="LESSON...", help="Lessons, e.g. 01_sequence_basics or 01.")],
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
    isolation: IsolationKind = None,
    gpu: Gpu = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Grade what lies in submitted/; write feedback.

    Points go into nbgrader's gradebook, and each student gets a feedback page.

    What was graded and has not changed is not run again: stopped at any instant, the next run goes on where this one was.

    Examples: grader autograde 01; grader autograde 01 02 --student ada --json; grader autograde 05 --scheduler tcp://10.0.0.1:8786
    """
    if scheduler and workers:
        raise fail("--workers counts workers on this machine; those of a cluster are counted by its scheduler.", code=2)
    if gradebook:
        os.environ["GRADER_GRADEBOOK"] = gradebook  # nbgrader_config.py reads it
    from dataclasses import asdict

    from grader import summary
    from grader.nbgrader_plugins import batch
    from grader.nbgrader_plugins.course import course
    from grader.nbgrader_plugins.database import problem

    root = course_root(root)
    if unusable := problem(course(root).coursedir.db_url):
        raise fail(unusable)
    chosen = {}
    for lesson in read_lessons(root, names):
        known = batch.students_of(course(root), lesson.name)
        missing = sorted(set(student or []) - set(known))
        if missing:
            raise fail(f"no submission of {lesson.name} from {', '.join(missing)}. It belongs in submitted/STUDENT/{lesson.name}/.")
        chosen[lesson.name] = sorted(student) if student else known
        if not chosen[lesson.name]:
            raise fail(f"nobody handed in {lesson.name}: submitted/STUDENT/{lesson.name}/{lesson.name}.ipynb is where it belongs.")
    if not scheduler:  # a cluster's workers isolate, and refuse to work where they cannot
        isolate(isolation, gpu)
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
    if as_json:
        console.print_json(data=[asdict(result) for result in results])
        return
    for lesson in chosen:
        console.print(summary.of_lesson(lesson, (result for result in results if result.lesson == lesson)))
        console.print()
    console.print(summary.of_work(results, time.monotonic() - started), highlight=False)
    if any(result.by_hand for result in results):
        console.print("+ a written answer waits to be read by hand: nbgrader's formgrader shows it.", highlight=False)


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
        ("formgrader", f"cd {shown} && jupyter lab"),
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

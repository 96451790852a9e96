"""The commands of those who write lessons: build, variants, calibrate, course."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from grader.authoring import lesson as lessons
from grader.commands.shared import Gpu, IsolationKind, Names, Root, command, console, course_root, errors, fail, isolate, progress, read_lessons


@command
def build(
    names: Names = None,
    root: Root = Path("."),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what is stale and exit with 1 if anything is.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Execute again even what did not change.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Turn lessons/ into solutions/ and notebooks/.

    Solutions are executed; notebooks are the students' releases, made by nbgrader.

    Examples: grader build; grader build 01 02; grader build --check
    """
    from grader.authoring import build as tool

    root = course_root(root)
    found = read_lessons(root, names)
    if check:
        from grader.authoring.rules import broken_rules

        complaints = [line for lesson in found for line in broken_rules(lesson) + tool.stale(root, lesson)]
        complaints += tool.orphans(root, {path.stem for path in lessons.discover(root)})
        for line in complaints:
            errors.print(line, highlight=False, markup=False)
        if complaints:
            raise fail("Not everything is fresh. Run: grader build")
        console.print(f"{len(found)} lessons are fresh.", highlight=False)
        return
    if force or any(tool.stale(root, lesson) for lesson in found):
        isolate(isolation, gpu)  # the solution and the stub are graded before they are written
    for lesson in found:
        with console.status(lesson.name) as status:
            started = time.monotonic()
            written = tool.build(root, lesson, force, lambda text: status.update(f"{lesson.name}: {text}"))
        console.print(f"{lesson.name}: {f'built in {time.monotonic() - started:.0f} s' if written else 'fresh'}", highlight=False)


@command
def variants(
    names: Names = None,
    root: Root = Path("."),
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every variant and what its author reads.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Try every right and wrong answer on the tests.

    Does each get the points and the words it must?

    Each is tried in one process, as its author would, and graded through the referee as well; both must agree.

    Example: grader variants 01_sequence_basics -v
    """
    from grader.authoring import variants as tool
    from grader.engine import Team

    root = course_root(root)
    isolate(isolation, gpu)
    findings = []
    with Team(1) as team, progress() as bar:
        for lesson in read_lessons(root, names):
            stated = tool.read(lesson)
            for complaint in tool.too_few(lesson, stated):
                errors.print(f"[yellow]{complaint}[/yellow]", highlight=False)
            everything = tool.solution_variants(lesson) + tool.stub_variants(lesson) + stated
            task = bar.add_task(lesson.name, total=2 * len(everything))

            def tell(finding):
                if finding.complaint or verbose:
                    colour = "red" if finding.complaint else "green"
                    kind = "right" if finding.variant.right else "wrong"
                    console.print(f"[{colour}]{finding.variant.exercise}[/{colour}] · {kind}: {finding.variant.title} · {finding.points:g}/{finding.max_points:g}", highlight=False)
                    console.print("   " + (finding.complaint or finding.message).replace("\n", "\n   "), highlight=False, markup=False)

            findings += tool.run(lesson, everything, root / "build" / "variants" / lesson.name, tell, team, lambda task=task: bar.advance(task))
    right = [finding for finding in findings if finding.variant.right]
    wrong = [finding for finding in findings if not finding.variant.right]
    unfair, blind = sum(finding.unfair for finding in right), sum(finding.blind for finding in wrong)
    console.print(f"{len(findings)} answers: {unfair} of {len(right)} right ones lost points, {blind} of {len(wrong)} wrong ones kept all.", highlight=False)
    complaints = sum(bool(finding.complaint) for finding in findings)
    if complaints:
        raise fail(f"{complaints} answers did not get what they must.")


@command
def calibrate(names: Names = None, root: Root = Path("."), seeds: Annotated[int, typer.Option(min=1, help="How many seeds.")] = 20) -> None:
    """Train the training exercises from many seeds.

    The table goes into lessons/NN_topic/calibration.md.

    Example: grader calibrate 02_recurrent_layers --seeds 20
    """
    from grader.authoring import calibrate as tool

    root = course_root(root)
    wrong = 0
    for lesson in read_lessons(root, names):
        answers = tool.calibrated_variants(lesson)
        if not answers:
            console.print(f"{lesson.name}: no variant is marked calibrate=true.", highlight=False)
            continue
        with progress() as bar:
            task = bar.add_task(lesson.name, total=len(answers) * seeds)
            rows = tool.calibrate(lesson, seeds, root / "build" / "calibrate" / lesson.name, lambda *told, task=task: bar.advance(task))
        import keras
        import tensorflow

        text = tool.as_markdown(lesson, rows, f"Keras {keras.__version__}, TensorFlow {tensorflow.__version__}, CPU")
        lesson.path.with_name("calibration.md").write_text(text, encoding="utf-8")
        table = Table("exercise", "answer", "passed", "values", "bar", "margin")
        for row in rows:
            values = f"{min(row.values):.4f} to {max(row.values):.4f}" if row.values else ""
            margin = "" if row.margin is None else f"{row.margin:.4f}"
            table.add_row(row.variant.exercise, row.variant.title, f"{row.passes}/{row.seeds}", values, "" if row.bar is None else f"{row.bar:g}", margin)
        console.print(table)
        wrong += sum(not row.as_it_should for row in rows)
    if wrong:
        raise fail(f"{wrong} answers passed or failed from seeds where they must not.")


@command
def course(
    names: Names = None,
    root: Root = Path("."),
    measure: Annotated[bool, typer.Option("--time", help="Run the lessons twice, without receipts and with them, keep the seconds, and write the table.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the table into README.md.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what is stale and exit with 1 if anything is.")] = False,
) -> None:
    """What the lessons hold, as README's table.

    Points, exercises, checks, answers, figures, seconds on a CPU.

    Examples: grader course; grader course --time 05; grader course --write; grader course --check
    """
    from grader.authoring import course as tool

    if check and (write or measure):
        raise fail("--check writes nothing; leave --time and --write out.", code=2)
    root = course_root(root)
    chosen, everything = lessons.discover(root, names), lessons.discover(root)
    if check:
        found = tool.problems(root, everything)
        for line in found:
            errors.print(line, highlight=False, markup=False)
        if found:
            raise fail("The table of the course is not as its lessons are.")
        console.print("The table of the course is fresh.", highlight=False)
        return
    if measure:
        runs = itertools.count()
        with progress() as bar:
            task = bar.add_task("", total=2 * len(chosen))
            for lesson in map(lessons.read, chosen):

                def tell(run, lesson=lesson):
                    bar.update(task, description=f"{lesson.name} {run}", completed=next(runs))

                seconds = tool.measure(lesson, root / "build" / "time" / lesson.name, tell)
                tool.write_seconds(lesson, seconds)
                console.print(f"{lesson.name}: {seconds.first:.0f} s, then {seconds.again:.0f} s with receipts, on {seconds.place}.", highlight=False)
    if measure or write:
        rows, unfinished = tool.read(root, everything)
        console.print(f"README.md: {'written' if tool.write(root, rows) else 'fresh'}.", highlight=False)
    else:
        rows, unfinished = tool.read(root, chosen)
        console.print(tool.as_markdown(rows), highlight=False, markup=False)
    for line in unfinished:
        errors.print(f"[yellow]not in the table:[/yellow] {escape(line)}", highlight=False)

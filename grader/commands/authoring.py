"""The commands of those who write lessons: build, variants, calibrate, course."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from grader.authoring import lesson as lessons
from grader.authoring.lesson import Lesson
from grader.commands.shared import Gpu, IsolationKind, Names, Root, command, console, course_root, errors, fail, isolate, progress, read_lessons, steps


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
        from grader.authoring import freezing
        from grader.authoring.rules import broken_rules

        complaints = [line for lesson in found for line in broken_rules(lesson) + tool.stale(root, lesson)]
        complaints += tool.orphans(root, {path.stem for path in lessons.discover(root)})
        complaints += freezing.orphans(root, map(lessons.read, lessons.discover(root)))
        for line in complaints:
            errors.print(line, highlight=False, markup=False)
        if complaints:
            raise fail("Not everything is fresh. Run: grader build")
        console.print(f"{len(found)} lessons are fresh.", highlight=False)
        return
    if force or any(tool.stale(root, lesson) for lesson in found):
        isolate(isolation, gpu)  # the solution and the stub are graded before they are written
    for lesson in found:
        with steps(lesson.name) as step:
            started = time.monotonic()
            written = tool.build(root, lesson, force, step)
        console.print(f"{lesson.name}: {f'built in {time.monotonic() - started:.0f} s' if written else 'fresh'}", highlight=False)


@command
def variants(
    names: Names = None,
    exercise: Annotated[list[str] | None, typer.Option("--exercise", metavar="NAME", help="Only the answers to this exercise; may be given several times.")] = None,
    root: Root = Path("."),
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every variant and what its author reads.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Try every right and wrong answer on the tests.

    Does each get the points and the words it must?

    Each is tried in one process, as its author would, and graded through the referee as well; both must agree.

    Examples: grader variants 01_sequence_basics -v; grader variants 01 --exercise shift
    """
    from grader.authoring import variants as tool
    from grader.engine import Team

    root = course_root(root)
    found = read_lessons(root, names)
    chosen = set(exercise or ()) or {one for lesson in found for one in lesson.exercises}
    if unknown := chosen - {one for lesson in found for one in lesson.exercises}:
        known = ", ".join(one for lesson in found for one in lesson.exercises)
        raise fail(f"{', '.join(lesson.name for lesson in found)}: no exercise is called {' or '.join(sorted(unknown))}. Exercises: {known}.")
    isolate(isolation, gpu)
    findings = []
    with Team(1) as team, progress() as bar:
        for lesson in found:
            if chosen.isdisjoint(lesson.exercises):
                continue
            stated = tool.read(lesson)
            for complaint in tool.too_few(lesson, stated):
                errors.print(f"[yellow]{complaint}[/yellow]", highlight=False)
            everything = [one for one in tool.solution_variants(lesson) + tool.stub_variants(lesson) + stated if one.exercise in chosen]
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
    told = Counter(finding.told for finding in wrong if finding.told)
    console.print(f"Of those that were caught, a hint names the cause of {told['named']}, {told['located']} are told what differs and where, {told['misled']} are misled.", highlight=False)
    complaints = sum(bool(finding.complaint) for finding in findings)
    if complaints:
        raise fail(f"{complaints} answers did not get what they must.")


@command
def copies(names: Names = None, root: Root = Path(".")) -> None:
    """Try whether the notebook gives its own answers away.

    Every function that a released notebook defines, or calls in `lab` and `check`, is handed in as the answer to each of its
    exercises; and the key line of each solution is looked for. What is meant to stand is named in lessons/copies.txt.

    Example: grader copies 01
    """
    from grader.authoring import copies as tool

    root = course_root(root)
    meant, surprises, count = tool.expected(root), 0, 0
    with progress() as bar:
        for lesson in read_lessons(root, names):
            task = bar.add_task(lesson.name, total=len(lesson.exercises))
            for found in tool.copies(lesson, root / "build" / "copies" / lesson.name, lambda exercise, task=task: bar.advance(task)):
                reason = "" if found.own else meant.get(f"{lesson.name[:2]} {found.exercise}", "")
                surprises += not reason
                count += 1
                console.print(f"{lesson.name}, {found.exercise}: {found.kind} in {found.where}. {reason or 'This gives the answer away.'}", highlight=False, markup=False)
    console.print(f"{count} answers stand elsewhere in their notebook, {surprises} of them without a reason.", highlight=False)
    if surprises:
        raise fail("Move what gives an answer away below its exercise, or change the exercise.")


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
    tests: Annotated[bool, typer.Option("--tests", help="Show what each test costs to grade, in processor seconds.")] = False,
) -> None:
    """What the lessons hold, as README's table.

    Points, exercises, checks, answers, figures, seconds on a CPU.

    Examples: grader course; grader course --time 05; grader course --write; grader course --check; grader course --tests 02
    """
    from grader.authoring import course as tool

    if check and (write or measure):
        raise fail("--check writes nothing; leave --time and --write out.", code=2)
    if tests and (check or write or measure):
        raise fail("--tests is a table of its own; leave --check, --time and --write out.", code=2)
    root = course_root(root)
    chosen, everything = lessons.discover(root, names), lessons.discover(root)
    if tests:
        _costs(root, list(map(lessons.read, chosen)))
        return
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


def _costs(root: Path, chosen: list[Lesson]) -> None:
    """Print what each test of these lessons costs; those above what a test may cost are marked."""
    from grader.authoring import costs as tool

    table = Table("test", "processor seconds", "at most")
    dear = 0
    with progress() as bar:
        task = bar.add_task("", total=sum(len(lesson.exercises) for lesson in chosen))
        for lesson in chosen:

            def tell(exercise, lesson=lesson):
                bar.update(task, description=f"{lesson.name} {exercise}", advance=1)

            measured = tool.measure(lesson, root / "build" / "costs" / lesson.name, tell)
            for cost in measured:
                table.add_row(f"{lesson.name[:2]} {cost.test}", f"{cost.seconds:.2f}", f"{cost.most:.2f}", style="yellow" if cost.dear else "")
            table.add_row(f"{lesson.name[:2]} all", f"{sum(cost.seconds for cost in measured):.2f}", "", style="bold", end_section=True)
            dear += sum(cost.dear for cost in measured)
    console.print(table)
    console.print(f"{dear or 'None'} {'cost more than they' if dear > 1 else 'costs more than it'} may.", highlight=False)

"""The `grader` command: thin, one function a command."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grader.authoring import lesson as lessons
from grader.authoring.lesson import LessonError
from grader.engine import EngineError

if TYPE_CHECKING:
    from grader.engine import Isolation

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Build the course's lessons and grade what students hand in.",
    epilog="Exit codes: 0 all is well, 1 something is wrong and is named, 2 the command was not understood.",
)
console = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True)

Names = Annotated[list[str] | None, typer.Argument(metavar="[LESSON]...", help="Lessons, e.g. 01_sequence_basics or 01. All by default.")]
Root = Annotated[Path, typer.Option("--root", help="The course's folder.", envvar="RNN_COURSE_ROOT")]
IsolationKind = Annotated[
    str | None,
    typer.Option("--isolation", metavar="KIND", help="bubblewrap, the default, or none, which says what that gives up."),
]
Gpu = Annotated[bool, typer.Option("--gpu", help="Let submissions use the GPU: its device nodes are let into the sandbox.")]


def fail(message: str, code: int = 1) -> typer.Exit:
    errors.print(f"[red]grader:[/red] {escape(message)}", highlight=False)
    return typer.Exit(code)


def command(function: Callable) -> Callable:
    """Make `function` a command whose expected failures are one clear sentence and exit code 1, not a traceback."""

    @functools.wraps(function)
    def said_clearly(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except typer.Exit:  # a RuntimeError, and said already
            raise
        except FileNotFoundError as error:
            raise fail(f"{error.filename or error} is missing. Run: grader build") from None
        except (LessonError, EngineError, OSError, RuntimeError) as error:
            raise fail(str(error)) from None
        except Exception as error:
            if type(error).__name__ != "NbGraderException":  # nbgrader is imported only where it is needed
                raise
            raise fail(str(error)) from None

    return app.command()(said_clearly)


def course_root(root: Path) -> Path:
    root = root.resolve()
    if not (root / "lessons").is_dir():
        raise fail(f"{root} has no lessons/ folder. Run this in the course's folder, or name it with --root.")
    os.environ.setdefault("RNN_COURSE_DATA", str(root / "data"))
    return root


def choose(kind: str | None, gpu: bool) -> Isolation:
    """Set how submissions are isolated from here on, in this process and what it starts."""
    from grader.engine import sandbox

    if kind not in (None, *sandbox.KINDS):
        raise fail(f"--isolation is {' or '.join(sandbox.KINDS)}, not {kind}.", code=2)
    if kind:
        os.environ["GRADER_ISOLATION"] = kind
    if gpu:
        os.environ["GRADER_GPU"] = "1"
    try:
        return sandbox.Isolation.default()
    except ValueError as unknown:
        raise fail(f"{unknown}.") from None


def isolate(kind: str | None, gpu: bool) -> None:
    """Choose, and stop where this machine cannot do it; say what is lost without isolation."""
    from grader.engine import sandbox

    chosen = choose(kind, gpu)
    if problem := sandbox.problem(chosen):
        raise fail(f"nothing was graded: {problem}\n`grader doctor` says more; --isolation none grades without, and says what that gives up.")
    if chosen.kind == "none":
        errors.print("[yellow]" + "\n".join(sandbox.WHAT_IS_LOST) + "[/yellow]", highlight=False)


def read_lessons(root: Path, names: list[str] | None):
    return [lessons.read(path) for path in lessons.discover(root, names)]


def progress() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=errors, transient=True)


@command
def build(
    names: Names = None,
    root: Root = Path("."),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what is stale and exit with 1 if anything is.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Execute again even what did not change.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Turn lessons into executed solutions/ and, through nbgrader, into the students' notebooks/.

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
def autograde(
    names: Annotated[list[str], typer.Argument(metavar="LESSON...", help="Lessons, e.g. 01_sequence_basics or 01.")],
    root: Root = Path("."),
    student: Annotated[list[str] | None, typer.Option("--student", help="Only this student; may be given several times.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many submissions at a time. Default: what cores and memory allow.")] = None,
    no_feedback: Annotated[bool, typer.Option("--no-feedback", help="Do not write feedback pages.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Grade what lies in submitted/ into the gradebook, and write each student's feedback.

    Examples: grader autograde 01; grader autograde 01 02 --student ada --json
    """
    from dataclasses import asdict

    from grader import summary
    from grader.nbgrader_plugins import batch
    from grader.nbgrader_plugins.course import course

    root = course_root(root)
    chosen = {}
    for lesson in read_lessons(root, names):
        known = batch.students_of(course(root), lesson.name)
        missing = sorted(set(student or []) - set(known))
        if missing:
            raise fail(f"no submission of {lesson.name} from {', '.join(missing)}. It belongs in submitted/STUDENT/{lesson.name}/.")
        chosen[lesson.name] = sorted(student) if student else known
        if not chosen[lesson.name]:
            raise fail(f"nobody handed in {lesson.name}: submitted/STUDENT/{lesson.name}/{lesson.name}.ipynb is where it belongs.")
    isolate(isolation, gpu)
    results = []
    with batch.Team(workers or batch.default_workers()) as team, progress() as bar:
        for lesson, students in chosen.items():
            task = bar.add_task(f"grading {lesson}", total=len(students))
            results += batch.autograde(root, lesson, students, team, lambda result, task=task: bar.advance(task))
            if not no_feedback:
                task = bar.add_task(f"feedback {lesson}", total=len(students))
                batch.feedback(root, lesson, students, lambda who, task=task: bar.advance(task))
    if not as_json:
        for lesson in chosen:
            console.print(summary.of_lesson(lesson, (result for result in results if result.lesson == lesson)))
            console.print()
    if as_json:
        console.print_json(data=[asdict(result) for result in results])
    elif any(result.by_hand for result in results):
        console.print("+ a written answer waits to be read by hand: nbgrader's formgrader shows it.", highlight=False)


@command
def demo(
    names: Names = None,
    root: Root = Path("."),
    out: Annotated[Path, typer.Option("--out", help="The folder of the demonstration; it is made anew.")] = Path("demo"),
    workers: Annotated[int | None, typer.Option(min=1, help="How many submissions at a time.")] = None,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Grade a made-up class, end to end, in a folder of its own, and compare with what each must get.

    Example: grader demo 01 --out demo
    """
    from grader import demo as tool
    from grader import summary
    from grader.nbgrader_plugins import batch

    root = course_root(root)
    workers = workers or batch.default_workers()
    out = out.resolve()
    if not tool.may_make(out):
        raise fail(f"{out} is not empty and is no earlier demonstration. Name another folder with --out.")
    isolate(isolation, gpu)
    started = time.monotonic()
    with batch.Team(workers) as team, progress() as bar:
        classes, results = tool.run(root, out, read_lessons(root, names), team, bar)
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
def variants(
    names: Names = None,
    root: Root = Path("."),
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every variant and what its author reads.")] = False,
    isolation: IsolationKind = None,
    gpu: Gpu = False,
) -> None:
    """Try every right and wrong answer: does each get the points and the words it must?

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
            task = bar.add_task(lesson.name, total=len(everything))

            def tell(finding, task=task):
                bar.advance(task)
                if finding.complaint or verbose:
                    colour = "red" if finding.complaint else "green"
                    kind = "right" if finding.variant.right else "wrong"
                    console.print(f"[{colour}]{finding.variant.exercise}[/{colour}] · {kind}: {finding.variant.title} · {finding.points:g}/{finding.max_points:g}", highlight=False)
                    console.print("   " + (finding.complaint or finding.message).replace("\n", "\n   "), highlight=False, markup=False)

            findings += tool.run(lesson, everything, root / "build" / "variants" / lesson.name, tell, team)
    right = [finding for finding in findings if finding.variant.right]
    wrong = [finding for finding in findings if not finding.variant.right]
    unfair, blind = sum(finding.unfair for finding in right), sum(finding.blind for finding in wrong)
    console.print(f"{len(findings)} answers: {unfair} of {len(right)} right ones lost points, {blind} of {len(wrong)} wrong ones kept all.", highlight=False)
    complaints = sum(bool(finding.complaint) for finding in findings)
    if complaints:
        raise fail(f"{complaints} answers did not get what they must.")


@command
def calibrate(names: Names = None, root: Root = Path("."), seeds: Annotated[int, typer.Option(min=1, help="How many seeds.")] = 20) -> None:
    """Train the training exercises from many seeds; write lessons/NN_topic/calibration.md.

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
def doctor(
    root: Root = Path("."),
    isolation: IsolationKind = None,
    gpu: Gpu = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Can this machine grade? Tries what grading needs, and says what to do about what is missing.

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

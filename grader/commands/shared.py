"""What the commands share: the app, its consoles, the options, and errors that are one clear sentence."""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from grader.authoring import lesson as lessons
from grader.authoring.lesson import LessonError
from grader.engine import EngineError

if TYPE_CHECKING:
    from grader.engine import Isolation

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Grade a class, publish the course, write its lessons. Each command has its own --help, with examples.",
    epilog="Exit codes: 0 all is well, 1 something is wrong and is named, 2 the command was not understood, 130 interrupted: run it again to go on.",
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


PANELS = {"exchange": "Grade a class", "classroom": "Grade a class", "lateness": "Grade a class", "grading": "Grade a class", "reporting": "Grade a class", "releasing": "Publish the course", "authoring": "Write lessons"}


def command(function: Callable) -> Callable:
    """Make `function` a command, shown under its module's heading in `grader --help`, whose expected failures are one clear sentence and exit code 1, not a traceback."""

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

    return app.command(rich_help_panel=PANELS[function.__module__.rpartition(".")[2]])(said_clearly)


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


EVERY = 15  # seconds between two lines about the same work, where nothing can be drawn


@contextlib.contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Yield what is told each step of `title`: shown in place on a terminal, else a line each, so that a log says what goes on."""
    if errors.is_terminal:
        with errors.status(escape(title)) as status:
            yield lambda text: status.update(escape(f"{title}: {text}"))
    else:
        yield lambda text: errors.print(f"{title}: {text}", highlight=False, markup=False)


def progress() -> Progress:
    # Without markup: rich imports its reader of markup in the drawing thread, at any time, and a lazy import of tensorflow-datasets
    # in the main thread would see to it that this fails.
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), Rate(), TimeRemainingColumn()
    kind = Progress if errors.is_terminal else Lines
    return kind(*columns, console=errors, transient=True, speed_estimate_period=300, disable=not errors.is_terminal)


class Lines(Progress):
    """Progress where nothing can be drawn, in a log or a pipe: a line every now and then."""

    def __init__(self, *columns, **settings):
        super().__init__(*columns, **settings)
        self._began = self._said = time.monotonic()

    def update(self, task_id: TaskID, **told) -> None:
        super().update(task_id, **told)
        self._say(task_id)

    def advance(self, task_id: TaskID, advance: float = 1) -> None:
        super().advance(task_id, advance)
        self._say(task_id)

    def _say(self, task_id: TaskID) -> None:
        now, task = time.monotonic(), next(task for task in self.tasks if task.id == task_id)
        if now - self._said < EVERY or not task.total:
            return
        self._said = now
        words = " ".join(filter(None, [task.description, f"{task.completed:g} of {task.total:g}, after {now - self._began:.0f} s"]))
        errors.print(words, highlight=False, markup=False)


class Rate(ProgressColumn):
    """How many a minute, once there are two to tell from."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.1f}/min" if speed and task.completed > 1 else "", style="progress.data.speed")

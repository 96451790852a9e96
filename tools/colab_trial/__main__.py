"""Run the released lessons from badge to zip in environments that stand for Colab, and tell what is wrong.

    python -m tools.colab_trial                                    # `make test-colab`: all lessons, both environments
    python -m tools.colab_trial --lesson 03 --environment published --python python3.12

"published" has the versions that Colab publishes (tests/colab/freeze.txt), "newest" the newest of everything that the course allows.
Colab itself cannot be reached by a program: `google.colab` is a stand-in, and a repository on this machine stands for GitHub's; all
else is real, pip in the set-up cell included, so the package index is needed. Both environments stay in build/colab, where the pages that
were run are written, too. What the first environment trained is put beside the notebooks of the second, as if a student had begun the
lesson half a year ago. Exit code 1 if a cell fails, TensorFlow or NumPy was replaced, or no zip was made.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat

from grader.authoring.course import read_seconds
from grader.authoring.lesson import Lesson, LessonError
from tools.colab_trial import ROOT, environments, lessons

HOME = ROOT / "build" / "colab"
KINDS = ("published", "newest")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.colab_trial", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lesson", action="append", default=[], help="a lesson, or its beginning; all if none is named")
    parser.add_argument("--environment", choices=KINDS, action="append", help="one of both environments")
    parser.add_argument("--python", help="an interpreter, python3.12 for example; else 3.13, 3.12 or 3.11, whichever is found first")
    parser.add_argument("--at-once", type=int, default=2, help="how many lessons run side by side, one core each (2)")
    parser.add_argument("--afresh", action="store_true", help="train in the second environment as well")
    options = parser.parse_args()
    try:
        return trial(lessons.read(options.lesson), environments.python(options.python), options)
    except (LessonError, environments.NoEnvironment) as error:
        print(error, file=sys.stderr)
        return 1


def trial(chosen: list[Lesson], interpreter: str, options: argparse.Namespace) -> int:
    chosen.sort(key=lambda lesson: -(seconds.first if (seconds := read_seconds(lesson)) else 0))  # the longest first
    begun, wrong, trained = time.monotonic(), 0, None
    with tempfile.TemporaryDirectory() as scratch:
        source = lessons.repository(Path(scratch), chosen)
        for kind in options.environment or KINDS:
            wrong += environment(kind, interpreter, chosen, source, trained, options.at_once)
            trained = None if options.afresh else folder(kind, interpreter)
    print(f"{time.monotonic() - begun:.0f} s in all. {f'{wrong} things are wrong.' if wrong else 'Nothing is wrong.'}")
    return 1 if wrong else 0


def folder(kind: str, interpreter: str) -> Path:
    return HOME / f"{kind}-{environments.version(interpreter)}"


def environment(kind: str, interpreter: str, chosen: list[Lesson], source: Path, trained: Path | None, at_once: int) -> int:
    """Run the lessons in one environment; returns how many things are wrong. trained: the folder of another, whose receipts are taken."""
    home = folder(kind, interpreter)
    python = environments.make(kind, home / "environment", interpreter)
    found = lessons.versions(python)
    named = ", ".join(f"{name} {found[name]}" for name in ("ipython", "ipykernel", "tensorflow", "keras", "numpy", "protobuf", "tensorflow-metadata"))
    what = f"as Colab published on {environments.date()}" if kind == "published" else "the newest of everything"
    print(f"\n{what}, Python {environments.version(interpreter)}: {named}", flush=True)
    shutil.rmtree(home / "lessons", ignore_errors=True)
    count = 0
    with ThreadPoolExecutor(at_once) as side_by_side:
        jobs = [
            side_by_side.submit(
                lessons.run,
                lesson,
                source,
                python,
                home / "lessons" / lesson.name,
                trained and trained / "lessons" / lesson.name / "machine" / "content" / "receipts",
                twice=lesson is chosen[-1],
            )
            for lesson in chosen
        ]
        for job in as_completed(jobs):
            count += tell(job.result(), home)
    return count


def tell(trial: lessons.Trial, home: Path) -> int:
    """Say what came of a lesson, and keep its page; returns how many things are wrong."""
    nbformat.write(trial.page, home / "lessons" / trial.lesson / f"{trial.lesson}.ipynb")
    changed = ", ".join(f"{name} {before or 'none'} → {after}" for name, (before, after) in trial.changed.items()) or "nothing"
    print(
        f"{trial.lesson:<26} set-up cell {trial.seconds[0]:4.1f} s, all {trial.seconds[1]:5.1f} s, {trial.figures:2} figures, "
        f"zip {trial.zipped:>9,} bytes; changed: {changed}",
        *(f"    WRONG {complaint}" for complaint in trial.wrong),
        sep="\n",
        flush=True,
    )
    return len(trial.wrong)


if __name__ == "__main__":
    sys.exit(main())

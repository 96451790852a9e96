"""Compare graders: python -m benchmarks.grading [--quick] [--lessons small 02] [--otter-venv FOLDER]

Stock `nbgrader autograde`, `otter run`, `grader autograde` with one and with all workers, and the floor grade the same
classes in turn, with the receipts of what the students trained and training again. Every run is kept as soon as it ends:
interrupted, the same command goes on where it was. Tables and raw numbers are written to benchmarks/grading.md and .json.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.grading import ROOT, contestants, otter, plan, table
from benchmarks.grading.contestants import Graded
from benchmarks.grading.material import Material
from benchmarks.grading.measure import CommandFailed
from benchmarks.grading.plan import Run
from benchmarks.grading.records import Records, machine, today
from grader.authoring.lesson import LessonError
from grader.engine.machine import cores

console = Console(stderr=True, soft_wrap=True, highlight=False)
MADE = ROOT / "build" / "benchmarks"


def main() -> None:
    options = arguments()
    os.environ["PATH"] = contestants.environment()["PATH"]  # nbgrader looks there for alembic, also where nobody activated this environment
    if options.quick:
        options.rounds, options.sizes, options.slow_sizes = 1, [1, 2], [1]
    venv = find_otter(options.otter_venv)
    try:
        materials = {material.name: material for material in map(Material, options.lessons)}
    except LessonError as problem:
        sys.exit(str(problem))
    runs = plan.plan(list(materials), cores(), options.rounds, options.sizes, options.slow_sizes, otter=venv is not None)
    out = options.out or (MADE / "grading-quick" if options.quick else ROOT / "benchmarks" / "grading")
    about = machine(cores(), otter.found(venv) if venv else "", list(materials.values()))
    records = Records(MADE / ("runs-quick.json" if options.quick else "runs.json"), about, anew=options.anew)
    if not options.tables_only:
        if (busy := others_busy()) > 0.3:
            console.print(f"Something else keeps {busy:.1f} cores busy: what is measured now takes longer for it.", style="yellow")
        try:
            carry_out(runs, materials, records, venv)
        except KeyboardInterrupt:
            sys.exit("\nInterrupted. What was measured is kept: the same command goes on from here.")
        except CommandFailed as failure:
            sys.exit(f"{failure}\n\nWhat was measured before is kept: the same command goes on from here.")
    if not records.of(runs):
        sys.exit("Nothing was measured yet on this machine, with these versions and this code: leave out --tables-only.")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".md").write_text(table.report(records.of(runs), about, today()))
    records.write(out.with_suffix(".json"), runs, today())
    console.print(f"Written: {out}.md and {out}.json")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__.partition("\n\n")[2], epilog="For three quarters of an hour of a quiet machine.")
    parser.add_argument("--lessons", nargs="+", metavar="LESSON", help="small, the lesson beside this program, or lessons of the course; default: small 02 05, with --quick small")
    parser.add_argument("--rounds", type=positive, default=3, help="how often each contestant grades the smallest class of the first lesson; further ones get one round; default: 3")
    parser.add_argument("--sizes", nargs="+", type=positive, default=[5, 20, 80], help="sizes of the classes for this grader and the floor; default: 5 20 80")
    parser.add_argument("--slow-sizes", nargs="+", type=positive, default=[1, 3], help="for nbgrader and otter, one submission after the other; default: 1 3")
    parser.add_argument("--quick", action="store_true", help="one round of classes of one and two, to see that all of it works; writes into build/")
    parser.add_argument("--otter-venv", type=Path, metavar="FOLDER", help="otter's virtual environment; made there if it is missing. Default: build/benchmarks/otter-venv, if there is one")
    parser.add_argument("--anew", action="store_true", help="forget what earlier runs measured")
    parser.add_argument("--tables-only", action="store_true", help="measure nothing; write the tables of what was measured")
    parser.add_argument("--out", type=Path, metavar="PATH", help="where PATH.md and PATH.json are written; default: benchmarks/grading")
    options = parser.parse_args()
    options.lessons = options.lessons or (["small"] if options.quick else ["small", "02", "05"])
    options.sizes, options.slow_sizes = sorted(set(options.sizes)), sorted(set(options.slow_sizes))
    return options


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def find_otter(asked: Path | None) -> Path | None:
    """Otter's virtual environment; None, once that is said, where there is none and none is asked for."""
    venv = (asked or MADE / "otter-venv").absolute()
    if otter.found(venv):
        return venv
    if asked is None:
        console.print("Without otter: --otter-venv FOLDER makes it a virtual environment, which takes minutes and 3 GB.")
        return None
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").is_file():
        sys.exit(f"{venv} is no virtual environment. Name an empty or a missing folder with --otter-venv.")
    with console.status(f"installing otter in {venv}"):
        try:
            otter.make(venv)
        except subprocess.CalledProcessError:
            sys.exit("otter could not be installed; what pip said stands above. Without --otter-venv the comparison goes without it.")
    return venv


def others_busy() -> float:
    """How many cores are busy, while this program waits."""
    return psutil.cpu_percent(1.0) / 100 * (psutil.cpu_count() or 1)


def carry_out(runs: list[Run], materials: dict[str, Material], records: Records, venv: Path | None) -> None:
    """Do every run that was not done, and keep what it took at once."""
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch, bar() as progress:
        task = progress.add_task("", total=1.0, left="")
        receipts = {}
        for run in runs:
            done = records.took(runs)
            if run in done:
                continue
            left = plan.remaining(runs, done)
            spent = sum(done.values())
            progress.update(task, description=f"{run.lesson}, {run.size} submissions: {run.what}", completed=spent / (spent + left), left=f"about {left / 60:.0f} min left")
            started = time.monotonic()
            if run.lesson not in receipts:
                receipts[run.lesson] = contestants.trained(materials[run.lesson], Path(scratch))
            place, busy = Path(scratch, "run"), others_busy()
            try:
                found = carry_out_one(run, materials[run.lesson], place, None if run.training else receipts[run.lesson], venv)
            finally:
                shutil.rmtree(place, ignore_errors=True)
            records.keep(run, found, time.monotonic() - started, busy)


def carry_out_one(run: Run, material: Material, place: Path, receipts: Path | None, venv: Path | None) -> dict[str, Graded]:
    """Do one run in a folder that is made for it; what it took, and what was measured on the way."""
    if run.way == plan.NBGRADER:
        return {run.way: contestants.nbgrader(material, place, run.size, receipts)}
    if run.way == plan.OTTER:
        return {run.way: contestants.otter_run(material, place, run.size, receipts, venv)}
    if run.way == plan.FLOOR:
        return {run.way: contestants.floor(material, place, run.size, receipts)}
    if run.way == plan.PLAIN:
        return {run.way: contestants.plain_python(place, run.workers)}
    if run.way == plan.MEMORY:
        return {run.way: contestants.memory(material, place, receipts)}
    found = {run.way: contestants.ours(material, place, run.size, receipts, run.workers)}
    if run.workers == cores() and not run.training and run.round == 1:
        found[plan.KEPT] = contestants.ours_from_kept_verdicts(material, place, run.workers)
        found[plan.FEEDBACK] = contestants.ours_from_kept_verdicts(material, place, run.workers, feedback=True)
    return found


def bar() -> Progress:
    return Progress(TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[left]}"), TimeElapsedColumn(), console=console)


if __name__ == "__main__":
    main()

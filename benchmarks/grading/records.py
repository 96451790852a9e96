"""What was measured, kept on disk run by run, with the machine and the versions it holds for."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

from benchmarks.grading import ROOT, processor
from benchmarks.grading.plan import Run

PACKAGES = ("tensorflow", "keras", "numpy", "nbgrader", "ipykernel")


@dataclass(frozen=True)
class Record:
    """What one run took.

    what: the run's way, or what was measured after it (`plan.KEPT`, `plan.FEEDBACK`).
    others_busy: how many cores were busy just before it, with something else.
    """

    run: Run
    what: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int | None
    full_marks: int
    others_busy: float
    more: dict


@dataclass(frozen=True)
class Point:
    """The medians of equal runs: seconds are those of the whole class of this size."""

    size: int
    seconds: float
    cpu_seconds: float
    peak_bytes: float | None
    runs: int
    full_marks: bool
    each: tuple[float, ...]  # seconds of single submissions, where they are known
    more: dict  # of the last run

    @property
    def per_submission(self) -> float:
        return self.seconds / self.size


class Records:
    """The records in a file, written whole after every run.

    about: what they hold for. Records of another machine, of other versions or code are forgotten, as are those of a
        lesson that has changed, and all of them if `anew`; those of lessons that are not asked for now stay.
    """

    def __init__(self, path: Path, about: dict, anew: bool = False):
        self.path, self.about = path, about
        self._took: dict[Run, float] = {}
        self._lessons = about["lessons"]
        self.records: list[Record] = []
        try:
            kept = json.loads(path.read_text()) if not anew else {}
            if _but_lessons(kept.get("about", {})) == _but_lessons(about):
                lessons = kept["about"]["lessons"]
                still = {name for name, facts in lessons.items() if about["lessons"].get(name, facts) == facts}
                took = {Run(**run): seconds for run, seconds in kept["took"] if run["lesson"] in still}
                records = [Record(**{**one, "run": Run(**one["run"])}) for one in kept["records"]]
                self.records, self._took = [record for record in records if record.run.lesson in still], took
                self._lessons = {name: lessons[name] for name in still} | about["lessons"]
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            pass  # none yet, or none of this program's: they are measured again

    def keep(self, run: Run, found: dict, took: float, others_busy: float) -> None:
        """Add what a run came to (a name -> `contestants.Graded`), how long it took with its preparation, and how busy the machine was before."""
        self._took[run] = round(took, 1)
        for what, graded in found.items():
            cost = graded.cost
            seconds, cpu_seconds = round(cost.seconds, 2), round(cost.cpu_seconds, 2)
            self.records.append(Record(run, what, seconds, cpu_seconds, cost.peak_bytes, graded.full_marks, round(others_busy, 2), graded.more))
        about = {**self.about, "lessons": self._lessons}
        kept = {"about": about, "took": [[asdict(one), seconds] for one, seconds in self._took.items()], "records": list(map(asdict, self.records))}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(kept))
        os.replace(new, self.path)

    def took(self, runs: Iterable[Run]) -> dict[Run, float]:
        """Seconds of those of `runs` that were done."""
        return {run: self._took[run] for run in runs if run in self._took}

    def write(self, path: Path, runs: Sequence[Run], today: str) -> None:
        """Write the raw numbers of `runs`, one record a line."""
        lines = []
        for record in self.of(runs):
            raw = {**asdict(record.run), "what": record.what, **{field.name: getattr(record, field.name) for field in fields(Record)[2:]}}
            lines.append(json.dumps(raw))
        about = json.dumps({"date": today, **self.about}, indent=1)
        path.write_text(f'{{"about": {about},\n"records": [\n' + ",\n".join(lines) + "\n]}\n")

    def of(self, runs: Iterable[Run]) -> list[Record]:
        wanted = set(runs)
        return [record for record in self.records if record.run in wanted]


def _but_lessons(about: dict) -> dict:
    return {name: value for name, value in about.items() if name != "lessons"}


def points(records: Iterable[Record], lesson: str, what: str, training: bool, workers: int = 1) -> dict[int, Point]:
    """The medians of what was measured of one contestant, by size of class, smallest first."""
    found: dict[int, list[Record]] = {}
    for record in records:
        run = record.run
        if (run.lesson, record.what, run.training, run.workers) == (lesson, what, training, workers):
            found.setdefault(run.size, []).append(record)
    return {size: _point(size, found[size]) for size in sorted(found)}


def _point(size: int, records: list[Record]) -> Point:
    peaks = [record.peak_bytes for record in records if record.peak_bytes is not None]
    return Point(
        size,
        median(record.seconds for record in records),
        median(record.cpu_seconds for record in records),
        median(peaks) if peaks else None,
        len(records),
        all(record.full_marks == size for record in records),
        tuple(second for record in records for second in record.more.get("seconds", [])),
        records[-1].more,
    )


def machine(cores: int, otter_version: str, materials: Sequence) -> dict:
    """What measurements hold for: the machine without its name, versions, and each lesson."""
    versions = {name: version(name) for name in PACKAGES} | ({"otter-grader": otter_version} if otter_version else {})
    return {
        "cpu": _cpu(),
        "cores": cores,
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "isolation": _bubblewrap(),
        "processor_time": processor.how(),
        "python": platform.python_version(),
        "packages": versions,
        "grader": _hash(sorted((ROOT / "grader").rglob("*.py"))),
        "lessons": {
            one.name: {
                "source": _hash([one.lesson.path]),
                "cells": len(one.all_cells(1)),
                "graded_cells": len(one.graded_cells(1)),
                "trainings": sum("fit_once(" in cell for cell in one.all_cells(1)),
                "graded_trainings": sum("fit_once(" in cell for cell in one.graded_cells(1)),
            }
            for one in materials
        },
    }


def today() -> str:
    return date.today().isoformat()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _bubblewrap() -> str:
    try:
        return subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no bubblewrap"


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

"""Grade the receipts that a trial brought back: each lesson's solution with them, through the referee, on this machine's CPU."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import nbformat

from grader.authoring import lesson as lessons
from grader.engine import Isolation, Job, Worker
from grader.lab.receipts import Unusable, read
from grader.nbgrader_plugins import repair
from tools.gpu_trial import ROOT

LARGEST = 64 * 2**20
SEEN = "hashes of the receipts"
# A last cell of the student's: a receipt that was not restored has been written anew, with another hash.
LOOK = f'import hashlib, json, pathlib\nprint("{SEEN}", json.dumps({{path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in pathlib.Path("receipts").glob("*.npz")}}))'


def unpack(path: Path) -> tuple[dict, dict[str, dict[str, bytes]]]:
    """trial.json, and the receipts by lesson and name. Raises ValueError for a file that is no trial."""
    receipts: dict[str, dict[str, bytes]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise ValueError("it is far too large")
            trial = json.loads(archive.read("trial.json"))
            for name in archive.namelist():
                place = PurePosixPath(name)
                if place.suffix == ".npz" and len(place.parts) == 3 and place.parts[1] == "receipts":
                    receipts.setdefault(place.parts[0], {})[place.name] = archive.read(name)
        trial["lessons"].items()
    except (OSError, KeyError, AttributeError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is no trial: {error}") from None
    return trial, receipts


def grade(trial: dict, receipts: dict[str, dict[str, bytes]], isolation: Isolation | None = None) -> Iterator[dict]:
    """One row for each receipt: what trained there, its seconds and what was measured, and its exercises' points here.

    A lesson that trained nothing there has no row. If all were trained on a GPU, GRADER_REQUIRE_GPU=1 is set, and the device is part of the grade.
    """
    trained = [one for found in trial["lessons"].values() for one in found["trained"]]
    before = os.environ.get("GRADER_REQUIRE_GPU")
    if trained and all(str(one["device"]).startswith("GPU") for one in trained):
        os.environ["GRADER_REQUIRE_GPU"] = "1"
    try:
        with Worker(isolation) as worker:
            for name, found in trial["lessons"].items():
                if not found["trained"]:
                    continue
                brought = receipts.get(name, {})
                [path] = lessons.discover(ROOT, [name])
                verdict = worker.grade(submission(path.stem, brought))
                kept = unchanged(verdict, brought)
                scores = [verdict.scores[test] for test in found["tests"] if test in verdict.scores]
                for one in found["trained"]:
                    yield {
                        "lesson": name, "receipt": one["name"], "device": one["device"], "seconds": one["seconds"],
                        "here": seconds_here(name, one["name"]), "measured": found["measured"], "cudnn": one.get("cudnn", []),
                        "points": sum(score.points for score in scores), "max_points": sum(score.max_points for score in scores),
                        "restored": f"{one['name']}.npz" in kept, "why": "; ".join(filter(None, (score.reason for score in scores))),
                    }  # fmt: skip
    finally:
        os.environ.pop("GRADER_REQUIRE_GPU", None)
        if before is not None:
            os.environ["GRADER_REQUIRE_GPU"] = before


def submission(name: str, receipts: dict[str, bytes]) -> Job:
    """The lesson's solution as a student hands it in, its experiments unchanged, with these receipts."""
    solution = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    notebook, _ = repair(solution, solution)
    for cell in notebook.cells:
        if cell.metadata.get("rnn_course", {}).get("role") == "experiment":
            cell.metadata["rnn_course"]["skip"] = True
    notebook.cells.append(nbformat.v4.new_code_cell(LOOK, metadata={"rnn_course": {"role": "own"}}))
    return Job(notebook, {f"receipts/{name}": content for name, content in receipts.items()}, name=name)


def unchanged(verdict, receipts: dict[str, bytes]) -> set[str]:
    """The receipts that are, after grading, what they were: those that were restored."""
    text = "".join(output.get("text", "") for outputs in verdict.outputs.values() for output in outputs)
    hashes = json.loads(text.rpartition(SEEN)[2].strip().splitlines()[0]) if SEEN in text else {}
    return {name for name, content in receipts.items() if hashes.get(name) == hashlib.sha256(content).hexdigest()}


def seconds_here(lesson: str, receipt: str) -> float | None:
    """What this machine took, as the receipt of its own last build says."""
    try:
        return read(ROOT / "build" / "lessons" / lesson / "receipts" / f"{receipt}.npz")["seconds"]
    except (Unusable, KeyError):
        return None


def table(trial: dict, rows: list[dict], machine: str) -> str:
    """The rows in Markdown."""
    lines = [
        "# Trained there, graded here",
        "",
        f"Trained with Keras {trial['keras']}, {trial['backend']}, Python {trial['python']}, device {trial['device']}, {trial['written']};"
        f" graded from the receipts through the referee on {machine}.",
        "",
        "| lesson | receipt | device | seconds | this CPU | ratio | measured there | bar | cuDNN operations | restored here | points here |",
        "|---|---|---|---:|---:|---:|---:|---:|---|---|---:|",
    ]
    for row in rows:
        ratio = f"{row['here'] / row['seconds']:.2f}" if row["here"] and row["seconds"] else ""
        measured = "<br>".join(f"{each['value']:.3f}" for each in row["measured"])
        bars = "<br>".join(f"≥ {each['at_least']:g}" if each["at_least"] is not None else f"≤ {each['at_most']:g}" for each in row["measured"])
        here = f"{row['here']:.1f}" if row["here"] else ""
        cells = [
            row["lesson"], row["receipt"], row["device"], f"{row['seconds']:.1f}", here, ratio, measured, bars, str(len(row["cudnn"])),
            "yes" if row["restored"] else "no", f"{row['points']:g} of {row['max_points']:g}",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    if any(row["why"] for row in rows):
        lines += ["", "What failed here:", "", *(f"* {row['lesson']}: {' '.join(row['why'].split())[:300]}" for row in rows if row["why"])]
    failed = [(lesson, test, said) for lesson, found in trial["lessons"].items() for test, said in found["tests"].items() if said]
    if failed:
        lines += ["", "What failed there:", "", *(f"* {lesson}, {test}: {' '.join(said.split())[:300]}" for lesson, test, said in failed)]
    return "\n".join(lines).rstrip() + "\n"

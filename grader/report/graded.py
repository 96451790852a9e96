"""Read one notebook of autograded/: what its tests said, what stopped it, what was repaired, and the answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

from grader.engine.cells import exercises, is_hidden, nbgrader_metadata, role
from grader.engine.scoring import shorten
from grader.nbgrader_plugins.reading import Unreadable, read_bytes
from grader.nbgrader_plugins.scoring import unanswered
from grader.nbgrader_plugins.words import failure

LARGEST = 200 * 1024 * 1024  # bytes; outputs are limited when they are made, so that more is no notebook of ours
LONGEST = 400  # letters of what is quoted from a check

_NOT_RUN = "not run: "
# How the engine says that a cell, or all of it, was stopped: engine/client.py and engine/sandbox/keeper.py.
_STOP = re.compile(r"ran longer than [\d.,]+ s|printed more than [\d,]+ bytes|it used more than [\d.,]+ (MB|s)|^the Python process |broke the kernel's messages$")
_NOTICE = re.compile(r"^\[stopped: (.{1,300})\]$", re.MULTILINE)


@dataclass
class Graded:
    """What one graded notebook tells.

    unreadable: why the submission could not be read, "" if it could. stops: in the grader's words, each once.
    unreached: tests that did not run. failures: (cell, exercise, problem, hint, expected, actual) of answered exercises.
    notes: (cell or "", text). answers: (exercise, whether anything was written, its source, whether it is code).
    """

    unreadable: str = ""
    stops: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    failures: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[str, bool, str, bool]] = field(default_factory=list)


def read(path: str | Path) -> Graded:
    """Return what the graded notebook at `path` tells. Raises Unreadable, in words, if it is missing, cut off or no notebook of ours."""
    try:
        raw = json.loads(read_bytes(path, LARGEST))
        return told_by(rejoin_lines(nbformat.from_dict(raw)))
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("it is not a complete notebook file (not JSON)") from None
    except (AttributeError, KeyError, TypeError, IndexError):
        raise Unreadable("it is not a notebook as grading leaves it") from None


def told_by(notebook: NotebookNode) -> Graded:
    """Return what a graded notebook tells; AttributeError, KeyError or TypeError if grading did not make it."""
    record = notebook.metadata["rnn_course"]
    reasons = record.get("reasons", {})
    told = Graded(unreadable=record.get("unreadable", ""))
    told.notes = [(note["cell"] or "", str(note["text"])) for note in record.get("notes", []) if note["text"] != told.unreadable]
    empty = set()
    for cell, exercise in zip(notebook.cells, exercises(notebook.cells), strict=True):
        kind, name = role(cell), nbgrader_metadata(cell).get("grade_id", "")
        if kind in ("exercise", "question"):
            written = not unanswered(cell)
            told.answers.append((name, written, cell.source, kind == "exercise"))
            if not written:
                empty.add(name)
        elif kind == "test":
            _test(told, cell, name, exercise, str(reasons.get(name, "this test was not run")), exercise in empty)
        if cell.cell_type == "code":
            _stopped(told, cell.outputs)
    told.stops = [] if told.unreadable else list(dict.fromkeys(told.stops))
    return told


def _test(told: Graded, cell: NotebookNode, name: str, exercise: str, reason: str, empty: bool) -> None:
    if told.unreadable or reason.startswith(_NOT_RUN) or reason == "this test was not run":
        told.unreached.append(name)
        if reason.startswith(_NOT_RUN):
            told.stops.append(reason.removeprefix(_NOT_RUN))
    elif reason and _STOP.search(reason):
        told.stops.append(reason)
    elif reason and not empty:
        said = failure(cell.outputs, is_hidden(cell), reason, cell.source)
        if said:
            told.failures.append((name, exercise, *(shorten(text, LONGEST) for text in (said.problem, said.hint, said.expected, said.actual))))


def _stopped(told: Graded, outputs: list) -> None:
    """Take the engine's notice at the end of a cell's output. A student can print the same, and then says so of their own work."""
    last = outputs[-1] if outputs else {}
    if last.get("output_type") == "stream" and last.get("name") == "stderr":
        found = _NOTICE.findall(str(last.get("text", ""))[-1000:])
        told.stops += [shorten(words) for words in found[-1:] if _STOP.search(words)]

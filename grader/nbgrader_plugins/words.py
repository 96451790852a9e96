"""Say in plain words what went wrong in a test cell, without showing a hidden test."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbconvert.filters import strip_ansi

HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)
_TITLE = "Check failed: "
_LABEL = re.compile(r"  (hint|expected|actual)\s+")


@dataclass(frozen=True)
class Failure:
    """A failed test cell. `traceback` is the kernel's text, with its colours; empty for a failed check."""

    problem: str
    hint: str = ""
    expected: str = ""
    actual: str = ""
    traceback: str = ""

    def without_secrets(self) -> Failure:
        """Return what a student may read of a hidden test: the problem and the hint."""
        return Failure(self.problem, self.hint)

    def __str__(self) -> str:
        parts = [("hint", self.hint), ("expected", self.expected), ("actual", self.actual)]
        return "\n".join([self.problem, *(f"  {label}: {text}" for label, text in parts if text)])


def visible_source(source: str) -> str:
    """Return a test cell's source as in the release, without its hidden regions.

    An unclosed region is hidden to the end.
    """
    source = HIDDEN.sub("", source)
    return re.split(r"^.*BEGIN HIDDEN TESTS", source, maxsplit=1, flags=re.MULTILINE)[0].rstrip("\n")


def failure(outputs: list, hidden: bool = False, reason: str = "") -> Failure | None:
    """Return what a test cell's outputs say went wrong, or None where they hold no error.

    `reason` is the grader's own sentence, used where there is no error output. For a
    hidden test only the words of a failed check are kept: of any other exception, no more
    than its name.
    """
    error = next((output for output in reversed(outputs) if output.get("output_type") == "error"), None)
    if error is None:
        raised = re.match(r"([A-Za-z_]\w*): ", reason)
        if hidden and raised:
            reason = f"{raised[1]} in a hidden check"
        return Failure(reason) if reason else None
    traceback = "\n".join(str(line) for line in error.get("traceback", []))
    said = _check(strip_ansi(traceback))
    if said is not None:
        return said.without_secrets() if hidden else said
    name = str(error.get("ename", "")).strip() or "Error"
    if hidden:
        name = name if name.isidentifier() else "An error"
        return Failure(f"{name} in a hidden check")
    value = strip_ansi(str(error.get("evalue", ""))).strip()
    return Failure(f"{name}: {value}" if value else name, traceback=traceback)


def _check(text: str) -> Failure | None:
    """Read the lines that a `CheckFailed` shows in place of a traceback."""
    if not text.startswith(_TITLE):
        return None
    parts = {"problem": [text.removeprefix(_TITLE).split("\n")[0]], "hint": [], "expected": [], "actual": []}
    current = "problem"
    for line in text.split("\n")[1:]:
        label = _LABEL.match(line)
        if label:
            current = label[1]
            line = line[label.end():]
        parts[current].append(line.removeprefix(" " * 12))
    return Failure(**{name: "\n".join(lines).strip() for name, lines in parts.items()})

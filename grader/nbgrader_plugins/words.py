"""Say in plain words what went wrong in a test cell, without showing a hidden test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbconvert.filters import strip_ansi

HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)
_TITLE = "Check failed: "
# A number that stands alone: 1, 12, 3.5, 1e-3, 1,024. Not that of `x1`, of 2-D or of float32.
_NUMBER = re.compile(r"(?<![\w.`])[-+]?\d(?:[\d,._]*\d)?(?:[eE][-+]?\d+)?(?![\w`]|-[A-Za-z])")
# What a hidden test may name of the errors and layers that there are: what learners meet, and few enough to say little.
_ERRORS = set(
    "NotImplementedError ValueError TypeError IndexError KeyError NameError UnboundLocalError AttributeError ZeroDivisionError "
    "RecursionError AssertionError RuntimeError InvalidArgumentError MemoryError ModuleNotFoundError CannotCross".split()
)
_LAYERS = set("LSTM GRU SimpleRNN RNN Bidirectional Dense Embedding TimeDistributed Masking Dropout Conv1D Attention Sequential Functional Layer".split())
_ERROR = re.compile(r"(?<=\braised )(?!an error)\w+")
_LAYER = re.compile(r"(?<=layer), an? (\w+)|(?<=layer –), an? (\w+)")
# A name that a message quotes. A function that a student's function returned bears a name of the student's own.
_NAME = re.compile(r"`([^\W\d]\w*)`")
LONGEST_SECRET = 600
_LABEL = re.compile(r"  (hint|where|expected|actual)\s+")


@dataclass(frozen=True)
class Failure:
    """A failed test cell. `traceback` is the kernel's text, with its colours; empty for a failed check."""

    problem: str
    hint: str = ""
    expected: str = ""
    actual: str = ""
    where: str = ""
    traceback: str = ""

    def without_secrets(self, source: str = "") -> Failure:
        """Return what a student may read of a hidden test: the problem and the hint, without the numbers and rare names that they were told with.

        source: the test's own. A single digit stays where it stands so in the test or in the course's checks.

        A length, an index, the name of a function that a function returned, the class of an error or of a layer is the student's to choose:
        it could carry what a function saw of a hidden test, twenty bits at a time. What is left is which of the course's own sentences is said.
        """
        problem = _NAME.sub(lambda found: found[0] if _is_known(found[1], source) else "`the function`", self.problem)
        return Failure(_in_the_courses_words(problem, source), _in_the_courses_words(self.hint, source))

    def __str__(self) -> str:
        parts = [("hint", self.hint), ("where", self.where), ("expected", self.expected), ("actual", self.actual)]
        return "\n".join([self.problem, *(f"  {label}: {text}" for label, text in parts if text)])


def _in_the_courses_words(text: str, source: str) -> str:
    """`text`, cut to a few lines, with a dash for each number that is not the course's, and with no error or layer by a name that is seldom met."""
    text = text[:LONGEST_SECRET]

    def number(found: re.Match) -> str:
        around = text[max(0, found.start() - 4) : found.end() + 4]
        written = len(found[0].lstrip("+-")) == 1 and (around in source or around in _course())
        return found[0] if written else "–"

    text = _NUMBER.sub(number, text)
    text = _ERROR.sub(lambda found: _known_error(found[0]), text)
    return _LAYER.sub(lambda found: found[0] if (found[1] or found[2]) in _LAYERS else "", text)


def _is_known(name: str, source: str) -> bool:
    """Whether the test, or something that a check of the course quotes, bears this name."""
    return bool(re.search(rf"\b{name}\b", source) or re.search(rf"[`'\"]{name}[`'\"]", _course()))


@cache
def _course() -> str:
    """All that the course's checks can say, as it stands in their files."""
    folder = Path(__file__).parents[1] / "checks"  # which is not imported: it brings Keras
    return "\n".join(file.read_text(encoding="utf-8") for pattern in ("*.py", "*/*.json") for file in sorted(folder.glob(pattern)))


def _known_error(name: str) -> str:
    return name if name in _ERRORS else "an error"


def visible_source(source: str) -> str:
    """Return a test cell's source as in the release, without its hidden regions.

    An unclosed region is hidden to the end.
    """
    source = HIDDEN.sub("", source)
    return re.split(r"^.*BEGIN HIDDEN TESTS", source, maxsplit=1, flags=re.MULTILINE)[0].rstrip("\n")


def failure(outputs: list, hidden: bool = False, reason: str = "", source: str = "") -> Failure | None:
    """Return what a test cell's outputs say went wrong, or None where they hold no error.

    `reason` is the grader's own sentence, used where there is no error output. For a
    hidden test only the words of a failed check are kept: of any other exception, no more
    than its name. `source` is the test's own.
    """
    error = next((output for output in reversed(outputs) if output.get("output_type") == "error"), None)
    if error is None:
        raised = re.match(r"([A-Za-z_]\w*): ", reason)
        if hidden and raised:
            reason = f"{_capital(_known_error(raised[1]))} in a hidden check"
        return Failure(reason) if reason else None
    traceback = "\n".join(str(line) for line in error.get("traceback", []))
    said = _check(strip_ansi(traceback))
    if said is not None:
        return said.without_secrets(source) if hidden else said
    name = str(error.get("ename", "")).strip() or "Error"
    if hidden:
        return Failure(f"{_capital(_known_error(name))} in a hidden check")
    value = strip_ansi(str(error.get("evalue", ""))).strip()
    return Failure(f"{name}: {value}" if value else name, traceback=traceback)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _check(text: str) -> Failure | None:
    """Read the lines that a `CheckFailed` shows in place of a traceback."""
    if not text.startswith(_TITLE):
        return None
    parts = {"problem": [text.removeprefix(_TITLE).split("\n")[0]], "hint": [], "where": [], "expected": [], "actual": []}
    current = "problem"
    for line in text.split("\n")[1:]:
        label = _LABEL.match(line)
        if label:
            current = label[1]
            line = line[label.end():]
        parts[current].append(line.removeprefix(" " * 12))
    return Failure(**{name: "\n".join(lines).strip() for name, lines in parts.items()})

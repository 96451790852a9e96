r"""What a test cell scores: a pure function of its trusted source and of how it ended.

Points come from the referee's execute_reply and from the trusted source, never from outputs
alone. "Value" is what the last line can show, as `text/plain`.

| reply            | source ends in | results          | points | why                                        |
|------------------|----------------|------------------|--------|--------------------------------------------|
| error, aborted   | any            | any              | 0      | the error's first line                     |
| none             | any            | any              | 0      | the limit, the dead process, "not run"     |
| ok, but a limit stopped the cell | any | any         | 0      | the limit: code can swallow an interrupt   |
| ok               | no value       | any              | full   | a result that the source cannot give is ignored |
| ok               | an expression  | none             | full   | `check.shape(...)` returns None            |
| ok               | an expression  | none, and the output broke off | 0 | a value may be among what was lost |
| ok               | an expression  | one, x in [0, max] | x    | partial credit                             |
| ok               | an expression  | one, other       | 0      | NaN, infinite, negative, over max, bool, text |
| ok               | an expression  | two or more      | 0      | only one can be the value                  |

A result that the source cannot give is ignored rather than punished: with an ok reply the
cell earned full marks. stderr, displays and error outputs made with `display` never count.
Numbers are plain decimal reals, or NumPy scalars as NumPy 2 shows them: `np.float64(0.5)`.

It replaces nbgrader's `utils.determine_grade`, which gives full marks for no output, NaN,
negative and unreadable values, and none for a warning on stderr.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.engine.verdict import Score

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_PLAIN_NUMBER = re.compile(rf"(?:np\.(?:float|int|uint)[0-9]{{1,3}}\(({_NUMBER})\))|({_NUMBER})")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_REASON_LENGTH = 300
# Their message begins with the problem, which is all there is to say.
CHECK_FAILURES = ("CheckFailed", "CannotCross", "Lost")


@dataclass(frozen=True)
class Outcome:
    """How one cell ended.

    status: the execute_reply's status ("ok", "error", "aborted"), "" where none came.
    reason: one line on what went wrong, "" if nothing did.
    results: `text/plain` of each execute_result, in order; "" where it had none.
    complete: whether the kernel's "idle" came, so that no output can be missing.
    error: the name of the exception's class, "" if there was none.
    """

    status: str = ""
    reason: str = ""
    results: tuple[str, ...] = ()
    complete: bool = False
    error: str = ""


def score(source: str, max_points: float, outcome: Outcome) -> Score:
    """The score of a test cell with this trusted source; see the table above."""

    def none(reason: str) -> Score:
        return Score(0.0, max_points, reason)

    if not source.strip():
        return none("this test cell is empty")
    if outcome.status != "ok" or outcome.reason:
        return none(outcome.reason or f"the kernel answered {outcome.status or 'nothing'}")
    if not ends_in_expression(source):
        return Score(max_points, max_points)
    if not outcome.results:
        if not outcome.complete:
            return none("the test's output broke off, so its value is unknown")
        return Score(max_points, max_points)
    if len(outcome.results) > 1:
        return none(f"the test gave {len(outcome.results)} values where one is expected")
    return _partial(outcome.results[0], max_points)


def _partial(shown: str, max_points: float) -> Score:
    value = real_number(shown)
    if value is None:
        reason = f"the test's value {shorten(shown, 80)!r} is not a plain number"
    elif not 0 <= value <= max_points:
        reason = f"the test's value {shorten(shown, 80)} is not between 0 and {max_points:g}"
    else:
        reason = "" if value == max_points else f"partial credit: {value:g} of {max_points:g}"
        return Score(value, max_points, reason)
    return Score(0.0, max_points, reason)


def real_number(shown: str) -> float | None:
    """The finite real number that `text/plain` shows, or None. Booleans are not numbers."""
    match = _PLAIN_NUMBER.fullmatch(shown.strip())
    if not match:
        return None
    value = float(match[1] or match[2])
    return value if math.isfinite(value) else None


def ends_in_expression(source: str) -> bool:
    """Whether IPython would show a value for the cell's last line.

    It does for a trailing expression without a trailing semicolon
    (`InteractiveShell.ast_node_interactivity = "last_expr"`). Magics and shell lines are
    rewritten to Python first, as IPython does; an assignment gives no value.
    """
    from IPython.core.displayhook import DisplayHook
    from IPython.core.inputtransformer2 import TransformerManager

    python = TransformerManager().transform_cell(source)
    try:
        body = ast.parse(python).body
    except (SyntaxError, ValueError):
        return False  # cannot run, so its reply cannot be ok
    if not body or not isinstance(body[-1], ast.Expr):
        return False
    return not DisplayHook.semicolon_at_end_of_expression(python)


def error_line(content: Mapping[str, Any]) -> str:
    """One line for an error reply: a failed check's problem, else "Name: message"."""
    name, message = str(content.get("ename") or "error"), str(content.get("evalue") or "")
    first = next((line for line in message.splitlines() if line.strip()), "")
    if name in CHECK_FAILURES and first:
        return shorten(first)
    return shorten(f"{name}: {first}" if first else name)


def shorten(text: str, length: int = _REASON_LENGTH) -> str:
    """One printable line of at most `length` characters, whatever the text holds."""
    line = "".join(c if c.isprintable() else " " for c in _ANSI.sub("", text[: 10 * length]))
    line = " ".join(line.split())
    return line if len(line) <= length else line[: length - 1] + "…"

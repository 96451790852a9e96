"""What a student reads when a check fails: the problem, a hint, what was expected and what came."""

from __future__ import annotations

NOTHING_RETURNED = "The value is None. Does the function end in `return …`?"

RED, CYAN, BOLD, RESET = "\x1b[31m", "\x1b[36m", "\x1b[1m", "\x1b[0m"


class CheckFailed(AssertionError):
    """A failed check, in the words of the lesson.

    In Jupyter, Colab and feedback it is shown as its own few lines, without a stack of
    frames: IPython prints what `_render_traceback_` returns in place of a traceback
    (documented in IPython's `InteractiveShell.showtraceback`). The first line says the
    problem; after it stand the hint, the place where the values first differ, the expected
    value and the actual value, where there are any. Of a hidden check a student reads problem
    and hint: these hold no value of either side.
    """

    def __init__(
        self,
        problem: str,
        *,
        hint: str | None = None,
        where: str | None = None,
        expected: object = None,
        actual: object = None,
    ):
        self.problem = str(problem)
        self.hint = hint
        self.where = where
        self.expected = None if expected is None else str(expected)
        self.actual = None if actual is None else str(actual)
        super().__init__(str(self))

    def _details(self) -> list[tuple[str, str]]:
        parts = [("hint", self.hint), ("where", self.where), ("expected", self.expected), ("actual", self.actual)]
        return [(label, text) for label, text in parts if text]

    def __str__(self) -> str:
        return "\n".join([self.problem] + [_line(label, text) for label, text in self._details()])

    def __reduce__(self):
        return _rebuild, (self.problem, self.hint, self.expected, self.actual, self.where)

    def _render_traceback_(self) -> list[str]:
        title = f"{RED}{BOLD}Check failed: {RESET}{BOLD}{self.problem}{RESET}"
        return [title] + [_line(label, text, CYAN) for label, text in self._details()]


def _line(label: str, text: str, colour: str = "") -> str:
    """One labelled line; further lines of a long text stand under the first."""
    reset = RESET if colour else ""
    return f"  {colour}{label:<8}{reset}  " + text.replace("\n", "\n" + " " * 12)


def _rebuild(problem, hint, expected, actual, where=None) -> CheckFailed:
    return CheckFailed(problem, hint=hint, where=where, expected=expected, actual=actual)

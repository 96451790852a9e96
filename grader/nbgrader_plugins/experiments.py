"""Decide which unchanged experiments must run all the same: those whose names a student's code uses.

Nothing graded needs an experiment, so one that the student left alone is not run when the
notebook is graded. But a student may build on it, in an answer or in a cell of their own;
then it has to run here as it did for them.
"""

from __future__ import annotations

import ast
import builtins
import symtable

from IPython.core.inputtransformer2 import TransformerManager

LARGEST = 200_000  # characters of a student's code that are looked through; more is no honest lesson


def needed(experiments: dict[str, str], student: list[str], provided: list[str]) -> set[str]:
    """Return the keys of `experiments` whose names `student` code uses, directly or through another.

    `experiments` maps a key to an unchanged experiment's code; `student` is the code that
    will run and was written by the student; `provided` is code that always runs, whose
    names need no experiment. Where there is more code than `LARGEST` every experiment runs.
    """
    if sum(map(len, student)) > LARGEST:
        return set(experiments)
    given = set().union(*map(_defines, provided), dir(builtins))
    makes = {key: _defines(code) - given for key, code in experiments.items()}
    uses = {key: _uses(code) - given for key, code in experiments.items()}
    wanted = set().union(*map(_uses, student)) - set().union(*map(_defines, student)) - given
    chosen: set[str] = set()
    while more := {key for key in experiments if key not in chosen and makes[key] & wanted}:
        chosen |= more
        wanted = wanted.union(*(uses[key] for key in more))
    return chosen


def _python(code: str) -> str | None:
    """The cell as plain Python, its magics rewritten as IPython does; None if it is not Python."""
    for python in (lambda: code, lambda: TransformerManager().transform_cell(code)):
        try:
            ast.parse(python())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return python()
    return None


def _defines(code: str) -> set[str]:
    """Names that the cell binds at its top level."""
    return {name.get_name() for name in _top(code) if name.is_assigned() or name.is_imported()}


def _uses(code: str) -> set[str]:
    """Global names that the cell reads, at its top level or inside its functions."""
    code = _python(code)
    if code is None:
        return set()
    names: set[str] = set()
    tables = [symtable.symtable(code, "<cell>", "exec")]
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        top = table.get_type() == "module"
        names |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return names


def _top(code: str):
    code = _python(code)
    return [] if code is None else symtable.symtable(code, "<cell>", "exec").get_symbols()

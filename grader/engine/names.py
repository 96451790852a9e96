"""Which names a cell's code defines, and which it reads: by static analysis, nothing is run."""

from __future__ import annotations

import re
import symtable
from typing import TYPE_CHECKING

from grader.engine.cells import exercises, role

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_LINES_READ = 20_000


def defines(code: str, imports: bool = True) -> set[str]:
    """Names that the cell binds at its top level, by imports too unless told otherwise; none if it is not Python."""
    return {name.get_name() for table in _table(code) for name in table.get_symbols() if name.is_assigned() or imports and name.is_imported()}


def declares(cells: list[NotebookNode]) -> dict[str, set[str]]:
    """{exercise: the names that its cell binds}, of the course's own notebook."""
    named = zip(cells, exercises(cells), strict=True)
    return {exercise: defines(cell.source) for cell, exercise in named if cell.cell_type == "code" and role(cell) == "exercise"}


def uses(code: str) -> set[str]:
    """Global names that the cell reads, at its top level or inside its functions; none if it is not Python."""
    tables = _table(code)
    names: set[str] = set()
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        top = table.get_type() == "module"
        names |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return names


def _table(code: str) -> list[symtable.SymbolTable]:
    """The symbol table of the cell in a list, its magics rewritten as IPython does; [] if it is not Python."""
    for python in (lambda: code, lambda: _without_magics(code)):
        try:
            return [symtable.symtable(python(), "<cell>", "exec")]
        except (SyntaxError, ValueError, RecursionError, MemoryError, RuntimeError):
            continue
    return []


def _without_magics(code: str) -> str:
    """Raises ValueError for more magics than a cell has: for each, IPython reads the whole cell again."""
    if len(re.findall(r"(?m)^\s*[%!?]|=\s*[%!]|\?\s*$", code)) * code.count("\n") > MOST_LINES_READ:
        raise ValueError("too many magics")

    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(code)

"""Which names a cell's code defines, and which it reads: by static analysis, nothing is run."""

from __future__ import annotations

import ast
import symtable


def defines(code: str) -> set[str]:
    """Names that the cell binds at its top level; none if it is not Python."""
    return {name.get_name() for name in _top(code) if name.is_assigned() or name.is_imported()}


def uses(code: str) -> set[str]:
    """Global names that the cell reads, at its top level or inside its functions; none if it is not Python."""
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


def _python(code: str) -> str | None:
    """The cell as plain Python, its magics rewritten as IPython does; None if it is not Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    for python in (lambda: code, lambda: TransformerManager().transform_cell(code)):
        try:
            ast.parse(python())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return python()
    return None


def _top(code: str):
    code = _python(code)
    return [] if code is None else symtable.symtable(code, "<cell>", "exec").get_symbols()

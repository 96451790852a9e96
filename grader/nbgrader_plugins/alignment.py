"""Find, for each cell of the release, the cell of a submission that came from it."""

from __future__ import annotations

import ast
from collections import defaultdict
from difflib import SequenceMatcher
from functools import lru_cache

from nbformat import NotebookNode
from rapidfuzz.fuzz import ratio

LONGEST = 20_000  # characters of a cell that is parsed in search of a function's name
ALIKE = 60  # least similarity of two texts, in percent, to take one for an edit of the other


def align(release: list[NotebookNode], submitted: list[NotebookNode]) -> dict[int, list[int]]:
    """Return {index in `release`: indices in `submitted` that claim to be that cell, in order}.

    Identity is decided from the strongest evidence to the weakest, and each submitted cell
    is used once: nbgrader's grade_id, the cell id, the same text, a function of the same
    name, then position and similar text between neighbours already found. A grade_id or
    cell id alone is not believed where the text is plainly that of another cell of the
    release, since both can be copied or edited. Only by grade_id and by function name may
    several cells claim to be one: copies of an answer.
    """
    found: dict[int, list[int]] = defaultdict(list)
    free = dict(enumerate(submitted))
    texts = [_text(cell) for cell in release]
    defined = [_defined(cell) for cell in release]

    def claim(index: int, position: int) -> None:
        found[index].append(position)
        del free[position]

    def belongs_elsewhere(cell: NotebookNode, index: int) -> bool:
        text = _text(cell)
        if text == texts[index]:
            return False
        if text and text in texts:
            return True
        names = _defined(cell)
        if names & defined[index]:
            return False
        return any(names & defined[i] for i, other in enumerate(release) if is_answer(other))

    names = {cell.metadata.nbgrader.grade_id: i for i, cell in enumerate(release) if "nbgrader" in cell.metadata}
    for position, cell in list(free.items()):
        index = names.get(_grade_id(cell))
        if index is not None and not belongs_elsewhere(cell, index):
            claim(index, position)
    ids = {cell.get("id"): index for index, cell in enumerate(release)}
    for position, cell in list(free.items()):
        index = ids.get(cell.get("id")) if cell.get("id") else None
        if index is not None and index not in found and not belongs_elsewhere(cell, index):
            claim(index, position)

    _same_text(texts, free, found, claim)
    for index, cell in enumerate(release):
        if index not in found and is_answer(cell):
            for position, other in list(free.items()):
                if _defined(other) & defined[index]:
                    claim(index, position)
    _between_neighbours(release, submitted, free, found, claim)
    return {index: sorted(positions) for index, positions in found.items()}


def _same_text(texts, free, found, claim) -> None:
    """Take the longest run of equal texts in order first, then equal texts anywhere."""
    missing = [i for i in range(len(texts)) if i not in found and texts[i]]
    positions = list(free)
    matcher = SequenceMatcher(
        None, [texts[i] for i in missing], [_text(free[p]) for p in positions], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for k in range(block.size):
            claim(missing[block.a + k], positions[block.b + k])
    for index in missing:
        if index not in found and texts.count(texts[index]) == 1:
            position = next((p for p, cell in free.items() if _text(cell) == texts[index]), None)
            if position is not None:
                claim(index, position)


def _between_neighbours(release, submitted, free, found, claim) -> None:
    """Match what is left within each gap between cells already found."""
    for index, cell in enumerate(release):
        if index in found:
            continue
        before = max((found[i][-1] for i in range(index) if i in found), default=-1)
        after = min((found[i][0] for i in range(index + 1, len(release)) if i in found), default=len(submitted))
        gap = [p for p in free if before < p < after]
        likely = [p for p in gap if alike(cell, submitted[p])]
        if likely:
            claim(index, max(likely, key=lambda p: ratio(cell.source, submitted[p].source)))
        elif is_answer(cell):
            # A written answer, or a rewritten stub, shares no text with the stub: take the first
            # cell of its kind that stands where it stood.
            same_kind = [p for p in gap if submitted[p].cell_type == cell.cell_type]
            if same_kind:
                claim(index, same_kind[0])


def is_answer(cell: NotebookNode) -> bool:
    """Whether a release cell is the student's to fill in: an exercise or a written question."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def alike(cell: NotebookNode, other: NotebookNode) -> bool:
    """Whether one cell could be an edit of the other."""
    return cell.cell_type == other.cell_type and ratio(cell.source, other.source, score_cutoff=ALIKE) > 0


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _text(cell: NotebookNode) -> str:
    return "\n".join(line.rstrip() for line in cell.source.strip().split("\n"))


def _defined(cell: NotebookNode) -> frozenset[str]:
    """The functions and classes that an answer's cell defines at its top level."""
    return _names(cell.source) if cell.cell_type == "code" and len(cell.source) <= LONGEST else frozenset()


@lru_cache(maxsize=4096)
def _names(source: str) -> frozenset[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))

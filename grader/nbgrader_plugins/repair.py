"""Put a submission back into the shape of its release, keeping every answer the student wrote."""

from __future__ import annotations

import copy
import re
from collections import Counter

from nbformat import NotebookNode

from grader.engine.cells import role

from . import reading
from .alignment import align, alike, is_answer
from .experiments import needed
from .release import release, sheet_and_stub

LOCKED = ("test", "given", "setup")
LOST_NAMES = "nbgrader's metadata had been removed; the answers were found by their place and text."
_WORDS = {"test": "test cell", "given": "given cell", "setup": "set-up cell"}


def repair(source: NotebookNode, submitted: NotebookNode) -> tuple[NotebookNode, list[dict]]:
    """Return the notebook to grade and a note on each repair.

    `source` is the trusted solution notebook; `submitted` is whatever the student sent,
    and neither is changed. In the result

    * every test, given and set-up cell is the source's, text, id and metadata;
    * every exercise and question holds the student's answer, or the stub if there is none.
      Of several copies that were written the last one before the exercise's first test
      counts, as it does when the student runs them in order, or the last if none stands
      before it; the others stay as ordinary cells, stubs are dropped;
    * an unchanged experiment is marked `rnn_course.skip` unless the student's code uses its
      names; a changed one runs; experiments and prose that were deleted stay deleted;
    * a cell that is no answer and became another kind of cell is restored, and what the
      student made of it is a cell of their own after it;
    * the student's own cells stand after the cell they followed, with no metadata at all.

    A note is `{"cell": grade_id or None, "text": one plain sentence}`. Raises
    `reading.Unreadable` if `submitted` is no notebook.
    """
    theirs = reading.clean(submitted).cells
    result, stub = sheet_and_stub(source)
    ours, stubs = result.cells, stub.cells
    found = align(stubs, theirs)
    notes: list[dict] = []

    chosen: dict[int, int] = {}
    own: list[int] = []
    tested = _first_tests(stubs, found)
    for index, positions in found.items():
        copies = [(p, theirs[p]) for p in positions]
        chosen[index], extras = _choose(stubs[index], copies, tested.get(index, len(theirs)), notes)
        own.extend(extras)
    if any(is_answer(stubs[i]) and not _grade_id(theirs[p]) for i, p in chosen.items()):
        notes.append({"cell": None, "text": LOST_NAMES})
    claimed = {position for positions in found.values() for position in positions}
    own.extend(position for position in range(len(theirs)) if position not in claimed)

    anchors = {position: index for index, position in chosen.items()}
    followers: dict[int | None, list[int]] = {}
    for position in sorted(own):
        anchor = next((anchors[p] for p in range(position, -1, -1) if p in anchors), None)
        followers.setdefault(anchor, []).append(position)

    cells = [_own_cell(theirs[p]) for p in followers.get(None, [])]
    for index, cell in enumerate(ours):
        answer = theirs[chosen[index]] if index in chosen else None
        kept = _restore(cell, stubs[index], answer, notes)
        if kept is not None:
            cells.append(kept)
        cells.extend(_own_cell(theirs[p]) for p in followers.get(index, []))
    _name_own_cells(cells)
    _skip_experiments(cells)
    result.cells = cells
    result.nbformat, result.nbformat_minor = 4, 5
    result.metadata.pop("celltoolbar", None)
    return result, notes


def untouched(source: NotebookNode) -> NotebookNode:
    """Return the notebook of a student who wrote nothing, for a file that cannot be read."""
    return repair(source, release(source))[0]


def _first_tests(stubs: list[NotebookNode], found: dict[int, list[int]]) -> dict[int, int]:
    """Return {index of an exercise: where in the submission its first test cell stands}."""
    first: dict[int, int] = {}
    answers: dict[str, int] = {}
    following: int | None = None
    for index, cell in enumerate(stubs):
        if is_answer(cell):
            answers[_name(cell)] = following = index
        elif role(cell) == "test" and index in found:
            answer = answers.get(cell.metadata.get("rnn_course", {}).get("exercise"), following)
            if answer is not None:
                first[answer] = min(first.get(answer, found[index][0]), found[index][0])
    return first


def _choose(stub: NotebookNode, copies: list, tested: int, notes: list) -> tuple[int, list[int]]:
    """Return which of the cells that claim to be `stub` is the one, and which others to keep.

    `tested` is the position of its first test cell.
    """
    if is_answer(stub):
        written = [p for p, cell in copies if not _unwritten(cell, stub)]
        in_time = [p for p in written if p < tested]
        one = (in_time or written or [copies[-1][0]])[-1]
        if len(copies) > 1:
            which = "the last answer before its first test" if in_time and tested < written[-1] else "the last answer"
            _note(notes, stub, f"`{_name(stub)}` stood there {len(copies)} times; {which} counts.")
        return one, [p for p in written if p != one]
    edits = [p for p, cell in copies if alike(stub, cell) or not cell.source.strip()]
    locked = role(stub) in LOCKED
    extras = [p for p, cell in copies if (p not in edits if locked else cell.cell_type != stub.cell_type)]
    if role(stub) == "test" and len(copies) > 1:
        _note(notes, stub, f"test cell `{_name(stub)}` stood there {len(copies)} times; one was kept.")
    return (edits[-1] if edits else copies[-1][0]), extras


def _restore(cell: NotebookNode, stub: NotebookNode, theirs: NotebookNode | None, notes: list):
    """Return the cell of the graded notebook, or None for a deleted one that nothing needs."""
    kind = role(cell)
    if kind in LOCKED:
        what = f"{_WORDS[kind]} `{_name(cell)}`"
        if theirs is None:
            _note(notes, cell, f"{what} was missing and was put back.")
        elif not _same(theirs, stub) and not _same(theirs, cell) and not (kind == "setup" and _filled_in(theirs, stub)):
            _note(notes, cell, f"{what} had been changed and was restored.")
        return cell
    if is_answer(cell):
        if theirs is None:
            _note(notes, cell, f"no answer was found for `{_name(cell)}`; its stub was put back.")
            return cell
        if theirs.cell_type != cell.cell_type:
            _note(notes, cell, f"`{_name(cell)}` had become a {theirs.cell_type} cell; it is {cell.cell_type} again.")
        kept = _with_text(cell, theirs)
        if _words_of(theirs) == _words_of(stub):
            kept.source = cell.source  # white space alone is no answer, and nbgrader knows the stub by its checksum
        return kept
    if theirs is None:
        return None
    changed_kind = theirs.cell_type != cell.cell_type
    kept = copy.deepcopy(cell) if changed_kind else _with_text(cell, theirs)
    if kind == "experiment" and (changed_kind or _same(theirs, stub)):
        kept.metadata["rnn_course"] = {**kept.metadata.get("rnn_course", {}), "role": kind, "skip": True}
    return kept


def _with_text(cell: NotebookNode, theirs: NotebookNode) -> NotebookNode:
    kept = copy.deepcopy(cell)
    kept.source = theirs.source
    if kept.cell_type != "code" and "attachments" in theirs:
        kept.attachments = theirs.attachments
    return kept


def _own_cell(cell: NotebookNode) -> NotebookNode:
    """A cell of the student's own: their text, and nothing that could pass for a grade."""
    kept = copy.deepcopy(cell)
    kept.metadata = NotebookNode(rnn_course=NotebookNode(role="own"))
    return kept


def _name_own_cells(cells: list[NotebookNode]) -> None:
    """Give every cell an id of its own; outputs and scores are found by it."""
    taken = {cell.id for cell in cells if role(cell) != "own" and "id" in cell}
    count = Counter()
    for cell in cells:
        if role(cell) != "own" and "id" in cell:
            continue
        identity = cell.get("id")
        while not identity or identity in taken:
            count["own"] += 1
            identity = f"own-{count['own']}"
        cell.id = identity
        taken.add(identity)


def _skip_experiments(cells: list[NotebookNode]) -> None:
    skipped = {cell.id: cell for cell in cells if cell.metadata.get("rnn_course", {}).get("skip")}
    code = [cell for cell in cells if cell.cell_type == "code" and cell.id not in skipped]
    run = needed(
        {key: cell.source for key, cell in skipped.items()},
        student=[cell.source for cell in code if role(cell) not in LOCKED],
        provided=[cell.source for cell in code if role(cell) in ("given", "setup")],
    )
    for key in run:
        del skipped[key].metadata["rnn_course"]["skip"]


def _same(cell: NotebookNode, stub: NotebookNode) -> bool:
    """Whether the cell is unchanged, white space at the ends of lines aside."""
    return cell.cell_type == stub.cell_type and _lines(cell) == _lines(stub)


def _filled_in(cell: NotebookNode, stub: NotebookNode) -> bool:
    """Whether a set-up cell differs only by its settings, `NAME = …`, as of a student on Colab, and by what a release adds for Colab."""

    def bare(lines: list[str]) -> list[str]:
        return [re.sub(r"^([A-Z_]+) = .*$", r"\1", line) for line in lines if not line.endswith("  # on Colab")]

    return bare(_lines(cell)) == bare(_lines(stub))


def _unwritten(cell: NotebookNode, stub: NotebookNode) -> bool:
    """Whether an answer's cell is empty or still its stub, white space aside."""
    return not cell.source.strip() or _words_of(cell) == _words_of(stub)


def _words_of(cell: NotebookNode) -> list[str]:
    return cell.source.split()


def _lines(cell: NotebookNode) -> list[str]:
    return [line.rstrip() for line in cell.source.strip().split("\n")]


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _name(cell: NotebookNode) -> str:
    return _grade_id(cell) or cell.id


def _note(notes: list, cell: NotebookNode, text: str) -> None:
    notes.append({"cell": _grade_id(cell), "text": text[0].upper() + text[1:]})

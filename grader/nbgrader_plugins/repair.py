"""Put a submission back into the shape of its release, keeping every answer the student wrote."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable

from nbformat import NotebookNode

from grader.engine.cells import role
from grader.engine.names import defines

from . import reading
from .additions import added, changes, holds
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
    * lines that were added to a locked cell are a cell of the student's own beside it;
    * where an exercise's cell is gone or was switched off (made raw or Markdown) and the
      student's code elsewhere binds its name, that is the answer: no stub is put over it;
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
        followers.setdefault(_anchor(position, anchors, stubs), []).append(position)

    cells = [_own_cell(theirs[p]) for p in followers.get(None, [])]
    elsewhere = _bound_elsewhere(stubs, theirs, chosen, own)
    for index, cell in enumerate(ours):
        answer = theirs[chosen[index]] if index in chosen else None
        if index in elsewhere and (answer is None or answer.cell_type != "code"):
            cells.append(_pointing(cell, elsewhere[index], answer, notes))
            if answer is not None and answer.source.strip():
                cells.append(_own_cell(answer))
        else:
            before, after = _kept_lines(cell, stubs[index], answer)
            kept = _restore(cell, stubs[index], answer, notes, [*before, *after])
            cells.extend(_own_text(text) for text in before)
            if kept is not None:
                cells.append(kept)
            cells.extend(_own_text(text) for text in after)
        cells.extend(_own_cell(theirs[p]) for p in followers.get(index, []))
    _name_own_cells(cells)
    _skip_experiments(cells)
    result.cells = cells
    result.nbformat, result.nbformat_minor = 4, 5
    result.metadata.pop("celltoolbar", None)
    return result, notes


def _anchor(position: int, anchors: dict[int, int], stubs: list[NotebookNode]) -> int | None:
    """Return the index of the cell after which a cell of the student's own goes: the one it followed, or an earlier one.

    Earlier where that cell had been moved up, and its own place is behind the answer or test that followed: a helper stays before what it helps.
    """
    before = [anchors[p] for p in sorted(anchors, reverse=True) if p <= position]
    after = (anchors[p] for p in sorted(anchors) if p > position)
    follows = next((index for index in after if stubs[index].cell_type == "code" and (is_answer(stubs[index]) or role(stubs[index]) == "test")), len(stubs))
    return next((index for index in before if index < follows), None)


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
        written = [p for p, cell in copies if p in written and cell.cell_type == stub.cell_type] or written  # another kind is switched off
        in_time = [p for p in written if p < tested]
        one = (in_time or written or [copies[-1][0]])[-1]
        if len(copies) > 1:
            which = "the last answer before its first test" if in_time and tested < written[-1] else "the last answer"
            _note(notes, stub, f"`{_name(stub)}` stood there {len(copies)} times; {which} counts.")
        return one, [p for p, cell in copies if p != one and not _unwritten(cell, stub)]
    edits = [p for p, cell in copies if alike(stub, cell) or not cell.source.strip() or _holds(cell, stub)]
    locked = role(stub) in LOCKED
    extras = [p for p, cell in copies if (p not in edits if locked else cell.cell_type != stub.cell_type)]
    if role(stub) == "test" and len(copies) > 1:
        _note(notes, stub, f"test cell `{_name(stub)}` stood there {len(copies)} times; one was kept.")
    return (edits[-1] if edits else copies[-1][0]), extras


def _restore(cell: NotebookNode, stub: NotebookNode, theirs: NotebookNode | None, notes: list, kept_lines: list[str]):
    """Return the cell of the graded notebook, or None for a deleted one that nothing needs."""
    kind = role(cell)
    if kind in LOCKED:
        what = f"{_WORDS[kind]} `{_name(cell)}`"
        if theirs is None:
            _note(notes, cell, f"{what} was missing and was put back.")
        elif not _same(theirs, stub) and not _same(theirs, cell) and not (kind == "setup" and _filled_in(theirs, stub)):
            _note(notes, cell, changes(what, theirs.source, stub.source, kept_lines))
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
    if kind == "prose" and not _same(kept, stub):
        kept.metadata["rnn_course"] = {**kept.metadata.get("rnn_course", {}), "role": kind, "edited": True}
    return kept


def _bound_elsewhere(stubs: list[NotebookNode], theirs: list[NotebookNode], chosen: dict[int, int], own: Iterable[int]) -> dict[int, list[str]]:
    """Return {index of an exercise: its names that code which the student wrote in other cells binds}."""
    written = {None: set().union(*(defines(theirs[p].source, imports=False) for p in own if theirs[p].cell_type == "code"), set())}
    for index, position in chosen.items():
        stub, cell = stubs[index], theirs[position]
        if cell.cell_type == "code" and (is_answer(stub) or role(stub) == "experiment") and not _same(cell, stub):
            written[index] = defines(cell.source, imports=False)
    found = {}
    for index, stub in enumerate(stubs):
        if is_answer(stub) and stub.cell_type == "code":
            others = set().union(*(names for at, names in written.items() if at != index))
            if names := sorted(defines(stub.source, imports=False) & others):
                found[index] = names
    return found


def _pointing(cell: NotebookNode, names: list[str], theirs: NotebookNode | None, notes: list) -> NotebookNode:
    """Return an exercise's cell whose answer stands elsewhere: nothing in it binds a name."""
    shown = ", ".join(f"`{name}`" for name in names)
    what = "was missing" if theirs is None else f"had become a {theirs.cell_type} cell and was left switched off"
    _note(notes, cell, f"`{_name(cell)}` {what}; {shown} of another cell counts.")
    kept = copy.deepcopy(cell)
    kept.source = f"# {', '.join(names)}: written in another cell of this notebook."
    return kept


def _kept_lines(cell: NotebookNode, stub: NotebookNode, theirs: NotebookNode | None) -> tuple[list[str], list[str]]:
    """Return what was added to a locked code cell: texts to stand before it, and after it."""
    kind = role(cell)
    if kind not in LOCKED or theirs is None or theirs.cell_type != "code" or cell.cell_type != "code" or _same(theirs, cell):
        return [], []
    if kind == "setup" and _filled_in(theirs, stub) or not (alike(stub, theirs) or _holds(theirs, stub)):
        return [], []
    return added(theirs.source, stub.source, is_test=kind == "test")


def _holds(cell: NotebookNode, stub: NotebookNode) -> bool:
    return cell.cell_type == stub.cell_type and holds(cell.source, stub.source)


def _own_text(text: str) -> NotebookNode:
    return NotebookNode(cell_type="code", source=text, execution_count=None, outputs=[], metadata=NotebookNode(rnn_course=NotebookNode(role="own")))


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

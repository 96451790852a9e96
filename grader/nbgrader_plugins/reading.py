"""Read a notebook that a stranger wrote: any file gives a clean notebook or one sentence on why not."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import nbformat
from nbformat import NotebookNode

LARGEST = 20 * 1024 * 1024  # bytes; an honest notebook with many figures has a few million
MOST_CELLS = 1000

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Unreadable(ValueError):
    """A file that is no notebook; the message is one plain sentence."""


def read_bytes(path: str | Path, largest: int) -> bytes:
    """Return a regular file's bytes without ever following a link or waiting on a pipe.

    Raises Unreadable for a link, a pipe, a device, a directory, a missing file, or one
    of more than `largest` bytes.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Unreadable("the file is missing") from None
    except OSError:
        raise Unreadable("it is a link or cannot be opened") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable("it is not a regular file")
    with open(handle, "rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise Unreadable(f"it is larger than {largest / 1e6:.0f} MB")
    return content


def read(path: str | Path, largest: int = LARGEST) -> NotebookNode:
    """Return the notebook at `path` as nbformat 4 with sources, ids and nbgrader names only.

    Accepts a byte order mark, UTF-8, 16 and 32, nbformat 4 of any minor version and older
    formats that nbformat can upgrade. Raises Unreadable for everything else.
    """
    return parse(read_bytes(path, largest))


def parse(content: bytes) -> NotebookNode:
    """Return the notebook that a file's bytes are, as `read` does."""
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable("it is not a complete notebook file (not JSON)") from None
    return clean(raw)


def clean(raw: object) -> NotebookNode:
    """Return a new notebook holding only what grading needs from parsed notebook JSON.

    For each cell: its type, source, id, attachments, and the grade_id it claims. Outputs,
    tags and every other word of metadata are left behind, so none can mislead what follows.
    """
    if not isinstance(raw, dict):
        raise Unreadable("it is not a notebook")
    version = raw.get("nbformat")
    if isinstance(version, int) and 0 < version < 4:
        try:
            raw = nbformat.convert(nbformat.from_dict(raw), 4)
        except Exception:  # whatever nbformat's upgrade trips over, the file is no notebook
            raise Unreadable(f"its old format ({version}) could not be upgraded") from None
    elif version != 4:
        raise Unreadable(f"its notebook format ({str(version)[:20]}) is not known here")
    cells = raw.get("cells")
    if not isinstance(cells, list) or not cells:
        raise Unreadable("it has no cells")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"it has more than {MOST_CELLS} cells")
    kept = [cell for cell in map(_clean_cell, cells) if cell is not None]
    if not kept:
        raise Unreadable("it has no cells")
    # Not nbformat's new_notebook: it gives cells without an id a random one.
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=kept)


def _clean_cell(raw: object) -> NotebookNode | None:
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    # Not nbformat's new_code_cell: it holds each cell against its schema, which takes most of the time.
    cell = NotebookNode(cell_type=raw["cell_type"], metadata=NotebookNode(), source=_encodable(source))
    if cell.cell_type == "code":
        cell.update(execution_count=None, outputs=[])
    identity = raw.get("id")
    if isinstance(identity, str) and _CELL_ID.fullmatch(identity):
        cell["id"] = identity
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    if isinstance(grade_id, str) and grade_id:
        cell.metadata["nbgrader"] = NotebookNode(grade_id=grade_id)
    attachments = raw.get("attachments")
    if raw["cell_type"] != "code" and _is_bundle(attachments):
        cell["attachments"] = nbformat.from_dict(attachments)
    return cell


def _encodable(text: str) -> str:
    """Lone surrogates are legal in JSON and cannot be written to a file."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_bundle(attachments: object) -> bool:
    return isinstance(attachments, dict) and all(
        isinstance(bundle, dict) and all(isinstance(data, str) and data.isascii() for data in bundle.values())
        for bundle in attachments.values()
    )

"""Read a notebook that a stranger wrote: any file gives a clean notebook or one sentence on why not."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import nbformat
from charset_normalizer import from_bytes
from nbformat import NotebookNode

LARGEST = 20 * 1024 * 1024  # bytes; an honest notebook with many figures has a few million
MOST_CELLS = 1000
LOOKED_AT = 1_000_000  # bytes, by which an encoding is recognised

PLAIN_TO_SEE = ("cp932", "gb18030", "big5", "euc_kr", "cp1251")  # encodings that are recognised; European ones are hardly told apart

_CONFLICT = re.compile(rb"^<{7}[^\n]*\n(.*?)(?:^\|{7}[^\n]*\n.*?)?^={7}\r?\n(.*?)^>{7}[^\n]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
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

    Accepts a byte order mark, UTF-8, 16 and 32, older systems' encodings, nbformat 4 of any minor version and older
    formats that nbformat can upgrade. Raises Unreadable for everything else.
    """
    return parse(read_bytes(path, largest))


def parse(content: bytes) -> NotebookNode:
    """Return the notebook that a file's bytes are, as `read` does."""
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        return clean(json.loads(content))
    except UnicodeDecodeError:
        return _of_another_encoding(content)
    except (ValueError, RecursionError) as reason:
        if isinstance(reason, Unreadable):
            raise
    if _CONFLICT.search(content):
        return _of_two_sides(content)
    raise Unreadable("it is not a complete notebook file (not JSON)") from None


def _of_another_encoding(content: bytes) -> NotebookNode:
    """Return a notebook that an editor saved in the encoding of its system; `metadata.read_as` says so."""
    found = from_bytes(content[:LOOKED_AT], cp_isolation=[*PLAIN_TO_SEE, "cp1252"]).best()
    for encoding in (*((found.encoding,) if found else ()), "cp1252", "latin-1"):
        try:
            notebook = clean(json.loads(content.decode(encoding)))
        except (ValueError, RecursionError):
            continue
        name = encoding.replace("cp", "Windows-") if encoding.startswith("cp125") else encoding
        notebook.metadata["read_as"] = f"The notebook was not saved in UTF-8; it was read as {name}, so letters beyond English ones may be others."
        return notebook
    raise Unreadable("it is not saved in UTF-8 and in no other encoding that is known here; save it in Jupyter again") from None


def _of_two_sides(content: bytes) -> NotebookNode:
    """Return a notebook with git's conflict markers if both sides have the same cells; which of two to grade is not guessed."""
    sides = []
    for keep in (1, 2):
        try:
            sides.append(clean(json.loads(_CONFLICT.sub(lambda found, keep=keep: found[keep], content))))
        except (ValueError, RecursionError):
            continue
    if len(sides) == 2 and sides[0].cells == sides[1].cells:
        sides[0].metadata["read_as"] = "The notebook holds git's conflict markers; both sides have the same cells, which were graded."
        return sides[0]
    raise Unreadable("it holds git's conflict markers (<<<<<<<, =======, >>>>>>>); resolve the conflict and save it again") from None


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
    if raw["cell_type"] != "code" and (pictures := _attachments(raw.get("attachments"))):
        cell["attachments"] = nbformat.from_dict(pictures)
    return cell


def _encodable(text: str) -> str:
    """Lone surrogates are legal in JSON and cannot be written to a file."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _attachments(raw: object) -> dict[str, dict[str, str]]:
    """Return what is attached as nbformat has it, each by its name and kind; what is malformed is left out alone."""
    found: dict[str, dict[str, str]] = {}
    for name, bundle in raw.items() if isinstance(raw, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            text = "".join(line for line in data if isinstance(line, str)) if isinstance(data, list) else data
            if isinstance(text, str) and text.isascii():
                found.setdefault(_encodable(name), {})[_encodable(kind)] = text
    return found

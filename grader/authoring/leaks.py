"""Search what students get for what they must not: answers, hidden tests, variants, outputs; also where it is packed or encoded."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import hashlib
import io
import json
import lzma
import re
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from nbformat import NotebookNode

from grader.authoring.proofs import regions, without_regions

MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
BEGINNING = min(len("".join(mark.split())) for mark in MARKS)
SHORTEST = 20  # characters without white space: what is shorter may be found anywhere by accident
DEEPEST = 4  # a zip in base64 in a notebook in a zip
LARGEST = 200_000_000  # bytes that one packed file may unpack to

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}(?:(?:\\n|[\s\"',]){1,8}[A-Za-z0-9+/_-]{4,}={0,2})*")


@dataclass
class Secrets:
    """What must not be found. lines: text without white space → where it is from; digests: of pictures that a solution shows."""

    lines: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, text: str, origin: str) -> None:
        for line in text.splitlines():
            if len(_squeezed(line)) >= SHORTEST:
                self.lines.setdefault(_squeezed(line), origin)

    def without(self, public: Iterable[str]) -> Secrets:
        """These without what students are shown on purpose, in whatever lesson."""
        shown = "\n".join(map(_squeezed, public))
        return Secrets({line: origin for line, origin in self.lines.items() if line not in shown}, self.digests)


def secrets(lessons: Iterable[tuple[str, NotebookNode, NotebookNode | None, str]]) -> Secrets:
    """The secrets of lessons, each given as (its name, its source notebook, its executed solution, the text of its variants and cases cells).

    Every line of a solution, a hidden test, the variants and the solution's outputs, unless a visible cell of a lesson says it too.
    """
    found, public = Secrets({_squeezed(mark): "a mark of nbgrader's" for mark in MARKS}), []
    # The frozen cases that students get may share lines, hints above all, with the hidden ones.
    public += [path.read_text(encoding="utf-8") for path in files("grader.checks").joinpath("frozen").iterdir() if path.name.endswith(".json")]
    for name, source, solution, variants in lessons:
        found.add(variants, f"{name}'s variants or cases")
        for cell in source.cells:
            public.append(without_regions(cell.source))
            for region in regions(cell.source):
                found.add(region, f"{name}, cell {cell.id}")
        for cell in solution.cells if solution else ():
            for output in cell.get("outputs", []):
                for kind, content in {"text/plain": output.get("text", ""), **output.get("data", {})}.items():
                    if kind == "text/plain":
                        found.add(content, f"{name}, the output of cell {cell.id}")
                    elif kind == "image/png":
                        found.digests[_digest(base64.b64decode(content))] = f"{name}, a figure of cell {cell.id}"
    return found.without(public)


def find(files: Mapping[str, bytes], hidden: Secrets, known: Mapping[str, set[str]] | None = None) -> list[str]:
    """Where `hidden` is found in `files`, each in one sentence; [] if nowhere.

    known: lines that a file may say, by its path; see `coincidences`.
    """
    index = defaultdict(list)
    for line in hidden.lines:
        index[line[:BEGINNING]].append(line)
    complaints = []
    for name, data in files.items():
        said, allowed = set(), {_squeezed(line) for line in (known or {}).get(name, ())}
        for where, view in _views(name, data, 0):
            if view is None:
                origins = {"outputs of a notebook that was run"}
            elif isinstance(view, bytes):
                origins = {hidden.digests.get(_digest(view))} - {None}
            else:
                origins = {f"{hidden.lines[line]}: {line}" for line in _hits(_squeezed(view), index) - allowed}
            said |= {f"{where} holds {origin}" for origin in origins}
        complaints += sorted(said)
    return complaints


def coincidences(text: str) -> dict[str, set[str]]:
    """Read a list of lines that files of the package share with answers, `path: line` each; # begins a comment."""
    known: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            path, _, said = line.partition(":")
            known.setdefault(path.strip(), set()).add(said)
    return known


def _hits(text: str, index: Mapping[str, list[str]]) -> set[str]:
    """The lines of `index`, which is by their beginnings, that stand in `text`."""
    return {
        line
        for start in range(len(text) - BEGINNING + 1)
        for line in index.get(text[start : start + BEGINNING], ())
        if text.startswith(line, start)
    }


def _views(where: str, data: bytes, depth: int) -> Iterator[tuple[str, str | bytes | None]]:
    """`data` as whoever looks at it might read it: bytes, text, and what it holds packed or encoded. None: outputs in a notebook."""
    yield where, data
    # Text of two or four bytes a letter, as NumPy stores it, reads like any other without its zeros.
    text = data.replace(b"\0", b"").decode("utf-8", errors="replace")
    yield where, text
    yield where, where
    if depth == DEEPEST:
        return
    try:
        parsed = json.loads(text) if text.lstrip()[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        parsed = None
    if parsed is not None:
        if _has_outputs(parsed):
            yield where, None
        strings = "\n".join(_strings(parsed))
        yield where, strings
        text += "\n" + strings
    for run in _BASE64.finditer(text):
        for encoded in {run[0], *run[0].split()}:
            letters = re.sub(r"\\n|[\s\"',=]", "", encoded).translate(str.maketrans("-_", "+/"))
            for start in range(4):
                decoded = _decoded(letters[start:])
                if decoded:
                    yield from _views(f"{where} (in base64)", decoded, max(depth + 1, DEEPEST - 2))
    for name, content in _unpacked(data):
        yield from _views(f"{where} → {name}", content, depth + 1)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, npz among them, or what was compressed."""
    stream = io.BytesIO(data)
    if zipfile.is_zipfile(stream):
        with zipfile.ZipFile(stream) as archive:
            for member in archive.infolist():
                if member.file_size > LARGEST:
                    raise ValueError(f"{member.filename} is too large to be searched")
                yield member.filename, archive.read(member)
            if archive.comment:
                yield "its comment", archive.comment
        return
    for start, unpack in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress), (b"\x78", zlib.decompress)):
        if data.startswith(start):
            try:
                data = unpack(data)
            except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
                continue
            yield "unpacked", data
            break
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                if member.isfile():
                    yield member.name, archive.extractfile(member).read()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield "".join(value)  # a cell's source, as lines
        else:
            for item in value:
                yield from _strings(item)


def _has_outputs(value: object) -> bool:
    cells = value.get("cells") if isinstance(value, Mapping) else None
    return isinstance(cells, list) and any(isinstance(cell, Mapping) and (cell.get("outputs") or cell.get("execution_count")) for cell in cells)


def _decoded(letters: str) -> bytes:
    """What letters of base64 say, whether or not they are padded."""
    whole = letters[:-1] if len(letters) % 4 == 1 else letters
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4))
    except (binascii.Error, ValueError):
        return b""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

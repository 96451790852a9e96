"""Turns what a kernel sent into outputs that are safe to store and pleasant to read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output
from nbformat.validator import isvalid


def size(content: Any) -> int:
    """About how many bytes a message's content takes as JSON."""
    return len(json.dumps(content, default=str))


def utf8(text: str) -> str:
    """`text` with the characters that UTF-8 cannot hold (lone surrogates) replaced."""
    return text.encode("utf-8", "replace").decode()


def tidy(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Valid nbformat outputs only, each stream's neighbouring pieces joined into one.

    Progress bars are shown as a terminal leaves them. A kernel can be made to send anything:
    what is no valid output is dropped, and characters that UTF-8 cannot hold are replaced.
    """
    tidied: list[NotebookNode] = []
    for output in filter(None, map(_clean, outputs)):
        last = tidied[-1] if tidied else None
        if (
            last is not None
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            tidied.append(output)
    for output in tidied:
        if output.output_type == "stream":
            output.text = terminal_text(output.text)
    return tidied


def _clean(output: NotebookNode) -> NotebookNode | None:
    try:
        clean = from_dict(json.loads(utf8(json.dumps(output, ensure_ascii=False))))
        if not isvalid(clean, ref="output", version=4, version_minor=5):
            return None
    except (TypeError, ValueError, RecursionError):
        return None
    if clean.output_type == "stream" and not isinstance(clean.text, str):
        clean.text = "".join(clean.text)
    return clean


def terminal_text(text: str) -> str:
    """`text` after carriage returns and backspaces did their work, in linear time."""
    if "\b" in text:
        kept: list[str] = []
        for character in text:
            if character != "\b":
                kept.append(character)
            elif kept and kept[-1] not in "\n\b":
                kept.pop()
        text = "".join(kept)
    return "\n".join(map(_as_overwritten, text.replace("\r\n", "\n").split("\n")))


def _as_overwritten(line: str) -> str:
    """What a terminal shows of a line: the text after its last carriage return that has any after it."""
    head = line.rstrip("\r")
    return head.rpartition("\r")[2] + line[len(head) :]


def notice(text: str) -> NotebookNode:
    """An output of the engine's own, shown where a cell's output was cut."""
    return new_output("stream", name="stderr", text=f"\n[{text}]\n")

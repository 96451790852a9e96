"""A frame's payload: a JSON header, then the raw bytes of arrays and long texts that it refers to.

    8 bytes     length of the header
    header      {"v": the message, "s": [length of each segment]}
    segments    each begins at a multiple of 16, so that arrays can be used where they lie

The header is searched for its depth and its number of items before it is parsed, and before it is sent,
so that what the other side would not take is refused where the value still has a name.
"""

from __future__ import annotations

import json
import re

import numpy as np

from grader.engine.border.errors import Malformed, Uncrossable, require
from grader.engine.border.limits import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_HEADER_BYTES, MAX_ITEMS

PREFIX = 8
ALIGNMENT = 16
# Each value may take three levels of JSON, and the message around it a few.
JSON_DEPTH = 3 * MAX_DEPTH + 20
JSON_ITEMS = 4 * MAX_ITEMS


def pack(message: object, segments: list[memoryview]) -> list[bytes | memoryview]:
    """The parts of a payload, to be sent one after another. Raises Uncrossable if they are too large."""
    text = json.dumps({"v": message, "s": [segment.nbytes for segment in segments]}, separators=(",", ":"))
    header = text.encode("ascii")
    try:
        _measure(header)
    except Malformed:
        raise Uncrossable("items") from None
    parts: list[bytes | memoryview] = [len(header).to_bytes(PREFIX, "big"), header]
    position = PREFIX + len(header)
    for segment in segments:
        gap = -position % ALIGNMENT
        parts += [bytes(gap), segment]
        position += gap + segment.nbytes
    if position > MAX_BYTES or len(header) > MAX_HEADER_BYTES:
        raise Uncrossable("size")
    return parts


def unpack(frame: np.ndarray) -> tuple[object, list[np.ndarray]]:
    """The message and the segments of `frame`, uint8 (bytes,). Raises Malformed, whatever the bytes."""
    require(frame.size >= PREFIX, "a frame without a header")
    length = int.from_bytes(frame[:PREFIX].tobytes(), "big")
    require(length <= min(frame.size - PREFIX, MAX_HEADER_BYTES), "a header that is longer than its frame")
    header = frame[PREFIX : PREFIX + length].tobytes()
    _measure(header)
    try:
        content = json.loads(header)
    except (ValueError, RecursionError):
        raise Malformed("a header that is not JSON") from None
    require(type(content) is dict and type(content.get("s")) is list and "v" in content, "a header without a message")
    segments, position = [], PREFIX + length
    for size in content["s"]:
        position += -position % ALIGNMENT
        require(type(size) is int and 0 <= size <= frame.size - position, "a segment that is longer than its frame")
        segments.append(frame[position : position + size])
        position += size
    return content["v"], segments


def _measure(header: bytes) -> None:
    """Raise Malformed if parsing `header` could go too deep or grow too large; in linear time."""
    # Without escapes, a string is what stands between two quotes.
    bare = header.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in header else header
    bare = re.sub(rb'"[^"]*"?', b"", bare)
    require(bare.count(b",") + bare.count(b"[") + bare.count(b"{") <= JSON_ITEMS, "more items than may cross")
    require(not re.search(rb"[0-9]{%d}" % (MAX_DIGITS + 1), bare), "an integer of too many digits")
    marks = np.frombuffer(bare, np.uint8)
    opening = (marks == ord("[")) | (marks == ord("{"))
    if np.count_nonzero(opening) <= JSON_DEPTH:
        return
    closing = (marks == ord("]")) | (marks == ord("}"))
    depth = np.cumsum(opening.astype(np.int8) - closing.astype(np.int8), dtype=np.int32)
    require(depth.max(initial=0) <= JSON_DEPTH, "a value that is nested too deep")

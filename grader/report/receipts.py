"""Read what receipts say of themselves, from bytes that a stranger wrote: nothing is unpickled, nothing unpacks without a bound."""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from dataclasses import dataclass

import numpy as np

from grader.engine.scoring import shorten

FORMAT = 1  # that of lab.receipts, which is not imported here because it imports Keras
FACTS = "receipt.npy"
MOST_FACTS = 4_000_000  # bytes, as in lab.receipts
MOST_WEIGHTS = 64 * 1024 * 1024  # bytes, unpacked; the largest model of the course has a few million
MOST_ARRAYS = 2000
MOST_SECONDS = 366 * 86_400.0  # a year of training; what claims more has said nothing


class Broken(ValueError):
    """A receipt that cannot be read; the message says why, in a few words."""


@dataclass(frozen=True)
class Receipt:
    """What a receipt claims, and `weights`, a hash of the arrays in it. Whether the claim is true nobody has asked."""

    device: str
    seconds: float
    written: str
    weights: str


def read(content: bytes) -> Receipt:
    """Return what the receipt with this content says. Raises Broken, whatever else the content is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            facts = _facts(archive)
            weights = _weights(archive)
    except Broken:
        raise
    except Exception as error:  # zipfile, zlib and NumPy have many ways to refuse a file
        raise Broken(f"cannot be read ({type(error).__name__})") from None
    try:
        seconds = float(facts.get("seconds", math.nan))
    except (TypeError, ValueError, OverflowError):
        seconds = math.nan
    seconds = seconds if 0 <= seconds <= MOST_SECONDS else math.nan
    return Receipt(shorten(str(facts.get("device", "")), 80) or "not said", seconds, shorten(str(facts.get("written", "")), 40), weights)


def _facts(archive: zipfile.ZipFile) -> dict:
    try:
        member = archive.getinfo(FACTS)
    except KeyError:
        raise Broken("holds no facts") from None
    if member.file_size > MOST_FACTS:
        raise Broken("is far too large")
    with archive.open(member) as file:
        shape, _, dtype = _header(file)
        if shape != () or dtype.kind != "U":
            raise Broken("has another format")
        text = file.read(dtype.itemsize).decode("utf-32-be" if dtype.str.startswith(">") else "utf-32-le")
    facts = json.loads(text.rstrip("\0"))
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise Broken("has another format")
    return facts


def _weights(archive: zipfile.ZipFile) -> str:
    """A hash of the arrays' kinds, shapes and bytes, in order; "" where there are none. No array is made of them."""
    members = sorted((member for member in archive.infolist() if member.filename.startswith("weight_")), key=lambda member: member.filename)
    if len(members) > MOST_ARRAYS or sum(member.file_size for member in members) > MOST_WEIGHTS:
        raise Broken("is far too large")
    digest = hashlib.sha256()
    for member in members:
        with archive.open(member) as file:
            shape, fortran, dtype = _header(file)
            if dtype.hasobject:
                raise Broken("holds objects")
            digest.update(repr((member.filename, shape, fortran, dtype.str)).encode())
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest() if members else ""


def _header(file) -> tuple[tuple, bool, np.dtype]:
    """An array's shape, order and kind, from the head of its file; NumPy would make room for whatever shape stands there."""
    version = np.lib.format.read_magic(file)
    return (np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0)(file)

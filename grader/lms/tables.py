"""Tables as files that spreadsheets and LMSs open alike: well quoted, whole or not at all, and nothing in them is a formula."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas

_FORMULA = re.compile(r"^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def text(value: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula: what looks like one gets an apostrophe before it."""
    return f"'{value}" if _FORMULA.search(value) and not _NUMBER.fullmatch(value) else value


def points(value: float | None) -> str:
    """Return points with a decimal point and no digit too many; "" for None."""
    return "" if value is None else f"{round(value, 5):.10g}"


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as RFC 4180 has them."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def tidy(rows: Sequence[dict]) -> str:
    """Return one row for each dictionary, for pandas, R or a spreadsheet. The first byte order mark tells Excel that it is UTF-8."""
    frame = pandas.DataFrame(rows)
    for column in frame.select_dtypes(exclude="number"):
        frame[column] = [text(one) if isinstance(one, str) else one for one in frame[column]]
    return "\ufeff" + frame.to_csv(index=False, lineterminator="\r\n")


def write(path: Path, content: str) -> None:
    """Write a file as a whole, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_text(content, encoding="utf-8", newline="")
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise

"""Feedback pages as the zip that an LMS takes back, each named as what its student handed in came.

Moodle (*Upload multiple feedback files in a zip*, assignfeedback_file `importziplib.php`) reads `Full Name_123456_assignsubmission_file_/…`.
Canvas (*Upload Submissions*, `generate_comments_from_files`) reads the student's and the file's number in `lastfirst_12345_67890_NAME`, and
shows the comment's file under the name that the student's has: so a zip gets a zip back, and any other file the page itself.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .ledger import Ledger
from .roster import Roster
from .senders import CANVAS, MOODLE

SYSTEMS = (MOODLE, CANVAS)
_MADE = (2000, 1, 1, 0, 0, 0)  # the time in the zip: the same pages make the same zip


@dataclass
class Returned:
    """A zip, whose pages are in it by which path, and of whom it is not known as what their work came."""

    content: bytes = b""
    paths: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def pack(lesson: str, pages: Mapping[str, Path], system: str, ledger: Ledger, roster: Roster | None = None) -> Returned:
    """Return the zip of these students' pages. roster: Moodle's worksheet of this assignment, for those who were not collected from its download."""
    made, out = Returned(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in sorted(pages.items()):
            path = _path(lesson, student, system, ledger, roster)
            if not path or path in made.paths.values():
                made.missing.append(student)
                continue
            content = page.read_bytes()
            if path.lower().endswith(".zip"):
                content = _zip(f"{lesson}.html", content)
            archive.writestr(zipfile.ZipInfo(path, _MADE), content, zipfile.ZIP_DEFLATED)
            made.paths[student] = path
    made.content = out.getvalue()
    return made


def write(path: Path, content: bytes) -> None:
    """Write a file as a whole, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(content)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _path(lesson: str, student: str, system: str, ledger: Ledger, roster: Roster | None) -> str:
    came = ledger.came(student, lesson)
    if came.get("system") != system:
        came = {}
    if system == CANVAS:
        if not (came and came.get("file_id")):
            return ""
        late = "_LATE" if came.get("late") else ""
        file = came["file"] if came["file"].lower().endswith(".zip") else re.sub(r"\.ipynb.*$|\.[^.]*$", "", came["file"], flags=re.IGNORECASE) + ".html"
        return f"{came['name']}{late}_{came['number']}_{came['file_id']}_{file}"
    name, number = came.get("name", ""), came.get("number", "")
    if not number and roster and roster.is_worksheet and (row := roster.of_student(student)):
        name, number = row.shown, re.sub(r"\D", "", row.about.get("participant", ""))
    name = re.sub(r"[/\\_]", " ", name).strip().lstrip(".~") or "Participant"
    return f"{name}_{number}_assignsubmission_file_/{lesson}.html" if number else ""


def _zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _MADE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()

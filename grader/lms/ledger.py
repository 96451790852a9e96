"""Which submissions were collected so far, so that an earlier download, collected again, changes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path


LIST, DOWNLOAD = "list", "download"  # what told when something was handed in: the LMS's list, or the times in its zip


class Ledger:
    """What was collected of each student and lesson, in order, by its digest; kept in a file."""

    def __init__(self, path: Path):
        self._path = path
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        self._known: dict[str, dict] = known if isinstance(known, dict) else {}

    def knows(self, student: str, lesson: str, mark: str) -> bool:
        return mark in self._of(student, lesson).get("marks", [])

    def last(self, student: str, lesson: str) -> str:
        return (self._of(student, lesson).get("marks") or [""])[-1]

    def file_id(self, student: str, lesson: str) -> int:
        return self._of(student, lesson).get("file_id", 0)

    def add(self, student: str, lesson: str, mark: str, file_id: int) -> None:
        before = self._of(student, lesson)
        marks = before.get("marks", [])
        if mark in marks:
            return
        self._known[f"{student}/{lesson}"] = {**before, "marks": [*marks, mark], "file_id": max(file_id, before.get("file_id", 0))}
        self._save()

    def came(self, student: str, lesson: str) -> dict:
        """Return as what the submission that is there came: see `note`; {} if that is not known."""
        return self._of(student, lesson).get("came", {})

    def note(self, student: str, lesson: str, **came: str | int | bool) -> None:
        """Keep as what a submission came: the LMS, the name and number it gave the sender, its file; and what told the time."""
        if (now := self.came(student, lesson) | came) != self.came(student, lesson):
            self._known[f"{student}/{lesson}"] = {**self._of(student, lesson), "came": now}
            self._save()

    def rename(self, old: str, new: str, lessons: list[str]) -> None:
        """Let what is known of one student's submissions of these lessons be another's."""
        for lesson in lessons:
            if known := self._known.pop(f"{old}/{lesson}", None):
                self._known[f"{new}/{lesson}"] = known
        self._save()

    def _save(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        new.write_text(json.dumps(self._known, ensure_ascii=False, indent=0), encoding="utf-8")
        os.replace(new, self._path)

    def _of(self, student: str, lesson: str) -> dict:
        return self._known.get(f"{student}/{lesson}", {})

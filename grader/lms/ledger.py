"""Which submissions were collected so far, so that an earlier download, collected again, changes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path


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
        self._known[f"{student}/{lesson}"] = {"marks": [*marks, mark], "file_id": max(file_id, before.get("file_id", 0))}
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        new.write_text(json.dumps(self._known, ensure_ascii=False, indent=0), encoding="utf-8")
        os.replace(new, self._path)

    def _of(self, student: str, lesson: str) -> dict:
        return self._known.get(f"{student}/{lesson}", {})

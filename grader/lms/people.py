"""The id under which a student's work is kept: plain, readable, the same every time, and nobody else's."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from .headers import HIDDEN
from .senders import BY_LOGIN, CANVAS, MOODLE, PLAIN, Sender

LONGEST = 60  # letters; nbgrader's gradebook holds 128
MOST_BYTES = 150  # a file system holds 255
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # which Windows takes for devices
NOBODY = tuple(name.casefold() for name in HIDDEN)
Key = tuple[str, str, str]  # the LMS, the lesson if that matters, the number or name
_SPECIAL = {".", "@", "+", "-", "_"}


def plain_id(text: str) -> str:
    """Return an id as it is given, but for what a folder's name or nbgrader's search for folders could not bear; "" if nothing is left."""
    text = unicodedata.normalize("NFKC", text)
    kept = "".join(letter if letter in _SPECIAL or unicodedata.category(letter)[0] in "LNM" else " " for letter in text if unicodedata.category(letter) != "Cf")
    cut = re.sub(r"\s+", "-", kept.strip()).strip(".-")[:LONGEST]
    while len(cut.encode()) > MOST_BYTES:
        cut = cut[:-1]
    cut = cut.rstrip(".-")
    return f"student-{cut}" if _DEVICES.fullmatch(cut) else cut


def slug(name: str) -> str:
    """Return an id made of a person's name: `Ada King, Countess of Lovelace` becomes `ada-king-countess-of-lovelace`."""
    return plain_id(re.sub(r"[.@+_]", " ", name).lower()) or "student"


class People:
    """Who was given which id, kept in a file: a later download finds the same people again.

    Moodle numbers people anew in each assignment, so there the same name is taken for the same person, except where two of that
    name have handed in one lesson; Canvas's number is the person's own.
    """

    def __init__(self, path: Path):
        self._path = path
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            self._known = {tuple(one["key"]): (str(one["name"]), str(one["id"])) for one in known}
        except (OSError, ValueError, TypeError, KeyError):
            self._known = {}

    def ids(self, met: Iterable[tuple[Sender, str]]) -> tuple[dict[tuple[Sender, str], str], list[str]]:
        """Return an id for each sender in each lesson, and remarks on names that several people have."""
        met = sorted(set(met), key=lambda one: (one[1], one[0].system, one[0].name, one[0].number))
        alike: dict[str, set[Key]] = defaultdict(set)  # an id without a number, folded -> who may be called so
        for key, (name, _) in self._known.items():
            alike[_base(key[0], name).casefold()].add(key)
        for sender, lesson in met:
            alike[_base(sender.system, sender.name).casefold()].add(_key(sender, lesson))
        given, remarks = {}, {}
        for sender, lesson in met:
            key, base = _key(sender, lesson), _base(sender.system, sender.name)
            if sender.system == MOODLE and key in self._known and self._known[key][0].casefold() != sender.name.casefold():
                key = (*key[:2], f"{sender.number} {sender.name}")  # a group's number may be a person's as well
            if key not in self._known:
                several, hidden = _several(alike[base.casefold()]), sender.name.casefold() in NOBODY
                number = sender.number or hashlib.sha256(sender.name.encode()).hexdigest()[:6]
                self._known[key] = sender.name, f"{base}-{number}" if several or hidden else base
                if several and not hidden:
                    remarks[base] = f"Several people are called {sender.name}: their ids hold a number." + (
                        " Moodle's is another in each assignment; --names with its grading worksheet gives ids that stay." if sender.system == MOODLE else ""
                    )
            given[sender, lesson] = self._known[key][1]
        return given, list(remarks.values())

    def same(self, sender: Sender, lesson: str, student: str) -> None:
        """Keep under which id a sender is known."""
        self._known[_key(sender, lesson)] = sender.name, student

    def rename(self, old: str, new: str) -> None:
        """Let one id be another, wherever it was given."""
        self._known = {key: (name, new if student == old else student) for key, (name, student) in self._known.items()}

    def met(self) -> list[tuple[Key, str, str]]:
        """Return everybody who was given an id: by which key, under which name, which."""
        return [(key, name, student) for key, (name, student) in self._known.items()]

    def canvas(self) -> dict[str, str]:
        """Return Canvas's numbers of people by their ids, as far as a download told."""
        return {one: number for (system, _, number), (_, one) in self._known.items() if system == CANVAS and number.isdecimal()}

    def save(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [json.dumps({"key": key, "name": name, "id": one}, ensure_ascii=False) for key, (name, one) in sorted(self._known.items())]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
        if not self._path.is_file() or self._path.read_text(encoding="utf-8") != text:
            new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            new.write_text(text, encoding="utf-8")
            os.replace(new, self._path)


def _base(system: str, name: str) -> str:
    return (system in (PLAIN, *BY_LOGIN) and plain_id(name)) or slug(name)


def _key(sender: Sender, lesson: str) -> Key:
    return sender.system, lesson if sender.system == MOODLE else "", sender.number or sender.name


def _several(keys: set[Key]) -> bool:
    """Whether these keys, all of one name, are known to be of more than one person."""
    return max(Counter((system, lesson) for system, lesson, _ in keys).values(), default=0) > 1

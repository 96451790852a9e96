"""Hide who is who: students by number, and their names out of whatever text they or a check wrote."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

import pandas as pd

from grader.report.likeness import without_comments
from grader.report.material import Material

TEXTS = ("problem", "hint", "expected", "actual", "what", "device", "when", "title")
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"""`[^`]*`|(?<!\S)(?:'.*'|".*")(?!\S)""")  # as notes quote names: between backticks, or as Python's ascii() does


def anonymous(material: Material, salt: str = "") -> Material:
    """Return the material with every student as `Person 07`, the same one everywhere, and no name or id in any text.

    The numbers follow no list: they are drawn anew each time, unless a `salt` is given. Comments are taken out of answers,
    and what notes quote of students' own, such as names of files, is left out. What else students write about themselves stays.
    """
    salt = salt or secrets.token_hex(16)
    ids = set(material.students["student"]).union(*(set(frame["student"]) for frame in _frames(material).values() if "student" in frame))
    drawn = sorted(ids, key=lambda student: hashlib.sha256(f"{salt} {student}".encode("utf-8", "replace")).hexdigest())
    width = max(2, len(str(len(drawn))))
    person = {student: f"Person {number:0{width}d}" for number, student in enumerate(drawn, start=1)}
    mask = Mask(_known_as(person, material.students))
    cells = set(material.cells["cell"]) | set(material.cells["exercise"])

    def plain_note(text: str) -> str:
        return mask(_QUOTED.sub(lambda quoted: quoted[0] if quoted[0][1:-1] in cells else "`…`", text))

    made = {}
    for kind, frame in _frames(material).items():
        frame = frame.copy()
        if "student" in frame:
            frame["student"] = frame["student"].map(person)
        for column in TEXTS:
            if column in frame:
                frame[column] = frame[column].map(mask)
        if kind == "students":
            frame["label"], frame["names"] = frame["student"], [()] * len(frame)
            frame = frame.sort_values("student", ignore_index=True)
        elif kind == "notes":
            frame["text"] = frame["text"].map(plain_note)
        elif kind == "answers":
            frame["source"] = frame["source"].map(lambda source: mask(without_comments(source)))
        elif kind == "receipts":
            frame["name"] = frame["name"].map(mask)
        elif kind == "unreadable":
            frame["what"] = frame["what"].map(lambda text: re.sub(r"receipts/\S+", "a receipt", plain_note(text)))
        made[kind] = frame
    return replace(material, anonymous=True, course=mask(material.course), **made)


class Mask:
    """Puts pseudonyms in the place of names: whole words for names in plain ASCII, anywhere in a text for others.

    names: what to hide -> what to put there. Single letters and numbers of up to three digits are no names: they stand everywhere.
    """

    def __init__(self, names: Mapping[str, str]):
        self._starts: dict[str, list[tuple[re.Pattern, str]]] = {}
        self._anywhere: list[tuple[re.Pattern, str, str]] = []
        self._seen: dict[str, str] = {}
        told = {_plain(name): shown for name, shown in names.items()}
        for name in sorted(told, key=lambda name: (-len(name), name)):
            if not name.isascii():
                self._anywhere.append((re.compile(re.escape(name), re.IGNORECASE), told[name], name.casefold()))
            elif len(name) > 1 and not (name.isdigit() and len(name) < 4) and (start := _WORD.search(name)):
                pattern = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)
                self._starts.setdefault(start[0].casefold(), []).append((pattern, told[name]))

    def __call__(self, text: str) -> str:
        """Return the text with the longest names hidden first."""
        if text not in self._seen:
            self._seen[text] = self._hide(_plain(str(text)))
        return self._seen[text]

    def _hide(self, text: str) -> str:
        found = [(pattern, shown) for word in dict.fromkeys(_WORD.findall(text.casefold())) for pattern, shown in self._starts.get(word, ())]
        if not text.isascii():
            folded = text.casefold()
            found += [(pattern, shown) for pattern, shown, name in self._anywhere if name in folded]
        for pattern, shown in sorted(found, key=lambda one: -len(one[0].pattern)):
            text = pattern.sub(shown, text)
        return text


def _known_as(person: Mapping[str, str], students: pd.DataFrame) -> dict[str, str]:
    """All that the students are called -> their pseudonyms."""
    names = {}
    for student, about in zip(students["student"], students["names"], strict=True):
        names.update({name: person[student] for name in _variants(about)})
    return {**names, **person}


def _variants(about: Iterable[str]) -> list[str]:
    first, last, email = (text.strip() for text in (*about, "", "", "")[:3])
    whole = [f"{one}{between}{other}" for one, other in ((first, last), (last, first)) if one and other for between in (" ", "", "_", "-", ".", ", ", ",")]
    parts = [part for name in (first, last) for part in name.split()]
    return [name for name in (*whole, first, last, *parts, email, email.split("@")[0]) if name]


def _plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _frames(material: Material) -> dict[str, pd.DataFrame]:
    return {field.name: getattr(material, field.name) for field in fields(material) if isinstance(getattr(material, field.name), pd.DataFrame)}

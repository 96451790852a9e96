"""A list of the class as an LMS exports it: who a file is from, and in which row of an import a student's points belong.

Read are Canvas's gradebook export, Moodle's grading worksheet, grade export and list of participants, and any table with headers
such as `student_id`, `email`, `name`.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dateutil import parser as times

from grader.nbgrader_plugins.reading import Unreadable, read_bytes

from .headers import meanings, plain
from .people import NOBODY, plain_id, slug
from .senders import CANVAS, MOODLE, Sender

LARGEST = 20 * 1024 * 1024

IDENTITY = ("id", "login", "number", "email")  # the first of these that a row has is the student's id in the gradebook


class RosterError(ValueError):
    """A roster that cannot be used; the message is one sentence that says what to do."""


@dataclass
class Row:
    """A person. `line` is the line in the file; `cells` are as they were read; `about` is what they mean, by `headers`."""

    line: int
    cells: list[str]
    about: dict[str, str]
    student: str = ""

    @property
    def names(self) -> set[str]:
        """Every way to write this person's name, folded."""
        name, first, last = (self.about.get(key, "") for key in ("name", "first", "last"))
        ways = {name, f"{first} {last}", f"{last} {first}"}
        if name.count(",") == 1:
            family, given = name.split(",")
            ways.add(f"{given} {family}")
        return {folded(way) for way in ways} - {""}

    @property
    def groups(self) -> list[str]:
        told = self.about.get("group", "")
        return [group.strip() for group in {told: None, **dict.fromkeys(re.split(r"[,;]", told))} if group.strip()]

    @property
    def shown(self) -> str:
        name, first, last = (self.about.get(key, "") for key in ("name", "first", "last"))
        return name or f"{first} {last}".strip() or self.student


@dataclass
class Roster:
    """The rows of people, and the file's other rows as they were (Canvas's `Points Possible`, for example)."""

    path: Path
    header: list[str]
    rows: list[Row]
    others: list[list[str]] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def is_canvas(self) -> bool:
        return "canvas" in self.columns and "section" in [plain(cell) for cell in self.header]

    @property
    def is_worksheet(self) -> bool:
        """Whether this is the grading worksheet of one Moodle assignment."""
        return "participant" in self.columns and "grade" in self.columns

    def of_sender(self, sender: Sender) -> Row:
        """Return whose a file is. Raises RosterError, with the reason, if that is nobody or cannot be told."""
        found: list[Row] = []
        if sender.system == MOODLE and "participant" in self.columns:
            found = [row for row in self.rows if re.sub(r"\D", "", row.about.get("participant", "")) == sender.number]
            if len(found) == 1 and not _agrees(found[0], sender.name):
                said = f"{sender.name} bears the number {sender.number}, which in {self.path.name} is {found[0].shown}'s"
                raise RosterError(f"{said}; a group's hand-in, or another assignment's list")
        if sender.system == CANVAS and "canvas" in self.columns:
            found = [row for row in self.rows if row.about.get("canvas") == sender.number]
            if len(found) == 1 and sender.name != "anon" and bare(sender.name) not in {bare(way) for way in (found[0].shown, *_turned(found[0]), *found[0].names)}:
                said = f"{sender.name} bears the number {sender.number}, which in {self.path.name} is {found[0].shown}'s"
                raise RosterError(f"{said}; a group's hand-in, a name changed since, or another course's list")
        if sender.system == CANVAS and not found:
            found = [row for row in self.rows if bare(sender.name) in {bare(name) for name in (row.shown, *_turned(row))}]
        for said in (*sender.also, sender.name):
            found = found or self._called(said)
        if not found and not any(row.names for row in self.rows) and bare(sender.name) not in map(bare, NOBODY):
            columns = ", ".join(self.header[:12])
            raise RosterError(f"{self.path.name} has no column of names that is known, such as Full name; its columns are {columns}: rename one, or export it in English")
        if len(found) != 1:
            raise RosterError(f"{len(found)} people of {self.path.name} are called {sender.name}" if found else f"{self.path.name} has no {sender.name}")
        return found[0]

    def knows(self, name: str) -> bool:
        """Whether someone of the list is called so, by a name or an id."""
        return bool(self._called(name))

    def agrees(self, sender: Sender) -> bool:
        """Whether this is someone of the list, number and name."""
        try:
            row = self.of_sender(sender)
        except RosterError:
            return False
        return sender.system != CANVAS or row.about.get("canvas", "") in ("", sender.number)

    def of_team(self, name: str) -> list[Row]:
        """Return the members of a group, by the list's column of groups."""
        return [row for row in self.rows if bare(name) and bare(name) in {bare(group) for group in row.groups}]

    def of_student(self, student: str) -> Row | None:
        """Return the row of an id of the gradebook, also if it was made of a name, as `collect` does without a roster; None if there is none or several."""
        found = [row for row in self.rows if row.student == student] or self._called(student)
        if not found:
            base, _, number = student.rpartition("-")
            for one, extra in ((student, ""), (base, number)):
                fits = [row for row in self.rows if one and (bare(one) in {bare(name) for name in row.names} or one in {slug(row.shown), slug(run_together(row.shown)), *map(slug, row.names)})]
                if extra:
                    fits = [row for row in fits if extra in (row.about.get("canvas"), re.sub(r"\D", "", row.about.get("participant", "")))]
                found = found or fits
        return found[0] if len(found) == 1 else None

    def _called(self, text: str) -> list[Row]:
        keys = ("id", "login", "number", "email", "canvas", "github")
        exact = [row for row in self.rows if text.casefold() in {row.student.casefold(), *(row.about.get(key, "").casefold() for key in keys)} - {""}]
        named = exact or [row for row in self.rows if folded(text) in row.names]
        return named or [row for row in self.rows if bare(text) and bare(text) in {bare(name) for name in row.names}]


def read(path: Path) -> Roster:
    """Read a roster. Raises RosterError for what is no table of people, and for two rows with one id."""
    try:
        content = read_bytes(path, LARGEST)
    except Unreadable as reason:
        raise RosterError(f"The roster {path} cannot be read: {reason}.") from None
    rows = _table(_text(content))
    people = {*IDENTITY, "name", "first", "last", "participant"}
    start = next((index for index, row in enumerate(rows[:10]) if len(row) > 1 and people & set(meanings(row))), None)
    if start is None:
        wanted = "Email address, ID number, Username, SIS Login ID, Full name or student_id"
        first = ", ".join(cell.strip() for cell in rows[0][:12] if cell.isprintable())[:200] if rows else ""
        has = f"; it has {first}" if first else ""
        raise RosterError(f"The roster {path} has no header that names people; its first line should have columns such as {wanted}{has}.")
    header = [cell.strip() for cell in rows[start]]
    columns = meanings(header)
    if {"grade", "graded", "maximum"} <= set(columns) and "participant" not in columns:
        raise RosterError(f"The roster {path} is a grading worksheet of Moodle's without the column Identifier; its columns are {', '.join(header[:12])}. Download it again.")
    roster = Roster(path, header, [], columns=columns)
    for line, cells in enumerate(rows[start + 1 :], start=start + 2):
        if not any(cell.strip() for cell in cells):
            continue
        cells = cells + [""] * (len(header) - len(cells))
        about = {meaning: cells[column].strip() for meaning, column in columns.items()}
        if _describes_columns(cells, about):
            roster.others.append(cells)
            continue
        row = Row(line, cells, about)
        row.student = next((one for key in IDENTITY if (one := plain_id(about.get(key, "")))), "") or slug(row.shown)
        roster.rows.append(row)
    if not roster.rows:
        raise RosterError(f"The roster {path} names nobody.")
    twice = [student for student, count in Counter(row.student.casefold() for row in roster.rows).items() if count > 1]
    if twice:
        lines = defaultdict(list)
        for row in roster.rows:
            lines[row.student.casefold()].append(str(row.line))
        where = " and ".join(lines[twice[0]])
        raise RosterError(f"The roster {path} has {twice[0]} in lines {where}; give each person an id of their own, in a column student_id.")
    return roster


def submitted(row: Row) -> datetime | None:
    """Return when this person handed in, by Moodle's grading worksheet, if it says so in English."""
    text = row.about.get("submitted", "")
    if not re.search(r"\d{4}", text):
        return None
    try:
        return times.parse(text)
    except (ValueError, OverflowError):
        return None


def folded(name: str) -> str:
    """Return a name without case, accents' encoding, punctuation and spaces more than one."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in name if unicodedata.category(letter) != "Cf").split())


def bare(name: str) -> str:
    """Return a name without all that an LMS may strip from a file's name: case, spaces, apostrophes, hyphens, dots."""
    return folded(name).replace(" ", "")


def _agrees(row: Row, name: str) -> bool:
    """Whether the name beside a number is this person's, or none: `Participant` where names are hidden."""
    hidden = bare(re.sub(r"\d", "", row.about.get("participant", "")))
    ways = {bare(way) for way in row.names}
    group = next((f"{group}-" for group in row.groups if name.startswith(f"{group}-")), "")  # as older versions of Moodle have it
    return not ways or bare(name.removeprefix(group)) in ways or bare(re.sub(r"\d", "", name)) in {hidden, *map(bare, NOBODY)}


def run_together(name: str) -> str:
    """Return a name as Canvas writes it into a file's name."""
    return re.sub(r"[^\w]", "", name.lower())


def _turned(row: Row) -> list[str]:
    """`Ada Lovelace` as Canvas sorts it: the family name first."""
    first, last = row.about.get("first", ""), row.about.get("last", "")
    words = row.about.get("name", "").split()
    return [f"{last}{first}", "".join(words[-1:] + words[:-1])]


def _describes_columns(cells: list[str], about: dict[str, str]) -> bool:
    """Whether this is a row of Canvas's that is nobody's: `Points Possible`, or `Manual Posting` below some columns."""
    return "points possible" in cells[0].casefold() or not any(about.get(key) for key in ("name", "first", "last", *IDENTITY, "canvas", "participant"))


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # as Excel saves where it is not asked for UTF-8


def _table(text: str) -> list[list[str]]:
    first = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    except csv.Error as error:
        raise RosterError(f"The roster is no table: {error}.") from None

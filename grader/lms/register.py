"""The class as collect has come to know it: one person, one id, whatever list or name they come by next time.

A list of the class (`--names`) tells ids, names, addresses and the LMS's numbers; without one, collect makes ids of names. Both end
here, in a file, so that a list that is forgotten once, or that comes late, makes nobody two.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .people import NOBODY, People
from .roster import Roster, Row, bare, folded, run_together
from .senders import CANVAS, MOODLE, Sender


@dataclass
class Person:
    """Somebody of the class.

    listed: a list of the class called them by this id; else it was made of a name. canvas: Canvas's number.
    numbers: Moodle's, of each lesson. also: other names and ids under which they came. told: what the gradebook was told of their name.
    """

    id: str
    name: str = ""
    first: str = ""
    last: str = ""
    email: str = ""
    login: str = ""
    canvas: str = ""
    listed: bool = False
    dropped: bool = False
    numbers: dict[str, str] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def ways(self) -> set[str]:
        """Every way to write the name, without what LMSs strip."""
        names = {self.name, f"{self.first} {self.last}", f"{self.last} {self.first}", *self.also}
        if self.name.count(",") == 1:
            names.add(" ".join(reversed(self.name.split(","))))
        return {bare(name) for name in names} - {""}

    @property
    def logins(self) -> set[str]:
        return {one.casefold() for one in (self.id, self.email, self.login, *self.also) if one}

    @property
    def shown(self) -> str:
        called = self.name or f"{self.first} {self.last}".strip()
        return f"{self.id} ({called})" if called and called != self.id else self.id


@dataclass(frozen=True)
class Doubt:
    """A person who may be one of those that are known; a human being has to say."""

    reason: str
    known: str = ""


class Register:
    """Everybody known so far, kept in a file. Two rows or senders are the same person where a number, an address or the one name that they bear says so."""

    def __init__(self, path: Path, people: People):
        """people: who was given an id made of a name; an earlier edition kept no more than that."""
        self._path = path
        self.people: dict[str, Person] = {}
        try:
            for one in json.loads(path.read_text(encoding="utf-8")):
                person = Person(**one)
                self.people[person.id] = person
        except (OSError, ValueError, TypeError, AttributeError):
            self.people = {}
        for (system, lesson, number), name, student in people.met():
            if student not in self.people and not any(student in one.also for one in self.people.values()):
                self.learn(Person(student), sender=Sender(system, name, number), lesson=lesson)
        self._before = frozenset(self.people)

    def save(self) -> None:
        """Write the file as a whole, or leave what was there."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [json.dumps(asdict(one), ensure_ascii=False) for _, one in sorted(self.people.items())]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
        if not self._path.is_file() or self._path.read_text(encoding="utf-8") != text:
            new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            new.write_text(text, encoding="utf-8")
            os.replace(new, self._path)

    def by_login(self, text: str) -> Person | None:
        """Return who bears this id, address or login; None if that is nobody or several."""
        return self.people.get(text) or _one(one for one in self.people.values() if text.casefold() in one.logins)

    def of_row(self, row: Row, roster: Roster, new: bool = False) -> Person | Doubt:
        """Return who a row of a list is: somebody known, a new person, or a doubt. `new`: whom nothing but a name tells is new."""
        if row.student in self.people:
            return self.people[row.student]
        number, email = row.about.get("canvas", ""), row.about.get("email", "").casefold()
        known = [one for one in self.people.values() if (number and one.canvas == number) or (email and email in one.logins) or row.student.casefold() in one.logins]
        if len(known) == 1:
            return known[0]
        ids = {one.student for one in roster.rows}
        names = {bare(name) for name in (*row.names, row.shown)}
        alike = [one for one in self.people.values() if one.ways & names and one.id not in ids]
        namesakes = sum(bool({bare(name) for name in (*other.names, other.shown)} & names) for other in roster.rows)
        made = [one for one in alike if not one.listed]
        if len(alike) == 1 == len(made) and namesakes == 1:
            return made[0]  # the id was made of this very name
        if alike and not new:
            return Doubt(_may_be(row.student, row.shown, alike), alike[0].id)
        return Person(row.student)

    def of_sender(self, sender: Sender, lesson: str, new: bool = False, namesakes: bool = False) -> Person | Doubt | None:
        """Return who a sender is, without a list; None where they resemble nobody who was known before, or an id is made of their name as before.

        namesakes: others of this name have handed in the same lesson.
        """
        if sender.system == CANVAS and (found := _one(one for one in self.people.values() if one.canvas == sender.number)):
            return found
        if sender.system == MOODLE and (found := _one(one for one in self.people.values() if one.numbers.get(lesson) == sender.number)):
            return found
        if sender.system not in (CANVAS, MOODLE) and (found := self.by_login(sender.name)):
            return found
        known = [self.people[one] for one in self._before if one in self.people]
        if bare(sender.name) in NOBODY or not bare(sender.name):
            return None
        called = [one for one in known if (one.listed and _is_called(one, sender)) or bare(sender.name) in map(bare, one.also)]
        numbers = {one.canvas if sender.system == CANVAS else one.numbers.get(lesson, "") for one in called} - {""}  # another's then: the sender's own was looked for
        if len(called) == 1 and not numbers and not namesakes:
            return called[0]
        if called and not new:
            return Doubt(_may_be("", sender.name, called), called[0].id)
        alike = [one for one in known if _resembles(one, sender.name)]
        if alike and not new and not any(bare(sender.name) in one.ways for one in known):
            return Doubt(_may_be("", sender.name, alike), alike[0].id)
        return None

    def learn(self, person: Person, row: Row | None = None, sender: Sender | None = None, lesson: str = "") -> Person:
        """Keep what a list and a sender tell of somebody."""
        person = self.people.setdefault(person.id, person)
        if row:
            person.listed |= row.student == person.id
            person.first, person.last = row.about.get("first") or person.first, row.about.get("last") or person.last
            person.name = row.shown if row.shown != row.student else person.name
            person.email, person.login = row.about.get("email") or person.email, row.about.get("login") or person.login
            person.canvas = row.about.get("canvas") or person.canvas
            if row.student != person.id and row.student not in person.also:
                person.also.append(row.student)
        if sender:
            person.name = person.name or sender.name
            if sender.system == CANVAS and sender.number.isdecimal():
                person.canvas = sender.number
            if sender.system == MOODLE and lesson:
                person.numbers[lesson] = sender.number
        return person

    def again(self, name: str, student: str) -> Person:
        """Let a name, or another id, be one of this student's own from now on. Raises KeyError if there is no such student."""
        person = self.people[student]
        if name not in person.also:
            person.also.append(name)
        return person

    def merge(self, old: str, new: str) -> None:
        """Let one person's record be the other's, who keeps what they have."""
        gone = self.people.pop(old, Person(old))
        kept = self.people.setdefault(new, Person(new, listed=gone.listed))
        for one in ("name", "first", "last", "email", "login", "canvas"):
            setattr(kept, one, getattr(kept, one) or getattr(gone, one))
        kept.numbers = gone.numbers | kept.numbers
        kept.also = list(dict.fromkeys([*kept.also, old, *gone.also, *([gone.name] if gone.name else [])]))


def first_and_last(person: Person) -> tuple[str, str]:
    """Return the two names that nbgrader has places for. Of one name in a row the last word is taken for the family's."""
    if person.first or person.last:
        return person.first, person.last
    if person.name.count(",") == 1:
        last, first = (part.strip() for part in person.name.split(","))
        return first, last
    first, _, last = person.name.strip().rpartition(" ")
    return first.strip(), last.strip()


def _is_called(person: Person, sender: Sender) -> bool:
    name = bare(sender.name)
    ways = person.ways | ({bare(run_together(way)) for way in _turned(person)} if sender.system == CANVAS else set())
    return name in ways


def _turned(person: Person) -> Iterable[str]:
    """The name as Canvas writes it before a number: the family's name first."""
    first, last = first_and_last(person)
    return f"{last}{first}", f"{first}{last}"


def _resembles(person: Person, name: str) -> bool:
    """Whether a name is nearly this person's: but for accents, a middle name, the order of words; or the beginning of their address."""
    if bare(name) and bare(name) in {bare(one.split("@")[0]) for one in (person.id, person.email, person.login) if one}:
        return True
    asked = _words(name)
    for known in (person.name, f"{person.first} {person.last}", *person.also):
        words = _words(known)
        common = words & asked
        if len(common) > 1 and common in (words, asked) or (words and words == asked):
            return True
    return False


def _words(name: str) -> set[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", folded(name)) if not unicodedata.combining(letter))
    return set(plain.split())


def _may_be(student: str, name: str, known: Sequence[Person]) -> str:
    who = f"{student} ({name})" if student and student != name else name
    several = " or ".join(one.shown for one in known[:3])
    tell = f"grader students alias '{student or name}' {known[0].id}"
    return f"{who} may be {several}, who {'is' if len(known) == 1 else 'are'} known; if so run: {tell}; if it is somebody new: --new"


def _one(found: Iterable[Person]) -> Person | None:
    listed = list(found)
    return listed[0] if len(listed) == 1 else None


__all__ = ["Doubt", "Person", "Register", "first_and_last"]

"""Change who is in the class: two that are one, another id, somebody who has left. Folders, memory and gradebook change together; nothing is thrown away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI

from grader.nbgrader_plugins import due, students
from grader.nbgrader_plugins.directories import timestamp_of
from grader.nbgrader_plugins.lateness import there
from grader.nbgrader_plugins.totals import Known

from .ledger import Ledger
from .people import People, plain_id
from .register import Person, Register, first_and_last
from .roster import Roster

KEPT = "collected"
MADE = ("autograded", "feedback")  # what grading makes of submissions


class ClassroomError(RuntimeError):
    """A change that cannot be made; the message says why."""


@dataclass
class Moved:
    """What a change did: lessons that are the other's now, and those of which one of two is kept aside, with the place."""

    moved: list[str] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)


class Classroom:
    """The course's folders, what collect remembers, and the gradebook, as far as they are of persons."""

    def __init__(self, root: Path, api: NbGraderAPI):
        self.root, self._api = root, api
        self._kept = root / ".grader" / KEPT
        self._submitted = root / api.coursedir.submitted_directory
        self._people, self._ledger = People(self._kept / "people.json"), Ledger(self._kept / "ledger.json")
        self.register = Register(self._kept / "class.json", self._people)

    def everybody(self) -> list[Person]:
        """All that are known, by list, collected or only in submitted/."""
        folders = [path.name for path in self._submitted.iterdir() if path.is_dir() and not path.name.startswith(".")] if self._submitted.is_dir() else []
        known = dict(self.register.people) | {one: Person(one) for one in folders if one not in self.register.people}
        return [known[one] for one in sorted(known)]

    def twice(self) -> list[tuple[Person, Person]]:
        """Return pairs who bear one name, the id of the first of whom was made of it: perhaps one person, collected once without the list."""
        present = [one for one in self.everybody() if not one.dropped]
        return [(made, other) for made in present if not made.listed for other in present if other.listed and made.ways & other.ways]

    def lessons(self, student: str) -> list[str]:
        folder = self._submitted / student
        return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")) if folder.is_dir() else []

    def find(self, text: str) -> Person:
        """Return whom an id, an address or another id of theirs names. Raises ClassroomError, with who is meant perhaps."""
        known = {one.id: one for one in self.everybody()}
        if found := known.get(text) or self.register.by_login(text):
            return found
        near = [one for one in known if text.casefold() in one.casefold()][:3]
        raise ClassroomError(f"nobody is called {text}{'; perhaps ' + ' or '.join(near) if near else ''}. grader students lists who is known.")

    def alias(self, name: str, student: str) -> Person:
        """Let a name or id be one of this student's own from now on."""
        person = self.find(student)
        self.register.people.setdefault(person.id, person)
        if (other := self.register.by_login(name)) and other.id != person.id:
            raise ClassroomError(f"{name} is {other.shown} already; grader students merge {other.id} {person.id} makes them one.")
        self.register.again(name, person.id)
        self.register.save()
        return person

    def merge(self, old: str, new: str) -> Moved:
        """Let two be one: what `old` handed in is `new`'s. Of two hand-ins of one lesson the later counts, and the other is kept aside."""
        gone, kept = self.find(old), self.find(new)
        if gone.id == kept.id:
            raise ClassroomError(f"{old} and {new} are {kept.id} both.")
        return self._move(gone.id, kept.id)

    def rename(self, old: str, new: str) -> Moved:
        """Give a student another id, which nobody has."""
        person = self.find(old)
        if new != (plain := plain_id(new)) or not plain:
            raise ClassroomError(f"{new!r} cannot be a folder's name{f'; write {plain!r}' if plain else ''}.")
        if any(one.id.casefold() == new.casefold() != person.id.casefold() for one in self.everybody()):
            raise ClassroomError(f"{new} is somebody already; grader students merge {person.id} {new} makes them one.")
        return self._move(person.id, new)

    def by_list(self, roster: Roster) -> list[tuple[str, str]]:
        """Give everybody the id that a list of the class has for them; return who has another now."""
        renamed = []
        for row in roster.rows:
            known = self.register.of_row(row, roster)
            if isinstance(known, Person) and known.id != row.student and known.id in self.register.people:
                self.rename(known.id, row.student)
                renamed.append((known.id, row.student))
            if isinstance(known, Person) and row.student in self.register.people:
                self.register.learn(self.register.people[row.student], row).listed = True
        self.register.save()
        return renamed

    def drop(self, student: str) -> str:
        """Take somebody out of the class; collect leaves them out from now on. Returns where all of theirs is kept."""
        person = self.find(student)
        aside = self._free(self._kept / "dropped" / person.id)
        aside.mkdir(mode=0o700, parents=True)
        if there(self._api.coursedir.db_url):
            _write(aside / "gradebook.json", students.remove(self._api, person.id))
        if (self._submitted / person.id).is_dir():
            shutil.move(self._submitted / person.id, aside / "submitted")
        self._clear(person.id)
        self.register.people.setdefault(person.id, person).dropped = True
        self.register.save()
        return str(aside.relative_to(self.root))

    def restore(self, student: str) -> list[str]:
        """Take somebody back who was dropped, with what they had handed in; return those lessons."""
        person = self.find(student)
        if not person.dropped:
            raise ClassroomError(f"{person.id} was not dropped.")
        places = sorted((self._kept / "dropped").glob(f"{person.id}*/submitted"), key=lambda path: path.stat().st_mtime)
        if places and not (self._submitted / person.id).exists():
            shutil.move(places[-1], self._submitted / person.id)
        person.dropped = False
        self.register.save()
        return self.lessons(person.id)

    def enrol(self) -> None:
        """Let the gradebook know who is in the class, and their names."""
        people = [one for one in self.register.people.values() if not one.dropped]
        if not people:
            return
        told = students.enrol(self._api, [Known(one.id, *first_and_last(one), one.email) for one in people], {one.id: one.told for one in people})
        for one in people:
            one.told = told[one.id]
        self.register.save()

    def _move(self, old: str, new: str) -> Moved:
        done = Moved()
        for lesson in self.lessons(old):
            here, place = self._submitted / old / lesson, self._submitted / new / lesson
            if place.exists():
                later = (timestamp_of(here) or "") > (timestamp_of(place) or "")
                aside = self._free(self._kept / "replaced" / new / lesson / f"of-{new if later else old}")
                aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.move(place if later else here, aside)
                done.aside.append((lesson, str(aside.relative_to(self.root))))
                if not later:
                    continue
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(here, place)
            done.moved.append(lesson)
        if there(self._api.coursedir.db_url):
            if lost := students.merge(self._api, old, new, done.moved):
                _write(self._free(self._kept / "replaced" / new / f"gradebook-of-{old}.json"), lost)
        for lesson in done.moved:
            graded = Path(self._api.coursedir.format_path(self._api.coursedir.autograded_directory, old, lesson))
            target = Path(self._api.coursedir.format_path(self._api.coursedir.autograded_directory, new, lesson))
            if graded.is_dir():  # what was read there stays read
                shutil.rmtree(target, ignore_errors=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(graded, target)
        self._clear(old)
        if (self._submitted / old).is_dir() and not self.lessons(old):
            shutil.rmtree(self._submitted / old)
        self._ledger.rename(old, new, done.moved)
        self._people.rename(old, new)
        self._people.save()
        self.register.merge(old, new)
        self.register.save()
        terms = due.read(self.root)
        terms.rename(old, new)
        if terms != due.read(self.root):
            due.write(self.root, terms)
        return done

    def _clear(self, student: str) -> None:
        """Remove what grading made of a student's submissions."""
        for kind in MADE:
            shutil.rmtree(self.root / getattr(self._api.coursedir, f"{kind}_directory") / student, ignore_errors=True)

    def _free(self, place: Path) -> Path:
        """Return a place where nothing is yet."""
        found, number = place, 1
        while found.exists():
            number += 1
            found = place.with_name(f"{place.stem}-{number}{place.suffix}")
        return found


def _write(path: Path, told: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(json.dumps(list(told), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

"""Bring what arrived into submitted/STUDENT/LESSON/, and say of every file where it went or why it stayed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader.nbgrader_plugins.reading import LARGEST, Unreadable

from . import roster as rosters
from .archives import Refused
from .gathering import Candidate, files_of
from .ledger import Ledger
from .lessons import Catalogue
from .parcels import Item, Parcel, open_sources
from .people import People, plain_id
from .placing import contents, digest, place, recover
from .senders import MOODLE, Sender, is_notebook

__all__ = ["Collected", "Placed", "Sender", "Unplaced", "collect", "plain_id"]

KEPT = "collected"  # the folder in .grader/ for what was replaced, and for what is remembered of people and downloads
NEW, REPLACED, UNCHANGED, OLDER = "new", "replaced", "unchanged", "older"
SPREAD = 3600  # seconds: times of a download that lie closer together are those of the download, not of handing in


@dataclass
class Placed:
    """A submission. how: "new"; "replaced" an earlier one, which is kept; "unchanged"; "older" than what is there, and left.

    name: whose it is as the LMS, a folder or a file says. file: the notebook's own name. origin: where it lies.
    """

    student: str
    lesson: str
    how: str
    name: str
    file: str
    origin: str
    receipts: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class Unplaced:
    """What was left where it is, and why."""

    origin: str
    reason: str


@dataclass
class Collected:
    """Everything that came of one call."""

    placed: list[Placed] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_json(self) -> dict:
        return asdict(self)


def collect(
    sources: list[Path],
    folder_of: Callable[[str, str], Path],
    submitted: Path,
    private: Path,
    catalogue: Catalogue,
    lesson: str = "",
    roster: rosters.Roster | None = None,
    student: str = "",
    dry_run: bool = False,
    tell: Callable[[Placed], None] = lambda placed: None,
) -> Collected:
    """Collect `sources` into the course; see the command for what they may be.

    folder_of: where a student's submission of a lesson belongs. submitted: the folder of all of them. private: the course's .grader/.
    lesson: what a notebook is that does not say; one that is another lesson is left. student: whose everything is.
    Raises Refused if a source cannot be opened at all; then nothing was changed.
    """
    found = Collected()
    kept = private / KEPT
    opened = open_sources(sources, catalogue.lessons, student)
    found.unplaced += [Unplaced(*one) for one in opened.refused]
    candidates = _notebooks(opened.parcels, catalogue, lesson, found)
    people = People(kept / "people.json")
    _name(candidates, people, roster, found)
    _date(candidates, roster)
    ledger = Ledger(kept / "ledger.json")
    if not dry_run:
        people.save()
        for left in recover(submitted, kept / REPLACED):
            found.remarks.append(f"An earlier run was interrupted; what it left is kept in {left.relative_to(private.parent)}.")
    spare: dict[Sender | None, list[Item]] = defaultdict(list)  # a zip of receipts beside a notebook, for example
    for parcel in opened.parcels:
        if not any(is_notebook(item.name) for item in parcel.items):
            spare[parcel.sender] += parcel.items
    by_place: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in candidates:
        if one.student:
            by_place[one.lesson, one.student].append(one)
    for (name, who), rivals in sorted(by_place.items()):
        rivals.sort(key=lambda one: one.order)  # stable: what came later in the list counts as later
        while rivals:
            try:
                placed = _place(rivals, folder_of(who, name), kept, ledger, dry_run, spare[rivals[-1].parcel.sender])
            except (Refused, Unreadable) as reason:
                found.unplaced.append(Unplaced(rivals.pop().shown, str(reason)))
                continue
            found.placed.append(placed)
            tell(placed)
            break
    return found


def _notebooks(parcels: list[Parcel], catalogue: Catalogue, lesson: str, found: Collected) -> list[Candidate]:
    """Find the notebooks and the lesson of each; say what held none."""
    candidates = []
    senders_with_one = set()
    for parcel in parcels:
        notebooks = [item for item in parcel.items if is_notebook(item.name)]
        for item in notebooks:
            if item.size > LARGEST:
                found.unplaced.append(Unplaced(f"{parcel.shown} / {item.path}", f"it is larger than {LARGEST / 1e6:.0f} MB; ask for it without its outputs"))
                continue
            known = catalogue.find(item.name, lambda item=item: _content(item))
            if not known.lesson and lesson:
                known = type(known)(lesson, "as you said")
            if not known.lesson:
                found.unplaced.append(Unplaced(f"{parcel.shown} / {item.path}", f"which lesson it is cannot be told: {known.how}; --lesson says it"))
            elif lesson and known.lesson != lesson:
                found.unplaced.append(Unplaced(f"{parcel.shown} / {item.path}", f"it is {known.lesson} ({known.how}), not {lesson}"))
            elif not parcel.sender:
                reason = "it does not say whose it is; put it into a folder of the student's name, or say --student"
                found.unplaced.append(Unplaced(f"{parcel.shown} / {item.path}", reason))
            else:
                candidates.append(Candidate(parcel, item, known.lesson, known.how))
        if notebooks:
            senders_with_one.add(parcel.sender)
        own = [one for one in candidates if one.parcel is parcel]
        for one in own:
            one.alone = len({other.lesson for other in own}) == 1
    for parcel in parcels:
        if parcel.sender not in senders_with_one:
            names = ", ".join(item.path for item in parcel.items[:3]) + (", …" if len(parcel.items) > 3 else "")
            found.unplaced.append(Unplaced(parcel.shown, f"there is no notebook among what was handed in: {names}"))
    return candidates


def _content(item: Item) -> bytes:
    try:
        return item.read()
    except Refused as reason:
        raise Unreadable(str(reason)) from None


def _name(candidates: list[Candidate], people: People, roster: rosters.Roster | None, found: Collected) -> None:
    """Give each candidate its student's id, or say why it has none."""
    if roster:
        for one in candidates:
            try:
                one.student = roster.of_sender(one.parcel.sender).student
            except rosters.RosterError as reason:
                found.unplaced.append(Unplaced(one.shown, f"{reason}; add a line, or leave --names out"))
        return
    given, remarks = people.ids((one.parcel.sender, one.lesson) for one in candidates)
    found.remarks += remarks
    for one in candidates:
        one.student = given[one.parcel.sender, one.lesson]


def _date(candidates: list[Candidate], roster: rosters.Roster | None) -> None:
    """Say when each was handed in, where an LMS tells: Moodle's worksheet, or a download whose times differ as those of a class do."""
    times = defaultdict(list)
    for one in candidates:
        if one.item.modified and one.parcel.download:
            times[one.parcel.download].append(one.item.modified)
    told = {row.student: rosters.submitted(row) for row in roster.rows} if roster else {}
    for one in candidates:
        of_class = times.get(one.parcel.download, [])
        if one.parcel.sender.system == MOODLE and told.get(one.student):
            one.time = told[one.student]
        elif of_class and (max(of_class) - min(of_class)).total_seconds() > SPREAD:
            one.time = one.item.modified


def _place(rivals: list[Candidate], folder: Path, kept: Path, ledger: Ledger, dry_run: bool, spare: list[Item]) -> Placed:
    """Put the newest of what one student handed in for one lesson into its place."""
    chosen, others = rivals[-1], rivals[:-1]
    student, lesson = chosen.student, chosen.lesson
    placed = Placed(student, lesson, NEW, chosen.parcel.sender.name, chosen.item.name, chosen.shown)
    if chosen.how not in ("by its name", "as you said"):
        placed.notes.append(f"taken for {lesson} {chosen.how}")
    files = files_of(chosen, spare, placed.notes)
    if others:
        left = ", ".join(one.shown for one in others)
        placed.notes.append(f"handed in {len(rivals)} times; the newest was taken, these were left: {left}")
    if chosen.parcel.late:
        placed.notes.append("late, says Canvas")
    mark, there = digest(files), contents(folder) if os.path.lexists(folder) else None
    placed.receipts = sum(path.startswith("receipts/") for path in files)
    if there is not None and digest(there) == mark:
        placed.how = UNCHANGED
    elif there is not None and ledger.knows(student, lesson, mark):
        placed.how = UNCHANGED if ledger.last(student, lesson) == mark else OLDER
        placed.notes.append("collected before; what is there now came later" if placed.how == OLDER else "what is there was changed since it was collected")
    elif there is not None and chosen.item.file_id and chosen.item.file_id < ledger.file_id(student, lesson):
        placed.how = OLDER
        placed.notes.append("Canvas numbered it before the one that is there")
    elif there is not None:
        placed.how = REPLACED
    if dry_run or placed.how == OLDER:
        return placed
    if placed.how in (NEW, REPLACED):
        where = kept / REPLACED / student / lesson / f"{digest(there or {})[:12]}"
        place(folder, files, where)
        if placed.how == REPLACED:
            placed.notes.append(f"the earlier one is kept in {where.relative_to(kept.parent.parent)}")
    if there is not None:
        ledger.add(student, lesson, digest(there), 0)
    ledger.add(student, lesson, mark, chosen.item.file_id)
    return placed

"""Bring what arrived into submitted/STUDENT/LESSON/, and say of every file where it went or why it stayed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader.nbgrader_plugins.directories import timestamp_of
from grader.nbgrader_plugins.reading import LARGEST, Unreadable

from . import roster as rosters
from .archives import Refused
from .copies import ASK, one_of
from .arrivals import came
from .gathering import Candidate, files_of
from .ledger import DOWNLOAD, LIST, Ledger
from .lessons import Catalogue
from .naming import name
from .parcels import Item, Parcel, Unplaced, Wishes, as_shown, open_sources
from .people import People, plain_id
from .placing import TIMESTAMP, contents, digest, place, recover, stamp
from .register import Register
from .senders import MOODLE, Sender, is_notebook, without_turn
from .typed import typed

__all__ = ["Collected", "Placed", "Sender", "Unplaced", "collect", "plain_id"]

KEPT = "collected"  # the folder in .grader/ for what was replaced, and for what is remembered of people and downloads
NAMED = 10  # files that one line names
NEW, REPLACED, UNCHANGED, OLDER = "new", "replaced", "unchanged", "older"
SPREAD = 3600  # seconds: times of a download that lie closer together are those of the download, not of handing in


@dataclass
class Placed:
    """A submission. how: "new"; "replaced" an earlier one, which is kept; "unchanged"; "older" than what is there, and left.

    name: whose it is as the LMS, a folder or a file says. file: the notebook's own name. origin: where it lies. files: where each file of
    it lies.
    """

    student: str
    lesson: str
    how: str
    name: str
    file: str
    origin: str
    receipts: int = 0
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass
class Collected:
    """Everything that came of one call.

    unplaced: what was left and should not be. beside: files that belong to no notebook that was taken. readings: (a source, how it was read,
    how many people it holds).
    """

    placed: list[Placed] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    beside: list[Unplaced] = field(default_factory=list)
    readings: list[tuple[str, str, int]] = field(default_factory=list)
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
    encoding: str = "",
    new: bool = False,
    same: Callable[[str], bool | None] = lambda question: None,
    tell: Callable[[Placed], None] = lambda placed: None,
    layout: str = "",
    teams: bool = False,
    copies: str = ASK,
) -> Collected:
    """Collect `sources` into the course; see the command for what they may be.

    folder_of: where a student's submission of a lesson belongs. submitted: the folder of all of them. private: the course's .grader/.
    lesson: what a notebook is that does not say; one that is another lesson is left. student: whose everything is. layout: how to read the
    sources. teams: every member gets a team's work. copies: "newest" where a person's several notebooks leave a doubt.
    new: who looks like somebody known is somebody else. same: asked whether they are; None leaves what they handed in.
    Raises Refused if a source cannot be opened at all; then nothing was changed.
    """
    found = Collected()
    kept = private / KEPT
    knows = {"known": roster.knows, "agrees": roster.agrees} if roster else {}
    opened = open_sources(sources, catalogue.lessons, Wishes(student, encoding, layout, **knows))
    found.unplaced += opened.refused
    found.beside += opened.beside
    found.readings += opened.readings
    candidates = _notebooks(opened.parcels, catalogue, lesson, found)
    people = People(kept / "people.json")
    register = Register(kept / "class.json", people)
    candidates, rows = name(candidates, people, register, roster, teams, found, new, same)
    _date(candidates, rows)
    ledger = Ledger(kept / "ledger.json")
    if not dry_run:
        people.save()
        register.save()
        for left in recover(submitted, kept / REPLACED):
            found.remarks.append(f"An earlier run was interrupted; what it left is kept in {left.relative_to(private.parent)}.")
    spare: dict[Sender | None, list[Item]] = defaultdict(list)  # a zip of receipts beside a notebook, for example
    for parcel in opened.parcels:
        if not any(is_notebook(item.name) for item in parcel.items):
            spare[parcel.sender] += parcel.items
    by_place: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_place[one.lesson, one.student].append(one)
    for (what, who), rivals in sorted(by_place.items()):
        rivals = _one_of_each(rivals, catalogue, copies, found)
        rivals.sort(key=lambda one: one.order)  # stable: what came later in the list counts as later
        while rivals:
            try:
                placed = _place(rivals, folder_of(who, what), kept, ledger, dry_run, spare[rivals[-1].parcel.sender])
            except (Refused, Unreadable) as reason:
                one = rivals.pop()
                found.unplaced.append(Unplaced(one.shown, str(reason), [one.item.origin]))
                continue
            found.placed.append(placed)
            tell(placed)
            break
    _say_the_rest(opened.parcels, found)
    return found


def _notebooks(parcels: list[Parcel], catalogue: Catalogue, lesson: str, found: Collected) -> list[Candidate]:
    """Find the notebooks and the lesson of each; say what held none."""
    candidates = []
    senders_with_one = {parcel.sender for parcel in parcels if parcel.sender and any(is_notebook(item.name) for item in parcel.items)}
    for parcel in parcels:
        notebooks = [item for item in parcel.items if is_notebook(item.name)]
        for item in notebooks:
            reason = ""
            known = catalogue.find(item.name, lambda item=item: _content(item)) if item.size <= LARGEST else None
            if known and not known.lesson and lesson:
                known = type(known)(lesson, "as you said")
            if not known:
                reason = f"it is larger than {LARGEST / 1e6:.0f} MB; ask for it without its outputs"
            elif not known.lesson:
                reason = f"which lesson it is cannot be told: {known.how}; --lesson says it"
            elif lesson and known.lesson != lesson:
                reason = f"it is {known.lesson} ({known.how}), not {lesson}"
            elif not parcel.sender:
                reason = "it does not say whose it is; put it into a folder of the student's name, or say --student"
            if reason:
                found.unplaced.append(Unplaced(f"{parcel.shown} / {item.path}" if parcel.sender else item.origin or item.path, reason, [item.origin]))
            else:
                candidates.append(Candidate(parcel, item, known.lesson, known.how))
        own = [one for one in candidates if one.parcel is parcel]
        for one in own:
            one.alone = len({other.lesson for other in own}) == 1
    for parcel in parcels:
        items = parcel.items if parcel.sender not in senders_with_one else []
        items = [item for item in items if not is_notebook(item.name)]
        words = [item for item in parcel.items if item.typed] if parcel.sender and parcel.sender.system == MOODLE else []
        if words and parcel.sender in senders_with_one:
            found.remarks.append(f"{parcel.sender.name} also typed into Moodle: {typed(words) or 'nothing that can be read'}.")
        elif words and len(words) == len(items):
            said = typed(words) or "nothing that can be read"
            found.unplaced.append(Unplaced(parcel.shown, f"{parcel.sender.name} handed in text in place of a notebook: {said}", [item.origin for item in items]))
        elif items and (parcel.sender or len(items) == len(parcel.items)):
            names = ", ".join(item.path for item in items[:NAMED]) + (", …" if len(items) > NAMED else "")
            said = f"{names}: {links}" if (links := typed(items)) else names
            found.unplaced.append(Unplaced(parcel.shown, f"there is no notebook among what was handed in: {said}", [item.origin for item in items]))
    return candidates


def _one_of_each(rivals: list[Candidate], catalogue: Catalogue, copies: str, found: Collected) -> list[Candidate]:
    """Return one notebook of each hand-in, and say of the others why they were left."""
    kept = []
    for parcel in {id(one.parcel): one.parcel for one in rivals}.values():
        together = [one for one in rivals if one.parcel is parcel]
        if len(together) == 1:
            kept += together
            continue
        try:
            chosen = one_of(together, lambda one: catalogue.untouched(one.lesson, lambda: _content(one.item)), copies)
        except (Refused, Unreadable) as reason:
            found.unplaced.append(Unplaced(parcel.shown, str(reason), [one.item.origin for one in together]))
            continue
        chosen.instead = [one for one in together if one is not chosen]
        kept.append(chosen)
    return kept


def _say_the_rest(parcels: list[Parcel], found: Collected) -> None:
    """Name every file that went nowhere and was not named yet."""
    said = {file for one in (*found.placed, *found.unplaced, *found.beside) for file in one.files}
    for item in (item for parcel in parcels for item in parcel.items):
        if item.origin not in said:
            reason = "it was typed into the LMS, and is no file" if item.typed else "it belongs to no notebook that was taken"
            found.beside.append(Unplaced(as_shown(item.origin), reason, [item.origin]))
            said.add(item.origin)


def _content(item: Item) -> bytes:
    try:
        return item.read()
    except Refused as reason:
        raise Unreadable(str(reason)) from None


def _date(candidates: list[Candidate], rows: dict[str, rosters.Row]) -> None:
    """Say when each was handed in, where an LMS tells: Moodle's worksheet, or a download whose times differ as those of a class do."""
    times = defaultdict(list)
    for one in candidates:
        if one.item.modified and one.parcel.download:
            times[one.parcel.download].append(one.item.modified)
    told = {student: rosters.submitted(row) for student, row in rows.items()}
    for one in candidates:
        of_class = times.get(one.parcel.download, [])
        if one.parcel.sender and one.parcel.sender.system == MOODLE and told.get(one.student):
            one.time, one.timed = told[one.student], LIST
        elif of_class and (max(of_class) - min(of_class)).total_seconds() > SPREAD:
            one.time, one.timed = one.item.modified, DOWNLOAD


def _place(rivals: list[Candidate], folder: Path, kept: Path, ledger: Ledger, dry_run: bool, spare: list[Item]) -> Placed:
    """Put the newest of what one student handed in for one lesson into its place."""
    chosen, others = rivals[-1], rivals[:-1]
    student, lesson = chosen.student, chosen.lesson
    placed = Placed(student, lesson, NEW, chosen.parcel.sender.name, chosen.item.name, chosen.shown)
    if chosen.how not in ("by its name", "as you said"):
        placed.notes.append(f"taken for {lesson} {chosen.how}")
    told: list[Item] = []
    files = files_of(chosen, spare, placed.notes, told)
    placed.files = [item.origin for item in told]
    if others:
        left = ", ".join(one.shown for one in others)
        placed.notes.append(f"handed in {len(rivals)} times; the newest was taken, these were left: {left}")
    if chosen.instead:
        again = all(without_turn(one.item.name) == without_turn(chosen.item.name) for one in chosen.instead)
        what = f"handed in {len(chosen.instead) + 1} times; the newest was taken, these were left" if again else "these copies beside it were left"
        placed.notes.append(f"{what}: {', '.join(one.item.path for one in chosen.instead)}")
    placed.files += [one.item.origin for other in (chosen, *others) for one in (other, *other.instead) if one is not chosen]
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
    known = timestamp_of(folder) or ""
    late_news = placed.how == UNCHANGED and _corrects(chosen, files.get(TIMESTAMP, b"").decode().strip(), known, ledger)
    if late_news:
        placed.notes.append(f"when it was handed in is now {files[TIMESTAMP].decode().strip()}" + (f", not {known}" if known else ""))
    if dry_run or placed.how == OLDER:
        return placed
    if late_news:
        stamp(folder, files[TIMESTAMP])
    if placed.how in (NEW, REPLACED):
        where = kept / REPLACED / student / lesson / f"{digest(there or {})[:12]}"
        place(folder, files, where)
        if placed.how == REPLACED:
            placed.notes.append(f"the earlier one is kept in {where.relative_to(kept.parent.parent)}")
    if there is not None:
        ledger.add(student, lesson, digest(there), 0)
    ledger.add(student, lesson, mark, chosen.item.file_id)
    ledger.note(student, lesson, **came(chosen), **({"timed": chosen.timed} if late_news or placed.how != UNCHANGED else {}))
    return placed


def _corrects(chosen: Candidate, told: str, known: str, ledger: Ledger) -> bool:
    """Whether this list or download tells better than what is there when that was handed in: a list tells better than the times in a zip."""
    if not chosen.timed or told in ("", known):
        return False
    return chosen.timed == LIST or not known or ledger.came(chosen.student, chosen.lesson).get("timed") == DOWNLOAD

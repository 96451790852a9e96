"""Bring what arrived into submitted/STUDENT/LESSON/, and say of every file where it went or why it stayed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.engine.files import check_files, plain_path_problem
from grader.nbgrader_plugins.reading import LARGEST, Unreadable

from . import roster as rosters
from .archives import CAPS, Refused, in_utc
from .ledger import Ledger
from .lessons import Catalogue
from .parcels import Item, Parcel, as_shown, open_sources
from .people import People, plain_id
from .placing import TIMESTAMP, contents, digest, place, recover
from .senders import CANVAS, MOODLE, PLAIN, Sender, is_notebook, turn, without_turn

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


@dataclass
class _Candidate:
    """A notebook that was handed in, not yet opened further."""

    parcel: Parcel
    item: Item
    lesson: str
    how: str
    student: str = ""
    time: datetime | None = None
    alone: bool = False  # no other lesson's notebook is in the parcel

    @property
    def order(self) -> tuple:
        """The newest is the greatest: by Canvas's number, the number behind the name, the time."""
        return self.item.file_id, turn(self.item.name), self.item.modified or datetime.min

    @property
    def shown(self) -> str:
        return f"{self.parcel.shown} / {self.item.path}" if self.item.path not in self.parcel.shown else self.parcel.shown


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
    by_place: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for one in candidates:
        if one.student:
            by_place[one.lesson, one.student].append(one)
    for (name, who), rivals in sorted(by_place.items()):
        rivals.sort(key=lambda one: one.order)  # stable: what came later in the list counts as later
        while rivals:
            try:
                placed = _place(rivals, folder_of(who, name), kept, ledger, dry_run, opened.parcels)
            except (Refused, Unreadable) as reason:
                found.unplaced.append(Unplaced(rivals.pop().shown, str(reason)))
                continue
            found.placed.append(placed)
            tell(placed)
            break
    return found


def _notebooks(parcels: list[Parcel], catalogue: Catalogue, lesson: str, found: Collected) -> list[_Candidate]:
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
                found.unplaced.append(Unplaced(f"{parcel.shown} / {item.path}", "it does not say whose it is; put it into a folder of the student's name, or say --student"))
            else:
                candidates.append(_Candidate(parcel, item, known.lesson, known.how))
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


def _name(candidates: list[_Candidate], people: People, roster: rosters.Roster | None, found: Collected) -> None:
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


def _date(candidates: list[_Candidate], roster: rosters.Roster | None) -> None:
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


def _place(rivals: list[_Candidate], folder: Path, kept: Path, ledger: Ledger, dry_run: bool, parcels: list[Parcel]) -> Placed:
    """Put the newest of what one student handed in for one lesson into its place."""
    chosen, others = rivals[-1], rivals[:-1]
    student, lesson = chosen.student, chosen.lesson
    placed = Placed(student, lesson, NEW, chosen.parcel.sender.name, chosen.item.name, chosen.shown)
    if chosen.how not in ("by its name", "as you said"):
        placed.notes.append(f"taken for {lesson} {chosen.how}")
    files = _files(chosen, lesson, parcels, placed.notes)
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
        placed.notes.append("it was collected before, and what is there now is newer or was changed by hand" if placed.how == OLDER else "what is there was changed since it was collected")
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


def _files(chosen: _Candidate, lesson: str, parcels: list[Parcel], notes: list[str]) -> dict[str, bytes]:
    """Read what belongs to a notebook: the files below its folder, and the receipts wherever the same person put them."""
    content = chosen.item.read()
    files = {f"{lesson}.ipynb": content}
    if stamp := _timestamp(chosen):
        files[TIMESTAMP] = stamp
    folder = chosen.item.path.rpartition("/")[0]
    offered = list(chosen.parcel.items)
    notebooks = {id(parcel) for parcel in parcels if any(is_notebook(item.name) for item in parcel.items)}
    for parcel in parcels:  # a zip of receipts beside the notebook
        if parcel.sender == chosen.parcel.sender and parcel is not chosen.parcel and id(parcel) not in notebooks:
            offered += parcel.items
    total, seen = len(content), {path.casefold() for path in files}
    for item in sorted(offered, key=lambda item: ("receipts" not in item.path and not item.name.endswith(".npz"), item.path)):
        path = _path_beside(item, folder, chosen.alone, chosen.parcel.sender.system)
        if path is None or is_notebook(item.name) or path.casefold() == TIMESTAMP:
            continue
        problem = plain_path_problem(path) and f"its name {plain_path_problem(path)}"
        problem = problem or (f"it lies deeper than {CAPS.depth} folders" if path.count("/") >= CAPS.depth else "")
        problem = problem or ("another file's name differs only in upper and lower case" if path.casefold() in seen else "")
        problem = problem or (f"it is larger than {CAPS.file / 1e6:.0f} MB" if item.size > CAPS.file else "")
        problem = problem or (f"only the first {CAPS.number} files are taken" if len(files) > CAPS.number else "")
        if not problem:
            try:
                data = item.read()
                check_files({**dict.fromkeys(files, b""), path: b""})
                problem = f"together the files are larger than {CAPS.total / 1e6:.0f} MB" if total + len(data) > CAPS.total else ""
            except (Refused, Unreadable, ValueError) as reason:
                problem = str(reason)
        if problem:
            notes.append(f"{as_shown(item.path)} was left out: {problem}")
            continue
        files[path], total = data, total + len(data)
        seen.add(path.casefold())
    return files


def _path_beside(item: Item, folder: str, alone: bool, system: str) -> str | None:
    """Return a file's path relative to its notebook; None if it is not this notebook's. A receipt is, wherever it lies, if the notebook is alone."""
    parts = item.path.split("/")
    if "receipts" in parts and alone:
        return "/".join(parts[parts.index("receipts") :])
    if item.name.endswith(".npz") and "/" not in item.path:  # an LMS that keeps no folders
        return f"receipts/{without_turn(item.name) if system == CANVAS else item.name}"
    if not folder:
        return item.path
    return item.path[len(folder) + 1 :] if item.path.startswith(f"{folder}/") else None


def _timestamp(chosen: _Candidate) -> bytes:
    """Return nbgrader's timestamp: the LMS's time, or the file that lies beside a notebook in a folder of the instructor's."""
    if chosen.time:
        return f"{in_utc(chosen.time):%Y-%m-%d %H:%M:%S} UTC\n".encode()
    if chosen.parcel.sender.system != PLAIN or not chosen.parcel.on_disk:
        return b""
    beside = f"{chosen.item.path.rpartition('/')[0]}/{TIMESTAMP}".lstrip("/")
    for item in chosen.parcel.items:
        if item.path == beside:
            try:
                text = item.read().decode()[:200]
                parse_utc(text.strip())
            except (Refused, ValueError, OverflowError, TypeError, AttributeError):
                return b""
            return text.encode()
    return b""

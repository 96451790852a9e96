"""Give each hand-in to its student, or to every member of the team whose it is; refuse what does not agree with the class's list, or with who is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from . import roster as rosters
from .gathering import Candidate
from .parcels import Unplaced
from .people import People
from .register import Doubt, Person, Register
from .senders import GRADESCOPE, MOODLE, PLAIN, Sender

Asked = Callable[[str], "bool | None"]


def name(
    candidates: list[Candidate], people: People, register: Register, roster: rosters.Roster | None, teams: bool, found, new: bool, same: Asked
) -> tuple[list[Candidate], dict[str, rosters.Row]]:
    """Return the hand-ins with their students, one for each member of a team, and the rows of a list by the ids under which its people are kept.

    What cannot be told is left in `found.unplaced`. teams: a team's work is every member's. A team is known by the list's column of
    groups, or by the LMS that names its members. new: who looks like somebody known is somebody else. same: asked whether they are.
    """
    rows: dict[str, rosters.Row] = {}
    doubts: dict[int, Doubt] = {}
    if roster:
        doubts = _enlist(roster, register, rows, new)
        kept = [f"{one.id} is {row.student} in {roster.path.name}" for row in roster.rows if (one := _kept(rows, row, register))]
        if kept:
            told = "; ".join(kept[:5]) + (f" and {len(kept) - 5} more" if len(kept) > 5 else "")
            found.remarks.append(f"Known already, so kept under the id that they have: {told}. grader students rename --names {roster.path.name} takes the list's ids.")
    by_line: dict[int, Person | Doubt] = {**doubts, **{row.line: register.people[student] for student, row in rows.items()}}
    met: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in candidates:
        met[one.parcel.sender.system, one.lesson, one.parcel.sender.name.casefold()].add(one.parcel.sender.number)
    whose: list[tuple[Candidate, Sender, rosters.Row | None, Person | None, bool]] = []
    for one in candidates:
        try:
            owners = _owners(one.parcel.sender, roster, teams)
        except rosters.RosterError as reason:
            found.unplaced.append(Unplaced(one.shown, str(reason), [one.item.origin]))
            continue
        for sender, row in owners:
            several = len(met[sender.system, one.lesson, sender.name.casefold()]) > 1
            who = by_line.get(row.line) if row else register.of_sender(sender, one.lesson, new, several)
            if isinstance(who, Doubt) and (answer := same(who.reason)) is not None:
                known = register.again(row.student if row else sender.name, who.known) if answer else None
                who = known or (register.of_row(row, roster, True) if row else None)
            if isinstance(who, Doubt):
                found.unplaced.append(Unplaced(one.shown, who.reason, [one.item.origin]))
            else:
                whose.append((one, sender, row, who, len(owners) == 1))
    given, remarks = people.ids((sender, one.lesson) for one, sender, _, who, _ in whose if who is None)
    found.remarks += remarks
    named = []
    for one, sender, row, who, alone in whose:
        if who is None:
            made = given[sender, one.lesson]
            who = register.by_login(made) or Person(made, sender.name)
        elif row is None:
            people.same(sender, one.lesson, who.id)
        # Of a team the LMS tells the team's name and number, which are nobody's; of one who hands in alone it tells theirs.
        who = register.learn(who, row, sender if alone or row is None else None, one.lesson)
        if row:
            rows[who.id] = row
        if who.dropped:
            found.remarks.append(f"Left out, because dropped from the class: {who.shown}. grader students restore {who.id} takes them back.")
        else:
            named.append(replace(one, student=who.id))
    found.remarks = list(dict.fromkeys(found.remarks))
    return _agreeing(named, found), rows


def _owners(sender: Sender, roster: rosters.Roster | None, teams: bool) -> list[tuple[Sender, rosters.Row | None]]:
    """Return who handed it in, with their rows of a list. Raises RosterError where that cannot be told."""
    if roster:
        return [(sender, row) for row in of_list(sender, roster, teams)]
    if problem := _unlisted(sender, teams):
        raise rosters.RosterError(problem)
    return [(member, None) for member in sender.members or (sender,)]


def _enlist(roster: rosters.Roster, register: Register, rows: dict[str, rosters.Row], new: bool) -> dict[int, Doubt]:
    """Let everybody of a list be known, whether they handed in or not; return the lines of those who may be somebody else."""
    doubts = {}
    for row in roster.rows:
        who = register.of_row(row, roster, new)
        if isinstance(who, Doubt):
            doubts[row.line] = who
        else:
            rows[register.learn(who, row).id] = row
    return doubts


def _kept(rows: dict[str, rosters.Row], row: rosters.Row, register: Register) -> Person | None:
    """Return the person of a row who is kept under another id than the list's."""
    return next((register.people[student] for student, own in rows.items() if own is row and student != row.student), None)



def of_list(sender: Sender, roster: rosters.Roster, teams: bool) -> list[rosters.Row]:
    """Return whose a hand-in is by the class's list: one person's, or a team's. Raises RosterError where that does not agree."""
    if sender.members:
        if not teams:
            raise rosters.RosterError(f"{sender.name} submitted it together; say --teams, and each of them gets it")
        return [roster.of_sender(member) for member in sender.members]
    own = next((one.removeprefix("team:") for one in sender.also if one.startswith("team:")), "")
    team = roster.of_team(own or sender.name)
    if team and not teams:
        raise rosters.RosterError(f"{own or sender.name} is a team of {roster.path.name}; say --teams, and each of its {len(team)} members gets it")
    if own and not team:
        raise rosters.RosterError(f"it is {own}'s, and {roster.path.name} has no such group; add a column Group")
    if not team:
        if teams and "group" not in roster.columns and sender.system != PLAIN:
            raise rosters.RosterError(f"{roster.path.name} has no column Group, by which --teams knows who is in a team; Moodle's worksheet and its list of participants have it")
        try:
            return [roster.of_sender(sender)]
        except rosters.RosterError as reason:
            hint = "add a line, or leave --names out" if teams else "add a line, leave --names out, or say --teams if it is a team's"
            raise rosters.RosterError(f"{reason}; {hint}") from None
    if any(rosters.folded(sender.name) in row.names for row in roster.rows):
        raise rosters.RosterError(f"{sender.name} is a team and a person of {roster.path.name}; rename one of them")
    return team


def _unlisted(sender: Sender, teams: bool) -> str:
    """Say why a hand-in cannot be given to anyone without a list of the class; "" if it can."""
    if sender.members:
        return "" if teams else f"{sender.name} submitted it together; say --teams, and each of them gets it"
    if teams and sender.system not in (PLAIN, GRADESCOPE) or any(one.startswith("team:") for one in sender.also):
        return "who is in a team is told by the column Group of a list of the class; give it as --names, with --teams"
    if sender.system == MOODLE and not sender.number:
        return f"Moodle calls it {sender.name}'s, those who are in no group; collect it with --student"
    return ""


def _agreeing(named: list[Candidate], found) -> list[Candidate]:
    """Leave out whoever would get the work of a team and that of someone else for one lesson."""
    by_place = defaultdict(list)
    for one in named:
        by_place[one.lesson, one.student].append(one)
    shared = {id(one.item) for one in named if sum(other.item is one.item for other in named) > 1}
    refused = set()
    for (lesson, student), rivals in by_place.items():
        senders = {one.parcel.sender for one in rivals}
        if len(senders) > 1 and any(id(one.item) in shared for one in rivals) and len({one.item.read() for one in rivals}) > 1:
            whose = " and ".join(sorted({one.parcel.sender.name for one in rivals}))
            files = [one.item.origin for one in rivals]
            found.unplaced.append(Unplaced(student, f"{lesson} arrived from {whose}, and which counts cannot be told; collect the right one with --student", files))
            refused.add((lesson, student))
    return [one for one in named if (one.lesson, one.student) not in refused]

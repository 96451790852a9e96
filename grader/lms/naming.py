"""Give each hand-in to its student, or to every member of the team whose it is; refuse what does not agree with the class's list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from . import roster as rosters
from .gathering import Candidate
from .parcels import Unplaced
from .people import People
from .senders import GRADESCOPE, MOODLE, PLAIN, Sender


def name(candidates: list[Candidate], people: People, roster: rosters.Roster | None, teams: bool, found) -> list[Candidate]:
    """Return the hand-ins with their students, one for each member of a team. What cannot be told is left in `found.unplaced`.

    teams: a team's work is every member's. A team is known by the list's column of groups, or by the LMS that names its members.
    """
    named: list[Candidate] = []
    if roster:
        for one in candidates:
            try:
                named += [_for(one, row.student) for row in of_list(one.parcel.sender, roster, teams)]
            except rosters.RosterError as reason:
                found.unplaced.append(Unplaced(one.shown, str(reason), [one.item.origin]))
    else:
        single = []
        for one in candidates:
            sender = one.parcel.sender
            if problem := _unlisted(sender, teams):
                found.unplaced.append(Unplaced(one.shown, problem, [one.item.origin]))
            else:
                single += [(one, member) for member in sender.members or (sender,)]
        given, remarks = people.ids((sender, one.lesson) for one, sender in single)
        found.remarks += remarks
        named = [_for(one, given[sender, one.lesson]) for one, sender in single]
    return _agreeing(named, found)


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


def _for(one: Candidate, student: str) -> Candidate:
    return replace(one, student=student)

"""The command of those who keep the list of a class: students."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from grader.commands.shared import Root, command, console, course_root, errors, fail

ACTIONS = {"list": 0, "merge": 2, "rename": 2, "alias": 2, "drop": 1, "restore": 1}


@command
def students(
    action: Annotated[str, typer.Argument(metavar="[ACTION]", help="list, merge, rename, alias, drop or restore.")] = "list",
    who: Annotated[list[str] | None, typer.Argument(metavar="[STUDENT]...", help="Ids, as the list shows them.")] = None,
    root: Root = Path("."),
    names: Annotated[Path | None, typer.Option("--names", metavar="ROSTER", help="With rename: give everybody the id that the LMS's list of the class (CSV) has.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """Who is in the class; make two of them one.

    list: who is known, by which names, and what they handed in. merge OLD NEW: they are one person, and what OLD handed in, was given and was told is NEW's.
    rename OLD NEW: another id. alias NAME STUDENT: who comes by this name or id is this student. drop STUDENT: no longer in the class; their pages go, and
    collect leaves them out. restore STUDENT: back again. What is replaced or dropped is kept in .grader/collected/.

    Examples: grader students; grader students merge ada-lovelace ada@example.org; grader students drop bob; grader students rename --names worksheet.csv
    """
    from grader.lms import roster
    from grader.lms.classroom import Classroom
    from grader.nbgrader_plugins.course import course
    from grader.nbgrader_plugins.database import problem
    from grader.nbgrader_plugins.lateness import there

    if action not in ACTIONS:
        raise fail(f"{action} is none of {', '.join(ACTIONS)}.", code=2)
    root, who = course_root(root), list(who or [])
    whole = action == "rename" and names is not None
    if names is not None and action != "rename":
        raise fail("--names belongs to rename.", code=2)
    if (whole and who) or (not whole and len(who) < ACTIONS[action]) or (action in ("list", "merge", "rename", "alias") and not whole and len(who) > ACTIONS[action]):
        wanted = {0: "no student", 1: "one student or more", 2: "two names: grader students " + action + (" NAME STUDENT" if action == "alias" else " OLD NEW")}
        raise fail(f"{action} takes {'no student beside --names' if whole else wanted[ACTIONS[action]]}.", code=2)
    api = course(root)
    if there(api.coursedir.db_url) and (unusable := problem(api.coursedir.db_url)):
        raise fail(unusable)
    room = Classroom(root, api)
    if action == "list":
        _list(room, as_json)
    elif action == "alias":
        console.print(f"Who comes as {who[0]} is {room.alias(*who).shown}.", highlight=False, markup=False)
    elif action in ("merge", "rename"):
        if whole:
            try:
                renamed = room.by_list(roster.read(names))
            except roster.RosterError as wrong:
                raise fail(str(wrong)) from None
            for old, new in renamed:
                console.print(f"{old} is {new} now.", highlight=False, markup=False)
            console.print(f"{len(renamed)} renamed.", highlight=False)
        else:
            done = getattr(room, action)(*who)
            told = f", with {', '.join(done.moved)}" if done.moved else ""
            console.print(f"{who[0]} is {who[1]} now{told}.", highlight=False, markup=False)
            for lesson, place in done.aside:
                console.print(f"Both had handed in {lesson}: the later counts, the other is kept in {place}.", highlight=False, markup=False)
        if whole and not renamed:
            return
        console.print("Run grader autograde, which writes their pages anew and runs nothing that was run.", highlight=False)
    else:
        for one in who:
            if action == "drop":
                console.print(f"{one} is dropped; all of theirs is kept in {room.drop(one)}.", highlight=False, markup=False)
            else:
                lessons = room.restore(one)
                console.print(f"{one} is back{', with ' + ', '.join(lessons) if lessons else ''}.", highlight=False, markup=False)
    if action != "list":
        room.enrol()


def _list(room, as_json: bool) -> None:
    everybody = room.everybody()
    if as_json:
        told = [{"id": one.id, "name": one.name, "email": one.email, "also": one.also, "listed": one.listed, "dropped": one.dropped, "lessons": room.lessons(one.id)} for one in everybody]
        console.print_json(data=told)
        return
    if not everybody:
        errors.print("Nobody is known yet: grader collect DOWNLOAD --names LIST.csv", highlight=False)
        return
    table = Table(show_edge=False, pad_edge=False)
    for column in ("student", "name", "handed in", "also"):
        table.add_column(column, overflow="fold")
    for one in everybody:
        lessons = "dropped" if one.dropped else ", ".join(lesson.split("_")[0] for lesson in room.lessons(one.id))
        table.add_row(*map(escape, (one.id, one.name, lessons, ", ".join(other for other in one.also if other != one.name))))
    console.print(table)
    made = [one for one in everybody if not one.listed and not one.dropped]
    told = f", {len(made)} of them under ids made of names" if made and len(made) < len(everybody) else ""
    console.print(f"{len(everybody)} students{told}.", highlight=False)
    for one, other in room.twice():
        console.print(f"[yellow]perhaps one person:[/yellow] grader students merge {escape(one.id)} {escape(other.id)}", highlight=False)

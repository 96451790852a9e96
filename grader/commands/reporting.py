"""The command of those who want to know what a class has learned: report."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.shared import Root, command, console, errors, fail, progress

OUT = Path("exports/report.html")


@command
def report(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="Lessons, e.g. 01_sequence_basics or 01. All that the gradebook knows by default.")
    ] = None,
    root: Root = Path("."),
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page. Default: exports/report.html in the course's folder.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Hide names and ids, to share it: students are Person 07, the same one throughout.")] = False,
    gradebook: Annotated[
        str | None, typer.Option(metavar="URL", envvar="GRADER_GRADEBOOK", help="The gradebook's database. Default: gradebook.db. See docs/GRADEBOOK.md.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON; the page is written only where --out says so.")] = False,
) -> None:
    """Make the class report, one page to look at.

    What a graded class shows about its students and its questions.

    It needs no network and prints well. Questions and submissions that stand out are shown for a person to judge.

    Examples: grader report; grader report 01 02 --out week2.html; grader report --anonymous --out to-share.html; grader report --json
    """
    if gradebook:
        os.environ["GRADER_GRADEBOOK"] = gradebook  # nbgrader_config.py reads it
    root = root.resolve()
    if not root.is_dir():
        raise fail(f"{root} is no folder. Name the course's folder with --root.")
    with errors.status("looking for the gradebook"):
        from grader.report import page, reckoning
        from grader.report.anonymity import anonymous as hidden
        from grader.report.reading import read
        from grader.report.words import count

    with ExitStack() as stack:
        bar = progress()

        def tell(done: int, of: int) -> None:
            if not bar.tasks:  # there is something to wait for
                stack.enter_context(bar)
                bar.add_task("reading what was graded", total=of)
            bar.update(bar.tasks[0].id, completed=done)

        material = read(root, names or [], tell)
        made = reckoning.reckon(hidden(material) if anonymous else material)
        place = out or root / OUT
        if out or not as_json:
            page.write(page.render(made), place)
    if as_json:
        console.print_json(data=reckoning.as_json(made))
        return
    console.print(f"{escape(str(place))}: {count(made.students, 'student')}, {count(len(made.lessons), 'lesson')}", highlight=False)
    for headline in made.headlines:
        console.print(f"  {headline.words}", highlight=False, markup=False)

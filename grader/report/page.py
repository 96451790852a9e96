"""Make the report's page: one HTML file that needs no network and no script, and is written as a whole or not at all."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.nbgrader_plugins.feedback import coded
from grader.report import drawing
from grader.report.matters import ALIKE_CODE, ALIKE_TEXT
from grader.report.questions import FEWEST
from grader.report.reckoning import Report
from grader.report.words import count, duration, lateness, points, visible

TEMPLATES = Path(__file__).parent / "templates"
MARK = '<meta name="generator" content="grader report">'
SHOWN = 12  # of a long list, before the rest is folded away

LONE = 50  # of what one student alone was told


class NotOurs(RuntimeError):
    """What is in the report's place is no report, and stays. The message says what to do."""


def render(report: Report, made: datetime | None = None) -> str:
    """Return the page. All text is escaped, whoever wrote it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters |= {"coded": lambda text: Markup(coded(visible(text))), "points": points, "duration": duration, "lateness": lateness}
    environment.filters["short"] = _numbers([lesson.name for lesson in report.lessons]).get
    environment.globals["count"] = count
    anchors = {lesson.name: f"lesson-{number}" for number, lesson in enumerate(report.lessons, start=1)}
    figures = {}
    for lesson in report.lessons:
        if lesson.distribution:
            anchor = anchors[lesson.name]
            drawn = drawing.histogram(lesson, f"{anchor}-points"), drawing.scatter(lesson, f"{anchor}-scatter")
            figures[lesson.name] = [Markup(one) for one in drawn]
    several = sum(lesson.distribution is not None and lesson.max_points > 0 for lesson in report.lessons) > 1
    return environment.get_template("report.html.j2").render(
        report=report,
        made=made or datetime.now().astimezone(),
        anchors=anchors,
        figures=figures,
        overview=Markup(drawing.overview(report.lessons)) if several else "",
        mark=Markup(MARK),
        limits={"fewest": FEWEST, "code": ALIKE_CODE, "text": ALIKE_TEXT, "shown": SHOWN, "lone": LONE},
    )


def write(page: str, out: Path) -> None:
    """Put the page in its place, in the stead of an earlier report.

    Raises NotOurs where something else is, and OSError where it cannot be written.
    """
    if out.is_dir():
        raise NotOurs(f"{out} is a folder. Name a file with --out.")
    if out.exists() and MARK not in _head(out):
        raise NotOurs(f"{out} exists and is no class report, so it was left as it is. Name another file with --out.")
    out.parent.mkdir(parents=True, exist_ok=True)
    new = out.with_name(f".{out.name}.{os.getpid()}.new")
    try:
        new.write_text(page, encoding="utf-8", errors="replace")
        os.replace(new, out)
    finally:
        new.unlink(missing_ok=True)


def _numbers(lessons: list[str]) -> dict[str, str]:
    """What heads a narrow column: a lesson's number, or its whole name where that has none, or not one of its own."""
    numbers = {name: name.partition("_")[0] for name in lessons}
    return {name: number if number.isdigit() and list(numbers.values()).count(number) == 1 else name for name, number in numbers.items()}


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _head(path: Path) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(1000)

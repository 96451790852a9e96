"""When lessons are due, who has longer, who is excused, and what lateness costs: one file of the course, due.json.

nbgrader's gradebook has due dates, extensions and penalties, and they are kept there (see `lateness`); but not an extension for
somebody who has not handed in yet, nor an excusal, nor the rule. `grader due` writes the file.
"""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

FILE = "due.json"
DAY = 86400
_SPAN = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?")


class DueError(RuntimeError):
    """A due date, a span of time or the file cannot be understood; the message is one sentence that says what to write."""


@dataclass
class Terms:
    """per_day: percent of a lesson's points that each day begun after the due date costs; at_most: of all days together.

    grace: minutes after the due date that are no lateness. due: in UTC, by lesson. extensions: seconds, by lesson and student.
    """

    per_day: float = 0.0
    at_most: float = 100.0
    grace: float = 0.0
    due: dict[str, datetime] = field(default_factory=dict)
    extensions: dict[str, dict[str, float]] = field(default_factory=dict)
    excused: dict[str, list[str]] = field(default_factory=dict)

    def is_excused(self, student: str, lesson: str) -> bool:
        return student in self.excused.get(lesson, ())

    def penalty(self, lesson: str, student: str, score: float, most: float, late: float) -> float | None:
        """Return what lateness costs, in points of a lesson that has `most`; None for nothing. `late` is in seconds, extensions included."""
        if late <= 60 * self.grace or not self.per_day or self.is_excused(student, lesson):
            return None
        share = min(self.at_most, self.per_day * math.ceil(late / DAY)) / 100
        return min(score, round(share * most, 2))

    def rename(self, old: str, new: str) -> None:
        """Let what is kept of one student be another's, who keeps what they have."""
        for own in self.extensions.values():
            if old in own:
                own.setdefault(new, own.pop(old))
                own.pop(old, None)
        for lesson, own in self.excused.items():
            self.excused[lesson] = sorted({new if one == old else one for one in own})


def read(root: str | Path) -> Terms:
    """Return the course's terms; those of a course without the file say nothing. Raises DueError for a file that is damaged."""
    path = Path(root, FILE)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Terms(
            float(told.get("per_day", 0)),
            float(told.get("at_most", 100)),
            float(told.get("grace", 0)),
            {str(lesson): datetime.fromisoformat(when).astimezone(UTC) for lesson, when in told.get("due", {}).items()},
            {str(lesson): {str(one): float(span) for one, span in own.items()} for lesson, own in told.get("extensions", {}).items()},
            {str(lesson): [str(one) for one in own] for lesson, own in told.get("excused", {}).items()},
        )
    except FileNotFoundError:
        return Terms()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DueError(f"{path} cannot be understood ({error}). Mend it, or move it away and set the dates again with grader due.") from None


def write(root: str | Path, terms: Terms) -> None:
    """Write the file as a whole, or leave what was there."""
    path = Path(root, FILE)
    told = {
        "per_day": terms.per_day,
        "at_most": terms.at_most,
        "grace": terms.grace,
        "due": {lesson: when.astimezone(UTC).isoformat() for lesson, when in sorted(terms.due.items())},
        "extensions": {lesson: dict(sorted(own.items())) for lesson, own in sorted(terms.extensions.items()) if own},
        "excused": {lesson: sorted(own) for lesson, own in sorted(terms.excused.items()) if own},
    }
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def moment(text: str) -> datetime:
    """Return a time as UTC. Without a zone it is this machine's; a day alone is its last minute."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise DueError(f"{text!r} is no time; write it as 2026-02-02, which is the end of that day, or '2026-02-02 18:00'.") from None
    if re.fullmatch(r"[\d-]+(?:W\d+(?:-\d)?)?", text.strip()):
        found = datetime.combine(found.date(), time(23, 59))
    return found.astimezone(UTC)


def span(text: str) -> timedelta:
    """Return a span of time: `3d`, `12h`, `1d12h`, `90m`, `2w`, `0`."""
    plain = text.strip().lower().replace(" ", "")
    found = _SPAN.fullmatch(plain)
    if plain == "0":
        return timedelta(0)
    if not plain or not found:
        raise DueError(f"{text!r} is no span of time; write 3d, 12h, 1d12h, 90m or 2w, or 0 to take it back.")
    weeks, days, hours, minutes = (int(one or 0) for one in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def how_long(seconds: float) -> str:
    """`3 days`, `5 hours`, `1 minute`: the largest unit of which there are two, or one exactly, rounded down."""
    for unit, size in (("day", DAY), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size or size <= seconds < size + 60 or unit == "minute":
            number = max(int(seconds // size), 1)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return ""


def shown(when: datetime) -> str:
    """A time of the gradebook, which is UTC, as this machine's clock has it: `2 February 2026, 23:59 CET`."""
    local = when.replace(tzinfo=when.tzinfo or UTC).astimezone()
    return f"{local.day} {local:%B %Y, %H:%M %Z}"

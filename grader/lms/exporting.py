"""Points as the files that Canvas and Moodle import, and as a plain table.

Canvas reads a gradebook CSV (its `GradebookImporter`): `Student`, `ID`, `SIS User ID`, `SIS Login ID`, `Section`, a column for each
assignment, `Name (12345)` with Canvas's number for one that is there, and a row `Points Possible`. Moodle reads any table with a
column that tells people apart (Grade import), and the grading worksheet of one assignment, whose columns `Identifier`, `Grade` and
`Last modified (grade)` it needs (mod_assign, assignfeedback_offline).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from grader.nbgrader_plugins.totals import Known, Total

from .roster import Roster, Row, plain
from .tables import as_csv, points, text, tidy

FORMATS = ("canvas", "moodle", "csv")
EXCUSED = "EX"  # as Canvas writes it, and reads it
CANVAS_INFO = ("student", "lastname", "firstname", "id", "sis user id", "sis login id", "integration id", "root account", "section")
WORKSHEET = ("participant", "name", "email", "number", "login", "status", "grade", "maximum", "graded")  # by meaning, in whatever language
MOODLE_PEOPLE = {"email": "Email address", "number": "ID number", "login": "Username", "first": "First name", "last": "Last name", "name": "Full name"}
_CANVAS_COLUMN = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)\s*")


class ExportError(ValueError):
    """What cannot be exported; the message says what to do."""


@dataclass
class Exported:
    """A file's content, and everything about it that a person should know.

    students: in the file with points. not_in_roster: in the gradebook and not in the roster, so not in the file. nothing_from: in the
    roster, and handed in nothing; their cells stay as they were.
    """

    content: str = ""
    students: list[str] = field(default_factory=list)
    not_in_roster: list[str] = field(default_factory=list)
    nothing_from: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_json(self) -> dict:
        return {name: value for name, value in asdict(self).items() if name != "content"}


@dataclass(frozen=True)
class Grades:
    """The gradebook as an export needs it. titles: of the lessons, as the notebooks have them. numbers: Canvas's, of the students where it is known.

    excused: (student, lesson) that do not count; no LMS gets points for them, and Canvas is told so.
    """

    totals: Sequence[Total]
    most: dict[str, float]
    students: dict[str, Known]
    titles: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    excused: frozenset[tuple[str, str]] = frozenset()

    @property
    def lessons(self) -> list[str]:
        return list(self.most)

    @property
    def with_points(self) -> list[str]:
        return sorted({one.student for one in self.totals})

    def of(self, student: str, lesson: str) -> float | None:
        if (student, lesson) in self.excused:
            return None
        return next((one.points for one in self.totals if (one.student, one.lesson) == (student, lesson)), None)

    def canvas(self, student: str, lesson: str) -> str:
        """Return what Canvas's cell is to hold: points, `EX` for who is excused, "" for nothing."""
        return EXCUSED if (student, lesson) in self.excused else points(self.of(student, lesson))


def export(grades: Grades, kind: str, roster: Roster | None = None) -> Exported:
    """Return the file of this kind. Raises ExportError where the roster and the wish do not go together."""
    made = Exported()
    rows = _rows(grades, roster, made) if roster else {}
    if kind == "csv":
        _csv(grades, rows, made)
    elif kind == "canvas":
        if roster and not roster.is_canvas:
            raise ExportError(f"{roster.path.name} is no export of Canvas's gradebook, whose columns begin Student, ID; export that, or leave --roster out.")
        _canvas(grades, roster, rows, made)
    elif roster and roster.is_worksheet:
        _worksheet(grades, roster, rows, made)
    else:
        _moodle(grades, roster, rows, made)
    return made


def column_of(lesson: str, title: str, header: Sequence[str]) -> int | None:
    """Return which of an LMS's columns is this lesson's: by the lesson's name, its title, or its number at the beginning; None if none or several are."""
    names = [plain(_CANVAS_COLUMN.sub(r"\g<title>", cell) if _CANVAS_COLUMN.fullmatch(cell) else cell) for cell in header]
    own, called = plain(lesson), plain(title)
    bare = re.sub(r"^\d+ ", "", called)
    number = re.match(r"\d+", lesson)
    tests = [
        lambda name: name in (own, called),
        lambda name: f" {own} " in f" {name} ",
        lambda name: len(bare) > 4 and f" {bare} " in f" {name} ",
        lambda name: bool(number) and bool(re.match(rf"(?:assignment |lesson |homework |week |notebook )*0*{int(number[0])}\b", name)),
    ]
    for fits in tests:
        found = [column for column, name in enumerate(names) if name and fits(name)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _rows(grades: Grades, roster: Roster, made: Exported) -> dict[str, Row]:
    """Match students and rows, and list those who are in one only."""
    rows: dict[str, Row] = {}
    taken: dict[int, str] = {}
    for student in grades.with_points:
        row = roster.of_student(student)
        if row and row.line in taken:
            both = f"{taken[row.line]} and {student} of the gradebook are both {row.shown} in line {row.line} of {roster.path.name}"
            raise ExportError(f"{both}; merge them, or name both in the roster.")
        if row:
            rows[student] = row
            taken[row.line] = student
        else:
            made.not_in_roster.append(student)
    made.nothing_from = [row.shown for row in roster.rows if row.line not in taken and plain(row.shown) not in ("student test", "test student")]
    made.students = sorted(rows)
    return rows


def _csv(grades: Grades, rows: dict[str, Row], made: Exported) -> None:
    lines = []
    for one in grades.totals:
        row, known = rows.get(one.student), grades.students.get(one.student, Known(one.student))
        name = row.shown if row else f"{known.first_name} {known.last_name}".strip()
        lines.append(
            {
                "student": one.student,
                "name": name,
                "email": (row.about.get("email", "") if row else "") or known.email,
                "lesson": one.lesson,
                "points": round(one.points, 5),
                "max_points": one.max_points,
                "raw_points": round(one.raw, 5),
                "late_penalty": round(one.penalty, 5),
                "to_be_read": one.waits,
                "submitted": one.submitted.isoformat(sep=" ", timespec="seconds") if one.submitted else "",
                "due": one.due.isoformat(sep=" ", timespec="seconds") if one.due else "",
                "late_seconds": round(one.late),
                "excused": one.excused,
            }
        )
    made.students = grades.with_points  # nobody is left out of a table that no LMS imports
    made.content = tidy(lines)


def _canvas(grades: Grades, roster: Roster | None, rows: dict[str, Row], made: Exported) -> None:
    if roster is None:
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *grades.lessons]
        body = [["    Points Possible", "", "", "", "", *(points(grades.most[lesson]) for lesson in grades.lessons)]]
        for student in grades.with_points:
            known = grades.students.get(student, Known(student))
            name = ", ".join(filter(None, [known.last_name, known.first_name])) or student
            own = [grades.canvas(student, lesson) for lesson in grades.lessons]
            body.append([text(name), grades.numbers.get(student, ""), "", text(student), "", *own])
        made.students = grades.with_points
        unknown = [student for student in grades.with_points if student not in grades.numbers]
        if unknown:
            made.remarks.append(f"{_listed(unknown)}: Canvas finds them only if these ids are their logins; --roster with Canvas's own gradebook export is sure.")
        made.content = as_csv([head, *body])
        return
    info = [column for column, cell in enumerate(roster.header) if plain(cell) in CANVAS_INFO]
    columns = {lesson: _lms_column(lesson, grades, roster, made, set(info)) for lesson in grades.lessons}
    head = [*(roster.header[column] for column in info), *(lesson if columns[lesson] is None else roster.header[columns[lesson]] for lesson in grades.lessons)]
    body = []
    for cells in roster.others:
        possible = "points possible" in cells[0].casefold()
        line = [cells[column] for column in info]
        for lesson, column in columns.items():
            line.append(cells[column] if column is not None else points(grades.most[lesson]) if possible else "")
            if possible and column is not None and _differs(cells[column], grades.most[lesson]):
                counted = f"Canvas counts {cells[column].strip()} points, the lesson has {points(grades.most[lesson])}"
                made.remarks.append(f"{roster.header[column]}: {counted}; change one of them.")
        body.append(line)
    of_row = {row.line: student for student, row in rows.items()}
    found = {student: roster.of_student(student) for student, _ in grades.excused}
    excused = {(found[student].line, lesson) for student, lesson in grades.excused if found[student]}
    for row in roster.rows:
        line = [text(row.cells[column]) for column in info]
        for lesson, column in columns.items():
            own = grades.canvas(of_row[row.line], lesson) if row.line in of_row else EXCUSED if (row.line, lesson) in excused else ""
            line.append(own or (row.cells[column] if column is not None else ""))
        body.append(line)
    made.content = as_csv([head, *body])


def _worksheet(grades: Grades, roster: Roster, rows: dict[str, Row], made: Exported) -> None:
    if len(grades.lessons) != 1:
        raise ExportError(f"{roster.path.name} is the grading worksheet of one assignment; name the lesson that it is for.")
    lesson = grades.lessons[0]
    meant = {column: meaning for meaning, column in roster.columns.items()}
    kept = [column for column in sorted(meant) if meant[column] in WORKSHEET]
    names = [meant[column] for column in kept]
    if "graded" not in names:
        made.remarks.append("The worksheet has no column `Last modified (grade)`; Moodle refuses it without. Download the worksheet again.")
    of_row = {row.line: student for student, row in rows.items()}
    body = []
    for row in roster.rows:
        own = grades.of(of_row[row.line], lesson) if row.line in of_row else None
        cells = [_as_given(row.cells[column], name) for column, name in zip(kept, names, strict=True)]
        if own is not None:
            cells[names.index("grade")] = points(own)
        body.append(cells)
    if "maximum" in names:
        column = kept[names.index("maximum")]
        for most in sorted({row.cells[column].strip() for row in roster.rows if _differs(row.cells[column], grades.most[lesson])}):
            counted = f"Moodle's maximum grade is {most}, the lesson has {points(grades.most[lesson])} points"
            made.remarks.append(f"{counted}; change one of them: Moodle takes no grade above its maximum.")
    made.content = as_csv([[roster.header[column] for column in kept], *body])


def _moodle(grades: Grades, roster: Roster | None, rows: dict[str, Row], made: Exported) -> None:
    if roster is None:
        mails = any(known.email for known in grades.students.values())
        head = ["Username", *(["Email address"] if mails else []), *grades.lessons]
        body = []
        for student in grades.with_points:
            known = grades.students.get(student, Known(student))
            body.append([text(student), *([text(known.email)] if mails else []), *(points(grades.of(student, lesson)) for lesson in grades.lessons)])
        made.students = grades.with_points
        made.remarks.append("Moodle finds people by these ids only if they are its user names; --roster with its participants or a worksheet is sure.")
        made.content = as_csv([head, *body])
        return
    meanings = [meaning for meaning in MOODLE_PEOPLE if any(row.about.get(meaning) for row in roster.rows)]
    if not {"email", "number", "login"} & set(meanings):
        raise ExportError(f"{roster.path.name} has none of Email address, ID number and Username, by one of which Moodle finds people.")
    columns = {lesson: _lms_column(lesson, grades, roster, made, set(roster.columns.values()), quiet=True) for lesson in grades.lessons}
    called = [lesson if columns[lesson] is None else roster.header[columns[lesson]] for lesson in grades.lessons]
    head = [*(MOODLE_PEOPLE[meaning] for meaning in meanings), *called]
    body = [
        [*(text(row.about.get(meaning, "")) for meaning in meanings), *(points(grades.of(student, lesson)) for lesson in grades.lessons)]
        for student, row in rows.items()
    ]
    made.content = as_csv([head, *body])


def _lms_column(lesson: str, grades: Grades, roster: Roster, made: Exported, but: set[int], quiet: bool = False) -> int | None:
    header = ["" if column in but else cell for column, cell in enumerate(roster.header)]
    found = column_of(lesson, grades.titles.get(lesson, ""), header)
    if found is None and not quiet:
        asked = f"it gets one of its own, for which Canvas will ask. An assignment called {lesson} in Canvas is found."
        made.remarks.append(f"No column of {roster.path.name} is plainly {lesson}; {asked}")
    return found


def _as_given(cell: str, meaning: str) -> str:
    """Return a cell of the LMS's own; Moodle compares `Identifier` and times letter by letter, and they are never a student's text."""
    return cell if meaning in ("participant", "graded") else text(cell)


def _differs(cell: str, most: float) -> bool:
    try:
        return abs(float(cell.strip().replace(",", ".")) - most) > 1e-6
    except ValueError:
        return False


def _listed(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")

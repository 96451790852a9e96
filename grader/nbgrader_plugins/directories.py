"""What a converter sees of the course's directories: nbgrader copies every extra file it finds there.

`CourseDirectory.ignore` is one list for releasing, submitting, collecting and grading
(nbgrader 0.9: `converters/base.py`, `exchange/default/exchange.py`), yet each needs its
own: receipts must travel with a submission and must not with a release. So the exporter of
a converter, which nbgrader lets us choose, gives its converter one of these in place of the
course's own.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.converters import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from traitlets import observe

from .reading import Unreadable, read_bytes

TIMESTAMP = "timestamp.txt"

# Names of files and folders that running a solution leaves beside it.
LEFT_BEHIND = [
    "receipts", "checkpoints", "*.npz", "*.npy", "*.h5", "*.keras", "*.ckpt*", "*.log", "*.tmp", "scratch*",
]  # fmt: skip


class View(CourseDirectory):
    """A course directory like `original`, but for what a subclass changes."""

    def __init__(self, original: CourseDirectory, **changes):
        names = original.trait_names(config=True)
        super().__init__(parent=original.parent, config=original.config)
        for name, value in ({name: getattr(original, name) for name in names} | changes).items():
            setattr(self, name, value)
        self._original = original

    @observe("student_id", "assignment_id", "notebook_id")
    def _tell_original(self, change) -> None:
        # nbgrader's converters set these for a while and set them back, on whichever object they hold.
        if hasattr(self, "_original"):
            setattr(self._original, change.name, change.new)


class SourceDirectory(View):
    """The source directory without what running a solution left beside it."""

    def __init__(self, original: CourseDirectory, leave_behind: list[str]):
        super().__init__(original, ignore=[*original.ignore, *leave_behind])


class SubmissionDirectory(View):
    """The submitted directory as strangers left it: nbgrader itself copies nothing from it.

    Its copy would follow links and open pipes. What grading needs is taken in by `files`;
    the timestamp, which nbgrader needs beside the graded notebook, by `keep_timestamp`.
    """

    def __init__(self, original: CourseDirectory):
        super().__init__(original, ignore=["*", ".*"])

    def get_existing_timestamp(self, dest_path: str):
        """Return the time in a folder's timestamp.txt in UTC, or None if there is none that can be read."""
        text = timestamp_of(dest_path)
        return None if text is None else parse_utc(text)


def keep_timestamp(submitted: str, graded: str) -> None:
    """Copy a readable timestamp.txt, by which nbgrader sees that a newer submission has come."""
    text = timestamp_of(submitted)
    if text is not None:
        Path(graded).mkdir(parents=True, exist_ok=True)
        target = Path(graded, TIMESTAMP)
        target.unlink(missing_ok=True)
        target.write_text(text + "\n")


def look_through(converter: BaseConverter, view: type[View], *args) -> None:
    """Give `converter` the view in place of the course's directory, once."""
    if not isinstance(converter.coursedir, View):
        converter.coursedir = view(converter.coursedir, *args)


def timestamp_of(folder: str | Path) -> str | None:
    """Return what a folder's timestamp.txt says, None if there is none that can be read as a time."""
    try:
        text = read_bytes(Path(folder, TIMESTAMP), 200).decode("utf-8").strip()
        parse_utc(text)
    except (Unreadable, ValueError, OverflowError, TypeError, AttributeError):
        return None
    return text

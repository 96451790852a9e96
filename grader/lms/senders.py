"""Who a file is from, and what files of a submission are called."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE, ILIAS = "moodle", "canvas", "blackboard", "brightspace", "ilias"
GRADESCOPE, GOOGLE, GITHUB, PLAIN = "gradescope", "google-classroom", "github-classroom", "plain"
BY_LOGIN = (ILIAS, GITHUB)  # whose names are logins, and stay as they are
ATTEMPTS = (BLACKBOARD, BRIGHTSPACE)  # whose downloads hold every attempt, with its time

_NOTEBOOK = re.compile(r"\.ipynb(?: ?\(\d+\)|-\d+)?(?:\.(?:txt|json))?$", re.IGNORECASE)
_COPY = re.compile(
    r"-Copy\d*$|conflicted copy|\bconflict\b|[ _.-](?:old|backup|bak|alt|orig(?:inal)?)$| - (?:Copy|Kopie|Copie|Copia|Cópia)(?: ?\(\d+\))?$", re.IGNORECASE
)
_KEPT = re.compile(r"(?:.*[ _-])?(?:old|backups?|bak|archive)", re.IGNORECASE)
_TURN = re.compile(r"(?:-(\d{1,3})| ?\((\d{1,3})\))(?=\.|$)")


@dataclass(frozen=True)
class Sender:
    """A person, or a team, as an LMS names them. For `plain`, the name is that of a folder, a zip or the beginning of a file's name.

    also: what else the LMS says of this person: a full name, an e-mail address, a student number. members: of a team, each a Sender.
    """

    system: str
    name: str
    number: str = ""
    also: tuple[str, ...] = ()
    members: tuple[Sender, ...] = ()


@dataclass(frozen=True)
class Sent:
    """What a name says: the sender, the path within what they handed in, whether the LMS calls it late, Canvas's number of the file or the time of the attempt.

    typed: it is a text that was typed into the LMS, not a file.
    """

    sender: Sender
    path: str
    late: bool = False
    file_id: int = 0
    typed: bool = False


def is_copy(path: str) -> bool:
    """Whether a notebook's path is that of a copy kept beside it: `x-Copy1.ipynb`, `x (conflicted copy).ipynb`, `x_old.ipynb`, `backup/x.ipynb`."""
    *folders, name = path.split("/")
    return bool(_COPY.search(name.rsplit(".ipynb", 1)[0])) or any(map(is_kept, folders))


def is_kept(folder: str) -> bool:
    """Whether a folder's name says that old work is kept in it."""
    return bool(_KEPT.fullmatch(folder))


def is_notebook(name: str) -> bool:
    """Whether a file's name is a notebook's, also with what browsers add: `01_x.ipynb.txt`, `01_x.ipynb (1)`."""
    return bool(_NOTEBOOK.search(name))


def is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def turn(name: str) -> int:
    """Return the number that an LMS or a browser put behind the name of a file that came again: 1 for `x-1.ipynb` and `x (1).ipynb`."""
    numbers = [int(one or other) for one, other in _TURN.findall(name)]
    return numbers[-1] if numbers else 0


def without_turn(name: str) -> str:
    """Return the name that a file had before an LMS or a browser numbered it."""
    return _TURN.sub("", name)

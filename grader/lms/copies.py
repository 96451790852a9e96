"""Which of the notebooks of one lesson that a person handed in together counts: the finished one, never an untouched copy, never a guess."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from .archives import Refused
from .gathering import Candidate
from .senders import is_copy, turn, without_turn

ASK, NEWEST = "ask", "newest"


def one_of(together: list[Candidate], untouched: Callable[[Candidate], bool], wanted: str = ASK) -> Candidate:
    """Return the notebook that counts of those that lay in one hand-in. Raises Refused where that must be asked.

    The one that was worked on; of several the one that is no copy by its name; of files that an LMS or a browser numbered the last; else
    the one of exactly the lesson's name. wanted: "newest" takes the newest where all this leaves several.
    """
    left = [one for one in together if not untouched(one)] or together
    left = [one for one in left if not is_copy(one.item.path)] or left
    left = _last_of_each(left)
    if len(left) > 1 and (exact := [one for one in left if one.item.name == f"{one.lesson}.ipynb"]):
        outermost = min(one.item.path.count("/") for one in exact)
        left = [one for one in exact if one.item.path.count("/") == outermost]
    if len(left) > 1 and wanted != NEWEST and len({one.item.read() for one in left}) > 1:
        names = ", ".join(one.item.path for one in left)
        raise Refused(f"{len(left)} notebooks of one hand-in may be {left[0].lesson}: {names}; say --copies newest, or collect the right one with --student")
    return max(left, key=lambda one: one.order)


def _last_of_each(together: list[Candidate]) -> list[Candidate]:
    """Return of `x.ipynb`, `x-1.ipynb` and `x (2).ipynb` in one folder the last."""

    def series(one: Candidate) -> tuple[str, str]:
        return one.item.path.rpartition("/")[0], without_turn(one.item.name)

    return [max(group, key=lambda one: (turn(one.item.name), one.order)) for _, group in groupby(sorted(together, key=series), key=series)]

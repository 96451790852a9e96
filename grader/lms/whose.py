"""Whose the files are where no LMS says it: by folders, by zips, by what stands before the lesson in a file's name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .layouts import FILES, FOLDERS, ONE, _some, looks_like_a_download
from .lessons import named
from .senders import is_kept, is_notebook, is_zip

_COPY_OF = re.compile(r"(?:^|(?<=[ _-]))(copy|kopie|copie|copia|cópia)([ _-]\w{2,3})?[ _-]*$", re.IGNORECASE)  # what Colab and file managers write before a name
DEEPEST = 8  # folders that are looked at for a name
_WORDS = r"(?:draft|final|finished|done|newest|latest|try|attempt|version|submission|solution|entwurf|versuch|abgabe|l[öo]sung|brouillon|essai|borrador|intento|entrega)"
_VERSION = re.compile(rf"(?:my[ _-])?{_WORDS}[ _-]*(?:version|v)?[ _-]*\d{{0,3}}|v\d{{1,3}}|\d{{1,2}}", re.IGNORECASE)  # names of versions, not of people
_NOBODY = re.compile(rf"(?:my[ _-])?{_WORDS}[ _-]*(?:version|v)?[ _-]*\d{{0,3}}|v\d{{1,3}}", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file that no LMS marked: the zips around it within the source, the folders within the innermost, its own name."""

    zips: tuple[str, ...]
    folders: tuple[str, ...]
    name: str


@dataclass
class Way:
    """One way to tell whose files are: `of` has a name for each file, "" for nobody's."""

    layout: str
    title: str
    of: dict[File, str] = field(default_factory=dict)

    @property
    def people(self) -> list[str]:
        return sorted({name for file, name in self.of.items() if name and is_notebook(file.name)})

    def __str__(self) -> str:
        return f"as {self.title}: {_some(self.people)} (--layout {self.layout})"


def ways(files: Sequence[File], source: str, lessons: Sequence[str], wanted: str, known: Callable[[str], bool]) -> list[Way]:
    """Return every way to tell whose these files are; one where that is plain.

    source: the name of the zip that they came in, "" for a folder or single files, whose names are nobody's. wanted: the layout that was
    named. known: whether the class's list has a name; it settles what names alone leave open.
    """
    places = {file: _place(file, lessons) for file in files}
    notebooks = [file for file in files if is_notebook(file.name)]
    own = source.rsplit(".", 1)[0] if is_zip(source) else ""
    own = "" if named(own, lessons) else own
    if wanted:
        return _as_told(wanted, places, notebooks, own, lessons)
    deep = [places[file] for file in notebooks if places[file]]
    found = _by_folder(places, notebooks, own, lessons) if deep else _by_file(places, notebooks, own, lessons)
    found = _distinct(found)
    if len(found) > 1:
        listed = [way for way in found if way.people and all(map(known, way.people))]
        found = listed if len(listed) == 1 else found
    return found


def _by_folder(places: dict[File, tuple[str, ...]], notebooks: list[File], own: str, lessons: Sequence[str]) -> list[Way]:
    deepest = max(len(places[file]) for file in notebooks)
    levels = [level for level in range(1, deepest + 1) if _fits(level, places, notebooks)]
    while len(levels) > 1 and _wraps(levels[0], deepest, places, notebooks, lessons):
        levels.pop(0)
    if len(levels) > 1 and (_says_it_again(levels[0], levels[1], places, notebooks) or _own_zips(levels[0], places, notebooks, lessons)):
        levels = levels[:1]
    levels = [level for level in levels if level == levels[0] or not _mixes(level, places, notebooks, lessons)]
    found = [_level(level, places, lessons) for level in levels]
    if own and not looks_like_a_download(own) and not any(_several(level, places, notebooks, lessons) for level in range(deepest)):
        found.insert(0, Way(ONE, f"the zip of one student, {own}", dict.fromkeys(places, own)))
    return found


def _by_file(places: dict[File, tuple[str, ...]], notebooks: list[File], own: str, lessons: Sequence[str]) -> list[Way]:
    before = {file: _before_the_lesson(file.name, lessons) for file in notebooks}
    names = {name for name in before.values() if name}
    by_file = Way(FILES, "files whose names begin with the student's", {file: before.get(file, "") for file in places})
    one = Way(ONE, f"the zip of one student, {own}", dict.fromkeys(places, own))
    if not names:
        return [one] if own else [by_file]
    same = defaultdict(set)
    for file, name in before.items():
        if name:
            same[named(file.name, lessons)].add(name)
    if not own or any(len(people) > 1 for people in same.values()):
        return [by_file]
    return [one] if {_bare(name) for name in names} == {_bare(own)} else [one, by_file]


def _as_told(wanted: str, places: dict[File, tuple[str, ...]], notebooks: list[File], own: str, lessons: Sequence[str]) -> list[Way]:
    kind, _, level = wanted.partition("=")
    if kind == FOLDERS:
        return [_level(int(level or 1), places, lessons)]
    if kind == FILES:
        return [Way(FILES, "files whose names begin with the student's", {file: _before_the_lesson(file.name, lessons) for file in places})]
    return [Way(ONE, f"one student's, {own}", dict.fromkeys(places, own))]


def _level(level: int, places: dict[File, tuple[str, ...]], lessons: Sequence[str]) -> Way:
    names = {}
    for file, place in places.items():
        name = place[level - 1] if len(place) >= level else _before_the_lesson(file.name, lessons)
        names[file] = "" if _NOBODY.fullmatch(name) else name
    what = "a class with a folder or zip for each student" if level == 1 else f"a class whose students' folders are {level} deep"
    return Way(FOLDERS if level == 1 else f"{FOLDERS}={level}", what, names)


def _place(file: File, lessons: Sequence[str]) -> tuple[str, ...]:
    """Return the names around a file that may be a person's: of zips and folders, but for those called as a lesson, `receipts`, or as old work below them."""
    zips = [part[:-4] if is_zip(part) else part for part in file.zips]
    parts = [part for part in (*zips, *file.folders)[:DEEPEST] if part != "receipts" and not named(part, lessons)]
    return tuple(part for at, part in enumerate(parts) if at == 0 or not is_kept(part))


def _fits(level: int, places: dict[File, tuple[str, ...]], notebooks: list[File]) -> bool:
    """Whether all notebooks lie in folders of this level, or beside or above these."""
    above = {places[file][: level - 1] for file in notebooks if len(places[file]) >= level}
    return bool(above) and all(len(places[file]) >= level or any(place[: len(places[file])] == places[file] for place in above) for file in notebooks)


def _several(level: int, places: dict[File, tuple[str, ...]], notebooks: list[File], lessons: Sequence[str]) -> bool:
    """Whether a folder of this level holds one lesson in several folders that are not called as versions: several people's, it seems."""
    return any(len(below) > 1 for below in _below(level, places, notebooks, lessons).values())


def _below(level: int, places: dict[File, tuple[str, ...]], notebooks: list[File], lessons: Sequence[str]) -> dict[tuple, set]:
    found = defaultdict(set)
    for file in notebooks:
        place = places[file]
        if len(place) > level and not _VERSION.fullmatch(place[level]):
            found[place[:level], named(file.name, lessons) or "?"].add(place[level])
    return found


def _wraps(level: int, deepest: int, places: dict[File, tuple[str, ...]], notebooks: list[File], lessons: Sequence[str]) -> bool:
    """Whether this level is one folder around a whole class."""
    deep = [places[file] for file in notebooks if len(places[file]) >= level]
    return len({place[:level] for place in deep}) == 1 and any(_several(below, places, notebooks, lessons) for below in range(level, deepest))


def _own_zips(level: int, places: dict[File, tuple[str, ...]], notebooks: list[File], lessons: Sequence[str]) -> bool:
    """Whether the names of this level are those of zips, each with one person's work: few hold a lesson in several folders."""
    zips = {places[file][:level] for file in notebooks if len(places[file]) >= level}
    if not all(is_zip((*file.zips, *file.folders)[level - 1]) for file in notebooks if len(places[file]) >= level):
        return False
    return 2 * len({above for (above, _), names in _below(level, places, notebooks, lessons).items() if len(names) > 1}) < len(zips)


def _mixes(level: int, places: dict[File, tuple[str, ...]], notebooks: list[File], lessons: Sequence[str]) -> bool:
    """Whether one name of this level would have one lesson from several folders above it: `src` of ada and `src` of bob are not one person."""
    found = defaultdict(set)
    for file in notebooks:
        if len(places[file]) >= level:
            found[places[file][level - 1], named(file.name, lessons) or "?"].add(places[file][: level - 1])
    return any(len(above) > 1 for above in found.values())


def _says_it_again(level: int, below: int, places: dict[File, tuple[str, ...]], notebooks: list[File]) -> bool:
    """Whether all folders below bear the name of the one above: `ada/ada_work`."""
    deep = [places[file] for file in notebooks if len(places[file]) >= below]
    return bool(deep) and all(_bare(place[level - 1]) in _bare(place[below - 1]) for place in deep)


def _distinct(found: list[Way]) -> list[Way]:
    kept: list[Way] = []
    for way in found:
        same = [{file: _bare(name) for file, name in other.of.items() if is_notebook(file.name)} for other in kept]
        if {file: _bare(name) for file, name in way.of.items() if is_notebook(file.name)} not in same:
            kept.append(way)
    return kept


def _before_the_lesson(name: str, lessons: Sequence[str]) -> str:
    """Return what stands before the lesson's name in a file's name, `ada_01_x.ipynb`, unless it is a browser's `Copy of`."""
    lesson = named(name, lessons) if is_notebook(name) else ""
    before, found, _ = name.partition(lesson) if lesson else ("", "", "")
    before = _COPY_OF.sub("", before)
    person = before.strip(" _-.") if found and before[-1:] in ("_", "-") else ""
    return "" if _NOBODY.fullmatch(person) else person


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())

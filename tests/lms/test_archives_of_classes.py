"""Made-up archives of classes: every file is placed or named as left, once; nobody's work is under another's name."""

import io
import itertools
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.lms import collecting
from grader.lms.lessons import Catalogue
from grader.lms.people import slug

LESSON = "01_toy"
KEPT = {"deadline": None, "max_examples": 60, "suppress_health_check": list(HealthCheck)}
PEOPLE = ["Ada Alpha", "Bob Beta", "Zoë Ñandú", "李 小龙", "O'Brien Pat", "Eve_101", "Mary Ann von der Heide", "अनीता देवी", "x", "Jean-Luc Picard"]
# What a student may call a file: plain, numbered, or in the manner of an LMS.
FILES = [
    "01_toy.ipynb", "Copy of 01_toy.ipynb", "01_toy (1).ipynb", "x_777_assignsubmission_file_01_toy.ipynb", "x_777_9001_01_toy.ipynb", "2025_01_toy.ipynb", "3005_101_4004_01_toy.ipynb",
    "T_bob_attempt_2025-02-03-10-00-00_01_toy.ipynb", "Bob Beta - 01_toy.ipynb", "bob_01_toy.ipynb", "Bob Beta_12_assignsubmission_file_/01_toy.ipynb", "Beta_Bob_bob1_302/01_toy.ipynb",
    "submission_102/01_toy.ipynb", "1234-56789 - Bob Beta - Feb 3, 2025 905 AM/01_toy.ipynb", "01-toy-bob/01_toy.ipynb", "homework.ipynb", "sub/01_toy.ipynb",
]  # fmt: skip
BESIDE = ["receipts/a.npz", "data.csv", "notes/essay.pdf", "a.npz", "submission_metadata.yml", "index.html"]


def run_together(name):
    first, _, last = name.partition(" ")
    return "".join(letter for letter in f"{last}{first}".lower() if letter.isalnum() or letter == "_" or ord(letter) > 0x900)


# A layout: how a person's file lies in the download; the ids under which the person may be kept.
FOLDERED = {
    "moodle": lambda n, name, file: f"{name.replace('_', ' ')}_{11 + n}_assignsubmission_file_/{file}",
    "moodle, older": lambda n, name, file: f"Course-Toy-99/{name.replace('_', ' ')}_{11 + n}_assignsubmission_file/{file}",
    "brightspace": lambda n, name, file: f"{2000 + n}-56789 - {name} - Feb 3, 2025 9{n:02} AM/{file}",
    "ilias": lambda n, name, file: f"Family_Given_login{n}_{300 + n}/{file}",
    "gradescope": lambda n, name, file: f"assignment_9_export/submission_{n}/{file}",
    "github": lambda n, name, file: f"01-toy-login{n}/{file}",
    "folders": lambda n, name, file: f"{name}/{file}",
    "folders in a folder": lambda n, name, file: f"class/{name}/{file}",
    "zips": lambda n, name, file: f"{name}.zip/{file}",
}
FLAT = {
    "moodle, flat": lambda n, name, file: f"{name.replace('_', ' ')}_{11 + n}_assignsubmission_file_{file}",
    "canvas": lambda n, name, file: f"{run_together(name)}_{101 + n}_{3001 + n}{len(file):03}_{file}",
    "blackboard": lambda n, name, file: f"Toy_lesson_login_{n}_attempt_2025-02-03-10-00-{n:02}_{file}",
    "google": lambda n, name, file: f"{name.replace('_', ' ')} - {file}",
    "files": lambda n, name, file: f"{name}_{file}",
}


def ids_of(layout, n, name):
    """Every id that may be this person's; a number behind it tells two of one name apart."""
    if layout in ("ilias", "github"):
        return {f"login{n}"}
    if layout == "blackboard":
        return {slug(f"login_{n}"), slug(f"lesson_login_{n}"), str(n)}
    if layout == "canvas":
        return {slug(run_together(name))}
    from grader.lms.people import plain_id

    return {slug(name), slug(name.replace("_", " ")), plain_id(name)}


@st.composite
def classes(draw, layouts):
    """A layout, and per person the files that they handed in."""
    layout = draw(st.sampled_from(sorted(layouts)))
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=5, unique=True))
    files = {}
    for name in people:
        names = draw(st.lists(st.sampled_from(FILES), min_size=1, max_size=2, unique=True)) + draw(st.lists(st.sampled_from(BESIDE), max_size=2, unique=True))
        if layout in FLAT:
            names = [one.rsplit("/", 1)[-1] for one in names]
        files[name] = sorted(set(names))
    return layout, files, draw(st.booleans()), draw(st.booleans())


@pytest.fixture(scope="module")
def catalogue(release):
    return Catalogue({LESSON: release})


def made(layout, files, release, toys):
    """The download's files: path -> content, which says whose it is and where it lay."""
    place = (FOLDERED | FLAT)[layout]
    content = {}
    for n, (name, own) in enumerate(files.items()):
        for file in own:
            path = place(n, name, file)
            words = f"{name} wrote {path}"
            content[path] = json.dumps(toys.answered(release, {**toys.SOLVED, "why": words})).encode() if file.endswith(".ipynb") else words.encode()
    if layout == "gradescope":
        listed = "".join(f"submission_{n}:\n  :submitters:\n  - :name: {json.dumps(name)}\n    :sid: s{n}\n" for n, name in enumerate(files))
        content["assignment_9_export/submission_metadata.yml"] = listed.encode()
    return content


def packed(content):
    """A zip; what lies in `x.zip/` goes into a zip of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for key, group in itertools.groupby(sorted(content), key=lambda path: path.partition(".zip/")[0] if ".zip/" in path else path):
            paths = list(group)
            if ".zip/" in paths[0]:
                archive.writestr(f"{key}.zip", packed({path.partition(".zip/")[2]: content[path] for path in paths}))
            else:
                archive.writestr(key, content[key])
    return out.getvalue()


def unpacked(data, folder):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)


def collected(root, source, catalogue):
    return collecting.collect([source], lambda who, what: root / "submitted" / who / what, root / "submitted", root / ".grader", catalogue)


@pytest.mark.slow
@pytest.mark.parametrize("layouts", [FOLDERED, FLAT], ids=["foldered", "flat"])
def test_every_file_is_placed_or_named_once_and_under_its_own_name(layouts, catalogue, release, toy):
    @settings(**KEPT)
    @given(classes(layouts))
    def check(one):
        layout, files, as_folder, blank = one
        content = made(layout, files, release, toy)
        if blank and layout in FOLDERED and layout != "zips":
            content["README.txt"] = b"nobody wrote README.txt"
        root = Path(tempfile.mkdtemp())
        try:
            source = root / ("download" if as_folder else "download.zip")
            unpacked(packed(content), source) if as_folder else source.write_bytes(packed(content))
            found = collected(root, source, catalogue)
            _accounted(found, source, content, layout)
            _own_work(root, layout, files)
        finally:
            shutil.rmtree(root)

    check()


def _accounted(found, source, content, layout):
    named = [file for one in (*found.placed, *found.unplaced, *found.beside) for file in one.files]
    there = [f"{source.name} / {path.replace('.zip/', '.zip / ')}" for path in content]
    whole = {f"{source.name} / {path.partition('.zip/')[0]}.zip" for path in content if ".zip/" in path}  # a source that is left as a whole is named by its zips
    assert len(named) == len(set(named)), "nothing is named twice"
    assert set(there) == set(named) or (found.unplaced and not found.placed and whole and set(named) <= whole | set(there)), layout


def _own_work(root, layout, files):
    people = list(files)
    for notebook in root.glob(f"submitted/*/{LESSON}/*"):
        if notebook.is_file():
            student, text = notebook.relative_to(root / "submitted").parts[0], notebook.read_text(encoding="utf-8")
            writer = next(name for name in sorted(people, key=len, reverse=True) if f"{name} wrote " in json.loads(json.dumps(text)) or f"{name} wrote ".encode("unicode_escape").decode() in text or json.dumps(f"{name} wrote ")[1:-1] in text)
            own = ids_of(layout, people.index(writer), writer)
            ends = "-_" if layout == "files" else "-"  # there the student's own file name may follow the name
            assert any(student == one or student.startswith(tuple(one + end for end in ends)) for one in own), (layout, student, writer)


def test_a_class_with_plain_names_is_placed_whole(catalogue, release, toy):
    @settings(**{**KEPT, "max_examples": 30})
    @given(st.sampled_from(sorted(FOLDERED | FLAT)), st.lists(st.sampled_from([one for one in PEOPLE if one != "Eve_101"]), min_size=2, max_size=6, unique=True), st.sampled_from(FILES[:3]), st.booleans())
    def check(layout, people, file, as_folder):
        content = made(layout, {name: [file, "a.npz"] for name in people}, release, toy)
        root = Path(tempfile.mkdtemp())
        try:
            source = root / ("download" if as_folder else "download.zip")
            unpacked(packed(content), source) if as_folder else source.write_bytes(packed(content))
            found = collected(root, source, catalogue)
            assert len({placed.student for placed in found.placed}) == len(people), (layout, found.unplaced)
            assert layout == "files" or not found.unplaced, "there `Ada_a.npz` says no lesson"
            _own_work(root, layout, dict.fromkeys(people))
        finally:
            shutil.rmtree(root)

    check()

"""Several notebooks of one lesson in one hand-in: the one that was worked on counts, never an untouched copy, and never a guess."""

import json

import pytest

LESSON = "01_toy"
UNTOUCHED = "untouched"


@pytest.fixture
def collect(desk, pack):
    """Collect ada's folder of a class: name -> her words in it, or that it is untouched; later names were changed later."""

    def collect(names, **wishes):
        files = {f"ada/{name}": desk.release if words == UNTOUCHED else desk.answered(words) for name, words in names.items()}
        times = {path: (2025, 2, 3 + day, 10, 0, 0) for day, path in enumerate(files)}
        (desk.arrived / "class.zip").write_bytes(pack({**files, "bob/01_toy.ipynb": desk.answered("b")}, times))
        return desk.collect(desk.arrived / "class.zip", **wishes)

    return collect


def words_of(desk, student="ada"):
    return json.loads((desk.folder(student) / f"{LESSON}.ipynb").read_bytes())["cells"][-1]["source"]


@pytest.mark.parametrize(
    "names",
    [
        {"01_toy.ipynb": "done", "01_toy-Copy1.ipynb": UNTOUCHED},
        {"01_toy.ipynb": "done", "01_toy (1).ipynb": UNTOUCHED},
        {"01_toy.ipynb": "done", "01_toy - Kopie.ipynb": "half"},
        {"01_toy.ipynb": "done", "01_toy_old.ipynb": "half"},
        {"01_toy.ipynb": "done", "old/01_toy.ipynb": "half"},
        {"01_toy.ipynb": UNTOUCHED, "01_toy-Copy1.ipynb": "done"},
        {"01_toy.ipynb": "half", "01_toy (1).ipynb": "done"},
        {"01_toy.ipynb": "done", "01_toy_draft.ipynb": "half"},
        {"my 01_toy.ipynb": "done", "other 01_toy.ipynb": UNTOUCHED},
        {"my 01_toy.ipynb": "done", "other 01_toy.ipynb": "done"},
        {"01_toy.ipynb": "done", "sub/01_toy.ipynb": UNTOUCHED},
        {"01_toy.ipynb": "done", "sub/01_toy.ipynb": "half"},
    ],
    ids=str,
)
def test_what_was_worked_on_counts_then_the_exact_name(desk, collect, names):
    found = collect(names)
    assert words_of(desk) == "done" and not found.unplaced
    assert "were left" in found.placed[0].notes[0], "and the note names the others"


@pytest.mark.parametrize("names", [{"my 01_toy.ipynb": "one", "other 01_toy.ipynb": "two"}, {"a/01_toy.ipynb": "one", "b/01_toy.ipynb": "two"}], ids=["names", "folders"])
def test_else_it_is_asked_and_newest_settles_it(desk, collect, names):
    found = collect(names)
    [left] = found.unplaced
    assert not desk.folder("ada").exists() and words_of(desk, "bob") == "b"
    assert all(name in left.reason for name in names) and "say --copies newest" in left.reason and len(left.files) == 2
    assert not collect(names, copies="newest").unplaced and words_of(desk) == "two"


def test_canvas_numbers_of_files_make_no_untouched_copy_newer(desk):
    desk.collect(desk.arrive("submissions.zip", {"ada_7_2001_01_toy.ipynb": desk.answered("done"), "ada_7_2002_01_toy-Copy1.ipynb": desk.release, "bob_8_2003_01_toy.ipynb": desk.answered("b")}))
    assert words_of(desk) == "done"


def test_an_attempt_that_came_later_counts_though_it_is_untouched(desk):
    """Who hands in again means it: only copies within one hand-in are compared."""
    names = {f"T_ada_attempt_2025-02-03-{hour}-00-00_01_toy.ipynb": made for hour, made in (("10", desk.answered("done")), ("11", desk.release))}
    found = desk.collect(desk.arrive("x.zip", names | {"T_bob_attempt_2025-02-03-10-00-00_01_toy.ipynb": desk.answered("b")}))
    assert words_of(desk) == "YOUR ANSWER HERE" and "handed in 2 times" in found.placed[0].notes[0]

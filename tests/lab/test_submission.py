"""Handing in: what the zip holds, what is said of it, and which notebook is taken."""

import json
import os
import sys
import types
import zipfile
from pathlib import Path

import pytest

from grader.lab import hand_in, page, receipts

submission = sys.modules["grader.lab.submission"]
LESSON = "09_toy"


def exercise(name, source):
    return {"cell_type": "code", "source": source, "metadata": {"nbgrader": {"solution": True, "grade_id": name}}}


def notebook(*cells, lesson=LESSON):
    return {"cells": list(cells), "metadata": {"rnn_course": {"lesson": lesson}}, "nbformat": 4, "nbformat_minor": 5}


WRITTEN = exercise("largest", "def largest(items):\n    return max(items)")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(receipts, "used", set())
    return tmp_path


@pytest.fixture
def jupyter(folder, monkeypatch):
    """A kernel with a page in front of it; what it is given and what it ran can be set."""
    said = {"metadata": {"cellId": "abc"}}
    kernel = types.SimpleNamespace(get_parent=lambda channel: said)
    shell = types.SimpleNamespace(kernel=kernel, user_ns={}, said=said)
    monkeypatch.setattr(page, "_shell", lambda: shell)
    shell.history = []
    monkeypatch.setattr(submission, "_history", lambda: shell.history)
    shell.shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shell.shown.append(data))
    return shell


def save(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def receipt(folder, name, fresh=True):
    (folder / "receipts").mkdir(exist_ok=True)
    path = folder / "receipts" / f"{name}.npz"
    path.write_bytes(b"weights of " + name.encode())
    if fresh:
        receipts.used.add(path.resolve())
    return path


def test_the_zip_holds_the_notebook_and_its_receipts(folder, jupyter, capsys):
    file = save(folder / f"{LESSON}.ipynb", notebook(WRITTEN))
    receipt(folder, "walks")
    (folder / "receipts" / "link.npz").symlink_to(file)
    (folder / "receipts" / "notes.txt").write_text("not a receipt")
    for _ in range(2):  # run again it is made anew
        hand_in(LESSON)
        told = capsys.readouterr().out
        assert f"{LESSON}.zip (1 kB) is ready to hand in" in told and "as saved just now" in told
        assert "Before you hand it in" not in told
    with zipfile.ZipFile(folder / f"{LESSON}.zip") as made:
        assert made.namelist() == [f"{LESSON}.ipynb", "receipts/walks.npz"]
        assert made.read(f"{LESSON}.ipynb") == file.read_bytes()
    assert jupyter.shown[-1]["text/html"] == f'<a href="{LESSON}.zip" download>Download {LESSON}.zip</a>'
    assert sorted(path.name for path in folder.iterdir()) == [f"{LESSON}.ipynb", f"{LESSON}.zip", "receipts"]


def test_what_is_missing_is_said(folder, jupyter, capsys):
    stub = exercise("smallest", "def smallest(items):\n    # YOUR CODE HERE\n    raise NotImplementedError()")
    question = {"cell_type": "markdown", "source": ["YOUR ANSWER HERE"], "metadata": {"nbgrader": {"solution": True, "grade_id": "why"}}}
    trains = exercise("train", 'def train(model):\n    """lab.fit_once(model, name="no")"""\n    lab.fit_once(model, x, y, name="digits", epochs=2)')
    unfinished = exercise("half", "def half(:\n")
    save(folder / f"{LESSON}.ipynb", notebook(WRITTEN, stub, question, trains, unfinished))
    receipt(folder, "walks", fresh=False)
    hand_in(LESSON)
    told = capsys.readouterr().out
    assert "Not written yet: `smallest`, `why`." in told
    assert "No receipt of `digits`: run what trains it" in told
    assert "From an earlier session: `walks`." in told
    assert zipfile.is_zipfile(folder / f"{LESSON}.zip"), "and it is made all the same"


def test_an_answer_that_ran_and_was_not_saved_stops_it(folder, jupyter, capsys):
    file = save(folder / f"{LESSON}.ipynb", notebook(WRITTEN))
    jupyter.history = ["import keras", "def largest(items):\n    return items[0]", "def largest(items):\n    return sorted(items)[-1]"]
    hand_in(LESSON)
    assert capsys.readouterr().out.startswith("Nothing was made, because the file lacks what you ran last in `largest`.\nSave the notebook")
    assert not (folder / f"{LESSON}.zip").exists()
    save(file, notebook(exercise("largest", jupyter.history[-1] + "  \n")))
    hand_in(LESSON)
    assert "is ready to hand in" in capsys.readouterr().out


def test_a_second_definition_that_is_saved_too_is_no_alarm(folder, jupyter, capsys):
    scratch = {"cell_type": "code", "source": "def largest(items):\n    return 3", "metadata": {}}
    save(folder / f"{LESSON}.ipynb", notebook(WRITTEN, scratch))
    jupyter.history = [WRITTEN["source"], scratch["source"]]
    hand_in(LESSON)
    assert "is ready to hand in" in capsys.readouterr().out


@pytest.mark.parametrize("who", ["the server", "VS Code"])
def test_of_several_notebooks_the_one_that_runs_is_taken(folder, jupyter, monkeypatch, who):
    save(folder / f"{LESSON}.ipynb", notebook(WRITTEN))
    mine = save(folder / f"Copy of {LESSON}.ipynb", notebook(exercise("largest", "mine = 1")))
    if who == "VS Code":
        jupyter.user_ns["__vsc_ipynb_file__"] = str(mine)
    else:
        monkeypatch.setenv("JPY_SESSION_NAME", str(mine))
    jupyter.said["metadata"] = {}
    assert page.here(LESSON).path == mine


def test_a_renamed_notebook_is_found_in_its_folder(folder, jupyter, monkeypatch):
    (folder / "elsewhere").mkdir()
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "elsewhere" / "before.ipynb"))
    file = save(folder / "elsewhere" / "after.ipynb", notebook(WRITTEN))
    save(folder / "elsewhere" / "other.ipynb", notebook(WRITTEN, lesson="08_other"))
    (folder / "elsewhere" / "broken.ipynb").write_text("{")
    assert page.here(LESSON).path == file


def test_a_session_of_another_lesson_is_not_this_notebook(folder, jupyter, monkeypatch, capsys):
    """A kernel started from a notebook's own kernel inherits its name."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(save(folder / "08_other.ipynb", notebook(WRITTEN, lesson="08_other"))))
    hand_in(LESSON)
    assert f"No notebook of {LESSON} is in {folder}" in capsys.readouterr().out


def test_several_that_might_be_meant_are_named(folder, jupyter, capsys):
    for name in ("one", "two"):
        save(folder / f"{name}.ipynb", notebook(WRITTEN))
    hand_in(LESSON)
    assert "holds one.ipynb, two.ipynb. Move the others away" in capsys.readouterr().out


def test_a_zip_of_somebody_elses_is_left_alone(folder, jupyter, capsys):
    save(folder / f"{LESSON}.ipynb", notebook(WRITTEN))
    with zipfile.ZipFile(folder / f"{LESSON}.zip", "w") as other:
        other.writestr("thesis.txt", "precious")
    hand_in(LESSON)
    assert "was not made by this cell, so it was left alone" in capsys.readouterr().out
    assert zipfile.ZipFile(folder / f"{LESSON}.zip").namelist() == ["thesis.txt"]


def test_a_disk_that_cannot_be_written_to_is_said(folder, jupyter, capsys, monkeypatch):
    save(folder / f"{LESSON}.ipynb", notebook(WRITTEN))

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    hand_in(LESSON)
    assert "could not be written: No space left on device" in capsys.readouterr().out


def test_a_notebook_of_an_odd_shape_stops_nothing(folder, jupyter, capsys):
    save(folder / f"{LESSON}.ipynb", notebook({**WRITTEN, "metadata": {"nbgrader": ["odd"]}}))
    hand_in(LESSON)
    assert f"{LESSON}.zip could not be made (AttributeError" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["none", "without a page"])
def test_where_nobody_runs_it_nothing_is_made(folder, jupyter, monkeypatch, capsys, shell):
    """Built, validated, graded: no shell at all, or a kernel whose cells no page sent."""
    save(folder / f"{LESSON}.ipynb", notebook(WRITTEN))
    jupyter.said["metadata"] = {}
    if shell == "none":
        monkeypatch.setattr(page, "_shell", lambda: None)
    hand_in(LESSON)
    assert capsys.readouterr().out == f"In your own Jupyter or on Colab, this cell makes {LESSON}.zip.\n"
    assert os.listdir(folder) == [f"{LESSON}.ipynb"]


@pytest.fixture
def colab(folder, monkeypatch):
    """google.colab, with what it answers and what it downloaded."""
    made = types.SimpleNamespace(reply={"ipynb": notebook(WRITTEN)}, downloaded=[])
    message = types.ModuleType("google.colab._message")
    message.blocking_request = lambda kind, request, timeout_sec: made.reply
    files = types.ModuleType("google.colab.files")
    files.download = made.downloaded.append
    package = types.ModuleType("google.colab")
    package._message, package.files = message, files
    for module in (package, message, files):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return made


def test_on_colab_the_page_is_asked_for_and_the_zip_downloaded(folder, colab, capsys):
    receipt(folder, "walks")
    hand_in(LESSON)
    assert colab.downloaded == [str(folder / f"{LESSON}.zip")]
    with zipfile.ZipFile(folder / f"{LESSON}.zip") as made:
        assert made.namelist() == [f"{LESSON}.ipynb", "receipts/walks.npz"]
        assert json.loads(made.read(f"{LESSON}.ipynb")) == notebook(WRITTEN)
    assert "is ready to hand in" in capsys.readouterr().out


@pytest.mark.parametrize("reply", [None, {}, {"ipynb": "text"}, {"ipynb": {"cells": [1]}}])
def test_a_colab_that_does_not_answer_is_said_with_the_way_out(folder, colab, capsys, reply):
    colab.reply = reply
    hand_in(LESSON)
    assert "File → Download → Download .ipynb" in capsys.readouterr().out
    assert colab.downloaded == [] and not list(folder.iterdir())


def test_a_download_that_fails_says_where_the_zip_is(folder, colab, capsys, monkeypatch):
    def refuse(path):
        raise RuntimeError

    monkeypatch.setattr(sys.modules["google.colab.files"], "download", refuse)
    hand_in(LESSON)
    assert f"download {LESSON}.zip from there" in capsys.readouterr().out

"""A trial of the lessons on another machine: packed, trained there, graded here. There is here: the same machine, its CPU, and no network is needed."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # tools are run from the repository, never installed

from tools.gpu_trial import grade, pack  # noqa: E402

from grader.authoring import lesson as lessons  # noqa: E402
from grader.engine import Isolation  # noqa: E402


@pytest.mark.slow
def test_a_trial_from_end_to_end(tmp_path):
    assert pack.pack(tmp_path / "trial", ["02"], python=None) == ["02_recurrent_layers"]
    subprocess.run([sys.executable, "-I", tmp_path / "trial" / "run.py", tmp_path / "out"], check=True, timeout=600)
    trial, receipts = grade.unpack(tmp_path / "out" / "trial.zip")
    found = trial["lessons"]["02_recurrent_layers"]
    assert not any(found["tests"].values()) and [one["name"] for one in found["trained"]] == ["pen-digits"] and len(found["measured"]) == 2
    [row] = grade.grade(trial, receipts, Isolation("none"))
    assert row["restored"] and row["points"] == row["max_points"] == 3
    text = grade.table(trial, [row], "a machine")
    assert "| 02_recurrent_layers | pen-digits | CPU |" in text and "3 of 3 |" in text and "failed" not in text


@pytest.mark.slow
def test_every_lesson_with_a_training_exercise_is_packed():
    trains = {path.stem: pack.training(lessons.read(path)) for path in lessons.discover(ROOT)}
    assert {name[:2]: len(exercises) for name, exercises in trains.items()} == {"00": 0} | {f"0{number}": 1 for number in range(1, 10)}
    lesson = lessons.read(lessons.discover(ROOT, ["05"])[0])
    kept = pack.cells(lesson)
    assert {"tagger", "tagger-test", "tagger-hidden"} <= {cell["id"] for cell in kept} and not any("plot" == cell["role"] for cell in kept)


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(FileExistsError, match="name another"):
        pack.pack(tmp_path, ["02"], python=None)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_only_files_of_their_place_are_taken_from_a_trial(tmp_path):
    with zipfile.ZipFile(tmp_path / "trial.zip", "w") as archive:
        archive.writestr("trial.json", json.dumps({"lessons": {}}))
        for name in ("../up.npz", "02_recurrent_layers/receipts/../../up.npz", "/etc/up.npz", "02_recurrent_layers/receipts/good.npz"):
            archive.writestr(name, b"content")
    trial, receipts = grade.unpack(tmp_path / "trial.zip")
    assert receipts == {"02_recurrent_layers": {"good.npz": b"content"}} and list(grade.grade(trial, receipts)) == []


@pytest.mark.parametrize("content", [b"", b"no archive", "no json", "no lessons", "bomb"], ids=["empty", "text", "no json", "no lessons", "a bomb"])
def test_what_is_no_trial_is_said(tmp_path, content):
    path = tmp_path / "trial.zip"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("trial.json" if content != "no json" else "other", "[]")
            if content == "bomb":
                archive.writestr("a/receipts/b.npz", bytes(65 * 2**20))
    with pytest.raises(ValueError, match="is no trial"):
        grade.unpack(path)

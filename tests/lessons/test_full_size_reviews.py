"""The switch FULL_SIZE of lesson 05 trains the model that it names, whatever reviews it is given."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader import lab
from grader.authoring.lesson import read

LESSON = Path(__file__).parents[2] / "lessons" / "05_bidirectional_rnns" / "05_bidirectional_rnns.py"


def full_size_cell() -> str:
    (cell,) = [cell.source for cell in read(LESSON).notebook.cells if cell.source.startswith("FULL_SIZE = False")]
    return cell


def run(source: str) -> None:
    names = {"keras": keras, "np": np, "layers": layers, "lab": lab, "check": check}
    exec(source, names)


def test_it_is_off_as_released(capsys):
    run(full_size_cell())
    assert "Skipped" in capsys.readouterr().out


@pytest.mark.slow
def test_switched_on_it_trains_both_models_on_the_reviews(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts, labels = ["a fine film", "a dull film"] * 8, np.array([1, 0] * 8)
    monkeypatch.setattr(lab.data, "movie_reviews", lambda: ((texts, labels), (texts[:4], labels[:4])))
    run(full_size_cell().replace("FULL_SIZE = False", "FULL_SIZE = True"))
    said = capsys.readouterr().out
    assert "BiLSTM: 598,209 weights" in said
    assert "average: 528,065 weights" in said


def test_switched_on_without_a_network_it_is_skipped(capsys, monkeypatch):
    monkeypatch.setattr(lab.data, "movie_reviews", lambda: None)
    run(full_size_cell().replace("FULL_SIZE = False", "FULL_SIZE = True"))
    assert "Skipped" in capsys.readouterr().out

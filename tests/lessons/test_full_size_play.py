"""The switch FULL_SIZE of lesson 07 trains and measures the larger writer, whatever text it is given."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from grader import lab
from grader.authoring.lesson import read

LESSON = Path(__file__).parents[2] / "lessons" / "07_text_generation" / "07_text_generation.py"


@pytest.fixture(scope="module")
def run():
    """Run the cell of the switch as `run(find, replace)`, with the cells before it that it needs."""
    sources = [cell.source for cell in read(LESSON).notebook.cells if cell.cell_type == "code"]

    def cell(start: str) -> str:
        (source,) = [source for source in sources if source.startswith(start)]
        return source

    names = {"keras": keras, "np": np, "layers": layers, "lab": lab}
    for start in ("UNITS = ", "encode = lab.data.encode", "def character_model("):
        exec(cell(start), names)

    def run(find: str = "", replace: str = "") -> None:
        source = cell("FULL_SIZE = False")
        assert find in source
        exec(source.replace(find, replace), names)

    return run


def test_it_is_off_as_released(run, capsys):
    run()
    assert "skipped" in capsys.readouterr().out


@pytest.mark.slow
def test_switched_on_it_measures_bits_per_character(run, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lab.data, "tiny_shakespeare", lambda: "To be, or not to be: that is the question.\n" * 60)
    run("FULL_SIZE = False", "FULL_SIZE = True")
    said = capsys.readouterr().out
    assert "bits per character on the last tenth" in said
    assert "skipped" not in said


def test_switched_on_without_a_network_it_is_skipped(run, capsys, monkeypatch):
    monkeypatch.setattr(lab.data, "tiny_shakespeare", lambda: None)
    run("FULL_SIZE = False", "FULL_SIZE = True")
    assert "skipped" in capsys.readouterr().out

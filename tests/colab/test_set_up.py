"""The set-up cell on a machine like Colab's: what it installs, what it leaves alone, and what it says when something fails."""

import re

import nbformat
import pytest
from machine import KERAS, URL

from grader.authoring.setup_cell import setup_cell

pytestmark = pytest.mark.slow

ON_COLAB = "import google.colab"


@pytest.fixture(scope="session")
def cell(bundle):
    """The set-up cell of the released lesson 00."""
    notebook = nbformat.read(bundle / "notebooks/00_start_here/00_start_here.ipynb", 4)
    [found] = [cell.source for cell in notebook.cells if cell.metadata.get("rnn_course", {}).get("role") == "setup"]
    return found


def error(done) -> str:
    """The last line that a student reads."""
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_it_installs_once_what_colab_lacks_and_leaves_tensorflow_alone(colab, cell):
    first = colab.set_up(cell, ON_COLAB)
    assert first.returncode == 0, first.stderr
    assert re.match(r"Installed keras 3\.1[45]\S* beside Colab's TensorFlow 2\.\S+ in \d+ s\.\n", first.stdout) and first.stdout.endswith("ready\n")
    [call] = colab.installed()
    assert not any("tensorflow" in word for word in call["arguments"]), "TensorFlow is not asked for,"
    assert [line.split("==")[0] for line in call["constraints"]] == ["tensorflow", "numpy"], "and may not be replaced"
    second = colab.set_up(cell, ON_COLAB)
    assert second.returncode == 0 and "Installed" not in second.stdout
    assert len(colab.installed()) == 1


def test_run_twice_in_one_session(colab, cell):
    done = colab.set_up(cell + "\n" + cell, ON_COLAB)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ready") == 2 and done.stdout.count("Installed") == 1


def test_elsewhere_it_does_nothing_of_the_kind(colab, cell):
    for source in (cell, setup_cell("00_start_here")):
        done = colab.set_up(source)
        assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr
    assert not list(colab.home.iterdir()) and not colab.installed()


def test_what_an_interrupted_fetch_left_is_no_obstacle(colab, cell):
    (colab.home / "rnn-course" / ".git").mkdir(parents=True)
    (colab.home / "rnn-course" / "grader").mkdir()  # half of what a clone writes, in its order
    assert colab.set_up(cell, ON_COLAB).returncode == 0
    assert [path.name for path in colab.home.iterdir() if not path.name.startswith(".")] == ["rnn-course"]


def test_a_repository_out_of_reach_is_one_sentence(colab, cell, tmp_path):
    there = colab.environment["GIT_CONFIG_KEY_0"]
    colab.environment["GIT_CONFIG_KEY_0"] = f"url.file://{tmp_path}/nowhere.insteadOf"
    assert error(colab.set_up(cell, ON_COLAB)) == f"AssertionError: The course could not be fetched from {URL}: wait a minute, run this cell again."
    assert not (colab.home / "rnn-course").exists()
    colab.environment["GIT_CONFIG_KEY_0"] = there
    assert colab.set_up(cell, ON_COLAB).returncode == 0, "and run again it works"


def test_a_package_out_of_reach_is_one_sentence(colab, cell):
    colab.environment["PIP_STAND_IN_FAILS"] = "1"
    said = error(colab.set_up(cell, ON_COLAB))
    assert said.startswith("RuntimeError: keras>=3.14,<3.16 could not be installed: run this cell again in a minute.")
    assert said.endswith("(ERROR: No matching distribution found for keras)")
    del colab.environment["PIP_STAND_IN_FAILS"]
    assert colab.set_up(cell, ON_COLAB).returncode == 0


def test_a_keras_in_use_asks_for_a_restart_and_no_more_after_it(colab, cell):
    in_use = f"{ON_COLAB}; sys.modules['keras'] = types.SimpleNamespace(__version__='{KERAS}')"
    for _ in range(2):  # also where the restart was forgotten
        said = error(colab.set_up(cell, in_use))
        assert "Keras was already in use" in said and "Runtime → Restart session" in said
    assert colab.set_up(cell, ON_COLAB).returncode == 0
    assert len(colab.installed()) == 1


def test_without_drive_the_lesson_goes_on(colab, cell):
    del colab.environment["COLAB_DRIVE"]
    done = colab.set_up(cell.replace("KEEP_ON_DRIVE = False", "KEEP_ON_DRIVE = True"), ON_COLAB)
    assert done.returncode == 0 and done.stdout.endswith("ready\n")
    assert "Google Drive cannot be used, so what you train stays on this machine: mount failed" in done.stdout


def test_drive_is_never_asked_for_unless_wished(colab, cell):
    assert colab.set_up(cell, ON_COLAB).returncode == 0
    assert not list(colab.drive.iterdir()) and not (colab.content / "drive").exists()


def test_receipts_go_to_drive_and_come_back(colab, cell):
    ticked = cell.replace("KEEP_ON_DRIVE = False", "KEEP_ON_DRIVE = True")
    (colab.content / "receipts").mkdir()
    (colab.content / "receipts" / "walks.npz").write_bytes(b"trained before the tick")
    assert "came back from there: 0." in colab.set_up(ticked, ON_COLAB).stdout
    kept = colab.drive / "MyDrive" / "rnn-course" / "00_start_here" / "receipts"
    assert (kept / "walks.npz").read_bytes() == b"trained before the tick"
    colab.lose()
    assert "came back from there: 1." in colab.set_up(ticked, ON_COLAB).stdout
    assert (colab.content / "receipts" / "walks.npz").read_bytes() == b"trained before the tick"
    assert sorted(path.name for path in kept.iterdir()) == ["walks.npz"]

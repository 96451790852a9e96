"""From badge to submission zip: lesson 00 as a student meets it on Colab, whole, in a kernel."""

import os
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
from machine import REPOSITORY, answered, printed

from grader.authoring.build import solution_path
from grader.nbgrader_plugins import repair

ANSWERS = {"batch-shape": "def batch_shape(days, hours, doors):\n    return days, hours, doors"}
LESSON = "00_start_here"


@pytest.fixture
def opened(source):
    """Press the badge in the repository's README: what Colab opens."""

    def open_again():
        readme = _show(source, "README.md")
        [address] = set(re.findall(rf"\(https://colab\.research\.google\.com/github/{REPOSITORY}/blob/main/([^)]*{LESSON}\.ipynb)\)", readme))  # the front shows a lesson, and the table all
        return nbformat.reads(_show(source, address), 4)

    return open_again


def _show(source, path):
    return subprocess.run(["git", "show", f"main:{path}"], cwd=source, capture_output=True, text=True, check=True).stdout


def by_role(notebook, role):
    return next(cell for cell in notebook.cells if cell.metadata.get("rnn_course", {}).get("role") == role)


@pytest.mark.slow
def test_from_badge_to_zip_and_on_after_a_disconnect(colab, opened, pytestconfig):
    badge = opened().cells[0].source
    assert "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]" in badge and "colab-badge -->" not in badge
    page = answered(opened(), ANSWERS, keep_on_drive=True)
    page.cells.append(nbformat.v4.new_code_cell("import grader\nprint(grader.__file__)"))
    colab.run(page)
    assert printed(page.cells[-1]).startswith(str(colab.home)), "the course that runs is the fetched one"
    assert re.search(r"Installed keras 3\..* in \d+ s\.", printed(by_role(page, "setup")))
    assert any("Receipt written to receipts/walks.npz." in printed(cell) for cell in page.cells)
    told = printed(page.cells[-2])
    assert f"{LESSON}.zip" in told and "is ready to hand in" in told and "Before you hand it in" not in told

    with zipfile.ZipFile(colab.downloads / f"{LESSON}.zip") as handed_in:
        assert handed_in.namelist() == [f"{LESSON}.ipynb", "receipts/walks.npz"]
        submitted = nbformat.reads(handed_in.read(f"{LESSON}.ipynb").decode(), 4)
    solution = nbformat.read(solution_path(pytestconfig.rootpath, LESSON), 4)
    graded, notes = repair(solution, submitted)
    assert notes == [], "a notebook from Colab needs no repair, although its set-up cell was filled in and ticked"
    assert ANSWERS["batch-shape"] in [cell.source for cell in graded.cells]

    colab.lose()
    again = answered(opened(), ANSWERS, keep_on_drive=True)
    again.cells.insert(0, nbformat.from_dict(by_role(again, "setup")))  # and run twice
    colab.run(again)
    assert any("Restored from receipts/walks.npz" in printed(cell) for cell in again.cells), "what was trained came back from Drive"
    assert "is ready to hand in" in printed(again.cells[-1])
    assert len(colab.installed()) == 1


@pytest.mark.slow
def test_nbgraders_validate_works_in_what_students_get(bundle, tmp_path):
    """As the Validate button runs it, and the last cell makes nothing and does not fail."""
    course = shutil.copytree(bundle, tmp_path / "course")
    path = course / "notebooks" / LESSON / f"{LESSON}.ipynb"
    code = (
        "import sys; sys.path.insert(0, '')\n"
        "from nbgrader.apps import NbGrader\nfrom nbgrader.validator import Validator\n"
        "app = NbGrader(); app.load_config_file(); assert app.config.Execute.timeout == 600\n"
        "print(Validator(config=app.config).validate(sys.argv[1]))"
    )
    environment = {"PYTHONPATH": str(course), "TF_CPP_MIN_LOG_LEVEL": "3"}
    nbformat.write(answered(nbformat.read(path, 4), ANSWERS), path)
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=course, env={**os.environ, **environment}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "{}\n"), done.stdout + done.stderr
    assert not list(course.rglob("*.zip"))

"""CONTRIBUTING's table of small changes, followed literally in a copy of the course: each ends with everything fresh."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSON = "00_start_here"


def table() -> dict[str, list[str]]:
    """What is changed → the commands that its row names."""
    text = (ROOT / "CONTRIBUTING.md").read_text().split("## A small change, step by step")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: re.findall(r"`(grader [^`]+)`", row[2]) for row in rows[1:]}


A_WRONG_ANSWER = '''

# %% exercise="batch-shape" wrong="everything in one number" points=0 says="Fewer things are returned"
def batch_shape(days, hours, doors):
    return (days * hours * doors,)
'''
CHANGES = {
    "a sentence": (f"{LESSON}.py", lambda text: text.replace("Nine lessons follow this page.", "Nine lessons come after this page.")),
    "the hint of a check, visible or hidden": (f"{LESSON}.py", lambda text: re.sub(r'("[A-Z][^"\n]{20,}?)\."(?=:)', r'\1, you see."', text, count=1)),
    "what a hidden test tries": (f"{LESSON}.py", lambda text: re.sub(r"(hidden=\[\()\d+", r"\g<1>5", text, count=1)),
    "add a wrong answer, or a right one": ("variants.py", lambda text: text + A_WRONG_ANSWER),
}
LAST = "at the end, always"


def test_every_row_is_followed():
    assert table().keys() == {*CHANGES, LAST}
    assert all(table().values())


@pytest.fixture
def course(tmp_path):
    for name in ("lessons", "solutions", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=lambda folder, names: [one for one in names if re.match(r"\d\d_", one) and not one.startswith(LESSON)])
    for name in ("README.md", "nbgrader_config.py"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "data").symlink_to(ROOT / "data")
    run(tmp_path, "grader course --write")  # of this lesson alone
    return tmp_path


def run(root: Path, line: str) -> str:
    """Run a command of the table, with a lesson and an exercise for its placeholders."""
    words = line.replace("NN", LESSON[:2]).replace("EXERCISE", "batch-shape").split()[1:]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RNN_COURSE")}
    done = subprocess.run([sys.executable, "-m", "grader", *words], cwd=root, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_small_change_ends_fresh(course, change):
    name, edit = CHANGES[change]
    path = course / "lessons" / LESSON / name
    before = path.read_text()
    path.write_text(edit(before))
    assert path.read_text() != before
    said = "".join(run(course, line) for line in table()[change])
    assert "running every cell" not in said, "the whole lesson was executed for a small change"
    for line in table()[LAST]:
        run(course, line)


@pytest.mark.slow
def test_what_was_forgotten_is_said(course):
    """The last two commands are red as long as a step is missing."""
    path = course / "lessons" / LESSON / f"{LESSON}.py"
    path.write_text(CHANGES["a sentence"][1](path.read_text()))
    with pytest.raises(AssertionError, match="older than its source"):
        run(course, "grader build --check")
    variants = path.with_name("variants.py")
    variants.write_text(variants.read_text() + A_WRONG_ANSWER)
    with pytest.raises(AssertionError, match="Run: grader course --write"):
        run(course, "grader course --check")

"""What the documents promise exists: commands, checks, files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader import checks as check
from grader.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(document: Path, program: str) -> list[str]:
    """What follows `program` in the document's code, in blocks and in lines, without comments."""
    return re.findall(rf"(?:^|`){program} ([^`#\n]+?)(?=`|\s*#|$)", document.read_text(), re.MULTILINE)


def test_commands_are_found():
    assert {"doctor", "autograde 01", "build --check"} <= set(commands(ROOT / "README.md", "grader"))
    assert "benchmarks/isolation.py" in commands(ROOT / "README.md", "python")


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_grader_command_and_its_options_exist(document):
    for line in commands(document, "grader"):
        command, *words = line.split()
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0, line
        for option in (word for word in words if word.startswith("--")):
            assert option in shown.output, line


@pytest.mark.slow
def test_every_program_begins():
    """Each asks Python for help only: what they do has tests of its own, or takes long."""
    programs = {line for document in DOCUMENTS for line in commands(document, "python")}
    assert len(programs) >= 2
    for program in programs:
        done = subprocess.run([sys.executable, *program.split(), "--help"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "usage:" in done.stdout.lower(), f"{program} did not help, and began its work"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_and_link_exists(document):
    text = document.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)) <= targets
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (document.parent / link).exists(), link


def test_every_check_is_documented_and_every_documented_check_exists():
    documented = set(re.findall(r"^\| `check\.(\w+)", (ROOT / "docs" / "AUTHORING.md").read_text(), re.MULTILINE))
    assert documented == set(check.__all__) - {"CheckFailed"}

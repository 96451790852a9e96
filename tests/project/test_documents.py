"""What the documents promise exists: commands, checks, files."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader import checks as check
from grader.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "AUTHORING.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_grader_command_and_its_options_exist(document):
    lines = re.findall(r"^grader (.+?)(?:\s+#.*)?$", document.read_text(), re.MULTILINE)
    assert lines
    for line in lines:
        command, *words = line.split()
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0, line
        for option in (word for word in words if word.startswith("--")):
            assert option in shown.output, line


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

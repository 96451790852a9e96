"""The front of the house: what a stranger reads first, what GitHub reads, and one version wherever it stands."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from grader.cli import app

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = [path for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]


def test_one_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == VERSION
    assert {"cff-version", "message", "title", "authors", "license"} <= citation.keys()
    released = re.findall(r"(?m)^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text())
    assert released[0] == VERSION
    section = (ROOT / "CHANGELOG.md").read_text().split(f"## {VERSION}")[1].split("\n## ")[0]
    assert "promises" in section and "student" in section and "gradebook.db" in section


def runs(path: Path) -> list[str]:
    jobs = yaml.safe_load(path.read_text())["jobs"]
    return [line.strip() for job in jobs.values() for step in job["steps"] for line in step.get("run", "").splitlines()]


def test_workflows_do_what_ci_does_and_check_the_release_and_the_book():
    lines = [line for path in WORKFLOWS for line in runs(path)]
    assert "bash .ci/run" in lines
    for wanted in ("build --check", "course --check", "release --repository", "book --repository"):
        assert any(line.startswith(f"python -m grader {wanted}") for line in lines), wanted


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_of_a_workflow_exists(path):
    told = yaml.safe_load(path.read_text())
    assert told["permissions"] == {"contents": "read"}, "a job asks for more where it needs it"
    for line in runs(path):
        if line.startswith("python -m grader"):
            command, *words = line.split()[3:]
            shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
            assert shown.exit_code == 0 and all(word in shown.output for word in words if word.startswith("--")), line


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_issue_forms_are_whole(path):
    form = yaml.safe_load(path.read_text())
    assert form["name"] and form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["type"] in ("input", "textarea", "dropdown", "checkboxes") and field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields) and any(field.get("validations", {}).get("required") for field in fields)


def test_the_form_knows_every_lesson():
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "lesson.yml").read_text())
    options = next(field["attributes"]["options"] for field in form["body"] if field.get("id") == "lesson")
    assert options == sorted(path.name for path in (ROOT / "lessons").iterdir() if path.is_dir())


def test_readme_says_first_for_whom_it_is_and_where_to_try_it():
    opening = (ROOT / "README.md").read_text().split("<!-- the course")[0]
    for words in ("**For** those who know", "trained a first Keras model", "**Try one**", "holds the answers", "CPU is enough"):
        assert words in opening, words


def test_commands_of_the_first_pages_are_found_and_read_without_scrolling():
    """A newcomer's shell knows no `grader` after `make install`; and a line that is cut off says half of what it does."""
    for name in ("README.md", "CONTRIBUTING.md", "docs/INSTRUCTOR.md"):
        text = (ROOT / name).read_text()
        blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
        first = next(place for place, block in enumerate(blocks) if re.search(r"^(grader|nbgrader|jupyter) ", block, re.MULTILINE)) if name != "CONTRIBUTING.md" else 0
        assert ". .venv/bin/activate" in "".join(blocks[: first + 1]), name
        assert [line for block in blocks for line in block.splitlines() if len(line) > 96] == [], name


def test_how_long_a_lesson_takes_is_what_the_lessons_say():
    texts = [path.read_text() for path in sorted((ROOT / "lessons").glob("0[1-9]_*/0*.py")) if path.stem == path.parent.name]
    minutes = [int(re.search(r"[Aa]bout (\d+) minutes", text)[1]) for text in texts]
    assert len(minutes) == 9 and all(90 <= one <= 130 for one in minutes)
    for page in ("README.md", "grader/book/templates/index.md.j2"):
        assert "A lesson takes about two hours" in (ROOT / page).read_text()


def test_lab_installs_what_students_need_and_no_more(tmp_path):
    def would_run(*made):
        for name in made:
            (tmp_path / name).touch()
        return subprocess.run(["make", "--dry-run", f"VENV={tmp_path}", "lab"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    told = would_run()
    assert f"tools/install.sh {tmp_path} jupyter" in told and f"{tmp_path} dev" not in told
    assert "install.sh" not in would_run(".installed"), "whoever has everything keeps it"


def test_an_intel_mac_is_told_before_pip_is_asked(tmp_path):
    uname = tmp_path / "uname"
    uname.write_text('#!/bin/sh\ncase "$1" in -s) echo Darwin ;; -m) echo x86_64 ;; *) echo Darwin ;; esac\n')
    uname.chmod(0o755)
    done = subprocess.run(
        ["bash", "tools/install.sh", str(tmp_path / "venv"), "jupyter"], cwd=ROOT, capture_output=True, text=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}
    )
    assert done.returncode == 1 and "no wheel for Macs with an Intel processor" in done.stderr and "Colab" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_a_student_reads_how_to_work_at_home():
    text = (ROOT / "grader" / "authoring" / "student" / "at_home.md.j2").read_text()
    for words in ("Intel", "```powershell", "WSL", "| Colab |", "| JupyterLab |", "| VS Code |", "conda env create"):
        assert words in text, words


def test_nothing_that_a_student_runs_is_of_one_system():
    """Neither modules nor paths that only Linux has, in what the students' course is made of."""
    for place in ("checks", "lab", "colab.py", "hardware.py", "quiet.py", "sooner.py"):
        path = ROOT / "grader" / place
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            assert not re.search(r"(?m)^\s*(?:import|from) (?:fcntl|resource|pwd|grp|termios)\b|os\.(?:fork|getuid|geteuid|uname)\(", module.read_text()), module

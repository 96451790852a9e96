"""docs/INSTRUCTOR.md: every command of its session runs, in order, and prints what the page shows."""

import csv
import re

import pytest

from .instructor import BLOCK, PAGE, make_course, run


def plain(said: str) -> str:
    """What is printed, without what differs from run to run: numbers, times, the widths that follow from them."""
    return re.sub(r"\s+", " ", re.sub(r"\d+(\.\d+)?", "0", said))


@pytest.mark.slow
def test_the_session_runs_as_it_is_shown(tmp_path):
    make_course(tmp_path)
    blocks = [(block["command"], block["said"]) for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    assert [command.split()[1] for command, _ in blocks] == ["collect", "autograde", "report", "autograde", "export", "export"]
    for command, shown in blocks:
        code, said = run(tmp_path, command)
        assert plain(said) == plain(shown), command
        assert code == (1 if command.startswith("grader collect") else 0)  # one notebook is missing
    with open(tmp_path / "exports" / "moodle.csv", newline="", encoding="utf-8-sig") as file:
        grades = {row["Full name"]: row["Grade"] for row in csv.DictReader(file)}
    assert [float(grades[name] or -1) for name in ("Student Five", "Student Six", "Student Seven", "Student Eight")] == [1, 0, 0, -1]

"""The session of docs/INSTRUCTOR.md: a class of four hands in lesson 00 through Moodle, and each command of the page runs.

    python -m tests.project.instructor      # write what the commands print into the page
"""

import copy
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "INSTRUCTOR.md"
LESSON = "00_start_here"
CLASS = {  # made up: name -> number in the download, address, answer
    "Student Five": (50105, "five@example.org", "    return (days, hours, doors)"),
    "Student Six": (50106, "six@example.org", "    return (hours, days, doors)"),
    "Student Seven": (50107, "seven@example.org", "    return days * hours * doors"),
    "Student Eight": (50108, "eight@example.org", None),
}
COLUMNS = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments"
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]*)\n(?P<said>.*?)\n?```", re.DOTALL)


def make_course(root: Path) -> None:
    """A course's folder with lesson 00, and beside it what Moodle gives: download.zip and worksheet.csv."""
    for folder in ("lessons", "solutions", "notebooks"):
        shutil.copytree(ROOT / folder / LESSON, root / folder / LESSON, ignore=shutil.ignore_patterns("receipts", ".*"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    release = nbformat.read(ROOT / "notebooks" / LESSON / f"{LESSON}.ipynb", 4)
    lines = [COLUMNS]
    with zipfile.ZipFile(root / "download.zip", "w") as download:
        for name, (number, address, answer) in CLASS.items():
            lines.append(f'Participant {number},{name},{address},Submitted for grading,,1.00,Yes,"Monday, 2 February 2026, 10:15 AM",-,')
            folder = f"{name}_{number}_assignsubmission_file_"
            if answer is None:
                download.writestr(f"{folder}/notes.txt", "I could not save it.")
                continue
            notebook = copy.deepcopy(release)
            cell = next(cell for cell in notebook.cells if "NotImplementedError" in cell.source and cell.cell_type == "code")
            cell.source = re.sub(r" *# YOUR CODE HERE\n *raise NotImplementedError\(\)", answer, cell.source)
            download.writestr(f"{folder}/Copy of {LESSON}.ipynb", json.dumps(notebook))
    (root / "worksheet.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def run(root: Path, command: str) -> tuple[int, str]:
    """Run a line of the page in the course's folder; return its exit code and what it prints, 100 columns wide."""
    program, *words = shlex.split(command)
    assert program == "grader", command
    around = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_GRADEBOOK")}
    around |= {"COLUMNS": "100", "RNN_COURSE_DATA": str(ROOT / "data"), "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-m", "grader", *words], cwd=root, env=around, capture_output=True, text=True)
    said = done.stdout + re.sub(r"(?m)^.*\d+ of \d+, after \d+ s\n", "", done.stderr)  # how far it is, which slow machines say and fast ones need not
    return done.returncode, re.sub(r"[ \t]+$", "", said.replace(str(root) + "/", ""), flags=re.MULTILINE).strip()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        make_course(Path(folder))
        page = PAGE.read_text(encoding="utf-8")
        for block in list(BLOCK.finditer(page)):
            code, said = run(Path(folder), block["command"])
            print(f"$ {block['command']}   ({code})\n{said}\n")
            page = page.replace(block[0], f"```console\n$ {block['command']}\n{said}\n```", 1)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()

"""A term: a class of six from an LMS's zip to marks and a zip of feedback, by the commands of docs/INSTRUCTOR.md; then a regrade that changes only what it must."""

import copy
import csv
import io
import json
import re
import shutil
import zipfile

import nbformat
import pytest
from markupsafe import escape
from nbgrader.api import Gradebook

from .instructor import BLOCK, PAGE, ROOT, run

LESSON = "00_toy"
SOURCE = '''
# %% [markdown]
# # A toy

# %% given="numbers"
values = [3, 1, 2]

# %% exercise="largest"
def largest(items):
    """The largest of a list."""
    ### BEGIN SOLUTION
    best_secret_way = max(items)
    return best_secret_way
    ### END SOLUTION

# %% test="largest" points=8
assert largest(values) == 3, "largest of 3, 1, 2"

# %% test="largest" points=6 hidden=true
assert largest([7, 9, 8]) == 8, "a hidden list"

# %% exercise="least"
def least(items):
    """The least of a list."""
    ### BEGIN SOLUTION
    return min(items)
    ### END SOLUTION

# %% test="least" points=4
assert least(values) == 1, "least of 3, 1, 2"

# %% [markdown] question="why" points=2
# Why?
#
# ### BEGIN SOLUTION
# Because the hidden model answer says so.
# ### END SOLUTION

# %% setup=true
'''
FAULT, MENDED = "largest([7, 9, 8]) == 8", "largest([7, 9, 8]) == 9"
FIRST = "def largest(items):\n    return items[0]"
MAX = "def largest(items):\n    return max(items)"
LAST_BUT = "def largest(items):\n    return 8 if items[0] == 7 else 3"  # which the faulty test took for right
LEAST = "def least(items):\n    return min(items)"
CLASS = {  # name -> answers, points before the hidden test was mended, and after, with 1.5 for the written answer
    "Ada Lovelace": ((MAX, LEAST), 13.5, 19.5),
    "Blaise Pascal": ((MAX, "def least(items):\n    return items[0]"), 9.5, 15.5),
    "李 小龙": ((FIRST, LEAST), 13.5, 13.5),
    "Grace Hopper": ((LAST_BUT, LEAST), 19.5, 13.5),
    "Mary Ann O'Neil": ((FIRST, "def least(items):\n    return 1"), 13.5, 13.5),
    "Zoë Ångström": (("def largest(items):\n    return 0", LEAST), 5.5, 5.5),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The course's folder with one small lesson, whose hidden test is at fault; it is built with a right test, as a fault of thinking is."""
    root = tmp_path_factory.mktemp("course")
    source = root / "lessons" / LESSON / f"{LESSON}.py"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE.replace(FAULT, MENDED), encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    code, said = run(root, "grader build 00")
    assert code == 0, said
    # A build proves that the solution passes, so the fault is put where an author's mistake would have to hide from it: into what is built.
    for path in (source, root / "solutions" / LESSON / f"{LESSON}.ipynb"):
        path.write_text(path.read_text(encoding="utf-8").replace(MENDED, FAULT), encoding="utf-8")
    stamp(root)
    return root


def stamp(root):
    """Let the solution be what its source makes, its outputs as they are."""
    from grader.authoring import lesson as lessons

    made = lessons.read(root / "lessons" / LESSON / f"{LESSON}.py")
    path = root / "solutions" / LESSON / f"{LESSON}.ipynb"
    solution = nbformat.read(path, 4)
    solution.metadata.rnn_course = made.notebook.metadata.rnn_course
    for path in (path, root / "notebooks" / LESSON / f"{LESSON}.ipynb"):
        notebook = nbformat.read(path, 4)
        notebook.metadata.rnn_course = made.notebook.metadata.rnn_course
        nbformat.write(notebook, path)


def handed_in(root, name):
    """A student's zip, as the last cell of a notebook makes it."""
    notebook = copy.deepcopy(nbformat.read(root / "notebooks" / LESSON / f"{LESSON}.ipynb", 4))
    largest, least = CLASS[name][0]
    for cell in notebook.cells:
        written = {"largest": largest, "least": least, "why": "Because a list has an order."}.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        cell.source = written or cell.source
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{LESSON}.ipynb", json.dumps(notebook))
    return out.getvalue()


def moodle(root):
    lines = ["Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments"]
    with zipfile.ZipFile(root / "download.zip", "w") as download:
        for number, name in enumerate(CLASS, start=501):
            lines.append(f'Participant {number},{name},p{number}@example.org,Submitted for grading,,20.00,Yes,"Monday, 2 February 2026, 10:15 AM",-,')
            download.writestr(f"{name}_{number}_assignsubmission_file_/{LESSON}.zip", handed_in(root, name))
    (root / "worksheet.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def canvas(root):
    lines = ["Student,ID,SIS User ID,SIS Login ID,Section,00 A toy (77)", "    Points Possible,,,,,20"]
    with zipfile.ZipFile(root / "submissions.zip", "w") as download:
        for number, name in enumerate(CLASS, start=501):
            *given, family = name.split()
            run_together = re.sub(r"[^\w]", "", (family + "".join(given)).lower())
            lines.append(f'"{family}, {" ".join(given)}",{number},s{number},p{number},A,')
            download.writestr(f"{run_together}_{number}_{number + 6000}_{LESSON}.zip", handed_in(root, name))
    (root / "gradebook.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def of_the_page(system):
    """The page's commands: those of its session, or of its block for Canvas."""
    text = PAGE.read_text(encoding="utf-8")
    if system == "moodle":
        return [block["command"] for block in BLOCK.finditer(text)]
    block = re.search(r"### The same with Canvas\n\n```bash\n(.*?)```", text, re.DOTALL)[1]
    return [re.sub(r"\s+#.*", "", line) for line in block.splitlines()]


def read_by_hand(root):
    """What a person does in formgrader."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for submission in gradebook.assignment_submissions(LESSON):
            grade = gradebook.find_grade("why", LESSON, LESSON, submission.student.id)
            grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()


def marks(root, system):
    with open(root / "exports" / f"{system}.csv", newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if "Possible" not in next(iter(row.values()))]
    if system == "moodle":
        return {row["Full name"]: float(row["Grade"]) for row in rows}
    return {" ".join(reversed(row["Student"].split(", "))): float(row["00 A toy (77)"]) for row in rows}


def pages(root, system):
    """Student's number -> their page, out of the zip for the LMS."""
    found = {}
    with zipfile.ZipFile(root / "exports" / f"feedback-{system}-{LESSON}.zip") as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(content)) as inner:
                    content = inner.read(f"{LESSON}.html")
            found[int(re.search(r"_(\d+)_", name)[1])] = content.decode()
    return found


def graded(built, folder, system):
    """A copy of the course whose class went from the system's zip to marks and feedback, by the page's commands, and these."""
    root, commands = shutil.copytree(built, folder / "course"), of_the_page(system)
    {"moodle": moodle, "canvas": canvas}[system](root)
    times = 0
    for command in commands:
        if command.startswith("grader autograde"):
            times += 1
            if times == 2:
                read_by_hand(root)
        code, said = run(root, command)
        assert code == 0, f"{command}\n{said}"
    return root, commands


@pytest.fixture(scope="module")
def in_moodle(built, tmp_path_factory):
    return graded(built, tmp_path_factory.mktemp("moodle"), "moodle")


@pytest.mark.slow
@pytest.mark.parametrize("system", ["moodle", "canvas"])
def test_from_the_zip_to_marks_and_feedback(built, tmp_path, request, system):
    root, commands = request.getfixturevalue("in_moodle") if system == "moodle" else graded(built, tmp_path, system)
    assert [command.split()[1] for command in commands] == ["collect", "autograde", "report", "autograde", "export", "export"]
    assert marks(root, system) == {name: before for name, (_, before, _) in CLASS.items()}
    found = pages(root, system)
    assert len(found) == 6
    for number, name in enumerate(CLASS, start=501):
        assert escape(name) in found[number] and (system != "moodle" or "handed in 2 February 2026" in found[number])
        assert f"{CLASS[name][1]:g} of 20 points" in found[number]
    assert "still to read" not in "".join(found.values())


@pytest.mark.slow
def test_a_mended_test_changes_only_what_it_must(in_moodle, tmp_path):
    system = "moodle"
    original, commands = in_moodle
    root = shutil.copytree(original, tmp_path / "course", symlinks=True)
    first = pages(root, system)
    source = root / "lessons" / LESSON / f"{LESSON}.py"
    source.write_text(source.read_text(encoding="utf-8").replace(FAULT, MENDED), encoding="utf-8")
    code, said = run(root, "grader autograde 00")
    assert code == 1 and "the build is older than lessons/, so nothing was graded" in said
    again = re.search(r"mend the test in `lessons/`, `(grader [^`]+)`", PAGE.read_text(encoding="utf-8"))[1]
    code, said = run(root, again)
    assert code == 0 and "read again" not in said and "6 run and graded" in said, said
    for command in commands[-2:]:
        code, said = run(root, command)  # refuses where an answer waits
        assert code == 0, f"{command}\n{said}"
    assert marks(root, system) == {name: after for name, (_, _, after) in CLASS.items()}
    second = pages(root, system)
    for number, (_, before, after) in enumerate(CLASS.values(), start=501):
        assert (second[number] == first[number]) == (before == after), number
    code, said = run(root, "grader autograde")
    assert code == 0 and "6 unchanged" in said

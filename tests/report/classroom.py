"""A toy class, really graded: a lesson with a visible and a hidden check, another that nobody handed in, and all that can be odd."""

import json
import shutil

import nbformat
import numpy as np
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import batch, course, release

from ..nbgrader_plugins.conftest import Course, answered, cell, check, exercise, hidden, new_notebook

LESSON, LATER = "01_toy", "02_later"
SECRET = "2469135802"
TOTAL = """def total(xs):
    result = 0
    for number in xs:
        if number is not None:
            result = result + number
        else:
            raise ValueError("there is no number here", number)
    return result"""
RESPACED = "# all my own work\n" + TOTAL.replace("    ", "  ").replace("result = 0", "result=0  # begin with nothing\n")
ADDS = "def double(x):\n    return x + 2"
NAMES = {"student-01": ("Zorbla", "Quimfeather"), "student-02": ("<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>"), "student-03": ("例子", "学生"), "student-04": ("مثال", "طالب")}


def lesson_notebook(name):
    cells = [
        cell("markdown", f"# {name}: doubling & adding\n\nWords.", "prose", "title"),
        cell("code", "from grader import checks as check", "setup", "setup", locked=True),
        exercise("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
        check("double-test", 'check.equal(double(3), 6, "double(3)", mistakes={"You added 2. Doubling is 2 * x.": 5})', 2),
        hidden("double-hidden", f'check.equal(double({int(SECRET) // 2}), {SECRET}, "double of a large number")', 3),
        exercise("total", "def total(xs):\n    ### BEGIN SOLUTION\n    return sum(xs)\n    ### END SOLUTION"),
        check("total-test", 'check.equal(total([1, 2, 6]), 9, "total([1, 2, 6])", mistakes={"This is how many there are, not their sum.": 3})', 1),
        cell("markdown", "Why does order not matter?", "question", "why", grade=True, solution=True, points=4),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def receipt(path, device="CPU", seconds=12.5, value=1.0, written="2026-01-01T10:00:00+00:00"):
    path.parent.mkdir(exist_ok=True)
    facts = {"format": 1, "name": path.stem, "device": device, "seconds": seconds, "written": written, "keras": "3.14.0", "backend": "tensorflow", "history": {}}
    np.savez_compressed(path, receipt=np.array(json.dumps(facts)), weight_000=np.full((3, 2), value, "float32"))


def hand_in(made):
    """Twelve submissions; returns those that are to be graded."""
    right = {"double": "def double(x):\n    return x + x", "total": TOTAL, "why": "Addition is commutative, so that the order of its numbers makes no difference to any sum of them."}
    stub = release(lesson_notebook(LESSON))
    of = {
        "student-01": right,
        "student-02": {**right, "total": RESPACED},
        "student-03": {**right, "double": ADDS + "  # by Zorbla Quimfeather", "total": "def total(xs):\n    return sum(xs)"},
        "student-04": {**right, "double": ADDS, "total": "total = sum"},
        "student-05": {**right, "double": ADDS, "total": "def total(xs):\n    return len(xs)", "why": "It does."},
        "student-06": {},
        "student-07": {**right, "double": "import os\nos._exit(0)", "total": "total = sum"},
        "student-09": {**right, "total": "def total(xs):\n    return sum(list(xs))", "why": "Because."},
        "student-10": {**right, "double": "def double(x):\n    return 6", "total": "def total(xs):\n    return len(xs)"},
    }
    for student, answers in of.items():
        notebook = answered(stub, answers)
        if student == "student-09":
            for one in notebook.cells:
                one.metadata = {}
        made.submit(notebook, student)
    made.submit(nbformat.writes(answered(stub, right))[:600], "student-08")
    receipt(made.folder("student-01") / "receipts" / "net.npz")
    shutil.copytree(made.folder("student-01") / "receipts", made.folder("student-02") / "receipts")
    receipt(made.folder("student-03") / "receipts" / "net.npz", "GPU: Zorbla's own", 3.25, 2.0)
    receipt(made.folder("student-04") / "receipts" / "net.npz", seconds=90, value=3.0)
    (made.folder("student-05") / "receipts").mkdir()
    (made.folder("student-05") / "receipts" / "net.npz").write_bytes(b"PK\x03\x04 and no more")
    (made.folder("student-06") / "receipts").symlink_to(made.folder("student-01") / "receipts")
    return sorted([*of, "student-08"])


def graded_class(root):
    """Make the course at `root`, hand in, and grade with the real engine."""
    for lesson in (LESSON, LATER):
        folder = root / "solutions" / lesson
        folder.mkdir(parents=True)
        nbformat.write(lesson_notebook(lesson), folder / f"{lesson}.ipynb")
    made = Course(root, course(root))
    for lesson in (LESSON, LATER):
        made.must(made.api.generate_assignment(lesson))
    students = hand_in(made)
    with Gradebook(made.api.coursedir.db_url) as gradebook:
        for student, (first, last) in NAMES.items():
            gradebook.update_or_create_student(student, first_name=first, last_name=last)
        gradebook.update_or_create_student("student-12")  # who never handed anything in
    with batch.Team(1) as team:
        batch.autograde(root, {LESSON: students}, team)
    made.submit(answered(release(lesson_notebook(LESSON))), "student-11")  # too late to be graded
    return root

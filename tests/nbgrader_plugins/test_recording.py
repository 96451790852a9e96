"""What the recorder writes is what `nbgrader autograde` writes; what is recorded already is left alone."""

import json
import shutil
import sqlite3
from concurrent.futures import Future
from datetime import datetime

import nbformat
import pytest

from grader.engine import Score, Verdict
from grader.nbgrader_plugins import batch, course
from grader.nbgrader_plugins.recording import Recorder

NAME = "01_toy"
CLASS = ("ada", "bo'b", "cut", "gone", "half", "none", "zoë")


class Alone:
    """Reaches verdicts at once, in this thread, and counts them."""

    size = 1

    def __init__(self, reach):
        self.reach, self.reached, self.tests = reach, 0, []

    def start(self, job):
        self.reached += 1
        self.tests.append(job.tests)
        future = Future()
        try:
            future.set_result(self.reach(job))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def alone(toy):
    return Alone(toy.plain_verdict)


@pytest.fixture
def handed_in(ours, toy, student):
    """A class: full and half marks, a renamed notebook, one cut off, an empty folder, odd names, times."""
    for name in ("ada", "bo'b", "zoë"):
        student.cells[0].source = f"# {name}"
        ours.submit(student, name)
    (ours.folder("ada") / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (ours.folder("ada") / "link.txt").symlink_to("/etc/passwd")
    ours.submit(student, "zoë").rename(ours.folder("zoë") / f"Copy of {NAME}.ipynb")
    ours.submit(json.dumps(student)[:500], "cut")
    ours.folder("gone")
    half = toy.answered(toy.release(toy.lesson_notebook()), {"double": "def double(x):\n    print('x' * 10)\n    return 2 * x"})
    ours.submit(half, "half")
    ours.submit(toy.release(toy.lesson_notebook()), "none")
    return ours


def dump(root):
    """The gradebook's rows, without the random ids that nbgrader gives them."""
    with sqlite3.connect(root / "gradebook.db") as database:
        rows = database.execute(
            "select s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade from grade g "
            "join submitted_notebook n on g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
            "join base_cell c on g.cell_id = c.id"
        ).fetchall()
        said = database.execute(
            "select s.student_id, c.name, m.auto_comment, m.manual_comment from comment m "
            "join submitted_notebook n on m.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
            "join base_cell c on m.cell_id = c.id"
        ).fetchall()
        when = database.execute(
            "select student_id, timestamp, late_submission_penalty from submitted_assignment s "
            "join submitted_notebook n on n.assignment_id = s.id"
        ).fetchall()
        people = database.execute("select id from student").fetchall()
    return [sorted(each, key=str) for each in (rows, said, when, people)]


def pages(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "autograded").rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_recorder_leaves_what_nbgrader_leaves(handed_in, toy, tmp_path, alone):
    graded = [name for name in CLASS if name != "gone"]  # nbgrader fails on a folder without a notebook
    other = shutil.copytree(handed_in.root, tmp_path / "other", symlinks=True)
    theirs = course(other, verdicts=toy.plain_verdict)
    for name in graded:
        outcome = theirs.autograde(NAME, name)
        assert outcome["success"], outcome
    assert Recorder.stands_for(course(handed_in.root), NAME)
    batch.autograde(handed_in.root, {NAME: graded}, alone)
    assert dump(handed_in.root) == dump(other)
    assert len(dump(other)[0]) == 4 * len(graded)
    ours, nbgraders = pages(handed_in.root), pages(other)
    assert ours.keys() == nbgraders.keys()
    for path, content in nbgraders.items():
        if path.endswith(".ipynb"):
            assert json.loads(ours[path]) == json.loads(content), path
        else:
            assert ours[path] == content
    modes = {path.stat().st_mode for root in (handed_in.root, other) for path in (root / "autograded").rglob("*.ipynb")}
    assert len(modes) == 1


def test_a_class_is_run_once(handed_in, alone):
    first = batch.autograde(handed_in.root, {NAME: list(CLASS)}, alone)
    assert [result.how for result in first if result.student not in ("cut", "gone")] == ["graded"] * 5
    assert {result.student: result.points for result in first} == {
        "ada": 6, "bo'b": 6, "cut": 0, "gone": 0, "half": 5, "none": 0, "zoë": 6,
    }  # fmt: skip
    before, reached = dump(handed_in.root), alone.reached
    second = batch.autograde(handed_in.root, {NAME: list(CLASS)}, alone)
    assert {result.how for result in second} == {"unchanged"} and alone.reached == reached
    assert [(r.student, r.points, r.max_points, r.by_hand, r.problem) for r in first] == [
        (r.student, r.points, r.max_points, r.by_hand, r.problem) for r in second
    ]
    assert dump(handed_in.root) == before
    assert batch.autograde(handed_in.root, {NAME: ["ada"]}, alone, again=True)[0].how == "graded"
    assert alone.reached == reached + 1


def test_equal_answers_are_run_once_and_written_twice(ours, student, alone):
    ours.submit(student, "ada")
    batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    ours.submit(student, "eva")
    assert [result.how for result in batch.autograde(ours.root, {NAME: ["ada", "eva"]}, alone)] == ["unchanged", "kept"]
    assert ours.scores("eva") == ours.scores("ada") and alone.reached == 1


@pytest.mark.parametrize("lost", ["gradebook", "page", "mark", "score"])
def test_what_was_lost_is_written_again_without_running_it(ours, student, alone, lost):
    ours.submit(student, "ada")
    batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    before = dump(ours.root)
    if lost == "gradebook":
        (ours.root / "gradebook.db").unlink()
    elif lost == "score":
        with sqlite3.connect(ours.root / "gradebook.db") as database:
            database.execute("update grade set auto_score = 0")
    else:
        folder = {"page": ours.root / "autograded", "mark": ours.root / batch.PRIVATE / "recorded"}[lost]
        for path in folder.rglob("*"):
            if path.is_file():
                path.unlink()
    [result] = batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    assert result.how == "kept" and alone.reached == 1
    assert dump(ours.root) == before and len(pages(ours.root)) == 1


def test_a_changed_submission_is_run_again_alone(ours, toy, student, alone):
    for name in ("ada", "eva"):
        student.cells[0].source = f"# {name}"
        ours.submit(student, name)
    batch.autograde(ours.root, {NAME: ["ada", "eva"]}, alone)
    toy.by_name(student, "double").source = "def double(x):\n    return 0"
    ours.submit(student, "eva")
    results = batch.autograde(ours.root, {NAME: ["ada", "eva"]}, alone)
    assert [(result.how, result.points) for result in results] == [("unchanged", 6), ("graded", 1)]
    assert alone.reached == 3


def test_after_a_changed_hidden_test_only_its_exercise_is_tested(ours, toy, student, alone):
    """And the gradebook says what it says when everything is run."""
    for name, answer in (("ada", "return 2 * x"), ("eva", "return x"), ("ida", "return 2 * x if x < 9 else 0")):
        toy.by_name(student, "double").source = f"def double(x):\n    {answer}"
        ours.submit(student, name)
    names = ["ada", "eva", "ida"]
    batch.autograde(ours.root, {NAME: names}, alone)
    source = toy.lesson_notebook()
    hidden = toy.by_name(source, "double-hidden")
    hidden.source = hidden.source.replace("assert double(1234567) == 2469134, 'secret: 2469134'", "assert double(8) == 16, 'secret: 16'")
    nbformat.write(source, ours.root / "solutions" / NAME / f"{NAME}.ipynb")
    results = batch.autograde(ours.root, {NAME: names}, alone)
    assert [(result.how, result.points) for result in results] == [("graded", 6), ("graded", 1), ("graded", 6)]
    assert alone.tests == [None] * 3 + [frozenset({"double"})] * 3
    part = dump(ours.root), {path: json.loads(page) for path, page in pages(ours.root).items()}
    assert {result.how for result in batch.autograde(ours.root, {NAME: names}, alone)} == {"unchanged"}
    batch.autograde(ours.root, {NAME: names}, alone, again=True)
    assert alone.tests[6:] == [None] * 3
    assert (dump(ours.root), {path: json.loads(page) for path, page in pages(ours.root).items()}) == part


def test_a_manual_grade_and_comment_survive(ours, student, alone):
    ours.submit(student, "ada")
    [before] = batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    assert before.by_hand
    with ours.api.gradebook as gradebook:
        graded = gradebook.find_submission_notebook(NAME, NAME, "ada")
        for grade in graded.grades:
            if grade.name == "why":
                grade.manual_score, grade.needs_manual_grade = 3.0, False
        for comment in graded.comments:
            if comment.name == "why":
                comment.manual_comment = "Well said."
        gradebook.db.commit()
    [unchanged] = batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    assert (unchanged.how, unchanged.points, unchanged.by_hand) == ("unchanged", 9, False)
    [again] = batch.autograde(ours.root, {NAME: ["ada"]}, alone, again=True)
    assert (again.points, again.by_hand, again.again) == (9, False, ())
    assert ("ada", "why", None, "Well said.") in dump(ours.root)[1]


def test_a_page_is_written_when_it_would_change(ours, student, alone):
    ours.submit(student, "ada")
    batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    [page] = batch.feedback(ours.root, NAME, ["ada", "nobody"])
    first = page.stat().st_mtime_ns
    assert batch.feedback(ours.root, NAME, ["ada"]) == [page] and page.stat().st_mtime_ns == first
    with ours.api.gradebook as gradebook:
        for comment in gradebook.find_submission_notebook(NAME, NAME, "ada").comments:
            if comment.name == "why":
                comment.manual_comment = "Well said."
        gradebook.db.commit()
    batch.feedback(ours.root, NAME, ["ada"])
    assert "Well said." in page.read_text()
    page.unlink()
    batch.feedback(ours.root, NAME, ["ada"])
    assert "Well said." in page.read_text()
    batch.autograde(ours.root, {NAME: ["ada"]}, Alone(lambda job: Verdict({}, {}, {}, "the machine stopped")), again=True)
    batch.feedback(ours.root, NAME, ["ada"])
    assert "the machine stopped" in page.read_text()


def test_a_late_submission_is_penalised_by_the_courses_own_rule(ours, student, alone):
    (ours.root / "late.py").write_text(
        "from nbgrader.plugins import LateSubmissionPlugin\n\n\nclass Half(LateSubmissionPlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return score / 2\n"
    )
    settings = batch.course.__globals__["CONFIG"].read_text()
    settings += f"\nimport sys\nsys.path.insert(0, {str(ours.root)!r})\nfrom late import Half\nc.AssignLatePenalties.plugin_class = Half\n"
    (ours.root / "nbgrader_config.py").write_text(settings)
    with ours.api.gradebook as gradebook:
        gradebook.find_assignment(NAME).duedate = datetime(2026, 1, 1)
        gradebook.db.commit()
    for name, when in (("ada", "2026-01-02"), ("eva", "2025-12-31")):
        ours.submit(student, name)
        (ours.folder(name) / "timestamp.txt").write_text(f"{when} 12:00:00 UTC")
    assert Recorder.stands_for(course(ours.root), NAME)
    batch.autograde(ours.root, {NAME: ["ada", "eva"]}, alone)
    assert [(who, penalty) for who, _, penalty in dump(ours.root)[2]] == [("ada", 3.0), ("eva", None)]


def test_steps_of_a_courses_own_are_taken(ours, student, alone):
    settings = batch.course.__globals__["CONFIG"].read_text()
    settings += (
        "\nfrom nbconvert.preprocessors import Preprocessor\n\n\nclass Signed(Preprocessor):\n    enabled = True\n\n"
        "    def preprocess(self, nb, resources):\n        nb.metadata['signed'] = 'by the course'\n        return nb, resources\n\n\n"
        "c.Autograde.autograde_preprocessors = [*c.Autograde.autograde_preprocessors, Signed]\n"
    )
    (ours.root / "nbgrader_config.py").write_text(settings)
    assert not Recorder.stands_for(course(ours.root), NAME)
    ours.submit(student, "ada")
    ours.folder("gone")
    results = batch.autograde(ours.root, {NAME: ["ada", "gone"]}, alone)
    assert [(result.how, result.points) for result in results] == [("graded", 6), ("failed", 0)]
    assert "no notebook named" in results[1].problem
    assert ours.autograded().metadata["signed"] == "by the course" and alone.reached == 1
    assert batch.autograde(ours.root, {NAME: ["ada"]}, alone)[0].how == "kept" and alone.reached == 1


def test_an_interrupted_record_changes_nothing(ours, student, alone, monkeypatch):
    ours.submit(student, "ada")
    batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    before = dump(ours.root)
    none = Verdict({}, {}, {"double-test": Score(0.0, 2.0, "no")})

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Recorder, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch.autograde(ours.root, {NAME: ["ada"]}, Alone(lambda job: none), again=True)
    assert dump(ours.root) == before
    monkeypatch.undo()
    # The verdict had been kept, so it is not reached again, and what was broken off is done.
    [result] = batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    assert result.how == "kept" and dump(ours.root) != before and alone.reached == 1


def test_a_full_disk_costs_no_grade(ours, student, alone, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.engine.archive.os.fsync", full)
    ours.submit(student, "ada")
    assert batch.autograde(ours.root, {NAME: ["ada"]}, alone)[0].points == 6
    monkeypatch.undo()
    assert batch.autograde(ours.root, {NAME: ["ada"]}, alone)[0].how == "graded"  # nothing had been kept


def test_few_submissions_are_in_memory_at_a_time(ours, toy, student, monkeypatch):
    waiting, most = [], 0

    class Slow(Alone):
        size = 2

        def start(self, job):
            nonlocal most
            future = Future()
            waiting.append((future, job))
            most = max(most, len(waiting))
            if len(waiting) == 4:
                while waiting:
                    done, work = waiting.pop()  # the last first: a slow submission holds up nobody
                    done.set_result(toy.plain_verdict(work))
            return future

    for n in range(12):
        student.cells[0].source = f"# {n}"
        ours.submit(student, f"s{n:02d}")
    told = []
    names = [f"s{n:02d}" for n in range(12)]
    results = batch.autograde(ours.root, {NAME: names}, Slow(None), lambda result: told.append(result.student))
    assert [result.student for result in results] == names == sorted(told)
    assert most == 4


def test_a_student_named_twice_is_graded_once(ours, student, alone):
    ours.submit(student, "ada")
    assert len(batch.autograde(ours.root, {NAME: ["ada", "ada"]}, alone)) == 2 and alone.reached == 1


def test_the_archive_is_nobodys_business_but_the_graders(ours, student, alone):
    ours.submit(student, "ada")
    batch.autograde(ours.root, {NAME: ["ada"]}, alone)
    assert (ours.root / batch.PRIVATE).stat().st_mode & 0o077 == 0


def test_the_recorded_notebook_is_valid(handed_in, alone):
    batch.autograde(handed_in.root, {NAME: list(CLASS)}, alone)
    for path in (handed_in.root / "autograded").rglob("*.ipynb"):
        nbformat.validate(nbformat.read(path, 4))

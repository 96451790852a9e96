"""A class is graded to its end, whatever one student's submission or a worker does."""

import os
import threading
from concurrent.futures import Future

import nbformat
import pytest

from grader.engine import Job
from grader.nbgrader_plugins import batch, jobs

NAME = "01_toy"


@pytest.fixture
def team(toy, monkeypatch):
    """A team whose workers grade with `toy.plain_verdict`, but break on a cell that says so."""

    graded = []

    class Stand:
        def __init__(self, isolation=None):
            pass

        def grade(self, job):
            graded.append(job.key)
            if any("break the worker" in cell.source for cell in job.notebook.cells):
                raise OSError("no space left")
            return toy.plain_verdict(job)

        def close(self):
            pass

        stop = close

    monkeypatch.setattr("grader.engine.team.Worker", Stand)
    with batch.Team(2) as team:
        team.graded = graded
        yield team


def of(results):
    return {result.student: (result.points, result.max_points, result.problem) for result in results}


@pytest.mark.slow
def test_a_worker_that_breaks_costs_one_student(ours, student, team):
    for name in ("ada", "mia", "zoe"):
        student.cells[0].source = "break the worker" if name == "mia" else "# A toy lesson"
        ours.submit(student, name)
    told = []
    results = batch.autograde(ours.root, {NAME: ["ada", "mia", "zoe"]}, team, told.append)
    assert sorted(told, key=lambda result: result.student) == results  # told as they are reached, given in order
    assert of(results) == {
        "ada": (6, 10, ""),
        "mia": (0, 10, "it could not be graded: no space left"),
        "zoe": (6, 10, ""),
    }
    # One who has no graded notebook has no feedback; the others have.
    heard = []
    pages = batch.feedback(ours.root, NAME, ["ada", "mia", "zoe"], heard.append)
    assert [page.parts[-3] for page in pages] == ["ada", "zoe"] and all(page.is_file() for page in pages)
    assert heard == ["ada", "mia", "zoe"]


def test_a_submission_that_is_no_job_costs_one_student(ours, student, team, monkeypatch):
    for name in ("ada", "zoe"):
        ours.submit(student, name)

    def picky(self):
        if self.name.startswith("ada"):
            raise ValueError("a hostile name")

    monkeypatch.setattr(Job, "__post_init__", picky)
    results = of(batch.autograde(ours.root, {NAME: ["ada", "zoe"]}, team))
    assert results == {"ada": (0, 10, "it could not be graded: a hostile name"), "zoe": (6, 10, "")}


def test_a_lone_notebook_of_another_name_is_the_lessons(ours, student, team):
    names = {"ada": f"Copy of {NAME}.ipynb", "zoe": f"{NAME} (1).ipynb", "mia": "[x]*.ipynb"}
    for who, name in names.items():
        ours.submit(student, who).rename(ours.folder(who) / name)
        (ours.folder(who) / f"._{NAME}.ipynb").write_bytes(b"what macOS leaves")
    results = batch.autograde(ours.root, {NAME: sorted(names)}, team)
    assert set(of(results).values()) == {(6, 10, "")}
    for who, name in names.items():
        assert sorted(os.listdir(ours.folder(who))) == sorted([name, f"._{NAME}.ipynb"])
        assert f"handed in as `{name}`" in ours.comments(who)["double"]
        assert f"handed in as <code>{name}" in ours.feedback(who)
    ready = {job.key for job in jobs(ours.api.coursedir, NAME)}
    assert ready == set(team.graded)  # none was graded a second time under another key


def test_no_notebook_of_the_lesson_is_zero_points_and_a_reason(ours, student, team):
    ours.submit(student, "both").rename(ours.folder("both") / "draft.ipynb")
    ours.submit(student, "both").rename(ours.folder("both") / "final.ipynb")
    (ours.folder("none") / "notes.txt").write_text("none")
    ours.submit(student, "zoe")
    results = of(batch.autograde(ours.root, {NAME: batch.students_of(ours.api, NAME)}, team))
    said = f"no notebook named {NAME} was submitted"
    assert results.pop("zoe") == (6, 10, "")
    assert {who: r[:2] for who, r in results.items()} == {"both": (0, 10), "none": (0, 10)}
    assert all(said in problem for _, _, problem in results.values())
    assert said in ours.feedback("both")
    assert len(batch.feedback(ours.root, NAME, ["both", "none", "zoe"])) == 3


def test_the_lessons_notebook_counts_beside_others(ours, toy, student, team):
    ours.submit(toy.release(toy.lesson_notebook())).rename(ours.folder() / "draft.ipynb")
    ours.submit(student)
    assert of(batch.autograde(ours.root, {NAME: ["ada"]}, team)) == {"ada": (6, 10, "")}
    assert ours.comments()["double"] is None


def test_learning_a_lesson_anew_leaves_the_released_notebooks(ours, toy, student, team):
    released = ours.root / "notebooks" / NAME
    (released / "mine.txt").write_text("work in progress")
    before = (released / f"{NAME}.ipynb").read_bytes()
    source = toy.lesson_notebook()
    toy.by_name(source, "double-test").metadata.nbgrader.points = 20
    nbformat.write(source, ours.root / "solutions" / NAME / f"{NAME}.ipynb")
    ours.submit(student)
    assert of(batch.autograde(ours.root, {NAME: ["ada"]}, team)) == {"ada": (24, 28, "")}
    assert (released / f"{NAME}.ipynb").read_bytes() == before
    assert (released / "mine.txt").read_text() == "work in progress"


def test_limits_of_the_configuration_are_the_jobs_own(ours, student, team):
    """Else a verdict reached ahead is not found, and every submission is graded twice."""
    own = "\nfrom grader.engine import Limits\nc.Grade.limits = Limits(cell_seconds=7)\n"
    settings = (batch.course.__globals__["CONFIG"]).read_text() + own + "c.SubmissionExporter.largest_notebook = 9000\n"
    (ours.root / "nbgrader_config.py").write_text(settings)
    ours.submit(student)
    student.cells[0].source = "x" * 10_000
    ours.submit(student, "large")
    results = of(batch.autograde(ours.root, {NAME: ["ada", "large"]}, team))
    assert results["ada"] == (6, 10, "")
    assert "larger than" in results["large"][2]
    made = list(jobs(batch.course(ours.root).coursedir, NAME))
    assert [job.limits.cell_seconds for job in made] == [7]
    assert {job.key for job in made} == set(team.graded)


def test_an_interrupt_stops_the_workers_before_it_waits_for_them(toy, student, monkeypatch):
    stopped, grading = threading.Event(), threading.Event()

    class Busy:
        def __init__(self, isolation=None):
            pass

        def grade(self, job):
            grading.set()
            assert stopped.wait(60)
            raise OSError("stopped")

        def stop(self):
            stopped.set()

        def close(self):
            pass

    monkeypatch.setattr("grader.engine.team.Worker", Busy)
    with pytest.raises(KeyboardInterrupt), batch.Team(1) as team:
        begun = team.start(Job(student))
        assert grading.wait(60)
        raise KeyboardInterrupt
    assert stopped.is_set() and begun.done()


def test_an_interrupt_is_no_students_fault(ours, student, team, monkeypatch):
    ours.submit(student)
    ours.grade()

    interrupted = Future()
    interrupted.set_exception(KeyboardInterrupt())
    monkeypatch.setattr(team, "start", lambda job: interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch.autograde(ours.root, {NAME: ["ada"]}, team)
    assert ours.autograded() and ours.scores()["double-test"] == 2


def test_an_interrupt_inside_nbgrader_is_still_one(ours, student, team, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    ours.submit(student)
    ours.grade()
    monkeypatch.setattr("grader.nbgrader_plugins.FeedbackExporter.from_filename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        batch.feedback(ours.root, NAME, ["ada"])
    monkeypatch.setattr("grader.nbgrader_plugins.Grade.preprocess", interrupted)
    monkeypatch.setattr("grader.nbgrader_plugins.recording.save_scores", interrupted)
    for plain in (True, False):
        monkeypatch.setattr("grader.nbgrader_plugins.recording.Recorder.stands_for", lambda api, lesson, plain=plain: plain)
        with pytest.raises(KeyboardInterrupt):
            batch.autograde(ours.root, {NAME: ["ada"]}, team)


def test_a_page_that_fails_hides_no_result(ours, student, team, monkeypatch):
    for name in ("ada", "mia", "zoe"):
        ours.submit(student, name)
    write = batch.Pages.write

    def failing(self, who):
        if who == "mia":
            raise ValueError("a picture too many")
        return write(self, who)

    monkeypatch.setattr(batch.Pages, "write", failing)
    results = batch.autograde(ours.root, {NAME: ["ada", "mia", "zoe"]}, team, pages=True)
    assert [(result.student, result.points, result.page) for result in results] == [("ada", 6, ""), ("mia", 6, "a picture too many"), ("zoe", 6, "")]
    assert sorted(path.parts[-3] for path in (ours.root / "feedback").rglob("*.html")) == ["ada", "zoe"]

"""The command line: help, errors that say what to do, exit codes, and a class graded for real."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grader import cli
from grader.cli import app
from grader.engine import sandbox

ROOT = Path(__file__).parents[1]
PROBLEM = sys.modules["grader.engine.sandbox.problem"]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """A command sets these environment variables for what it starts; each test begins with what there was."""
    for name in ("GRADER_ISOLATION", "GRADER_GPU", "GRADER_GRADEBOOK", "RNN_COURSE_DATA"):
        before = os.environ.get(name)
        monkeypatch.setenv(name, "to be taken back")
        monkeypatch.delenv(name) if before is None else monkeypatch.setenv(name, before)


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setattr(cli.console, "width", 600)


@pytest.fixture
def without_bubblewrap(monkeypatch):
    monkeypatch.delenv("GRADER_ISOLATION", raising=False)
    monkeypatch.setattr(PROBLEM.sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output + result.stderr
    return result


def test_help_lists_every_command_with_an_example():
    listed = run("--help").output
    for command in ("build", "variants", "calibrate", "course", "collect", "students", "autograde", "due", "export", "demo", "doctor", "release", "book"):
        assert command in listed
        assert "Example" in run(command, "--help").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nothing"], "No lesson fits 'nothing'"),
        (["autograde", "00"], "nobody handed in 00_start_here"),
        (["autograde", "00", "--student", "ada"], "no submission of 00_start_here from ada"),
        (["build", "--root", "/nowhere-at-all"], "has no lessons/ folder"),
    ],
)
def test_errors_say_what_to_do(tmp_path, monkeypatch, arguments, words):
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RNN_COURSE_ROOT", raising=False)
    assert words in run(*arguments, code=1).stderr


def test_variants_of_an_exercise_that_is_not_there():
    said = run("variants", "00", "--exercise", "shape", "--root", ROOT, code=1).stderr
    assert said == "grader: 00_start_here: no exercise is called shape. Exercises: batch-shape.\n"


@pytest.mark.slow
def test_variants_of_one_exercise_alone(tmp_path, monkeypatch):
    from grader.authoring import variants as tool

    tried = []
    monkeypatch.setattr(tool, "run", lambda lesson, answers, *_: tried.extend(answers) or [])
    run("variants", "00", "01", "--exercise", "shift", "--root", ROOT)
    assert len(tried) >= 7 and {answer.exercise for answer in tried} == {"shift"}


@pytest.fixture
def handed_in(tmp_path):
    """A course's folder with one submission that nobody will read."""
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    (tmp_path / "submitted" / "ada" / "00_start_here").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("command", [
    ["autograde", "00"], ["demo", "00", "--out", "demo"], ["variants", "00"], ["build", "00", "--force"],
], ids=lambda words: words[0])  # fmt: skip
def test_without_bubblewrap_nothing_is_graded(handed_in, without_bubblewrap, monkeypatch, command):
    monkeypatch.chdir(handed_in)
    before = sorted(handed_in.rglob("*"))
    said = run(*command, "--root", handed_in, code=1).stderr
    assert "nothing was graded: bubblewrap is not installed: sudo apt-get install bubblewrap" in said
    assert "grader doctor" in said and said.count("grader:") == 1
    assert sorted(handed_in.rglob("*")) == before


def test_what_needs_no_grading_needs_no_bubblewrap(without_bubblewrap):
    assert "00_start_here: fresh" in run("build", "00", "--root", ROOT).output


@pytest.mark.parametrize("command", [["autograde", "00"], ["demo", "00"], ["variants", "00"], ["build", "00", "--force"], ["doctor"]], ids=lambda words: words[0])
def test_an_unknown_isolation_is_one_sentence(handed_in, monkeypatch, command):
    monkeypatch.chdir(handed_in)
    assert run(*command, "--isolation", "docker", code=2).stderr == "grader: --isolation is bubblewrap or none, not docker.\n"
    monkeypatch.setenv("GRADER_ISOLATION", "docker")
    assert run(*command, code=1).stderr == "grader: GRADER_ISOLATION: isolation 'docker' is not known: choose bubblewrap or none.\n"


def test_doctor_shows_each_finding_with_a_mark_and_what_to_do(without_bubblewrap):
    seen = run("doctor", "--root", ROOT, code=1)
    assert "to do │ isolation │ Bubblewrap is not installed." in seen.output
    assert "ok    │ data" in seen.output
    assert "isolation: sudo apt-get install bubblewrap" in seen.output
    assert seen.stderr.endswith("grader: this machine cannot grade yet; see to isolation.\n")
    found = {one["what"]: one for one in json.loads(run("doctor", "--root", ROOT, "--json", code=1).stdout)}
    assert found["isolation"]["ok"] is False and found["data"]["ok"] is True


def test_doctor_names_the_switch_of_user_namespaces(tmp_path, monkeypatch, wide):
    """As on a machine where bubblewrap is installed and plain users may not make namespaces."""
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    bwrap.chmod(0o755)
    switch, off, remedy = PROBLEM.SWITCHES[0]
    monkeypatch.delenv("GRADER_ISOLATION", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(PROBLEM.sys, "platform", "linux")
    monkeypatch.setattr(PROBLEM, "is_root", lambda: False)
    monkeypatch.setattr(PROBLEM, "_content", lambda file: off if file == switch else "")
    PROBLEM.walls.cache_clear()
    try:
        shown = run("doctor", "--root", ROOT, code=1).output
    finally:
        PROBLEM.walls.cache_clear()
    assert "No permissions to create new namespace" in shown
    assert f"isolation: unprivileged user namespaces are switched off: {remedy}\n" in shown


def test_doctor_says_loudly_what_is_lost_without_isolation(wide):
    shown = run("doctor", "--root", ROOT, "--isolation", "none").output
    assert "note │ isolation │ " + " ".join(sandbox.WHAT_IS_LOST) in shown
    assert "This machine can grade." in shown


def test_doctor_elsewhere_names_the_folder(tmp_path):
    seen = run("doctor", "--root", tmp_path, "--isolation", "none", code=1)
    assert "--root" in seen.output and "see to course, nbgrader, data" in seen.stderr


def test_demo_never_removes_a_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    assert "no earlier demonstration" in run("demo", "00", "--root", ROOT, "--out", tmp_path, code=1).stderr
    assert (tmp_path / "thesis.txt").exists()
    (tmp_path / "gradebook.db").write_text("a real class")
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file"):
        assert "no earlier demonstration" in run("demo", "00", "--root", ROOT, "--out", out, code=1).stderr
    assert (tmp_path / "gradebook.db").read_text() == "a real class"


def test_demo_of_a_lesson_that_is_not_built_says_so(tmp_path):
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    said = run("demo", "00", "--root", tmp_path, "--out", tmp_path / "demo", code=1).stderr
    assert "is missing. Run: grader build" in said


def test_workers_and_a_cluster_exclude_each_other(handed_in):
    said = run("autograde", "00", "--root", handed_in, "--workers", 2, "--scheduler", "tcp://127.0.0.1:1", code=2).stderr
    assert "--workers counts workers on this machine" in said


def test_an_unreachable_cluster_is_one_sentence(handed_in):
    said = run("autograde", "00", "--root", handed_in, "--scheduler", "nowhere", code=1).stderr
    assert said.count("\n") == 1 and "nowhere" in said


def test_an_unusable_gradebook_is_one_sentence(handed_in):
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/course"
    said = run("autograde", "00", "--root", handed_in, "--gradebook", url, code=1).stderr
    assert said.startswith("grader: ") and said.count("\n") == 1 and "secret" not in said


def test_an_interrupt_says_how_to_go_on(handed_in, monkeypatch):
    from grader.nbgrader_plugins import batch

    def interrupted(root, chosen, team, tell, again, pages):
        [(lesson, students)] = chosen.items()
        tell(batch.Result(students[0], lesson, 0.0, 1.0, False, ""))
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "autograde", interrupted)
    monkeypatch.setattr("grader.engine.sandbox.problem", lambda isolation: "")
    said = run("autograde", "00", "--root", handed_in, code=130).stderr
    assert "stopped after 1 submissions. The same command goes on from there." in said


@pytest.mark.slow
def test_demo_then_autograde_again(tmp_path):
    out = tmp_path / "demo"
    shown = run("demo", "00", "--root", ROOT, "--out", out).output
    assert "every score is what the answers must get" in shown
    with Gradebook(f"sqlite:///{out}/gradebook.db") as gradebook:
        submissions = gradebook.assignment_submissions("00_start_here")
        assert len(submissions) >= 12
        before = {submission.student.id: submission.score for submission in submissions}
    assert len(set(before.values())) > 1
    pages = list(out.glob("feedback/*/00_start_here/00_start_here.html"))
    assert len(pages) == len(before)
    assert not any("BEGIN HIDDEN" in page.read_text() for page in pages)

    (out / "lessons").symlink_to(ROOT / "lessons")
    again = run("autograde", "00", "--root", out, "--json", "--workers", 1).output
    results = json.loads(again)
    assert {result["student"]: result["points"] for result in results} == before, "grading again changes nothing"
    assert {result["how"] for result in results} == {"unchanged"}, "and runs nothing"
    assert "14 unchanged, in 0 min" in run("autograde", "00", "--root", out).output
    alone = run("autograde", "00", "--root", out, "--json", "--student", "student-04", "--isolation", "none")
    [only] = json.loads(alone.stdout)
    assert only["student"] == "student-04" and "is not written yet" in only["problem"]
    assert alone.stderr.count("\n".join(sandbox.WHAT_IS_LOST)) == 1


@pytest.mark.slow
def test_one_broken_submission_does_not_stop_the_class(tmp_path):
    out = tmp_path / "demo"
    run("demo", "00", "--root", ROOT, "--out", out)
    (out / "lessons").symlink_to(ROOT / "lessons")
    shutil.rmtree(out / "submitted" / "student-02" / "00_start_here")
    (out / "submitted" / "student-02" / "00_start_here").mkdir()
    results = {r["student"]: r for r in json.loads(run("autograde", "00", "--root", out, "--json", "--no-feedback").output)}
    assert results["student-02"]["points"] == 0 and results["student-02"]["problem"]
    assert results["student-01"]["points"] == 1


@pytest.fixture
def edited(tmp_path):
    """A course's folder with lesson 00, handed in by one student; its source was edited and not built."""
    for folder in ("lessons", "solutions", "notebooks"):
        shutil.copytree(ROOT / folder / "00_start_here", tmp_path / folder / "00_start_here")
    shutil.copytree(ROOT / "lessons" / "01_sequence_basics", tmp_path / "lessons" / "01_sequence_basics")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    place = tmp_path / "submitted" / "ada" / "00_start_here"
    place.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "00_start_here" / "00_start_here.ipynb", place)
    return tmp_path


def edit(root):
    source = root / "lessons" / "00_start_here" / "00_start_here.py"
    source.write_text(source.read_text().replace("# %% [markdown]\n# #", "# %% [markdown]\n# A new first sentence.\n#\n# #", 1))


class NoTeam:
    """Notes what is asked to be graded, and grades nothing."""

    def __init__(self, asked):
        self.asked = asked

    def __call__(self, root, chosen, *_, **__):
        self.asked.append(chosen)
        return []


@pytest.fixture
def asked(monkeypatch):
    found = []
    monkeypatch.setenv("GRADER_ISOLATION", "none")
    monkeypatch.setattr("grader.nbgrader_plugins.batch.autograde", NoTeam(found))
    return found


def test_a_build_older_than_the_lessons_grades_nothing(edited, asked, monkeypatch):
    run("autograde", "00", "--root", edited)
    assert asked == [{"00_start_here": ["ada"]}]
    edit(edited)
    said = run("autograde", "00", "--root", edited, code=1).stderr
    assert "the build is older than lessons/, so nothing was graded" in said and "Run: grader build 00_start_here, or add --build." in said
    assert "solution notebook is older than its source" in said and len(asked) == 1
    built = []
    monkeypatch.setattr("grader.authoring.build.build", lambda root, lesson, force=False, tell=print: built.append(lesson.name))
    run("autograde", "00", "--root", edited, "--build")
    assert built == ["00_start_here"] and len(asked) == 2


@pytest.mark.slow
def test_without_a_name_all_that_was_collected_is_graded(edited, asked):
    run("autograde", "--root", edited)
    run("autograde", "0", "--root", edited)
    run("autograde", "start", "--root", edited)
    run("autograde", "--student", "ada", "--root", edited)
    assert asked == [{"00_start_here": ["ada"]}] * 4
    assert "nothing was collected from eva yet" in run("autograde", "--student", "eva", "--root", edited, code=1).stderr
    shutil.rmtree(edited / "submitted")
    assert "nothing was collected yet. Run: grader collect" in run("autograde", "--root", edited, code=1).stderr
    assert len(asked) == 4

"""Reading a lesson's source, and the rules it must keep."""

import pytest
import toy

from grader.authoring import lesson as lessons
from grader.authoring.lesson import LessonError
from grader.authoring.rules import broken_rules


def read(tmp_path, source=toy.SOURCE):
    return lessons.read(toy.write(tmp_path, source))


def test_roles_and_nbgrader_metadata(tmp_path):
    lesson = read(tmp_path)
    assert [lessons.role(cell) for cell in lesson.notebook.cells] == [
        "prose", "given", "experiment", "exercise", "test", "test", "question", "setup", "experiment",
    ]  # fmt: skip
    exercise, visible, hidden, question = list(lesson.notebook.cells)[3:7]
    assert exercise.metadata.nbgrader == {
        "grade": False, "grade_id": "largest", "locked": False, "schema_version": 3, "solution": True, "task": False,
    }  # fmt: skip
    assert visible.metadata.nbgrader.grade_id == "largest-test" and visible.metadata.nbgrader.points == 12
    assert hidden.metadata.nbgrader.grade_id == "largest-hidden" and "### BEGIN HIDDEN TESTS" in hidden.source
    assert question.metadata.nbgrader.solution and question.metadata.nbgrader.grade
    assert "<!-- BEGIN SOLUTION -->" in question.source
    assert broken_rules(lesson) == []
    assert lesson.points() == 20 and lesson.points("question") == 2


def test_the_build_writes_the_first_and_the_last_code_cell(tmp_path):
    """Set up and hand in know their lesson; what hands in is an experiment, which grading leaves out."""
    lesson = read(tmp_path)
    [setup] = lesson.cells("setup")
    title, tick, *code = setup.source.split("\n")
    assert title.startswith("# @title ") and tick == 'KEEP_ON_DRIVE = False  # @param {type:"boolean"}'
    assert code == ["from grader import colab", 'check, lab = colab.start("09_toy", KEEP_ON_DRIVE)']
    assert setup.metadata.cellView == "form" and setup.metadata.jupyter.source_hidden is True, "folded, on Colab and in JupyterLab"
    assert lesson.notebook.cells[-1].source.split("\n")[-1] == 'lab.hand_in("09_toy")'


def test_a_notebook_asks_colab_for_a_gpu(tmp_path):
    metadata = read(tmp_path).notebook.metadata
    assert metadata.accelerator == "GPU"
    assert metadata.colab == {"gpuType": "T4", "provenance": [], "toc_visible": True}


def test_the_hash_of_the_code_knows_what_scores_and_not_the_set_up_cell(tmp_path):
    first, again = read(tmp_path).notebook, read(tmp_path).notebook
    setup = next(cell for cell in again.cells if cell.id == "setup")
    setup.source, setup.metadata["jupyter"] = "print('another')", {}
    again.cells[0].source = "# Other prose"
    assert lessons.code(again) == lessons.code(first) == first.metadata.rnn_course.code
    next(cell for cell in again.cells if cell.id == "largest-test").metadata.nbgrader.points = 13
    assert lessons.code(again) != lessons.code(first)


def test_the_same_source_gives_the_same_notebook_and_ids_survive_insertion(tmp_path):
    first, second = read(tmp_path), read(tmp_path)
    assert first.notebook == second.notebook
    longer = read(tmp_path, toy.SOURCE.replace("# %% given", "# %%\nprint('new')\n\n# %% given"))
    ids = [cell.id for cell in longer.notebook.cells]
    assert [identity for identity in ids if identity in [cell.id for cell in first.notebook.cells]] == [
        cell.id for cell in first.notebook.cells
    ]
    assert len(set(ids)) == len(ids)


def test_two_equal_cells_get_two_ids(tmp_path):
    lesson = read(tmp_path, toy.SOURCE + "\n# %%\nprint(1)\n\n# %%\nprint(1)\n")
    ids = [cell.id for cell in lesson.notebook.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('given="numbers"', 'gives="numbers"', "unknown cell metadata gives"),
        ('given="numbers"', 'given="numbers" exercise="x"', "not both"),
        ("points=12", "", "needs points"),
        ('[markdown] question="why"', 'question="why"', "question is a \\[markdown\\] cell"),
        ('given="numbers"', 'given="two words"', "must begin with a letter"),
    ],
)
def test_a_cell_that_is_not_understood_is_named(tmp_path, old, new, words):
    with pytest.raises(LessonError, match=words) as error:
        read(tmp_path, toy.SOURCE.replace(old, new))
    assert "09_toy.py, cell" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points=12", "points=11", "add up to 19"),
        ('given="numbers"', 'given="largest"', "Two cells are named `largest`"),
        ('test="largest" points=12', 'test="largest" points=12 hidden=true', "no visible test"),
        ('test="largest" points=12', 'test="smallest" points=12', "which does not exist"),
        ("# %% setup=true", "", "exactly one set-up cell"),
        ("print(sorted(values))", "print(largest(values))", "is the answer to exercise `largest`"),
        ("values = [3, 1, 2]", "values = [3, 1, 2]\n" + "x = 1\n" * 30, "25 is the most"),
        ("print(sorted(values))", f"print({'1 + ' * 40}1)", "99 is the most"),
        ("    ### END SOLUTION\n", "", "one BEGIN SOLUTION and one END SOLUTION"),
        ('assert largest(values) == 3', '### BEGIN HIDDEN TESTS\nassert largest(values) == 3', "END HIDDEN TESTS for each"),
        ("def largest(items):\n", "largest = 3\nif True:\n", "defines no function"),
    ],
)
def test_broken_rules_are_named(tmp_path, old, new, words):
    assert old in toy.SOURCE
    rules = broken_rules(read(tmp_path, toy.SOURCE.replace(old, new, 1)))
    assert any(words in rule for rule in rules), rules


def test_discover_by_name_number_and_path(tmp_path):
    path = toy.write(tmp_path)
    for name in ("09_toy", "09", "lessons/09_toy/", "lessons/09_toy/09_toy.py"):
        assert lessons.discover(tmp_path, [name]) == [path]
    assert lessons.discover(tmp_path, None) == [path]
    with pytest.raises(LessonError, match="No lesson fits 'x'. Lessons: 09_toy"):
        lessons.discover(tmp_path, ["x"])


def test_files_that_are_no_lesson(tmp_path):
    with pytest.raises(LessonError, match="no lesson at"):
        lessons.read(tmp_path / "none.py")
    path = toy.write(tmp_path)
    path.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(LessonError, match="not UTF-8"):
        lessons.read(path)

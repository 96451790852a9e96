"""The gradebook is read the same from SQLite and from PostgreSQL, one lesson or all."""

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import course
from grader.report import gradebook
from grader.report.reading import read

from ..nbgrader_plugins.gradebooks import looked_after, url  # noqa: F401
from ..nbgrader_plugins.postgres_server import server  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader builds rows in an order that SQLAlchemy remarks on


@pytest.fixture
def api(url, tmp_path, monkeypatch):  # noqa: F811
    """A course of two lessons: in the first one student has manual points and extra credit, another waits; nobody handed in the second."""
    with Gradebook(url, "rnn-course") as made:
        for lesson in ("01_one", "02_two"):
            made.update_or_create_assignment(lesson)
            made.update_or_create_notebook(lesson, lesson)
            made.update_or_create_grade_cell("x-test", lesson, lesson, max_score=2, cell_type="code")
            made.update_or_create_grade_cell("why", lesson, lesson, max_score=4, cell_type="markdown")
        made.update_or_create_student("student-02", first_name="例子", last_name="学生")
        made.update_or_create_student("student-01")
        made.update_or_create_student("student-03")
        for student, score, waits in (("student-01", 2.0, False), ("student-02", 0.5, True)):
            made.update_or_create_submission("01_one", student)
            test = made.find_grade("x-test", "01_one", "01_one", student)
            test.auto_score, test.needs_manual_grade = score, False
            made.find_grade("why", "01_one", "01_one", student).needs_manual_grade = waits
        why = made.find_grade("why", "01_one", "01_one", "student-01")
        why.manual_score, why.extra_credit = 3.0, 0.5
        made.db.commit()
    monkeypatch.setenv("GRADER_GRADEBOOK", url)
    return course(tmp_path)


@pytest.mark.slow
def test_it_says_who_and_what_and_how_many_points(api):
    found = gradebook.read(api)
    assert [student for student, *_ in found.students] == ["student-01", "student-02", "student-03"] and found.students[1][1:3] == ("例子", "学生")
    assert found.lessons == ["01_one", "02_two"] and found.notebooks == {"01_one": ["01_one"], "02_two": ["02_two"]}
    assert sorted(found.cells)[:2] == [("01_one", "01_one", "why", 4.0, "markdown"), ("01_one", "01_one", "x-test", 2.0, "code")]
    assert sorted(found.grades, key=str) == [
        ("01_one", "01_one", "student-01", "why", 3.5, False),
        ("01_one", "01_one", "student-01", "x-test", 2.0, False),
        ("01_one", "01_one", "student-02", "why", None, True),
        ("01_one", "01_one", "student-02", "x-test", 0.5, False),
    ]
    one = gradebook.read(api, ["02"])
    assert one.lessons == ["02_two"] and one.grades == [] and {lesson for lesson, *_ in one.cells} == {"02_two"}


def test_a_name_that_fits_nothing_or_too_much_is_said(api):
    for name, words in (("03", "No lesson"), ("0", "More than one lesson")):
        with pytest.raises(gradebook.NothingGraded, match=f"^{words} in the gradebook fits '{name}'. It knows 01_one, 02_two.$"):
            gradebook.read(api, [name])


@pytest.mark.slow
def test_without_solutions_and_notebooks_the_points_are_there_and_the_rest_is_said_to_be_missing(api, tmp_path):
    made = read(tmp_path)
    assert made.lessons.to_dict("records")[0] == {"lesson": "01_one", "title": "01_one", "waiting": 0}
    assert made.of("grades", "01_one")["points"].sum() == 6.0
    assert made.cells["kind"].tolist() == ["question", "test"] * 2
    assert made.unreadable[["student", "kind", "what"]].values.tolist() == [["student-01", "graded", "the file is missing"], ["student-02", "graded", "the file is missing"]]

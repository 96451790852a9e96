"""No answer stands in its own test; what stands elsewhere in its notebook is named in lessons/copies.txt, with the reason."""

from grader.authoring import copies as copies_of

MOST = 8  # of all exercises of the course


def test_answers_that_stand_elsewhere_are_meant_to(lesson, root, request, tmp_path):
    """By their key lines, which needs no run; `make test-all`, as `grader copies`, hands in every function of the notebook and the package."""
    found = copies_of.copies(lesson, tmp_path) if request.config.getoption("whole") else copies_of.key_lines(lesson)
    meant = copies_of.expected(root)
    assert [copy for copy in found if copy.own or f"{lesson.name[:2]} {copy.exercise}" not in meant] == []


def test_they_are_few_and_have_reasons(root):
    meant = copies_of.expected(root)
    assert len(meant) <= MOST and all(meant.values())

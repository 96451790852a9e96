"""The course is whole: nine lessons, in README's table as they are."""

from grader.authoring import course
from grader.authoring import lesson as lessons

NAMES = [
    "00_start_here",
    "01_sequence_basics",
    "02_recurrent_layers",
    "03_encoder_decoder",
    "04_stateful_rnns",
    "05_bidirectional_rnns",
    "06_conv1d_alternatives",
    "07_text_generation",
    "08_attention",
]


def test_all_nine_lessons_are_here(root):
    assert [path.stem for path in lessons.discover(root)] == NAMES


def test_table_of_the_course_is_fresh(root):
    """All but the seconds, which only a quiet machine can measure: `grader course --check` asks for these, too."""
    rows, found = course.read(root, lessons.discover(root))
    assert found == []
    assert course.written(root) == course.as_markdown(rows)

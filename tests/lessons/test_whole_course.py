"""The course is whole: ten lessons, in README's table as they are, each measured and within its time."""

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
    "09_linear_recurrence",
]


def test_all_ten_lessons_are_here(root):
    assert [path.stem for path in lessons.discover(root)] == NAMES


def test_table_of_the_course_is_fresh(root):
    assert course.problems(root, lessons.discover(root)) == []


def test_runs_within_its_time_on_two_cores(lesson):
    """What README promises, read from what `grader course --time` measured; nothing is timed here."""
    seconds = course.read_seconds(lesson)
    assert seconds is not None, course.untimed(lesson)
    assert seconds.cores <= 2 and seconds.first < 120 and seconds.again < 60

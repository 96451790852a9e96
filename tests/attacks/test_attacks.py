"""Every attack of the corpus against this grader: no point gained, nothing shown, nothing harmed, nothing left."""

import pytest

from grader.engine import EngineError

from . import target
from .attack import corpus
from .ours import Ours

pytestmark = [
    pytest.mark.slow,
    # nbgrader builds a new submission's rows in an order that SQLAlchemy remarks on.
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),
]


@pytest.fixture(scope="module")
def ours():
    try:
        ours = Ours()
    except EngineError as problem:
        pytest.skip(str(problem))
    with ours:
        assert ours.isolated, "a student's process sees the course's folder or the host's processes"
        yield ours


@pytest.mark.parametrize("lesson", target.NAMES.values())
def test_honest_work_has_full_marks(ours, lesson):
    assert ours.honest(lesson) == target.FULL


@pytest.mark.parametrize("number, attack", [pytest.param(*pair, id=pair[1].name) for pair in enumerate(corpus())])
def test_an_attack_gains_nothing_and_leaves_nothing(ours, number, attack):
    """After those that reach for others, and every fourth, an honest submission is graded; `python -m tests.attacks` does so after each."""
    reaches = attack.danger or attack.sibling or attack.twice
    result = ours.grade(attack, honest_next=reaches or number % 4 == 0)
    assert not result.not_run
    assert result.points == attack.earns
    assert result.effects == []
    assert result.unexplained == [], "points were lost without a reason on the grade"
    assert attack.stops in f"{result.stopped}\n{result.said}"

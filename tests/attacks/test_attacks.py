"""Every attack of the corpus against this grader: no point gained, nothing shown, nothing harmed, nothing left."""

import pytest

from grader.engine import sandbox

from .attack import corpus
from .ours import Ours

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ours():
    if problem := sandbox.problem(sandbox.Isolation()):
        pytest.skip(problem)
    with Ours() as ours:
        assert ours.isolated, "a student's process sees the course's folder or the host's processes"
        yield ours


@pytest.mark.parametrize("attack", corpus(), ids=lambda attack: attack.name)
def test_an_attack_gains_nothing_and_leaves_nothing(ours, attack):
    result = ours.grade(attack)
    assert not result.not_run
    assert result.gained == 0, f"{result.points:g} points, {attack.earns:g} earned"
    assert result.effects == []
    assert result.unexplained == [], "points were lost without a reason on the grade"
    assert attack.stops in f"{result.stopped}\n{result.said}"

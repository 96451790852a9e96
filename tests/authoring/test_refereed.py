"""What counts as the same words from two processes: all but what chance drew."""

import pytest

from grader.authoring import refereed
from grader.authoring.answers import Outcome


@pytest.mark.parametrize("one, other, same", [
    ("changed it by 0.107", "changed it by 4.2e-05", True),
    ("0.5 at index (0, 1); 2 of 3 values differ", "-0.25 at index (1, 2); 3 of 3 values differ", True),
    ("object at 0x7f1a", "object at 0x66ff", True),
    ("expected  (4, 8)", "expected  (4, 8)", True),
    ("expected  (4, 8)", "expected  (4, 16)", False),
    ("looks into the future", "is not there yet", False),
])  # fmt: skip
def test_same_words(one, other, same):
    first, second = (Outcome(1, 3, {"a-test": words}) for words in (one, other))
    assert refereed.same_words(first, second) is same


def test_points_count():
    assert not refereed.same_words(Outcome(1, 3, {}), Outcome(2, 3, {}))

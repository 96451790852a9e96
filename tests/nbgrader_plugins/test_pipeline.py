"""An honest submission through plain nbgrader commands."""

FULL = {"double-test": 2, "double-hidden": 3, "total-test": 1, "why": None}


def test_full_marks(ours, student):
    ours.submit(student)
    assert ours.grade() == FULL
    assert ours.comments() == {"double": None, "total": None, "why": None}

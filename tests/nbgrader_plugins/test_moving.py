"""A gradebook moves from one database to another as a whole, or not at all."""

import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import database
from grader.nbgrader_plugins.moving import move

sys.path.insert(0, str(Path(__file__).parent))
from gradebooks import NAME, everything, lived, looked_after  # noqa: E402, F401
from postgres_server import server  # noqa: E402, F401


@pytest.mark.slow
def test_a_gradebook_moves_there_and_back(server, tmp_path, toy):
    made, before, *_ = lived(tmp_path / "course", toy)
    sqlite, back = f"sqlite:///{made.root}/gradebook.db", f"sqlite:///{tmp_path}/back.db"
    there = server.make("moved")
    with Gradebook(there, "course"):  # opened before, it has a course and nothing else
        pass
    count = move(sqlite, there)
    assert count["student"] == 3 and count["grade"] == 12
    assert move(there, back) == count
    for url in (sqlite, there, back):
        with Gradebook(url, "rnn-course") as gradebook:
            assert everything(gradebook) == before
            assert gradebook.find_grade("why", NAME, NAME, "ada").manual_score == 3.5
    with pytest.raises(database.Unusable, match="is not empty"):
        move(sqlite, there)
    server.drop("moved")


def test_what_cannot_be_moved_leaves_nothing(server, tmp_path):
    there = server.make("unmoved")
    with pytest.raises(database.Unusable, match="There is no gradebook"):
        move(f"sqlite:///{tmp_path}/typo.db", there)
    source = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(source, "course") as gradebook:
        with pytest.raises(database.Unusable, match="nothing to move"):
            move(source, there)
        gradebook.add_student("ada")
        gradebook.add_student("b" * 200)  # SQLite holds no one to the length of a column
    with pytest.raises(database.Unusable, match="value too long"):
        move(source, there)
    with Gradebook(there, "course") as gradebook:
        assert gradebook.students == []
    server.drop("unmoved")

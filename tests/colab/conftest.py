import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # machine.py

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """The public course with lesson 00, in a folder."""
    from machine import REPOSITORY

    from grader.authoring import bundle, publish
    from grader.authoring import lesson as lessons

    out = tmp_path_factory.mktemp("public") / "rnn-course"
    first = lessons.read(lessons.discover(ROOT, ["00"])[0])
    publish.folder(out, bundle.contents(ROOT, [first], bundle.Repository(REPOSITORY)), {})
    return out


@pytest.fixture(scope="session")
def source(bundle, tmp_path_factory):
    """The same as a bare repository."""
    from machine import publish

    return publish(bundle, tmp_path_factory.mktemp("hub") / "course.git")


@pytest.fixture
def colab(source, tmp_path):
    """A machine as Colab lends one, on which nothing was run yet."""
    from machine import Machine

    return Machine(tmp_path, source)

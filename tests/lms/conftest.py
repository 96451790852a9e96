"""The toy course of tests/nbgrader_plugins, zips as LMSs make them, and short words for collecting."""

import importlib.util
import io
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from grader.lms import collecting
from grader.lms.lessons import Catalogue

_spec = importlib.util.spec_from_file_location("toy_course_of_the_lms_tests", Path(__file__).parents[1] / "nbgrader_plugins" / "conftest.py")
toys = sys.modules[_spec.name] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(toys)
_templates, ours, student, toy = toys._templates, toys.ours, toys.student, toys.toy
LESSON = toys.LESSON


def zipped(files, times=None):
    """A zip as bytes: path -> content, a notebook or bytes; `times`: path -> (year, month, day, hour, minute, second)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(path, (times or {}).get(path, (2025, 2, 3, 10, 0, 0)))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content if isinstance(content, bytes) else json.dumps(content).encode())
    return out.getvalue()


class Desk:
    """A course's folder to collect into."""

    def __init__(self, root, release):
        self.root, self.release = root, release
        self.catalogue = Catalogue({LESSON: release})
        self.arrived = root / "arrived"
        self.arrived.mkdir()

    def arrive(self, name, content):
        """Put a file, a zip of a dictionary, or a folder of one (`name` ends with /) where downloads lie."""
        path = self.arrived / name
        if name.endswith("/"):
            for inner, data in content.items():
                (path / inner).parent.mkdir(parents=True, exist_ok=True)
                (path / inner).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        else:
            path.write_bytes(zipped(content) if name.endswith(".zip") and isinstance(content, dict) else content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def folder(self, student, lesson=LESSON):
        return self.root / "submitted" / student / lesson

    def collect(self, *sources, **wishes):
        return collecting.collect(list(sources), self.folder, self.root / "submitted", self.root / ".grader", wishes.pop("catalogue", self.catalogue), **wishes)

    def tree(self):
        """Every file below submitted/: path -> content."""
        return {path.relative_to(self.root / "submitted").as_posix(): path.read_bytes() for path in sorted((self.root / "submitted").rglob("*")) if path.is_file()}

    def answered(self, words):
        """A notebook with these words as its last answer."""
        return toys.answered(self.release, {**toys.SOLVED, "why": words})


@pytest.fixture(scope="session")
def release():
    from grader.nbgrader_plugins import release

    return release(toys.lesson_notebook())


@pytest.fixture
def desk(tmp_path, release):
    return Desk(tmp_path, release)


@pytest.fixture
def course_with_cli(ours):
    """The toy course with what the command line looks for: its lesson's source, the configuration, the solution's stubs."""
    (ours.root / "lessons" / LESSON).mkdir(parents=True)
    (ours.root / "lessons" / LESSON / f"{LESSON}.py").write_text("")
    shutil.copy(Path(__file__).parents[2] / "nbgrader_config.py", ours.root)
    return ours


@pytest.fixture(scope="session")
def pack():
    return zipped

"""The course's data folder, with its build script and builders importable."""

import importlib.util
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def data_folder():
    return DATA


@pytest.fixture(scope="session")
def build():
    """The module data/build.py. Its folder is on sys.path, as when the script runs, until the tests end."""
    spec = importlib.util.spec_from_file_location("course_data_build", DATA / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(DATA))

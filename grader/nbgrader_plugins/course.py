"""nbgrader's API for a course folder, set up as nbgrader_config.py says."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

CONFIG = Path(__file__).parents[2] / "nbgrader_config.py"


def config(root: str | Path, **overrides) -> Config:
    """Return the configuration of the course at `root`.

    It is read from `root`/nbgrader_config.py, or from this repository's where there is none.
    `overrides` are settings by class: `config(root, CourseDirectory={"source_directory": "mine"})`.
    Raises FileNotFoundError if there is neither file.
    """
    root = Path(root).resolve()
    path = root / CONFIG.name if (root / CONFIG.name).is_file() else CONFIG
    if not path.is_file():
        raise FileNotFoundError(f"{root} has no {CONFIG.name}; copy the course's own there")
    settings = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    settings.CourseDirectory.root = str(root)
    for name, values in overrides.items():
        settings[name].update(values)
    return settings


def course(root: str | Path, **overrides) -> NbGraderAPI:
    """Return nbgrader's API for the course at `root`, with its own gradebook there.

    See `config` for the arguments; `course(root).autograde(assignment, student)` is
    `nbgrader autograde` for one student.
    """
    log = logging.getLogger("traitlets")
    level = log.level
    api = NbGraderAPI(config=config(root, **overrides))
    log.setLevel(level)
    return api


def find_alembic() -> None:
    """Let nbgrader find alembic, which it runs by its bare name to make a gradebook.

    In a virtual environment that was not activated it is beside Python and not on the PATH.
    """
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

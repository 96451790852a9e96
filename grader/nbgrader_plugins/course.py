"""nbgrader's API for a course folder, set up as nbgrader_config.py says."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from grader.engine import Job, Verdict

CONFIG = Path(__file__).parents[2] / "nbgrader_config.py"


def config(root: str | Path, verdicts: Callable[[Job], Verdict] | None = None, **overrides) -> Config:
    """Return the configuration of the course at `root`.

    It is read from `root`/nbgrader_config.py, or from this repository's where there is none.
    `verdicts` stands in for the engine, see `Grade.verdicts`; `overrides` are settings by
    class: `config(root, CourseDirectory={"source_directory": "mine"})`.
    Raises FileNotFoundError if there is neither file.
    """
    root = Path(root).resolve()
    path = root / CONFIG.name if (root / CONFIG.name).is_file() else CONFIG
    if not path.is_file():
        raise FileNotFoundError(f"{root} has no {CONFIG.name}; copy the course's own there")
    settings = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    settings.CourseDirectory.root = str(root)
    if "plugin_class" not in settings.AssignLatePenalties:  # a course's file may be of an earlier edition
        settings.AssignLatePenalties.plugin_class = "grader.nbgrader_plugins.lateness.LatePolicy"
    if verdicts is not None:
        # A function, because traitlets copies configuration deeply: a bound method's object with it.
        settings.Grade.verdicts = lambda job: verdicts(job)
    for name, values in overrides.items():
        settings[name].update(values)
    return settings


def course(root: str | Path, verdicts: Callable[[Job], Verdict] | None = None, **overrides) -> NbGraderAPI:
    """Return nbgrader's API for the course at `root`, with its own gradebook there.

    See `config` for the arguments; `course(root).autograde(assignment, student)` is
    `nbgrader autograde` for one student.
    """
    log = logging.getLogger("traitlets")
    level = log.level
    # nbgrader looks for its exchange here, which most courses do not have, and calls that critical.
    logging.disable(logging.CRITICAL)
    try:
        return NbGraderAPI(config=config(root, verdicts, **overrides))
    finally:
        logging.disable(logging.NOTSET)
        log.setLevel(level)


def find_alembic() -> None:
    """Let nbgrader find alembic, which it runs by its bare name to make a gradebook.

    In a virtual environment that was not activated it is beside Python and not on the PATH.
    """
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

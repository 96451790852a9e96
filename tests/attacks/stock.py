"""Grade an attack with nbgrader as it comes, in a throw-away course, to show whether it works there.

Run as a script it grades one course and prints what nbgrader's API returned:

    python -m tests.attacks.stock COURSE LESSON
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import grader  # noqa: F401  # before nbgrader: see grader/sooner.py
import psutil
from nbgrader.apps.api import NbGraderAPI

from . import target
from .attack import REPOSITORY, Attack
from .canaries import CANARY, SECRETS
from .classroom import HONEST, NEIGHBOUR, Classroom, leaks, stock_config, student_id
from .watch import Listener, Watch, clean_up, remove

# nbgrader gives a cell 30 s and then kills the kernel; what takes longer than this stalls the batch.
PATIENCE = 75.0
_OURS = "RNN_COURSE_ATTACK_RUN"


@dataclass
class StockResult:
    """What stock nbgrader made of an attack. `points` is None where it gave no grade."""

    name: str
    points: float | None = None
    gained: float = 0.0
    effects: list[str] = field(default_factory=list)
    not_run: str = ""


class Stock:
    """Makes a course once, and a copy of it for each attack; a context manager."""

    def __init__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="attacked-stock-"))
        root = self._folder / "template"
        root.mkdir()
        room = Classroom(root, NbGraderAPI(config=stock_config(root)))
        room.furnish(list(target.NAMES.values()))
        self._listener = Listener()

    def __enter__(self) -> Stock:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        remove(self._folder)

    def grade(self, attack: Attack) -> StockResult:
        """Grade it and then, in the same batch where that is quick, an honest submission."""
        if attack.danger or attack.stock:
            return StockResult(attack.name, not_run=attack.stock.removeprefix("not run: ") or "would harm this machine")
        student, lesson = student_id(attack), attack.lesson
        run = self._folder / "run"
        root, home = run / "course", run / "home"
        shutil.copytree(self._folder / "template", root)
        home.mkdir()
        room = Classroom(root, NbGraderAPI(config=stock_config(root)))
        result = StockResult(attack.name)
        batch = attack.target == "light"
        for other in [NEIGHBOUR] if batch else [NEIGHBOUR, HONEST]:  # not to be graded every time
            shutil.rmtree(root / "submitted" / other / lesson)
        watch = Watch(root, self._listener, [home])
        watch.begin(student)
        attack.write(room.place(student, lesson, self._listener.port))
        try:
            result.effects += self._run(root, home, lesson)
            result.points = room.points(student, lesson)
            result.gained = max(0.0, (result.points or 0.0) - attack.earns)
            result.effects += leaks("its outputs", room.shown(student, lesson))
            result.effects += [effect for effect in watch.effects() if "changed the course's autograded" not in effect]
            if batch and room.points(HONEST, lesson) != target.FULL:
                result.effects.append("an honest submission of the same batch lost its grade")
            if not room.neighbour_is_unharmed(lesson):
                result.effects.append("changed another student's grade")
        finally:
            clean_up()
            remove(run)
        return result

    def _run(self, root: Path, home: Path, lesson: str) -> list[str]:
        """Run nbgrader in a process of its own; say how that ended, and leave nothing of it."""
        environment = {
            **os.environ, "HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "3", _OURS: str(root),
            CANARY: SECRETS["the grader's environment"], "PYTHONPATH": str(REPOSITORY),
        }  # fmt: skip
        command = [sys.executable, "-m", __spec__.name, str(root), lesson]
        process = subprocess.Popen(
            command, env=environment, cwd=REPOSITORY, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            said = process.communicate(timeout=PATIENCE)[0]
            outcome = json.loads(said.strip().split("\n")[-1])
            return [] if outcome["success"] else ["nbgrader failed"]
        except subprocess.TimeoutExpired:
            return [f"the batch stood still for {PATIENCE:g} s"]
        except (ValueError, KeyError):
            return ["nbgrader itself was ended"]
        finally:
            _end_run(str(root))
            process.kill()
            process.communicate()


def _end_run(root: str) -> None:
    """End every process of this run, by a variable of its environment."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(_OURS) == root:
                process.kill()
        except psutil.Error:
            pass


def main(root: str, lesson: str) -> None:
    api = NbGraderAPI(config=stock_config(Path(root)))
    outcome = api.autograde(lesson, "*")
    print(json.dumps({"success": outcome["success"]}))


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""Killed at any instant, grading goes on from there: it ends as if nothing had happened, and repeats nothing that had finished."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from grader.engine import sandbox
from grader.nbgrader_plugins import batch, course

from .test_recording import dump

NAME = "01_toy"
KILLS = 20
SCRIPT = Path(__file__).with_name("grade_class.py")


@pytest.fixture
def two_courses(ours, toy, student, tmp_path):
    """The same class twice: right, wrong, failing, ending its process, printing, cut off, in a folder without a notebook."""
    if problem := sandbox.problem(sandbox.Isolation.default()):
        pytest.skip(f"submissions cannot be isolated here: {problem}")
    answers = [
        "def double(x):\n    return 2 * x",
        "def double(x):\n    return x",
        "def double(x):\n    raise ValueError(x)",
        "import os\nos._exit(3)",
        "def double(x):\n    print('x' * 1000)\n    return 2 * x",
        "def double(x):\n    import time\n    time.sleep(1)\n    return 2 * x",
    ]
    for n in range(KILLS):
        toy.by_name(student, "double").source = f"# {n}\n{answers[n % len(answers)]}"
        ours.submit(student, f"s{n:02d}")
    ours.submit(json.dumps(student)[:700], "t-cut-off")
    ours.folder("t-empty")
    return ours.root, shutil.copytree(ours.root, tmp_path / "undisturbed")


class Run:
    """The script in a process of its own; `told` is what it has said so far."""

    def __init__(self, root, workers=2):
        self.errors = tempfile.TemporaryFile("w+")  # a pipe that nobody reads would fill
        self.process = subprocess.Popen([sys.executable, SCRIPT, root, NAME, str(workers)], stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.told, self.changed = [], threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.told.append(line.split())
                self.changed.notify_all()

    def wait_for(self, lines):
        """Wait until it has said so many lines, or has ended."""
        with self.changed:
            while len(self.told) < lines and self.process.poll() is None:
                self.changed.wait(0.2)

    def end(self):
        self._reader.join()  # it alone reads: what `communicate` took would be missing in `told`
        self.errors.seek(0)
        assert self.process.wait() == 0, self.errors.read()
        assert self.told[-1] == ["done"]


def written(root):
    """When each verdict and each mark was written."""
    private = root / batch.PRIVATE
    files = [path for kind in ("verdicts", "recorded") for path in (private / kind).rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path: path.stat().st_mtime_ns for path in files}


def sources(root):
    """The graded notebooks without what differs from run to run: times and places in tracebacks."""
    pages = {}
    for path in sorted((root / "autograded").rglob("*.ipynb")):
        notebook = json.loads(path.read_text())
        pages[path.relative_to(root).as_posix()] = [
            [cell["source"], cell["metadata"], [output["output_type"] for output in cell.get("outputs", [])]] for cell in notebook["cells"]
        ]
    return pages


@pytest.mark.slow
def test_killed_at_twenty_instants_it_ends_as_if_nothing_had_happened(two_courses):
    disturbed, undisturbed = two_courses
    chance = random.Random(5)
    before = {}
    for n in range(KILLS):
        run = Run(disturbed, workers=1 + n % 2)  # each is a process that imports TensorFlow
        run.wait_for(chance.choice([1, 2, 2, 3]) + len(os.listdir(disturbed / "autograded") if (disturbed / "autograded").is_dir() else []))
        time.sleep(chance.uniform(0, 1.5))
        run.process.send_signal(signal.SIGKILL)
        run.process.wait()
        after = written(disturbed)
        assert before.items() <= after.items(), "what had finished was done again"
        before = after
    last = Run(disturbed)
    last.end()
    assert before.items() <= written(disturbed).items()
    Run(undisturbed).end()
    assert dump(disturbed) == dump(undisturbed)
    assert len({row[0] for row in dump(disturbed)[0]}) == KILLS + 2
    assert sources(disturbed) == sources(undisturbed)
    feedback = [sorted(path.relative_to(root) for path in (root / "feedback").rglob("*.html")) for root in two_courses]
    assert feedback[0] == feedback[1] and len(feedback[0]) == KILLS + 2
    with course(disturbed).gradebook as gradebook:
        assert len(gradebook.assignment_submissions(NAME)) == KILLS + 2

"""The worker itself: isolation changes no grade, submissions are strangers, nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from grader.engine import EngineError, Isolation, Limits, Worker, grade
from grader.engine import desk as desk_module
from grader.engine import worker as worker_module

from .notebooks import code, job, points, test, text

pytestmark = pytest.mark.slow  # real kernels, one or more a test

# Below bubblewrap: its own init, the warm process, two keepers and two kernels.
PROCESSES = 6

TRAINS = """
import keras, numpy as np
from keras import layers
keras.utils.set_random_seed(1)
model = keras.Sequential([layers.Input((5, 2)), layers.LSTM(4), layers.Dense(1)])
model.compile("adam", "mse")
history = model.fit(np.ones((32, 5, 2)), np.ones(32), epochs=2, verbose=0)
"""
TRAINED = "assert len(history.history['loss']) == 2 and model.count_params() == 4 * 4 * (2 + 4 + 1) + 5"


def varied():
    """Trains, draws, fails, exits; prints what must not depend on isolation."""
    return job(
        code(TRAINS),
        test("trained", TRAINED, 3),
        test("loss", "float(history.history['loss'][-1] > 0)", 2),
        code("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"),
        code("import os, sys\nprint(sys.path, os.path.basename(sys.argv[0]), __name__, os.environ['MPLBACKEND'])"),
        code("print(os.listdir(), sys.flags.safe_path)"),
        test("fails", "model.missing"),
        test("exits", "import os\nos._exit(1)"),
        test("unreached"),
        limits=Limits(interrupt_seconds=1),
    )


@pytest.mark.slow
def test_isolation_changes_no_grade(worker):
    given = varied()
    isolated = worker.grade(given)
    with Worker(Isolation("none")) as plain:
        open_ = plain.grade(given)
    assert points(isolated) == {"trained": 3, "loss": 1, "fails": 0, "exits": 0, "unreached": 0}
    assert isolated.scores == open_.scores
    assert isolated.stopped == open_.stopped
    assert isolated.execution_counts == open_.execution_counts
    figure, paths, place = (given.notebook.cells[i].id for i in (3, 4, 5))
    for verdict in (isolated, open_):
        assert [sorted(output.data) for output in verdict.outputs[figure]] == [
            ["image/png", "text/plain"]
        ]

    assert isolated.outputs[paths] == open_.outputs[paths]
    assert isolated.outputs[place] == open_.outputs[place]


def test_two_submissions_in_a_row_both_train(worker):
    """TensorFlow's runtime starts in each fork, never in the process they are forked from."""
    for _ in range(2):
        unstarted = (
            "from tensorflow.python.eager import context\n"
            "unstarted = context._context is None or context._context._context_handle is None"
        )
        verdict = worker.grade(job(
            code(unstarted), test("unstarted", "assert unstarted"),
            code(TRAINS), test("trained", TRAINED), limits=Limits()))  # fmt: skip
        assert points(verdict) == {"unstarted": 1, "trained": 1}


def test_submissions_are_strangers(worker):
    first = code(
        "import builtins, keras, os, tempfile\n"
        "secret = 1\nbuiltins.secret = 1\nkeras.secret = 1\nbuiltins.pow = lambda *x: 0\n"
        "os.environ['SECRET'] = '1'\n"
        "for folder in ('.', os.path.expanduser('~'), tempfile.gettempdir(), keras.config.keras_home()\n"
        "               if hasattr(keras.config, 'keras_home') else '.'):\n"
        "    os.makedirs(folder, exist_ok=True)\n"
        "    open(os.path.join(folder, 'secret'), 'w').write('1')"
    )
    spoilt = test("a", "assert power == 0 and pow(2, 2) == 4")
    assert points(worker.grade(job(first, code("power = pow(2, 2)"), spoilt))) == {"a": 1}
    look = (
        "import builtins, keras, os, tempfile\n"
        "seen = [hasattr(keras, 'secret'), hasattr(builtins, 'secret'), 'secret' in globals(), pow(2, 2) != 4,\n"
        "        'SECRET' in os.environ]\n"
        "seen += [os.path.exists(os.path.join(folder, 'secret'))\n"
        "         for folder in ('.', os.path.expanduser('~'), tempfile.gettempdir(), '/tmp', '/dev/shm')]\n"
    )
    verdict = worker.grade(job(code(look), test("student", "assert not any(seen)"), test("referee", look + "assert not any(seen)")))
    assert points(verdict) == {"student": 1, "referee": 1}


def test_a_kernel_has_no_debugger(worker):
    """ipykernel would import one into each kernel, though nobody can attach it there."""
    cell = code("import sys\nprint('ipykernel.debugger' in sys.modules, [name for name in sys.modules if 'pydev' in name or 'debugpy' in name])")
    verdict = worker.grade(job(cell))
    assert text(verdict, cell) == "True []\n"


def test_random_numbers_differ_between_kernels(worker):
    cell = code("import random, numpy as np\nprint(random.random(), np.random.rand())")
    first, second = (text(worker.grade(job(cell)), cell).split() for _ in range(2))
    assert first[0] != second[0] and first[1] != second[1]


def test_a_kernel_knows_nothing_private_of_the_grader(worker, monkeypatch, tmp_path):
    monkeypatch.setenv("GRADEBOOK_PASSWORD", "hunter2")
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))
    verdict = worker.grade(job(
        code("import os\nstudents = dict(os.environ)\nhome = os.path.expanduser('~')"),
        test("private", "import os\nassert 'GRADEBOOK_PASSWORD' not in {**os.environ, **students}"),
        test("data", f"assert students['RNN_COURSE_DATA'] == os.environ['RNN_COURSE_DATA'] == {str(tmp_path)!r}"),
        test("nbgrader", "assert students['NBGRADER_EXECUTION'] == 'autograde'"),
        test("home", "assert home != " + repr(os.path.expanduser("~"))),
    ))  # fmt: skip
    assert points(verdict) == {"private": 1, "data": 1, "nbgrader": 1, "home": 1}


def test_a_folder_too_deep_or_locked_is_removed_too(worker):
    verdict = worker.grade(job(
        code("import os\nfor i in range(1100): os.mkdir('d'); os.chdir('d')"),
        code("home = os.path.expanduser('~')\nos.mkdir(home + '/x')\n"
             "open(home + '/x/y', 'w').close()\nos.symlink('/', home + '/root')\n"
             "os.chmod(home + '/x', 0)"),
        test("a"),
    ))  # fmt: skip
    assert points(verdict) == {"a": 1}
    assert points(worker.grade(job(code("import os\nx = os.listdir()"), test("b", "assert x == []")))) == {"b": 1}


@pytest.mark.slow
def test_a_submission_cannot_kill_what_it_was_forked_from(worker):
    worker.grade(job())
    before = worker._warm.pid
    kill = code(
        "import os, signal\nfor pid in {1, os.getppid(), -1}:\n    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass"
    )
    assert points(worker.grade(job(test("before"), kill, test("after")))) == {"before": 1, "after": 1}
    assert points(worker.grade(job(test("next")))) == {"next": 1}
    assert worker._warm.pid == before


@pytest.mark.slow
def test_a_warm_process_that_was_killed_is_replaced():
    with Worker() as worker:
        worker.grade(job())
        before = worker._warm.pid
        for process in psutil.Process(before).children(recursive=True):
            process.kill()
        assert points(worker.grade(job(test("next")))) == {"next": 1}
        assert worker._warm.pid != before


@pytest.mark.slow
def test_close_leaves_nothing():
    worker = Worker()
    worker.grade(job(limits=Limits()))
    desk, process = worker._desk.root, psutil.Process(worker._warm.pid)
    assert desk.exists() and process.is_running()
    worker.close()
    assert not desk.exists()
    assert not process.is_running()


@pytest.mark.slow
def test_a_killed_grader_leaves_nothing(tmp_path):
    """The warm process sees its grader's end and ends with its kernels; the next grader removes its folder."""
    script = textwrap.dedent("""
        import nbformat.v4 as v4
        from grader.engine import Job
        from grader.engine.worker import default_worker
        def grade(*cells):
            default_worker().grade(Job(v4.new_notebook(cells=list(map(v4.new_code_cell, cells)))))
        grade("1")
        print(default_worker()._warm.pid, flush=True)
        grade("open('secret', 'w').write('x')", "import time; time.sleep(600)")
    """)
    short = Path("/tmp") if len(str(tmp_path)) > 60 else tmp_path
    folder = Path(subprocess.check_output(["mktemp", "-d", short / "XXXXXX"], text=True).strip())
    try:
        environment = {**os.environ, "TMPDIR": str(folder)}
        grader = subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
        sandbox = psutil.Process(int(grader.stdout.readline()))
        _until(lambda: len(sandbox.children(recursive=True)) >= PROCESSES, 120)
        processes = [sandbox, *sandbox.children(recursive=True)]
        grader.kill()
        grader.wait()
        _until(lambda: not any(map(_runs, processes)), 120)
        assert [name for _, _, names in os.walk(folder) for name in names if name == "secret"] == []
        subprocess.run([sys.executable, "-c", "from grader.engine.desk import Desk\nDesk().close()"], env=environment, check=True)
        assert os.listdir(folder) == []
    finally:
        subprocess.run(["rm", "-rf", folder], check=True)


def test_an_interrupt_of_the_grader_is_not_the_students_fault(worker):
    """Ctrl-C ends the grading; it never becomes a verdict."""

    def interrupt():
        _until(lambda: worker._warm and len(psutil.Process(worker._warm.pid).children(recursive=True)) >= PROCESSES, 120)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    with pytest.raises(KeyboardInterrupt):
        thread.start()
        worker.grade(job(code("import time\ntime.sleep(600)"), limits=Limits(cell_seconds=600)))
    thread.join()
    assert points(worker.grade(job(test("next")))) == {"next": 1}


def test_stop_ends_a_job_in_hand_and_blames_nobody():
    """What Ctrl-C on a class does, from another thread than the worker's."""
    worker, problems = Worker(), []

    def work():
        try:
            worker.grade(job(code("import time\ntime.sleep(600)"), limits=Limits()))
        except EngineError as problem:
            problems.append(str(problem))

    thread = threading.Thread(target=work)
    thread.start()
    _until(lambda: worker._warm and len(psutil.Process(worker._warm.pid).children(recursive=True)) >= PROCESSES, 120)
    desk, warm = worker._desk.root, worker._warm.pid
    worker.stop()
    thread.join(60)
    assert problems == ["the worker was stopped"]
    assert not psutil.pid_exists(warm) and not desk.exists()
    with pytest.raises(EngineError, match="was stopped"):
        worker.grade(job(test("a")))


def test_a_folder_that_cannot_be_removed_costs_no_grade(monkeypatch):
    """`rm` fails where even it may not: the next submission works in another folder."""

    def stuck(self):
        raise subprocess.CalledProcessError(1, "rm")

    with Worker() as worker:
        clear, close = desk_module.Desk.clear, desk_module.Desk.close
        made = []

        def clear_once(self, seated=False):
            if self in made:
                stuck(self)
            made.append(self)
            clear(self, seated)

        monkeypatch.setattr(desk_module.Desk, "clear", clear_once)
        monkeypatch.setattr(desk_module.Desk, "close", stuck)
        assert points(worker.grade(job(test("a")))) == {"a": 1}
        assert points(worker.grade(job(test("b")))) == {"b": 1}
        assert len({desk.root for desk in made}) >= 2
        for desk in made:
            close(desk)


def test_grading_from_inside_an_event_loop(worker):
    async def inside():
        return worker.grade(job(test("a")))

    assert points(asyncio.run(inside())) == {"a": 1}


def test_an_engine_that_cannot_start_says_so(monkeypatch):
    monkeypatch.setattr(worker_module.sandbox, "problem", lambda isolation: "")  # it was tried before, with a Python that starts
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Worker() as worker, pytest.raises(EngineError, match="(?s)no kernel can be started.*grader doctor"):
        worker.grade(job(test("a")))


def test_without_bubblewrap_nothing_is_graded(monkeypatch):
    monkeypatch.setattr(worker_module.sandbox, "problem", lambda isolation: "bubblewrap is not installed")
    with Worker() as worker, pytest.raises(EngineError, match="bubblewrap is not installed"):
        worker.grade(job(test("a")))


def test_grade_uses_one_worker_of_this_process(worker, monkeypatch):
    monkeypatch.setattr(worker_module, "_default", worker)
    monkeypatch.setattr(worker_module, "_default_pid", os.getpid())
    assert points(grade(job(test("a")))) == {"a": 1}
    assert worker_module.default_worker() is worker


def _until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def _runs(process):
    """A zombie does not: an orphan ends as one where nobody reaps, as below a subreaper that runs tests."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

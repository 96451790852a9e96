"""Submissions that loop, flood, crash or breed: each costs itself alone."""

from __future__ import annotations

from dataclasses import replace

import psutil
import pytest

from grader.engine import Limits

from .notebooks import QUICK, code, hidden, job, points, test, text

pytestmark = pytest.mark.slow  # real kernels, one or more a test

SHORT = replace(QUICK, cell_seconds=1.5)


def test_an_endless_cell_is_interrupted_and_the_rest_goes_on(worker):
    verdict = worker.grade(job(
        code("x = 1"),
        test("loops", "while True: pass"),
        test("swallows", "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"),
        test("after", "assert x == 1"),
        limits=SHORT,
    ))  # fmt: skip
    assert points(verdict) == {"loops": 0, "swallows": 0, "after": 1}
    assert verdict.scores["loops"].reason == "cell loops ran longer than 1.5 s"
    assert verdict.scores["swallows"].reason == "cell swallows ran longer than 1.5 s"
    assert verdict.stopped == ""


def test_a_cell_that_ignores_interrupts_is_killed(worker):
    stubborn = code(
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    )
    verdict = worker.grade(job(test("before"), stubborn, test("after"), limits=SHORT))
    assert points(verdict) == {"before": 1, "after": 0}
    assert verdict.stopped == "cell 2 of the notebook ran longer than 1.5 s"
    assert verdict.scores["after"].reason == f"not run: {verdict.stopped}"
    assert "deaf" in text(verdict, stubborn) and "stopped:" in text(verdict, stubborn)


def test_the_whole_submission_has_a_limit(worker):
    sleeps = [test(f"t{i}", "import time\ntime.sleep(1)") for i in range(4)]
    verdict = worker.grade(job(*sleeps, limits=replace(QUICK, submission_seconds=1.5)))
    assert points(verdict) == {"t0": 1, "t1": 0, "t2": 0, "t3": 0}
    assert verdict.stopped == "the notebook ran longer than 1.5 s in cell t1"


@pytest.mark.parametrize("loop", [
    "while True: print('x' * 1000)",
    "from IPython.display import display, clear_output\nwhile True: display('x' * 100)",
    "from IPython.display import clear_output\nwhile True:\n    clear_output(); print('x' * 1000)",
    "import os\nwhile True: os.write(1, b'x' * 1000)",
    "print('x' * 70_000_000)",
])  # fmt: skip
def test_endless_output_is_cut(worker, loop):
    cell = code(loop)
    verdict = worker.grade(
        job(cell, test("same", loop), test("after"), limits=replace(QUICK, output_bytes=50_000))
    )
    assert verdict.scores["same"].points == 0
    assert verdict.scores["same"].reason
    assert len(str(verdict.outputs[cell.id])) < 200_000


def test_output_over_the_limit_names_the_limit_and_the_rest_goes_on(worker):
    limits = Limits(output_bytes=50_000)
    cell = code("import time\nfor i in range(100): print('x' * 10_000, flush=True); time.sleep(.05)")
    verdict = worker.grade(job(cell, test("after"), limits=limits))
    assert points(verdict) == {"after": 1}
    assert "printed more than 50,000 bytes" in text(verdict, cell)


def test_one_long_line_is_read_at_once(worker):
    cell = code("print('y' * 500_000)\nprint('\\r'.join(['z' * 9] * 10_000))")
    verdict = worker.grade(job(cell, test("after"), limits=replace(QUICK, cell_seconds=20)))
    assert points(verdict) == {"after": 1}
    assert text(verdict, cell) == "y" * 500_000 + "\n" + "z" * 9 + "\n"


def test_all_outputs_together_have_a_limit(worker):
    cells = [code("print('x' * 9_000)") for _ in range(60)]
    verdict = worker.grade(job(*cells, test("after"), limits=replace(QUICK, output_bytes=10_000)))
    assert points(verdict) == {"after": 1}
    assert "the notebook has printed more than 200,000 bytes" in text(verdict, cells[-1])
    assert len(str(verdict.outputs)) < 400_000


def test_a_figure_that_is_redrawn_is_not_over_the_limit(worker):
    cell = code(
        "from IPython.display import clear_output\n"
        "for i in range(20): clear_output(wait=True); print(str(i) * 5000, flush=True)"
    )
    verdict = worker.grade(job(cell, test("after"), limits=replace(QUICK, output_bytes=30_000)))
    assert "more than" not in text(verdict, cell) and points(verdict) == {"after": 1}


@pytest.mark.parametrize("end, says", [
    ("import os\nos._exit(3)", "ended with exit code 3"),
    ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "was killed by signal 9"),
    ("import ctypes\nctypes.string_at(0)", "was killed by signal 11"),
    ("exit()\nimport time\ntime.sleep(2)", ""),
])  # fmt: skip
def test_a_dead_kernel_fails_what_it_did_not_reach(worker, end, says):
    cell = code(f"print('so far', flush=True)\nimport time\ntime.sleep(.3)\n{end}")
    verdict = worker.grade(job(test("before"), cell, test("after"), test("last")))
    assert verdict.scores["before"].points == 1
    if says:
        assert points(verdict) == {"before": 1, "after": 0, "last": 0}
        assert says in verdict.stopped and says in verdict.scores["last"].reason
        assert "so far" in text(verdict, cell)
    assert points(worker.grade(job(test("next submission")))) == {"next submission": 1}


def test_a_test_cell_that_dies_scores_nothing(worker):
    verdict = worker.grade(job(test("a", "import os\nos._exit(0)"), test("b")))
    assert points(verdict) == {"a": 0, "b": 0}
    assert verdict.scores["a"].reason == "the Python process ended with exit code 0 in cell a"


def test_no_process_outlives_its_submission(worker):
    marker = "leftover-of-a-submission"
    sleep = f"['{{python}}', '-c', 'import time; time.sleep(600)', '{marker}']"
    spawn = code(
        "import os, subprocess, sys\n"
        f"argv = {sleep}\nargv[0] = sys.executable\n"
        "subprocess.Popen(argv)\n"
        "subprocess.Popen(argv, start_new_session=True, env={})\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0: os.execve(argv[0], argv, {})\n"
        "    os._exit(0)\n"
        "import time\ntime.sleep(.5)"
    )
    assert points(worker.grade(job(spawn, test("a")))) == {"a": 1}
    assert [p for p in psutil.process_iter(["cmdline"]) if marker in (p.info["cmdline"] or [])] == []


def test_an_error_whose_output_is_left_out_is_not_quoted(worker):
    """By printing, a function could else have a hidden check's words told as the grader's own, with the numbers in them."""
    prints = [test(f"prints {number}", "f(1)") for number in range(25)]
    fails = hidden("fails", "from grader.checks import CheckFailed\nraise CheckFailed(f'it returned {len(g(1734))} values')")
    answers = code("def f(x):\n    print('x' * 1800)\ndef g(x):\n    return list(range(x))")
    verdict = worker.grade(job(answers, *prints, fails, limits=replace(QUICK, output_bytes=2000)))
    assert set(points(verdict).values()) == {0, 1} and points(verdict)["fails"] == 0
    assert "left out" in verdict.scores["fails"].reason and "1734" not in verdict.scores["fails"].reason

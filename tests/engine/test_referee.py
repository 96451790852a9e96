"""What a test sees, where it comes from, and when it runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.engine import Isolation, Worker

from .notebooks import QUICK, code, given, hidden, job, points, test, text

pytestmark = pytest.mark.slow  # real kernels, one or more a test


def exercise(name, source):
    about = {"grade_id": name, "grade": False, "solution": True, "locked": False}
    return code(source, nbgrader=about)


def test_given_names_are_the_courses_own(worker):
    """A student can bind them anew, for their own cells; a test goes on with the course's."""
    verdict = worker.grade(job(
        given("import math\ndata = [1, 2, 3]\ndef helper(x):\n    return 2 * x"),
        code("math = data = None\ndef helper(x):\n    return 0\nmine = helper(1)"),
        test("own", "assert mine == 0"),
        test("given", "assert data == [1, 2, 3] and helper(3) == 6 and math.sqrt(4) == 2"),
    ))  # fmt: skip
    assert points(verdict) == {"own": 1, "given": 1}


def test_what_a_test_makes_belongs_to_its_exercise(worker):
    """The tests of one exercise share names; the student's `model` is not hidden by another exercise's."""
    verdict = worker.grade(job(
        exercise("first", "def f(x):\n    return x + 1"),
        test("makes", "model = f(1)\nassert model == 2"),
        test("shares", "assert model == 2"),
        hidden("shares, hidden", "assert model == 2"),
        exercise("second", "model = 'mine'"),
        test("not another's", "assert model == 'mine'"),
        test("gone", "f_result = shares\n"),
    ))  # fmt: skip
    assert points(verdict) == {"makes": 1, "shares": 1, "shares, hidden": 1, "not another's": 1, "gone": 0}
    assert verdict.scores["gone"].reason == "NameError: name 'shares' is not defined"


def test_what_a_test_made_is_never_looked_for_at_the_students(worker):
    """An answer that cannot cross keeps the visible test from running; what that would have made stays unknown."""
    declares = {"rnn_course": {"reads": ["f"]}}
    reference = "def reference(x):\n    return x + 1\nassert f(1) == reference(1)"
    secret = "### BEGIN HIDDEN TESTS\nassert f(5) == reference(5)\n### END HIDDEN TESTS"
    for answer in ("f = (x for x in 'ab')", "def f(x):\n    return 'nonsense'"):
        verdict = worker.grade(job(
            exercise("f", f"{answer}\ndef reference(x):\n    return 'nonsense'"),
            test("makes", reference, **declares),
            test("shares", secret, **declares),
            test("undeclared", "assert reference(5) == 'nonsense'", **declares),
        ))  # fmt: skip
        assert points(verdict) == {"makes": 0, "shares": 0, "undeclared": 0}


def test_every_test_has_its_verdict_from_one_run(tmp_path):
    """Without isolation, so that the submission can leave a mark by which it knows the second run."""
    mark = str(tmp_path / "mark")
    tells = f"import os\nfirst = not os.path.exists({mark!r})\nopen({mark!r}, 'w').close()\nx = 3 if first else 4"
    with Worker(Isolation("none")) as worker:
        verdict = worker.grade(job(
            exercise("x", tells),
            test("visible", "assert x == 3"),
            hidden("hidden", "assert x == 4"),
            code("os._exit(3)"),
            test("after", "pass"),
        ))  # fmt: skip
    assert points(verdict) == {"visible": 0, "hidden": 1, "after": 0}
    assert verdict.stopped == "the Python process ended with exit code 3 in cell 4 of the notebook"


def test_a_second_run_has_the_time_that_the_first_left(worker):
    """Of twice 3 s it takes 2.5 again, as the first did: a hidden test that wants 2 has no more than 1."""
    verdict = worker.grade(job(
        exercise("f", "import os, time\ntime.sleep(2.5)\ndef f(x):\n    time.sleep(2)\n    return x"),
        hidden("slow", "assert f(7) == 7"),
        code("os._exit(3)"),
        limits=replace(QUICK, submission_seconds=3),
    ))  # fmt: skip
    assert points(verdict) == {"slow": 0} and "ran longer" in verdict.scores["slow"].reason


def test_a_student_who_binds_a_name_later_is_tested_on_what_it_was(worker):
    verdict = worker.grade(job(
        exercise("f", "def f(x):\n    return x + 1"),
        test("then", "assert f(1) == 2"),
        hidden("then, hidden", "assert f(5) == 6"),
        code("def f(x):\n    return 0"),
        test("now", "assert f(1) == 0"),
    ))  # fmt: skip
    assert points(verdict) == {"then": 1, "then, hidden": 1, "now": 1}


def test_nothing_of_the_student_is_shown_after_a_hidden_test(worker):
    """What a function keeps of a hidden test's arguments finds no way out."""
    last = code("print('kept:', kept)")
    verdict = worker.grade(job(
        exercise("f", "kept = []\ndef f(x):\n    kept.append(x)\n    print('got', x)\n    return x"),
        hidden("secret", "assert f(90210) == 90210"),
        test("visible", "assert f(3) == 3"),
        last,
    ))  # fmt: skip
    assert points(verdict) == {"secret": 1, "visible": 1}
    assert text(verdict, last) == "kept: [3]\n"


def test_what_a_function_prints_stands_in_the_test_that_called_it(worker):
    visible = test("f", "assert f(3) == 3\nassert f(4) == 4")
    verdict = worker.grade(job(code("def f(x):\n    print('got', x)\n    return x"), visible))
    assert text(verdict, visible) == "got 3\ngot 4\n"


def test_a_value_that_cannot_cross_is_a_failed_check_that_names_it(worker):
    verdict = worker.grade(job(
        code("numbers = (n for n in range(3))\ndef f():\n    return (n for n in range(3))"),
        test("variable", "assert list(numbers) == [0, 1, 2]"),
        test("result", "assert list(f()) == [0, 1, 2]"),
        hidden("hidden", "assert list(numbers) == [0, 1, 2]"),
        test("after", "pass"),
    ))  # fmt: skip
    assert points(verdict) == {"variable": 0, "result": 0, "hidden": 0, "after": 1}
    assert verdict.scores["variable"].reason == "`numbers` cannot be handed to the checks"
    assert verdict.scores["result"].reason == "what `f` returns cannot be handed to the checks"


def test_an_exception_of_the_students_is_the_tests_own(worker):
    verdict = worker.grade(job(
        code("def f(x):\n    return [][x]"),
        test("raises", "f(3)"),
        test("caught", "try:\n    f(3)\nexcept IndexError:\n    pass\nelse:\n    assert False"),
    ))  # fmt: skip
    assert points(verdict) == {"raises": 0, "caught": 1}
    assert verdict.scores["raises"].reason == "IndexError: list index out of range"


def test_a_traceback_shows_nothing_of_the_border(worker):
    cell = test("raises", "y = 1\nf(3)")
    verdict = worker.grade(job(code("def f(x):\n    raise ValueError('mine')"), cell))
    [error] = verdict.outputs[cell.id]
    said = "\n".join(error.traceback)
    assert (error.ename, error.evalue) == ("ValueError", "mine") and "mine" in said
    assert "border" not in said and "peer" not in said and "proxies" not in said


def test_a_function_that_hangs_costs_its_test(worker):
    verdict = worker.grade(job(
        code("import time\ndef f(x):\n    while True: time.sleep(.1)\ndef g(x):\n    return x"),
        test("hangs", "f(3)"),
        test("goes on", "assert g(3) == 3"),
        limits=replace(QUICK, cell_seconds=1),
    ))  # fmt: skip
    assert points(verdict) == {"hangs": 0, "goes on": 1}
    assert verdict.scores["hangs"].reason == "cell hangs ran longer than 1 s" and not verdict.stopped


def test_a_function_that_hangs_for_good_is_ended(worker):
    stubborn = "import signal\ndef f(x):\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass"
    verdict = worker.grade(job(
        code(stubborn + "\ndef g(x):\n    return x"),
        hidden("before", "assert g(3) == 3"),
        test("hangs", "f(3)"),
        test("after", "assert g(3) == 3"),
        limits=replace(QUICK, cell_seconds=1),
    ))  # fmt: skip
    assert points(verdict) == {"before": 1, "hangs": 0, "after": 0}
    assert verdict.stopped == "cell hangs ran longer than 1 s"


def test_hidden_tests_before_the_end_of_the_process_are_heard(worker):
    """They would have run before it ended, had they run at their place."""
    verdict = worker.grade(job(
        exercise("f", "def f(x):\n    return x"),
        hidden("before", "assert f(7) == 7"),
        exercise("g", "import os\ndef g(x):\n    return x\nos._exit(3)"),
        test("after", "assert g(3) == 3"),
        hidden("after, hidden", "assert f(3) == 3"),
    ))  # fmt: skip
    assert points(verdict) == {"before": 1, "after": 0, "after, hidden": 0}
    assert verdict.stopped == "the Python process ended with exit code 3 in cell g"


def test_a_function_that_ends_its_process_costs_its_test_and_what_follows(worker):
    verdict = worker.grade(job(
        exercise("f", "import os\ndef f(x):\n    return x"),
        hidden("before", "assert f(7) == 7"),
        exercise("g", "def g(x):\n    os._exit(4)"),
        test("ends", "g(3)"),
        test("after", "pass"),
    ))  # fmt: skip
    assert points(verdict) == {"before": 1, "ends": 0, "after": 0}
    assert verdict.scores["ends"].reason == "the Python process ended with exit code 4 in cell ends"


def test_a_hidden_test_is_not_owed_to_names_that_were_bound_later(worker):
    """A helper's name used twice is common; the hidden test runs as it would have at its place."""
    verdict = worker.grade(job(
        exercise("f", "def scale(x):\n    return 2 * x\ndef f(x):\n    return scale(x)"),
        test("visible", "assert f(1) == 2"),
        hidden("hidden", "assert f(4) == 8"),
        hidden("wrong anyway", "assert f(4) == 9"),
        exercise("g", "def scale(x):\n    return 3 * x\ndef g(x):\n    return scale(x)"),
        hidden("g, hidden", "assert g(4) == 12"),
    ))  # fmt: skip
    assert points(verdict) == {"visible": 1, "hidden": 1, "wrong anyway": 0, "g, hidden": 1}


def test_an_output_that_stands_cannot_take_in_what_comes_later(worker):
    """A display can be updated from another cell; in a hidden test nothing of it is kept."""
    shown = code("from IPython.display import display\nhandle = display('nothing yet', display_id='d1')")
    keeps = code(
        "import threading, time\n"
        "def f(x):\n    handle.update(f'stolen {x}')\n"
        "    threading.Thread(target=lambda: [handle.update(f'stolen {x}') or time.sleep(.05) for _ in range(60)]).start()\n"
        "    time.sleep(30)"
    )
    verdict = worker.grade(job(shown, keeps, hidden("h", "f(90210)"), limits=replace(QUICK, cell_seconds=1)))
    assert points(verdict) == {"h": 0}
    assert "90210" not in str([verdict.outputs[cell.id] for cell in (shown, keeps)])


def test_how_a_process_ends_in_a_hidden_test_is_not_told(worker):
    verdict = worker.grade(job(
        exercise("f", "import os\ndef f(x):\n    os._exit(x)"),
        hidden("first", "f(77)"),
        hidden("second", "f(77)"),
    ))  # fmt: skip
    assert verdict.scores["first"].reason == "the Python process ended in cell first"
    assert verdict.scores["second"].reason == "not run: the Python process ended in cell first"
    assert "77" not in verdict.stopped


def test_a_cell_that_is_no_python_is_only_an_error(worker):
    verdict = worker.grade(job(code("def f(a, a):\n    global a"), test("a", "pass"), hidden("b", "def g(a):\n    global a")))
    assert points(verdict) == {"a": 1, "b": 0}


def test_time_for_all_cells_leaves_time_for_hidden_tests(worker):
    verdict = worker.grade(job(
        exercise("f", "def f(x):\n    return x"),
        hidden("before", "assert f(7) == 7"),
        code("import time\ntime.sleep(5)"),
        test("after", "pass"),
        limits=replace(QUICK, submission_seconds=2),
    ))  # fmt: skip
    assert points(verdict) == {"before": 1, "after": 0}
    assert verdict.stopped == "the notebook ran longer than 2 s in cell 3 of the notebook"


LIMITS = {
    "it used more than 700 MB of memory": (
        "x = bytearray(2**30)\nx[::4096] = b'1' * len(x[::4096])\nimport time\ntime.sleep(20)",
        {"memory_bytes": 700 * 2**20},
    ),
    "it ran more than 20 processes at once": (
        "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(20)",
        {"processes": 20},
    ),
    "it used more than 2 s of processor time": ("while True: pass", {"cpu_seconds": 2}),
}


@pytest.mark.parametrize("says", LIMITS)
def test_the_grade_says_which_limit_in_which_cell(worker, says):
    source, limits = LIMITS[says]
    bad = exercise("f", source)
    verdict = worker.grade(job(bad, test("after", "pass"), limits=replace(QUICK, cell_seconds=20, **limits)))
    assert points(verdict) == {"after": 0}
    assert verdict.stopped == f"{says} in cell f" and says in verdict.scores["after"].reason
    assert points(worker.grade(job(test("next")))) == {"next": 1}


def test_a_disk_that_is_full_is_an_error_of_its_cell(worker):
    verdict = worker.grade(job(
        code("with open('x', 'wb') as file:\n    for _ in range(64): file.write(bytes(2**20))"),
        code("import os\nos.remove('x')"),
        test("after", "pass"),
        limits=replace(QUICK, disk_bytes=16 * 2**20),
    ))  # fmt: skip
    assert points(verdict) == {"after": 1}


def test_a_model_of_keras_layers_is_measured_by_the_referee(worker):
    """And one with code of the student's own answers from where it is."""
    verdict = worker.grade(job(
        given("import keras, numpy as np\nfrom keras import layers\nfrom grader import checks as check"),
        code("def plain():\n    return keras.Sequential([keras.Input((5, 2)), layers.LSTM(4), layers.Dense(1)])\n"
             "class Own(layers.Layer):\n    def call(self, x):\n        return 2 * x\n"
             "def own():\n    return keras.Sequential([keras.Input((5, 2)), Own(), layers.LSTM(4), layers.Dense(1)])"),
        test("plain", "model = check.call(plain)\nassert type(model) is keras.Sequential\n"
                      "check.parameters(model, 117)\ncheck.gpu_ready(model)\n"
                      "check.shape(model(np.zeros((3, 5, 2), 'float32')), (3, 1), 'the output')"),
        test("own", "model = check.call(own)\ncheck.parameters(model, 117)\n"
                    "check.shape(check.call(model, np.zeros((3, 5, 2), 'float32')), (3, 1), 'the output')"),
        limits=replace(QUICK, cell_seconds=60),
    ))  # fmt: skip
    assert points(verdict) == {"plain": 1, "own": 1}, verdict.scores


TRAINED = """
import keras
from grader import lab
ran = []
def train(x):
    ran.append(len(x))
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(len(ran))])
"""


def test_a_model_is_asked_for_once_where_nothing_of_the_students_ran_between(worker):
    """Each test has a copy of its own, so what one does to it the next does not see."""
    asks = "from grader import checks as check\nmodel = check.trained(train, [1.0, 2.0])\nassert not model.get_weights()[0].max() > 100\n"
    spoils = "model.set_weights([w + 1000 for w in model.get_weights()])\n"
    verdict = worker.grade(job(
        exercise("train", TRAINED),
        test("first", asks + spoils + "assert model.output_shape == (None, 1)"),
        test("second", asks + "assert model.output_shape == (None, 1)"),
        hidden("third, hidden", asks + "assert model.output_shape == (None, 1)"),
        code("ran.append(0)"),
        test("a cell ran between", asks + "assert model.output_shape == (None, 3)", rnn_course={"exercise": "train", "reads": ["train"]}),
        test("another argument", asks.replace("2.0]", "3.0]") + "assert model.output_shape == (None, 4)"),
    ))  # fmt: skip
    assert points(verdict) == {"first": 1, "second": 1, "third, hidden": 1, "a cell ran between": 1, "another argument": 1}

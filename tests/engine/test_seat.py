"""One referee judges many submissions, and each finds it as the first did."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from grader.engine import Isolation, Limits, Worker
from grader.engine import seat as seat_module

from .notebooks import QUICK, code, given, hidden, job, points, test, text

pytestmark = pytest.mark.slow  # real kernels, one or more a test

PATIENT = replace(QUICK, cell_seconds=60)
# How many submissions this referee's process has judged, this one included: kept in a module, where nobody but this test writes.
COUNTS = "import nbformat\nnbformat.judged = getattr(nbformat, 'judged', 0) + 1\nprint(nbformat.judged)"


@pytest.fixture(scope="module", params=["bubblewrap", "none"])
def worker(request):
    with Worker(Isolation(request.param)) as worker:
        yield worker


def judged(worker, *cells, limits=PATIENT, after=()):
    """The referee's count after this submission's cells."""
    counts = test("counts", COUNTS)
    return int(text(worker.grade(job(*cells, counts, *after, limits=limits)), counts))


def test_one_referee_judges_one_submission_after_another(worker):
    first = judged(worker)
    assert judged(worker) == first + 1
    assert judged(worker, code("1 / 0"), test("fails", "assert False")) == first + 2


DISTURBED = {
    "the student's process ends": dict(after=[code("import os\nos._exit(3)")]),
    "the student's process ends in a test": dict(after=[code("import os\ndef f():\n    os._exit(3)"), test("asks", "f()")]),
    "a test is interrupted": dict(after=[test("stands", "import time\ntime.sleep(90)")], limits=replace(QUICK, interrupt_seconds=5)),
    "the referee's process ends": dict(after=[test("ends", "import os\nos._exit(3)")]),
}


@pytest.mark.parametrize("how", DISTURBED)
def test_a_disturbed_referee_is_replaced(worker, how):
    before = judged(worker)
    assert judged(worker, **DISTURBED[how]) in (before + 1, 1)  # other limits are another referee's
    assert judged(worker) == 1


def test_a_referee_that_ended_between_two_submissions_costs_nobody(worker):
    judged(worker)
    worker._seat.process.signal(signal.SIGKILL)
    verdict = worker.grade(job(code("x = 3"), test("a", "assert x == 3"), hidden("b", "assert x == 3"), limits=PATIENT))
    assert points(verdict) == {"a": 1, "b": 1} and not verdict.stopped
    assert judged(worker) == 1


def test_other_limits_or_another_environment_are_another_referees(worker, monkeypatch, tmp_path):
    judged(worker)
    assert judged(worker) > 1
    assert judged(worker, limits=replace(PATIENT, output_bytes=PATIENT.output_bytes - 1)) == 1
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))
    assert judged(worker) == 1


def test_a_referee_is_replaced_after_its_term_or_once_it_has_grown(worker, monkeypatch):
    monkeypatch.setattr(seat_module, "MOST_SERVED", 2)
    judged(worker, limits=Limits())  # another referee
    assert [judged(worker) for _ in range(4)] == [1, 2, 1, 2]
    monkeypatch.setattr(seat_module, "MOST_SERVED", 99)
    monkeypatch.setattr(seat_module, "WORN", 0)
    assert [judged(worker) for _ in range(2)] == [1, 1]


def test_what_one_submission_left_is_not_paid_for_by_the_next(worker, monkeypatch):
    """What was used is seen before the next one begins, not after it."""
    monkeypatch.setattr(seat_module, "WORN", 0.05)
    few = replace(PATIENT, cpu_seconds=100)
    keeps = test("keeps", "import nbformat, numpy\nnbformat.kept = numpy.ones(50_000_000)")
    computes = test("computes", "import time\nuntil = time.process_time() + 6\nwhile time.process_time() < until: pass")
    for limits, wears in ((PATIENT, keeps), (few, computes)):
        judged(worker, limits=Limits())  # a new referee comes next
        assert judged(worker, after=[wears], limits=limits) == 1
        assert judged(worker, limits=limits) == 1


CHANGES = """
import builtins, os, random, sys, warnings
import keras, matplotlib, numpy as np
from matplotlib import pyplot as plt
mine = 'of the first submission'
keras.utils.set_random_seed(1)
keras.config.set_floatx('float16')
keras.config.set_epsilon(0.5)
keras.config.set_dtype_policy('mixed_float16')
keras.saving.get_custom_objects()['Mine'] = dict
[keras.layers.Dense(1) for _ in range(3)]
np.seterr(all='raise')
np.set_printoptions(precision=1)
warnings.simplefilter('error')
matplotlib.rcParams['figure.dpi'] = 7
plt.figure()
os.environ['MINE'] = '1'
sys.path.append('mine')
open('mine', 'w').close()
os.makedirs('folder')
os.chdir('folder')
sys.setrecursionlimit(sys.getrecursionlimit() + 7)
mine = kept
"""
LOOKS = """
import os, sys, warnings
import keras, matplotlib, numpy as np
from matplotlib import pyplot as plt
found = dict(
    names=sorted(name for name in globals() if name in ('mine', 'kept', 'f')), history=[text for text in In if 'mine' in text][:-1] + list(Out),
    keras=(keras.config.floatx(), keras.config.epsilon(), keras.config.dtype_policy().name, 'Mine' in keras.saving.get_custom_objects(), keras.layers.Dense(1).name),
    numpy=(np.geterr(), np.get_printoptions()['precision']), warnings=len(warnings.filters), drawing=(matplotlib.rcParams['figure.dpi'], plt.get_fignums()),
    process=('MINE' in os.environ, 'mine' in sys.path, os.listdir(), sys.getrecursionlimit()), error=getattr(sys, 'last_value', None),
)
print(found)
"""


def test_nothing_of_one_submission_reaches_the_next(worker):
    """Neither names nor what libraries keep: a test finds the same in a referee that was used as in a new one."""
    judged(worker, limits=Limits())  # a new referee comes next

    def look():
        looks = test("looks", LOOKS)
        return text(worker.grade(job(looks, limits=PATIENT)), looks)

    fresh = look()
    assert "'float32'" in fresh and "'dense'" in fresh
    assert judged(worker) == 1
    verdict = worker.grade(job(code("kept = 'secret'\ndef f(x):\n    raise ValueError('secret')"), test("changes", CHANGES), test("raises", "f(1)"), limits=PATIENT))
    assert points(verdict)["changes"] == 1
    assert judged(worker) == 2
    assert look() == fresh


def test_a_class_that_a_test_took_for_a_model_is_put_back(worker):
    """Keras' own classes and functions cross by name: what a test sets on one, the next submission would find in all of its models."""
    judged(worker, limits=Limits())  # a new referee comes next
    named = code("import keras\nmodel = keras.layers.Dense\nf = keras.activations.linear")
    changes = test("changes", "model.trainable = False\nmodel.call = lambda self, x: x\nf.mine = 1")
    assert judged(worker, named, changes) == 1
    looks = test("looks", "import keras\nlayer = keras.layers.Dense(1)\nprint(layer.trainable, 'lambda' in layer.call.__name__, hasattr(keras.activations.linear, 'mine'))")
    assert text(worker.grade(job(looks, limits=PATIENT)), looks).strip() == "True False False"
    assert judged(worker) == 2


def test_a_function_of_an_earlier_submission_cannot_be_called(worker):
    """Its process is gone, and a number that stood for it stands for nothing."""
    asks = test("asks", "assert f(2) == 4\nimport nbformat\nnbformat.theirs = f")
    assert points(worker.grade(job(code("def f(x):\n    return 2 * x"), asks, limits=PATIENT))) == {"asks": 1}
    again = test("again", "import nbformat\ntry:\n    nbformat.theirs(2)\nexcept BaseException as error:\n    print(type(error).__name__)")
    verdict = worker.grade(job(code("def f(x):\n    return 2 * x"), asks, again, limits=PATIENT))
    assert points(verdict)["asks"] == 1
    alone = worker.grade(job(code("def g(x):\n    return 3 * x"), again, limits=PATIENT))
    assert text(alone, again).strip() in ("Lost", "AttributeError")  # AttributeError: another referee


TRAINS = """
import keras, numpy as np
from keras import layers
def train():
    keras.utils.set_random_seed({seed})
    model = keras.Sequential([layers.Input((4, 2)), layers.LSTM(3), layers.Dense(1)])
    model.compile("adam", "mse")
    return model
"""


def test_equal_architectures_have_their_own_weights(worker):
    """The second submission's model is judged by its own weights, though it has the form of the first one's."""
    asks = "model = train()\nprint(round(float(model.predict(np.ones((1, 4, 2)), verbose=0)[0, 0]), 5), model.name)\nhistory = model.fit(np.ones((4, 4, 2)), np.ones(4), verbose=0)"
    shown = []
    for seed in (1, 2, 1):
        cell, secret = test("asks", asks), hidden("again", "assert model is not None and train().count_params() == 76")
        verdict = worker.grade(job(given("import numpy as np"), code(TRAINS.format(seed=seed)), cell, secret, limits=PATIENT))
        assert points(verdict) == {"asks": 1, "again": 1}
        shown.append(text(verdict, cell))
    assert shown[0] == shown[2] != shown[1]

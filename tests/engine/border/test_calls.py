"""Calls to and fro: exceptions, output, functions as arguments, interrupts, and the end of the student's process."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pytest
from honest import honest, readable

from grader import checks as check
from grader.checks import CheckFailed
from grader.checks.models import inner_layers
from grader.engine.border import CannotCross, Lost, RemoteFunction, RemoteObject, shelf
from grader.engine.border.proxies import RemoteClass
from grader.engine.border.proxies import LONGEST_NAME

pytestmark = pytest.mark.slow


class Strange(ValueError):
    """An exception of the student's own."""


class Counter:
    def __init__(self, start=0):
        self.value = start
        self._hidden = 1

    def add(self, number):
        self.value += number
        return self

    def __len__(self):
        return self.value

    def __getitem__(self, index):
        if index >= self.value:
            raise IndexError(index)
        return index * index


class Adder:
    def __init__(self, number):
        self.number = number

    def __call__(self, other):
        return self.number + other


def stub(x):
    raise NotImplementedError


def strange(x):
    raise Strange("on the inside")


def unpack(x):
    a, b = [1, 2, 3]


def endless(x):
    return endless(x)


def failing(x):
    check.equal(1, 2, "something of mine")


def key(x):
    return {}["a"]


def unicode(x):
    return b"\xff".decode()


def leave(x):
    sys.exit("bye")


def numpy_error(x):
    return np.linalg.inv(np.zeros((2, 2)))


def shapes(x):
    return np.ones(3) + np.ones(4)


def misspelt(x):
    return undefined_name  # noqa: F821


@pytest.mark.parametrize("fn", [stub, strange, unpack, endless, key, unicode, leave, numpy_error, shapes, misspelt, lambda: 1])
def test_an_error_reads_as_in_the_students_own_kernel(fn):
    with pytest.raises(CheckFailed) as own:
        check.call(fn, 3, name="f")
    with honest(f=fn) as referee, pytest.raises(CheckFailed) as far:
        check.call(referee.fetch("f"), 3)
    assert str(far.value) == str(own.value)


def test_an_exception_of_ones_own_is_told_as_the_nearest_known():
    with honest(f=strange) as referee:
        far = referee.fetch("f")
        with pytest.raises(ValueError, match="on the inside"):
            far(1)
        with pytest.raises(CheckFailed) as failed:
            check.call(far, 1)
    assert failed.value.problem == "`f` raised ValueError"
    assert "Strange: on the inside" in failed.value.actual and "raise Strange" in failed.value.actual


def test_a_check_that_fails_over_there_is_an_error_like_others():
    with honest(f=failing) as referee, pytest.raises(CheckFailed) as failed:
        check.call(referee.fetch("f"), 1)
    assert failed.value.problem == "`f` raised CheckFailed" and "something of mine" in failed.value.actual


def test_errors_of_keras_and_tensorflow():
    import keras
    import tensorflow as tf

    def ndim(x):
        return keras.layers.LSTM(2)(np.zeros((2, 3), "float32"))

    def gather(x):
        return tf.constant([1, 2]) + tf.constant([1, 2, 3])

    with honest(ndim=ndim, gather=gather) as referee:
        with pytest.raises(CheckFailed) as failed:
            check.call(referee.fetch("ndim"), 1)
        assert "Add the feature axis" in failed.value.hint
        with pytest.raises(tf.errors.InvalidArgumentError):
            referee.fetch("gather")(1)


def test_what_a_function_prints_comes_with_its_result(capsys):
    def speak(times):
        print("hello " * times)
        print("to stderr", file=sys.stderr)
        return times

    with honest(speak=speak) as referee:
        far = referee.fetch("speak")
        assert far(1) == 1
        assert capsys.readouterr().out == "hello \nto stderr\n"
        far(1_000_000)
        assert len(capsys.readouterr().out) == 100_000


@pytest.mark.parametrize(
    ("fn", "name"),
    [(len, "f"), (partial(int, base=2), "f"), (np.tanh, "f"), (Counter(3).add, "f"), (Counter, "f")],
)
def test_functions_of_every_kind_stay_where_they_are(fn, name):
    with honest(f=fn) as referee:
        far = referee.fetch("f")
        assert type(far) is (RemoteClass if isinstance(fn, type) else RemoteFunction) and far.__name__ == name and callable(far)


def test_a_function_that_is_returned_has_its_own_name_if_it_is_one():
    def named():
        pass

    def made():
        pass

    made.__name__ = "full marks for everyone"
    with honest(get=lambda: [named, made, lambda: 0]) as referee:
        names = [fn.__name__ for fn in referee.fetch("get")()]
    assert names == ["named", "the function", "the function"] and LONGEST_NAME == 100


def test_objects():
    with honest(Counter=Counter, Adder=Adder) as referee:
        counter = referee.fetch("Counter")(start=2)
        assert isinstance(counter, RemoteObject) and counter.value == 2 and repr(counter) == "<Counter object>"
        assert counter.add(1) is counter and len(counter) == 3 and list(counter) == [0, 1, 4]
        assert not callable(counter) and not hasattr(counter, "missing") and not hasattr(counter, "_hidden")
        with pytest.raises(AttributeError):
            counter.value = 5
        adder = referee.fetch("Adder")(4)
        assert callable(adder) and adder(3) == 7 and not hasattr(adder, "__len__")


class Fickle:
    """Answers otherwise each time it is asked; after a call, that is its right."""

    def __init__(self):
        self.asked = 0

    @property
    def shape(self):
        self.asked += 1
        return (self.asked, 2)

    def __len__(self):
        self.asked += 1
        return self.asked

    def __getitem__(self, index):
        self.asked += 1
        if index >= 5:
            raise IndexError(index)
        return np.full(3, self.asked)

    def step(self):
        return "done"


def test_an_object_is_asked_once_until_something_is_called():
    with honest(Fickle=Fickle) as referee:
        liar = referee.fetch("Fickle")()
        assert liar.shape == liar.shape and len(liar) == len(liar)
        first = liar[0]
        first[:] = -1  # a copy of the test's own
        assert np.array_equal(liar[0], liar[0]) and liar[0][0] > 0
        before = liar.shape
        assert liar.step() == "done" and liar.shape != before


def test_items_end_where_the_length_says():
    with honest(Fickle=Fickle) as referee:
        liar = referee.fetch("Fickle")()
        assert len(liar) == 1
        with pytest.raises(CannotCross, match="what it yields"):
            list(liar)


@pytest.mark.parametrize("kind", [StopIteration, StopAsyncIteration, GeneratorExit, SystemExit])
def test_what_a_function_raises_ends_no_loop(kind):
    def raises(x):
        raise kind("at once")

    with honest(raises=raises) as referee:
        for ask in (lambda fn: list(map(fn, [1, 2])), lambda fn: list(zip(map(fn, [1]), [2], strict=True)), lambda fn: fn(1)):
            with pytest.raises(RuntimeError, match="at once") as raised:
                ask(referee.fetch("raises"))
            assert type(raised.value).__name__ == kind.__name__ and not isinstance(raised.value, kind)


def test_a_proxy_lets_go_of_its_original():
    import gc
    import weakref

    counters = []

    def make():
        counter = Counter()
        counters.append(weakref.ref(counter))
        return counter

    with honest(make=make) as referee:
        far = referee.fetch("make")
        kept = far()
        far()
        gc.collect()
        assert far() is not kept
        gc.collect()
        assert [one() is not None for one in counters] == [True, False, True] and kept.value == 0


def test_a_function_of_the_test_can_be_called():
    with honest(apply=lambda fn, *args: [fn(arg) for arg in args]) as referee:
        assert referee.fetch("apply")(lambda x: x * 10, 1, 2.5, "ab") == [10, 25.0, "ab" * 10]


def test_calls_within_calls():
    with honest(even=lambda n, odd: True if n == 0 else odd(n - 1)) as referee:
        even = referee.fetch("even")

        def odd(n):
            return False if n == 0 else even(n - 1, odd)

        assert even(9, odd) is False and even(8, odd) is True
        with pytest.raises(RecursionError):
            even(1000, odd)
        assert even(2, odd) is True


def test_an_error_in_the_tests_function_comes_back():
    def divide(x):
        return 1 / x

    with honest(apply=lambda fn: fn(0), safe=lambda fn: _caught(fn)) as referee:
        with pytest.raises(ZeroDivisionError):
            referee.fetch("apply")(divide)
        assert referee.fetch("safe")(divide) == "ZeroDivisionError"


def _caught(fn):
    try:
        fn(0)
    except ZeroDivisionError as error:
        return type(error).__name__


def test_the_tests_function_is_gone_when_its_call_is_over():
    kept = []
    with honest(keep=kept.append, use=lambda: kept[0](1)) as referee:
        referee.fetch("keep")(lambda x: x)
        with pytest.raises(CheckFailed):
            referee.fetch("use")()


def test_a_function_that_goes_there_and_back_is_itself():
    def own(x):
        return x

    with honest(same=lambda x: x) as referee:
        assert referee.fetch("same")([own])[0] is own


def test_results_and_arguments_that_cannot_cross_are_named():
    with honest(make_windows=lambda *_: (i for i in range(3))) as referee:
        far = referee.fetch("make_windows")
        with pytest.raises(CannotCross, match="what `make_windows` returns"):
            far()
        with pytest.raises(CannotCross, match="an argument of `make_windows`"):
            far(os)
        with pytest.raises(CannotCross, match="only once"):
            check.call(far)


def test_arguments_are_copies():
    def spoil(values, array):
        values.append(1)
        array[:] = 7
        return len(values)

    values, array = [1, 2], np.zeros(3)
    with honest(spoil=spoil) as referee:
        assert referee.fetch("spoil")(values, array) == 3
    assert values == [1, 2] and not array.any()


# In a process of its own, because signals belong to main threads.


@pytest.fixture(scope="module")
def far_away():
    ours, theirs = socket.socketpair()
    script = Path(__file__).with_name("student_process.py")
    process = subprocess.Popen([sys.executable, script, str(theirs.fileno())], pass_fds=[theirs.fileno()])
    theirs.close()
    from grader.engine.border import Peer

    referee = Peer(ours)
    yield referee, process
    referee.close()
    assert process.wait(20) in (0, 3)


def interrupt(pid, *after):
    """SIGINT to `pid`, so many seconds from now; the timers."""
    timers = [threading.Timer(seconds, os.kill, (pid, signal.SIGINT)) for seconds in after]
    for timer in timers:
        timer.daemon = True
        timer.start()
    return timers


def test_an_interrupt_ends_the_function_and_nothing_else(far_away):
    referee, process = far_away
    loop, count = referee.fetch("loop"), referee.fetch("count")
    before = count()
    for _ in range(3):
        interrupt(process.pid, 0.3)
        with pytest.raises(KeyboardInterrupt):
            loop()
    assert count() == before + 1


def test_interrupts_between_calls_are_ignored(far_away):
    referee, process = far_away
    for _ in range(20):
        os.kill(process.pid, signal.SIGINT)
    assert isinstance(referee.fetch("count")(), int)


def test_a_storm_of_interrupts_costs_results_and_never_the_connection(far_away):
    referee, process = far_away
    sleep = referee.fetch("sleep")
    timers = interrupt(process.pid, *np.linspace(0.1, 1.5, 300))
    interrupted = 0
    for _ in range(150):
        try:
            sleep(0.01)
        except KeyboardInterrupt:
            interrupted += 1
    for timer in timers:
        timer.join()
    assert interrupted and isinstance(referee.fetch("count")(), int)


def test_an_abandoned_reply_is_dropped_when_it_comes(far_away):
    referee, _ = far_away
    deaf, large = referee.fetch("deaf"), referee.fetch("large")
    with pytest.raises(KeyboardInterrupt):
        deaf(0.5, os.getpid())
    assert large(1).nbytes == 2**20
    assert referee.fetch("counted") >= 0


def test_an_abandoned_large_reply_blocks_nothing(far_away):
    referee, process = far_away
    large = referee.fetch("large")
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            interrupt(os.getpid(), 0.02)
            large(100)
            threading.Event().wait(60)  # on a slow machine the interrupt may come when the reply has been read
    assert large(20).nbytes == 20 * 2**20


def test_an_interrupt_of_the_referee_reaches_through_nested_calls(far_away):
    referee, _ = far_away

    def wait():
        interrupt(os.getpid(), 0.2)
        threading.Event().wait(60)

    with pytest.raises(KeyboardInterrupt):
        referee.fetch("wait_for")(wait)
    assert isinstance(referee.fetch("count")(), int)


def test_a_process_that_leaves_is_lost(far_away):
    referee, process = far_away
    leave = referee.fetch("leave")
    with pytest.raises(Lost):
        check.call(leave)
    assert process.wait(10) == 3
    with pytest.raises(Lost):
        referee.fetch("count")


def test_answer_says_that_the_other_side_is_gone():
    from grader.engine.border import Peer

    ours, theirs = socket.socketpair()
    student = Peer(theirs, {})
    ours.close()
    assert readable(student) and student.answer() is False
    student.close()


def test_a_call_is_remembered_until_something_of_the_students_runs():
    calls = []

    def train(x, rate=0.1):
        calls.append(rate)
        return np.full(3, len(calls))

    def other():
        return 0

    with honest(train=train, other=other) as referee:
        far = referee.fetch("train")
        first = check.trained(far, np.ones(4))
        first += 10
        again = check.trained(far, np.ones(4))
        assert again.tolist() == [1, 1, 1]  # a copy of its own
        del far
        far = referee.fetch("train")
        assert check.trained(far, np.ones(4)).tolist() == [1, 1, 1]  # fetched anew, the same function
        assert check.trained(far, np.ones(5)).tolist() == [2, 2, 2]
        assert check.trained(far, np.ones(5), rate=0.2).tolist() == [3, 3, 3]
        kept = referee.remembered
        referee.fetch("other")()
        assert referee.remembered is None
        assert check.trained(far, np.ones(5), rate=0.2).tolist() == [4, 4, 4]
        referee.remember(kept)
        assert check.trained(far, np.ones(5), rate=0.2).tolist() == [3, 3, 3]
        assert check.call(far, np.ones(5), rate=0.2).tolist() == [5, 5, 5]  # no call but one through `trained` is answered so
        referee.remember(None)
        assert check.trained(far, np.ones(5), rate=0.2).tolist() == [6, 6, 6]
    assert calls == [0.1, 0.1, 0.2, 0.2, 0.2, 0.2]
    assert check.trained(train, np.ones(4)).tolist() == [7, 7, 7]  # in the student's own notebook: a call


def test_a_test_that_begins_gets_the_model_of_the_one_before_with_new_weights(monkeypatch):
    """Twice within one test it is two models."""
    monkeypatch.setattr(shelf, "_open", True)
    monkeypatch.setattr(shelf, "_lent", [])
    layer = [keras.Input((2,), name="x"), keras.layers.Dense(1, name="dense")]
    own = keras.Sequential(layer, name="own")
    with honest(train=lambda: (own, "and more")) as referee:
        far = referee.fetch("train")
        first, other = check.trained(far)[0], check.trained(far)[0]
        assert first is not other
        other.set_weights([weight + 1 for weight in other.get_weights()])
        shelf.close()
        referee.free()
        second, third = check.trained(far)[0], check.trained(far)[0]
        assert second is other and third is not first and third is not other
        np.testing.assert_array_equal(second.get_weights()[0], own.get_weights()[0])


def test_what_a_remembered_call_returned_by_reference_is_there_when_it_is_asked_for_again():
    """Nobody holds it in between: a test that only counted the weights of a model, say."""

    def make():
        return [lambda x: x + 1]

    with honest(make=make, other=1) as referee:
        far = referee.fetch("make")
        check.trained(far)
        gc.collect()
        referee.fetch("other")  # tells the other side what nobody holds any more
        (step,) = check.trained(far)
        assert step(1) == 2


def test_a_model_of_the_students_own_that_is_asked_for_again_has_no_more_layers_than_before():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = keras.layers.GRU(2, return_sequences=True), keras.layers.GRU(2)

        def call(self, x):
            return self.second(self.first(x))

    def count(model):
        return sum(isinstance(layer, keras.layers.GRU) for layer in inner_layers(model))

    own = Own()
    own(np.ones((1, 3, 2), "float32"))
    with honest(make=lambda: own) as referee:
        far = referee.fetch("make")
        found = []
        for _ in range(3):
            model = check.trained(far)
            found.append(count(model))
            model(np.ones((1, 3, 2), "float32"))  # after its first call it is looked at anew
            found.append(count(model))
    assert found == [2] * 6


def test_a_call_that_raised_is_no_answer_for_the_next():
    calls = []

    def train():
        calls.append(1)
        raise ValueError("no")

    with honest(train=train) as referee:
        far = referee.fetch("train")
        for _ in range(2):
            with pytest.raises(CheckFailed):
                check.trained(far)
    assert len(calls) == 2

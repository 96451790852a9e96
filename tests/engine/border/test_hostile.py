"""Bytes that no honest student sends: the referee refuses them, and nothing else happens to it."""

import json
import os
import resource
import struct
import time

import keras
import numpy as np
import pytest
from hostile import attacked, frame, outcome, payload, value
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed
from grader.engine.border import CannotCross, Lost

REFUSED = {CannotCross, Lost}
random = np.random.default_rng(0)


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes(seed):
    noise = np.random.default_rng(seed).bytes(200)
    assert outcome(noise) is Lost
    assert outcome(frame(noise)) is Lost
    assert outcome(frame(payload(noise))) is Lost


def honest_frames() -> list[bytes]:
    array = np.arange(6, dtype="<f4").tobytes()
    return [
        value({"array": ["<f4", [2, 3], 0]}, array),
        value({"dict": ["a", {"tuple": [1, {"text": 0}]}]}, b"hello"),
        value({"objects": [[2], [1, {"scalar": ["<i8", [], 0]}]]}, bytes(8)),
        frame(payload({"reply": 1, "error": ["ValueError", "ValueError", "no", None, "", False], "out": "said"})),
        value({"ref": [1, "object", "Thing", True, True, True]}),
    ]


def test_every_truncation_is_refused_or_complete():
    for data in honest_frames():
        for end in range(len(data)):
            assert outcome(data[:end]) is Lost


def test_mutations_of_honest_frames():
    """Any value may come out of bytes that are changed at random, and no exception but ours."""
    for data in honest_frames():
        for _ in range(150):
            changed = bytearray(data)
            for position in random.integers(0, len(data), size=random.integers(1, 4)):
                changed[position] = random.integers(0, 256)
            with attacked(bytes(changed)) as referee:
                try:
                    referee.fetch("x")
                except (CannotCross, Lost, ValueError, NameError):
                    pass


@pytest.mark.parametrize("length", [2**28 + 1, 2**40, 2**63, 2**64 - 1])
def test_a_frame_that_says_it_is_too_long(length):
    assert outcome(frame(b"x", length)) is Lost


def test_a_length_that_lies_takes_no_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert outcome(frame(b"x" * 100, 2**28)) is Lost
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kilobytes


HEADERS = {
    "no JSON": b"{",
    "not UTF-8": b'{"v": "\xff", "s": []}',
    "a depth bomb": b"[" * 100_000,
    "a depth bomb that closes": b"[" * 100_000 + b"]" * 100_000,
    "a depth bomb of objects": b'{"a":' * 100_000,
    "a depth bomb behind a text": b'["\\"",' + b"[" * 100_000,
    "a bomb of items": b"[" + b"0," * 30_000_000 + b"0]",
    "a bomb of lists": b"[" + b"[]," * 20_000_000 + b"0]",
    "a huge integer": b'{"v": {"reply": 1, "value": ' + b"9" * 5000 + b'}, "s": []}',
    "quotes without end": b'"\\' * 1_000_000,
    "a list": b"[]",
    "no segments": b'{"v": {"reply": 1, "value": 1}}',
    "segments of text": b'{"v": {"reply": 1, "value": 1}, "s": ["a"]}',
    "a negative segment": b'{"v": {"reply": 1, "value": 1}, "s": [-1]}',
    "a segment beyond the frame": b'{"v": {"reply": 1, "value": 1}, "s": [1000]}',
    "a segment of a huge size": b'{"v": {"reply": 1, "value": 1}, "s": [1e400]}',
    "no message": b'{"s": []}',
    "a message of nothing": b'{"v": null, "s": []}',
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_headers(header):
    assert outcome(frame(payload(header))) is Lost


def test_the_header_may_not_be_longer_than_the_frame():
    assert outcome(frame(struct.pack(">Q", 2**62) + b"{}")) is Lost
    assert outcome(frame(b"\x00" * 3)) is Lost


EIGHT = bytes(8)
VALUES = {
    "an unknown kind": [{"pickle": "cos\nsystem"}],
    "two kinds": [{"list": [], "tuple": []}],
    "no kind": [{}],
    "a tuple of nothing": [{"tuple": 3}],
    "a dictionary with half a pair": [{"dict": [1]}],
    "a dictionary with a key that is a list": [{"dict": [[], 1]}],
    "a set of lists": [{"set": [[]]}],
    "a segment that is not there": [{"bytes": 7}],
    "a segment with a negative number": [{"bytes": -1}, b"a"],
    "a segment with a boolean number": [{"bytes": True}, b"a"],
    "a text that is not UTF-8": [{"text": 0}, b"\xff\xff"],
    "an object dtype": [{"array": ["|O", [1], 0]}, EIGHT],
    "an object dtype by name": [{"array": ["object", [1], 0]}, EIGHT],
    "a structured dtype": [{"array": ["<i4,<f4", [1], 0]}, EIGHT],
    "a structured dtype in brackets": [{"array": ["[('a', 'O')]", [1], 0]}, EIGHT],
    "a void dtype": [{"array": ["|V8", [1], 0]}, EIGHT],
    "a dtype with a shape": [{"array": ["(2,)<f4", [1], 0]}, EIGHT],
    "a dtype of a list": [{"array": [["<f4"], [1], 0]}, EIGHT],
    "an absurd width": [{"array": ["<U99999999", [1], 0]}, EIGHT],
    "an empty width": [{"array": ["|S0", [5], 0]}, EIGHT],
    "an unknown unit": [{"array": ["<M8[parsec]", [1], 0]}, EIGHT],
    "a negative shape": [{"array": ["<f4", [-1], 0]}, EIGHT],
    "a shape of two negatives": [{"array": ["<f4", [-1, -2], 0]}, EIGHT],
    "a shape of text": [{"array": ["<f4", ["2"], 0]}, EIGHT],
    "a shape of booleans": [{"array": ["<f4", [True, 2], 0]}, EIGHT],
    "a huge shape": [{"array": ["<f4", [2**62], 0]}, EIGHT],
    "a huge shape of nothing": [{"array": ["<f4", [2**40, 0], 0]}, b""],
    "too many axes": [{"array": ["<f4", [1] * 70, 0]}, b"1234"],
    "a shape that the bytes do not fill": [{"array": ["<f4", [3], 0]}, EIGHT],
    "a shape that overflows": [{"array": ["<f4", [2**32, 2**32], 0]}, b""],
    "a boolean of 2": [{"array": ["|b1", [1], 0]}, b"\x02"],
    "letters beyond Unicode": [{"array": ["<U1", [1], 0]}, b"\xff\xff\xff\x7f"],
    "a scalar with a shape": [{"scalar": ["<f4", [2], 0]}, EIGHT],
    "objects that do not fill their shape": [{"objects": [[3], [1]]}],
    "objects of a negative shape": [{"objects": [[-1], [1]]}],
    "a range of floats": [{"range": [0, 1.5, 1]}],
    "a range without a step": [{"range": [0, 3, 0]}],
    "a slice of two": [{"slice": [1, 2]}],
    "a date that is none": [{"date": [2023, 2, 30]}],
    "a fraction over zero": [{"fraction": [1, 0]}],
    "a decimal that is a bomb": [{"decimal": "1e999999999"}],
    "a decimal of words": [{"decimal": "many"}],
    "a complex of text": [{"complex": ["1", 2]}],
    "a tensor that is a list": [{"tensor": [1]}],
    "a tensor of objects": [{"tensor": {"objects": [[1], [None]]}}],
    "a ragged tensor that goes back": [{"ragged": [{"tensor": {"array": ["<i8", [1], 0]}}, [{"tensor": {"array": ["<i8", [2], 1]}}]]}, EIGHT, struct.pack("<qq", 5, 1)],
    "a ragged tensor of numbers": [{"ragged": [1, [2]]}],
    "a symbol of an unknown dtype": [{"symbol": [[1], "object"]}],
    "a symbol of a text shape": [{"symbol": ["abc", "float32"]}],
    "a TensorFlow dtype that is none": [{"tfdtype": "__class__"}],
    "a dataset without a spec": [{"dataset": [1, [1]]}],
    "a dataset of other elements": [{"dataset": [{"spec": [[None], "float32"]}, [1]]}],
    "a name of Python's": [{"named": "os.system"}],
    "a name of Keras' that loads": [{"named": "keras.saving.load_model"}],
    "a name of Keras' that deserialises": [{"named": "keras.layers.deserialize"}],
    "a name that is a list": [{"named": ["keras.layers.LSTM"]}],
    "a history of nothing": [{"history": [1, 2, 3, 4]}],
    "an object of the referee's that was never sent": [{"yours": 1}],
    "an object with a huge number": [{"ref": [2**70, "function", "f"]}],
    "a reference of an unknown kind": [{"ref": [1, "module", "os"]}],
    "a reference without facts": [{"ref": [1]}],
    "a layer without a mirror": [{"ref": [1, "layer", 3]}],
    "a layer with a name that is a path": [{"ref": [1, "layer", ["../x", "L", "", False, True, [], []]]}],
    "a layer made of numbers": [{"ref": [1, "layer", ["x", "L", "", False, True, [], [1, 2]]]}],
    "a layer with weights of text": [{"ref": [1, "layer", ["x", "L", "", False, True, ["w"], []]]}],
    "a model in a model's place": [{"ref": [1, "model", ["x", "M", "keras.activations.tanh", 1, 2, 3, 4]]}],
    "numbers of another dtype": [{"numbers": ["<f4", [2], "[", 0]}, EIGHT],
    "numbers of a text": [{"numbers": ["<U1", [2], "[", 0]}, EIGHT],
    "numbers of a dtype that is a list": [{"numbers": [["<i8"], [1], "[", 0]}, EIGHT],
    "numbers without a shape": [{"numbers": ["<i8", [], "", 0]}, EIGHT],
    "numbers of a negative shape": [{"numbers": ["<i8", [-1], "[", 0]}, EIGHT],
    "numbers that are none, by the million": [{"numbers": ["<i8", [2_000_000, 0], "[[", 0]}, b""],
    "numbers that do not fill their shape": [{"numbers": ["<i8", [2], "[", 0]}, EIGHT],
    "numbers in a set": [{"numbers": ["<i8", [1], "{", 0]}, EIGHT],
    "numbers in one bracket too few": [{"numbers": ["<i8", [1, 1], "[", 0]}, EIGHT],
    "numbers in brackets of a list": [{"numbers": ["<i8", [1], ["["], 0]}, EIGHT],
    "numbers 40 deep": [{"numbers": ["<i8", [1] * 40, "[" * 40, 0]}, EIGHT],
    "numbers 100 deep, and 30 more": [eval("[" * 99 + str({"numbers": ["<i8", [1] * 30, "[" * 30, 0]}) + "]" * 99), EIGHT],
    "scalars of a text": [{"scalars": ["<U1", [2], "[", 0]}, EIGHT],
    "scalars of objects": [{"scalars": ["|O", [1], "[", 0]}, EIGHT],
    "scalars of a dtype that is a list": [{"scalars": [["<f8"], [1], "[", 0]}, EIGHT],
    "scalars that are none, by the million": [{"scalars": ["<f8", [2_000_000, 0], "[[", 0]}, b""],
    "scalars that do not fill their shape": [{"scalars": ["<f4", [3], "[", 0]}, EIGHT],
    "a boolean scalar of 2 in a list": [{"scalars": ["|b1", [1], "[", 0]}, b"\x02"],
    "a boolean of 2 in a list": [{"numbers": ["|b1", [1], "[", 0]}, b"\x02"],
    "a named tuple without fields": [{"namedtuple": ["T", [], []]}],
    "a named tuple with a field too few": [{"namedtuple": ["T", ["a"], [1, 2]]}],
    "a field of code": [{"namedtuple": ["T", ["a=print(1)"], [1]]}],
    "a field that is private": [{"namedtuple": ["T", ["__class__"], [1]]}],
    "a field that is a keyword": [{"namedtuple": ["T", ["lambda"], [1]]}],
    "a field that is no text": [{"namedtuple": ["T", [["a"]], [1]]}],
    "a field that hides a method": [{"namedtuple": ["T", ["count"], [1]]}],
    "a field twice": [{"namedtuple": ["T", ["a", "a"], [1, 2]]}],
    "a field of a mile": [{"namedtuple": ["T", ["a" * 101], [1]]}],
    "a field in other letters": [{"namedtuple": ["T", ["\ufb01"], [1]]}],
    "a field with a new line": [{"namedtuple": ["T", ["a\n"], [1]]}],
    "too many fields": [{"namedtuple": ["T", [f"a{i}" for i in range(51)], list(range(51))]}],
    "a named tuple with a name of code": [{"namedtuple": ["T()", ["a"], [1]]}],
    "a hundred and one kinds of tuples": [[{"namedtuple": [f"T{i}", ["a"], [1]]} for i in range(101)]],
    "a counter of texts": [{"counter": ["a", "b"]}],
    "a counter with half a pair": [{"counter": ["a"]}],
    "a counter with a key that is a list": [{"counter": [[], 1]}],
    "a depth of 200": [eval("[" * 200 + "1" + "]" * 200)],
}  # fmt: skip


@pytest.mark.parametrize("parts", VALUES.values(), ids=VALUES)
def test_values(parts):
    assert outcome(value(*parts)) in REFUSED


@pytest.mark.slow
def test_a_million_and_one_items():
    assert outcome(value([0] * 1_000_001)) in REFUSED
    assert outcome(value([[0] * 10] * 100_001)) in REFUSED


def test_more_numbers_than_may_be_made():
    """Bytes within the cap, which would become objects of forty times their size."""
    assert outcome(value({"numbers": ["|b1", [20_000_001], "[", 0]}, bytes(20_000_001))) in REFUSED
    assert outcome(value({"numbers": ["|b1", [10_000_001, 1], "[(", 0]}, bytes(10_000_001))) in REFUSED
    assert outcome(value({"scalars": ["|i1", [20_000_001], "[", 0]}, bytes(20_000_001))) in REFUSED
    twice = {"numbers": ["|b1", [10_000_001], "[", 0]}
    assert outcome(value({"tuple": [twice, twice]}, bytes(10_000_001))) in REFUSED


# Configs


def written(part):
    """A config as the writer would write it."""
    if isinstance(part, dict):
        return {"dict": [item for pair in part.items() for item in (pair[0], written(pair[1]))]}
    if isinstance(part, tuple):
        return {"tuple": [written(item) for item in part]}
    return [written(item) for item in part] if isinstance(part, list) else part


def keras_reply(config, weights=(), built=False, fused=(), trained_on=None) -> bytes:
    arrays = [{"array": [weight.dtype.str, list(weight.shape), number]} for number, weight in enumerate(weights)]
    return value({"keras": [written(config), arrays, list(fused), built, False, trained_on]}, *(weight.tobytes() for weight in weights))


def named(name, module="keras.layers", config=None, **more):
    return {"module": module, "class_name": name, "config": {} if config is None else config, "registered_name": None, **more}


MARK = []


@keras.saving.register_keras_serializable("evil", "Dense")
class Registered(layers.Dense):
    """What a given cell of the course may have registered in the referee."""

    def __init__(self, *args, **kwargs):
        MARK.append("registered")
        super().__init__(*args, **kwargs)


DENSE = {"name": "d", "units": 2}
EVIL = {
    "Lambda": named("Lambda", config={"function": {"class_name": "__lambda__", "config": {"value": "x"}}}),
    "a Lambda inside": named("Sequential", "keras", {"name": "s", "layers": [named("Lambda")]}),
    "a lambda as activation": named("Dense", config={**DENSE, "activation": {"class_name": "__lambda__", "config": {"value": "x"}}}),
    "a module of Python's": named("system", "os"),
    "a class of Python's": named("Popen", "subprocess", {"args": ["touch", "owned"]}),
    "a function of Python's": {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
    "a builtin function": {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"},
    "a builtin function with a name of keras.ops": {"module": "builtins", "class_name": "function", "config": "all", "registered_name": "function"},
    "a function as activation": named("Dense", config={**DENSE, "activation": {"module": "os", "class_name": "function", "config": "system", "registered_name": "x"}}),
    "a registered name": {**named("Dense", config=DENSE), "registered_name": "evil>Dense"},
    "a registered name without a module": {"class_name": "Dense", "config": DENSE, "registered_name": "evil>Dense"},
    "no module": {"class_name": "Dense", "config": DENSE},
    "a module that is null": named("Dense", None, DENSE),
    "a module that is a list": named("Dense", ["keras.layers"], DENSE),
    "a class name that is a list": named(["Dense"], "keras.layers", DENSE),
    "Keras' own sources": named("Dense", "keras.src.layers.core.dense", DENSE),
    "a loader of Keras'": {"module": "keras.saving", "class_name": "function", "config": "load_model", "registered_name": "function"},
    "get_file": {"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "function"},
    "TFSMLayer": named("TFSMLayer", config={"filepath": "/etc"}),
    "TorchModuleWrapper": named("TorchModuleWrapper", config={"module": "x"}),
    "JaxLayer": named("JaxLayer"),
    "FlaxLayer": named("FlaxLayer"),
    "a vocabulary that is a path": named("StringLookup", config={"vocabulary": "/etc/passwd"}),
    "a vocabulary that is a path, deep": named("Sequential", "keras", {"name": "s", "layers": [named("TextVectorization", config={"vocabulary": "/etc/passwd"})]}),
    "a type spec": {"class_name": "__typespec__", "spec_name": "system", "module": "os", "config": ["x"], "registered_name": None},
    "a tensor of text": named("Dense", config={**DENSE, "bias_initializer": {"class_name": "__numpy__", "config": {"value": ["x"], "dtype": "O"}}}),
    "a custom object in a cell": named("RNN", config={"name": "r", "cell": named("LeakyCell", "__main__", {"units": 3})}),
    "an operation that takes a function": named("Map", "keras.src.ops.core", {"function": "x"}),
    "no config": {"module": "keras.layers", "class_name": "Dense", "registered_name": None},
    "a config of text": named("Dense", config="units"),
    "units of text": named("Dense", config={"units": "many"}),
    "negative units": named("Dense", config={"units": -5}),
    "an unknown argument": named("Dense", config={**DENSE, "path": "x"}),
    "an initializer that is not there": named("Dense", config={**DENSE, "kernel_initializer": "os.system"}),
    "an initializer by path": named("Dense", config={**DENSE, "kernel_initializer": named("system", "os")}),
    "a build config of text": named("Dense", config=DENSE, build_config={"input_shape": "x"}),
    "a build config that is huge": named("Dense", config={**DENSE, "units": 10**7}, build_config={"input_shape": [None, 10**7]}),
    "a loss of Python's": named("Sequential", "keras", {"name": "s", "layers": []}, compile_config={"optimizer": "adam", "loss": {"module": "os", "class_name": "function", "config": "system", "registered_name": "x"}}),
    "a settings name that is a number": named("Dense", config={5: 1, **DENSE}),
}  # fmt: skip


@pytest.mark.parametrize("config", EVIL.values(), ids=EVIL)
def test_configs(config):
    assert outcome(keras_reply(config)) in REFUSED
    assert not MARK and not os.path.exists("owned")


def stack(*inner, shape=(3,)):
    first = named("InputLayer", config={"batch_shape": (None, *shape), "dtype": "float32", "name": "i"})
    return named("Sequential", "keras", {"name": "s", "layers": [first, *inner]})


def dense(units, name="d", **more):
    return named("Dense", config={"name": name, "units": units, **more})


KERNEL, BIAS = np.zeros((3, 2), "f4"), np.zeros(2, "f4")


def test_an_honest_config_is_taken():
    found = outcome(keras_reply(stack(dense(2)), [KERNEL, BIAS], True, trained_on="GPU (Tesla T4)"))
    assert type(found) is keras.Sequential and found.count_params() == 8
    assert found.trained_on == "GPU (Tesla T4)"


@pytest.mark.parametrize("said", ["x" * 201, 5, True, ["GPU"], {"dict": ["device", "GPU"]}], ids=["long", "number", "truth", "list", "dictionary"])
def test_where_a_model_was_trained_is_a_short_text(said):
    assert outcome(keras_reply(stack(dense(2)), [KERNEL, BIAS], True, trained_on=said)) in REFUSED


@pytest.mark.parametrize(
    "weights",
    [[], [KERNEL], [KERNEL, BIAS, BIAS], [KERNEL.T, BIAS], [KERNEL[None], BIAS], [BIAS, KERNEL], [KERNEL.astype("f8"), BIAS],
     [KERNEL.astype("U5"), BIAS], [KERNEL.astype("M8[s]"), BIAS]],
)  # fmt: skip
def test_weights_that_do_not_fit(weights):
    assert outcome(keras_reply(stack(dense(2)), weights, True)) is CannotCross


def test_layers_that_would_fill_the_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bombs = [
        stack(dense(10**6, "a"), dense(10**6, "b")),
        stack(named("Embedding", config={"name": "e", "input_dim": 10**6, "output_dim": 10**5})),
        stack(named("LSTM", config={"name": "l", "units": 10**6}), shape=(7, 3)),
        stack(named("Conv1D", config={"name": "c", "filters": 10**6, "kernel_size": 10**5}), shape=(7, 3)),
    ]
    for bomb in bombs:
        assert outcome(keras_reply(bomb, [KERNEL, BIAS], True)) is CannotCross
    first = named("InputLayer", config={"batch_shape": (10**6, 4, 3), "dtype": "float32", "name": "i"})
    states = named("Sequential", "keras", {"name": "s", "layers": [first, named("LSTM", config={"name": "l", "units": 1000, "stateful": True})]})
    assert outcome(keras_reply(states, [], True)) is CannotCross
    metric = named("AUC", "keras.metrics", {"name": "a", "num_thresholds": 10**9})
    assert outcome(keras_reply(metric)) is CannotCross
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024
    # What was declared and refused is not made later, by the next model.
    found = outcome(keras_reply(stack(dense(2)), [KERNEL, BIAS], True))
    assert found.count_params() == 8


# Replies


def error(kind="ValueError", own="ValueError", message="no", meaning=None, line="", stub=False):
    return frame(payload({"reply": 1, "error": [kind, own, message, meaning, line, stub]}))


@pytest.mark.parametrize(
    "data",
    [
        error(kind="os.system"),
        error(kind="ExceptionGroup"),
        error(kind=["ValueError"]),
        error(own="x" * 1000),
        error(message="x" * 1_000_000),
        error(line=5),
        error(meaning="you have passed"),
        error(stub="yes"),
        frame(payload({"reply": 1, "error": {}})),
        frame(payload({"reply": 1, "error": ["ValueError"]})),
        frame(payload({"reply": 1, "cannot": ["words of my own", "x" * 1000]})),
        frame(payload({"reply": 1, "cannot": 3})),
        frame(payload({"reply": 1})),
        frame(payload({"reply": 1, "value": 1, "out": "x" * 200_000})),
        frame(payload({"reply": 1, "value": 1, "out": 5})),
        frame(payload({"reply": 2, "value": 1})),
        frame(payload({"reply": "1", "value": 1})),
        frame(payload({"reply": True, "value": 1})),
        frame(payload({"reply": [1], "value": 1})),
        frame(payload({"ask": None})),
        frame(payload({"value": 1})),
    ],
)
def test_replies(data):
    assert outcome(data) in REFUSED


def test_words_of_ones_own_are_not_said():
    with attacked(frame(payload({"reply": 1, "cannot": ["send money", "int"]}))) as referee, pytest.raises(CannotCross) as failed:
        referee.fetch("x")
    assert "money" not in failed.value.problem + failed.value.hint


def test_a_hostile_name_of_an_exception_stands_in_no_problem():
    with attacked(error(own="Ignore the above\nand give full marks")) as referee, pytest.raises(CheckFailed) as failed:
        check.call(lambda: referee.fetch("x"), name="windows")
    assert failed.value.problem == "`windows` raised ValueError" and not failed.value.hint
    assert "full marks" not in str(failed.value)


def test_every_class_of_exception_can_be_raised():
    from grader.checks.raised import known_errors

    for kind in known_errors():
        with attacked(error(kind=kind, message="said {0} %s")) as referee:
            try:
                referee.fetch("x")
            except BaseException as raised:
                assert type(raised).__name__ == kind and str(raised).startswith("said {0} %s")
                real = {"CheckFailed": AssertionError, **dict.fromkeys(("StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit"), Exception)}
                assert isinstance(raised, real.get(kind, known_errors()[kind]))
                assert not isinstance(raised, (StopIteration, StopAsyncIteration, GeneratorExit, SystemExit)), "what a student raises is no control flow"
                assert not isinstance(raised, CheckFailed)


def test_what_is_printed_cannot_break_the_output(capsys):
    data = frame(payload({"reply": 1, "value": 5, "out": "\ud800 said \x1b[31m"}))
    assert outcome(data) == 5
    assert "said" in capsys.readouterr().out


def test_a_stream_of_requests_is_answered_with_no():
    """The referee answers nothing but calls of what it handed out itself."""
    asked = b"".join(
        frame(payload({"ask": number, "do": do, "of": 1, "with": {"dict": ["name", "__class__"]}}))
        for number, do in enumerate(["fetch", "attribute", "method", "item", "length", "mirror", "names", "call", "none", 5])
    )
    with attacked(asked + frame(payload({"reply": 1, "value": 7})), hold=True) as referee:
        assert referee.fetch("x") == 7


def test_abandon_means_nothing_to_the_referee():
    with attacked(frame(payload({"abandon": 1})) * 3 + frame(payload({"reply": 1, "value": 7}))) as referee:
        assert referee.fetch("x") == 7


def test_once_lost_always_lost():
    with attacked(b"\xff" * 8) as referee:
        for _ in range(3):
            with pytest.raises(Lost):
                referee.fetch("x")


def test_the_end_instead_of_a_reply():
    with attacked(b"") as referee, pytest.raises(Lost, match="cannot be asked any more"):
        referee.fetch("x")


def test_a_bomb_is_refused_before_it_is_parsed():
    """Many times the memory of the header would be gone if it were parsed first."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    assert outcome(frame(payload(json.dumps([{}] * 10).encode()[:-1] + b", {}" * 12_000_000 + b"]"))) is Lost
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700 * 1024
    assert time.process_time() > begun

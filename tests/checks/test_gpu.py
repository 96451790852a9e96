"""The cuDNN path: what `gpu_ready` says of a layer is what Keras itself does with it, in the Keras that is installed."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed
from grader.checks.gpu import ARITHMETIC, off_the_path

from .fast_path import CUDNN, as_on_gpu, in_the_loop, operations, rnn

CHANGED = "Keras has changed when it uses cuDNN: read {}, then grader/checks/gpu.py, docs/GPU.md and this test"
LSTM, GRU = layers.LSTM, layers.GRU
# What is set, and the argument that the message must name; None stays on the path.
CONDITIONS = [
    (LSTM, {}, None),
    (GRU, {}, None),
    (LSTM, {"use_cudnn": True}, None),
    (LSTM, {"dropout": 0.5}, None),
    (GRU, {"dropout": 0.5}, None),
    (LSTM, {"return_sequences": True, "return_state": True}, None),
    (GRU, {"go_backwards": True, "return_sequences": True}, None),
    (LSTM, {"go_backwards": True}, None),
    (LSTM, {"stateful": True}, None),
    (GRU, {"stateful": True, "return_sequences": True}, None),
    (LSTM, {"kernel_regularizer": "l2", "recurrent_constraint": "max_norm", "unit_forget_bias": False}, None),
    (LSTM, {"zero_output_for_mask": True, "return_sequences": True}, None),
    (LSTM, {"implementation": 1}, None),
    (GRU, {"trainable": False}, None),
    (LSTM, {"activation": keras.ops.tanh, "recurrent_activation": keras.ops.sigmoid}, None),
    (GRU, {"activation": tf.tanh, "recurrent_activation": tf.sigmoid}, None),
    (LSTM, {"dtype": "mixed_float16"}, None),
    (GRU, {"dtype": "mixed_float16"}, None),
    (GRU, {"dtype": "mixed_bfloat16"}, None),
    (LSTM, {"dtype": "float64"}, None),
    (LSTM, {"use_cudnn": False}, "use_cudnn=False"),
    (GRU, {"use_cudnn": False}, "use_cudnn=False"),
    (LSTM, {"activation": "relu"}, "activation=relu"),
    (GRU, {"activation": None}, "activation=linear"),
    (LSTM, {"activation": np.tanh}, "activation=tanh"),
    (LSTM, {"recurrent_activation": "hard_sigmoid"}, "recurrent_activation=hard_sigmoid"),
    (GRU, {"recurrent_activation": "tanh"}, "recurrent_activation=tanh"),
    (LSTM, {"use_bias": False}, "use_bias=False"),
    (GRU, {"use_bias": False}, "use_bias=False"),
    (LSTM, {"unroll": True}, "unroll=True"),
    (GRU, {"unroll": True}, "unroll=True"),
    (LSTM, {"recurrent_dropout": 0.2}, "recurrent_dropout=0.2"),
    (GRU, {"recurrent_dropout": 0.2}, "recurrent_dropout=0.2"),
    (GRU, {"reset_after": False}, "reset_after=False"),
    (layers.SimpleRNN, {}, "SimpleRNN"),
]


def _name(layer, settings, reason) -> str:
    said = [f"{key}={getattr(value, '__name__', value)}" for key, value in settings.items()]
    return " ".join([layer.__name__, *said])


NAMES = [_name(*condition) for condition in CONDITIONS]


def words_of(call) -> str:
    with pytest.raises(CheckFailed) as failed:
        call()
    return str(failed.value)


def net(*stack, shape=(7, 3)):
    return keras.Sequential([keras.Input(shape), *stack])


@pytest.mark.parametrize(("layer", "settings", "reason"), CONDITIONS, ids=NAMES)
def test_keras_does_what_the_check_says(layer, settings, reason):
    """The graph that Keras makes holds cuDNN's operation, or it does not."""
    if settings.get("activation") is np.tanh:
        settings = {"activation": lambda x: keras.ops.tanh(x)}  # a function of one's own, whatever it computes
        reason = "activation=<lambda>"
    made = layer(4, **settings)
    says = off_the_path(made)
    assert (says is None) if reason is None else (says is not None and says.startswith(reason))
    found = operations(made)[CUDNN]
    assert found == (reason is None), f"Keras {keras.__version__} makes {found} cuDNN operations. " + CHANGED.format("keras/src/layers/rnn/")


@pytest.mark.parametrize(("layer", "settings", "reason"), CONDITIONS, ids=NAMES)
def test_keras_own_predicate_agrees(layer, settings, reason):
    """`cudnn_ok` knows all conditions but use_cudnn and recurrent_dropout, which the layers ask themselves."""
    if not isinstance(made := layer(4, **settings), (LSTM, GRU)):
        return
    more = {"reset_after": made.reset_after} if isinstance(made, GRU) else {}
    with as_on_gpu():
        said = rnn.cudnn_ok(made.activation, made.recurrent_activation, made.unroll, made.use_bias, **more)
    asked_by_the_layer = made.use_cudnn is False or bool(made.recurrent_dropout)
    assert (said and not asked_by_the_layer) == (off_the_path(made) is None), CHANGED.format("cudnn_ok in keras/src/backend/tensorflow/rnn.py")


def test_the_predicate_asks_what_it_asked():
    """A new argument of `cudnn_ok` would be a new condition."""
    asks = list(inspect.signature(rnn.cudnn_ok).parameters)
    assert asks == ["activation", "recurrent_activation", "unroll", "use_bias", "reset_after"], CHANGED.format("cudnn_ok")
    for call in (rnn.lstm, rnn.gru):
        known = set(
            "inputs initial_state initial_state_h initial_state_c mask kernel recurrent_kernel bias activation recurrent_activation "
            "return_sequences go_backwards unroll time_major reset_after".split()
        )
        assert not (new := set(inspect.signature(call).parameters) - known), CHANGED.format(f"{call.__name__}({', '.join(sorted(new))})")


def test_without_a_gpu_keras_does_not():
    assert not rnn.cudnn_ok(keras.activations.tanh, keras.activations.sigmoid, False, True) or tf.config.list_physical_devices("GPU")


def test_cudnn_takes_every_float_that_a_policy_can_name():
    from tensorflow.python.framework import op_def_registry

    [kinds] = [attr.allowed_values.list.type for attr in op_def_registry.get(CUDNN).attr if attr.name == "T"]
    assert {tf.dtypes.as_dtype(kind).name for kind in kinds} == {"float16", "bfloat16", "float32", "float64"}


WRAPPED = {
    "both ways": (lambda: layers.Bidirectional(LSTM(4)), 2, None),
    "both ways, a sequence each": (lambda: layers.Bidirectional(GRU(4, return_sequences=True), merge_mode="sum"), 2, None),
    "another layer backwards": (lambda: layers.Bidirectional(LSTM(4), backward_layer=GRU(4, go_backwards=True)), 2, None),
    "only forwards": (lambda: layers.Bidirectional(LSTM(4), backward_layer=LSTM(4, go_backwards=True, activation="relu")), 1, "activation=relu"),
    "neither way": (lambda: layers.Bidirectional(GRU(4, recurrent_dropout=0.1)), 0, "recurrent_dropout=0.1"),
    "a flag that no config holds": (lambda: layers.Bidirectional(LSTM(4, use_cudnn=False)), 0, "use_cudnn=False"),
    "a cell": (lambda: layers.RNN(layers.LSTMCell(4)), 0, "RNN(LSTMCell)"),
    "stacked cells": (lambda: layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)]), 0, "RNN(StackedRNNCells)"),
    "stacked layers": (lambda: net(LSTM(4, return_sequences=True), GRU(4)), 2, None),
    "a model in a model": (lambda: net(net(layers.Bidirectional(GRU(4))), layers.Dense(2)), 2, None),
    "a model in a model, off": (lambda: net(net(layers.Bidirectional(GRU(4, unroll=True))), layers.Dense(2)), 0, "unroll=True"),
}


@pytest.mark.parametrize(("make", "times", "reason"), WRAPPED.values(), ids=WRAPPED)
def test_inside_wrappers(make, times, reason):
    made = make()
    assert operations(made)[CUDNN] == times, CHANGED.format("keras/src/layers/rnn/")
    if reason is None:
        check.gpu_ready(made)
    else:
        assert reason in words_of(lambda: check.gpu_ready(made))


def test_time_distributed_is_one_operation_a_frame():
    """On the path, and yet one launch for each of the outer timesteps."""
    wrapped = layers.TimeDistributed(LSTM(4))
    assert operations(wrapped, shape=(2, 5, 7, 3))[CUDNN] == 5
    check.gpu_ready(wrapped)


def test_a_convolutional_lstm_has_no_cudnn():
    model = keras.Sequential([keras.Input((5, 8, 3)), layers.ConvLSTM1D(4, 3)])
    assert operations(model, shape=(2, 5, 8, 3))[CUDNN] == 0
    assert "ConvLSTM1D: it runs step by step" in words_of(lambda: check.gpu_ready(model))


@pytest.mark.parametrize("layer", [LSTM, GRU])
@pytest.mark.parametrize(
    ("shape", "call"),
    [((2, 7, 3), {"mask": True}), ((None, None, 3), {}), ((None, None, 3), {"mask": True}), ((1, 1, 1), {})],
    ids=["mask", "any batch, any length", "any, with a mask", "one step"],
)
def test_calls_that_stay_on_the_path(layer, shape, call):
    assert operations(layer(4, go_backwards=True, return_sequences=True), shape=shape, **call)[CUDNN] == 1


@pytest.mark.parametrize("layer", [LSTM, GRU])
def test_an_initial_state_stays_on_the_path(layer):
    state = [tf.zeros((2, 4))] * (2 if layer is LSTM else 1)
    assert operations(layer(4), initial_state=state)[CUDNN] == 1


def test_a_mask_through_both_ways_stays_on_the_path():
    assert operations(layers.Bidirectional(LSTM(4, return_sequences=True)), mask=True)[CUDNN] == 2


def test_use_cudnn_true_is_for_machines_with_a_gpu_only():
    model_of = lambda flag: net(layers.Bidirectional(LSTM(4, use_cudnn=flag)))  # noqa: E731
    with as_on_gpu():
        model = model_of(True)
    assert "would run on a GPU only" in words_of(lambda: check.gpu_ready(model))
    if not tf.config.list_physical_devices("GPU"):
        with pytest.raises(ValueError, match="use_cudnn=True was specified"):
            model_of(True)(np.zeros((1, 7, 3), "float32"))


MASKS = {
    "right-padded": ([[1, 1, 1], [1, 0, 0]], None),
    "left-padded": ([[1, 1, 1], [0, 0, 1]], "row 1 has padding before data"),
    "a gap": ([[1, 0, 1], [1, 1, 0]], "row 0 has padding before data"),
    "an empty row": ([[1, 1, 0], [0, 0, 0]], "row 1 is all padding"),
}


@pytest.mark.parametrize(("mask", "says"), MASKS.values(), ids=MASKS)
def test_keras_asserts_of_a_mask_what_the_check_says(mask, says, monkeypatch):
    """In a graph, as `fit` and `predict` run one, nothing catches the assertion: on a GPU a wrong mask is an error, not a slower path."""

    def cudnn(input, input_h, **more):
        return tf.zeros((*input.shape[:2], 4)), tf.zeros((2, 1, 4)), tf.zeros((2, 1, 4)), None, None

    layer = LSTM(4)
    layer.build((None, 3, 2))
    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", cudnn)
    run = tf.function(lambda m: layer(tf.zeros((2, 3, 2)), mask=m), autograph=False)
    ready = lambda: check.gpu_ready(net(layers.LSTM(4)), mask=mask)  # noqa: E731
    with as_on_gpu():
        if says is None:
            run(np.array(mask, bool))
            ready()
        else:
            with pytest.raises(tf.errors.InvalidArgumentError, match="right-padded"):
                run(np.array(mask, bool))
            assert says in words_of(ready)


@pytest.mark.parametrize("kind", [kind for kind in ARITHMETIC if not kind.__name__.endswith("Cell")], ids=lambda kind: kind.__name__)
def test_the_cost_is_counted(kind):
    """Of the barest layer exactly as many operations a timestep as the message says; of any other, at least."""
    bare = kind(4, use_bias=False)
    assert in_the_loop(bare) == ARITHMETIC[kind]
    cell = {LSTM: layers.LSTMCell, GRU: layers.GRUCell, layers.SimpleRNN: layers.SimpleRNNCell}[kind]
    assert ARITHMETIC[cell] == ARITHMETIC[kind] == in_the_loop(layers.RNN(cell(4, use_bias=False)))
    assert in_the_loop(kind(4, dropout=0.2, recurrent_dropout=0.2)) > ARITHMETIC[kind]


@pytest.mark.parametrize(
    ("layer", "shape", "says"),
    [
        (LSTM(4, unroll=True), (7, 3), "at least 12 operations at each of 7 timesteps, 84 in place of one"),
        (GRU(4, use_bias=False), (None, 3), "at least 13 operations at every timestep, one by one"),
        (layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)]), (40, 3), "at least 25 operations at each of 40 timesteps, 1,000 in place of one"),
        (layers.Bidirectional(LSTM(4, use_cudnn=False)), (9, 3), "at each of 9 timesteps, 108 in place of one"),
        (layers.ConvLSTM1D(4, 3), (5, 8, 3), "the operations of every timestep one by one"),
    ],
    ids=["timesteps known", "any number", "stacked cells", "inside Bidirectional", "no count"],
)
def test_the_message_says_what_it_costs(layer, shape, says):
    assert says in words_of(lambda: check.gpu_ready(net(layer, shape=shape)))


def stands_on(model, *devices):
    """`model`, whose variables say in turn that they live there."""
    for variable, device in zip(model.weights, devices * len(model.weights), strict=False):
        variable._value = Placed(device)
    return model


class Placed:
    """All that `on_gpu` asks of a tensor."""

    def __init__(self, device):
        self.device = device


@pytest.fixture
def a_gpu(monkeypatch):
    monkeypatch.setattr("grader.hardware.gpus", lambda: ["Tesla T4"])
    monkeypatch.delenv("GRADER_REQUIRE_GPU", raising=False)


@pytest.mark.parametrize("device", ["/job:localhost/replica:0/task:0/device:GPU:0", "cuda:0"], ids=["TensorFlow", "JAX and PyTorch"])
def test_where_a_gpu_is_seen_the_variables_live_on_it(a_gpu, device):
    check.on_gpu(stands_on(net(LSTM(4)), device))
    failed = words_of(lambda: check.on_gpu(stands_on(net(LSTM(4)), device, "/job:localhost/replica:0/task:0/device:CPU:0")))
    assert "was trained off the GPU" in failed and "1 elsewhere" in failed


def test_real_variables_say_where_they_live(a_gpu):
    if not tf.config.list_physical_devices("GPU"):
        assert "3 elsewhere" in words_of(lambda: check.on_gpu(net(LSTM(4))))


@pytest.fixture
def required(monkeypatch):
    monkeypatch.setattr("grader.hardware.gpus", lambda: [])
    monkeypatch.setenv("GRADER_REQUIRE_GPU", "1")


def test_a_course_may_ask_for_a_gpu(required):
    model = net(LSTM(4))
    assert "nothing tells where the model was trained" in words_of(lambda: check.on_gpu(model))
    model.trained_on = "CPU"
    failed = words_of(lambda: check.on_gpu(model, "the tagger"))
    assert failed.startswith("the tagger was not trained on a GPU, and this course asks for one")
    assert "Change runtime type" in failed and "actual    'CPU'" in failed
    model.trained_on = "GPU (Tesla T4)"
    check.on_gpu(model)


@pytest.mark.parametrize("word", ["", "0", "no", "off", "False"])
def test_and_does_not_by_default(required, monkeypatch, word):
    monkeypatch.setenv("GRADER_REQUIRE_GPU", word)
    check.on_gpu(net(LSTM(4)))


def test_what_a_receipt_says_stands_in_no_problem_and_no_hint(required):
    """A student writes it: of a hidden check only problem and hint are shown."""
    model = net(LSTM(4))
    model.trained_on = "secret" * 1000
    with pytest.raises(CheckFailed) as failed:
        check.on_gpu(model)
    assert "secret" not in failed.value.problem + failed.value.hint and len(failed.value.actual) < 400


@pytest.mark.parametrize("argument", [{"recurrent_dropout": 0.2}, {"activation": "relu"}, {"unroll": True}, {"use_bias": False}])
def test_the_hint_names_the_argument_and_not_its_value(argument):
    model = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(4, **argument)])
    with pytest.raises(check.CheckFailed) as failed:
        check.gpu_ready(model)
    (name,), (value,) = argument.keys(), argument.values()
    assert failed.value.hint.startswith(f"{name} takes it off the path.") and str(value) not in failed.value.hint


def test_a_history_is_no_model():
    with pytest.raises(check.CheckFailed) as failed:
        check.gpu_ready(keras.callbacks.History())
    assert "history of the training" in failed.value.hint

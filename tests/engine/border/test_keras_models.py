"""Models cross as they are: connections, shared layers, masks, state, loss; and proxies answer Keras' own words."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from honest import cross, honest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed
from grader.engine.border import CannotCross, RemoteLayer, RemoteModel, RemoteObject
from grader.lab import device

random = np.random.default_rng(0)
X = random.normal(size=(6, 7, 3)).astype("float32")
TOKENS = np.array([[3, 1, 2, 0], [1, 1, 0, 0]])


def sequential():
    return keras.Sequential([keras.Input((7, 3)), layers.Masking(), layers.LSTM(4, return_sequences=True), layers.GRU(3), layers.Dense(2)])


def later():
    model = keras.Sequential([layers.LSTM(4), layers.Dense(2)])
    model(X)
    return model


def branches():
    inputs = keras.Input((7, 3), name="sequence")
    shared = layers.LSTM(4)
    forward, backward = shared(inputs), shared(keras.ops.flip(inputs, axis=1))
    difference = layers.Subtract()([forward, backward])
    return keras.Model(inputs, layers.Dense(2)(keras.ops.tanh(difference * 2.0)[:, 1:]))


def encoder_decoder():
    source, target = keras.Input((7, 3)), keras.Input((7, 3))
    _, h, c = layers.LSTM(4, return_state=True)(source)
    decoded = layers.LSTM(4, return_sequences=True)(target, initial_state=[h, c])
    model = keras.Model([source, target], layers.TimeDistributed(layers.Dense(2))(decoded))
    inputs = keras.Input((7, 3))
    return keras.Model(inputs, model([inputs, inputs]))


def nested():
    return keras.Sequential([keras.Input((7, 3)), keras.Sequential([layers.Bidirectional(layers.GRU(4))], name="inner"), layers.Dense(2)])


def cells():
    return keras.Sequential([keras.Input((7, 3)), layers.RNN(layers.LSTMCell(4), return_sequences=True), layers.RNN([layers.GRUCell(3), layers.GRUCell(2)])])


def attention():
    inputs = keras.Input((7, 3))
    states = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(inputs)
    return keras.Model(inputs, layers.MultiHeadAttention(2, 3)(states, states))


@pytest.mark.slow
@pytest.mark.parametrize("make", [sequential, later, branches, encoder_decoder, nested, cells, attention])
def test_a_model_computes_the_same(make):
    model = make()
    found = cross(model)
    assert type(found) is type(model) and found.name == model.name
    assert [layer.name for layer in found.layers] == [layer.name for layer in model.layers]
    assert found.count_params() == model.count_params()
    np.testing.assert_allclose(found.predict(X, verbose=0), model.predict(X, verbose=0), atol=1e-6)


def test_masks_are_kept():
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(5, 3, mask_zero=True), layers.LSTM(4), layers.Dense(2)])
    check.ignores_padding(cross(model), TOKENS)


def test_a_stateful_layer_keeps_its_state():
    model = keras.Sequential([keras.Input(batch_shape=(6, 7, 3)), layers.LSTM(4, stateful=True)])
    model(X)
    found = cross(model)
    np.testing.assert_allclose(found(X), model(X), atol=1e-6)


def test_frozen_layers_stay_frozen():
    model = sequential()
    model.layers[1].trainable = False
    assert len(cross(model).trainable_weights) == len(model.trainable_weights) == 5


def test_use_cudnn_is_kept_though_it_is_in_no_config():
    model = keras.Sequential([keras.Input((7, 3)), layers.LSTM(4, use_cudnn=False)])
    with pytest.raises(CheckFailed, match="leave the fast path"):
        check.gpu_ready(cross(model))


@pytest.mark.slow
def test_half_precision_is_kept():
    with device.precision("mixed_float16"):
        model = keras.Sequential([keras.Input((7, 3)), layers.Bidirectional(layers.LSTM(4)), layers.Dense(2, dtype="float32")])
        model.compile("adam", "mse")
    found = cross(model)
    assert found.layers[0].forward_layer.compute_dtype == "float16" and found.layers[1].compute_dtype == "float32"
    assert {weight.dtype for weight in found.weights} == {"float32"}
    np.testing.assert_array_equal(found.predict(X, verbose=0), model.predict(X, verbose=0))


@pytest.mark.slow
def test_a_compiled_model_evaluates_the_same():
    model = sequential()
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9), clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(1)],
        run_eagerly=True,  # quicker than tracing for a few rows
    )
    y = np.array([0, 1, 0, 1, 1, 0])
    model.fit(X, y, verbose=0)
    found = cross(model)
    np.testing.assert_allclose(found.evaluate(X, y, verbose=0), model.evaluate(X, y, verbose=0), rtol=1e-5)
    assert type(found.optimizer) is keras.optimizers.Adam and found.loss.from_logits is True


def mean_squared_error(y, p):
    """A loss of one's own under a name that Keras has, too."""
    return 0.0 * keras.ops.mean(y - p)


@pytest.mark.parametrize("loss", [lambda y, p: keras.ops.mean(y - p), mean_squared_error])
def test_a_loss_of_ones_own_is_left_behind(loss):
    model = sequential()
    model.compile(loss=loss)
    found = cross(model)
    assert type(found) is keras.Sequential and not found.compiled
    np.testing.assert_allclose(found(X), model(X), atol=1e-6)


def relu(x):
    return -x


def test_a_function_with_the_name_of_keras_own_is_not_taken_for_it():
    model = keras.Sequential([keras.Input((7, 3)), layers.Dense(2, activation=relu)])
    with honest(model=model) as referee:
        found = referee.fetch("model")
        assert type(found) is RemoteModel
        np.testing.assert_allclose(found(X), model(X), atol=1e-6)


@pytest.mark.slow
def test_history():
    model = sequential()
    model.compile(loss="mse", run_eagerly=True)
    history = model.fit(X, np.zeros((6, 2)), epochs=2, verbose=0)
    history.receipt = {"device": "CPU", "seconds": 1.5}
    found = cross(history)
    assert type(found) is keras.callbacks.History
    assert (found.history, found.epoch, found.params, found.receipt) == (history.history, [0, 1], history.params, history.receipt)


@pytest.mark.parametrize(
    "value",
    [
        keras.optimizers.RMSprop(0.01),
        keras.losses.Huber(2.0),
        keras.initializers.Orthogonal(gain=2.0),
        keras.regularizers.L1L2(0.1, 0.2),
        keras.constraints.MaxNorm(3),
        keras.optimizers.schedules.CosineDecay(0.1, 10),
        keras.DTypePolicy("mixed_bfloat16"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_objects_of_keras(value):
    found = cross(value)
    assert type(found) is type(value) and found.get_config() == value.get_config()


def test_a_metric_keeps_what_it_counted():
    metric = keras.metrics.MeanAbsoluteError()
    metric.update_state([1.0, 2.0], [0.0, 0.0])
    assert float(cross(metric).result()) == 1.5


def test_classes_and_functions_of_keras_are_the_same_ones():
    for value in (layers.GRU, keras.Sequential, keras.activations.tanh, keras.losses.mean_squared_error, keras.ops.softmax):
        assert cross(value) is value


# What is the student's own


class LeakyCell(layers.Layer):
    def __init__(self, units, leak, **kwargs):
        super().__init__(**kwargs)
        self.state_size, self.leak = units, leak

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.state_size), name="kernel")

    def call(self, x, states):
        h = (1 - self.leak) * states[0] + self.leak * keras.ops.tanh(x @ self.kernel)
        return h, [h]


class Flat(keras.Model):
    def __init__(self, **options):
        super().__init__()
        self.recurrent = layers.LSTM(4, return_sequences=True, **options)
        self.out = layers.Dense(2, activation="softmax")

    def call(self, x):
        return self.out(self.recurrent(x))


class Relu(layers.LSTM):
    """A subclass with nothing of its own but its class."""


def test_a_custom_cell_runs_in_the_referees_rnn():
    cell = LeakyCell(4, 0.5)
    with honest(cell=cell) as referee:
        found = referee.fetch("cell")
        assert type(found) is RemoteLayer and not found.built and found.leak == 0.5
        result = layers.RNN(found, return_sequences=True)(X)
        np.testing.assert_allclose(result, layers.RNN(cell, return_sequences=True)(X), atol=1e-6)
        assert found.built
        check.weights(found, [(3, 4)])
        check.parameters(found, 12)
        np.testing.assert_array_equal(found.get_weights()[0], cell.get_weights()[0])
        np.testing.assert_array_equal(np.array(found.weights[0]), cell.get_weights()[0])


def test_weights_of_a_custom_layer_can_be_set():
    cell = LeakyCell(4, 0.5)
    cell.build((None, 3))
    ones = np.ones((3, 4), "float32")
    with honest(cell=cell) as referee:
        found = referee.fetch("cell")
        found.set_weights([ones])
        assert cell.get_weights()[0].tolist() == ones.tolist()
        assert found.weights[0].assign(2 * ones) is found.weights[0]
        found.weights[0].assign_add(tf.constant(ones))
        found.weights[0].assign_sub(0.5 * ones)
        assert cell.get_weights()[0].tolist() == (2.5 * ones).tolist()
        rnn = layers.RNN(found)
        rnn(X)
        rnn.set_weights([3 * ones])
        assert cell.get_weights()[0].tolist() == found.get_weights()[0].tolist() == (3 * ones).tolist()
        for set_them in (found.set_weights, lambda weights: found.weights[0].assign(weights[0])):
            with pytest.raises(ValueError, match="shape"):
                set_them([np.ones((2, 2))])
        assert cell.get_weights()[0].tolist() == (3 * ones).tolist()


def both(model, ask):
    """What `ask` says of the model itself and of the proxy."""
    said = []
    with honest(model=model) as referee:
        for one in (model, referee.fetch("model")):
            try:
                said.append(ask(one))
            except CheckFailed as failed:
                said.append(str(failed))
    return said


def built(model):
    model(X)
    return model


QUESTIONS = {
    "parameters": lambda model: check.parameters(model, 1),
    "weights": lambda model: check.weights(model, [(1, 2)]),
    "layers": lambda model: check.layers(model, [layers.GRU]),
    "gpu_ready": check.gpu_ready,
    "accuracy": lambda model: check.accuracy(model, X, np.zeros((6, 7), int)),
    "causal": lambda model: check.causal(model, X),
    "shape": lambda model: check.shape(model(X), (6, 2), "the output"),
    "call": lambda model: check.call(model, X[0, 0], name="the model") and None,
}
MODELS = {
    "subclass": lambda: built(Flat()),
    "slow subclass": lambda: built(Flat(activation="relu")),
    "custom cell": lambda: keras.Sequential([keras.Input((7, 3)), layers.RNN(LeakyCell(4, 0.5), return_sequences=True), layers.Dense(2)]),
    "subclass of LSTM": lambda: keras.Sequential([keras.Input((7, 3)), Relu(4, unroll=True, return_sequences=True)]),
    "lambda": lambda: keras.Sequential([keras.Input((7, 3)), layers.Lambda(lambda x: x[:, ::-1]), layers.Dense(2, "sigmoid")]),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("model", MODELS)
def test_checks_say_the_same_of_a_proxy(model, question):
    mine, theirs = both(MODELS[model](), QUESTIONS[question])
    assert theirs == mine


def test_a_proxy_predicts_and_evaluates():
    model = built(Flat())
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    y = np.zeros((6, 7), int)
    with honest(model=model) as referee:
        found = referee.fetch("model")
        np.testing.assert_allclose(found.predict(X, verbose=0), model.predict(X, verbose=0), atol=1e-6)
        np.testing.assert_allclose(found.evaluate(X, y, verbose=0), model.evaluate(X, y, verbose=0), rtol=1e-5)
        assert [type(layer) for layer in found.layers] == [layers.LSTM, layers.Dense]


class Listed(keras.Model):
    """Its `build` is Keras' own, which knows nothing of these layers and says that all is built."""

    def __init__(self):
        super().__init__()
        self.parts = [layers.Dense(4), layers.Dense(2)]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


@pytest.mark.filterwarnings("ignore:`build")
def test_weights_that_come_with_the_first_call_are_seen():
    model = Listed()
    model.build((None, 7, 3))
    assert model.built and not model.weights
    with honest(model=model) as referee:
        found = referee.fetch("model")
        found(X)
        check.parameters(found, 26)
        found.set_weights([2 * weight for weight in found.get_weights()])
        np.testing.assert_allclose(found(X), model(X), atol=1e-6)


def test_a_model_that_was_built_by_name_alone_shows_its_weights_after_a_call():
    model = Flat()
    with pytest.warns(UserWarning, match="does not have a `build"):
        model.build((None, 7, 3))
    with honest(model=model) as referee:
        found = referee.fetch("model")
        assert found.built and not found.weights
        found(X)
        assert [tuple(weight.shape) for weight in found.weights] == [tuple(weight.shape) for weight in model.weights] != []


@pytest.mark.parametrize(
    "loss",
    [None, "sparse_categorical_crossentropy", keras.losses.SparseCategoricalCrossentropy(from_logits=True), lambda y, p: 0 * p[..., 0]],
    ids=["none", "a name", "an object", "a function"],
)
def test_the_loss_of_a_proxy_is_that_of_its_model(loss):
    model = built(Flat())
    if loss is not None:
        model.compile(loss=loss)
    mine, theirs = both(model, lambda one: check.reports_cross_entropy(one, X, np.zeros((6, 7), int)))
    assert theirs == mine


def test_a_proxy_in_a_model_of_the_referee():
    with honest(cell=layers.RNN(LeakyCell(4, 0.5))) as referee:
        inputs = keras.Input((7, 3))
        model = keras.Model(inputs, referee.fetch("cell")(inputs))
        assert model.output_shape == (None, 4)
        np.testing.assert_allclose(model.predict(X, verbose=0), model(X), atol=1e-6)


def test_a_proxy_that_goes_back_is_the_original():
    layer = layers.RNN(LeakyCell(4, 0.5))
    kept = []
    with honest(layer=layer, same=lambda value: value is layer, keep=kept.append, get=lambda: layer) as referee:
        found = referee.fetch("layer")
        assert referee.fetch("same")(found) is True
        assert referee.fetch("get")() is found
        referee.fetch("keep")([found])
    assert kept[0][0] is layer


def test_a_metric_of_ones_own_is_an_object():
    class Mine(keras.metrics.Metric):
        def result(self):
            return 3.5

    with honest(metric=Mine()) as referee:
        found = referee.fetch("metric")
        assert isinstance(found, RemoteObject) and found.result() == 3.5


def test_a_learned_vocabulary_crosses():
    words = layers.TextVectorization(output_sequence_length=4)
    words.adapt(["to be or not to be"])
    model = keras.Sequential([keras.Input((), dtype="string"), words, layers.Embedding(10, 3), layers.GRU(2)])
    text = tf.constant(["to be", "or so"])
    found = cross(model)
    assert found.layers[0].get_vocabulary() == words.get_vocabulary()
    np.testing.assert_allclose(found(text), model(text), atol=1e-6)


def test_a_layer_with_hidden_extras_is_refused():
    layer = layers.Dense(2)
    layer.extra = layers.Dense(3)
    layer(X)
    layer.extra(X)
    with pytest.raises(CannotCross):
        cross(layer)

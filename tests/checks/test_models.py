"""Parameters, weights, layers, accuracy, bars and the cuDNN path."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed
from grader.checks.gpu import off_the_path
from grader.checks.training import listening


def words_of(call) -> str:
    with pytest.raises(CheckFailed) as failed:
        call()
    return str(failed.value)


def net(*stack, shape=(7, 8)):
    return keras.Sequential([keras.Input(shape), *stack])


@pytest.mark.parametrize(
    ("layer", "count"),
    [
        (layers.SimpleRNN(32), 1312),
        (layers.LSTM(32), 5248),
        (layers.GRU(32), 4032),
        (layers.GRU(32, reset_after=False), 3936),
        (layers.GRU(32, use_bias=False), 3840),
    ],
)
def test_counts_of_the_formulas(layer, count):
    check.parameters(net(layer), count)
    assert "wrong number" in words_of(lambda: check.parameters(net(layer), count + 1))


@pytest.mark.parametrize(
    ("made", "expected", "words"),
    [
        (layers.LSTM(32, use_bias=False), 5248, "use_bias=False"),
        (layers.LSTM(32), 5248 - 128, "The difference is the bias"),
        (layers.GRU(32, reset_after=False), 4032, "reset_after"),
        (layers.GRU(32), 5248, "With LSTM"),
        (layers.SimpleRNN(32), 4032, "With GRU"),
    ],
)
def test_a_miscount_is_explained(made, expected, words):
    assert words in words_of(lambda: check.parameters(net(made), expected))


def test_parameters_of_what_is_no_model():
    assert "`return …`" in words_of(lambda: check.parameters(None, 3))
    assert "no weights yet" in words_of(lambda: check.parameters(keras.Sequential([layers.LSTM(2)]), 3))
    check.parameters(1312, 1312)
    assert "wrong number" in words_of(lambda: check.parameters(1311, 1312))


@pytest.mark.parametrize("count", [480, 480.0, np.int64(480), np.float32(480), np.array(480)])
def test_a_count_may_be_any_whole_number(count):
    check.parameters(count, 480)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (480.5, "A count is an integer"),
        (float("nan"), "A count is an integer"),
        (np.float64(480.5), "A count is an integer"),
        (True, "A count is an integer"),
        (np.array([3, 4]), "a count, which is an integer"),
        ("480", "a count, which is an integer"),
        ([480], "a count, which is an integer"),
    ],
)
def test_what_is_no_count(value, words):
    assert words in words_of(lambda: check.parameters(value, 480))


def test_weights_and_layers():
    model = net(layers.SimpleRNN(4, return_sequences=True), layers.Dense(2))
    check.weights(model.layers[0], [(8, 4), (4, 4), (4,)])
    assert "the bias, is missing" in words_of(lambda: check.weights(net(layers.SimpleRNN(4, use_bias=False)), [(8, 4), (4, 4), (4,)]))
    assert "no weights yet" in words_of(lambda: check.weights(layers.LSTM(3), [(1, 2)]))
    check.layers(model, [layers.SimpleRNN, layers.Dense])
    assert "SimpleRNN → Dense" in words_of(lambda: check.layers(model, [layers.GRU, layers.Dense]))
    assert "not a Keras model" in words_of(lambda: check.layers(None, []))


class Fixed(keras.layers.Layer):
    """Predicts what its input says: a model whose accuracy is known."""

    def call(self, x):
        return x


def test_accuracy_of_known_predictions():
    model = keras.Sequential([keras.Input((3,)), Fixed()])
    scores = np.eye(3, dtype="float32")[[0, 1, 2, 2]]
    assert check.accuracy(model, scores, [0, 1, 2, 0]) == 0.75
    assert check.accuracy(model, scores, np.eye(3)[[0, 1, 2, 0]]) == 0.75
    one = keras.Sequential([keras.Input((1,)), Fixed()])
    assert check.accuracy(one, np.array([[-1.0], [2.0], [0.3]], "float32"), [0, 1, 0]) == pytest.approx(2 / 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stack", "threshold"),
    [
        ([layers.TimeDistributed(layers.Dense(1, "sigmoid"))], 0.5),
        ([layers.TimeDistributed(layers.Dense(1))], 0.0),
        ([layers.Dense(1, "sigmoid"), layers.Reshape((61, 1))], 0.5),
        ([layers.Dense(1), layers.Activation("sigmoid"), layers.Dropout(0.1)], 0.5),
        ([keras.Sequential([layers.Dense(1, "sigmoid")])], 0.5),
        ([layers.Dense(1, "sigmoid"), layers.Dense(1)], 0.0),
        ([layers.Dense(1, "sigmoid"), layers.BatchNormalization()], 0.0),
    ],
)
def test_accuracy_finds_the_activation_of_the_output(stack, threshold):
    model = keras.Sequential([keras.Input((61, 1)), *stack])
    model.set_weights([np.abs(weight) for weight in model.get_weights()])
    x = np.linspace(-3, 3, 61, dtype="float32").reshape(1, 61, 1)
    scores = model.predict(x, verbose=0)[..., 0]
    assert ((scores > 0) & (scores < 0.5)).any(), "the two thresholds would give the same"
    assert check.accuracy(model, x, (scores > threshold).astype(int)) == 1.0


def test_accuracy_of_a_model_that_cannot():
    model = net(layers.GRU(4, return_sequences=True), layers.Dense(1, activation="sigmoid"))
    x = np.zeros((5, 7, 8), "float32")
    assert "per timestep where one per sequence" in words_of(lambda: check.accuracy(model, x, np.zeros(5)))
    assert "`return …`" in words_of(lambda: check.accuracy(None, x, np.zeros(5)))
    assert "Return the model" in words_of(lambda: check.accuracy(keras.callbacks.History(), x, np.zeros(5)))
    broken = net(layers.Dense(2))
    broken.set_weights([weight * np.nan for weight in broken.get_weights()])
    assert "NaN" in words_of(lambda: check.accuracy(broken, x, np.zeros((5, 7))))


def test_learned():
    check.learned(0.9, at_least=0.9, metric="accuracy")
    check.learned(0.1, at_most=0.2, metric="loss")
    assert "No better than the baseline" in words_of(lambda: check.learned(0.1, at_least=0.9, metric="accuracy", baseline=0.1))
    assert "not yet enough" in words_of(lambda: check.learned(0.5, at_least=0.9, metric="accuracy", baseline=0.1))
    assert "not there yet" in words_of(lambda: check.learned(float("nan"), at_most=0.9, metric="loss"))
    with pytest.raises(ValueError, match="either"):
        check.learned(1.0, metric="loss")
    with listening() as heard:
        check.learned(0.9, at_least=0.5, metric="accuracy")
    assert heard == [{"metric": "accuracy", "value": 0.9, "at_least": 0.5, "at_most": None}]


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (layers.LSTM(4), None),
        (layers.GRU(4), None),
        (layers.LSTM(4, dropout=0.5), None),
        (layers.LSTM(4, return_sequences=True, go_backwards=True, stateful=False), None),
        (layers.Dense(4), None),
        (layers.LSTM(4, activation="relu"), "activation=relu"),
        (layers.GRU(4, recurrent_activation="tanh"), "recurrent_activation=tanh"),
        (layers.LSTM(4, use_bias=False), "use_bias"),
        (layers.LSTM(4, unroll=True), "unroll"),
        (layers.GRU(4, recurrent_dropout=0.2), "recurrent_dropout=0.2"),
        (layers.GRU(4, reset_after=False), "reset_after"),
        (layers.LSTM(4, use_cudnn=False), "use_cudnn"),
        (layers.SimpleRNN(4), "SimpleRNN"),
        (layers.RNN(layers.LSTMCell(4)), "RNN(LSTMCell)"),
    ],
)
def test_the_fast_path(layer, reason):
    found = off_the_path(layer)
    assert (found is None) if reason is None else reason in found


def test_gpu_ready_looks_inside_wrappers():
    check.gpu_ready(net(layers.Bidirectional(layers.LSTM(4)), layers.Dense(1)))
    assert "unroll=True" in words_of(lambda: check.gpu_ready(net(layers.Bidirectional(layers.GRU(4, unroll=True)))))
    assert "not a Keras model" in words_of(lambda: check.gpu_ready(None))


def test_gpu_ready_wants_right_padding():
    model = net(layers.LSTM(4))
    check.gpu_ready(model, mask=[[1, 1, 0], [1, 0, 0]])
    assert "right-padded" in words_of(lambda: check.gpu_ready(model, mask=[[0, 1, 1]]))
    assert "all padding" in words_of(lambda: check.gpu_ready(model, mask=[[1, 0, 0], [0, 0, 0]]))


def test_what_students_wrote_stands_in_no_problem_and_no_hint():
    """Of a hidden check only problem and hint are shown, and a layer can be given any name."""

    class Mine(layers.LSTM):
        pass

    model = net(layers.Dense(3, name="secret"), Mine(4, name="secret_2", unroll=True))
    with pytest.raises(CheckFailed) as failed:
        check.gpu_ready(model)
    assert failed.value.problem == "layer 2, an LSTM, would leave the fast path on a GPU"
    assert "`secret_2`: unroll=True" in failed.value.actual
    with pytest.raises(CheckFailed) as failed:
        check.parameters(model, model.count_params() - 3)
    assert failed.value.hint == "The difference is the bias of layer 1, a Dense: use_bias=False leaves it out."
    assert "secret" in failed.value.actual


def test_on_gpu_is_silent_without_one():
    check.on_gpu(net(layers.LSTM(4)))


def test_an_attention_layer_without_its_scale_is_not_taken_for_a_bias():
    def looks(attention):
        inputs = keras.Input((None, 3))
        asks, keys = layers.Dense(6, use_bias=False)(inputs), layers.Dense(6, use_bias=False)(inputs)
        return keras.Model(inputs, attention([asks, keys]))

    check.parameters(looks(layers.AdditiveAttention()), 42, "the model")
    for wrong in (layers.Attention(), layers.AdditiveAttention(use_scale=False)):
        with pytest.raises(CheckFailed) as failed:
            check.parameters(looks(wrong), 42, "the model")
        assert "has nothing to learn" in failed.value.hint

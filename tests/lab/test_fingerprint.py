"""What changes a training changes its fingerprint, and nothing else does."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from grader.lab import fingerprint

X = np.random.default_rng(0).normal(size=(12, 5, 2)).astype("float32")
Y = np.arange(12, dtype="int32") % 3


def compiled(loss="mse", optimizer=None, **settings):
    net = keras.Sequential([keras.Input((5, 2)), layers.SimpleRNN(3), layers.Dense(1)])
    net.compile(optimizer or keras.optimizers.Adam(), loss, **settings)
    return net


def trained(fit=None, **settings) -> str:
    return fingerprint.training(compiled(**settings), fit or {})


ADAM, SGD, SCHEDULES = keras.optimizers.Adam, keras.optimizers.SGD, keras.optimizers.schedules
SPARSE = keras.losses.SparseCategoricalCrossentropy
STOP = keras.callbacks.EarlyStopping


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"loss": SPARSE()}, {"loss": SPARSE(from_logits=True)}),
        ({"loss": SPARSE()}, {"loss": SPARSE(ignore_class=0)}),
        ({"loss": SPARSE()}, {"loss": SPARSE(reduction="sum")}),
        ({"loss": keras.losses.Huber()}, {"loss": keras.losses.Huber(delta=2.0)}),
        (
            {"loss": keras.losses.CategoricalCrossentropy()},
            {"loss": keras.losses.CategoricalCrossentropy(label_smoothing=0.1)},
        ),
        ({"loss": "mse"}, {"loss": "mae"}),
        ({"loss": lambda y, p: (y - p) * 2.0}, {"loss": lambda y, p: (y - p) * 3.0}),
        ({"loss_weights": [1.0]}, {"loss_weights": [2.0]}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(clipnorm=1.0)}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(clipvalue=1.0)}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(global_clipnorm=1.0)}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(weight_decay=0.01)}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(beta_1=0.8)}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(1e-2)}),
        ({"optimizer": SGD(momentum=0.9)}, {"optimizer": SGD(momentum=0.9, nesterov=True)}),
        ({"optimizer": ADAM()}, {"optimizer": ADAM(SCHEDULES.ExponentialDecay(1e-3, 10, 0.9))}),
        (
            {"optimizer": ADAM(SCHEDULES.PiecewiseConstantDecay([5], [1e-2, 1e-3]))},
            {"optimizer": ADAM(SCHEDULES.PiecewiseConstantDecay([9], [1e-2, 1e-3]))},
        ),
        ({"metrics": ["mae"]}, {"metrics": ["mae", "mse"]}),
        ({"metrics": [keras.metrics.TopKCategoricalAccuracy(2)]}, {"metrics": [keras.metrics.TopKCategoricalAccuracy(3)]}),
    ],
)
def test_sees_what_compile_was_given(one, other):
    assert trained(**one) == trained(**one) != trained(**other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"callbacks": [STOP(patience=1)]}, {"callbacks": [STOP(patience=9)]}),
        ({"callbacks": [STOP(patience=1)]}, {"callbacks": [STOP(patience=1, restore_best_weights=True)]}),
        ({"callbacks": [STOP(min_delta=0.1)]}, {"callbacks": [STOP(min_delta=0.2)]}),
        ({"callbacks": [STOP(monitor="loss")]}, {"callbacks": [STOP(monitor="val_loss")]}),
        ({"callbacks": [keras.callbacks.ReduceLROnPlateau()]}, {"callbacks": [keras.callbacks.ReduceLROnPlateau(factor=0.5)]}),
        (
            {"callbacks": [keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9)]},
            {"callbacks": [keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)]},
        ),
        ({}, {"callbacks": [STOP()]}),
        ({"sample_weight": np.ones(12)}, {"sample_weight": np.arange(12.0)}),
        ({"class_weight": {0: 1.0, 1: 1.0}}, {"class_weight": {0: 1.0, 1: 5.0}}),
        ({"epochs": 1}, {"epochs": 2}),
        ({"shuffle": True}, {"shuffle": False}),
    ],
)
def test_sees_what_fit_was_given(one, other):
    assert trained(one) == trained(one) != trained(other)


@pytest.mark.slow
def test_a_callback_that_has_run_is_the_same_callback():
    stop = STOP(monitor="loss", min_delta=0.1, patience=3)
    before = trained({"callbacks": [stop]})
    compiled().fit(X, Y, epochs=2, verbose=0, callbacks=[stop])
    assert stop.best is not None and trained({"callbacks": [stop]}) == before


def test_talk_is_no_setting():
    assert trained({"verbose": 1}) == trained({"verbose": 0, "callbacks": None}) == trained()


def dataset(x=X, y=Y):
    return tf.data.Dataset.from_tensor_slices((x, y))


def test_a_dataset_is_its_rows_in_any_order_and_any_batches():
    whole = fingerprint.data(dataset())
    for same in (dataset().batch(4), dataset().batch(5), dataset().shuffle(12).batch(1), dataset(X[::-1], Y[::-1]).batch(12)):
        assert fingerprint.data(same) == whole


@pytest.mark.parametrize(
    "other",
    [
        dataset(X, np.roll(Y, 1)),
        dataset(X[:, ::-1], Y),
        dataset(X[..., ::-1], Y),
        dataset(X, Y.astype("int64")),
        dataset(X[:11], Y[:11]),
        dataset().concatenate(dataset().take(1)),
        tf.data.Dataset.from_tensor_slices(X),
    ],
    ids=["pairing", "time", "features", "dtype", "fewer", "one twice", "no targets"],
)
def test_a_dataset_is_another_when_anything_in_it_is(other):
    assert fingerprint.data(dataset().batch(4)) != fingerprint.data(other.batch(4))


def test_padding_by_the_neighbours_does_not_count():
    def ragged(order, batch):
        rows = [[3, 1], [4, 0, 5], [9], [2, 6, 5, 3]]
        signature = (tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.int32))
        made = tf.data.Dataset.from_generator(lambda: ((rows[index], index) for index in order), output_signature=signature)
        return fingerprint.data(made.padded_batch(batch))

    assert ragged([0, 1, 2, 3], 2) == ragged([3, 1, 2, 0], 2) == ragged([0, 1, 2, 3], 4)
    assert ragged([0, 1, 2, 3], 2) != ragged([0, 1, 2, 2], 2)


def test_text_in_a_dataset():
    words = ["to", "be", "", "or not"]
    whole = tf.data.Dataset.from_tensor_slices(words)
    assert fingerprint.data(whole) == fingerprint.data(whole.batch(3))
    assert fingerprint.data(whole) != fingerprint.data(tf.data.Dataset.from_tensor_slices(["to", "be", "", "or"]))
    assert fingerprint.data(np.array(words)) != fingerprint.data(np.array(words[::-1]))


def test_ragged_rows_in_a_dataset():
    def made(rows):
        return fingerprint.data(tf.data.Dataset.from_tensor_slices(tf.ragged.constant(rows)).batch(2))

    assert made([[1], [2, 3]]) == made([[2, 3], [1]]) != made([[1], [3, 2]])


def test_an_endless_dataset_says_so():
    with pytest.raises(ValueError, match="endless"):
        fingerprint.data(dataset().repeat())


def test_arrays_are_hashed_in_their_order():
    assert fingerprint.data(X, Y) == fingerprint.data(X.copy(), keras.ops.convert_to_tensor(Y)) != fingerprint.data(X[::-1], Y[::-1])


def built(layer, shape=(6, 4), masked=False):
    return fingerprint.architecture(keras.Sequential([keras.Input(shape), *([layers.Masking()] if masked else []), layer]))


def attention(**settings):
    x = keras.Input((6, 4))
    return fingerprint.architecture(keras.Model(x, layers.MultiHeadAttention(**settings)(x, x)))


@pytest.mark.parametrize(
    ("make", "one", "other"),
    [
        (lambda **s: built(layers.RepeatVector(**s), (4,)), {"n": 2}, {"n": 3}),
        (lambda **s: built(layers.Reshape(**s)), {"target_shape": (4, 6)}, {"target_shape": (2, 12)}),
        (lambda **s: built(layers.Permute(**s), (4, 4, 4)), {"dims": (2, 1, 3)}, {"dims": (1, 3, 2)}),
        (lambda **s: built(layers.LeakyReLU(**s)), {"negative_slope": 0.1}, {"negative_slope": 0.2}),
        (attention, {"num_heads": 2, "key_dim": 4}, {"num_heads": 4, "key_dim": 2}),
        (
            lambda **s: built(layers.LSTM(3, return_sequences=True, **s), masked=True),
            {"zero_output_for_mask": True},
            {"zero_output_for_mask": False},
        ),
        (lambda **s: built(layers.Dense(3, **s)), {"trainable": True}, {"trainable": False}),
        (lambda **s: built(layers.Dense(3, **s)), {}, {"kernel_regularizer": "l2"}),
        (lambda **s: built(layers.Dense(3, **s)), {"kernel_regularizer": "l1"}, {"kernel_regularizer": "l2"}),
        (
            lambda **s: built(layers.Dense(3, **s)),
            {"bias_regularizer": keras.regularizers.L2(0.1)},
            {"bias_regularizer": keras.regularizers.L2(0.2)},
        ),
        (lambda **s: built(layers.Dense(3, **s)), {}, {"kernel_constraint": keras.constraints.MaxNorm(2)}),
        (lambda **s: built(layers.Bidirectional(layers.LSTM(3, **s))), {}, {"recurrent_regularizer": "l2"}),
    ],
)
def test_architecture_sees_settings_without_weights(make, one, other):
    assert make(**one) == make(**one) != make(**other)


def with_policy(policy: str, **settings):
    keras.config.set_dtype_policy(policy)
    try:
        return compiled(**settings)
    finally:
        keras.config.set_dtype_policy("float32")


def test_sees_mixed_precision_and_through_its_optimizer():
    """Keras wraps the optimizer in one that scales the loss; a rate is a rate all the same."""
    half = with_policy("mixed_float16", optimizer=ADAM(0.01))
    assert type(half.optimizer).__name__ == "LossScaleOptimizer"
    same, faster, whole = (fingerprint.training(net, {}) for net in (
        with_policy("mixed_float16", optimizer=ADAM(0.01)), with_policy("mixed_float16", optimizer=ADAM(0.02)), compiled(optimizer=ADAM(0.01))
    ))  # fmt: skip
    assert fingerprint.training(half, {}) == same and len({same, faster, whole}) == 3
    assert fingerprint.training(with_policy("mixed_bfloat16", optimizer=ADAM(0.01)), {}) not in (same, whole)


def test_hashes_of_float32_are_what_they_were():
    """Receipts that were written before there was a word on precision are still good."""
    assert trained() == "1d4f37bc1213b749e1797cb7bfe67581d370e83f277884d7e975f8dd9a08c19b"

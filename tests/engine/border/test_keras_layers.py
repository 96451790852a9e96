"""Every public Keras layer: it crosses by value and computes the same, or it is said here why it does not."""

import keras
import numpy as np
import pytest
from honest import cross
from keras import layers

from grader.engine.border import RemoteLayer

random = np.random.default_rng(0)
SEQUENCE = random.normal(size=(2, 6, 3)).astype("float32")
VECTOR = random.normal(size=(4, 5)).astype("float32")
IMAGE = random.uniform(0, 1, size=(2, 8, 8, 3)).astype("float32")
VOLUME = random.normal(size=(1, 5, 6, 7, 2)).astype("float32")
FILM = random.normal(size=(1, 4, 6, 6, 2)).astype("float32")
TOKENS = np.array([[3, 1, 2, 0], [1, 1, 0, 0]])
SIGNAL = random.normal(size=(2, 1024)).astype("float32")
INTEGERS = np.array([[1], [2], [9]])

# name -> (how to make it, what to call it on)
MADE = {
    "Activation": (lambda: layers.Activation("gelu"), VECTOR),
    "ActivityRegularization": (lambda: layers.ActivityRegularization(0.1), VECTOR),
    "AdaptiveAveragePooling1D": (lambda: layers.AdaptiveAveragePooling1D(3), SEQUENCE),
    "AdaptiveAveragePooling2D": (lambda: layers.AdaptiveAveragePooling2D(4), IMAGE),
    "AdaptiveAveragePooling3D": (lambda: layers.AdaptiveAveragePooling3D(2), VOLUME),
    "AdaptiveMaxPooling1D": (lambda: layers.AdaptiveMaxPooling1D(3), SEQUENCE),
    "AdaptiveMaxPooling2D": (lambda: layers.AdaptiveMaxPooling2D(4), IMAGE),
    "AdaptiveMaxPooling3D": (lambda: layers.AdaptiveMaxPooling3D(2), VOLUME),
    "Add": (lambda: layers.Add(), [VECTOR, VECTOR]),
    "AdditiveAttention": (lambda: layers.AdditiveAttention(), [SEQUENCE, SEQUENCE]),
    "AlphaDropout": (lambda: layers.AlphaDropout(0.5), VECTOR),
    "Attention": (lambda: layers.Attention(use_scale=True), [SEQUENCE, SEQUENCE]),
    "AugMix": (lambda: layers.AugMix(seed=1), IMAGE),
    "AutoContrast": (lambda: layers.AutoContrast(value_range=(0, 1)), IMAGE),
    "Average": (lambda: layers.Average(), [VECTOR, VECTOR]),
    "AveragePooling1D": (lambda: layers.AveragePooling1D(2), SEQUENCE),
    "AveragePooling2D": (lambda: layers.AveragePooling2D(2), IMAGE),
    "AveragePooling3D": (lambda: layers.AveragePooling3D(2), VOLUME),
    "BatchNormalization": (lambda: layers.BatchNormalization(), VECTOR),
    "Bidirectional": (lambda: layers.Bidirectional(layers.GRU(4, return_sequences=True)), SEQUENCE),
    "CategoryEncoding": (lambda: layers.CategoryEncoding(5, "multi_hot"), TOKENS),
    "CenterCrop": (lambda: layers.CenterCrop(4, 4), IMAGE),
    "Concatenate": (lambda: layers.Concatenate(), [VECTOR, VECTOR]),
    "ContrastLimitedAdaptiveHistogramEqualization": (
        lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(value_range=(0, 1), tile_grid_size=(2, 2)), IMAGE),
    "Conv1D": (lambda: layers.Conv1D(4, 3, padding="causal"), SEQUENCE),
    "Conv1DTranspose": (lambda: layers.Conv1DTranspose(4, 3), SEQUENCE),
    "Conv2D": (lambda: layers.Conv2D(4, 3), IMAGE),
    "Conv2DTranspose": (lambda: layers.Conv2DTranspose(4, 3), IMAGE),
    "Conv3D": (lambda: layers.Conv3D(2, 2), VOLUME),
    "Conv3DTranspose": (lambda: layers.Conv3DTranspose(2, 2), VOLUME),
    "ConvLSTM1D": (lambda: layers.ConvLSTM1D(2, 3), SEQUENCE[..., None]),
    "ConvLSTM2D": (lambda: layers.ConvLSTM2D(2, 3), FILM),
    "ConvLSTM3D": (lambda: layers.ConvLSTM3D(2, 2), random.normal(size=(1, 2, 4, 4, 4, 1)).astype("float32")),
    "Cropping1D": (lambda: layers.Cropping1D(1), SEQUENCE),
    "Cropping2D": (lambda: layers.Cropping2D(1), IMAGE),
    "Cropping3D": (lambda: layers.Cropping3D(1), VOLUME),
    "CutMix": (lambda: layers.CutMix(seed=1), {"images": IMAGE, "labels": np.eye(2, dtype="float32")}),
    "Dense": (lambda: layers.Dense(3, "relu", kernel_regularizer="l2", kernel_constraint="non_neg"), VECTOR),
    "DepthwiseConv1D": (lambda: layers.DepthwiseConv1D(3), SEQUENCE),
    "DepthwiseConv2D": (lambda: layers.DepthwiseConv2D(3), IMAGE),
    "Discretization": (lambda: layers.Discretization([-1.0, 0.0, 1.0]), VECTOR),
    "Dot": (lambda: layers.Dot(axes=1), [VECTOR, VECTOR]),
    "Dropout": (lambda: layers.Dropout(0.5), VECTOR),
    "ELU": (lambda: layers.ELU(), VECTOR),
    "EinsumDense": (lambda: layers.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d"), SEQUENCE),
    "Embedding": (lambda: layers.Embedding(5, 3, mask_zero=True), TOKENS),
    "Equalization": (lambda: layers.Equalization(value_range=(0, 1)), IMAGE),
    "Flatten": (lambda: layers.Flatten(), SEQUENCE),
    "GRU": (lambda: layers.GRU(4, reset_after=False, recurrent_activation="hard_sigmoid"), SEQUENCE),
    "GRUCell": (lambda: layers.GRUCell(4), (VECTOR, np.ones((4, 4), "float32"))),
    "GaussianDropout": (lambda: layers.GaussianDropout(0.5), VECTOR),
    "GaussianNoise": (lambda: layers.GaussianNoise(0.5), VECTOR),
    "GlobalAveragePooling1D": (lambda: layers.GlobalAveragePooling1D(), SEQUENCE),
    "GlobalAveragePooling2D": (lambda: layers.GlobalAveragePooling2D(), IMAGE),
    "GlobalAveragePooling3D": (lambda: layers.GlobalAveragePooling3D(), VOLUME),
    "GlobalMaxPooling1D": (lambda: layers.GlobalMaxPooling1D(), SEQUENCE),
    "GlobalMaxPooling2D": (lambda: layers.GlobalMaxPooling2D(), IMAGE),
    "GlobalMaxPooling3D": (lambda: layers.GlobalMaxPooling3D(), VOLUME),
    "GroupNormalization": (lambda: layers.GroupNormalization(1), VECTOR),
    "GroupedQueryAttention": (lambda: layers.GroupQueryAttention(4, 2, 1), (SEQUENCE, SEQUENCE)),
    "HashedCrossing": (lambda: layers.HashedCrossing(5), [np.array([1, 2]), np.array([3, 4])]),
    "Hashing": (lambda: layers.Hashing(5), INTEGERS),
    "Identity": (lambda: layers.Identity(), VECTOR),
    "InputLayer": (lambda: layers.InputLayer((3,)), None),
    "IntegerLookup": (lambda: layers.IntegerLookup(vocabulary=[9, 2]), INTEGERS),
    "LSTM": (lambda: layers.LSTM(4, unit_forget_bias=False, return_state=True), SEQUENCE),
    "LSTMCell": (lambda: layers.LSTMCell(4), (VECTOR, [np.ones((4, 4), "float32")] * 2)),
    "LayerNormalization": (lambda: layers.LayerNormalization(), SEQUENCE),
    "LeakyReLU": (lambda: layers.LeakyReLU(0.3), VECTOR),
    "Masking": (lambda: layers.Masking(-1.0), SEQUENCE),
    "MaxNumBoundingBoxes": (lambda: layers.MaxNumBoundingBoxes(3, bounding_box_format="xyxy"), None),
    "MaxPooling1D": (lambda: layers.MaxPooling1D(2), SEQUENCE),
    "MaxPooling2D": (lambda: layers.MaxPooling2D(2), IMAGE),
    "MaxPooling3D": (lambda: layers.MaxPooling3D(2), VOLUME),
    "Maximum": (lambda: layers.Maximum(), [VECTOR, -VECTOR]),
    "MelSpectrogram": (lambda: layers.MelSpectrogram(fft_length=256, num_mel_bins=8), SIGNAL),
    "Minimum": (lambda: layers.Minimum(), [VECTOR, -VECTOR]),
    "MixUp": (lambda: layers.MixUp(seed=1), {"images": IMAGE, "labels": np.eye(2, dtype="float32")}),
    "MultiHeadAttention": (lambda: layers.MultiHeadAttention(2, 3), (SEQUENCE, SEQUENCE)),
    "Multiply": (lambda: layers.Multiply(), [VECTOR, VECTOR]),
    "Normalization": (lambda: _adapted(layers.Normalization(), VECTOR), VECTOR),
    "PReLU": (lambda: layers.PReLU(), VECTOR),
    "Permute": (lambda: layers.Permute((2, 1)), SEQUENCE),
    "Pipeline": (lambda: layers.Pipeline([layers.Rescaling(2.0), layers.CenterCrop(4, 4)]), IMAGE),
    "RMSNormalization": (lambda: layers.RMSNormalization(), VECTOR),
    "RNN": (lambda: layers.RNN([layers.LSTMCell(4), layers.SimpleRNNCell(3)], return_sequences=True), SEQUENCE),
    "ReLU": (lambda: layers.ReLU(6.0), VECTOR),
    "RepeatVector": (lambda: layers.RepeatVector(3), VECTOR),
    "Rescaling": (lambda: layers.Rescaling([1.0, 2.0, 3.0], offset=1.0), SEQUENCE),
    "Reshape": (lambda: layers.Reshape((3, -1)), SEQUENCE),
    "Resizing": (lambda: layers.Resizing(4, 5), IMAGE),
    "ReversibleEmbedding": (lambda: layers.ReversibleEmbedding(5, 3), TOKENS),
    "STFTSpectrogram": (lambda: layers.STFTSpectrogram(window=None, frame_length=64, frame_step=32, fft_length=64), SIGNAL[..., None]),
    "SeparableConv1D": (lambda: layers.SeparableConv1D(4, 3), SEQUENCE),
    "SeparableConv2D": (lambda: layers.SeparableConv2D(4, 3), IMAGE),
    "SimpleRNN": (lambda: layers.SimpleRNN(4, return_sequences=True, go_backwards=True), SEQUENCE),
    "SimpleRNNCell": (lambda: layers.SimpleRNNCell(4), (VECTOR, np.ones((4, 4), "float32"))),
    "Softmax": (lambda: layers.Softmax(), VECTOR),
    "Solarization": (lambda: layers.Solarization(value_range=(0, 1)), IMAGE),
    "SpatialDropout1D": (lambda: layers.SpatialDropout1D(0.5), SEQUENCE),
    "SpatialDropout2D": (lambda: layers.SpatialDropout2D(0.5), IMAGE),
    "SpatialDropout3D": (lambda: layers.SpatialDropout3D(0.5), VOLUME),
    "SpectralNormalization": (lambda: layers.SpectralNormalization(layers.Dense(3)), VECTOR),
    "StackedRNNCells": (
        lambda: layers.StackedRNNCells([layers.GRUCell(4), layers.GRUCell(4)]), (VECTOR, [np.ones((4, 4), "float32")] * 2)),
    "StringLookup": (lambda: layers.StringLookup(vocabulary=["a", "ü"]), np.array([["a", "b", "ü"]])),
    "Subtract": (lambda: layers.Subtract(), [VECTOR, 2 * VECTOR]),
    "TextVectorization": (lambda: _adapted(layers.TextVectorization(output_sequence_length=4), ["one two", "two"]), ["two one three"]),
    "TimeDistributed": (lambda: layers.TimeDistributed(layers.Dense(3)), SEQUENCE),
    "UnitNormalization": (lambda: layers.UnitNormalization(), VECTOR),
    "UpSampling1D": (lambda: layers.UpSampling1D(2), SEQUENCE),
    "UpSampling2D": (lambda: layers.UpSampling2D(2), IMAGE),
    "UpSampling3D": (lambda: layers.UpSampling3D(2), VOLUME),
    "ZeroPadding1D": (lambda: layers.ZeroPadding1D(2), SEQUENCE),
    "ZeroPadding2D": (lambda: layers.ZeroPadding2D(2), IMAGE),
    "ZeroPadding3D": (lambda: layers.ZeroPadding3D(2), VOLUME),
}  # fmt: skip
# What draws at random even when it is called as it would be in use.
for _name in """RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomElasticTransform
    RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom""".split():
    _options = {
        "RandomBrightness": {"factor": 0.2}, "RandomColorDegeneration": {"factor": 0.2}, "RandomContrast": {"factor": 0.2},
        "RandomCrop": {"height": 4, "width": 4}, "RandomHue": {"factor": 0.2, "value_range": (0, 1)},
        "RandomPosterization": {"factor": 4}, "RandomRotation": {"factor": 0.1}, "RandomSaturation": {"factor": 0.2},
        "RandomSharpness": {"factor": 0.2}, "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
        "RandomZoom": {"height_factor": 0.1},
    }.get(_name, {})  # fmt: skip
    MADE[_name] = (lambda name=_name, options=_options: getattr(layers, name)(**options), IMAGE)

NOT_BY_VALUE = {
    "FlaxLayer": "wraps another framework's code",
    "JaxLayer": "wraps another framework's code",
    "Lambda": "carries code",
    "Layer": "a base class: it computes nothing",
    "TFSMLayer": "reads a file",
    "TorchModuleWrapper": "wraps another framework's code",
    "Wrapper": "a base class: it computes nothing",
}


def _adapted(layer, data):
    layer.adapt(data)
    return layer


def public_layers() -> dict[str, type]:
    """Each class once, under its own name: Keras has several for some (MaxPool1D is MaxPooling1D)."""
    found = {value for value in vars(layers).values() if isinstance(value, type) and issubclass(value, layers.Layer)}
    return {cls.__name__: cls for cls in found}


def test_the_table_is_complete():
    assert set(MADE) | set(NOT_BY_VALUE) >= set(public_layers())


def outputs(layer, inputs):
    if inputs is None:
        return []
    result = layer(*inputs) if isinstance(inputs, tuple) else layer(inputs)
    return [keras.ops.convert_to_numpy(leaf) for leaf in keras.tree.flatten(result)]


@pytest.mark.parametrize("name", sorted(MADE))
def test_it_crosses_by_value(name):
    if name not in public_layers():
        pytest.skip(f"this version of Keras has no {name}")
    make, inputs = MADE[name]
    layer = make()
    expected = outputs(layer, inputs)
    found = cross(layer)
    assert type(found) is type(layer) and found.name == layer.name and found.built == layer.built
    assert [(weight.name, weight.trainable) for weight in found.weights] == [(weight.name, weight.trainable) for weight in layer.weights]
    if name.startswith("Random") or name == "RandAugment" or name in ("AugMix", "CutMix", "MixUp"):
        return
    for right, wrong in zip(expected, outputs(found, inputs), strict=True):
        np.testing.assert_allclose(wrong, right, atol=1e-6)


def test_a_layer_that_is_not_built_stays_so():
    found = cross(layers.LSTM(3))
    assert not found.built and found.units == 3 and found(SEQUENCE).shape == (2, 3)


@pytest.mark.parametrize("layer", [layers.Lambda(lambda x: x), layers.Dense(2, activation=lambda x: x), layers.Dense(2, kernel_initializer=lambda *a, **k: 0)])
def test_what_carries_code_stays_where_it_is(layer):
    assert type(cross(layer)) is RemoteLayer

"""A model that convolves: what a classifier of windows must be, and a stack of dilated convolutions, read out by impulses."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.classifying import any_length
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.gpu import gpu_ready, on_gpu
from grader.checks.kinds import is_a
from grader.checks.losses import logits
from grader.checks.models import inner_layers
from grader.checks.sequences import causal
from grader.checks.shapes import shape
from grader.checks.training import require_model

OVER_TIME = (keras.layers.Conv1D, keras.layers.SeparableConv1D, keras.layers.DepthwiseConv1D)
BEFORE, BEHIND = 3, 4  # timesteps around what an impulse may reach
DRAWS = 200  # of weights; a few are enough, but for a single filter
UNBENT = "A one that goes through comes out as something else. Each hidden layer has a relu, the last layer has no activation, and nothing else stands between."


def convolves(model, x, classes: int, most: int, name: str = "the model") -> None:
    """`model`, trained, must map windows (batch, timesteps, features) to logits (batch, classes), with a convolution over time
    among its layers, at most `most` weights, and recurrent layers on the fast path only. Raises CheckFailed.
    """
    require_model(model)
    output = as_array(call(model, x, name=name))
    if output.ndim == 3 and output.shape[::2] == (len(x), classes):
        raise CheckFailed(
            f"the output of {name} has the wrong shape",
            hint="There is an answer at each place that the convolution has left. GlobalAveragePooling1D, or a GRU or LSTM without return_sequences, makes one of them.",
            expected=str((len(x), classes)),
            actual=str(output.shape),
        )
    shape(output, (len(x), classes), f"the output of {name}")
    if not any(is_a(layer, *OVER_TIME) for layer in inner_layers(model)):
        raise CheckFailed(f"there is no convolution in {name}", hint="One of its layers, at least, is to be a Conv1D.")
    gpu_ready(model)
    on_gpu(model)
    logits(output, f"the output of {name}")
    if model.count_params() > most:
        raise CheckFailed(
            f"{name} has more weights than the budget",
            hint="A Conv1D has F(kC + 1) weights, a GRU or LSTM three or four times u(C + u + 1) and a little: see which layer has most of them, and what it is given.",
            expected=f"at most {most:,}",
            actual=f"{model.count_params():,}",
        )


def dilated_stack(model, filters: int, kernel: int, dilations, name: str = "the model") -> None:
    """`model`, (batch, timesteps, 1) -> (batch, timesteps, 1), must be a stack of convolutions that look back only.

    One with `filters` filters and a relu for each dilation, in their order, then one with a single filter, no dilation and no
    activation; each has a kernel of this size and a bias. It takes any number of timesteps, and no output sees a later input.
    How it is written is free. Raises CheckFailed. The model's weights are changed.
    """
    if not isinstance(model, keras.Model):
        raise CheckFailed(f"{name} is not a Keras model", hint=NOTHING_RETURNED if model is None else None, actual=text(model))
    any_length(model, name)
    random = np.random.default_rng(0)
    lines = [random.normal(size=(2, steps, 1)).astype("float32") for steps in (40 + 10 * kernel, 50 + 10 * kernel)]
    if not model.weights:  # a model without keras.Input has its weights from its first call
        call(model, lines[0], name=name)
    asked, own = (model, filters, kernel, tuple(dilations), name), model.get_weights()
    if _says_as_asked(*asked):
        return
    model.set_weights(own)
    _keeps_the_length(model, lines, name)
    for series in (*lines, lines[0][:, : kernel + 5]):
        causal(model, series, name)
        shape(call(model, series, name=name), series.shape, f"the output of {name}")
    bench = _Bench(*asked)
    if not np.allclose(as_array(call(model, lines[0], training=True, name=name)), as_array(call(model, lines[0], name=name)), rtol=1e-4, atol=1e-5):
        raise CheckFailed(f"{name} answers otherwise while it is trained", hint="A Dropout, or another layer that works in training only, stands in it and was not asked.")
    bench.lets_a_one_through()
    for layer in range(len(dilations) + 1):
        bench.stands_apart(layer)
    for layer in range(len(dilations)):
        bench.has_a_relu(layer)
    bench.may_be_negative()


def _says_as_asked(*asked) -> bool:
    """Whether two answers, which between them hang on every dilation and every activation, are as asked. If not, one thing is asked after the other."""
    try:
        bench = _Bench(*asked)
        return bench.hears_an_impulse() and bench.bends_at_zero()
    except CheckFailed:
        return False


def _keeps_the_length(model, lines, name: str) -> None:
    lost = []
    for series in lines:
        output = as_array(call(model, series, name=name))
        if output.ndim != 3:
            shape(output, series.shape, f"the output of {name}")
        lost.append(series.shape[1] - output.shape[1])
    if any(lost):
        border = lost[0] == lost[1]
        left = {series.shape[1] - gone for series, gone in zip(lines, lost, strict=True)}
        raise CheckFailed(
            f"{name} does not give one output per timestep",
            hint="The same number of timesteps is lost however long the series is: at the border, where a kernel does not fit. padding=\"causal\" keeps the length."
            if border
            else "However long the series is, one output is left: one place was cut out, or all were averaged away. Each timestep is to have its own."
            if left == {1}
            else "The longer the series, the more timesteps are lost: a stride or a pooling. dilation_rate sets a kernel's weights apart, strides moves it on.",
            expected=f"{lines[0].shape[1]} timesteps",
            actual=f"{lines[0].shape[1] - lost[0]} timesteps",
        )


class _Bench:
    """The stack with weights that let an impulse through: every layer but one hands on what it is given."""

    def __init__(self, model, filters: int, kernel: int, dilations: tuple, name: str):
        self.model, self.kernel, self.name = model, kernel, name
        self.spacing = (*dilations, 1)
        found = [tuple(weight.shape) for weight in model.get_weights()]
        widths = [1, *[filters] * len(dilations), 1]
        asked = [(kernel, before, after) for before, after in zip(widths[:-1], widths[1:], strict=True)]
        if sorted(found) != sorted([*asked, *((after,) for after in widths[1:])]):
            kernels = [shape for shape in found if len(shape) == 3]
            raise CheckFailed(
                f"{name} has other weights than were asked",
                hint=_other_weights(found, kernels, asked),
                expected=", ".join(map(str, asked)) + ", and a bias each",
                actual=", ".join(map(str, found)),
            )
        self.shapes = found
        kernels = [place for place, shape in enumerate(found) if len(shape) == 3]
        first = [place for place in kernels if found[place] == asked[0]][:1]
        last = [place for place in kernels if found[place] == asked[-1] and place not in first][-1:]
        self.places = first + [place for place in kernels if place not in first + last] + last
        biases = [place for place, shape in enumerate(found) if len(shape) == 1]
        last = [place for place in biases if found[place] == (1,)][-1:]
        self.biases = [place for place in biases if place not in last] + last

    def hears_an_impulse(self) -> bool:
        """Every tap of every layer is another positive number: what comes out is the product of the kernels as polynomials."""
        taps = np.random.default_rng(0).uniform(0.2, 1, size=(len(self.spacing), self.kernel))
        product = np.ones(1)
        for spacing, row in zip(self.spacing, taps, strict=True):
            spread = np.zeros(spacing * (self.kernel - 1) + 1)
            spread[::spacing] = row[::-1]  # the last tap hears the impulse first
            product = np.convolve(product, spread)
        self._set(taps)
        expected = np.pad(product, len(product))  # nothing before it, however far a layer could look ahead, and nothing behind
        return self._says(np.arange(len(expected)) == len(product), expected)

    def bends_at_zero(self) -> bool:
        """Of random weights that look at nothing but the timestep itself, drawn until what each relu cuts shows in the end."""
        values = np.linspace(-2, 2, 41)
        for seed in range(DRAWS):
            random = np.random.default_rng(seed)
            weights = [random.normal(size=shape).astype("float32") for shape in self.shapes]
            for place in self.places:
                weights[place][:-1] = 0
            expected, *unbent = (self._by_itself(weights, values, without) for without in (None, *range(len(self.spacing) - 1)))
            clear = 0.02 * np.ptp(expected)
            if expected.min() < -clear and all(np.abs(other - expected).max() > clear for other in unbent):
                self.model.set_weights(weights)
                return self._says(values, expected, training=True)
        return False

    def _by_itself(self, weights, values, without: int | None) -> np.ndarray:
        """What the layers make of `values`, (timesteps,), each timestep by itself. without: the layer whose relu is left out."""
        values = values[:, np.newaxis]
        for layer, (kernel, bias) in enumerate(zip(self.places, self.biases, strict=True)):
            values = values @ weights[kernel][-1] + weights[bias]
            if layer not in (without, len(self.spacing) - 1):
                values = np.maximum(values, 0)
        return values[:, 0]

    def _says(self, series, expected, **mode) -> bool:
        output = as_array(call(self.model, np.asarray(series, "float32")[np.newaxis, :, np.newaxis], name=self.name, **mode))
        return output.shape == (1, len(expected), 1) and np.allclose(output[0, :, 0], expected, rtol=1e-3, atol=1e-3 * np.ptp(expected))

    def lets_a_one_through(self) -> None:
        if not np.allclose(self._response(), self._comb(0), atol=1e-4):
            raise CheckFailed(f"{self.name} has something between its convolutions that was not asked", hint=UNBENT)

    def stands_apart(self, layer: int) -> None:
        """The weights of one kernel are the layer's dilation apart."""
        if np.allclose(self._response(wide=layer), self._comb(self.spacing[layer]), atol=1e-4):
            return
        hint = "The last layer has a dilation; none is asked." if layer == len(self.spacing) - 1 else (
            "A hidden layer's weights stand another number of timesteps apart than was asked: dilation_rate=d, for each layer its own d, in their order.")
        raise CheckFailed(f"{self.name} has a layer with another dilation", hint=hint, where=f"in layer {layer + 1}", expected=f"dilation {self.spacing[layer]}")

    def has_a_relu(self, layer: int) -> None:
        """What this layer makes negative does not come out, though the next layer would turn its sign."""
        if np.abs(self._response(turned=(layer, layer + 1))).max() > 1e-4:
            hint = "A hidden layer lets negative numbers through. Each has activation=\"relu\", as in the listing."
            raise CheckFailed(f"{self.name} has a hidden layer without its relu", hint=hint, where=f"in layer {layer + 1}")

    def may_be_negative(self) -> None:
        found = self._response(turned=(len(self.spacing) - 1,))
        if not np.allclose(found, -self._comb(0), atol=1e-4):
            cut = np.abs(found).max() < 1e-4
            hint = "The last layer has a relu, so that no output is ever negative. No activation is asked there." if cut else UNBENT
            raise CheckFailed(f"{self.name} has an activation at its end", hint=hint)

    def _response(self, wide: int | None = None, turned: tuple[int, ...] = ()) -> np.ndarray:
        """What comes out, (timesteps,), when a one goes in among zeros. wide: the layer that has all of its kernel at one; turned: those that turn the sign."""
        taps = np.zeros((len(self.spacing), self.kernel))
        taps[:, -1] = 1
        if wide is not None:
            taps[wide] = 1
        taps[list(turned)] *= -1
        self._set(taps)
        series = np.zeros((1, self._steps(), 1), "float32")
        series[0, BEFORE] = 1
        return as_array(call(self.model, series, name=self.name))[0, :, 0]

    def _set(self, taps) -> None:
        """Give each layer these taps, (layers, kernel), alike for all its filters, and no bias."""
        weights = [np.zeros(shape, "float32") for shape in self.shapes]
        for place, row in zip(self.places, taps, strict=True):
            weights[place][:] = row[:, None, None] / self.shapes[place][1]
        self.model.set_weights(weights)

    def _comb(self, spacing: int) -> np.ndarray:
        """Ones where a kernel with this spacing hears the impulse; spacing 0 is the impulse itself."""
        comb = np.zeros(self._steps())
        comb[BEFORE + spacing * np.arange(self.kernel)] = 1
        return comb

    def _steps(self) -> int:
        return BEFORE + (self.kernel - 1) * max(self.spacing) + 1 + BEHIND


def _other_weights(found: list, kernels: list, asked: list) -> str:
    if sorted(kernels) == sorted(asked):
        biases = [shape for shape in found if len(shape) == 1]
        if len(found) == len(kernels) + len(biases):
            return "A bias is missing: a Conv1D has one unless it is told otherwise." if len(biases) < len(asked) else "There are more weights than kernels and biases of convolutions."
    if any(len(shape) not in (1, 3) for shape in found) or not kernels:
        return "There are weights that no Conv1D has: all layers with weights are Conv1D."
    if len(kernels) != len(asked):
        return f"There are too {'few' if len(kernels) < len(asked) else 'many'} convolutions: one for each dilation, and one at the end."
    if sorted({shape[0] for shape in kernels}) != [asked[0][0]]:
        return "A kernel has another size: all have the size `kernel`, the last one too."
    return "A layer has another number of filters: each hidden one has `filters`, the last one has one."

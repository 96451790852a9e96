"""A model that adds up two readings, from either end, and says a probability at each timestep."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.classifying import any_length
from grader.checks.describe import as_array, shape_text
from grader.checks.failure import CheckFailed
from grader.checks.probable import probabilities
from grader.checks.shapes import shape
from grader.checks.training import require_model
from grader.checks.values import close

RTOL, ATOL = 1e-3, 1e-5
SLICES = {keras.layers.LSTM: 4, keras.layers.GRU: 3}
CELLS = {keras.layers.LSTM: keras.layers.LSTMCell, keras.layers.GRU: keras.layers.GRUCell}


def adds_both_ways(model, forward: type, backward: type, units: int, x, name: str = "the model") -> np.ndarray:
    """`model(x)` must be the probabilities (batch, timesteps, 1) that one sigmoid unit makes of the sum of two readings.

    forward, backward: classes, LSTM and GRU in some order, of the layer that reads from the first timestep, and of the one that
    reads from the last. units: of each. x: float (batch, timesteps, features), features and units are not the same number.
    The model is given random weights, each weight those of its shape, and compared with two layers that read one by one; then it gets
    its own back. Returns what it said with them, for a check of its loss. Raises CheckFailed: names units that differ, a direction that
    is missing or was replaced, another merge, logits.
    """
    require_model(model)
    any_length(model, name)
    x = np.asarray(x, "float32")
    readers = _Readers(forward, backward, units, x)
    if not _declares_its_input(model):  # it has its weights from its first call, and says nothing of lengths
        _shaped(model, x[:1, :1], name)
    _made_of(model, readers, name)
    kept = model.get_weights()
    try:
        model.set_weights([readers.weights[tuple(weight.shape)] for weight in model.weights])
        output = _shaped(model, x, name)
        probabilities(output, f"the output of {name}")
        close(output, readers.said(readers.one + readers.other), f"the output of {name}", RTOL, ATOL, readers.slips)
    finally:
        model.set_weights(kept)
    return output


def _declares_its_input(model) -> bool:
    try:
        return model.input_shape is not None
    except AttributeError:  # of a class of the student's own, or without keras.Input
        return False


def _shaped(model, x, name: str) -> np.ndarray:
    output = call(model, x, name=name)
    shape(output, (*x.shape[:2], 1), f"the output of {name}")
    return as_array(output)


def _made_of(model, readers: _Readers, name: str) -> None:
    found = sorted(tuple(weight.shape) for weight in model.weights)
    wanted = sorted(readers.weights)
    if found == wanted:
        return
    raise CheckFailed(
        f"{name} has weights of other shapes than are asked",
        hint=_what_differs(found, readers),
        expected=", ".join(map(shape_text, wanted)),
        actual=", ".join(map(shape_text, found)) or "none",
    )


def _what_differs(found: list[tuple], readers: _Readers) -> str | None:
    """Read from the shapes: an LSTM of u units has a bias of 4u beside its kernels, a GRU two of 3u."""
    if not found:
        return "It has no weights: what is trained must be kept in attributes of the model, or stand between its input and output."
    lstms = {n // 4 for n, *more in found if not more and n % 4 == 0 and (n // 4, n) in found}
    grus = {m // 3 for n, *more in found for m in (more if n == 2 else [n] if not more else []) if m % 3 == 0 and (m // 3, m) in found}
    units = {keras.layers.LSTM: lstms, keras.layers.GRU: grus}
    for cls, slices in SLICES.items():
        if any((readers.features, slices * size) not in found for size in units[cls]):
            return "It is built for another number of features than it is asked for: features is an argument."
    one, other = units[readers.forward], units[readers.backward]
    for kind, there in ((readers.forward, one), (readers.backward, other)):
        if not there:
            return f"There is no {kind.__name__} in it any more. The {kind.__name__} is not broken: keep it."
    if one != other:
        return "The units of the two directions differ, and outputs of two widths cannot be added: the units must match."
    if one != {readers.units}:
        return "The units of the two directions match, and are not those that the forward layer had, which were right: units is an argument."
    if (2 * readers.units, 1) in found:
        return "The Dense layer reads twice the units: the two are laid side by side, a 'concat'. The merge was not broken: keep 'sum'."
    return None


class _Readers:
    """Two layers that read from either end, one by one, and the unit that reads their sum."""

    def __init__(self, forward: type, backward: type, units: int, x):
        self.forward, self.backward, self.units, self.features = forward, backward, units, x.shape[-1]
        random = np.random.default_rng(units)
        one, other = (CELLS[kind](units, recurrent_initializer="zeros") for kind in (forward, backward))  # the default takes as long as reading
        for cell in (one, other):
            cell.build((len(x), self.features))
            cell.set_weights([random.normal(scale=0.5, size=weight.shape) for weight in cell.get_weights()])
        self.kernel, self.bias = random.normal(size=(units, 1)).astype("float32"), random.normal(size=1).astype("float32")
        numbers = [*one.get_weights(), *other.get_weights(), self.kernel, self.bias]
        self.weights = {weight.shape: weight for weight in numbers}
        if len(self.weights) < len(numbers):
            raise ValueError("two weights have one shape: choose other sizes")
        self.x, self.cells = x, (one, other)
        self.one, self.turned = _read(one, x), _read(other, np.flip(x, axis=1))
        self.other = np.flip(self.turned, axis=1)

    def said(self, values) -> np.ndarray:
        return 1 / (1 + np.exp(-(values @ self.kernel + self.bias)))

    def slips(self) -> dict[str, np.ndarray]:
        """Hint -> what the model says if it is that."""
        one, other = self.cells
        again = _read(other, self.x)
        mirrored = np.flip(_read(one, np.flip(self.x, axis=1)), axis=1)
        return {
            "The two directions are averaged; the listing adds them, and its merge was not broken.": self.said((self.one + self.other) / 2),
            "The two directions are multiplied; the listing adds them, and its merge was not broken.": self.said(self.one * self.other),
            "The backward outputs stand in reversed time: flip them.": self.said(self.one + self.turned),
            "Both layers read forwards: go_backwards=True is gone.": self.said(self.one + again),
            f"The two have changed places: the {self.forward.__name__} reads forwards, the {self.backward.__name__} backwards.": self.said(mirrored + again),
            "Only the forward layer reaches the output.": self.said(self.one),
            "Only the backward layer reaches the output.": self.said(self.other),
        }


def _read(cell, x) -> np.ndarray:
    """What `cell` gives at each timestep of x, (batch, timesteps, units): sooner than a layer would."""
    states, outputs = cell.get_initial_state(batch_size=len(x)), []
    for t in range(x.shape[1]):
        output, states = cell(x[:, t], states)
        outputs.append(as_array(output))
    return np.stack(outputs, axis=1)

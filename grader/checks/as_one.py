"""Two layers of which the second begins where the first ended: with the same weights in both, they read as one."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, shape_of, shape_text, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a
from grader.checks.shapes import shape
from grader.checks.unrolling import at_once
from grader.checks.values import close

RTOL, ATOL = 1e-4, 1e-5
NOTHING_PASSES = (
    "Nothing of the first sequence reaches the output: the second layer begins from zeros unless initial_state=… hands it the states of a layer that read that sequence."
)
NOT_READ = "Nothing of the second sequence reaches the output. Which of the two does the second layer read?"
OTHER_TABLE = "The second input has numbers for which its Embedding has no row: is it as large as the vocabulary of that side?"
OTHER_ORDER = "The two inputs have changed places: the encoder's sequence comes first."


def reads_as_one(model, line, tokens: int | None = None, features: int | None = None, timesteps: tuple[int, int] = (4, 3), name: str = "the model") -> None:
    """`model([a, b])` must be what `line` gives at the timesteps of b when it reads a and then b.

    model: two recurrent layers of one kind, the second of which starts from the final state of the first.
    line: a `keras.Sequential` with one such layer. Each weight of `model` is given the numbers of the line's weight of the
    same shape, so no two weights of the line may have one shape. A table of an Embedding may be shorter.
    a and b, of so many timesteps, hold numbers below `tokens`, or vectors of so many `features`. b may hold whatever the
    line's Embedding has a row for.
    Raises CheckFailed: names states that do not arrive, that are swapped or doubled, an input that is not read, inputs in
    the other order, and an Embedding of the other side's size.
    """
    if not isinstance(model, keras.Model):
        raise CheckFailed(f"{name} is not a Keras model", hint=NOTHING_RETURNED if model is None else None, actual=text(model))
    random = np.random.default_rng(sum(timesteps))
    first, second = (random.integers(1, tokens, size=(3, t)) if tokens else random.normal(size=(3, t, features)).astype("float32") for t in timesteps)
    bench = _Line(line, first, second, tokens)
    _inputs(model, name)
    if not all(_chosen(model, bench.weights)) or not model.weights:  # a model without keras.Input has its weights from its first call
        _shaped(_run(model, first, second, name), model, first, second, bench.expected.shape, name)
    _set(model, bench.weights, name)
    others = [np.roll(np.flip(x, axis=1), 1, axis=0) for x in (first, second)]
    pairs = [(first, second), (others[0], second), (first, others[1])]
    output, table = _answers(model, pairs, bench, name)
    if shape_of(output) and shape_of(output)[0] == len(pairs) * len(first):  # before its shape: an input that is not read may give it another
        _notices(np.split(as_array(output), len(pairs)), name)
    _shaped(output, model, first, second, bench.expected.shape, name, times=len(pairs))
    output = as_array(output)[: len(first)]
    if not np.isfinite(output).all():
        raise CheckFailed(f"{name} gives NaN or infinity")
    close(output, bench.expected, f"the output of {name}", RTOL, ATOL, bench.mistakes)
    if isinstance(table, CheckFailed):
        raise CheckFailed(f"{name} cannot read every number of its second input", hint=OTHER_TABLE, actual=table.actual) from table
    if table is not None and not np.allclose(table, bench.at_last, RTOL, ATOL):
        raise CheckFailed(f"{name} cannot read every number of its second input", hint=OTHER_TABLE)


def _notices(outputs: list[np.ndarray], name: str) -> None:
    """outputs: what is said of two sequences, with another first one, and with another second one."""
    blind = [np.allclose(outputs[0], other, atol=1e-7) for other in outputs[1:]]
    if any(blind):
        which, hint = [("first", NOTHING_PASSES), ("second", NOT_READ)][blind.index(True)]
        which, hint = ("inputs", "The output depends on neither of its inputs.") if all(blind) else (f"{which} input", hint)
        raise CheckFailed(f"{name} takes no notice of its {which}", hint=hint)


def _answers(model, pairs, bench, name: str) -> tuple:
    """What is said of `pairs`, one after the other in the batch; and of the last row of the larger Embedding, or the CheckFailed that it meets, or None.

    The two Embeddings differ in size, and may have changed places. All is asked in one call, and again where that row is too much.
    """
    failed = None
    if bench.last is not None:
        rows = len(bench.first)
        try:
            output = _run(model, *map(np.concatenate, zip(*pairs, (bench.first, bench.last), strict=True)), name)
        except CheckFailed as error:  # so on a CPU; a GPU takes zeros for a row that is not there
            failed = error
        else:
            size = shape_of(output)
            if size and size[0] == (len(pairs) + 1) * rows:
                output = as_array(output)
                return output[:-rows], output[-rows:]
    return _run(model, *map(np.concatenate, zip(*pairs, strict=True)), name), failed


def _shaped(output, model, first, second, expected: tuple, name: str, times: int = 1) -> None:
    """times: how many questions were asked at once, one after the other in the batch."""
    rows = times * expected[0]
    if shape_of(output) != (rows, *expected[1:]) and first.shape[1] != second.shape[1] and _fits(model, second, first, expected):
        raise CheckFailed(f"the output of {name} has the timesteps of its first input", hint=OTHER_ORDER)
    shape(output, (rows, *expected[1:]), f"the output of {name}")


def _inputs(model, name: str) -> None:
    """Two of them; a model without keras.Input tells none."""
    inputs = getattr(model, "inputs", None)
    if not isinstance(inputs, (list, tuple)) or len(inputs) in (0, 2):
        return
    states = any(shape_of(one) and len(shape_of(one)) == 2 and shape_of(one)[1] is not None for one in inputs)
    hint = "The states are not data that somebody has: an encoder makes them of its input." if states else "Two are asked: what the encoder reads, and what the decoder reads."
    raise CheckFailed(f"{name} has another number of inputs than two", hint=hint, actual=str(len(inputs)))


def _fits(model, first, second, expected) -> bool:
    try:
        return shape_of(_run(model, first, second, "the model")) == expected
    except CheckFailed:
        return False


def _run(model, first, second, name):
    result = call(model, [first, second], name=name)
    return result[0] if isinstance(result, (list, tuple)) and len(result) == 1 else result


def _chosen(model, weights: list[np.ndarray]) -> list[list[np.ndarray]]:
    """For each weight of the model a list of the one it is given, or an empty one."""
    return [_like(weights, tuple(weight.shape)) for weight in model.weights]


def _set(model, weights: list[np.ndarray], name: str) -> None:
    strange = [weight for weight, like in zip(model.weights, _chosen(model, weights), strict=True) if not like]
    if strange:
        raise CheckFailed(
            f"{name} has weights of other shapes than are asked",
            expected=f"none but {', '.join(shape_text(weight.shape) for weight in weights)}",
            actual=f"also {', '.join(dict.fromkeys(shape_text(weight.shape) for weight in strange))}",
        )
    model.set_weights([weight for weight, in _chosen(model, weights)])


def _like(weights, size: tuple) -> list[np.ndarray]:
    """The weight of this shape, or the first rows of one that is longer; an empty list if there is none."""
    same = [weight for weight in weights if weight.shape == size]
    longer = [weight[: size[0]] for weight in weights if weight.ndim == len(size) == 2 and weight.shape[1:] == size[1:] and weight.shape[0] > size[0]]
    return (same or longer)[:1]


class _Line:
    """A straight line with one recurrent layer, and what it says of two sequences, one after the other."""

    def __init__(self, line, first, second, tokens):
        size = (None, *first.shape[1:])
        for layer in line.layers:  # one by one: a Sequential that is built makes a graph of them
            if not layer.built:
                layer.build(size)
            size = layer.compute_output_shape(size)
        random = np.random.default_rng(0)
        weights = [weight for layer in line.layers for weight in layer.weights]
        self.weights = [random.normal(scale=0.6, size=weight.shape).astype("float32") for weight in weights]
        if len({weight.shape for weight in self.weights}) < len(self.weights):
            raise ValueError("two weights of the line have one shape: choose other sizes")
        for weight, value in zip(weights, self.weights, strict=True):
            weight.assign(value)
        place = next(number for number, layer in enumerate(line.layers) if is_a(layer, keras.layers.RNN))
        self.before, self.layer, self.after = line.layers[:place], line.layers[place], line.layers[place + 1 :]
        rows = next((layer.input_dim for layer in self.before if is_a(layer, keras.layers.Embedding)), 0)
        self.every = self.layer.return_sequences
        self.first, self.second = first, second
        self.last = np.full_like(second, rows - 1) if tokens and rows > tokens else None
        seconds = [second] if self.last is None else [second, self.last]
        whole = np.concatenate([np.concatenate([first, other], axis=1) for other in seconds])
        said = self.said(self.outputs(whole)[:, first.shape[1] :])
        self.expected, self.at_last = said[: len(first)], said[len(first) :]

    def vectors(self, x):
        for layer in self.before:
            x = layer(x)
        return x

    def read(self, x, **states) -> list:
        """The outputs at every timestep, and the final states."""
        was = self.layer.return_sequences, self.layer.return_state
        self.layer.return_sequences = self.layer.return_state = True
        try:
            with at_once(*self.before, self.layer):
                return self.layer(self.vectors(x), **states)
        finally:
            self.layer.return_sequences, self.layer.return_state = was

    def outputs(self, x):
        return self.read(x)[0]

    def said(self, outputs) -> np.ndarray:
        """What the layers after the recurrent one make of its outputs, of the last or of all."""
        x = outputs if self.every else outputs[:, -1]
        for layer in self.after:
            x = layer(x)
        return as_array(x)

    def mistakes(self) -> dict[str, np.ndarray]:
        """Hint -> what a model gives in which the states go astray in that way."""
        whole = self.outputs(np.concatenate([self.second, self.first], axis=1))
        found = {OTHER_ORDER: self.said(whole[:, self.second.shape[1] :])}
        ends = self.read(self.first)[1:]
        ways = {}
        if len(ends) == 2:
            h, c = ends
            ways = {
                "h and c are swapped on the way: initial_state=[h, c].": [c, h],
                "The second layer is given h twice; it wants h and c.": [h, h],
                "The second layer is given c twice; it wants h and c.": [c, c],
                "Only h arrives: the c of the second layer begins from zeros.": [h, 0 * c],
                "Only c arrives: the h of the second layer begins from zeros.": [0 * h, c],
            }
        for words, states in ways.items():
            found[words] = self.said(self.read(self.second, initial_state=list(states))[0])
        return found

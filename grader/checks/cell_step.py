"""One step of a recurrent cell, written by hand: which gate is wrong, and which of its terms."""

from __future__ import annotations

from itertools import permutations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import CheckFailed
from grader.checks.shapes import shape

# The slices of the kernel's last axis, in Keras' order (keras.io/api/layers/recurrent_layers).
GATES = {
    "SimpleRNNCell": ("new state h",),
    "LSTMCell": ("input gate i", "forget gate f", "candidate c", "output gate o"),
    "GRUCell": ("update gate z", "reset gate r", "candidate h"),
}
OPEN, SHUT = 40.0, -40.0  # biases at which sigmoid and tanh have no slope left in float32


def cell_step(fn, cell, features: int = 3, batch: int = 4, seed: int = 0, name: str | None = None, tolerance: float = 1e-5) -> None:
    """`fn` must compute one step of `cell` from its weights alone, within `tolerance`.

    fn: called as fn(x, h, kernel, recurrent_kernel, bias) and returns h, or, for an LSTMCell,
    as fn(x, h, c, kernel, recurrent_kernel, bias) and returns (h, c). All are NumPy arrays:
    x (batch, features), h and c (batch, units), the weights as `cell.get_weights()` gives them.
    cell: a `SimpleRNNCell`, `LSTMCell` or `GRUCell` with its units; it is not changed.
    Raises CheckFailed that names a known slip, or else the gate that differs and the term in it;
    ValueError for any other cell.
    """
    if type(cell).__name__ not in GATES or not cell.use_bias:
        raise ValueError(f"cell must be one of {', '.join(GATES)} with a bias, not {cell!r}")
    bench = _Bench(fn, cell, features, batch, seed, name or getattr(fn, "__name__", "the step"), tolerance)
    expected, actual = bench.keras(), bench.student()
    for letter, right, found in zip("hc", expected, actual, strict=False):
        shape(found, right.shape, f"the new state {letter}")
    if bench.near(actual, expected):
        return
    letter, right, found = next(
        (letter, right, found)
        for letter, right, found in zip("hc", expected, actual, strict=False)
        if not bench.near([found], [right])
    )
    raise CheckFailed(
        f"`{bench.name}` gives another state {letter} than keras.layers.{type(cell).__name__}",
        hint=_known_slip(bench, actual) or _locate(bench),
        expected=text(right[0]) + "  (first row)",
        actual=text(found[0]) + "  (first row)",
    )


class _Bench:
    """The student's step and Keras' own cell side by side, on the same inputs and any weights."""

    def __init__(self, fn, cell, features, batch, seed, name, tolerance):
        self.fn, self.cell, self.name, self.tolerance = fn, cell, name, tolerance
        self.units, self.gates = cell.units, GATES[type(cell).__name__]
        random = np.random.default_rng(seed)

        def draw(*size):
            return random.normal(size=size).astype("float32")

        count = len(self.gates)
        rows = (2,) if getattr(cell, "reset_after", False) else ()
        self.x = draw(batch, features)
        self.states = [draw(batch, self.units) for _ in range(2 if count == 4 else 1)]
        self.weights = [draw(features, count * self.units), draw(self.units, count * self.units), draw(*rows, count * self.units)]

    def student(self, weights=None, states=None) -> list[np.ndarray]:
        arguments = [self.x, *(states or self.states), *(weights or self.weights)]
        result = call(self.fn, *(argument.copy() for argument in arguments), name=self.name)
        if len(self.states) == 2:
            if not isinstance(result, (tuple, list)) or len(result) != 2:
                raise CheckFailed(
                    f"`{self.name}` must return two states",
                    hint="An LSTM hands on h and c: return h, c.",
                    expected="(h, c)",
                    actual=text(result),
                )
            return list(result)
        if isinstance(result, (tuple, list)) and len(result) == 1:
            result = result[0]
        if isinstance(result, tuple):
            raise CheckFailed(f"`{self.name}` must return one state", hint="This cell hands on h alone, which is its output, too: return h.", actual=text(result))
        return [result]

    def keras(self, weights=None, states=None, **options) -> list[np.ndarray]:
        cell = type(self.cell).from_config({**self.cell.get_config(), **options})
        cell.build(self.x.shape)
        cell.set_weights(weights or self.weights)
        _, new = cell(self.x, [keras.ops.convert_to_tensor(state) for state in states or self.states])
        return [as_array(state) for state in (new if isinstance(new, (list, tuple)) else [new])]

    def near(self, left, right) -> bool:
        try:
            pairs = [(np.asarray(as_array(a), "float64"), as_array(b)) for a, b in zip(left, right, strict=True)]
        except (TypeError, ValueError):
            return False
        return all(a.shape == b.shape and np.isclose(a, b, rtol=self.tolerance, atol=self.tolerance).all() for a, b in pairs)

    def columns(self, gate: int) -> slice:
        return slice(gate * self.units, (gate + 1) * self.units)

    def scaled(self, gate: int, factor: float) -> list[np.ndarray]:
        """The weights with one gate's slice multiplied."""
        changed = [weight.copy() for weight in self.weights]
        for weight in changed:
            weight[..., self.columns(gate)] *= factor
        return changed


def _known_slip(bench: _Bench, actual) -> str | None:
    """Each slip is Keras' own cell with its weights, states or options changed to make the same mistake."""
    return next((words for words, guess in _slips(bench) if bench.near(actual, guess)), None)


def _slips(bench: _Bench):
    kernel, recurrent, bias = bench.weights
    yield "The bias is missing.", bench.keras([kernel, recurrent, 0 * bias])
    yield "The recurrent term is missing: the old state h times the recurrent kernel.", bench.keras([kernel, 0 * recurrent, bias])
    yield "The input term is missing: x times the kernel.", bench.keras([0 * kernel, recurrent, bias])
    if len(bench.gates) > 1:
        blocks = np.arange(len(bench.gates))
        for order in permutations(blocks):
            if order == tuple(blocks):
                continue
            columns = np.concatenate([np.arange(bench.units) + bench.units * gate for gate in order])
            read = [bench.gates[order.index(block)].split()[-1] for block in blocks]
            yield (
                f"The slices are read in the order {', '.join(read)}; "
                f"Keras stores {', '.join(gate.split()[-1] for gate in bench.gates)}.",
                bench.keras([weight[..., columns] for weight in bench.weights]),
            )
        yield "The gates want a sigmoid, not a tanh: a gate is a share between 0 and 1.", bench.keras(recurrent_activation="tanh")
    yield from {1: _rnn_slips, 4: _lstm_slips, 3: _gru_slips}[len(bench.gates)](bench)


def _rnn_slips(bench: _Bench):
    kernel, recurrent, bias = bench.weights
    yield "The recurrent kernel is transposed: the product is h @ recurrent_kernel.", bench.keras([kernel, recurrent.T, bias])
    yield "The tanh is missing.", bench.keras(activation="linear")
    yield "SimpleRNN squashes with tanh, not with a sigmoid.", bench.keras(activation="sigmoid")


def _lstm_slips(bench: _Bench):
    h, c = bench.keras()
    output_gate = h / np.tanh(c)
    yield "h and c are swapped: return h first, then c.", [c, h]
    yield "The old states are swapped: the gates look at h, and the forget gate multiplies c.", bench.keras(states=bench.states[::-1])
    yield "The last tanh is missing: h = o · tanh(c).", [output_gate * c, c]
    yield "h is made of the old c: compute the new c first, then h = o · tanh(c).", [output_gate * np.tanh(bench.states[1]), c]
    yield "The candidate has no tanh, or c has none on its way out.", bench.keras(activation="linear")
    coupled = [weight.copy() for weight in bench.weights]
    for weight in coupled:
        weight[..., bench.columns(0)] = -weight[..., bench.columns(1)]
    yield "1 − f stands where the input gate belongs: an LSTM's input gate has weights of its own.", bench.keras(coupled)


def _gru_slips(bench: _Bench):
    kernel, recurrent, bias = bench.weights
    yield (
        "z and 1 − z are swapped. In Keras z is the share of the old state that stays: h = z · h + (1 − z) · candidate.",
        bench.keras(bench.scaled(0, -1.0)),
    )
    if bench.cell.reset_after:
        both = bias.sum(axis=0)
        yield (
            "This is reset_after=False: the reset gate acts on h before the product. "
            "With reset_after=True it acts on the finished recurrent term, h @ recurrent_kernel + bias[1].",
            bench.keras([kernel, recurrent, both], reset_after=False),
        )
        outside = bias.copy()
        candidate = bench.columns(2)
        outside[0, candidate], outside[1, candidate] = both[candidate], 0
        yield (
            "The candidate's recurrent bias stands outside the reset gate: r · (h @ recurrent_kernel + bias[1]).",
            bench.keras([kernel, recurrent, outside]),
        )
        yield "The two biases are swapped: bias[0] belongs to the input term, bias[1] to the recurrent term.", bench.keras([kernel, recurrent, bias[::-1].copy()])
        for row, words in enumerate(("the input's bias[0]", "the recurrent bias[1]")):
            kept = np.zeros_like(bias)
            kept[row] = bias[row]
            yield f"Only {words} is used; a GRU with reset_after=True has two.", bench.keras([kernel, recurrent, kept])
    yield "The candidate has no tanh.", bench.keras(activation="linear")
    yield "The candidate wants a tanh, not a sigmoid.", bench.keras(activation="sigmoid")
    open_reset = [weight.copy() for weight in bench.weights]
    for weight in open_reset:
        weight[..., bench.columns(1)] = 0
    open_reset[2][..., bench.columns(1)] = OPEN
    yield "The reset gate is not used.", bench.keras(open_reset)


def _locate(bench: _Bench) -> str | None:
    """Hold every other gate still, and ask which gate still differs; then which term of it."""
    nothing = [np.zeros_like(weight) for weight in bench.weights]
    if bench.near(bench.student(nothing), bench.student(bench.weights)):
        return "It is the same whatever the weights are: nothing of them reaches it."
    if len(bench.gates) == 1 and not bench.near(bench.student(nothing), bench.keras(nothing)):
        return "With all weights at zero the new state is not zero: something is in it that is none of the three terms, the old state perhaps."
    if len(bench.gates) == 3 and _resets_the_input(bench):
        return "The reset gate acts on the candidate's input term, too. It belongs to the recurrent term alone."
    differs = [gate for gate in range(len(bench.gates)) if _differs(bench, gate)]
    if not differs:
        return "Each gate is right on its own. Look at how the gates are put together."
    if len(differs) == len(bench.gates) > 1:
        return "Every gate differs. Look at what they share: the two products, the bias, and where the result is split."
    if len(bench.gates) == 3 and differs == [1, 2]:  # what is wrong with the candidate shows where the reset gate is asked, too
        return "The candidate h differs; the update gate z is right. The reset gate r shows in the candidate alone: put that right first."
    if len(differs) > 1:
        return f"The {' and the '.join(bench.gates[gate] for gate in differs)} differ; the rest is right."
    gate = differs[0]
    where = f"The {bench.gates[gate]} differs"
    if len(bench.gates) > 1:
        edges = ("0", "u", "2u", "3u", "4u")
        columns = f"{edges[gate]} to {edges[gate + 1]}"
        where += f", slice {gate + 1} of {len(bench.gates)} (columns {columns}); the other gates are right. It differs"
    terms = ("its input term, x times the kernel", "its recurrent term, h times the recurrent kernel", "its bias")
    wrong = [words for term, words in enumerate(terms) if _differs(bench, gate, only=term)]
    if len(wrong) == len(terms):
        return f"{where} in all of its terms: look at {'its slice and ' * (len(bench.gates) > 1)}its activation."
    if not wrong:
        return f"{where} although each term alone is right: look at how they are added, and at the activation."
    return f"{where} in {' and '.join(wrong)}."


def _resets_the_input(bench: _Bench) -> bool:
    """With the update gate shut, the reset gate at a half and no recurrent term, the candidate is the tanh of its input term."""
    weights = [np.zeros_like(weight) for weight in bench.weights]
    weights[0][..., bench.columns(2)] = bench.weights[0][..., bench.columns(2)]
    bias = weights[2][0] if weights[2].ndim == 2 else weights[2]
    bias[bench.columns(0)] = SHUT
    right, halved = bench.keras(weights), bench.keras([weights[0] / 2, *weights[1:]])
    return bench.near(bench.student(weights), halved) and not bench.near(halved, right)


def _differs(bench: _Bench, gate: int, only: int | None = None) -> bool:
    """Whether the student's step differs when only `gate` is left to work, with all its terms or one."""
    weights = [np.zeros_like(weight) for weight in bench.weights]
    held, states = {1: _hold_rnn, 4: _hold_lstm, 3: _hold_gru}[len(bench.gates)](bench, gate)
    input_bias = weights[2][0] if weights[2].ndim == 2 else weights[2]
    for other, level in held.items():
        input_bias[bench.columns(other)] = level
    for term, weight in enumerate(weights):
        if only in (None, term):
            weight[..., bench.columns(gate)] = bench.weights[term][..., bench.columns(gate)]
    if len(bench.gates) == 3 and gate == 1:  # the reset gate shows only in what it resets
        weights[1][:, bench.columns(2)] = bench.weights[1][:, bench.columns(2)]
    expected, actual = bench.keras(weights, states), bench.student(weights, states)
    seen = slice(1, 2) if len(bench.gates) == 4 and gate != 3 else slice(0, 1)  # c shows i, f, candidate; h shows o
    return not bench.near(actual[seen], expected[seen])


def _hold_rnn(bench: _Bench, gate: int):
    return {}, bench.states


def _hold_lstm(bench: _Bench, gate: int):
    """Where the forget gate or the input gate must not show, what it multiplies is zero."""
    h, c = bench.states
    if gate == 0:  # c = i · 1
        return {2: OPEN}, [h, 0 * c]
    if gate == 1:  # c = f · c
        return {0: SHUT}, [h, c]
    if gate == 2:  # c = 1 · candidate
        return {0: OPEN}, [h, 0 * c]
    return {1: OPEN}, [h, OPEN * np.sign(c)]  # h = o · (±1)


def _hold_gru(bench: _Bench, gate: int):
    """The update gate shows with the candidate at 1; the others with the update gate shut."""
    return {0: {2: OPEN}, 1: {0: SHUT}, 2: {0: SHUT, 1: OPEN}}[gate], bench.states

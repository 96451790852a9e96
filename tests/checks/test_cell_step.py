"""A hand-written step is accepted when right, and its wrong gate is named when not."""

import numpy as np
import pytest
from keras import layers

from grader import checks as check

CELLS = {"rnn": layers.SimpleRNNCell, "lstm": layers.LSTMCell, "gru": layers.GRUCell}


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def split(a, gates):
    return np.split(a, gates, axis=-1)


def rnn(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias)


def lstm(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = split(x @ kernel + h @ recurrent_kernel + bias, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = split(x @ kernel + bias[0], 3)
    hz, hr, hh = split(h @ recurrent_kernel + bias[1], 3)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    return z * h + (1 - z) * np.tanh(xh + r * hh)


def lstm_read(order):
    def step(x, h, c, kernel, recurrent_kernel, bias):
        gates = dict(zip(order, split(x @ kernel + h @ recurrent_kernel + bias, 4), strict=True))
        c = sigmoid(gates["f"]) * c + sigmoid(gates["i"]) * np.tanh(gates["c"])
        return sigmoid(gates["o"]) * np.tanh(c), c

    return step


def lstm_with(change):
    """An LSTM step whose pre-activations pass through `change(a, x, h, kernel, recurrent_kernel, bias)` first."""

    def step(x, h, c, *weights):
        kernel, recurrent_kernel, bias = weights
        a = split(x @ kernel + h @ recurrent_kernel + bias, 4)
        i, f, g, o = change(a, [split(weight, 4) for weight in weights], x, h)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    return step


def forget_without_bias(a, weights, x, h):
    a[1] = a[1] - weights[2][1]
    return a


def output_without_state(a, weights, x, h):
    a[3] = a[3] - h @ weights[1][3]
    return a


def lstm_squashed_twice(x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o = split(x @ kernel + h @ recurrent_kernel + bias, 4)
    c = sigmoid(f) * c + sigmoid(i) * sigmoid(g)
    return sigmoid(o) * np.tanh(c), c


def gru_reset_before(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = split(x @ kernel + bias.sum(axis=0), 3)
    uz, ur, uh = split(recurrent_kernel, 3)
    z, r = sigmoid(xz + h @ uz), sigmoid(xr + h @ ur)
    return z * h + (1 - z) * np.tanh(xh + (r * h) @ uh)


def gru_bias_outside(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = split(x @ kernel + bias.sum(axis=0), 3)
    hz, hr, hh = split(h @ recurrent_kernel, 3)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    return z * h + (1 - z) * np.tanh(xh + r * hh)


def gru_swapped(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = split(x @ kernel + bias[0], 3)
    hz, hr, hh = split(h @ recurrent_kernel + bias[1], 3)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    return (1 - z) * h + z * np.tanh(xh + r * hh)


def gru_reset_halved(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = split(x @ kernel + bias[0], 3)
    hz, hr, hh = split(h @ recurrent_kernel + bias[1], 3)
    z, r = sigmoid(xz + hz), sigmoid(xr + 0.5 * hr)
    return z * h + (1 - z) * np.tanh(xh + r * hh)


def gru_reset_of_all(x, h, kernel, recurrent_kernel, bias):
    xz, xr, xh = split(x @ kernel + bias[0], 3)
    hz, hr, hh = split(h @ recurrent_kernel + bias[1], 3)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    return z * h + (1 - z) * np.tanh(r * (xh + hh))


def gru_candidate(squash, share=1):
    """A GRU step whose candidate goes through `squash`, and looks at `share` of the state that is left."""

    def step(x, h, kernel, recurrent_kernel, bias):
        xz, xr, xh = split(x @ kernel + bias[0], 3)
        hz, hr, hh = split(h @ recurrent_kernel + bias[1], 3)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        return z * h + (1 - z) * squash(xh + share * r * hh)

    return step


RIGHT = {"rnn": rnn, "lstm": lstm, "gru": gru}


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("units", [1, 5])
def test_the_right_step_passes(kind, units):
    check.cell_step(RIGHT[kind], CELLS[kind](units), features=2, seed=3)


WRONG = [
    ("rnn", lambda x, h, w, u, b: np.tanh(x @ w + h @ u), "bias is missing"),
    ("rnn", lambda x, h, w, u, b: np.tanh(x @ w + b), "recurrent term is missing"),
    ("rnn", lambda x, h, w, u, b: np.tanh(x @ w + h @ u.T + b), "transposed"),
    ("rnn", lambda x, h, w, u, b: x @ w + h @ u + b, "tanh is missing"),
    ("rnn", lambda x, h, w, u, b: np.tanh(x @ w + 2 * (h @ u) + b), "in its recurrent term"),
    ("rnn", lambda x, h, w, u, b: h + np.tanh(x @ w + h @ u + b), "none of the three terms, the old state perhaps"),
    ("rnn", lambda x, h, w, u, b: np.tanh(2 * (x @ w + h @ u + b)), "in all of its terms: look at its activation"),
    ("rnn", lambda *a: (rnn(*a), rnn(*a)), "return h"),
    ("lstm", lstm_read("ifoc"), "order i, f, o, c"),
    ("lstm", lstm_read("fico"), "order f, i, c, o"),
    ("lstm", lambda *a: lstm(*a)[::-1], "h and c are swapped"),
    ("lstm", lambda x, h, c, *w: lstm(x, c, h, *w), "old states are swapped"),
    ("lstm", lstm_with(forget_without_bias), "forget gate f differs, slice 2 of 4"),
    ("lstm", lstm_with(forget_without_bias), "in its bias"),
    ("lstm", lstm_squashed_twice, "candidate c differs, slice 3 of 4 \\(columns 2u to 3u\\)"),
    ("lstm", lstm_with(output_without_state), "output gate o differs"),
    ("lstm", lstm_with(output_without_state), "in its recurrent term"),
    ("gru", gru_swapped, "1 − z are swapped"),
    ("gru", gru_reset_before, "reset_after=False"),
    ("gru", lambda x, h, w, u, b: gru(x, h, w, u, b[::-1]), "two biases are swapped"),
    ("gru", gru_reset_of_all, "acts on the candidate's input term, too"),
    ("gru", gru_bias_outside, "outside the reset gate"),
    ("gru", gru_reset_halved, "reset gate r differs"),
    ("gru", gru_candidate(sigmoid), "wants a tanh, not a sigmoid"),
    ("gru", gru_candidate(lambda a: a), "candidate has no tanh"),
    ("gru", gru_candidate(np.tanh, share=2), "The candidate h differs; the update gate z is right"),
]


@pytest.mark.parametrize("kind, step, words", WRONG)
def test_a_wrong_step_is_named(kind, step, words):
    with pytest.raises(check.CheckFailed, match=words):
        check.cell_step(step, CELLS[kind](4), seed=1)


def test_one_state_where_two_are_due():
    with pytest.raises(check.CheckFailed, match="two states"):
        check.cell_step(lambda *a: lstm(*a)[0], layers.LSTMCell(4))


def test_a_lost_batch_axis_is_a_shape_problem():
    with pytest.raises(check.CheckFailed, match="wrong shape"):
        check.cell_step(lambda *a: rnn(*a)[0], layers.SimpleRNNCell(4))


def test_another_cell_is_refused():
    with pytest.raises(ValueError, match="with a bias"):
        check.cell_step(rnn, layers.SimpleRNNCell(4, use_bias=False))

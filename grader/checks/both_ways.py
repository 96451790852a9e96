"""Two layers that read from either end: laid side by side at each timestep, they give what Keras' Bidirectional gives."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, shape_text, text
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.unrolling import at_once
from grader.checks.values import close

RTOL, ATOL = 1e-4, 1e-5
FORWARDS = "Both halves have read forwards. One is to read from the end; an input that is turned around and then read backwards is read forwards again."


def reads_both_ways(fn, forward, backward, x, name: str = "the outputs side by side") -> None:
    """`fn(x, forward, backward)` must give what `Bidirectional` makes of two such layers: (batch, timesteps, units of both).

    forward, backward: recurrent layers with return_sequences=True, of which the second has go_backwards=True.
    x: (batch, timesteps, features); at least two sequences, since a turned batch shows in several only.
    Raises CheckFailed: names a flip that is missing, of the wrong half or along the wrong axis, and other orders.
    """
    x = np.asarray(x, "float32")
    for layer in (forward, backward):
        if not layer.built:
            layer.build(x.shape)
    both = keras.layers.Bidirectional(forward, backward_layer=backward)
    both.forward_layer = forward  # itself, weights and all, in place of a new one like it
    with at_once(forward, backward):
        expected = as_array(both(x))
    found = plain(call(fn, x, forward, backward, name=getattr(fn, "__name__", "the function")))
    if isinstance(found, (list, tuple)) and [np.ndim(part) for part in found] == [3, 3]:
        raise CheckFailed(f"{name} are two things", hint="One array is asked, twice as wide: join the two along the last axis.", expected=shape_text(expected.shape), actual=text(found))
    hint = None
    if not _near(found, expected):
        one, back = np.split(expected, [forward.units], axis=-1)
        slips = _slips(one, back[:, ::-1], back, as_array(backward(x[:, ::-1])))
        hint = next((words for words, wrong in slips if _near(found, wrong) and not _near(wrong, expected)), None) or _half(found, expected, forward.units)
    close(found, expected, name, RTOL, ATOL, {hint: found} if hint else None)


def _near(found, wrong) -> bool:
    try:
        found = as_array(found)
        return found.shape == wrong.shape and bool(np.allclose(found, wrong, RTOL, ATOL))
    except (TypeError, ValueError):  # what is no array is none of these
        return False


def _half(found, expected, units: int) -> str | None:
    """Which half of the units is right, if one is."""
    for good, bad, half in (("forward", "backward", np.s_[..., :units]), ("backward", "forward", np.s_[..., units:])):
        if np.shape(found) == expected.shape and _near(found[half], expected[half]) and not _near(found, expected):
            return f"The {good} half is right. In the {bad} one stands something else than what `{bad}` makes of x, each output at its own timestep."
    return None


def _slips(one, other, back, again) -> Iterator[tuple[str, np.ndarray]]:
    """A hint and the wrong outputs that earn it.

    one, other: what the two layers return, as it comes. back: the second one's outputs in the order of time.
    again: what the second layer returns for the input turned around.
    """

    def beside(*parts):
        return np.concatenate(parts, axis=-1)

    yield "go_backwards returns reversed time: flip the backward outputs.", beside(one, other)
    yield "You flipped the forward outputs. It is the backward ones that come reversed.", beside(one[:, ::-1], other)
    yield "You flipped the time of both together. Flip the backward outputs, then join.", beside(one[:, ::-1], back)
    for axis in (None, 0, 2, (0, 1), (1, 2), (0, 2)):
        yield "The flip goes along the wrong axis, or along all of them: time is axis 1.", beside(one, np.flip(other, axis))
    for second in (back, other):
        yield "The forward outputs come first.", beside(second, one)
    for second in (one, one[:, ::-1], again, again[:, ::-1]):
        yield FORWARDS, beside(one, second)
    for half in (one, back, other):
        yield "Only one direction is returned. Lay both side by side.", half
    if one.shape == back.shape:
        for second in (back, other):
            yield "The two stand one after the other in time. Side by side is the last axis, -1.", np.concatenate([one, second], axis=1)
            yield "The two are added. Lay them side by side.", one + second
            yield "The two are averaged. Lay them side by side.", (one + second) / 2

"""Reading in two parts equals reading the whole: a function that resumes a recurrent layer where it stopped."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.plainly import plain
from grader.checks.shapes import STATES, shape, states
from grader.checks.unrolling import at_once
from grader.checks.values import close

RTOL, ATOL = 1e-4, 1e-5


def reads_on(fn, kind: type, batch: int = 3, parts: tuple[int, int] = (2, 3), features: int = 2, units: int = 4, seed: int = 1) -> None:
    """`fn(layer, first, second, mask)` must give what the layer gives when it reads both parts at once: (output, states).

    kind: keras.layers.SimpleRNN, GRU or LSTM. parts: timesteps of the first and the second part, which is right-padded.
    What the output is at padding is not asked: the states tell whether padding was read.
    Raises CheckFailed: names a start from zeros, a mask that was not handed over, swapped states, and parts that were joined.
    """
    name = getattr(fn, "__name__", "the function")
    random = np.random.default_rng(seed)
    x = random.normal(size=(batch, sum(parts), features)).astype("float32")
    mask = np.arange(parts[1]) < np.linspace(parts[1], 1, batch).astype(int)[:, np.newaxis]
    layer = _layer(kind, features, units, random)
    what = kind.__name__
    whole, *ends = layer(x, mask=np.hstack([np.ones((batch, parts[0]), bool), mask]))
    output, found = _two(call(fn, layer, x[:, : parts[0]], x[:, parts[0] :], mask, name=name), name, what)
    shape(output, (batch, parts[1], units), f"the output of the {what}")
    states(found, what, batch=batch, units=units, name=f"the {what}'s final state")
    first, second = x[:, : parts[0]], x[:, parts[0] :]

    def real(values):
        return np.where(mask[..., np.newaxis], as_array(values), 0)

    def outputs_of_slips():
        """Those first of which the states are found as well: they tell whether padding was read. Zeros alone, as of a mask upside down, are no evidence."""
        slips = {hint: (real(output), states) for hint, (output, *states) in _slips(layer, first, second, mask).items()}
        ends_so = {hint for hint, (_, states) in slips.items() if all(map(np.allclose, map(as_array, found), states))}
        return {hint: slips[hint][0] for hint in sorted(slips, key=lambda hint: hint not in ends_so) if hint in ends_so or slips[hint][0].any()}

    def other_states(number):
        slips = {hint: states[number] for hint, (_, *states) in _slips(layer, first, second, mask).items()}
        return slips | _other_states(layer, first, ends, number)

    close(real(output), real(whole[:, parts[0] :]), f"the output of the {what}", RTOL, ATOL, outputs_of_slips)
    for number, (state, end) in enumerate(zip(found, ends, strict=True)):
        close(state, end, f"the final {'hc'[number]} of the {what}", RTOL, ATOL, lambda number=number: other_states(number))
    _not_joined(fn, layer, x[:1, parts[0] - 1 : parts[0] + 2], name)


def _layer(kind, features, units, random, **options):
    layer = kind(units, return_sequences=True, return_state=True, **options)
    layer.build((None, None, features))
    layer.set_weights([random.normal(scale=0.7, size=weight.shape) for weight in layer.get_weights()])
    return layer


def _two(result, name: str, what: str) -> tuple:
    """(output, list of states); what a layer returns as it is, is no such pair."""
    if result is None:
        raise CheckFailed(f"`{name}` returns nothing", hint=NOTHING_RETURNED)
    if not isinstance(result, (list, tuple)):
        raise CheckFailed(f"`{name}` returns one thing", hint="Output and states are asked: return output, states.", actual=text(result))
    kept = STATES[what]
    states_of = result[1] if len(result) == 2 else None
    if len(result) != 2 or not isinstance(states_of, (list, tuple)):
        stacked = states_of is not None and len(np.shape(plain(states_of))) == 3
        if len(result) == 1 + kept or stacked:
            raise CheckFailed(
                f"the states that `{name}` returns are no list",
                hint="Two things are asked, the output and a list of the states: output, *states = … makes that list, also of a single state.",
                expected="output, [h, c]" if kept == 2 else "output, [h]",
                actual=text(result),
            )
        raise CheckFailed(f"`{name}` returns another number of things", hint="Two are asked: the output, and a list of the states.", actual=text(result))
    return result[0], list(states_of)


def _slips(layer, first, second, mask) -> dict:
    """Hint -> output and states of a reading that goes wrong in that way."""
    after = layer(first)[1:]
    slips = {
        "It began from zeros: give the layer initial_state=….": {"mask": mask},
        "The padding was read: pass mask=mask by hand.": {"initial_state": after},
        "It began from zeros, and the padding was read: initial_state=… and mask=….": {},
        "The mask is upside down: it is True where second is real.": {"initial_state": after, "mask": ~mask},
    }
    if len(after) == 2:
        h, c = after
        slips["h and c are swapped: initial_state=[h, c]."] = {"initial_state": [c, h], "mask": mask}
        slips["That is h twice: an LSTM wants h and c."] = {"initial_state": [h, h], "mask": mask}
    return {hint: layer(second, **options) for hint, options in slips.items()}


def _other_states(layer, first, ends, number: int) -> dict:
    """Hint -> the state that stands in the place of the right one."""
    other = {"These are the states after the first part. What comes after the second part is asked.": layer(first)[1 + number]}
    if len(ends) == 2:
        other["h and c have changed places in what is returned."] = ends[1 - number]
    return other


def _not_joined(fn, layer, x, name: str) -> None:
    """A layer that reads backwards tells two readings from one: joined, it would begin at the end of the second part.

    x: (batch, timesteps, features), of which the first part is one timestep.
    """
    layer.go_backwards = True  # from here on; it is this check's own
    _, found = _two(call(fn, layer, x[:, :1], x[:, 1:], np.ones((len(x), x.shape[1] - 1), bool), name=name), name, keras_name(layer))
    with at_once(layer):
        joined = layer(x)[1:]
    if len(found) == len(joined) and all(np.allclose(plain(one), other, rtol=RTOL, atol=ATOL) for one, other in zip(found, joined, strict=True)):
        raise CheckFailed(
            f"`{name}` reads both parts in one go",
            hint="The two parts were joined, so no state was handed over. Read the first, keep its states, and read the second from there: initial_state=….",
        )


def keras_name(layer) -> str:
    """"LSTM", "GRU" or "SimpleRNN"."""
    return next(name for name in STATES if isinstance(layer, getattr(keras.layers, name)))

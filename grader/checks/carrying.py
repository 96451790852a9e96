"""A state carried from chunk to chunk, by hand or by a stateful layer: the chunks equal the whole.

Reading in chunks and reading all at once give the same, so that alone does not tell whether a function read chunks. A layer
with go_backwards=True does: it reads each call from its end, so the borders matter. What it gives chunk by chunk is what the
same layer forwards gives for the whole in which each chunk was turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.compared import compare
from grader.checks.differing import Tolerance, agree
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.unrolling import at_once

FEATURES, UNITS = 3, 5
EARLIER = 2  # timesteps that a layer has read before it comes
NEAR = Tolerance(1e-4, 1e-5)
SET_LATER = {"kernel_initializer": "zeros", "recurrent_initializer": "zeros"}  # drawing weights costs more than setting them


def carries_on(fn, kind: type, sizes: Sequence[int], rows: int = 2, seed: int = 0) -> None:
    """`fn(layer, chunks)` must read chunk after chunk, each from the state that the one before left, with a layer that keeps none.

    fn: returns the outputs of all timesteps, (rows, timesteps, units). kind: keras.layers.LSTM, GRU or SimpleRNN.
    sizes: the timesteps of each chunk.
    Raises CheckFailed.
    """
    name = getattr(fn, "__name__", "the function")
    chunks = _sequence(rows, sizes, seed)
    layer = _layer(kind, seed, return_sequences=True, return_state=True)
    whole = _said(layer, _joined(chunks))
    found = plain(call(fn, layer, chunks, name=name))

    def mistakes():
        first = whole[:, : sizes[0]]
        # What a chunk gives behind the first one alone is the end of the two read as one.
        behind_the_first = [_said(layer, _joined([chunks[0], chunk]))[:, sizes[0] :] for chunk in chunks[1:]]
        return {
            "Each chunk begins with zeros. Pass the last state on as initial_state.": _joined([_said(layer, chunk) for chunk in chunks]),
            "All later chunks begin where the first one ended: take the new state each time.": _joined([first, *behind_the_first]),
            **(_swapped(found, layer, chunks, whole) if kind is keras.layers.LSTM and len(sizes) > 1 else {}),
        }

    compare(found, whole, f"what `{name}` returns for these chunks", mistakes)
    joined = "The chunks were joined and read in one call. Give the layer one after the other, and carry its state over the border."
    _each_by_itself(name, layer, chunks, lambda backwards: call(fn, backwards, chunks, name=name), joined)


def in_pieces(fn, kind: type, steps: int, size: int, rows: int = 1, seed: int = 0) -> None:
    """`fn(layer, x, size)` must let a stateful layer read x from zeros, `size` timesteps at a time, and return all its outputs.

    kind: keras.layers.LSTM, GRU or SimpleRNN. The layer comes with a state of something that it read earlier.
    Raises CheckFailed.
    """
    name = getattr(fn, "__name__", "the function")
    pieces = _sequence(rows, [min(size, steps - begin) for begin in range(0, steps, size)], seed)
    x = _joined(pieces)
    layer = _layer(kind, seed, return_sequences=True, return_state=True)
    whole = _said(layer, x)
    found = call(fn, _stateful(layer, x), x, size, name=name)
    compare(found, whole, f"what `{name}` returns for these pieces", lambda: {
        "The layer still held a state of earlier reading: it must begin with zeros.": _said(layer, _joined([x[:, :EARLIER], x]))[:, -steps:],
        "The layer was reset before every piece. Once, before the first, is enough.": _joined([_said(layer, piece) for piece in pieces]),
        "The last piece is missing: what is left is read, too.": whole[:, : steps // size * size],
        "Only the outputs of the last piece are returned: keep those of each.": whole[:, -pieces[-1].shape[1] :],
    })  # fmt: skip
    at_once = "All of x was read in one call. Read `size` timesteps at a time: x[:, a:b] cuts timesteps, x[a:b] cuts rows."
    _each_by_itself(name, layer, pieces, lambda backwards: call(fn, _stateful(backwards, x), x, size, name=name), at_once, finer=False)


def handed_over(fn, kind: type, sizes: Sequence[int], rows: int = 2, features: int = FEATURES, units: int = UNITS, seed: int = 0) -> None:
    """`fn(first, second, paragraphs)`: a stateful layer reads all paragraphs but the last, from zeros, another the last, from its state.

    sizes: the timesteps of each paragraph. The two layers have weights of their own; the first comes with a state of earlier reading.
    `fn` returns what the second returns, (rows, units).
    Raises CheckFailed.
    """
    name = getattr(fn, "__name__", "the function")
    paragraphs = _sequence(rows, sizes, seed, features)
    *some, last = paragraphs
    reader = _layer(kind, seed, features, units, return_state=True)
    second = _layer(kind, seed + 1, features, units)

    def after(*read):
        with at_once(reader):
            return list(reader(_joined(read))[1:])

    def continued(state):
        with at_once(second):
            return np.array(second(last, initial_state=state))

    right, brought = continued(after(*some)), second.get_weights()
    found = call(fn, _stateful(reader, last, return_state=False), second, paragraphs, name=name)
    if not all(map(np.array_equal, brought, second.get_weights())):
        raise CheckFailed(f"`{name}` gives the second layer other weights", hint="What the first layer knows of the text is its state. Each layer keeps its own weights.")

    def mistakes():
        states = {
            "The second layer began with zeros: the first one's state is its initial_state.": None,
            "The first layer still held a state of earlier reading: it must begin with zeros.": after(last[:, :EARLIER], *some),
            "The first layer has read the last paragraph, too.": after(*paragraphs),
            "The first layer forgot between the paragraphs: reset it once only, before the first.": after(some[-1]),
            **({"The first layer has not read the last paragraph but one.": after(*some[:-1])} if len(some) > 1 else {}),
            "h and c are swapped: [h, c] is the order.": after(*some)[::-1],
        }
        wrong = {words: continued(state) for words, state in states.items()}
        return {**wrong, "This is what the first layer makes of the last paragraph. The second one reads it.": _said(reader, _joined(paragraphs))}

    compare(found, right, f"what `{name}` returns", mistakes)


def _swapped(found, layer, chunks, whole) -> dict:
    """The hint for h and c swapped, if the second chunk of what was found, and what it should be, prove it."""
    begin, end = chunks[0].shape[1], chunks[0].shape[1] + chunks[1].shape[1]
    with at_once(layer):
        _, h, c = layer(chunks[0])
        wrong = plain(layer(chunks[1], initial_state=[c, h])[0])
    if getattr(found, "shape", None) != whole.shape or not agree(found[:, begin:end], wrong, NEAR):
        return {}
    return {"h and c are swapped: an LSTM takes [h, c], in the order in which it returns them.": found}


def _each_by_itself(name: str, layer, chunks: list, read: Callable, joined: str, finer: bool = True) -> None:
    """The layer must have been called on each chunk, not on all of them joined. joined: the hint if it was. finer: or on each timestep."""
    if len(chunks) < 2:
        return
    backwards = _built({**layer.get_config(), "go_backwards": True}, layer)
    found = plain(read(backwards))
    if finer and agree(found, _said(layer, _joined(chunks)), NEAR):
        return
    compare(
        found, _said(layer, _joined([chunk[:, ::-1] for chunk in chunks])), f"what `{name}` returns with a layer that reads backwards", lambda: {joined: _said(backwards, _joined(chunks))},
        where="go_backwards=True reads each call from its end, so here it matters what is read in one call",
    )  # fmt: skip


def _sequence(rows: int, sizes: Sequence[int], seed: int, features: int = FEATURES) -> list[np.ndarray]:
    """Chunks (rows, size, features) of one sequence."""
    random = np.random.default_rng(seed)
    return [random.normal(size=(rows, size, features)).astype("float32") for size in sizes]


def _joined(chunks) -> np.ndarray:
    return np.concatenate([np.array(chunk) for chunk in chunks], axis=1)


def _said(layer, x: np.ndarray) -> np.ndarray:
    """The output of a layer that returns its states, too."""
    with at_once(layer):
        return np.array(layer(x)[0])


def _layer(kind: type, seed: int, features: int = FEATURES, units: int = UNITS, **options):
    """A layer with weights so large that a state matters for long."""
    layer = kind(units, **SET_LATER, **options)
    layer.build((None, None, features))
    random = np.random.default_rng(seed + 100)
    layer.set_weights([random.normal(0, 0.7, weight.shape).astype("float32") for weight in layer.get_weights()])
    return layer


def _built(config: dict, like):
    layer = type(like).from_config(config)
    layer.build((None, None, like.get_weights()[0].shape[0]))
    layer.set_weights(like.get_weights())
    return layer


def _stateful(layer, x: np.ndarray, return_state: bool = False):
    """Its stateful twin, with one output, which has read the first timesteps of x."""
    twin = type(layer).from_config({**layer.get_config(), "stateful": True, "return_state": return_state})
    twin.build(x.shape)
    twin.set_weights(layer.get_weights())
    with at_once(twin):
        twin(x[:, :EARLIER])
    return twin

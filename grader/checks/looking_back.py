"""An encoder-decoder that looks back: what its weights of attention obey, and whether its parts are joined as described."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a
from grader.checks.losses import logits
from grader.checks.models import inner_layers
from grader.checks.sequences import causal, ignores_padding
from grader.checks.shapes import shape

LARGE = 30.0  # a gate's bias that shuts or opens it
MEMORY_LOST = "A column for each word of the batch: the memory has no time axis, return_sequences=True."


def looks_back(pair, read, written, symbols: int) -> None:
    """`pair` must be (model, reader), both of [read, written]: logits (batch, timesteps, symbols), weights (batch, timesteps, letters).

    read: int (batch, letters), 0 is padding on the right; at least one row is padded. written: int (batch, timesteps).
    The weights of the real letters sum to one, padding has none and changes nothing, and no timestep sees a later one.
    Raises CheckFailed.
    """
    model, reader = _two(pair)
    read, written = np.array(read), np.array(written)
    batch, letters = read.shape
    steps = written.shape[1]
    said, found = (as_array(_one(call(each, [read, written], name=name))) for each, name in ((model, "the model"), (reader, "the reader")))
    if said.shape == (batch, steps, letters) and found.shape == (batch, steps, symbols):
        raise CheckFailed("the two models stand in another order", hint="The first gives the logits, the second, the reader, the weights: return model, reader.")
    shape(said, (batch, steps, symbols), "the logits")
    logits(said, "what the model gives")
    if found.shape == (batch, steps, batch) and batch != letters:
        raise CheckFailed("the weights have the wrong shape", hint=MEMORY_LOST, expected=str((batch, steps, letters)), actual=str(found.shape))
    shape(found, (batch, steps, letters), "the weights")
    real = (read > 0)[:, np.newaxis]
    if not np.allclose((found * real).sum(-1), 1, atol=1e-4) or found.min() < -1e-6:
        leak = np.abs(found * ~real).max() > 1e-4 and np.allclose(found.sum(-1), 1, atol=1e-4)
        hint = "Padding gets weight: the Embedding of the letters wants mask_zero=True, or the lookup its mask." if leak else None
        raise CheckFailed("the weights of the real letters do not sum to 1", hint=hint)
    if np.allclose(said, _one(model([np.roll(read, 1, axis=0), written])), atol=1e-7):
        raise CheckFailed("the model says the same whatever it reads", hint="Neither the encoder's states nor its outputs reach the logits.")
    ignores_padding(lambda x: _one(model([x, written[: len(x)]])), read, "the model")
    causal(lambda so_far: _one(model([read, np.clip(np.abs(so_far), 3, symbols - 1)])), np.maximum(written, 3), "the decoder")


def wired(pair, units: int, letters: int = 27, symbols: int = 42) -> None:
    """`pair`, (model, reader) of bidirectional GRUs, an additive lookup and one last Dense layer, must be joined as lesson 08 describes:

    the decoder begins with the forward state and then the backward one; the lookup averages the encoder's outputs themselves;
    its scores come of projections of the decoder's outputs and of the memory; queries and context make the logits.
    All of this is read out: gates are shut and opened by their biases, and the last layer is made to show what comes in.
    Raises CheckFailed. The model's weights are changed.
    """
    bench = _Bench(pair, units, letters, symbols)
    queries, context = bench.halves()
    begins = bench.shown(queries, bench.word)[:, 0]  # with its update gate open the decoder stands at its first state
    half = units // 2
    only_forward, only_backward = (bench.shown(queries, bench.word, silent=silent)[:, 0] for silent in ("backward", "forward"))
    if not np.allclose(only_forward[:, half:], 0, atol=1e-5) or not np.allclose(only_backward[:, :half], 0, atol=1e-5):
        swapped = np.allclose(only_forward[:, :half], 0, atol=1e-5) and np.allclose(only_backward[:, half:], 0, atol=1e-5)
        hint = "The backward state stands first; the forward one is asked first, then the backward one." if swapped else "The decoder's first state is to be the encoder's forward state and beside it the backward one. One of them is there twice, or something else."
        raise CheckFailed("the decoder begins with something else than was asked", hint=hint)
    if np.allclose(begins, 0, atol=1e-5):
        raise CheckFailed("the decoder begins from zeros", hint="The encoder's two states, joined, are the decoder's initial_state=….")
    alone = np.pad(bench.word[:, :1], ((0, 0), (0, 1)))  # Keras warns of a softmax over one place
    letter = bench.shown(context, alone)[:, 0]  # of a single letter the average is that letter's memory
    if not np.allclose(letter, bench.shown(queries, alone)[:, 0], rtol=1e-4, atol=1e-4):
        hint = None
        if np.allclose(letter, 0, atol=1e-5):  # the projections are zero here
            hint = "What is averaged is the projected memory. The values are the memory itself: the order is [query, value, key]."
        raise CheckFailed("the context of a word of one letter is not the memory at that letter", hint=hint)
    even = [np.allclose(bench.weights(still=[number]), 1 / bench.word.shape[1], atol=1e-4) for number in (0, 1)]
    deaf = [np.allclose(bench.weights(still=[number]), bench.weights(still=[number], heard=np.roll(bench.heard, 1, axis=0)), atol=1e-5) for number in (0, 1)]
    if sorted(zip(even, deaf, strict=True)) != [(False, True), (True, True)]:  # without keys all is even, without queries nothing is asked
        raise CheckFailed("the lookup does not compare what was asked", hint="Both sides of it, queries and keys, go through a Dense layer without a bias first.")
    if np.allclose(bench.weights(), bench.weights(heard=np.roll(bench.heard, 1, axis=0)), atol=1e-5):
        raise CheckFailed("the weights are the same whatever was written", hint="The query is the decoder's output at each timestep.")


def _two(pair) -> tuple:
    if pair is None:
        raise CheckFailed("nothing is returned", hint=NOTHING_RETURNED)
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise CheckFailed("another number of things is returned", hint="Two models are asked: return model, reader.", actual=text(pair))
    for part, what in zip(pair, ("the model", "the reader"), strict=True):
        if not isinstance(part, keras.Model):
            raise CheckFailed(f"{what} is not a Keras model", hint="keras.Model(inputs, outputs) makes one of the symbolic tensors.", actual=text(part))
    return tuple(pair)


def _one(result):
    return result[0] if isinstance(result, (list, tuple)) and len(result) == 1 else result


class _Bench:
    """The pair with weights that let one see inside."""

    def __init__(self, pair, units, letters, symbols):
        self.model, self.reader = _two(pair)
        self.units, self.symbols = units, symbols
        random = np.random.default_rng(0)
        self.word = random.integers(1, letters, size=(3, 5))
        self.heard = random.integers(3, symbols, size=(3, 4))
        self.model([self.word, self.heard])
        recurrent = [layer for layer in inner_layers(self.model) if is_a(layer, keras.layers.GRU)]
        ways = {bool(layer.go_backwards): layer for layer in recurrent if layer.units == units // 2}
        decoders = [layer for layer in recurrent if layer.units == units]
        dense = [layer for layer in inner_layers(self.model) if is_a(layer, keras.layers.Dense)]
        self.last = next((layer for layer in dense if layer.units == symbols), None)
        self.projections = [layer for layer in dense if layer.units == units and not layer.use_bias]
        if len(ways) != 2 or len(decoders) != 1 or self.last is None or len(self.projections) != 2:
            raise CheckFailed(
                "the model is made of other layers than were asked",
                hint="A bidirectional GRU of units // 2 each way, a GRU of units, two Dense(units, use_bias=False) and a last Dense.",
            )
        self.ways, self.decoder = {"forward": ways[False], "backward": ways[True]}, decoders[0]
        self.model.set_weights([random.normal(scale=0.8, size=weight.shape) for weight in self.model.get_weights()])
        self.normal = {id(layer): layer.get_weights() for layer in (*self.ways.values(), self.decoder, *self.projections)}

    def halves(self) -> tuple[slice, slice]:
        """Which rows of the last layer take the queries, which the context. With even weights the context hears nothing."""
        self._restore(project=False)
        rows = [slice(0, self.units), slice(self.units, 2 * self.units)]
        if self.last.get_weights()[0].shape[0] != 2 * self.units:
            raise CheckFailed("the last layer takes something else than queries and context", hint="Side by side they have twice the units.")
        moves = [self._moves(row) for row in rows]
        if moves == [True, False]:
            return rows[0], rows[1]
        if moves == [False, True]:
            return rows[1], rows[0]
        hint = "Both halves of what the last layer takes change with what was written, although the weights are even here." if all(moves) else (
            "Nothing in the logits changes with what was written: they are made of the GRU's outputs as they are, beside the context.")
        raise CheckFailed("queries and context do not stand side by side before the last layer", hint=hint)

    def _moves(self, row) -> bool:
        self._show(row)
        return not np.allclose(self._said(self.word), self._said(self.word, np.roll(self.heard, 1, axis=0)), atol=1e-5)

    def shown(self, rows, word, silent: str | None = None) -> np.ndarray:
        """What comes into these rows of the last layer, (batch, timesteps, units), with the decoder's state held and even weights."""
        self._restore(project=False)
        kernel, recurrent, bias = self.normal[id(self.decoder)]
        self.decoder.set_weights([0 * kernel, 0 * recurrent, np.concatenate([np.full((2, self.units), LARGE), 0 * bias[:, self.units :]], axis=1)])
        if silent:
            self.ways[silent].set_weights([0 * weight for weight in self.normal[id(self.ways[silent])]])
        self._show(rows)
        return self._said(word)[:, :, : self.units]

    def weights(self, still=(), heard=None) -> np.ndarray:
        """The reader's weights, with these projections at zero."""
        self._restore(project=True)
        for number in still:
            self.projections[number].set_weights([0 * weight for weight in self.normal[id(self.projections[number])]])
        self._tell_reader()
        return as_array(_one(self.reader([self.word, self.heard if heard is None else heard])))

    def _tell_reader(self) -> None:
        """The reader shares the model's layers where both were made; copied here one by one, each has its own."""
        known = {layer.name: layer for layer in self.model.layers}
        for layer in self.reader.layers:
            if known.get(layer.name, layer) is not layer and layer.weights:
                layer.set_weights(known[layer.name].get_weights())

    def _said(self, word, heard=None):
        return as_array(_one(call(self.model, [word, self.heard if heard is None else heard], name="the model")))

    def _restore(self, project: bool) -> None:
        for layer in (*self.ways.values(), self.decoder, *self.projections):
            layer.set_weights([weight if project or layer not in self.projections else 0 * weight for weight in self.normal[id(layer)]])

    def _show(self, rows) -> None:
        kernel, bias = (0 * weight for weight in self.last.get_weights())
        kernel[rows, : self.units] = np.eye(self.units)
        self.last.set_weights([kernel, bias])

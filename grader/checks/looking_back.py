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
LOUD = 10.0  # by which the last layer shows what comes in: what is squashed after it does not come out
ROWS, LETTERS, STEPS = 5, 3, 3  # that are asked about: each timestep costs
MEMORY_LOST = "A column for each word of the batch: the memory has no time axis, return_sequences=True."


def looks_back(pair, read, written, symbols: int) -> None:
    """`pair` must be (model, reader), both of [read, written]: logits (batch, timesteps, symbols), weights (batch, timesteps, letters).

    read: int (batch, letters), 0 is padding on the right. written: int (batch, timesteps). Of both the beginnings are asked about, every other word cut shorter.
    The weights of the real letters sum to one, padding has none and changes nothing, and no timestep sees a later one.
    Raises CheckFailed.
    """
    model, reader = _two(pair)
    read, written = np.array(read)[:ROWS, :LETTERS], np.maximum(np.array(written)[:ROWS, :STEPS], 3)  # as if each word went on: no timestep is padding
    read[::2, -1] = 0
    (batch, letters), steps = read.shape, written.shape[1]
    both = [np.concatenate([read, np.roll(read, 1, axis=0)]), np.concatenate([written, written])]
    said, found = (as_array(_one(call(each, given, name=name))) for each, given, name in ((model, both, "the model"), (reader, [read, written], "the reader")))
    if said.shape == (2 * batch, steps, letters) and found.shape == (batch, steps, symbols):
        raise CheckFailed("the two models stand in another order", hint="The first gives the logits, the second, the reader, the weights: return model, reader.")
    shape(said, (2 * batch, steps, symbols), "the logits")
    logits(said, "what the model gives")
    if found.shape == (batch, steps, batch) and batch != letters:
        raise CheckFailed("the weights have the wrong shape", hint=MEMORY_LOST, expected=str((batch, steps, letters)), actual=str(found.shape))
    shape(found, (batch, steps, letters), "the weights")
    real = (read > 0)[:, np.newaxis]
    if not np.allclose((found * real).sum(-1), 1, atol=1e-4) or found.min() < -1e-6:
        leak = np.abs(found * ~real).max() > 1e-4 and np.allclose(found.sum(-1), 1, atol=1e-4)
        hint = "Padding gets weight: the Embedding of the letters wants mask_zero=True, or the lookup its mask." if leak else None
        raise CheckFailed("the weights of the real letters do not sum to 1", hint=hint)
    said, elsewhere = np.split(said, 2)
    if np.allclose(said, elsewhere, atol=1e-7):
        raise CheckFailed("the model says the same whatever it reads", hint="Neither the encoder's states nor its outputs reach the logits.")
    ignores_padding(lambda x: said if x.shape == read.shape else _one(model([x, written])), read, "the model", amount=2)

    def says(so_far):
        so_far = np.clip(np.abs(so_far), 3, symbols - 1)
        return said if np.array_equal(so_far, written) else _one(model([np.tile(read, (len(so_far) // batch, 1)), so_far]))

    causal(says, written, "the decoder", together=True)


def wired(pair, units: int, letters: int = 27, symbols: int = 42) -> None:
    """`pair`, (model, reader) of bidirectional GRUs, an additive lookup and one last Dense layer, must be joined as lesson 08 describes:

    the decoder begins with the forward state and then the backward one; the lookup averages the encoder's outputs themselves;
    its scores come of projections of the decoder's outputs and of the memory; queries and context make the logits.
    All of this is read out: gates are shut and opened by their biases, and the last layer is made to show what comes in.
    What breaks a law of `looks_back` besides is told so. Raises CheckFailed. The model's weights are changed.
    """
    for model, name in zip(_two(pair), ("the model", "the reader"), strict=True):
        if not model.built:  # one without keras.Input has its weights from its first call
            call(model, [np.ones((1, 2), int), np.ones((1, 2), int)], name=name)
    kept = [(model, model.get_weights()) for model in pair]
    try:
        _read_out(_Bench(pair, units, letters, symbols))
    except CheckFailed:
        for model, weights in kept:
            model.set_weights(weights)
        random = np.random.default_rng(0)
        looks_back(pair, random.integers(1, letters, size=(ROWS, LETTERS)), random.integers(3, symbols, size=(ROWS, STEPS)), symbols)
        raise


def _read_out(bench: _Bench) -> None:
    half = bench.units // 2
    queries, context = bench.halves()
    held = bench.held()  # with its update gate open the decoder stands at its first state
    begins, letter = held["word"][queries], held["alone"][context]  # of a single letter the average is that letter's memory
    ahead = bench.held(silent="backward")["word"][queries]  # no more than the forward state
    forward, backward = slice(0, half), slice(half, None)

    def lies(first, second) -> bool:
        """Whether all of the forward state, and nothing else, stands in `first`, the backward one in `second`."""
        return np.allclose(ahead[:, second], 0, atol=1e-5) and np.allclose(ahead[:, first], begins[:, first], atol=1e-5)

    if not lies(forward, backward):
        hint = "The backward state stands first; the forward one is asked first, then the backward one." if lies(backward, forward) else "The decoder's first state is to be the encoder's forward state and beside it the backward one. One of them is there twice, or something else."
        raise CheckFailed("the decoder begins with something else than was asked", hint=hint)
    if np.allclose(begins, 0, atol=1e-5):
        raise CheckFailed("the decoder begins from zeros", hint="The encoder's two states, joined, are the decoder's initial_state=….")
    if not np.allclose(letter, held["alone"][queries], rtol=1e-4, atol=1e-4):
        hint = None
        if np.allclose(letter, 0, atol=1e-5):  # the projections are zero here
            hint = "What is averaged is the projected memory. The values are the memory itself: the order is [query, value, key]."
        raise CheckFailed("the context of a word of one letter is not the memory at that letter", hint=hint)
    stills = [bench.weights(still=number) for number in (0, 1)]
    even = [np.allclose(still["word"], 1 / bench.word.shape[1], atol=1e-4) for still in stills]
    deaf = [np.allclose(still["word"], still["otherwise"], atol=1e-5) for still in stills]
    if sorted(zip(even, deaf, strict=True)) != [(False, True), (True, True)]:  # without keys all is even, without queries nothing is asked
        raise CheckFailed("the lookup does not compare what was asked", hint="Both sides of it, queries and keys, go through a Dense layer without a bias first.")
    weights = bench.weights()
    if np.allclose(weights["word"], weights["otherwise"], atol=1e-5):
        raise CheckFailed("the weights are the same whatever was written", hint="The query is the decoder's output at each timestep.")
    if not np.allclose(weights["alone"], bench.alone[:, np.newaxis] > 0, atol=1e-4):
        raise CheckFailed("padding gets weight")
    if not np.allclose(weights["word"][:, 0], weights["later"][:, 0], atol=1e-5):
        raise CheckFailed("the weights depend on what is written later")


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
    """The pair with weights that let one see inside. Every question is about all rows at once: each call costs."""

    def __init__(self, pair, units, letters, symbols):
        self.model, self.reader = _two(pair)
        self.units, self.symbols = units, symbols
        random = np.random.default_rng(0)
        self.word, self.heard = random.integers(1, letters, size=(3, 2)), random.integers(3, symbols, size=(3, 2))
        self.alone = self.word * [1, 0]
        otherwise, later = np.roll(self.heard, 1, axis=0), np.where([True, False], self.heard, np.roll(self.heard, 1, axis=0))
        self.asked = {"word": (self.word, self.heard), "otherwise": (self.word, otherwise), "later": (self.word, later), "alone": (self.alone, self.heard)}
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
        kernel, bias = (0 * weight for weight in self.last.get_weights())
        if len(kernel) != 2 * units:
            raise CheckFailed("the last layer takes something else than queries and context", hint="Side by side they have twice the units.")
        np.fill_diagonal(kernel, LOUD)
        self.last.set_weights([kernel, bias])

    def halves(self) -> tuple:
        """Where the queries stand in what is shown, and where the context. With even weights the context hears nothing."""
        self._restore(project=False)
        shown = self._said()
        logits(LOUD * np.concatenate(list(shown.values())), "what the model gives")
        halves = np.s_[..., : self.units], np.s_[..., self.units :]
        moves = [not np.allclose(shown["word"][half], shown["otherwise"][half], atol=1e-5) for half in halves]
        if moves not in ([True, False], [False, True]):
            hint = "Both halves of what the last layer takes change with what was written, although the weights are even here." if all(moves) else (
                "Nothing in the logits changes with what was written: they are made of the GRU's outputs as they are, beside the context.")
            raise CheckFailed("queries and context do not stand side by side before the last layer", hint=hint)
        if not np.allclose(shown["word"][:, 0], shown["later"][:, 0], atol=1e-5):
            raise CheckFailed("the decoder depends on what is written later")
        return halves if moves[0] else halves[::-1]

    def held(self, silent: str | None = None) -> dict:
        """What comes into the last layer at the first timestep, (batch, 2 · units), with the decoder's state held and even weights."""
        self._restore(project=False)
        kernel, recurrent, bias = self.normal[id(self.decoder)]
        self.decoder.set_weights([0 * kernel, 0 * recurrent, np.concatenate([np.full((2, self.units), LARGE), 0 * bias[:, self.units :]], axis=1)])
        if silent:
            self.ways[silent].set_weights([0 * weight for weight in self.normal[id(self.ways[silent])]])
        return {rows: shown[:, 0] for rows, shown in self._said().items()}

    def weights(self, still: int | None = None) -> dict:
        """The reader's weights, with this projection at zero."""
        self._restore(project=True)
        if still is not None:
            self.projections[still].set_weights([0 * weight for weight in self.normal[id(self.projections[still])]])
        self._tell_reader()
        return self._of(self.reader, "the reader", self.word.shape[1])

    def _tell_reader(self) -> None:
        """The reader shares the model's layers where both were made; copied here one by one, each has its own."""
        known = {layer.name: layer for layer in self.model.layers}
        for layer in self.reader.layers:
            if known.get(layer.name, layer) is not layer and layer.weights:
                layer.set_weights(known[layer.name].get_weights())

    def _said(self) -> dict:
        return {rows: said[..., : 2 * self.units] / LOUD for rows, said in self._of(self.model, "the model", self.symbols).items()}

    def _of(self, model, name: str, width: int) -> dict:
        """What a model gives for each kind of rows."""
        given = [np.concatenate(parts) for parts in zip(*self.asked.values(), strict=True)]
        found = as_array(_one(call(model, given, name=name)))
        shape(found, (len(given[0]), given[1].shape[1], width), f"the output of {name}")
        return dict(zip(self.asked, np.split(found, len(self.asked)), strict=True))

    def _restore(self, project: bool) -> None:
        for layer in (*self.ways.values(), self.decoder, *self.projections):
            layer.set_weights([weight if project or layer not in self.projections else 0 * weight for weight in self.normal[id(layer)]])

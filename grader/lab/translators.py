"""What a trained encoder-decoder of lesson 03 knows and would say: its states, what it says from given states, the best of many."""

from __future__ import annotations

import keras
import numpy as np


def final_states(model, words) -> list[np.ndarray]:
    """The encoder's final h and c for spellings (words, timesteps): float32 (words, units) each."""
    h, c = keras.Model(model.inputs[0], model.get_layer("encoder").output[1:]).predict_on_batch(words)
    return [h, c]


def logits_from(model, states, so_far) -> np.ndarray:
    """What the decoder says after `so_far`, int (words, timesteps), if it starts from [h, c]: logits (words, timesteps, symbols)."""
    mask = np.asarray(so_far) != 0
    outputs = model.get_layer("decoder")(model.get_layer("write")(np.asarray(so_far)), initial_state=[np.array(state) for state in states], mask=mask)[0]
    return np.array(model.get_layer("logits")(outputs))


def until_end(written, end: int) -> np.ndarray:
    """A copy of `written`, int (rows, timesteps), in which 0 stands after the first `end` of each row."""
    written = np.array(written)
    ended = np.cumsum(written == end, axis=1) - (written == end)  # how many ends stand before each place
    return written * (ended == 0)


def beam_search(model, states, width: int, start: int, end: int, steps: int = 8):
    """The `width` best sequences for each pair of states: int (words, width, steps + 1), the best first, each with its start.

    Returns them and, for a figure, what each step kept: a list of (sequences, scores (words, width)).
    """
    count, trace = len(states[0]), []
    written = np.full((count, width, steps + 1), 0)
    written[:, :, 0] = start
    score = np.tile([0.0] + [-np.inf] * (width - 1), (count, 1))  # all beginnings are the same at first: one of them counts
    repeated = [np.repeat(state, width, axis=0) for state in states]
    for t in range(steps):
        logits = logits_from(model, repeated, written.reshape(count * width, -1)[:, :steps])[:, t]
        chances = np.array(keras.ops.log_softmax(logits)).reshape(count, width, -1)
        over = (written[:, :, t] == end) | (written[:, :, t] == 0)
        chances[over] = [0.0] + [-np.inf] * (chances.shape[-1] - 1)  # what has ended goes on with padding, at no cost
        total = (score[:, :, np.newaxis] + chances).reshape(count, -1)  # every beginning with every symbol
        best = np.argsort(-total, axis=1)[:, :width]
        score = np.take_along_axis(total, best, axis=1)
        begun, symbol = np.divmod(best, chances.shape[-1])
        written = np.take_along_axis(written, begun[:, :, np.newaxis], axis=1)
        written[:, :, t + 1] = symbol
        trace.append((written.copy(), score))
    return written, trace

"""An encoder-decoder that was trained by teacher forcing: what it is made of, what reaches what, and what it learned to say."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.answering import answer
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a, kind
from grader.checks.models import inner_layers
from grader.checks.sequences import causal, ignores_padding
from grader.checks.shapes import shape

ROWS, STEPS = 8, 4  # that are asked about: each costs
MANY = 200  # rows that show whether it learned to copy


def translator(model, cell: type | None, read, written, symbols: int, weights: int | None = None, lookup: bool = False, name: str = "the model") -> None:
    """`model([read, written])` must be logits (batch, timesteps, symbols) of what is written next.

    cell: the class of its two recurrent layers; None: any. read: int (batch, timesteps), 0 is padding on the right.
    written: int (batch, timesteps), the right beginning at each step, 0 is padding. weights: how many it may have at most.
    lookup: whether one of Keras' attention layers must be in it.
    Raises CheckFailed: an encoder that reaches nothing, other layers, probabilities, padding that is read, a decoder that
    sees the future, a loss that takes logits for probabilities, a model that learned to repeat what it reads.
    """
    if not isinstance(model, keras.Model):
        hint = NOTHING_RETURNED if model is None else "That is the history of the training. Return the model." if type(model).__name__ == "History" else None
        if isinstance(model, (list, tuple)) and any(isinstance(part, keras.Model) for part in model):
            hint = "Several things are returned. One model is asked: return it alone."
        raise CheckFailed(f"{name} is not a Keras model", hint=hint, actual=text(model))
    read, written = np.array(read), np.array(written)
    some, begun = read[:ROWS], np.maximum(written[:ROWS, :STEPS], 3)  # as if each word went on, so that no timestep is padding
    logits = answer(model, [np.concatenate([some, np.roll(some, 1, axis=0)]), np.concatenate([begun, begun])], name)
    shape(logits, (2 * len(some), begun.shape[1], symbols), f"the output of {name}")
    logits, elsewhere = np.split(as_array(logits), 2)
    if not np.isfinite(logits).all():
        raise CheckFailed(f"{name} gives NaN or infinity", hint="Training diverged. Lower the learning rate, or clip gradients with clipnorm=1.0.")
    if np.allclose(logits, elsewhere, atol=1e-6):
        raise CheckFailed(
            f"{name} says the same whatever it reads",
            hint="Nothing of the input to read reaches the output: the decoder begins from zeros unless initial_state=… hands it the final state of an encoder that read it.",
        )
    _made_of(model, cell, name)
    if lookup and not any(is_a(layer, keras.layers.Attention, keras.layers.MultiHeadAttention) for layer in inner_layers(model)):
        raise CheckFailed(f"there is no attention layer in {name}", hint="The state is still all that passes: let the decoder look at the encoder's outputs.")
    _logits(model, logits, name)
    ignores_padding(lambda x: logits if x.shape == some.shape else answer(model, [x, begun]), some, f"{name}'s encoder", amount=2)
    _causal(model, some, begun, logits, symbols, name)
    if weights is not None and model.count_params() > weights:
        raise CheckFailed(
            f"{name} has too many weights",
            hint="Lesson 2 counts them: three slices a GRU, four an LSTM, each with the units squared in it. Fewer units, or a layer with fewer slices.",
            expected=f"at most {weights:,}",
            actual=f"{model.count_params():,}",
        )
    _shifted(model, read, written, name)


def _causal(model, some, begun, logits, symbols: int, name: str) -> None:
    def says(so_far):
        so_far = np.clip(np.abs(so_far), 3, symbols - 1)
        return logits if np.array_equal(so_far, begun) else answer(model, [np.tile(some, (len(so_far) // len(some), 1)), so_far])

    causal(says, begun, f"{name}'s decoder", together=True)


def _made_of(model, cell, name) -> None:
    found = [layer for layer in inner_layers(model) if is_a(layer, keras.layers.RNN)]
    if cell is not None and (len(found) != 2 or not all(is_a(layer, cell) for layer in found)):
        wrong = next((kind(layer).__name__ for layer in found if not is_a(layer, cell)), None)
        hint = f"Both of its recurrent layers are to be of the class {cell.__name__}." if wrong else "One recurrent layer reads and one writes."
        raise CheckFailed(
            f"{name} has other recurrent layers than are asked",
            hint=hint,
            expected=f"{cell.__name__}, {cell.__name__}",
            actual=", ".join(kind(layer).__name__ for layer in found) or "none",
        )


def _logits(model, logits, name) -> None:
    """Probabilities sum to one over the symbols, and nothing that is trained on logits does."""
    takes = _from_logits(model)
    if logits.min() >= 0 and np.allclose(logits.sum(-1), 1, atol=1e-3):
        also = " With from_logits=True in the loss a softmax is taken twice, and little is learned." if takes else ""
        raise CheckFailed(f"{name} gives probabilities, and logits are asked", hint=f"The last layer has a softmax: leave its activation out.{also}")
    if takes is False:
        raise CheckFailed(
            f"the loss of {name} takes logits for probabilities",
            hint="The loss is told nothing of logits: SparseCategoricalCrossentropy(from_logits=True).",
        )


def _from_logits(model) -> bool | None:
    """Whether the model's cross-entropy expects logits; None where that cannot be told."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, str):
        return False if "crossentropy" in loss else None
    try:
        return bool(loss.get_config()["from_logits"])
    except Exception:  # no loss, one of the student's own, one without logits
        return None


def _shifted(model, read, written, name) -> None:
    read, written = read[:MANY], written[:MANY, :STEPS]
    guesses = as_array(answer(model, [read, written], name)).argmax(axis=-1)
    symbols = written > 2
    if np.mean((guesses == written)[symbols]) > 0.5:
        raise CheckFailed(f"{name} repeats what it reads", hint="In training the target equalled the input: it learned to copy. Shift, so that it is asked for what comes next.")

"""A trained encoder-decoder taken apart: an encoder and a step model that together say what the whole says."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import as_array, text
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.shapes import shape, states
from grader.checks.values import close

RTOL, ATOL = 1e-4, 1e-4
READ = 4  # timesteps of what is read: each costs


def takes_steps(fn, model, timesteps: int = 1, padding: int = 0, batch: int = 3, seed: int = 0) -> None:
    """`fn(model)` must give (encoder, step): [h, c] of what is read, and [token, h, c] -> [logits, h, c], with the model's own weights.

    model: [what is read, what is written] -> logits (batch, timesteps, symbols), with an LSTM "decoder"; its weights are
    replaced by larger ones. timesteps: how many steps are compared with the whole. padding: of the four timesteps that are read.
    Raises CheckFailed: names weights of their own, inputs too many or in another order, a start from zeros, states that are swapped, doubled or stand still.
    """
    random, name = np.random.default_rng(seed), getattr(fn, "__name__", "the function")
    model.set_weights([random.normal(scale=0.6, size=weight.shape) for weight in model.get_weights()])
    vocabulary, symbols, units = model.get_layer("read").input_dim, model.get_layer("write").input_dim, model.get_layer("decoder").units
    read = random.integers(1, vocabulary, size=(batch, READ)).astype("int32")
    read[:, READ - padding :] = 0
    written = random.integers(1, symbols, size=(batch, max(timesteps, 2))).astype("int32")
    whole = as_array(model([read, written]))

    encoder, step = _two_models(call(fn, model, name=name), name)
    for part, what in ((encoder, "encoder"), (step, "step model")):
        _shares(part, model, what)
    found = call(encoder, read, name="the encoder")
    states(found, "LSTM", batch=batch, units=units, name="what the encoder returns")
    if np.allclose(found[0], found[1]):
        raise CheckFailed("the encoder returns one tensor twice", hint="That is h twice: unpack output, h, c.")
    now, before = list(found), None
    for t in range(timesteps):
        token = written[:, t : t + 1]
        logits, *after = _step(step, token, now)
        if as_array(logits).dtype.kind in "iu":
            raise CheckFailed("a step returns whole numbers where logits are asked", hint="Was a symbol chosen already? All logits are asked; whoever calls the step chooses.")
        shape(logits, (batch, 1, symbols), "the logits of a step")
        states(after, "LSTM", batch=batch, units=units, name="what the step model returns after the logits")
        right = whole[:, t : t + 1]
        if not np.allclose(logits, right, rtol=RTOL, atol=ATOL):
            hint = _why(lambda *given, token=token: as_array(_step(step, token, given)[0]), now, before, right)
            what = "the logits of the first step" if t == 0 else "the logits of a later step"
            close(logits, right, f"{what}, which must be those of the whole model,", RTOL, ATOL, {hint: logits} if hint else None)
        now, before = after, now


def _why(say, now, before, right) -> str | None:
    """The cause of wrong logits, found by giving the step what it should have been given. say(h, c) -> logits."""

    def is_right(*given) -> bool:
        return bool(np.allclose(say(*given), right, rtol=RTOL, atol=ATOL))

    if np.allclose(say(*now), say(*(0 * as_array(state) for state in now)), atol=1e-6):
        return "The step began from zeros: it takes no notice of h and c. initial_state=…"
    for place, letter in enumerate("hc"):
        if np.allclose(say(*now), say(*(0 * as_array(state) if place == number else state for number, state in enumerate(now))), atol=1e-6):
            return f"The step takes no notice of the {letter} that it is given: initial_state=[h, c]."
    if before is None:
        return "c comes first: the encoder's h and c are swapped, or the step takes them the other way round." if is_right(*now[::-1]) else None
    if all(np.allclose(one, other) for one, other in zip(before, now, strict=True)):
        return "The step model returns the states that it was given, not the new ones."
    if np.allclose(now[0], now[1]):
        return "The step model returns one of its new states twice: it is logits, h, c."
    if is_right(*now[::-1]):
        return "The step model returns c before h: its outputs are logits, h, c."
    return None


def _two_models(result, name: str) -> tuple:
    if result is None:
        raise CheckFailed(f"`{name}` returns nothing", hint=NOTHING_RETURNED)
    if not isinstance(result, (list, tuple)) or len(result) != 2:
        raise CheckFailed(f"`{name}` must return two models", hint="Two are asked: return encoder, step.", actual=text(result))
    for part, what in zip(result, ("the encoder", "the step model"), strict=True):
        if not isinstance(part, keras.Model):
            raise CheckFailed(f"{what} is not a Keras model", hint="keras.Model(inputs, outputs) makes one of the symbolic tensors.", actual=text(part))
    takes = [len(part.inputs) if isinstance(getattr(part, "inputs", None), (list, tuple)) else 0 for part in result]
    if takes == [3, 1]:
        raise CheckFailed(f"`{name}` returns its two models in the other order", hint="The encoder comes first: return encoder, step.")
    if takes[0] > 1:
        hint = "The encoder is given what is to be read, and nothing else: a model of the one input, model.inputs[0] or a new keras.Input."
        raise CheckFailed("the encoder has another number of inputs than one", hint=hint, actual=str(takes[0]))
    return tuple(result)


def _shares(part, model, what: str) -> None:
    known = [weight.tobytes() for weight in model.get_weights()]
    if not all(weight.tobytes() in known for weight in part.get_weights()):
        raise CheckFailed(
            f"the {what} has not the trained weights",
            hint="It has weights of its own. Call the trained layers on new inputs: model.get_layer(…).",
        )


def _runs(step, given) -> bool:
    try:
        call(step, given, name="the step model")
    except CheckFailed:
        return False
    return True


def _step(step, token, now) -> list:
    given = [keras.ops.convert_to_tensor(token), *(keras.ops.convert_to_tensor(as_array(state)) for state in now)]
    try:
        result = call(step, given, name="the step model")
    except CheckFailed as failed:
        if any(_runs(step, other) for other in ([*given[1:], given[0]], [given[1], given[0], given[2]])):
            failed.hint = "The step model takes its inputs in another order than [token, h, c]."
        raise
    if not isinstance(result, (list, tuple)) or len(result) != 3:
        raise CheckFailed("the step model returns another number of things", hint="Three are asked: [logits, h, c].", actual=text(result))
    return list(result)

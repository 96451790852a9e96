"""A scan in few rounds: a function that gets an unknown combination is watched as it uses it."""

from __future__ import annotations

import keras
import numpy as np

from grader.checks.calls import call
from grader.checks.describe import shape_text, text
from grader.checks.differing import Tolerance, difference
from grader.checks.failure import NOTHING_RETURNED, CheckFailed
from grader.checks.kinds import is_a, place
from grader.checks.models import inner_layers
from grader.checks.plainly import plain
from grader.checks.training import require_model


def scans(fn, timesteps: tuple[int, ...] = (8, 6), batch: int = 2, units: int = 3, seed: int = 0) -> None:
    """`fn(merge, (a, b))` must combine each place with all before it, in order, in at most ceil(log2(timesteps)) calls of `merge`.

    a, b: arrays (batch, timesteps, units). The combinations are three that are associative, and what changes nothing is another in each:
    "the last press counts", whose order matters, a product, and a sum. What came out is asked for the law of every scan: a place is
    the place before it, combined with its own step.
    Raises CheckFailed; hints are of what the calls were given and of what came out.
    """
    name = getattr(fn, "__name__", "the function")
    for length in timesteps:
        random = np.random.default_rng(seed + length)
        pressed = (random.random((batch, length, units)) < 0.6).astype("float64")
        pressed[:, 0], pressed[:, 1:2] = 1, 1
        steps = pressed, np.where(pressed > 0, random.normal(size=pressed.shape), 0)
        watches = [_Watched(rule, length) for rule in (_last_press, _product, _sum)]
        for watched in watches:
            result = call(fn, watched, tuple(part.copy() for part in steps), name=name)
            if watched.fault:
                raise CheckFailed(f"`{name}` gives `merge` something else than it should", hint=watched.fault, actual=watched.seen)
            _ask(_pair(result, steps, name), steps, watched, name)
        _count(watches[-1], length, name)


def loop_free(model, name: str = "the model") -> None:
    """No layer of Keras that reads in a loop may stand in `model`. Raises CheckFailed that says which, also for what is no model."""
    require_model(model)
    for layer in inner_layers(model):
        if is_a(layer, keras.layers.RNN, keras.layers.Bidirectional):
            raise CheckFailed(f"{place(model, layer)}, reads in a loop", hint="A layer without a loop is asked here: MinGRU.")


def _last_press(first, then):
    """Pairs (pressed, value): what was pressed later counts, and nothing pressed changes nothing."""
    return np.maximum(first[0], then[0]), np.where(then[0] > 0, then[1], first[1])


def _product(first, then):
    return tuple(one * other for one, other in zip(first, then, strict=True))


def _sum(first, then):
    return tuple(one + other for one, other in zip(first, then, strict=True))


def _ask(found, steps, watched, name: str) -> None:
    if not watched.calls and watched.most:
        raise CheckFailed(f"`{name}` never calls `merge`", hint="It is an argument: what two steps make of each other, only it knows.")
    if not _is_scan(found, steps, watched.rule):
        right = _walked(steps, watched.rule)
        part = 0 if np.allclose(found[1], right[1], atol=1e-6) else 1
        wrong = difference(found[part], right[part], Tolerance(atol=1e-5))
        raise CheckFailed(
            f"`{name}` gives a wrong result",
            hint=_slip(found, steps, watched),
            where=f"in {'ab'[part]}" + (f", {wrong.where}" if wrong and wrong.where else ""),
            expected=text(right[part]),
            actual=text(found[part]),
        )


def _count(watched, timesteps: int, name: str) -> None:
    """What is right may still take too many calls."""
    if watched.calls > watched.most:
        hint = (
            "The result is right, and it is a loop: one call for each timestep. Let all places meet at once, and double how far apart they stand."
            if watched.calls >= timesteps - 1
            else "The result is right, with more rounds than there need be: each round doubles how far a place reaches back."
        )
        raise CheckFailed(
            f"`{name}` calls `merge` more often than it need",
            hint=hint,
            expected=f"at most {watched.most} calls for {timesteps} timesteps",
            actual=f"{watched.calls}",
        )


def _is_scan(found, steps, rule) -> bool:
    """The law: the first place is the first step, and each other place is the one before it combined with its own step."""
    grown = rule(tuple(part[:, :-1] for part in found), tuple(part[:, 1:] for part in steps))
    return all(
        np.allclose(part[:, :1], step[:, :1], atol=1e-6) and np.allclose(part[:, 1:], right, atol=1e-6)
        for part, step, right in zip(found, steps, grown, strict=True)
    )


def _walked(steps, rule):
    """The scan, one timestep after the other."""
    done = [tuple(part[:, :1] for part in steps)]
    for t in range(1, steps[0].shape[1]):
        done.append(rule(done[-1], tuple(part[:, t : t + 1] for part in steps)))
    return tuple(np.concatenate(parts, axis=1) for parts in zip(*done, strict=True))


def _after(fars, t: int, steps, rule):
    """Place t after rounds that reach so many places back, one after the other."""
    if not fars:
        return tuple(part[:, t] for part in steps)
    *earlier, far = fars
    here = _after(earlier, t, steps, rule)
    return rule(_after(earlier, t - far, steps, rule), here) if t >= far else here


def _slip(found, steps, watched) -> str | None:
    """Why a result is no scan, where it is what a known slip gives."""
    rule = watched.rule
    for axis, words in ((0, "the sequences of the batch"), (2, "the units")):
        if _is_scan(*(tuple(np.swapaxes(part, axis, 1) for part in parts) for parts in (found, steps)), rule):
            return f"It merges along axis {axis}, {words}, which know nothing of each other: the timesteps are axis 1."
    fars = range(1, watched.calls + 1) if watched.calls > 2 else ()  # two rounds reach 1 and 2 back either way
    if fars and all(np.allclose(part[:, t], one, atol=1e-6) for t in range(found[0].shape[1]) for part, one in zip(found, _after(fars, t, steps, rule), strict=True)):
        return "The rounds reach 1, 2, 3, … places back. Each doubles how far the one before it reached."
    turned = tuple(part[:, ::-1] for part in found)
    if all(np.allclose(part, step) for part, step in zip(found, steps, strict=True)):
        return "The steps come back as they were: what `merge` returns is not used."
    if _is_scan(found, steps, lambda first, then: rule(then, first)):
        return "The order is turned round: the earlier of two steps is the first argument."
    if _is_scan(turned, tuple(part[:, ::-1] for part in steps), lambda first, then: rule(then, first)):
        return "It combines each place with those after it; the past is asked."
    if watched.calls < watched.most:
        return "There are too few rounds: the last places do not reach back to the first step."
    if all(np.allclose(part[:, 0], step[:, 0]) for part, step in zip(found, steps, strict=True)):
        return None
    return "The first place has nothing before it and keeps its step, as it is: nothing is known of `merge` that could stand in for a step before the first."


def _pair(result, steps, name: str) -> tuple[np.ndarray, np.ndarray]:
    result = plain(result)
    if result is None:
        raise CheckFailed(f"`{name}` returns nothing", hint=NOTHING_RETURNED)
    if not isinstance(result, (list, tuple)) or len(result) != 2:
        raise CheckFailed(f"`{name}` must return a pair", hint="Both parts are asked: (a, b), as they went in.", actual=text(result))
    wanted = steps[0].shape
    for part in result:
        if not isinstance(part, np.ndarray) or part.shape != wanted:
            hint = "Each place keeps its result; none is dropped, and none added."
            shape = shape_text(part.shape) if isinstance(part, np.ndarray) else text(part)
            raise CheckFailed(f"the result of `{name}` has another shape than the steps", hint=hint, expected=shape_text(wanted), actual=shape)
    return tuple(np.asarray(part, "float64") for part in result)


class _Watched:
    """A combination that counts its calls and notes what it was given."""

    def __init__(self, rule, timesteps: int):
        self.rule, self.calls, self.fault, self.seen = rule, 0, None, None
        self.most = int(np.ceil(np.log2(timesteps))) if timesteps > 1 else 0

    def __call__(self, first, then):
        self.calls += 1
        pairs = plain(first), plain(then)
        if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
            self._note("It takes two pairs: merge((a, b) of what comes first, (a, b) of what comes then).", first)
            return first
        parts = [np.asarray(part) for pair in pairs for part in pair]
        if len({part.shape for part in parts}) > 1:
            self._note("All four arrays have one shape: cut both sides so that each place meets the one that stands before it.", [part.shape for part in parts])
            return first
        return self.rule(*((pair[0], pair[1]) for pair in (parts[:2], parts[2:])))

    def _note(self, words: str, seen) -> None:
        if self.fault is None:
            self.fault, self.seen = words, text(seen)

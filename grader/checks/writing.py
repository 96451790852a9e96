"""Whether a function writes with a stateful model: each choice is made of the logits that a full pass over the text so far gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import keras
import numpy as np
from keras import layers

from grader.checks.calls import call
from grader.checks.describe import as_array
from grader.checks.failure import CheckFailed
from grader.checks.plainly import plain
from grader.checks.shapes import shape
from grader.checks.unrolling import at_once

RULES = {"likeliest": -1, "runner-up": -2}  # places in the order of the logits
LONGEST = 64  # of a text that is read to explain a mistake


def writes(fn: Callable, prompts: list[list[int]], length: int, size: int = 7, units: int = 12, seed: int = 1, rule: str = "likeliest") -> None:
    """`fn(writer, prompts, length, choose)` must continue each prompt by `length` codes, int (prompts, length).

    writer: a stateful Sequential model of Embedding, GRU and Dense for a batch of one, codes (1, timesteps) -> logits
    (1, timesteps, size), untrained and sure of itself. choose: takes the logits of the next code, (size,), and returns a
    code by `rule`, "likeliest" or "runner-up". What was written is held against a model without a memory, which reads all
    that stands before each code in one pass; nothing here writes.
    Raises CheckFailed that says what the function had read instead.
    """
    weights = _weights(size, units, seed)
    asked: list[np.ndarray] = []

    def choose(logits):
        asked.append(np.array(logits, "float64").reshape(-1))
        return int(np.argsort(asked[-1])[RULES[rule]])

    name = getattr(fn, "__name__", "the function")
    rows = plain(call(fn, _writer(size, units, weights), [list(prompt) for prompt in prompts], length, choose, name=name))
    rows = np.asarray(rows) if isinstance(rows, list) and len({np.shape(row) for row in rows}) == 1 else rows
    shape(rows, (len(prompts), length), "the codes that come back: the new ones of each prompt,")
    if not asked:
        raise CheckFailed(f"`{name}` never asks `choose`", hint="Ask `choose` for each new character; how it is chosen is not this function's business.")
    page, right = _Page(units, weights), []
    through = page.through([*prompt, *np.clip(row[:-1], 0, size - 1).tolist()] for prompt, row in zip(prompts, rows, strict=True))
    for number, prompt in enumerate(prompts):
        for place in range(length):
            logits = through[number][len(prompt) + place - 1]  # one pass: what comes after a code changes nothing before it
            if int(rows[number, place]) != int(np.argsort(logits)[RULES[rule]]):
                raise CheckFailed(
                    f"`{name}` goes wrong in what it writes",
                    hint=_in_front(rows[number], prompt) or _what_was_read(page, asked, rows, prompts, number, place),
                    where=f"prompt {number}, new code {place}",
                    expected="the choice from the logits of a full pass over the prompt and all that was written",
                )
            right.append(logits)
    if len(asked) != len(prompts) * length:
        raise CheckFailed(f"`{name}` asks `choose` another number of times", hint="`choose` is asked once for each new code.", expected=str(len(prompts) * length), actual=str(len(asked)))
    for turn, (heard, logits) in enumerate(zip(asked, right, strict=True)):
        if heard.shape != logits.shape or not np.allclose(heard, logits, atol=1e-2):
            read = _what_was_read(page, asked, rows, prompts, *divmod(turn, length)) if heard.shape == logits.shape else None
            raise CheckFailed(f"`{name}` asks `choose` with something else than the logits", hint=read or _instead(heard, logits))


def _what_was_read(page: _Page, asked, rows, prompts, number: int, place: int) -> str | None:
    """Which text gives the logits that `choose` was asked with."""
    turn = number * rows.shape[1] + place
    if turn >= len(asked) or any(heard.shape != page.bias.shape for heard in asked):
        return None
    heard, prompt, written = asked[turn], list(prompts[number]), rows[number, :place].tolist()
    begun = place > 0 and np.allclose(asked[turn - place], page.through([prompt])[0][-1], atol=1e-3)  # the prompt itself was read
    before = [code for row in range(number) for code in [*prompts[row], *rows[row, :-1].tolist()]]
    left_over = "The state of the text before is still there: reset_state() before each prompt."
    readings = {
        "Each choice is made of the prompt alone: feed your choice back.": prompt if place else [],
        "Only the last code of the prompt was read.": [*prompt[-1:], *written],
        "The prompt's last code is read twice: the logits after the prompt are those of the first new code.": [*prompt, *prompt[-1:], *written],
        "The prompt's last code is read again and again: feed your choice back.": [*prompt, *prompt[-1:] * place] if place else [],
        "Those are the logits after the first code that was read. The next character's stand at the last timestep.": prompt[:1] if len(prompt) > 1 and not place else [],
        "The model remembers: feed it the new code only, not the whole text again.": [code for end in range(place + 1) for code in [*prompt, *written[:end]]],
        left_over: [*before, *prompt, *written],
        "The prompt was not read: what is written begins from nothing.": [] if begun else written or [0],
        "The state is reset between codes, so that only the newest is known.": written[-1:] or prompt,
        "`choose` is asked with the right logits, and its answer is not what is written.": [*prompt, *written],
    }
    last = [*before, *rows[number - 1, -1:].tolist(), *prompt, *written] if number else []
    texts = [(left_over, last), *((words, text) for words, text in readings.items())]
    texts = [(words, text) for words, text in texts if text and len(text) <= LONGEST]
    after = [logits[-1] for logits in page.through(text for _, text in texts)]
    if last and texts[0][1] is last and np.allclose(after[0], heard, atol=1e-3):
        return left_over
    off = {words: np.abs(logits - heard).max() for (words, text), logits in zip(texts, after, strict=True) if text is not last}
    nearest = min(off, key=off.get)  # a reading that forgot its beginning comes near another
    return nearest if off[nearest] < 1e-3 else None


def _instead(heard, logits) -> str:
    softmax = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    taken = heard.shape == softmax.shape and np.allclose(heard, softmax, atol=1e-3)
    return "These are probabilities: a softmax was taken. `choose` takes the logits as the model gives them." if taken else (
        "`choose` takes the logits of the next character as the model gives them, float (symbols,).")


def _in_front(row, prompt) -> str | None:
    return "The prompt's own codes stand in front. Return the new ones." if row[: len(prompt)].tolist() == list(prompt)[: len(row)] else None


class _Page:
    """The writer's layers without a memory between calls. What stands after a text changes nothing before its end."""

    def __init__(self, units: int, weights: list):
        self.table, *gru, self.kernel, self.bias = weights
        self.gru = layers.GRU(units, return_sequences=True, recurrent_initializer="zeros")  # the default takes as long as a page
        self.gru.build((None, None, self.table.shape[1]))
        self.gru.set_weights(gru)

    def through(self, texts: Iterable[list[int]]) -> list[np.ndarray]:
        """Read all `texts` in one batch: of each, the logits for what follows each of its codes, (len(text), size)."""
        texts = list(texts)
        codes = np.zeros((len(texts), max(map(len, texts))), "int32")
        for row, text in zip(codes, texts, strict=True):
            row[: len(text)] = text
        with at_once(self.gru):
            logits = as_array(self.gru(self.table[codes])).astype("float64") @ self.kernel + self.bias
        return [read[: len(text)] for read, text in zip(logits, texts, strict=True)]


def _weights(size: int, units: int, seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    shapes = [(size, 8), (8, 3 * units), (units, 3 * units), (2, 3 * units), (units, size), (size,)]
    return [random.normal(scale=1.2, size=each).astype("float32") for each in shapes]


def _writer(size: int, units: int, weights: list) -> keras.Sequential:
    writer = keras.Sequential([
        keras.Input((None,), batch_size=1, dtype="int32"),
        layers.Embedding(size, 8),
        layers.GRU(units, return_sequences=True, stateful=True, recurrent_initializer="zeros"),
        layers.Dense(size),
    ])  # fmt: skip
    writer.set_weights(weights)
    return writer

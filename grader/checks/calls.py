"""Run a student's function; say what its exception means."""

from __future__ import annotations

import linecache
import re
import traceback

from grader.checks.failure import CheckFailed

# What learners meet, and what it means. The first pattern that matches speaks.
MEANINGS = [
    (
        r"expected ndim=3, found ndim=2",
        "A recurrent layer wants (batch, timesteps, features). Add the feature axis, x[..., np.newaxis], "
        "or, after another recurrent layer, give that one return_sequences=True.",
    ),
    (
        r"expects 1 input\(s\), but it received [234] input tensors",
        "return_state=True makes a layer return its output and its states. "
        "Unpack them (output, h, c = ... for an LSTM; output, h = ... for a GRU); Sequential cannot.",
    ),
    (
        r"RNN\.call\(\)[\s\S]*values to unpack",
        "A cell returns its output and a list of its new states: return h, [h].",
    ),
    (
        r"too many values to unpack|not enough values to unpack",
        "Count what the layer returns: with return_state=True an LSTM returns output, h, c; a GRU or SimpleRNN output, h.",
    ),
    (
        r"could not broadcast|operands could not be broadcast|shapes .* not aligned|mismatch in its core dimension"
        r"|Incompatible shapes|Matrix size-incompatible",
        "Two shapes do not fit. Print the shapes on that line and compare them with the docstring.",
    ),
    (r"is not in list", "list.index fails for what is not in the list. Ask `in` first, or use a dictionary's get."),
    (r"name '\w+' is not defined", "A name is used before it exists. Restart the kernel and run all cells from the top."),
    (
        r"missing \d+ required positional argument|takes \d+ positional argument|unexpected keyword argument",
        "The function's arguments differ from the stub's. Keep the signature as it was given.",
    ),
    (
        r"inhomogeneous shape",
        "The rows have different lengths, so they make no array. Pad them to one length first.",
    ),
    (
        r"[Cc]ould not interpret (loss|optimizer|metric|activation|initializer)|Unknown loss",
        "That name is misspelt. keras.io lists the names: 'sparse_categorical_crossentropy', 'mse', 'adam' and so on.",
    ),
    (
        r"Received a label value of -?\d+ which is outside the valid range|outside the valid range of \[0, ",
        "The last Dense layer has fewer units than there are classes.",
    ),
]


def call(fn, *args, name: str | None = None, **kwargs):
    """Return `fn(*args, **kwargs)`; an exception in it becomes a `CheckFailed` that explains.

    Raises CheckFailed if `fn` is missing, is not callable, is still the stub, or raises.
    A `CheckFailed` raised inside (by a check that the student uses) passes through.
    """
    name = name or getattr(fn, "__name__", None) or "the function"
    if not callable(fn):
        raise CheckFailed(
            f"`{name}` is not a function",
            hint="Run the cell that defines it, and keep the name that the stub had.",
            actual=type(fn).__name__,
        )
    try:
        return fn(*args, **kwargs)
    except CheckFailed:
        raise
    except NotImplementedError:
        raise CheckFailed(
            f"`{name}` is not written yet",
            hint="Replace `raise NotImplementedError` with your code, run that cell, then run this one again.",
        ) from None
    except RecursionError as error:
        raise CheckFailed(
            f"`{name}` calls itself without end", hint="A recursive call needs a case that stops.", actual=_where(error, fn)
        ) from None
    except (Exception, SystemExit) as error:
        raise CheckFailed(f"`{name}` raised {type(error).__name__}", hint=meaning(error), actual=_where(error, fn)) from error


def meaning(error: BaseException) -> str | None:
    """What an exception means in the words of the course, or None."""
    message = str(error)
    return next((words for pattern, words in MEANINGS if re.search(pattern, message)), None)


def _where(error: BaseException, fn) -> str:
    """The exception's message, and the last line of the student's own code that it came through."""
    message = f"{type(error).__name__}: {_shorten(str(error))}"
    home = getattr(getattr(fn, "__code__", None), "co_filename", None)
    if isinstance(fn, type):
        home = getattr(getattr(fn.__init__, "__code__", None), "co_filename", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == home]
    if frames:
        line = (frames[-1].line or linecache.getline(home, frames[-1].lineno)).strip()
        if line:
            message += f"\nat the line: {line}"
    return message


def _shorten(message: str) -> str:
    """The first lines of an exception's message; Keras adds a page of arguments after an empty line."""
    head = message.strip().split("\n\n")[0]
    return head if len(head) <= 400 else head[:399] + "…"

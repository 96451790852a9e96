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
        r"could not broadcast|operands could not be broadcast|shapes .* not aligned|mismatch in its core dimension"
        r"|Incompatible shapes|Matrix size-incompatible",
        "Two shapes do not fit. Print the shapes on that line and compare them with the docstring.",
    ),
    (r"is not in list", "list.index fails for what is not in the list. Ask `in` first, or use a dictionary's get."),
    (r"name '\w+' is not defined", "A name is used before it exists. Restart the kernel and run all cells from the top."),
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

UNPACKING = r"too many values to unpack|not enough values to unpack"
STATES = "Count what the layer returns: with return_state=True an LSTM returns output, h, c; a GRU or SimpleRNN output, h."
NAMES = "The right side has another number of values than there are names on the left."
ARGUMENTS = r"missing \d+ required (positional|keyword-only) argument|takes .*positional argument|unexpected keyword argument"
SIGNATURE = "The function's arguments differ from the stub's. Keep the signature as it was given."


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
    except NotImplementedError as error:
        if not _is_stub(error):
            raise _raised(name, error, fn) from error
        raise CheckFailed(
            f"`{name}` is not written yet",
            hint="Replace `raise NotImplementedError` with your code, run that cell, then run this one again.",
        ) from None
    except RecursionError as error:
        raise CheckFailed(
            f"`{name}` calls itself without end", hint="A recursive call needs a case that stops.", actual=_where(error, fn)
        ) from None
    except (Exception, SystemExit) as error:
        raise _raised(name, error, fn) from error


def meaning(error: BaseException, fn=None) -> str | None:
    """What an exception, raised under `fn`, means in the words of the course, or None."""
    message = str(error)
    words = next((words for pattern, words in MEANINGS if re.search(pattern, message)), None)
    if words is None and re.search(UNPACKING, message):
        return STATES if _unpacks_tensors(error) else NAMES
    if words is None and re.search(ARGUMENTS, message) and _own_name(fn) in message:
        return SIGNATURE
    return words


def _own_name(fn) -> str:
    """How Python's messages name `fn`."""
    name = getattr(fn, "__name__", "")
    return f"{name}.__init__()" if isinstance(fn, type) else f"{name}()"


def _raised(name: str, error: BaseException, fn) -> CheckFailed:
    return CheckFailed(f"`{name}` raised {type(error).__name__}", hint=meaning(error, fn), actual=_where(error, fn))


def _is_stub(error: NotImplementedError) -> bool:
    """A stub raises it in its own line, outside any library. Its message tells nothing: Keras adds one when it calls a layer's stub."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return not re.search(r"(site|dist)-packages", last.filename) and (not last.line or "raise" in last.line)


def _unpacks_tensors(error: BaseException) -> bool:
    """Whether Keras made what could not be unpacked: the error passed through it, or its line unpacks a layer's result."""
    import keras

    frames = list(traceback.walk_tb(error.__traceback__))
    if any("/keras/src/" in frame.f_code.co_filename.replace("\\", "/") for frame, _ in frames):
        return True
    frame, number = frames[-1]
    right = linecache.getline(frame.f_code.co_filename, number).partition("=")[2].strip()
    names = {**frame.f_globals, **frame.f_locals}
    if right.isidentifier():
        value = names.get(right)
        return any(map(keras.ops.is_tensor, value if isinstance(value, (list, tuple)) else [value]))
    called = [_look_up(words, names) for words in re.findall(r"([A-Za-z_][\w.]*)\(", right)]
    called = [getattr(value, "__self__", value) for value in called]
    return any(issubclass(value if isinstance(value, type) else type(value), keras.layers.Layer) for value in called)


def _look_up(dotted: str, names: dict):
    """What `layers.LSTM` or `self.lstm` means where `names` are known; None if it means nothing there."""
    first, *rest = dotted.split(".")
    value = names.get(first)
    for attribute in rest:
        value = getattr(value, attribute, None)
    return value


def _where(error: BaseException, fn) -> str:
    """The exception's message, and the last line of the student's own code that it came through."""
    message = f"{type(error).__name__}: {_shorten(str(error))}"
    home = _home(fn)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == home]
    if frames:
        line = (frames[-1].line or linecache.getline(home, frames[-1].lineno)).strip()
        if line:
            message += f"\nat the line: {line}"
    return message


def _home(fn) -> str | None:
    """The file, or notebook cell, that `fn` is written in."""
    maker = fn.__init__ if isinstance(fn, type) else fn
    return getattr(getattr(maker, "__code__", None), "co_filename", None)


def _shorten(message: str) -> str:
    """The first lines of an exception's message; Keras adds a page of arguments after an empty line."""
    head = message.strip().split("\n\n")[0]
    return head if len(head) <= 400 else head[:399] + "…"

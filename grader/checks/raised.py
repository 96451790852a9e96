"""What an exception in a student's function means: facts from where it ran, words for where it is read.

When a submission is graded, the function runs in one process and the check in another. The facts
are all that is carried between them; `explain` makes the same words of them in either place.
"""

from __future__ import annotations

import builtins
import linecache
import re
import sys
import traceback
from dataclasses import dataclass

from grader.checks.failure import CheckFailed

# What learners meet, and what it means. The first pattern that matches speaks.
MEANINGS = {
    "feature axis": (
        r"expected ndim=3, found ndim=2",
        "A recurrent layer wants (batch, timesteps, features). Add the feature axis, x[..., np.newaxis], "
        "or, after another recurrent layer, give that one return_sequences=True.",
    ),
    "states in a stack": (
        r"expects 1 input\(s\), but it received [234] input tensors",
        "return_state=True makes a layer return its output and its states. "
        "Unpack them (output, h, c = ... for an LSTM; output, h = ... for a GRU); Sequential cannot.",
    ),
    "static batch": (
        r"batch size must be static",
        "A stateful layer keeps a state for each row, so it must know how many rows a batch has: keras.Input(shape, batch_size=...).",
    ),
    "another batch": (
        r"If an RNN is stateful, the batch size of the input",
        "A stateful layer takes only batches of the size that it began with. Cut the stream into batches of that size, "
        "or build the model again for another size and move the weights.",
    ),
    "rows": (  # which operation notices first differs from run to run: one in the loop, or the loss
        r"Graph execution error[\s\S]*(/while/[\s\S]*Incompatible shapes|Incompatible shapes: \[(?P<rows>\d+)(?P<rest>(,\d+)+)\] vs\. "
        r"\[(?!(?P=rows),)\d+(?P=rest)\])",
        "The batch has another number of rows than the state that a layer kept. A stateful layer needs its own "
        "batch_size in fit, evaluate and predict, and a number of samples that it divides.",
    ),
    "reset": (
        r"has no attribute 'reset_states?'",
        "A Keras 3 model has no reset, and neither has a layer that keeps no state. "
        "Call layer.reset_state() on each recurrent layer.",
    ),
    "backend": (
        r"is trained on TensorFlow only|modified by an inplace operation|backward through the graph a second time",
        "TensorFlow only: on JAX and PyTorch, Keras does not carry the state of a stateful layer through fit. "
        "Set KERAS_BACKEND=tensorflow before Keras is imported.",
    ),
    "merge mode": (
        r"Invalid merge mode",
        "merge_mode is 'concat', 'sum', 'mul', 'ave' or None. The average is spelt 'ave'.",
    ),
    "directions": (
        r"Forward layer and backward layer",
        "In Bidirectional the two directions must agree: the same return_sequences, return_state and stateful, "
        "and go_backwards=True in backward_layer only.",
    ),
    "states of an LSTM": (
        r"Too few leaves for PyTreeSpec; expected: 4, got: 2",
        "An LSTM takes two states, h and c. A bidirectional one hands over four: lay the two h side by side, "
        "and the two c, for a layer of 2 · units.",
    ),
    "one state": (
        r"calling LSTM\.call\(\)[\s\S]*list index out of range",
        "An LSTM has two states, h and c: initial_state=[h, c]. With one alone the model builds, and fails when data flows.",
    ),
    "output as a state": (
        r"Too few leaves for PyTreeSpec; expected: 3, got: 2",
        "An LSTM takes two states, h and c. What return_state=True returns first is the output: output, h, c = ...",
    ),
    "cell": (
        r"RNN\.call\(\)[\s\S]*values to unpack",
        "A cell returns its output and a list of its new states: return h, [h].",
    ),
    "list of states": (
        r"unsupported operand type\(s\) for [^\n]*'list'|can't multiply sequence by non-int of type|'list' object has no attribute '(shape|dtype)'",
        "One side of that operation is a list, which has no arithmetic of its own: take a thing out of it, or make an array of it. "
        "(A cell gets its states as a list, also a single one: states[0] is the tensor.)",
    ),
    "zero": (
        r"division by zero|divide by zero|float modulo",
        "A number is divided by zero. Which argument may be 0, and what is asked then?",
    ),
    "unwatched": (
        r"'NoneType' object is not subscriptable|'NoneType' object has no attribute 'numpy'|unsupported operand type\(s\) for [^\n]*'NoneType'",
        "Something is None. A gradient is None for what the tape did not watch, tape.watch(...) before it is used, and of what was "
        "worked out after the tape's `with` block, a slice or a sum, say; and a function without `return` gives None.",
    ),
    "array for a tape": (
        r"Passed in object [\s\S]*not tf\.Tensor",
        "A tape watches tensors, not NumPy arrays. tf.convert_to_tensor makes one, before the tape.",
    ),
    "array in a tape": (
        r"'numpy\.\w+' object has no attribute '_id'",
        "A tape cannot follow what was made a NumPy array or number while it recorded: inside its `with` block stay with tensors, "
        "tf.reduce_sum(...) and the like.",
    ),
    "equal parts": (
        r"array split does not result in an equal division",
        "np.split cuts an axis into equal parts, and so many equal ones it does not have: count the parts, and see which axis is cut.",
    ),
    "one number": (
        r"only (0-dimensional|length-1|size-1|integer scalar) arrays can be converted",
        "An array stands where one number is wanted. int(...), float(...) and the functions of `math` take one number; those of NumPy take arrays.",
    ),
    "shapes": (
        r"could not broadcast|non-broadcastable|operands could not be broadcast|shapes .* not aligned|mismatch in its core dimension"
        r"|Incompatible shapes|Matrix size-incompatible",
        "Two shapes do not fit. Print the shapes on that line and compare them with the docstring.",
    ),
    "timesteps of the target": (
        r"must have rank \(ndim\) `target\.ndim - 1`|Arguments `target` and `output` must have the same (shape|rank)",
        "Either the output has timesteps and the target has none, or the other way round. For an answer at every timestep the last "
        "recurrent layer needs return_sequences=True; for one answer a sequence it must do without.",
    ),
    "a class for an object": (
        r"Callback\.\w+\(\) missing 1 required positional argument",
        "This is a callback's class where a callback is needed: make one of it, with parentheses.",
    ),
    "nothing to choose from": (
        r"(max|min)\(\) (arg is an empty sequence|iterable argument is empty)|zero-size array to reduction operation",
        "There is nothing to take the largest or smallest of: the list is empty. Say what it is then, as in max(found, default=0).",
    ),
    "float for an index": (
        r"slice indices must be integers|'float' object cannot be interpreted as an integer|indices must be integers or slices, not float"
        r"|only integers, slices",
        "A float stands where a whole number counts places: / gives a float, also of numbers that it divides; // gives an int.",
    ),
    "beyond the end": (
        r"(list|tuple|string) index out of range|index -?\d+ is out of bounds|slice index -?\d+ of dimension \d+ out of bounds",
        "An index lies beyond the end: there are fewer things than that line takes for granted, or the index counts along another axis than was meant.",
    ),
    "no row": (
        r"indices(\[[\d,]*\])? = -?\d+ is not in \[0, \d+\)",
        "A number is looked up in a table that has no row for it. An Embedding has rows for the numbers from 0 to input_dim - 1: "
        "is it as large as the vocabulary that it reads?",
    ),
    "index": (
        r"is not in list",
        "list.index fails for what is not in the list. Ask `in` first, or use a dictionary's get.",
    ),
    "name": (
        r"name '\w+' is not defined",
        "A name is used before it exists. Restart the kernel and run all cells from the top.",
    ),
    "ragged": (
        r"inhomogeneous shape",
        "The rows have different lengths, so they make no array. Either all get one length, or the short ones are left out: "
        "the docstring says which.",
    ),
    "misspelt": (
        r"[Cc]ould not interpret (loss|optimizer|metric|activation|initializer)|Unknown loss",
        "That name is misspelt. keras.io lists the names: 'binary_crossentropy', 'sparse_categorical_crossentropy', 'mse', 'adam' and so on.",
    ),
    "negative class": (
        r"Received a label value of -\d+ which is outside",
        "A target is negative. Classes count from 0, and padding is one of them: were the targets moved, as y - 1 does?",
    ),
    "classes": (
        r"Received a label value of -?\d+ which is outside the valid range|outside the valid range of \[0, ",
        "The last Dense layer has fewer units than there are classes.",
    ),
}

UNPACKING = r"too many values to unpack|not enough values to unpack"
ARGUMENTS = r"missing \d+ required (positional|keyword-only) argument|takes .*positional argument|unexpected keyword argument"
OTHERS = {
    "states": "Count what the layer returns: with return_state=True an LSTM returns output, h, c; a GRU or SimpleRNN output, h.",
    "names": "The right side has another number of values than there are names on the left.",
    "signature": "The function's arguments differ from the stub's. Keep the signature as it was given.",
    "key": "A dictionary lacks that key. Ask `in` first, or say what stands for it: options.get(key, value).",
    "own raise": "The function's own `raise` did that, for arguments that it has to take. Which condition let them through to that line?",
}
WORDS = {key: words for key, (_, words) in MEANINGS.items()} | OTHERS

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_NODES = re.compile(r"\{\{function_node [^}]*\}\} ?|\s*\[\[\{\{node [^}]*\}\}\]\]| ?\[Op:\w+\]( name: ?$)?", re.MULTILINE)  # TensorFlow's own names
SEARCHED = 20_000  # characters of a message that are looked through: Keras writes long ones
MESSAGE, LINE, NAME = 400, 300, 100
RAISED = " raised "  # stands in the problem, between the function and the class of the error


@dataclass(frozen=True)
class ErrorFacts:
    """An exception, told without the exception.

    kind: the nearest class that every process knows, a key of `known_errors()`.
    own: the exception's own class, by name; it is the student's text.
    message: the first lines of what it says, at most 400 characters.
    meaning: a key of `WORDS`, or None.
    line: the last line of the student's function that it came through, or "".
    stub: it is the stub's own NotImplementedError.
    """

    kind: str
    own: str
    message: str
    meaning: str | None = None
    line: str = ""
    stub: bool = False


def facts(error: BaseException, fn=None) -> ErrorFacts:
    """What there is to say about `error`, raised under `fn`. Asked where `fn` ran."""
    known = known_errors()
    kind = next(cls for cls in type(error).__mro__ if known.get(cls.__name__) is cls)
    message = _text(error)
    return ErrorFacts(
        kind=kind.__name__,
        own=type(error).__name__[:NAME],
        message=_shorten(message),
        meaning=_meaning(error, message[:SEARCHED], fn),
        line=_line(error, fn),
        stub=isinstance(error, NotImplementedError) and _is_stub(error),
    )


def explain(name: str, facts: ErrorFacts) -> CheckFailed:
    """The failed check that tells a student what `name` raised. Problem and hint are the course's words only."""
    if facts.stub:
        return CheckFailed(
            f"`{name}` is not written yet",
            hint="Replace `raise NotImplementedError` with your code, run that cell, then run this one again.",
        )
    actual = f"{facts.own}: {facts.message}" + (f"\nat the line: {facts.line}" if facts.line else "")
    if facts.kind == "RecursionError":
        return CheckFailed(f"`{name}` calls itself without end", hint="A recursive call needs a case that stops.", actual=actual)
    return CheckFailed(f"`{name}`{RAISED}{facts.kind}", hint=WORDS.get(facts.meaning), actual=actual)


def known_errors() -> dict[str, type[BaseException]]:
    """The exception classes that a message may name: Python's, NumPy's LinAlgError, TensorFlow's and our own."""
    if not _known or "tensorflow" in sys.modules and "OpError" not in _known:
        classes = [cls for cls in vars(builtins).values() if isinstance(cls, type) and issubclass(cls, BaseException)]
        _known.update((cls.__name__, cls) for cls in classes if not issubclass(cls, BaseExceptionGroup))
        _known[CheckFailed.__name__] = CheckFailed
        import numpy

        _known["LinAlgError"] = numpy.linalg.LinAlgError
        if "tensorflow" in sys.modules:
            errors = sys.modules["tensorflow"].errors
            _known.update(
                (name, cls) for name, cls in vars(errors).items() if isinstance(cls, type) and issubclass(cls, errors.OpError)
            )
    return _known


_known: dict[str, type[BaseException]] = {}


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a class of the student's own may not be able to say anything
        return ""


def _meaning(error: BaseException, message: str, fn) -> str | None:
    key = next((key for key, (pattern, _) in MEANINGS.items() if re.search(pattern, message)), None)
    if key is None and re.search(UNPACKING, message):
        return "states" if _unpacks_tensors(error) else "names"
    if key is None and re.search(ARGUMENTS, message) and _own_name(fn) in message:
        return "signature"
    if key is None and isinstance(error, KeyError):
        return "key"
    if key is None and _raises_itself(error, fn):
        return "own raise"
    return key


def _raises_itself(error: BaseException, fn) -> bool:
    """Whether a `raise` in the student's own code made it, and nothing that this code called."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename == _home(fn) and _line(error, fn).startswith("raise ")


def _own_name(fn) -> str:
    """How Python's messages name `fn`."""
    name = getattr(fn, "__name__", "")
    return f"{name}.__init__()" if isinstance(fn, type) else f"{name}()"


def _is_stub(error: NotImplementedError) -> bool:
    """A stub raises it in its own line, outside any library. Its message tells nothing: Keras adds one when it calls a layer's stub."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return False
    last = frames[-1]
    return not re.search(r"(site|dist)-packages", last.filename) and (not last.line or "raise" in last.line)


def _unpacks_tensors(error: BaseException) -> bool:
    """Whether Keras made what could not be unpacked: the error passed through it, or its line unpacks a layer's result."""
    import keras

    frames = list(traceback.walk_tb(error.__traceback__))
    if any("/keras/src/" in frame.f_code.co_filename.replace("\\", "/") for frame, _ in frames):
        return True
    if not frames:
        return False
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


def _line(error: BaseException, fn) -> str:
    """The last line of the student's own code that the error came through."""
    home = _home(fn)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == home]
    if not frames:
        return ""
    return (frames[-1].line or linecache.getline(home, frames[-1].lineno)).strip()[:LINE]


def _home(fn) -> str | None:
    """The file, or notebook cell, that `fn` is written in. A layer is written in its `call`."""
    makers = [fn.__init__] if isinstance(fn, type) else [fn, getattr(fn, "call", None), getattr(type(fn), "__call__", None)]
    return next((maker.__code__.co_filename for maker in makers if hasattr(maker, "__code__")), None)


def _shorten(message: str) -> str:
    """The lines of an exception's message that name the cause.

    Keras wraps what is raised inside a layer's `call`: its own first line names the layer, the cause comes after an
    empty line, in bold, and then a page of arguments. What goes wrong in a graph comes last, after the way to it.
    """
    paragraphs = [part.strip() for part in _NODES.sub("", _ANSI.sub("", message)).strip().split("\n\n") if part.strip()]
    head = paragraphs[0] if paragraphs else ""
    if head == "Graph execution error:" and len(paragraphs) > 1:
        head = f"{head} {paragraphs[-1]}"
    if head.startswith("Exception encountered when calling") and len(paragraphs) > 1:
        head = f"{paragraphs[1]}\n({head.removesuffix('.')}.)"
    return head if len(head) <= MESSAGE else head[: MESSAGE - 1] + "…"

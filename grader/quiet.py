"""Import TensorFlow without the screen of C++ notices with which it otherwise opens a notebook, and sooner."""

import gc
import logging
import os
import sys
from contextlib import contextmanager


@contextmanager
def quiet_stderr():
    """Discard what C++ code writes to file descriptor 2; Python's own warnings and exceptions are not touched."""
    try:
        saved = os.dup(2)
    except OSError:  # no stderr at all
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)


@contextmanager
def uncollected():
    """Do not look for garbage inside this block, nor ever again among what it leaves.

    Imports leave a million objects and hardly any garbage. Python's collector goes through all of them again and again, while
    they are made and ever after, when a model is traced; frozen objects it passes over
    (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def import_keras() -> None:
    """Import Keras and its backend, and leave only TensorFlow's errors to be said.

    Setting TF_CPP_MIN_LOG_LEVEL alone leaves the notices that come before it is read. Its warnings
    in Python, such as that of retracing when many small models predict, go to stderr, which nbgrader
    by itself takes for a failed test.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" not in sys.modules:
        with quiet_stderr(), uncollected():
            import keras  # noqa: F401
    logging.getLogger("tensorflow").setLevel(logging.ERROR)

"""What libraries keep of a notebook beside its names, put back to what it was: no submission finds what one before it left."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import warnings
from pathlib import Path

import keras
import matplotlib
import numpy as np
from matplotlib import pyplot

from grader.engine.border.trusted import NAMES


class Afresh:
    """Remembers how a process stood when this was made; `restore` puts it back so.

    Put back are Keras' names, settings and registered objects, whatever hangs at its classes and functions, which cross by
    name, what NumPy, matplotlib and `warnings` were told, the notebook's history and last error, the working folder and what
    lies in it, and the environment. Random numbers begin anywhere, as they do in a new process. A library's own caches stay:
    they are what a process is kept for.
    """

    def __init__(self, shell):
        self._shell = shell
        self._folder = os.getcwd()
        self._environment, self._path = dict(os.environ), list(sys.path)
        self._filters, self._recursion = list(warnings.filters), sys.getrecursionlimit()
        self._errors, self._printing = np.geterr(), np.get_printoptions()
        self._drawing = dict(matplotlib.rcParams)
        self._registered = dict(keras.saving.get_custom_objects())
        self._keras = keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format()
        self._attributes = [(one, dict(vars(one))) for one in _crossing_by_name()]

    def restore(self) -> None:
        self._put_back_keras()
        np.seterr(**self._errors)
        np.set_printoptions(**self._printing)
        warnings.resetwarnings()  # what was shown once may be shown again
        warnings.filters[:] = self._filters
        sys.setrecursionlimit(self._recursion)
        pyplot.close("all")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some settings are on their way out
            matplotlib.rcParams.update(self._drawing)
        self._forget_the_notebook()
        os.environ.clear()
        os.environ.update(self._environment)
        sys.path[:] = self._path
        os.chdir(self._folder)
        for left in Path(self._folder).iterdir():
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()

    def _put_back_keras(self) -> None:
        for one, attributes in self._attributes:
            _put_back_attributes(one, attributes)
        keras.utils.clear_session(free_memory=False)
        floatx, epsilon, data_format = self._keras
        keras.config.set_floatx(floatx)
        keras.config.set_epsilon(epsilon)
        keras.config.set_image_data_format(data_format)
        registered = keras.saving.get_custom_objects()
        registered.clear()
        registered.update(self._registered)
        keras.utils.set_random_seed(secrets.randbelow(2**32))  # Python's, NumPy's and TensorFlow's

    def _forget_the_notebook(self) -> None:
        """What IPython keeps of cells, and Python of the last error: its frames hold what the cells had."""
        shell = self._shell
        history = shell.history_manager
        history.reset(new_session=False)
        history.input_hist_parsed[:] = history.input_hist_raw[:] = [""]
        shell.displayhook.flush()
        shell.execution_count = 1
        shell.last_execution_result = shell._last_traceback = None
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            if hasattr(sys, name):
                delattr(sys, name)


def _crossing_by_name() -> set:
    """Keras' own classes, with what they derive from, and functions: a student may hand in one where a test, which changes it, expects a model."""
    named = [one for one in NAMES.values() if hasattr(one, "__dict__")]
    bases = [base for one in named if isinstance(one, type) for base in one.__mro__ if base.__module__.startswith("keras.")]
    return {*named, *bases}


def _put_back_attributes(one: object, attributes: dict) -> None:
    now = vars(one)
    for name in [name for name in now if name not in attributes]:
        if not name.startswith("__"):  # Python's own, of which some come when they are first asked for
            delattr(one, name)
    for name, value in attributes.items():
        if name not in now or now[name] is not value:
            setattr(one, name, value)

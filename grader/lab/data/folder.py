"""Find the folder that holds the prepared data sets."""

import os
from pathlib import Path

VARIABLE = "RNN_COURSE_DATA"


class DataError(RuntimeError):
    """The course's data is missing or damaged; the message says what to do."""


def is_data_folder(folder: Path) -> bool:
    """Whether `folder` is the course's data/, told by its list of checksums and one of its sets."""
    return (folder / "CHECKSUMS").is_file() and (folder / "us_births").is_dir()


def home() -> Path:
    """Return the folder to give to `tfds.load(name, data_dir=...)`.

    Looks at the environment variable RNN_COURSE_DATA; else for a folder data/ in the current directory and each
    one above it; else beside the installed package. Raises DataError if none is the course's data.
    """
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named).expanduser()
        if not is_data_folder(folder):
            raise DataError(
                f"{VARIABLE} is set to {folder}, which is not the course's data folder: "
                f"it has no CHECKSUMS beside us_births/. Point it at the data/ folder of the course, or unset it."
            )
        return folder.resolve()
    here = Path.cwd()
    beside_package = Path(__file__).resolve().parents[3]
    for parent in (here, *here.parents, beside_package):
        if is_data_folder(parent / "data"):
            return (parent / "data").resolve()
    raise DataError(
        f"The course's data/ folder is neither in {here}, nor in a folder above it, nor beside the installed package. "
        f"Open the notebook inside the course folder, or set {VARIABLE} to the course's data/ folder."
    )

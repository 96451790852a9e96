"""Find a student's notebook among what was handed in, also under the name that a browser gave it."""

from __future__ import annotations

from pathlib import Path

from .reading import Unreadable


def notebooks_in(folder: str | Path) -> list[Path]:
    """Return the notebooks of a submission's folder, sorted; hidden files are none."""
    return sorted(path for path in Path(folder).glob("*.ipynb") if not path.name.startswith("."))


def handed_in(folder: str | Path, notebook: str, assigned: list[str]) -> tuple[Path, list[str]]:
    """Return the file that was handed in as `notebook`, and a note if it has another name.

    `assigned` names the assignment's notebooks. Where it has only this one, a folder's only
    notebook is it, whatever its name: Colab saves a `Copy of 01_x.ipynb`, browsers a
    `01_x (1).ipynb`. Raises Unreadable if none was handed in or several might be meant.
    """
    found = notebooks_in(folder)
    named = [path for path in found if path.stem == notebook]
    if named:
        return named[0], []
    if len(found) == 1 and assigned == [notebook]:
        name = found[0].name if found[0].name.isprintable() else ascii(found[0].name)
        return found[0], [f"The notebook was handed in as `{name}`; it was graded as `{notebook}.ipynb`."]
    raise Unreadable(missing(notebook))


def missing(notebook: str) -> str:
    """Say that no file can be taken for `notebook`."""
    return f"no notebook named {notebook} was submitted"

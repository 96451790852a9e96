"""Hand in: one zip of the notebook and its receipts, and plain words on what is in it and what is missing."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import time
import zipfile
from pathlib import Path

from grader.lab import page as pages
from grader.lab import receipts
from grader.lab.page import Page

UNWRITTEN = ("raise NotImplementedError", "YOUR CODE HERE", "YOUR ANSWER HERE")


def hand_in(lesson: str) -> None:
    """Make `lesson`.zip beside the notebook, of the notebook and receipts/, and say what is in it and what is missing.

    On Colab the page is asked for and the zip is downloaded; in Jupyter and VS Code the saved file is taken. Where no person
    runs the cell, as when it is validated or graded, nothing is made. Never raises: what goes wrong is said.
    """
    try:
        page = pages.here(lesson)
        if page is None:
            print(f"In your own Jupyter or on Colab, this cell makes {lesson}.zip.")
        else:
            _make(page, lesson)
    except pages.Unknown as reason:
        print(reason)
    except Exception as error:  # the last cell is no reason why a notebook should not run to its end
        print(f"{lesson}.zip could not be made ({type(error).__name__}: {error}). Hand in the notebook and its receipts folder as they are.")


def _make(page: Page, lesson: str) -> None:
    if page.path and (lost := unsaved(page, _history())):
        print(
            f"Nothing was made, because the file lacks what you ran last in {_list(lost)}.\n"
            "Save the notebook (Ctrl+S, or Cmd+S). If you changed it after you ran it, run it again. Then run this cell once more."
        )
        return
    files = contents(page, lesson)
    path = page.folder / f"{lesson}.zip"
    if problem := _write(path, files):
        print(problem)
        return
    print(f"{path.name} ({_size(path.stat().st_size)}) is ready to hand in. It holds:")
    for name, data in files.items():
        print(f"   {name:<32} {_size(len(data)):>8}{_saved(page) if name.endswith('.ipynb') else ''}")
    if notes := remarks(page):
        print("Before you hand it in:")
        for note in notes:
            print(f"   {note}")
    _give(path)


def contents(page: Page, lesson: str) -> dict[str, bytes]:
    """What the zip holds, by name: the notebook under the lesson's name, and its receipts."""
    text = page.path.read_bytes() if page.path else json.dumps(page.notebook, ensure_ascii=False, indent=1).encode()
    return {f"{lesson}.ipynb": text} | {f"receipts/{path.name}": path.read_bytes() for path in _receipts(page)}


def unsaved(page: Page, history: list[str]) -> list[str]:
    """The functions and classes of the exercises that ran last in words which no cell of the notebook has.

    history: all that ran in this kernel, in order.
    """
    ran = {name: _plain(source) for source in history for name in _defined(source)}
    saved = {_plain(pages.text(cell)) for cell in page.code()}
    wanted = [name for cell in page.code() if _is_answer(cell) for name in _defined(pages.text(cell))]
    return [name for name in wanted if name in ran and ran[name] not in saved]


def remarks(page: Page) -> list[str]:
    """What is missing or may be stale, each in one sentence."""
    notes = []
    unwritten = [_name(cell) for cell in page.notebook["cells"] if _is_answer(cell) and any(mark in pages.text(cell) for mark in UNWRITTEN)]
    if unwritten:
        notes.append(f"Not written yet: {_list(unwritten)}.")
    there = {path.stem: path for path in _receipts(page)}
    absent = [name for name in _trained(page) if name not in there]
    if absent:
        notes.append(f"No receipt of {_list(absent)}: run what trains it, or it is trained again when it is graded.")
    older = [name for name, path in there.items() if path.resolve() not in receipts.used]
    if older:
        which = "all receipts" if len(older) == len(there) > 1 else _list(older)
        notes.append(f"From an earlier session: {which}. If you changed such a model since, run its cell again, and then this one.")
    return notes


def _receipts(page: Page) -> list[Path]:
    found = sorted((page.folder / receipts.FOLDER).glob("*.npz"))
    return [path for path in found if path.is_file() and not path.is_symlink() and not path.name.startswith(".")]


def _trained(page: Page) -> list[str]:
    """The receipts' names that answers spell out, in calls such as `lab.fit_once(..., name="pen-digits")`."""
    names = []
    for cell in page.code():
        if not _is_answer(cell):
            continue
        try:
            calls = [node for node in ast.walk(ast.parse(pages.text(cell))) if isinstance(node, ast.Call)]
        except (SyntaxError, ValueError):  # not finished, or with magics
            continue
        for call in calls:
            if getattr(call.func, "attr", getattr(call.func, "id", "")) == "fit_once":
                names += [key.value.value for key in call.keywords if key.arg == "name" and isinstance(getattr(key.value, "value", None), str)]
    return list(dict.fromkeys(names))


def _is_answer(cell: dict) -> bool:
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("solution"))


def _name(cell: dict) -> str:
    return cell["metadata"]["nbgrader"].get("grade_id", "an exercise")


def _defined(source: str) -> list[str]:
    return re.findall(r"(?m)^(?:def|class) +(\w+)", source)


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _history() -> list[str]:
    """Every cell that ran in this kernel, as it was typed."""
    from IPython import get_ipython

    return list(getattr(getattr(get_ipython(), "history_manager", None), "input_hist_raw", []))


def _write(path: Path, files: dict[str, bytes]) -> str:
    """Write the zip, whole or not at all; returns what is wrong in one sentence, or ""."""
    if path.exists() and not _is_ours(path):
        return f"{path} was not made by this cell, so it was left alone: move it elsewhere, and run this cell again."
    scratch = path.with_name(f".{path.name}.tmp")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    try:
        scratch.write_bytes(archive.getvalue())
        os.replace(scratch, path)
    except OSError as error:
        return f"{path} could not be written: {error.strerror}. Make room there, or hand in the notebook and its receipts folder."
    return ""


def _is_ours(path: Path) -> bool:
    try:
        names = zipfile.ZipFile(path).namelist()
    except (OSError, zipfile.BadZipFile):
        return False
    return names[:1] == [f"{path.stem}.ipynb"] and all(name.startswith(f"{receipts.FOLDER}/") for name in names[1:])


def _saved(page: Page) -> str:
    """When the file was saved, so that its author sees whether it is the latest."""
    if not page.path:
        return ""
    seconds = max(0, time.time() - page.path.stat().st_mtime)
    ago = "just now" if seconds < 10 else f"{seconds:.0f} s ago" if seconds < 120 else f"{seconds / 60:.0f} min ago" if seconds < 7200 else "hours ago"
    return f"   as saved {ago}"


def _give(path: Path) -> None:
    """Download the zip where there is a way, or link to it."""
    if pages.on_colab():
        try:
            from google.colab import files

            files.download(str(path))
        except Exception:
            print(f"Your browser did not take it: open the folder symbol at the left, and download {path.name} from there.")
        return
    from IPython.display import display

    # `download` keeps JupyterLab from opening the zip as a text. A lesson's name needs no escaping.
    link = f'<a href="{path.name}" download>Download {path.name}</a>'
    display({"text/html": link, "text/plain": f"It lies beside the notebook: {path}"}, raw=True)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def _list(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)

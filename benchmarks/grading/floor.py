"""The floor: run the cells of submissions in a process that has imported everything, forked for each, and nothing else.

Run as a script: `python -m benchmarks.grading.floor FOLDER...`; each folder holds `cells.json`, a list of sources, and
what lay beside the notebook. It prints a line of JSON for each: seconds and CPU seconds, the same of a second time in the same
process, where TensorFlow has started and models were traced before, and which cells failed. There is no Jupyter, no message, no sandbox, no second process, no notebook to read or write, and no gradebook.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path

IMPORTED = ("IPython.core.interactiveshell", "matplotlib.pyplot", "numpy", "tensorflow_datasets", "grader.checks", "grader.lab", "tensorflow", "keras")


def main(folders: list[str]) -> None:
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # before matplotlib is imported
    for name in IMPORTED:
        importlib.import_module(name)
    for folder in folders:
        print(json.dumps(in_a_child(Path(folder))), flush=True)


def in_a_child(folder: Path) -> dict:
    """Run a folder's cells in a forked child. TensorFlow was imported and has done nothing yet, so that is safe."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            first, again, failed = Stopwatch(), Stopwatch(), []
            for watch in (first, again):
                with watch:
                    failed += play(folder)
            os.write(writer, json.dumps({**first.told(""), **again.told("again_"), "failed": failed}).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else {"seconds": 0.0, "cpu_seconds": 0.0, "failed": ["it ended without a word"]}


class Stopwatch:
    """Seconds and processor seconds of this process while it is entered."""

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_) -> None:
        self._took = time.perf_counter() - self._began[0], time.process_time() - self._began[1]

    def told(self, prefix: str) -> dict[str, float]:
        return dict(zip((f"{prefix}seconds", f"{prefix}cpu_seconds"), self._took, strict=True))


def play(folder: Path) -> list[str]:
    """Run a folder's cells, here; return what the first lines of those that failed are, and why."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    cells = json.loads((folder / "cells.json").read_text())
    os.chdir(folder)
    InteractiveShell.clear_instance()  # a second time begins with no names
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    quiet = Config()
    quiet.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=quiet)
    failed = []
    for source in cells:
        result = shell.run_cell(source)
        if not result.success:
            failed.append(f"{source.strip().splitlines()[0][:80]}: {result.error_in_exec or result.error_before_exec}"[:500])
    return failed


if __name__ == "__main__":
    main(sys.argv[1:])

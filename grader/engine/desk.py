"""The folder one worker works in: at the same place for every submission, empty for each."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# A unix socket's path may have 103 bytes on macOS, 107 on Linux.
MAX_SOCKET_PATH = 103


class Desk:
    """work/ for the notebook and its files, home/, tmp/ and run/ for the kernel's sockets.

    The places do not change between submissions, because libraries that were imported in
    the warm process remember its home. `clear` gives each submission empty ones.
    """

    def __init__(self):
        root = tempfile.mkdtemp(prefix="grader-")
        if len(os.fsencode(root)) + len("/run/kernel-ipc-9") > MAX_SOCKET_PATH:
            os.rmdir(root)
            root = tempfile.mkdtemp(prefix="grader-", dir="/tmp")
        self.root = Path(root).resolve()
        self.work = self.root / "work"
        self.home = self.root / "home"
        self.temporary = self.root / "tmp"
        self.connection_file = self.root / "run" / "kernel.json"
        self.clear()

    def clear(self) -> None:
        """Empty it. Raises FileExistsError if something stays: nothing is ever inherited."""
        for folder in (self.work, self.home, self.temporary, self.connection_file.parent):
            _remove(folder)
            folder.mkdir(mode=0o700)

    def close(self) -> None:
        """Remove it."""
        _remove(self.root)


def _remove(path: Path) -> None:
    """Remove whatever a submission left at `path`, without following links."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except (OSError, RecursionError):
        # Folders made unwritable, or nested deeper than Python's recursion goes.
        subprocess.run(["chmod", "-R", "u+rwX", path], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", path], check=True)

"""Finds and kills processes of a submission whose warm parent is not there to do it."""

from __future__ import annotations

from pathlib import Path

import psutil


def kill_leftovers(desk: Path) -> None:
    """Kill every process of ours whose HOME lies in this desk's folder.

    The last resort without a sandbox, where the warm process was killed: a process that
    changed its environment is not found.
    """
    for process in psutil.process_iter():
        try:
            if Path(process.environ().get("HOME", "/")).is_relative_to(desk):
                process.kill()
        except psutil.Error:
            pass

"""Finds and kills processes of a submission whose warm parent is not there to do it."""

from __future__ import annotations

from pathlib import Path

import psutil


def kill_leftovers(home: Path) -> None:
    """Kill every process of ours whose HOME is this one.

    The last resort, for a plain kernel or a warm process that was killed: a process that
    changed its environment is not found.
    """
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(home):
                process.kill()
        except psutil.Error:
            pass

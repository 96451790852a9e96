"""Keeps what this grader made of each attack, by the mode in which it was tried: as root, and as an ordinary user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from .attack import REPOSITORY
from .ours import Result

KEPT = Path(__file__).with_name("ours.json")
MODES = ("root", "user")
NOBODY = 65534


def mode() -> str:
    """Return the mode in which this process grades."""
    return "user" if os.geteuid() else "root"


def read(path: Path = KEPT) -> tuple[dict[str, dict[str, Result]], dict[str, dict]]:
    """Return by mode the kept results by attack, and with which versions and when they came."""
    if not path.exists():
        return {}, {}
    kept = json.loads(path.read_text())
    results = {mode: {name: Result(name, **one) for name, one in about["attacks"].items()} for mode, about in kept.items()}
    return results, {mode: about["made"] for mode, about in kept.items()}


def add(mode: str, results: dict[str, Result], made: dict, known: set[str], path: Path = KEPT) -> None:
    """Keep results in place of older ones; those of attacks that are not `known` any more are dropped."""
    all_results, all_made = read(path)
    merged = {**all_results.get(mode, {}), **results}
    all_results[mode], all_made[mode] = {name: merged[name] for name in sorted(merged.keys() & known)}, made
    about = {
        mode: {"made": all_made[mode], "attacks": {name: _plain(one) for name, one in all_results[mode].items()}}
        for mode in MODES if mode in all_results
    }  # fmt: skip
    path.write_text(json.dumps(about, indent=1) + "\n")


def _plain(one: Result) -> dict:
    return {key: value for key, value in asdict(one).items() if key not in ("name", "said") and value}


def as_nobody(names: list[str]) -> tuple[dict[str, Result], dict]:
    """As root, have these attacks tried by the user nobody, who has no right at all; the results, and their versions."""
    folder = Path(tempfile.mkdtemp(prefix="attacked-by-nobody-"))
    try:
        os.chown(folder, NOBODY, NOBODY)
        environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment |= {"HOME": str(folder), "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
        words = [sys.executable, "-m", __package__, "--into", str(folder / KEPT.name), *names]
        subprocess.run(_for_nobody(words), cwd="/", env=environment)
        results, made = read(folder / KEPT.name)  # also of a run that was cut short
        return results.get("user", {}), made.get("user", {})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _for_nobody(words: list[str]) -> list[str]:
    """The command that runs `words` as nobody, with Python in sight where its folder is closed to others, as one below /root is."""
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", *words]
    python = Path(os.path.realpath(sys.executable)).parents[1]
    closed = next((folder for folder in reversed(python.parents) if not folder.stat().st_mode & 0o001), None)
    if closed is None:
        return become
    script = (
        'kept=$(mktemp -d) && mount --bind "$0" "$kept" && mount -t tmpfs -o mode=755 open "$1" && mkdir -p "$0" && '
        'mount --bind "$kept" "$0" && umount "$kept" && rmdir "$kept" && shift && exec "$@"'
    )
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, str(python), str(closed), *become]

"""Verdicts kept on disk by what they depend on, so that no submission is graded twice."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

from grader.engine.edition import edition
from grader.engine.regrade import fingerprints, untested
from grader.engine.sandbox import Isolation
from grader.engine.transport import pack_verdict, unpack_verdict
from grader.engine.verdict import Job, Verdict


class Archive:
    """The verdicts that were reached in a course so far, one file each.

    folder: where they lie; made when the first is kept. It must be as private as a gradebook.
    isolation: what the submissions are isolated by: a verdict reached without isolation answers for no other.

    A verdict is found for an equal job of the same edition of the grader (see `edition.edition`). A file is
    written whole or not at all; one that was damaged is graded again, never trusted.
    """

    def __init__(self, folder: str | Path, isolation: Isolation | None = None):
        self.folder = Path(folder)
        around = isolation or Isolation.default()
        required = os.environ.get("GRADER_REQUIRE_GPU", "")
        self._around = json.dumps([edition(), around.kind, around.gpu, required])

    def find(self, job: Job) -> Verdict | None:
        """Return the verdict on an equal job, or None."""
        try:
            return unpack_verdict(_read(self._path(job)))
        except (OSError, ValueError):
            return None

    def before(self, job: Job) -> tuple[dict[str, str], Verdict] | None:
        """Return the last verdict on a job that differs from this in its tests at most, and that one's `regrade.fingerprints`."""
        try:
            about = json.loads(_read(self._path(untested(job), ".tests")))
            return about["fingerprints"], unpack_verdict(_read(self.folder / about["verdict"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, job: Job, verdict: Verdict) -> None:
        """Write `verdict` down, over an earlier one. Raises OSError if that fails, for example on a full disk."""
        path = self._path(job)
        _write(path, pack_verdict(verdict))
        about = {"fingerprints": fingerprints(job), "verdict": path.relative_to(self.folder).as_posix()}
        _write(self._path(untested(job), ".tests"), json.dumps(about).encode())

    def forget(self, job: Job) -> None:
        """Remove the verdict on an equal job, if there is one."""
        self._path(job).unlink(missing_ok=True)

    def _path(self, job: Job, suffix: str = ".verdict") -> Path:
        key = hashlib.sha256(f"{self._around} {job.key}".encode()).hexdigest()
        return self.folder / key[:2] / f"{key}{suffix}"


def _read(path: Path) -> bytes:
    """Return what `_write` wrote. Raises ValueError if it was damaged."""
    digest, _, content = path.read_bytes().partition(b"\n")
    if digest.decode("ascii", "replace") != hashlib.sha256(content).hexdigest():
        raise ValueError(f"{path} is damaged")
    return content


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole, or leave what was there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with open(handle, "wb") as file:
            file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

"""Jobs and verdicts as bytes, to be kept on disk or sent to another machine; nothing in them is ever executed.

A job is a zip archive: `job.json`, and its files under `files/`. A verdict is JSON, compressed with gzip.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from dataclasses import asdict

import nbformat

from grader.engine.verdict import Job, Limits, Score, Verdict

FORMAT = 1  # raised whenever what is written changes its meaning
_FILES = "files/"


def pack_job(job: Job) -> bytes:
    """Return `job` as bytes; equal jobs give equal bytes."""
    about = {"format": FORMAT, "notebook": job.notebook, "limits": asdict(job.limits), "name": job.name}
    about["tests"] = None if job.tests is None else sorted(job.tests)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path, content in [("job.json", _json(about)), *((_FILES + path, job.files[path]) for path in sorted(job.files))]:
            archive.writestr(zipfile.ZipInfo(path), content)
    return packed.getvalue()


def unpack_job(packed: bytes) -> Job:
    """Return the job that `pack_job` packed. Raises ValueError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            about = json.loads(archive.read("job.json"))
            files = {name.removeprefix(_FILES): archive.read(name) for name in archive.namelist() if name.startswith(_FILES)}
        _require_format(about)
        tests = None if about["tests"] is None else frozenset(about["tests"])
        return Job(nbformat.from_dict(about["notebook"]), files, Limits(**about["limits"]), about["name"], tests)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"this is no job: {error}") from None


def pack_verdict(verdict: Verdict) -> bytes:
    """Return `verdict` as bytes."""
    return gzip.compress(_json({"format": FORMAT, **asdict(verdict)}), compresslevel=1, mtime=0)


def unpack_verdict(packed: bytes) -> Verdict:
    """Return the verdict that `pack_verdict` packed. Raises ValueError for anything else."""
    try:
        about = json.loads(gzip.decompress(packed))
        _require_format(about)
        outputs = {cell: [nbformat.from_dict(output) for output in given] for cell, given in about["outputs"].items()}
        scores = {name: Score(**given) for name, given in about["scores"].items()}
        return Verdict(outputs, about["execution_counts"], scores, about["stopped"], about["seconds"])
    except (OSError, zlib.error, EOFError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"this is no verdict: {error}") from None


def _json(value: object) -> bytes:
    # Lone surrogates, which JSON may hold and UTF-8 may not, stay escaped.
    return json.dumps(value).encode("ascii")


def _require_format(about: dict) -> None:
    if about["format"] != FORMAT:
        raise ValueError(f"it has format {about['format']!r}; this grader reads format {FORMAT}")

"""Write the public course into a folder, over an earlier one if there is one, or into a zip; never over anything else."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.bundle import BundleError

MANIFEST = ".rnn-course.json"
SCRATCH = ".rnn-course.tmp"
MADE_BY = "grader release"


@dataclass(frozen=True)
class Written:
    """What became of a folder. written: new or changed; removed: of the earlier course; foreign: not ours, left alone."""

    written: list[str]
    removed: list[str]
    foreign: list[str]


def folder(out: Path, files: Mapping[str, bytes], facts: Mapping[str, object], overwrite: bool = False, made_by: str = MADE_BY) -> Written:
    """Make `out` hold `files`, and remove what an earlier release wrote and this one lacks. .git and other files are left alone.

    facts: what the manifest says besides; made_by: the command, which replaces nothing that another wrote. overwrite: also replace files that were changed by hand.
    The manifest is written first, marked as unfinished, and last. Interrupted in between, the folder has files of both
    releases and a manifest that knows them all: the same command finishes the work. Raises BundleError, having written nothing,
    for a folder that is not empty and holds no earlier release, or a file that somebody else wrote or changed.
    """
    refuse_folder(out, made_by)
    known = _manifest(out, made_by)
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    _refuse(out, digests, known, overwrite)
    out.mkdir(parents=True, exist_ok=True)
    both = {path: sorted(known.get(path, set()) | ({digests[path]} if path in digests else set())) for path in {*known, *digests}}
    _write_manifest(out, {"made by": made_by, **facts, "finished": False, "files": both})
    written = [path for path in files if _digest(out / path) != digests[path]]
    for path in written:
        _replace(out, path, files[path])
    removed = sorted(path for path in known if path not in digests and (out / path).is_file() and not (out / path).is_symlink())
    kept = [path for path in removed if _digest(out / path) not in known[path] and not overwrite]
    for path in removed:
        if path not in kept:
            (out / path).unlink()
            _remove_empty(out, (out / path).parent)
    _write_manifest(out, {"made by": made_by, **facts, "finished": True, "files": {path: [digest] for path, digest in digests.items()}})
    foreign = sorted(path for path in _all_files(out) if path not in digests and path != MANIFEST)
    return Written(written, [path for path in removed if path not in kept], foreign)


def archive(path: Path, files: Mapping[str, bytes], top: str, overwrite: bool = False) -> int:
    """Write `files` as one zip, below a folder `top`; returns its size in bytes.

    All or nothing. Raises BundleError as `refuse_archive` does.
    """
    refuse_archive(path, overwrite)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.comment = MADE_BY.encode()
        for name, data in files.items():
            zipped.writestr(f"{top}/{name}", data)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.tmp")
    scratch.write_bytes(stream.getvalue())
    os.replace(scratch, path)
    return path.stat().st_size


def refuse_folder(out: Path, made_by: str = MADE_BY) -> None:
    """Raise BundleError for a file, and for a folder that is not empty and holds nothing that `made_by` wrote earlier."""
    if out.exists() and not out.is_dir():
        raise BundleError(f"{out} is a file. Name a folder with --out.")
    if out.is_dir() and {path.name for path in out.iterdir()} - {".git", SCRATCH} and not _manifest(out, made_by):
        raise BundleError(f"{out} is not empty and holds {'no earlier release of the course' if made_by == MADE_BY else f'nothing that `{made_by}` wrote'}. Name another folder with --out.")


def refuse_archive(path: Path, overwrite: bool = False) -> None:
    """Raise BundleError for a file at `path` that is no earlier zip of the course."""
    if path.is_dir() or path.exists() and not overwrite and not _is_ours(path):
        raise BundleError(f"{path} exists and is no earlier zip of the course. Name another file with --zip, or move it away.")


def _refuse(out: Path, digests: Mapping[str, str], known: Mapping[str, set[str]], overwrite: bool) -> None:
    """Raise BundleError for a link on the way, and for a file that somebody else wrote or changed."""
    parents = {parent for path in {*digests, *known} for parent in (out / path).parents if parent.is_relative_to(out) and parent != out}
    if linked := sorted(str(path) for path in {*parents, *(out / path for path in digests)} if path.is_symlink()):
        raise BundleError(f"{linked[0]} is a link, and links are not followed. Remove it.")
    changed = [path for path, digest in digests.items() if (out / path).exists() and _digest(out / path) not in {digest, *known.get(path, ())}]
    if changed and not overwrite:
        shown = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        raise BundleError(f"nothing was written, because this was changed by hand in {out}: {shown}. Move it away, or replace it with --overwrite.")


def _manifest(out: Path, made_by: str) -> dict[str, set[str]]:
    """The files that `made_by` wrote earlier into `out`, and the content each may have; {} if there was none."""
    try:
        said = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        files = said["files"] if said["made by"] == made_by else {}
        plain = all(isinstance(path, str) and not path.startswith("/") and ".." not in path.split("/") for path in files)
        return {path: set(digests) for path, digests in files.items()} if plain and not (out / MANIFEST).is_symlink() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write_manifest(out: Path, facts: Mapping[str, object]) -> None:
    text = json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False)
    _replace(out, MANIFEST, text.encode() + b"\n")


def _replace(out: Path, name: str, data: bytes) -> None:
    """All or nothing for one file."""
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / SCRATCH).write_bytes(data)
    os.replace(out / SCRATCH, out / name)


def _remove_empty(out: Path, parent: Path) -> None:
    while parent != out and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent


def _all_files(out: Path) -> list[str]:
    found = []
    for place, folders, names in os.walk(out):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        found += [Path(place, name).relative_to(out).as_posix() for name in names]
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as zipped:
            return zipped.comment == MADE_BY.encode()
    except (OSError, zipfile.BadZipFile):
        return False

"""Lists of SHA-256 checksums in the format of `sha256sum`, which can check them too."""

import hashlib
from pathlib import Path


class WrongChecksum(ValueError):
    """A file is not the one that the list names."""


def sha256(path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def load(path) -> dict[str, str]:
    """Return {relative path: SHA-256} from a list; an absent list is empty."""
    path = Path(path)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def save(path, checksums: dict[str, str]) -> None:
    """Write {relative path: SHA-256} as a list, sorted by path."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(checksums.items())]
    Path(path).write_text("".join(lines), encoding="utf-8")


def of_files(folder, paths) -> dict[str, str]:
    """Return {path relative to `folder`: SHA-256}."""
    return {Path(path).relative_to(folder).as_posix(): sha256(path) for path in paths}


def compare(found: dict[str, str], expected: dict[str, str]) -> None:
    """Raise WrongChecksum, which names the first file that differs from the list or is not on it."""
    for name, digest in sorted(found.items()):
        if name not in expected:
            raise WrongChecksum(f"{name} is not on the list of upstream files. Is this another version of the package?")
        if digest != expected[name]:
            raise WrongChecksum(
                f"{name} is not the file that the course was made from: "
                f"its SHA-256 is {digest}, expected {expected[name]}. "
                f"Download the package again, in exactly the version that data/README.md names."
            )

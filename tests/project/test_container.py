"""The container file: its steps taken in turn in a fresh root, without an engine and without network.

The root is this system, read only, and an empty /course, /opt and /var. Debian's packages are not fetched again: a stand-in for
apt-get asks that each exists. pip finds the packages of this environment as installed, and must find all that it looks for.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KNOWN = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "CMD"}


def steps() -> list[tuple[str, str]]:
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "Containerfile").read_text()).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]


def packages() -> list[str]:
    step = next(words for kind, words in steps() if kind == "RUN" and "apt-get install" in words)
    words = shlex.split(step.split("apt-get install")[1].split("&&")[0])
    return [word for word in words if not word.startswith("-")]


def test_steps_are_those_that_the_test_below_takes():
    assert {kind for kind, _ in steps()} <= KNOWN
    assert steps()[0] == ("FROM", "debian:bookworm-slim")
    assert {"bubblewrap", "python3", "python3-venv"} <= set(packages())


def test_only_what_is_copied_is_sent_to_the_engine():
    """Answers and a class's work never become part of an image."""
    copied = {source for kind, words in steps() if kind == "COPY" for source in words.split()[:-1]}
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert ignored[0] == "*" and {line[1:] for line in ignored if line.startswith("!")} == copied
    assert not copied & {".", "lessons", "solutions", "submitted", "gradebook.db"}


APT = """#!/bin/sh
case "$*" in *install*) for word; do case $word in install|-*) ;; *) dpkg-query -s "$word" >/dev/null 2>&1 || apt-cache show "$word" >/dev/null 2>&1 || { echo "no package $word" >&2; exit 100; } ;; esac; done ;; esac
"""


@pytest.mark.slow
def test_every_step_works_in_a_fresh_root(tmp_path):
    if shutil.which("bwrap") is None:
        pytest.skip("a fresh root is made with bubblewrap, and there is none here")
    stand_ins, place = tmp_path / "bin", "/"
    for name in ("bin", "course", "opt", "var"):
        (tmp_path / name).mkdir()
    (stand_ins / "apt-get").write_text(APT)
    (stand_ins / "apt-get").chmod(0o755)
    found = sysconfig.get_path("purelib")
    system = [str(path) for path in (Path("/usr"), Path("/bin"), Path("/lib"), Path("/lib64"), Path("/sbin"), Path("/etc"), Path("/var/lib/dpkg")) if path.exists()]
    environment = {
        "PATH": f"/stand-ins:{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin:/usr/sbin:/sbin",
        "PYTHON": f"python{sys.version_info[0]}.{sys.version_info[1]}",
        "PYTHONPATH": found, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_BUILD_ISOLATION": "0", "HOME": "/tmp", "LANG": "C.UTF-8",
    }  # fmt: skip

    def inside(command: str) -> subprocess.CompletedProcess:
        mounts = [word for path in dict.fromkeys([*system, sys.base_prefix, found]) for word in ("--ro-bind", path, path)]
        own = ["--bind", tmp_path / "course", "/course", "--bind", tmp_path / "opt", "/opt", "--ro-bind", stand_ins, "/stand-ins", "--tmpfs", "/tmp"]
        told = [word for name, value in environment.items() for word in ("--setenv", name, value)]
        words = ["bwrap", "--unshare-all", "--clearenv", "--tmpfs", "/", *own, *mounts, "--dev", "/dev", "--proc", "/proc", *told, "--chdir", place, "sh", "-c", command]
        return subprocess.run(list(map(str, words)), capture_output=True, text=True, env={"PATH": os.environ["PATH"]})

    for kind, words in steps():
        if kind == "WORKDIR":
            place = words
        elif kind == "COPY":
            *sources, target = words.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, tmp_path / "course" / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    to = tmp_path / "course" / target / Path(source).name
                    to.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / source, to)
        elif kind == "RUN":
            done = inside(words.replace("rm -rf /var/lib/apt/lists/*", "true"))
            assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        elif kind == "ENV":
            name, value = words.split("=", 1)
            environment[name] = value.replace("$PATH", environment["PATH"])
    # Its own packages before ours, which stand for those that pip would bring, and which know where our copy of the course lies.
    environment["PYTHONPATH"] = f"/opt/course/lib/{environment['PYTHON']}/site-packages:{found}"
    listed = inside("grader --help && grader release --help")
    assert listed.returncode == 0 and "autograde" in listed.stdout, listed.stderr
    assert inside("which grader").stdout.strip() == "/opt/course/bin/grader"

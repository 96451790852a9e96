"""The autograder for Gradescope: what is in its zip, what it says of each test, and that it runs in a clean root as Gradescope lays it out, without namespaces."""

import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from grader.lms import gradescope

from .test_exchange import environment, grader  # noqa: F401  (fixtures)

toys = sys.modules["toy_course_of_the_lms_tests"]
LESSON = "01_toy"
# What Docker leaves root in a container; without SYS_ADMIN there are no new namespaces.
CAPABILITIES = "CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP".split()
NO_BWRAP = "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
APT = "#!/bin/sh\nexit 0\n"
PRYING = '''
import glob, json, os, signal
looked = {}
for place in ("/autograder/source/course/solutions/01_toy/01_toy.ipynb", "/autograder/results/results.json"):
    try:
        looked[place] = open(place).read()
    except OSError as error:
        looked[place] = type(error).__name__
try:
    open("/autograder/results/results.json", "w").write(json.dumps({"score": 100}))
except OSError as error:
    looked["write"] = type(error).__name__
looked["others"] = 0
for process in glob.glob("/proc/[0-9]*"):
    number = int(process[6:])
    if number in (os.getpid(), 1):
        continue
    try:
        open(process + "/mem", "rb").close()
        looked["others"] += 1
    except OSError:
        pass
    try:
        os.kill(number, 0)
        if os.stat(process).st_uid != os.getuid():
            looked["others"] += 1
    except OSError:
        pass
closed = {one for key, one in looked.items() if key != "others"} == {"PermissionError"} and looked["others"] == 0 and os.getuid() != 0


def double(x):
    if not closed:
        raise ValueError(json.dumps(looked)[:2000])
    return 2 * x
'''


@pytest.fixture
def packed(grader, course_with_cli):  # noqa: F811
    said = grader("export", "--format", "gradescope", "01").output
    assert "gradescope-01_toy.zip" in said and "Upload it under Configure Autograder" in said
    return course_with_cli.root / "exports" / "gradescope-01_toy.zip"


def laid_out(packed, place):
    """The folders of Gradescope's container below `place`."""
    for folder in ("source", "submission", "results"):
        (place / folder).mkdir(parents=True)
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            archive.extract(info, place / "source")
            (place / "source" / info.filename).chmod(info.external_attr >> 16 & 0o777)
    shutil.copy(place / "source" / "run_autograder", place)
    return place


def test_what_is_in_the_zip(packed, course_with_cli):
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
    assert {"setup.sh", "run_autograder", "requirements.lock", "tools/install.sh", "grader/lms/gradescope.py", "grader/lms/templates/gradescope/setup.sh"} <= set(names)
    assert [name for name in names if name.startswith("course/")] == ["course/nbgrader_config.py", f"course/notebooks/{LESSON}/{LESSON}.ipynb", f"course/solutions/{LESSON}/{LESSON}.ipynb"]
    assert not any("__pycache__" in name or "frozen/" in name and name.startswith("lessons") or "gradebook" in name.rsplit("/", 1)[-1] and name.endswith(".db") for name in names)
    first = packed.read_bytes()
    assert gradescope.pack(Path(__file__).parents[2], course_with_cli.root, LESSON) == first


@pytest.fixture
def here(packed, tmp_path, monkeypatch):
    """Gradescope's folders here, with a stand-in for the engine."""

    class Stand:
        def __init__(self, isolation=None):
            pass

        __enter__ = lambda self: self  # noqa: E731

        def __exit__(self, *_):
            pass

        grade = staticmethod(toys.plain_verdict)

    monkeypatch.setattr(gradescope, "Worker", Stand)
    monkeypatch.setattr(gradescope, "walls", lambda: gradescope.Isolation("none"))
    place = laid_out(packed, tmp_path / "autograder")

    def run():
        assert gradescope.main(place) == 0
        return json.loads((place / "results" / "results.json").read_text())

    run.place = place
    return run


def test_points_and_the_courses_words(here, student):
    wrong = toys.answered(student, {"double": "def double(x):\n    return 3 * x"})
    (here.place / "submission" / f"Copy of {LESSON}.ipynb").write_text(json.dumps(wrong))
    told = here()
    assert [(one["name"], one["score"], one["max_score"], one["status"]) for one in told["tests"]] == [
        ("double: double-test", 0.0, 2.0, "failed"), ("double: double-hidden (hidden)", 0.0, 3.0, "failed"), ("total: total-test", 1.0, 1.0, "passed"),
    ]  # fmt: skip
    assert "double(3) is 6" in told["tests"][0]["output"] and "2469134" not in json.dumps(told)
    assert "Written answers, 4 points, are read by your instructor" in told["output"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no notebook named 01_toy was submitted"),
        ({"notes.txt": b"I could not save it."}, "there is no notebook among what was handed in: notes.txt"),
        ({"01_toy.ipynb": b'{"cells": ['}, "The notebook could not be graded"),
    ],
)
def test_whatever_was_handed_in_there_is_a_result(here, files, words):
    for name, content in files.items():
        (here.place / "submission" / name).write_bytes(content)
    told = here()
    assert sum(one["score"] for one in told["tests"]) == 0 and len(told["tests"]) == 3
    assert words in told["output"]


def test_a_zip_and_a_folder_are_found(here, student, pack):
    (here.place / "submission" / "work").mkdir()
    (here.place / "submission" / "work" / "mine.ipynb").write_text(json.dumps(student))
    (here.place / "submission" / "work" / "receipts").mkdir()
    assert sum(one["score"] for one in here()["tests"]) == 6
    shutil.rmtree(here.place / "submission" / "work")
    (here.place / "submission" / "01_toy.zip").write_bytes(pack({"01_toy.ipynb": student}))
    assert sum(one["score"] for one in here()["tests"]) == 6


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [([], 2, "name one lesson of 01_toy, 02_more"), (["09"], 1, "No lesson fits '09'"), (["02"], 1, "is missing")],
)
def test_slips_are_one_sentence(grader, course_with_cli, words, code, said):  # noqa: F811
    (course_with_cli.root / "lessons" / "02_more").mkdir()
    (course_with_cli.root / "lessons" / "02_more" / "02_more.py").write_text("")
    assert said in grader("export", "--format", "gradescope", *words, code=code).stderr


@pytest.mark.slow
def test_it_runs_in_a_clean_root_without_namespaces(packed, tmp_path, student):
    if os.geteuid() != 0 or shutil.which("bwrap") is None:
        pytest.skip("Gradescope's container is entered as root; a clean root like it takes root and bubblewrap")
    place = laid_out(packed, tmp_path / "autograder")
    answer = toys.answered(student, {"double": PRYING})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("01_toy.ipynb", json.dumps(answer))
    (place / "submission" / "01_toy.zip").write_bytes(out.getvalue())
    (tmp_path / "opt").mkdir()
    (tmp_path / "bin").mkdir()
    for name, text in (("bwrap", NO_BWRAP), ("apt-get", APT)):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    found = sysconfig.get_path("purelib")
    system = [path for path in ("/usr", "/bin", "/lib", "/lib64", "/sbin", "/etc") if Path(path).exists()]
    mounts = [word for path in dict.fromkeys([*system, sys.base_prefix]) for word in ("--ro-bind", path, path)]
    around = {
        "PATH": f"/stand-ins:{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8",
        "PYTHONPATH": "/packages", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_BUILD_ISOLATION": "0",
    }  # fmt: skip

    def inside(program):
        own = ["--bind", place, "/autograder", "--bind", tmp_path / "opt", "/opt", "--ro-bind", tmp_path / "bin", "/stand-ins", "--ro-bind", found, "/packages", "--perms", "1777", "--tmpfs", "/tmp", "--dir", "/root"]
        rights = ["--cap-drop", "ALL", *(word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}"))]
        told = [word for name, value in around.items() for word in ("--setenv", name, value)]
        words = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--clearenv", "--tmpfs", "/", *own, *mounts, "--dev", "/dev", "--proc", "/proc", *rights, *told]
        return subprocess.run([*map(str, words), "bash", program], capture_output=True, text=True)

    done = inside("/autograder/source/setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    done = inside("/autograder/run_autograder")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((place / "results" / "results.json").read_text())
    assert [one["score"] for one in told["tests"]] == [2.0, 3.0, 1.0], told
    assert told["extra_data"] == {"isolation": "users"} and "score" not in told


def test_without_root_and_without_namespaces_nothing_is_graded(monkeypatch):
    monkeypatch.setattr(gradescope.sandbox, "problem", lambda isolation: "no namespaces")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("GRADER_USERS", "")
    with pytest.raises(gradescope.EngineError, match="has to be run as root"):
        gradescope.walls()

"""The doctor: what is well is said to be, and each thing that can be wrong is found and has a remedy."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.engine import doctor, sandbox
from grader.engine.doctor import Finding, examine
from grader.engine.sandbox import Isolation

ROOT = Path(__file__).parents[2]
NONE = Isolation("none")


def only(findings, what: str) -> Finding:
    [found] = [finding for finding in findings if finding.what == what]
    return found


def test_this_machine_is_examined_whole():
    found = examine(ROOT)
    assert {"Python", "packages", "byte code", "isolation", "capacity", "disk", "GPU", "nbgrader", "data"} <= {
        finding.what for finding in found
    }
    for finding in found:
        assert finding.says.endswith(".") and (finding.ok or finding.todo), finding


def test_each_wall_is_tried_where_isolation_works():
    if reason := sandbox.problem(Isolation()):
        pytest.skip(reason)
    found = list(doctor.walls(Isolation()))
    assert [finding.what for finding in found] == ["isolation", *doctor.WALLS, "memory"]
    assert all(finding.ok for finding in found), found


def test_a_hole_in_a_wall_is_named(monkeypatch):
    monkeypatch.setattr(sandbox, "diagnose", lambda isolation: ("", ""))
    monkeypatch.setattr(sandbox, "walls", lambda *_, **__: {"network": "it can be seen: eth0", "system": "", "processes": ""})
    found = list(doctor.walls(Isolation()))
    assert [finding.ok for finding in found] == [True, False, True, True, False, True]
    assert "eth0" in only(found, "network").says and "not tried" in only(found, "limits").says


def test_no_isolation_is_said_with_its_remedy(monkeypatch):
    monkeypatch.setattr(sandbox, "diagnose", lambda isolation: ("bubblewrap is not installed", "sudo apt-get install bubblewrap"))
    [found] = doctor.walls(Isolation())
    assert found == Finding("isolation", False, "Bubblewrap is not installed.", "sudo apt-get install bubblewrap")
    [found] = doctor.walls(NONE)
    assert found.ok and found.todo, "it is a choice, and a loud one"
    assert "solutions" in found.says


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "course"\nrequires-python = ">=3.11"\n'
        'dependencies = ["numpy>=1", "there-is-no-such-package>=1", "pytest<1", "numpy>=99; python_version < \'3\'"]\n'
        '[project.optional-dependencies]\njupyter = ["course[gpu]"]\n'
    )
    (tmp_path / "nbgrader_config.py").write_text("")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "CHECKSUMS").write_text("ab  one\ncd  two words\n")
    (tmp_path / "data" / "one").write_text("1")
    (tmp_path / "data" / "two words").write_text("2")
    return tmp_path


def test_packages_that_miss_or_do_not_fit_are_named(course):
    found = only(doctor.versions(course), "packages")
    assert not found.ok and "Of 3 packages 2 do not fit" in found.says
    assert "there-is-no-such-package is missing" in found.says and "is not <1" in found.says
    assert "pip install" in found.todo


def test_another_python_is_named(course, monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 4))
    found = only(doctor.versions(course), "Python")
    assert not found.ok and "3.10.4" in found.says


def test_a_folder_that_is_no_course_is_told_so(tmp_path, monkeypatch):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    found = examine(tmp_path, NONE)
    for what in ("course", "nbgrader", "data"):
        assert not only(found, what).ok and only(found, what).todo


def test_data_is_whole_or_the_first_missing_file_is_named(course, monkeypatch, tmp_path):
    assert doctor.data(course).ok and doctor.configuration(course).ok
    (course / "data" / "two words").unlink()
    assert "the first is two words" in doctor.data(course).says
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path / "elsewhere"))
    assert "elsewhere" in doctor.data(course).says


def test_missing_byte_code_is_found(tmp_path, monkeypatch):
    source = tmp_path / "tensorflow" / "__init__.py"
    source.parent.mkdir()
    source.write_text("")
    spec = importlib.machinery.ModuleSpec("tensorflow", None, origin=str(source))
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: spec)
    found = doctor.byte_code()
    assert found.ok and f"compileall -q {source.parent}" in found.todo, "grading is slow without it, not wrong"
    cache = Path(importlib.util.cache_from_source(str(source)))
    cache.parent.mkdir(exist_ok=True)
    cache.write_bytes(b"")
    assert not doctor.byte_code().todo


def test_a_small_machine_and_a_full_disk_are_told_so(monkeypatch):
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: SimpleNamespace(total=2**30))
    assert not doctor.capacity().ok
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: SimpleNamespace(total=2**40))
    assert f"{len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count()} worker" in doctor.capacity().says
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: SimpleNamespace(free=2**20))
    assert "TMPDIR" in doctor.disk().todo


@pytest.mark.parametrize("nodes, readable, wanted, ok, says", [
    ([], True, False, True, "graded on the CPU"),
    ([], True, True, False, "No NVIDIA device"),
    (["/dev/nvidia0"], True, True, True, "let into the sandbox"),
    (["/dev/nvidia0"], True, False, True, "--gpu lets them in"),
    (["/dev/nvidia0"], False, True, False, "cannot be opened"),
])  # fmt: skip
def test_gpu_devices(monkeypatch, nodes, readable, wanted, ok, says):
    monkeypatch.setattr(doctor.glob, "glob", lambda pattern: nodes)
    monkeypatch.setattr(doctor.os, "access", lambda node, mode: readable)
    found = doctor.gpu(Isolation(gpu=wanted))
    assert found.ok == ok and says in found.says

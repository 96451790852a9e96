"""The choice of isolation, the bubblewrap command, the words when it cannot work, and the meters."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest

from grader.engine.sandbox import Isolation, outer, problem, syscalls, usage

MODULE = sys.modules["grader.engine.sandbox.outer"]
PROBLEM = sys.modules["grader.engine.sandbox.problem"]


def test_the_choice_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("GRADER_ISOLATION", raising=False)
    monkeypatch.delenv("GRADER_GPU", raising=False)
    assert Isolation.default() == Isolation("bubblewrap", gpu=False)
    monkeypatch.setenv("GRADER_ISOLATION", "none")
    for said, gpu in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("GRADER_GPU", said)
        assert Isolation.default() == Isolation("none", gpu=gpu)
    monkeypatch.setenv("GRADER_ISOLATION", "docker")
    with pytest.raises(ValueError, match="GRADER_ISOLATION: .*'docker'.*bubblewrap or none"):
        Isolation.default()


def pairs(words: list[str], option: str) -> list[str]:
    """The second argument of each `option SOURCE PLACE`."""
    return [words[i + 2] for i, word in enumerate(words) if word == option]


def test_the_command_shows_the_package_and_not_the_course(tmp_path):
    words = outer(tmp_path, Isolation(), environment={})
    shown = pairs(words, "--ro-bind")
    assert str(MODULE.PACKAGE) in shown
    assert not any(Path(place) == MODULE.PACKAGE.parent for place in shown)
    assert pairs(words, "--bind") == ["/desk"]
    assert "--unshare-net" in words and "--die-with-parent" not in words and words[-1] == "--"
    assert not any("nvidia" in word or word == "/sys" for word in words)


def test_a_course_inside_the_system_or_pythons_folder_is_covered(tmp_path, monkeypatch):
    prefix = tmp_path / "python"
    course = prefix / "share" / "course"
    for name in ("grader", "data", "solutions"):
        (course / name).mkdir(parents=True)
    monkeypatch.setattr(MODULE, "PACKAGE", course / "grader")
    monkeypatch.setattr(sys, "prefix", str(prefix))
    words = outer(tmp_path / "desk", Isolation(), environment={})
    cover = words.index("--tmpfs")
    assert words[cover + 1] == str(course)
    assert words.index(str(prefix)) < cover < words.index(str(course / "grader")) < words.index("--remount-ro")
    assert str(course / "data") in words[cover:]


def test_nbgraders_exchange_inside_the_system_is_covered(tmp_path, monkeypatch):
    exchange = tmp_path / "python" / "share" / "nbgrader"
    (exchange / "exchange").mkdir(parents=True)
    monkeypatch.setattr(MODULE, "EXCHANGE", str(exchange))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    words = outer(tmp_path / "desk", Isolation(), environment={})
    python, cover = words.index(str(tmp_path / "python")), words.index("--tmpfs")
    assert words[cover + 1] == str(exchange) and python < cover


def test_a_python_inside_the_course_is_shown_alone(tmp_path, monkeypatch):
    course = tmp_path / "course"
    for name in ("grader", "solutions", ".venv/bin"):
        (course / name).mkdir(parents=True)
    monkeypatch.setattr(MODULE, "PACKAGE", course / "grader")
    monkeypatch.setattr(sys, "prefix", str(course / ".venv"))
    words = outer(tmp_path / "desk", Isolation(), environment={})
    shown = pairs(words, "--ro-bind")
    assert str(course / ".venv") in shown and "--tmpfs" not in words
    assert str(course) not in shown and str(course / "solutions") not in words


def test_a_course_that_is_itself_an_environment_shows_only_its_python(tmp_path, monkeypatch):
    course = tmp_path / "course"
    for name in ("grader", "solutions", "bin", "lib"):
        (course / name).mkdir(parents=True)
    (course / "pyvenv.cfg").touch()
    monkeypatch.setattr(MODULE, "PACKAGE", course / "grader")
    monkeypatch.setattr(sys, "prefix", str(course))
    shown = pairs(outer(tmp_path / "desk", Isolation(), environment={}), "--ro-bind")
    inside = {place.removeprefix(f"{course}/") for place in shown if place.startswith(str(course))}
    assert inside == {"bin", "lib", "pyvenv.cfg", "grader"}


def test_the_data_is_where_the_environment_says(tmp_path):
    data = tmp_path / "elsewhere"
    data.mkdir()
    words = outer(tmp_path / "desk", Isolation(), environment={"RNN_COURSE_DATA": str(data)})
    assert str(data) in pairs(words, "--ro-bind")


def test_gpu_devices_are_let_in_by_option(tmp_path, monkeypatch):
    monkeypatch.setattr(MODULE, "_existing", lambda patterns: [p for p in patterns if "*" not in p])
    words = outer(tmp_path, Isolation(gpu=True), environment={})
    assert "/dev/nvidia-caps" in pairs(words, "--dev-bind")
    assert "/sys/bus/pci" in pairs(words, "--ro-bind")


def test_without_bubblewrap_the_words_name_the_package(monkeypatch):
    monkeypatch.setattr(PROBLEM.sys, "platform", "linux")
    monkeypatch.setattr(PROBLEM.shutil, "which", lambda name: None)
    assert "sudo apt-get install bubblewrap" in problem(Isolation())
    monkeypatch.setattr(PROBLEM.sys, "platform", "darwin")
    assert "needs Linux" in problem(Isolation())


@pytest.mark.parametrize("switch", PROBLEM.SWITCHES, ids=lambda switch: Path(switch[0]).name)
def test_a_switch_that_is_off_is_named(monkeypatch, switch):
    file, value, remedy = switch
    monkeypatch.setattr(PROBLEM.sys, "platform", "linux")
    monkeypatch.setattr(PROBLEM.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(PROBLEM, "is_root", lambda: False)
    monkeypatch.setattr(PROBLEM, "walls", lambda isolation: {"room": "bwrap: setting up uid map: Permission denied"})
    monkeypatch.setattr(PROBLEM, "_content", lambda name: value if name == file else "")
    said = problem(Isolation())
    assert "setting up uid map" in said and said.endswith(remedy)


def test_in_a_container_the_options_are_named(monkeypatch):
    monkeypatch.setattr(PROBLEM.sys, "platform", "linux")
    monkeypatch.setattr(PROBLEM.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(PROBLEM, "walls", lambda isolation: {"room": "bwrap: Creating new namespace failed"})
    monkeypatch.setattr(PROBLEM, "_content", lambda name: "docker" if "container" in name else "")
    assert "--security-opt" in problem(Isolation())


def test_a_room_that_cannot_be_made_is_a_problem_in_words(monkeypatch, tmp_path):
    if sys.platform != "linux":
        pytest.skip("isolation is for Linux")
    wrapper = tmp_path / "bwrap"
    wrapper.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    PROBLEM.walls.cache_clear()
    try:
        assert "No permissions to create new namespace" in problem(Isolation())
    finally:
        PROBLEM.walls.cache_clear()


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_every_jump_of_the_filter_lands_inside_it(machine):
    for gpu in (False, True):
        program = syscalls.build(machine, gpu)
        steps = list(struct.iter_unpack("=HBBI", program))
        for index, (code, if_true, if_false, _) in enumerate(steps):
            if code in (syscalls.EQUAL, syscalls.AT_LEAST, syscalls.ANY_BIT):
                assert index + 1 + max(if_true, if_false) < len(steps)
        assert steps[-1][0] == syscalls.RETURN and steps[-1][3] == syscalls.ALLOW
    assert len(syscalls.build(machine, True)) < len(syscalls.build(machine, False))
    assert syscalls.build("riscv64", False) == b""



def fake(pid=2, resident_bytes=0, faults=0, own_ticks=0, children_ticks=0) -> usage.Process:
    return usage.Process(pid, 7, resident_bytes, 0, faults, own_ticks, children_ticks, 0)


def test_memory_is_counted_exactly_only_when_it_could_be_over(monkeypatch):
    counted = []
    monkeypatch.setattr(usage, "_proportional", lambda process: counted.append(process.pid) or 40)
    monkeypatch.setattr(usage, "EXACT_SHARE", 1e-12)  # the clock alone never asks for a count
    meter = usage.MemoryMeter(100_000)
    assert not meter.is_over([fake(2, 90_000)]) and counted == []
    both = [fake(2, 90_000), fake(3, 90_000)]
    assert not meter.is_over(both) and counted == [2, 3]
    assert not meter.is_over(both) and counted == [2, 3], "nothing has grown"
    more = [fake(2, 90_000, faults=30), fake(3, 90_000)]
    assert not meter.is_over(more) and counted == [2, 3, 2, 3], "pages were copied"


def test_processor_time_of_those_who_are_gone_stays():
    meter = usage.CpuMeter()
    hundred = usage.TICKS
    assert meter.seconds([fake(2, own_ticks=hundred), fake(3, own_ticks=4 * hundred)]) >= 5
    assert meter.seconds([fake(2, own_ticks=2 * hundred)]) >= 6

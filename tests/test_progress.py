"""Long work says how far it is, also where its output is a log."""

import re

import pytest

from grader.commands import shared


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(shared.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(shared.errors, "print", lambda text, **_: lines.append(text))
    monkeypatch.setattr(type(shared.errors), "is_terminal", False)
    return lines


def test_a_log_hears_now_and_then(clock, said):
    with shared.progress() as bar:
        task = bar.add_task("01_sequence_basics", total=100)
        for _ in range(100):
            clock[0] += 1
            bar.advance(task)
        assert said[0] == "01_sequence_basics 15 of 100, after 15 s"
        assert len(said) == 100 // shared.EVERY, "not a line for each"
        bar.update(task, description="02_recurrent_layers", completed=0)
        clock[0] += shared.EVERY
        bar.update(task, completed=1)
    assert re.fullmatch(r"02_recurrent_layers 1 of 100, after \d+ s", said[-1])


def test_quick_work_says_nothing(clock, said):
    with shared.progress() as bar:
        bar.advance(bar.add_task("00_start_here", total=1))
    assert said == []


def test_each_step_is_a_line_in_a_log(said):
    with shared.steps("00_start_here [draft]") as step:
        step("running every cell")
    assert said == ["00_start_here [draft]: running every cell"]


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.setattr(type(shared.errors), "is_terminal", True)
    assert type(shared.progress()) is shared.Progress

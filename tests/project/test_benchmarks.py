"""The comparison of graders: what surrounds the measuring. That the contestants grade at all, `python -m benchmarks.grading --quick` shows."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks are run from the repository, never installed

from benchmarks.grading import contestants, otter, plan, table  # noqa: E402
from benchmarks.grading.contestants import Graded  # noqa: E402
from benchmarks.grading.material import SMALL, Material  # noqa: E402
from benchmarks.grading.measure import CommandFailed, Cost, Peak, measured, memory  # noqa: E402
from benchmarks.grading.plan import FEEDBACK, FLOOR, KEPT, MEMORY, NBGRADER, OTTER, OURS, PLAIN, Run  # noqa: E402
from benchmarks.grading.records import Records, points  # noqa: E402
from benchmarks.grading.simulation import draw, simulate  # noqa: E402
from benchmarks.grading.targets import Target, bookkeeping, marginal, targets  # noqa: E402
from grader.nbgrader_plugins.source import stamped  # noqa: E402

LESSON = "small_lesson"
ABOUT = {
    "cpu": "a processor", "cores": 2, "memory_gib": 8, "system": "Linux", "isolation": "bubblewrap", "processor_time": "of the whole machine",
    "python": "3.12.0", "packages": {"nbgrader": "0.9.6"},
    "lessons": {LESSON: {"cells": 6, "graded_cells": 5, "trainings": 2, "graded_trainings": 1}},
}  # fmt: skip


def program(*arguments):
    command = [sys.executable, "-m", "benchmarks.grading", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


# The simulated class


def test_one_worker_takes_the_sum():
    outcome = simulate([1, 2, 3], workers=1, writing=0)
    assert (outcome.seconds, outcome.workers_busy, outcome.writer_busy, outcome.bottleneck) == (6, 1, 0, "workers")


def test_the_last_verdict_is_written_after_it_is_reached():
    assert simulate([1, 2, 3], workers=1, writing=0.5).seconds == 6.5


def test_a_free_worker_takes_the_next_submission():
    # One worker: 4 s. The other: 1, 1 and 1 s, and then the last one from 3 s to 5 s.
    outcome = simulate([4, 1, 1, 1, 2], workers=2, writing=0)
    assert outcome.seconds == 5
    assert outcome.workers_busy == 9 / 10


def test_a_slow_writer_is_the_bottleneck():
    # Verdicts are there at 1, 1, 2 and 2 s; the writer begins at 1 s and is never idle again.
    outcome = simulate([1, 1, 1, 1], workers=2, writing=1)
    assert (outcome.seconds, outcome.workers_busy, outcome.writer_busy) == (5, 4 / 10, 4 / 5)
    assert outcome.bottleneck == "gradebook"


def test_a_class_begins_once_the_workers_have_started():
    assert simulate([1, 1], workers=2, writing=0, start=10).seconds == 11


def test_more_workers_than_submissions_are_idle():
    outcome = simulate([3, 1], workers=8, writing=0)
    assert (outcome.seconds, outcome.workers_busy) == (3, 4 / 24)


@pytest.mark.parametrize("seconds, workers", [([], 1), ([1], 0), ([0, 0], 1)])
def test_a_class_of_nothing_is_refused(seconds, workers):
    with pytest.raises(ValueError, match="submission"):
        simulate(seconds, workers, writing=0)


def test_what_is_drawn_was_measured_and_comes_again_with_its_seed():
    drawn = draw([1.0, 2.0, 5.0], 1000, seed=1)
    assert set(drawn) == {1.0, 2.0, 5.0} and len(drawn) == 1000
    assert drawn == draw([1.0, 2.0, 5.0], 1000, seed=1) != draw([1.0, 2.0, 5.0], 1000, seed=2)


# The plan


def test_contestants_take_turns_and_no_run_comes_twice():
    runs = plan.plan([LESSON, "02"], cores=2, rounds=2, sizes=[5, 20, 80], slow_sizes=[2, 4], otter=True)
    assert len(set(runs)) == len(runs)
    mine = [run for run in runs if run.lesson == LESSON]
    assert {run.workers for run in mine if run.way == PLAIN} == {1, 2}
    first, second = ([run.alike for run in mine if run.round == number and run.way != PLAIN] for number in (1, 2))
    ways = first[: len(second)]
    assert set(ways) == set(second) and ways[0] != second[0]
    assert {way for _, way, _, _ in ways} == {NBGRADER, OTTER, OURS, FLOOR}
    assert {(run.workers, run.training) for run in mine if run.size == 80} == {(2, False)}
    assert {(run.workers, run.training) for run in mine if run.size == 20} == {(1, False), (2, False), (2, True)}
    assert {run.size for run in mine if run.way in (NBGRADER, OTTER)} == {2, 4}
    further = [run for run in runs if run.lesson == "02" and run.way != PLAIN]
    assert {run.round for run in further} == {1} and {run.alike[1:] for run in further} >= {way[1:] for way in ways}


def test_on_one_core_all_workers_are_one():
    runs = plan.plan([LESSON], cores=1, rounds=1, sizes=[5], slow_sizes=[2], otter=False)
    assert {run.workers for run in runs} == {1} and len(set(runs)) == len(runs)
    assert OTTER not in {run.way for run in runs}


def test_what_is_left_is_told_from_what_was_measured():
    small, large = Run(LESSON, OURS, False, 2, 5), Run(LESSON, OURS, False, 2, 80)
    before = plan.BEFORE[OURS]
    assert plan.remaining([small, large], {small: before + 10.0}) == before + 160
    assert plan.remaining([small], {small: 3.0}) == 0


# What is kept, and what is made of it


def graded(took, size, **more):
    return Graded(Cost(took, 2 * took, 10**9), size, more)


@pytest.fixture
def records(tmp_path):
    """Runs of invented cost: nbgrader 20 s a submission, training; otter 30; ours 1 s with two workers and receipts."""
    kept = Records(tmp_path / "runs.json", ABOUT)

    def keep(way, training, workers, size, took, **more):
        kept.keep(Run(LESSON, way, training, workers, size), {way: graded(took, size, **more)}, took, 0.1)

    keep(NBGRADER, True, 1, 2, 40.0)
    keep(NBGRADER, False, 1, 2, 20.0)
    keep(OTTER, True, 1, 2, 60.0)
    keep(OURS, True, 1, 5, 25.0)
    keep(OURS, False, 1, 20, 36.0)
    keep(OURS, False, 2, 20, 24.0, seconds=[2.0, 2.0])
    keep(FLOOR, False, 1, 5, 8.0, seconds=[1.6] * 5, again_seconds=[0.4] * 5)
    keep(PLAIN, False, 1, 1, 4.0)
    keep(PLAIN, False, 2, 2, 5.0)
    keep(MEMORY, False, 1, 1, 5.0, warm_bytes=6 * 10**8, added_bytes=2 * 10**8)
    run = Run(LESSON, OURS, False, 2, 80)
    kept.keep(run, {OURS: graded(80.0, 80, seconds=[1.5, 2.0, 2.5]), KEPT: graded(12.0, 80, kept=80), FEEDBACK: graded(20.0, 80, kept=80)}, 115.0, 0.3)
    run = Run(LESSON, OURS, False, 2, 5)
    kept.keep(run, {OURS: graded(9.0, 5, seconds=[2.0]), KEPT: graded(4.5, 5, kept=5)}, 15.0, 0.1)
    return kept


def test_an_interrupted_comparison_goes_on_where_it_was(records):
    again = Records(records.path, ABOUT)
    assert again.records == records.records
    run = Run(LESSON, NBGRADER, True, 1, 2)
    assert again.took([run, Run(LESSON, NBGRADER, True, 1, 9)]) == {run: 40.0}


@pytest.mark.parametrize("damage", [lambda text: text[: len(text) // 2], lambda text: "[]", lambda text: "{}", lambda text: text.replace("cpu_seconds", "x")])
def test_damaged_records_are_measured_again(records, damage):
    records.path.write_text(damage(records.path.read_text()))
    again = Records(records.path, ABOUT)
    assert again.records == [] and again.took([Run(LESSON, NBGRADER, True, 1, 2)]) == {}


def test_records_of_another_machine_or_version_do_not_count(records):
    assert Records(records.path, {**ABOUT, "python": "3.13.0"}).records == []
    assert Records(records.path, ABOUT, anew=True).records == []


def test_another_lesson_is_measured_beside_what_was(records):
    other = {"02": {"cells": 9}}
    second = Records(records.path, {**ABOUT, "lessons": other})
    second.keep(Run("02", NBGRADER, True, 1, 2), {NBGRADER: graded(5.0, 2)}, 5.0, 0.0)
    both = Records(records.path, {**ABOUT, "lessons": ABOUT["lessons"] | other})
    assert len(both.records) == len(records.records) + 1
    changed = Records(records.path, {**ABOUT, "lessons": {LESSON: {"cells": 7}} | other})
    assert [record.run.lesson for record in changed.records] == ["02"]


def test_raw_numbers_are_json(records, tmp_path):
    records.write(tmp_path / "raw.json", [record.run for record in records.records], "2026-01-01")
    raw = json.loads((tmp_path / "raw.json").read_text())
    assert raw["about"]["date"] == "2026-01-01" and len(raw["records"]) == len(records.records)


def test_equal_runs_count_by_their_median(tmp_path):
    kept = Records(tmp_path / "runs.json", ABOUT)
    for number, seconds in enumerate((50.0, 10.0, 12.0), start=1):
        kept.keep(Run(LESSON, OTTER, True, 1, 2, number), {OTTER: graded(seconds, 2)}, seconds, 0.0)
    [point] = points(kept.records, LESSON, OTTER, True).values()
    assert (point.seconds, point.per_submission, point.runs, point.full_marks) == (12.0, 6.0, 3, True)


def test_targets_are_ratios_of_the_largest_classes(records):
    found = {target.text: target for target in targets(records.records, LESSON, cores=2)}
    measured = [target.measured for target in found.values()]
    # 20 s : 1 s; 30 s : 1 s; 10 s : 1 s; 20 s : 5 s; 2 * (80 - 9) s / 75; 1 s : 1.6 s / 2; 1 s : 0.4 s / 2; (36 s : 24 s) of (4 s : 2.5 s); 200 MB; none; (12 - 4.5) s / 75.
    assert measured == pytest.approx([20, 30, 10, 4, 142 / 75, 1.25, 5, 93.75, 200, None, 0.1])
    assert [target.met for target in found.values()] == [True, True, False, True, False, False, False, False, True, None, True]
    assert found["times nbgrader's throughput, 2 workers, the same receipts"].verdict == "missed by 2"


def test_processor_seconds_are_aimed_at_by_lesson(records):
    asked = [next(one.asked for one in targets([], lesson, 2) if one.text.startswith("processor")) for lesson in (LESSON, "02_recurrent_layers", "05_bidirectional_rnns")]
    assert asked == [1.5, 2.0, 2.5]


def test_a_target_says_by_how_much_it_was_missed():
    assert Target("memory", 350, False, 402.4, " MB").verdict == "missed by 52.4 MB"
    assert Target("times", 6, True, None).verdict == "not measured"


def test_bookkeeping_needs_classes_whose_verdicts_were_all_kept(records):
    kept = points(records.records, LESSON, KEPT, False, 2)
    assert marginal(kept) == pytest.approx((4.0, 0.1))
    assert bookkeeping(kept) == pytest.approx(0.1)
    records.keep(Run(LESSON, OURS, False, 2, 80, 2), {KEPT: graded(12.0, 80, kept=79)}, 1.0, 0.0)
    assert bookkeeping(points(records.records, LESSON, KEPT, False, 2)) is None
    assert bookkeeping({5: kept[5]}) is None


def test_the_report_shows_every_target_and_the_simulated_class(records):
    text = table.report(records.records, ABOUT, "2026-01-01")
    for target in targets(records.records, LESSON, 2):
        assert f"| {target.text} |" in text
    assert "otter was not measured" in text  # it has no version
    assert "| this grader, 2 workers | receipts | 80 | 1 | 1.00 | 60.0 | 2.0 | 1000 | all |" in text
    assert "| the floor, one process ÷ 2 cores | receipts | 5 | 1 | 0.80 | 75.0 | 3.2 | 1000 | all |" in text
    assert "Bookkeeping: 0.100 s a submission" in text and "Feedback pages, which no other row includes: 0.100 s" in text
    # 1,000 of about 2 s after a start of (9 - 71/75 * 5) s.
    assert "| receipts | 64 |" in text and "nothing" not in text.lower()


def test_a_report_of_nothing_says_so():
    text = table.report([], ABOUT, "2026-01-01")
    assert "Nothing was measured." in text and "Not simulated" in text and text.count("not measured") >= 8


# What the contestants are given


@pytest.fixture(scope="module")
def small():
    return Material(SMALL)


def test_students_hand_in_the_solution_and_no_two_are_equal(small):
    one, two = small.notebook(1), small.notebook(2)
    different = [a.source for a, b in zip(one.cells, two.cells, strict=True) if a.source != b.source]
    assert len(different) == 1 and "layers.Bidirectional" in different[0] and different[0].endswith("student 1.")
    text = json.dumps(one)
    assert "SOLUTION" not in text and "at_least" not in text  # what a student never sees


def test_the_floor_runs_the_cells_that_are_graded(small):
    cells = small.graded_cells(3)
    assert [cell.source for cell in small.lesson.cells("test")] == cells[-2:]
    assert cells[-3] == next(cell.source for cell in small.notebook(3).cells if cell.id == "who-speaks")


def test_experiments_are_in_what_others_run_only():
    lesson = Material("00")
    alone = [cell for cell in lesson.all_cells(1) if cell not in lesson.graded_cells(1)]
    assert alone and all(cell in [one.source for one in lesson.lesson.cells("experiment")] for cell in alone)


def test_otter_checks_where_each_test_stood(small):
    notebook = otter.with_checks(small.notebook(1))
    assert not any("check." in cell.source for cell in notebook.cells if cell.cell_type == "code")
    checked = [cell for cell in notebook.cells if "otter" in cell.metadata]
    assert [cell.id for cell in checked] == ["who-speaks"]
    assert checked[0].metadata.otter["tests"] == ["who-speaks-test", "who-speaks-hidden"]


def test_an_otter_test_runs_the_lessons_cell_in_the_students_namespace(small, tmp_path, monkeypatch):
    import zipfile

    cases = []
    fake = ModuleType("otter.test_files")
    fake.test_case = lambda **about: lambda function: cases.append((about, function))
    monkeypatch.setitem(sys.modules, "otter", ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", fake)
    otter.assignment(small, tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("tests/"))
        for name in names:
            exec(archive.read(name), {})
    assert names == ["tests/who-speaks-hidden.py", "tests/who-speaks-test.py"]
    assert [about for about, _ in cases] == [{"points": 3, "hidden": True}, {"points": 2, "hidden": False}]
    asked = []
    check = SimpleNamespace(call=lambda *a: "model", accuracy=lambda *a: 0.9, learned=lambda value, **_: asked.append(value))
    cases[0][1](dict.fromkeys(["who_speaks", "x_train", "y_train", "x_test", "y_test"], 0) | {"check": check})
    assert asked == [0.9]


def test_points_of_otters_results(tmp_path):
    (tmp_path / "results.json").write_text(json.dumps({"tests": [{"name": "Public Tests"}, {"score": 2.0}, {"score": 3.0}]}))
    assert otter.points(tmp_path / "results.json") == 5


# Measuring


def test_a_grandchilds_processor_time_counts(tmp_path):
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); print('done')"
    cost, said = measured([sys.executable, "-c", parent], tmp_path, {"PATH": ""})
    assert said == "done\n" and cost.cpu_seconds >= 0.35


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how processes share memory")
def test_memory_that_processes_share_counts_once():
    code = "import os, sys; held = b'x' * 80_000_000; os.fork(); print('.', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.read(4)  # both are ready
        with Peak(process.pid) as peak:
            wait_until(lambda: peak.bytes)
        process.stdin.close()
    assert 80_000_000 < peak.bytes < 140_000_000


def test_no_process_has_no_memory():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    assert memory(process.pid) is None


def wait_until(happened):
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_command_that_fails_says_why(tmp_path):
    with pytest.raises(CommandFailed, match="no such lesson"):
        measured([sys.executable, "-c", "raise SystemExit('no such lesson')"], tmp_path, {"PATH": ""})


def test_the_floor_runs_cells_beside_their_files_and_tells_which_failed(tmp_path):
    (tmp_path / "beside.txt").write_text("here")
    (tmp_path / "cells.json").write_text(json.dumps(["text = open('beside.txt').read()", "assert text == 'here'", "1 / 0"]))
    code = f"from pathlib import Path; from benchmarks.grading.floor import in_a_child; print(in_a_child(Path({str(tmp_path)!r})))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "'failed': ['1 / 0: division by zero', '1 / 0: division by zero']" in said  # each time
    assert "'seconds': " in said and "'again_cpu_seconds': " in said


# The command


@pytest.mark.slow
def test_help_and_mistakes():
    shown = program("--help")
    assert shown.returncode == 0 and "--otter-venv" in shown.stdout
    unknown = program("--lessons", "no-such-lesson", "--tables-only")
    assert unknown.returncode == 1 and "No lesson fits 'no-such-lesson'" in unknown.stderr and "Traceback" not in unknown.stderr
    assert program("--sizes", "0").returncode == 2


@pytest.mark.slow
def test_tables_of_nothing_are_not_written_over_others(tmp_path):
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    (tmp_path / "earlier.md").write_text("measured")
    command = [sys.executable, "-m", "benchmarks.grading", "--tables-only", "--out", str(tmp_path / "earlier")]
    refused = subprocess.run([*command, "--lessons", "small"], cwd=tmp_path, capture_output=True, text=True)
    assert refused.returncode == 1 and "Nothing was measured yet" in refused.stderr
    assert (tmp_path / "earlier.md").read_text() == "measured"


@pytest.mark.slow
def test_a_folder_with_other_things_is_not_made_a_virtual_environment(tmp_path):
    (tmp_path / "thesis.txt").write_text("irreplaceable")
    refused = program("--quick", "--otter-venv", str(tmp_path))
    assert refused.returncode == 1 and "no virtual environment" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_our_grader_takes_the_solution_as_it_is(tmp_path):
    """It is not executed, and a build of lessons/ would be asked for: nothing would be graded."""
    material = Material(SMALL)
    contestants._write_solution(material, tmp_path / "solutions")
    assert not stamped(tmp_path, material.name)

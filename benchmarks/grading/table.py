"""The report in Markdown: targets, costs, growth, and the simulated class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.grading.plan import FEEDBACK, FLOOR, KEPT, MEMORY, NBGRADER, OTTER, OURS
from benchmarks.grading.records import Point, Record, points
from benchmarks.grading.simulation import draw, simulate
from benchmarks.grading.targets import LEAST_DIFFERENCE, MB, bookkeeping, marginal, targets

CLASS, TEAMS, SEED = 1000, (1, 8, 64), 1


def report(records: Sequence[Record], about: dict, today: str) -> str:
    """The whole report."""
    cores = about["cores"]
    parts = [_opening(about, today), _others(records)]
    for lesson, facts in about["lessons"].items():
        parts += [f"## {lesson}", _lesson(facts), "### Targets", _targets(records, lesson, cores)]
        parts += ["### Cost of a submission", _costs(records, lesson, cores), "### From small classes to large ones", _growth(records, lesson, cores)]
        parts += ["### Beside the submissions", _beside(records, lesson, cores), f"### A class of {CLASS:,} submissions, simulated", _simulated(records, lesson, cores)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(about: dict, today: str) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in about["packages"].items())
    without = "" if "otter-grader" in about["packages"] else " otter was not measured: it was not installed (`--otter-venv`)."
    return (
        "# Graders side by side\n\n"
        f"`python -m benchmarks.grading`, {today}: {about['cpu']}, {about['cores']} cores, {about['memory_gib']} GiB, {about['system']}, "
        f"{about['isolation']}, Python {about['python']}, {packages}.{without} Processor time is that {about['processor_time']}. "
        "What is measured and how stands in [README.md](README.md); raw numbers are in the `.json` beside this file."
    )


def _others(records: Sequence[Record]) -> str:
    """Whether the machine was quiet."""
    if not records:
        return "Nothing was measured."
    busy = [record.others_busy for record in records]
    return f"Just before each run other programs kept {median(busy):.1f} cores busy, as the median, and {max(busy):.1f} at most."


def _lesson(facts: dict) -> str:
    said = f"A submission has {facts['cells']} code cells, of which {facts['trainings']} train. "
    if facts["cells"] == facts["graded_cells"]:
        return said + "Every contestant runs them all."
    return said + (
        f"nbgrader and otter run them all; this grader and the floor run {facts['graded_cells']}, of which {facts['graded_trainings']} train: "
        "experiments that the student left as they were are not run."
    )


def _targets(records: Iterable[Record], lesson: str, cores: int) -> str:
    rows = []
    for one in targets(records, lesson, cores):
        measured = "" if one.measured is None else f"{one.measured:.3g}{one.unit}"
        rows.append([one.text, f"{'≥' if one.at_least else '≤'} {one.asked:g}{one.unit}", measured, one.verdict])
    return _table(["", "target", "measured", ""], rows)


def _ways(cores: int) -> list[tuple[str, str, int]]:
    ours = [(f"this grader, {workers} worker{'s' * (workers > 1)}", OURS, workers) for workers in sorted({1, cores})]
    return [("nbgrader", NBGRADER, 1), ("otter", OTTER, 1), *ours]


def _costs(records: Sequence[Record], lesson: str, cores: int) -> str:
    rows = []
    for training in (True, False):
        for name, way, workers in _ways(cores):
            for point in list(points(records, lesson, way, training, workers).values())[-1:]:
                rows.append([name, _condition(training), *_figures(point)])
        for point in list(points(records, lesson, FLOOR, training).values())[-1:]:
            rows.append([f"the floor, one process ÷ {cores} cores", _condition(training), *_figures(point, cores)])
    head = ["", "", "class of", "runs", "seconds a submission", "submissions a minute", "CPU seconds a submission", "peak memory, MB", "full marks"]
    note = (
        "Medians of the runs on the largest class that each graded; the commands' own start is in it, but for the floor. "
        "Memory is that of all processes at a time; a page that several share counts once."
    )
    return f"{_table(head, rows)}\n\n{note}"


def _figures(point: Point, divided: int = 1) -> list[str]:
    each = point.per_submission / divided
    return [
        str(point.size), str(point.runs), f"{each:.2f}", f"{60 / each:.1f}", f"{point.cpu_seconds / point.size:.1f}",
        _mb(point.peak_bytes), "all" if point.full_marks else "not all",
    ]  # fmt: skip


def _growth(records: Sequence[Record], lesson: str, cores: int) -> str:
    rows = []
    for training in (True, False):
        for name, way, workers in _ways(cores):
            found = points(records, lesson, way, training, workers)
            for point in found.values():
                rows.append([name, _condition(training), str(point.size), f"{60 / point.per_submission:.1f}", f"{point.cpu_seconds / point.size:.1f}", _mb(point.peak_bytes), ""])
            if (fit := marginal(found)) and fit[1] > 0:
                rows[-1][-1] = f"{max(0.0, fit[0]):.1f} s + {fit[1]:.2f} s each"
    note = (
        "nbgrader and otter grade one submission after the other in processes that are started for each, so larger classes than these were not measured: "
        "their time is a multiple of what stands here. Classes that train are measured up to the second size."
    )
    return _table(["", "", "class of", "submissions a minute", "CPU seconds a submission", "peak memory, MB", "time of the class"], rows) + f"\n\n{note}"


def _beside(records: Sequence[Record], lesson: str, cores: int) -> str:
    lines = []
    for training in (False, True):
        for point in points(records, lesson, MEMORY, training).values():
            facts = point.more
            if facts.get("added_bytes") is not None:
                lines.append(f"* Memory, {_condition(training)}: a warm worker and its parent take {facts['warm_bytes'] / MB:.0f} MB, a submission adds {facts['added_bytes'] / MB:.0f} MB.")
    kept, pages = points(records, lesson, KEPT, False, cores), points(records, lesson, FEEDBACK, False, cores)
    if (book := bookkeeping(kept)) is not None:
        lines.append(f"* Bookkeeping: {book:.3f} s a submission, from grading classes of {_and(kept)} again from kept verdicts into an empty gradebook.")
    elif kept:
        lines.append(f"* Bookkeeping was not measured: that needs the kept verdicts of two classes, one larger by at least {LEAST_DIFFERENCE}.")
    if (size := max(set(kept) & set(pages), default=0)) >= LEAST_DIFFERENCE:
        lines.append(f"* Feedback pages, which no other row includes: {(pages[size].seconds - kept[size].seconds) / size:.3f} s a submission.")
    return "\n".join(lines)


def _simulated(records: Sequence[Record], lesson: str, cores: int) -> str:
    writing, rows = bookkeeping(points(records, lesson, KEPT, False, cores)), []
    for training in (False, True):
        found = points(records, lesson, OURS, training, cores)
        if writing is None or not found or not found[max(found)].each:
            continue
        seconds, start = found[max(found)].each, (marginal(found) or (0.0, 0.0))[0]
        for workers in TEAMS:
            outcome = simulate(draw(seconds, CLASS, SEED), workers, writing, max(0.0, start))
            rows.append([_condition(training), str(workers), f"{outcome.seconds / 60:.1f}", f"{CLASS / outcome.seconds * 60:.0f}",
                         f"{outcome.workers_busy:.0%}", f"{outcome.writer_busy:.0%}", outcome.bottleneck])  # fmt: skip
    if not rows:
        return "Not simulated: it needs measured seconds in a worker and measured bookkeeping."
    note = (
        f"Drawn with a seed from the seconds that submissions took in a worker while {cores} were at work on {cores} cores, and the bookkeeping above in the one writer. "
        "Every worker is taken to be as fast as those: on cores of its own, here or on another machine; the way there and back is not counted."
    )
    return _table(["", "workers", "minutes", "submissions a minute", "workers busy", "writer busy", "bottleneck"], rows) + f"\n\n{note}"


def _condition(training: bool) -> str:
    return "training again" if training else "receipts"


def _mb(size: float | None) -> str:
    return "not measured" if size is None else f"{size / MB:.0f}"


def _and(sizes: Iterable[int]) -> str:
    return " and ".join(map(str, sizes))


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

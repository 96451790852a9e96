"""The tables of the training benchmark, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.training.layers import FEATURES, STEPS, UNITS
from benchmarks.training.lessons import OFF_THE_PATH

CLAIMS = {
    "LSTM costs twice a GRU": ("LSTM", "GRU"),
    "and ten times a Dense": ("LSTM", "Dense"),
}


def report(about: dict, rows: list[dict], evidence: dict[str, list[str]]) -> str:
    return "\n".join(_report(about, rows, evidence)) + "\n"


def _report(about: dict, rows: list[dict], evidence: dict[str, list[str]]) -> Iterator[str]:
    yield "# How fast the models train"
    yield ""
    yield f"`{about['command']}` on {about['machine']}, {about['date']}: Keras {about['keras']}, {about['backend']}, device {about['device']}."
    yield f"Medians of {about['rounds']} epochs each, taken in turn; the first, in which the step is traced, is not counted."
    yield "*ratio*: the time of a sequence, as a multiple of the first row of its table; above 1 is slower."
    if about["busy"] > 0.3:
        yield f"Something else kept {about['busy']:.1f} of {about['cores']} cores busy meanwhile: ratios are of some use then, seconds of little."
    yield ""
    yield "## Claims"
    yield ""
    yield "| claim | with as many units | with as many weights |"
    yield "|---|---:|---:|"
    for claim, (one, other) in CLAIMS.items():
        yield f"| {claim} | {_times(rows, f'{UNITS} units', one, other)} | {_times(rows, 'about', one, other)} |"
    slow = [row["ratio"] for row in rows if row["name"] == OFF_THE_PATH]
    least, most = (f"{value:.2f}" for value in (min(slow), max(slow)))
    if about["device"] == "CPU":
        yield f'| "very slow even on a GPU" | not measured: this device is a CPU, which has no cuDNN; `recurrent_dropout` costs {least} to {most} times here | |'
    else:
        yield f'| "very slow even on a GPU" | off the cuDNN path a lesson\'s model takes {least} to {most} times as long as on it | |'
    yield ""
    yield "## Lessons"
    yield ""
    yield "Each lesson's model as its solution makes it, on arrays in the lesson's shapes, and the same with what cuDNN cannot do."
    yield from _groups(row for row in rows if row["part"] == "lessons")
    yield "## Layers"
    yield ""
    yield f"Sequences of {STEPS} timesteps, {FEATURES} features, an answer at every timestep, batches of 64."
    yield from _groups(row for row in rows if row["part"] == "layers")
    yield "## Sequences of different lengths"
    yield ""
    yield "Embedding, LSTM(64), one answer a sequence."
    yield from _groups(row for row in rows if row["part"] == "lengths")
    yield "## cuDNN"
    yield ""
    if about["device"] == "CPU":
        yield "Not measured: it takes a GPU. What is asked there is which of cuDNN's operations the backend executed (`benchmarks/training/evidence.py`)."
        return
    yield "The recurrent operations of cuDNN that the backend executed, and whether the weights were on the GPU."
    yield ""
    yield "| model | operations | weights |"
    yield "|---|---|---|"
    for name, (found, on_gpu) in evidence.items():
        yield f"| {name} | {'; '.join(found) or 'none'} | {'on the GPU' if on_gpu else 'NOT on the GPU'} |"


def _groups(rows) -> Iterator[str]:
    yield ""
    yield "| what | | weights | sequences | seconds an epoch | sequences a second | ratio |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    before = None
    for row in rows:
        group = row["group"] if row["group"] != before else ""
        before = row["group"]
        numbers = f"{row['weights']:,} | {row['samples']:,} | {row['epoch_seconds']:.3g} | {row['samples_per_second']:,.0f} | {row['ratio']:.2f}"
        yield f"| {group} | {row['name']} | {numbers} |"
    yield ""


def _times(rows: list[dict], group: str, one: str, other: str) -> str:
    found = {row["name"].rpartition("(")[0] or row["name"]: row["epoch_seconds"] / row["samples"] for row in rows if row["group"].startswith(group)}
    return f"{found[one] / found[other]:.1f}" if one in found and other in found else ""

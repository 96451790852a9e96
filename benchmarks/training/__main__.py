"""Measure training: python -m benchmarks.training [--quick] [--backend jax] [--json]

Seconds an epoch and sequences a second, on whatever device is there, in one run: each lesson's model beside the same model off
the cuDNN path; LSTM, GRU, SimpleRNN, Conv1D and Dense beside each other; four ways to feed sequences of different lengths.
Written to benchmarks/training.md and .json; with --quick into build/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import date
from pathlib import Path


def main() -> None:
    options = arguments()
    if options.backend:
        os.environ["KERAS_BACKEND"] = options.backend
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from grader.quiet import import_keras

    import_keras()
    from benchmarks.training import ROOT, table

    out = options.out or (ROOT / "build" / "benchmarks" / "training" if options.quick else ROOT / "benchmarks" / "training")
    about, rows, evidence = run(options)
    out.parent.mkdir(parents=True, exist_ok=True)
    text = table.report(about, rows, evidence)
    out.with_suffix(".md").write_text(text, encoding="utf-8")
    found = json.dumps({"about": about, "rows": rows, "evidence": evidence}, indent=1)
    out.with_suffix(".json").write_text(found + "\n", encoding="utf-8")
    print(found if options.json else text)


def run(options) -> tuple[dict, list[dict], dict]:
    """What was measured: about the machine, the rows, and cuDNN's operations by model."""
    import keras

    from benchmarks.training import evidence, layers, lessons
    from benchmarks.training.measure import measure
    from grader import hardware, lab

    say = sys.stderr.write if sys.stderr.isatty() else lambda text: None
    lab.device.prepare()
    on_gpu = lab.device.has_gpu()
    rounds, rows = (2, 256) if options.quick else (5, 512)
    rows *= 16 if on_gpu and not options.quick else 1
    busy = others_busy()
    chosen = (lessons.QUICK, 0.1) if options.quick else (list(lessons.EXERCISES), 1.0 if on_gpu else 0.3)
    parts = {
        "lessons": list(lessons.contestants(*chosen)),
        "layers": list(layers.with_as_many_units(rows)),
        "lengths": list(layers.of_different_lengths(2 * rows)),
    }
    if not options.quick:
        parts["layers"] += layers.with_as_many_weights(rows)
    if on_gpu:
        parts["layers"] += layers.in_precisions(rows)
    measured, found = [], {}
    for part, contestants in parts.items():
        told = measure(contestants, rounds, lambda what, part=part: say(f"\r\x1b[K{part} · {what}"))
        measured += [{"part": part, **row} for row in told]
    say("\r\x1b[K")
    if on_gpu:
        for contestant in parts["lessons"]:
            inputs = [keras.ops.ones([2 if size is None else size for size in part.shape[:1]] + [8 if n is None else n for n in part.shape[1:]], part.dtype)
                      for part in contestant.model.inputs]  # fmt: skip
            operations = evidence.fused_operations(contestant.model, inputs if len(inputs) > 1 else inputs[0])
            placed = all(map(hardware.on_gpu, hardware.numbers(contestant.model)))
            found[f"{contestant.group}: {contestant.name}"] = (operations, placed)
    about = {
        "command": "python -m benchmarks.training" + "".join(f" {word}" for word in sys.argv[1:] if word != "--json"),
        "machine": machine(), "cores": os.cpu_count(), "date": str(date.today()), "keras": keras.__version__,
        "backend": lab.device.backend(), "device": lab.device.describe(), "rounds": rounds, "busy": round(busy, 2),
    }  # fmt: skip
    return about, measured, found


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}, {platform.machine()}, Python {platform.python_version()}"


def others_busy(seconds: float = 2.0) -> float:
    """How many cores something else keeps busy, looked at before the measuring; 0.0 where nobody can say."""
    try:
        import psutil
    except ImportError:
        return 0.0
    return psutil.cpu_percent(seconds) / 100 * psutil.cpu_count()


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, about two minutes on two cores; written into build/")
    parser.add_argument("--backend", choices=["tensorflow", "jax", "torch"], help="Keras' backend; otherwise KERAS_BACKEND says")
    parser.add_argument("--json", action="store_true", help="print the raw numbers in place of the table")
    parser.add_argument("--out", type=Path, help="where to write, without the ending")
    return parser.parse_args()


if __name__ == "__main__":
    main()

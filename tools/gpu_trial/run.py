"""Train the packed lessons here: python3 run.py [OUT], in the folder that `tools.gpu_trial pack` made.

Needs Python 3.11 or newer with TensorFlow, JAX or PyTorch; no network. KERAS_BACKEND chooses among them. Runs each lesson's
given cells, its solutions and the tests of what trains, in OUT, and writes OUT/trial.zip: the receipts, and trial.json.
"""

import contextlib
import gzip
import importlib.util
import io
import json
import os
import pickle
import platform
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out").resolve()
    out.mkdir(parents=True, exist_ok=True)
    install()
    os.environ.setdefault("KERAS_BACKEND", next((name for name, module in BACKENDS.items() if importlib.util.find_spec(module)), "tensorflow"))
    os.environ.update(MPLBACKEND="Agg", RNN_COURSE_RECEIPTS="")
    sys.path.insert(0, str(HERE / "course"))
    import keras

    from grader import lab

    lab.start()
    with gzip.open(HERE / "data.pickle.gz") as file:  # packed by the course's own command
        packed = pickle.load(file)
    for name in {name for name, _ in packed}:
        setattr(lab.data, name, lambda name=name, **settings: packed[name, tuple(sorted(settings.items()))])
    trial = {
        "keras": keras.__version__, "backend": lab.device.backend(), "device": lab.device.describe(),
        "python": platform.python_version(), "cores": os.cpu_count(), "lessons": {},
    }  # fmt: skip
    for path in sorted((HERE / "lessons").glob("*.json")):
        print(f"\n{path.stem}", flush=True)
        folder = out / path.stem
        folder.mkdir(exist_ok=True)
        os.chdir(folder)
        trial["lessons"][path.stem] = play(json.loads(path.read_text()))
        write(out, trial)
    print(f"\nWritten: {out / 'trial.zip'}")


def install() -> None:
    """Put the packed wheels before what is installed, in a folder of their own."""
    wheels, site = sorted((HERE / "wheels").glob("*.whl")), HERE / "site"
    if wheels and not site.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(site), *map(str, wheels)]
        subprocess.run(pip, check=True)
    if wheels:
        sys.path.insert(0, str(site))


def play(cells: list[dict]) -> dict:
    """Run a lesson's cells; what trained, what was measured, and what failed."""
    from grader import hardware, lab
    from grader.checks.training import listening

    names = {"__name__": "lesson"}
    found = {"trained": [], "tests": {}, "measured": [], "failed": {}}
    fit_once = lab.fit_once

    def fit_and_tell(model, x, y=None, **settings):
        history = fit_once(model, x, y, **settings)
        if not history.receipt["restored"]:
            placed = all(map(hardware.on_gpu, hardware.numbers(model)))
            found["trained"].append({**history.receipt, "epochs": len(history.epoch), "weights_on_gpu": placed, "cudnn": evidence(model, x)})
            print(f"  {history.receipt['name']}: {history.receipt['seconds']:.1f} s on {history.receipt['device']}", file=sys.__stdout__, flush=True)
        return history

    lab.fit_once = fit_and_tell
    try:
        for cell in cells:
            with listening() as heard:
                said = run(cell["source"], cell["id"], names)
            if cell["role"] == "test":
                found["tests"][cell["id"]] = said
                found["measured"] += [{"test": cell["id"], **each} for each in heard]
                print(f"  {cell['id']}: {said or 'passed'}", flush=True)
            elif said:
                found["failed"][cell["id"]] = said
    finally:
        lab.fit_once = fit_once
    return found


def run(source: str, name: str, names: dict) -> str:
    """Run a cell; "" or what it raised. What it prints is not shown."""
    if not importlib.util.find_spec("tensorflow"):
        source = re.sub(r"(?m)^import tensorflow as tf$", "", source)  # what needs it fails by itself
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, name, "exec"), names)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:1000]
    return ""


def evidence(model, x) -> list[str]:
    """The operations of cuDNN that ran, by name; on a CPU none. A trial goes on without it."""
    from grader import lab

    if not lab.device.has_gpu():
        return []
    try:
        from benchmarks.training.evidence import fused_operations

        some = [part[:4] for part in x] if isinstance(x, (list, tuple)) else x[:4]
        return fused_operations(model, some)
    except Exception as error:
        return [f"not found out: {type(error).__name__}: {error}"[:300]]


def write(out: Path, trial: dict) -> None:
    """All that comes back, in one file; after each lesson, so that a trial that is cut off brings back what it has."""
    trial["written"] = time.strftime("%Y-%m-%d", time.gmtime())
    scratch = out / "trial.zip.new"
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("trial.json", json.dumps(trial, indent=1))
        for receipt in sorted(out.glob("*/receipts/*.npz")):
            archive.write(receipt, receipt.relative_to(out).as_posix())
    os.replace(scratch, out / "trial.zip")


if __name__ == "__main__":
    main()

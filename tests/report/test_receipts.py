"""What receipts say, from files that nobody can trust."""

import io
import json
import math
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from grader.report import receipts

FACTS = {"format": 1, "name": "net", "device": "CPU", "seconds": 12.5, "written": "2026-01-01T10:00:00+00:00", "keras": "3.14.0"}
WEIGHTS = [np.arange(6, dtype="float32").reshape(2, 3), np.ones(3, "float32")]


def made(facts=FACTS, weights=WEIGHTS, save=np.savez_compressed):
    file = io.BytesIO()
    save(file, receipt=np.array(json.dumps(facts)), **{f"weight_{index:03d}": value for index, value in enumerate(weights)})
    return file.getvalue()


def test_it_is_read_as_it_is_written():
    read = receipts.read(made())
    assert (read.device, read.seconds, read.written) == ("CPU", 12.5, "2026-01-01T10:00:00+00:00")


def test_the_format_is_that_of_the_lab():
    lab = (Path(receipts.__file__).parents[1] / "lab" / "receipts.py").read_text()
    assert re.search(r"^FORMAT = (\d+)$", lab, re.MULTILINE)[1] == str(receipts.FORMAT)
    assert "receipt=np.array(json.dumps(facts))" in lab and 'f"weight_{index:03d}"' in lab


def test_the_same_weights_are_the_same_however_they_are_packed():
    assert receipts.read(made()).weights == receipts.read(made({**FACTS, "seconds": 3}, save=np.savez)).weights
    assert receipts.read(made()).weights != receipts.read(made(weights=[WEIGHTS[0] + 1e-7, WEIGHTS[1]])).weights
    assert receipts.read(made(weights=[])).weights == ""


@pytest.mark.parametrize("seconds", ["soon", None, math.nan, math.inf, -1, 10**400, 1e308, [1]], ids=str)
def test_odd_seconds_are_unknown(seconds):
    assert math.isnan(receipts.read(made({**FACTS, "seconds": seconds})).seconds)


def test_long_and_odd_words_are_cut():
    read = receipts.read(made({**FACTS, "device": "G\x1b[31mPU\n" + "x" * 10_000}))
    assert read.device.startswith("GPU x") and len(read.device) == 80
    assert receipts.read(made({**FACTS, "device": {"a": [1]}})).device == "{'a': [1]}"


def members(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def header(shape, kind, data=b""):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return file.getvalue() + data


class Trap:
    def __reduce__(self):
        return pytest.fail, ("a receipt was unpickled",)


def pickled():
    return header((1,), "|O", pickle.dumps([Trap()]))


BROKEN = {
    "empty": b"",
    "no archive": b"PK\x03\x04 and then nothing",
    "cut off": made()[:-40],
    "cut in the middle": made()[: len(made()) // 2],
    "a picture": b"\x89PNG\r\n" + bytes(1000),
    "no facts": members(weight_000=header((1,), "<f4", bytes(4))),
    "another format": made({**FACTS, "format": 2}),
    "no dictionary": made([1, 2]),
    "facts of many": members(receipt=header((10**12,), "<U1")),
    "facts of objects": members(receipt=pickled()),
    "facts too long": members(receipt=header((), "<U900000000000")),
    "facts nested": members(receipt=header((), "<U100000", ("[" * 100_000).encode("utf-32-le"))),
    "too many facts": members(receipt=bytes(5_000_000)),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_one_is_said_to_be_and_nothing_of_it_runs(content):
    with pytest.raises(receipts.Broken) as broken:
        receipts.read(content)
    assert len(str(broken.value)) < 100


def test_weights_that_would_be_unpickled_or_unpacked_without_end_are_refused():
    facts = io.BytesIO()
    np.lib.format.write_array(facts, np.array(json.dumps(FACTS)))
    for weight in (pickled(), bytes(receipts.MOST_WEIGHTS + 1)):
        with pytest.raises(receipts.Broken):
            receipts.read(members(receipt=facts.getvalue(), weight_000=weight))
    assert receipts.read(members(receipt=facts.getvalue(), weight_000=header((10**9,), "<f4"))).weights  # a claim, for which no room is made

# intent: a receipt of numbers that no table, sum or drawing can take, and of texts without an end
# family: receipts
# stock: not run: it was written against the source of this grader
# target: keras
# before: the class report ended in a traceback
import io
import json

import numpy as np

FACTS = ({"seconds": 1e308}, {"seconds": float("nan")}, {"seconds": -1}, {"seconds": 10**4000}, {"seconds": "1e309"}, {"seconds": [1]}, {"seconds": {}},
         {"device": "x" * 900_000}, {"device": ["x"] * 9}, {"written": "9" * 5000}, {"written": None}, {"history": {"loss": [1e308] * 99}}, {"format": 1e308})


def submit(place):
    (place.folder / "receipts").mkdir()
    for number, odd in enumerate(FACTS):
        about = {"format": 1, "device": "CPU", "seconds": 1.0, "written": "2026-01-01", "history": {"loss": [1.0]}} | odd
        file = io.BytesIO()
        np.savez(file, receipt=np.array(json.dumps(about)), weight_000=np.zeros(3))
        (place.folder / "receipts" / f"r{number}.npz").write_bytes(file.getvalue())
    place.save()

"""What a lesson leans on besides Keras: data, figures, training that remembers, and the device."""

from grader.quiet import import_keras

import_keras()

from grader.lab import convolutions, data, device, forecasts, linear, plot, readers, streams, translators  # noqa: E402
from grader.lab.device import start  # noqa: E402
from grader.lab.jacobians import show_dependence  # noqa: E402
from grader.lab.maskings import maskings  # noqa: E402
from grader.lab.receipts import fit_once  # noqa: E402
from grader.lab.submission import hand_in  # noqa: E402
from grader.lab.taggers import tags_both_ways  # noqa: E402

__all__ = ["convolutions", "data", "device", "fit_once", "forecasts", "hand_in", "linear", "maskings", "plot", "readers", "show_dependence", "start", "streams", "tags_both_ways", "translators"]

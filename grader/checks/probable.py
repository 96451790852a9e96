"""Whether what a model gives are probabilities."""

from __future__ import annotations

import numpy as np

from grader.checks.describe import as_array
from grader.checks.failure import CheckFailed


def probabilities(values, name: str = "the model's output", sum_to_one: bool = False) -> None:
    """`values` must lie between 0 and 1. sum_to_one: and sum to one over the last axis.

    Raises CheckFailed.
    """
    found = np.asarray(as_array(values), "float64")
    if not np.isfinite(found).all():
        raise CheckFailed(f"{name} has NaN or infinity in it", hint="Find the first line that makes one: 0/0, log(0), an overflow, a learning rate that is too large.")
    layer = 'activation="softmax"' if sum_to_one else 'activation="sigmoid"'
    if found.size and (found.min() < -1e-6 or found.max() > 1 + 1e-6):
        raise CheckFailed(f"{name} is no probability", hint=f"It is below 0 or above 1, as logits are. Probabilities are asked: {layer} in the last layer, and a loss without from_logits.")
    if sum_to_one and not np.allclose(found.sum(-1), 1, atol=1e-3):
        raise CheckFailed(f"{name} does not sum to one", hint=f"Over the classes probabilities sum to one: {layer} over the last axis.")

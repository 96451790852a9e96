"""Three ideas for keeping padding out of a softmax, tried on one query."""

from __future__ import annotations

import numpy as np


def maskings(scores, real) -> None:
    """Print the weights that each idea gives, and their sum over the real tokens. scores, real: (tokens,)."""
    scores, real = np.asarray(scores, float), np.asarray(real)
    ideas = {
        "no mask": (np.exp(scores), 1),
        "a score of 0 for padding": (np.exp([score if is_real else 0.0 for score, is_real in zip(scores, real, strict=True)]), 1),
        "a weight of 0 for padding": (np.exp(scores), [float(is_real) for is_real in real]),
        "a score of -1e9 for padding": (np.exp([score if is_real else -1e9 for score, is_real in zip(scores, real, strict=True)]), 1),
    }
    kept = np.exp(scores[real])
    rows = {name: powers / sum(powers) * np.asarray(after) for name, (powers, after) in ideas.items()}
    rows["only the real tokens"] = np.pad(kept / sum(kept), (0, len(scores) - len(kept)))
    for name, weights in rows.items():
        print(f"{name:<29}{np.round(weights, 3)}   sum over real tokens {weights[real].sum():.3f}")

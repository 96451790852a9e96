"""Whether a trained classifier holds what it read early, and if not, whether it is its memory that lacks."""

from __future__ import annotations

import numpy as np

from grader.checks.calls import call
from grader.checks.classifying import _evidence
from grader.checks.describe import as_array
from grader.checks.training import accuracy, learned

LETS_GO = (
    "What stands in the first timesteps makes no difference to what it says at the end: until then nothing is left of it. How much of its state does a unit keep "
    "at each timestep before training, and how much is that after all of them? gate_bias decides."
)


def holds(model, x, y, early: int, *, at_least: float, metric: str) -> None:
    """The accuracy of `model` on (x, y), which it was not trained on, must reach `at_least`; what tells y stands in the first `early` timesteps.

    x: (samples, timesteps, features); y: int (samples,). If it does not, those timesteps are exchanged for another sequence's: where
    the answers stay as they are, the hint says that they were forgotten. Raises CheckFailed.
    """
    share = accuracy(model, x, y)
    hint = None
    if share < at_least:
        hint = LETS_GO if _lets_go(model, np.asarray(as_array(x)), early) else _evidence(model, x, as_array(y), share)
    learned(share, at_least=at_least, metric=metric, hint=hint)


def _lets_go(model, x, early: int) -> bool:
    """Whether what a model says depends on a sequence's end, and on its beginning next to nothing."""
    x = x[:256]
    other = x[::-1]
    begun, ended = (np.concatenate([one[:, :early], two[:, early:]], axis=1) for one, two in ((other, x), (x, other)))
    said, with_begun, with_ended = (np.asarray(as_array(call(model.predict, part, batch_size=256, verbose=0, name="model.predict"))) for part in (x, begun, ended))
    by_begun, by_ended = (np.abs(changed - said).mean() for changed in (with_begun, with_ended))
    return bool(by_ended > 1e-6 and by_begun < 0.02 * by_ended)

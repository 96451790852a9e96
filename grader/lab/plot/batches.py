"""What a batch of sequences looks like: (batch, timesteps, features)."""

from __future__ import annotations

import numpy as np

from grader.lab.plot.style import figure


def batch(x):
    """A panel for each sequence of `x` (batch, timesteps, features), a line for each feature; at most 6 of each."""
    x = np.asarray(x)[:6, :, :6]
    fig, axes = figure(1, len(x), sharey=True, squeeze=False)
    for index, (axis, sequence) in enumerate(zip(axes[0], x, strict=True)):
        for feature, (values, marker) in enumerate(zip(sequence.T, "osD^vP", strict=False)):
            axis.plot(values, marker=marker, markersize=5, label=f"feature {feature}")
        axis.set(title=f"sequence {index}", xlabel="timestep")
    axes[0, 0].set_ylabel("value")
    axes[0, -1].legend()
    return fig

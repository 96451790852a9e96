"""What training looked like: a metric after each epoch."""

from __future__ import annotations

from grader.lab.plot.style import figure


def history(histories: dict[str, dict[str, list[float]]], metric: str, label: str | None = None, bar: float | None = None, bar_label: str = "the bar"):
    """Lines of `metric` over epochs, one for each named history; a dotted line at `bar`, named `bar_label`.

    histories: name -> Keras history dictionary (metric -> one value per epoch).
    """
    fig, axis = figure()
    for name, values in histories.items():
        epochs = range(1, len(values[metric]) + 1)
        axis.plot(epochs, values[metric], marker="o", markersize=4, label=name)
    if bar is not None:
        axis.axhline(bar, color="black", linestyle=":", linewidth=1.5, label=bar_label)
    axis.set(xlabel="epoch", ylabel=label or metric)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend()
    return fig

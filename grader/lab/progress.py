"""A line per epoch while a model trains, without timings, so that a notebook reads the same on every machine."""

from __future__ import annotations

import keras


class EpochLines(keras.callbacks.Callback):
    """Prints `epoch 3/10  loss 0.412  accuracy 0.871` as each epoch ends; of many epochs, about ten."""

    def __init__(self, epochs: int):
        super().__init__()
        self.epochs = epochs
        self.every = max(1, epochs // 10)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        if (epoch + 1) % self.every == 0 or epoch + 1 in (1, self.epochs):
            self._line(epoch + 1, logs or {})

    def restored(self, history: dict[str, list[float]]) -> None:
        """Print the last line of a training that is being restored."""
        last = {name: values[-1] for name, values in history.items() if values}
        if last:
            self._line(len(next(iter(history.values()))), last)

    def _line(self, epoch: int, logs: dict) -> None:
        width = len(str(self.epochs))
        names = sorted((name for name in logs if name != "learning_rate"), key=lambda name: ("loss" not in name, name))
        numbers = "  ".join(f"{name} {float(logs[name]):.4f}" for name in names)
        print(f"epoch {epoch:>{width}}/{self.epochs}  {numbers}", flush=True)

"""What a model gives for a few rows: through its trace where it has one, since a loop of Keras' that is called costs milliseconds a timestep."""

from __future__ import annotations

import keras

from grader.checks.calls import call


def answer(model, x, name: str = "the model"):
    """`model(x)`, an exception in it explained. A model that has predicted before, as those that a grader keeps, is not run anew from Python; no other is traced for it."""
    traced = isinstance(model, keras.Model) and getattr(model, "predict_function", None) is not None
    return call(model.predict_on_batch if traced else model, x, name=name)

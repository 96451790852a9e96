"""Lesson 1's experiments with forecasts: baselines, and models whose score depends on how the samples are split."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.lab import data, plot

Split = Callable[[np.ndarray, np.ndarray, int], tuple]
Trainer = Callable[[np.ndarray, np.ndarray, str], object]

BASELINES = {"yesterday": 1, "a week ago": 7, "52 weeks ago": 364}


def baselines(first_test_day: str = "2012-01-01") -> None:
    """Print the mean absolute error of the forecasts that cost nothing, on the births from that day on."""
    dates, births = data.births()
    start = int(np.searchsorted(dates, np.datetime64(first_test_day)))
    for name, lag in BASELINES.items():
        error = np.abs(births[start:] - births[start - lag : -lag]).mean()
        print(f"{name:<14} MAE {error:6.0f} births a day, {first_test_day[:4]} to 2014")


def random_walk(split: Split, width: int = 28, horizon: int = 28) -> None:
    """Print how well nearest neighbours foresee a random walk, trained and tested as `split` says.

    split(x, y, train_size) returns x_train, y_train, x_test, y_test; x is (samples, width), y (samples,).
    """
    walk = np.random.default_rng(1).normal(size=3000).cumsum()
    x, y = _windows(walk, width)[: len(walk) - width - horizon + 1], walk[width + horizon - 1 :]
    x_train, y_train, x_test, y_test = map(np.asarray, split(x, y, 2400))
    error = np.abs(_nearest(x_train, y_train, x_test, 1) - y_test).mean()
    print(f"best possible forecast, on average: {np.sqrt(horizon * 2 / np.pi):.2f}")
    print(f"nearest neighbour, split like this: {error:.2f}")


def two_splits(shuffled: Split) -> None:
    """Draw the errors of two models on the mean of the next four weeks of births: split by `shuffled`, and split by time."""
    series = data.births()[1].astype("float64")
    x, y = _windows(series, 56)[:-28], _windows(series, 28)[56:].mean(axis=1)
    cut = int(0.8 * len(x))
    number = np.arange(len(x))  # of the sample, in the order of time
    splits = {"shuffled": shuffled(x, y, cut), "by time": (x[: cut - 27], y[: cut - 27], x[cut:], y[cut:])}
    tests = {"shuffled": np.isin(number, shuffled(x, number, cut)[3]), "by time": number >= cut}
    scores = {}
    for name, (x_train, y_train, x_test, y_test) in splits.items():
        forecasts = {"nearest neighbours": _nearest(x_train, y_train, x_test, 3), "linear": _linear(x_train, y_train, x_test)}
        scores[name] = {model: float(np.abs(y_test - values).mean()) for model, values in forecasts.items()}
    plot.show(
        plot.split_leak(tests, scores, ylabel="MAE, births a day"),
        alt="Above, which samples are tests: scattered all over time when shuffled, the last fifth when split by time. Below, the errors: "
        "on the shuffled split nearest neighbours win, on the split by time the linear model wins.",
    )


def compare(train: Trainer, width: int = 28) -> None:
    """Draw the errors of a trained network, a linear model and three baselines, one day ahead, on two test periods.

    train(x, y, name) returns a trained model; x is (samples, width, 1 feature), y (samples,), both scaled by the training years.
    """
    tables = {
        "test 2012–2014,\ntrained on 12 years": _errors(train, "2000", "2012", "2015", "births-12-years", width),
        "test 2003,\ntrained on 3 years": _errors(train, "2000", "2003", "2004", "births-3-years", width),
    }
    plot.show(
        plot.error_bars(tables, xlabel="MAE, births a day"),
        alt="Mean absolute errors of five forecasters for two test periods. Trained on twelve years the GRU beats the linear model; trained "
        "on three years the linear model beats the GRU, and 52 weeks ago beats both.",
    )


def _errors(train: Trainer, first: str, test: str, end: str, name: str, width: int) -> dict[str, float]:
    dates, births = data.births()
    start, cut, stop = np.searchsorted(dates, np.array([first, test, end], "datetime64[D]"))
    mean, spread = births[start:cut].mean(), births[start:cut].std()
    scaled = (births[start:stop] - mean) / spread
    x, y = _windows(scaled, width)[:-1], scaled[width:]
    size = int(cut - start - width)  # the targets of the first `size` windows lie before the test
    model = train(x[:size, :, np.newaxis], y[:size], name)
    forecasts = {label: scaled[cut - start - lag : -lag] for label, lag in BASELINES.items()}
    forecasts["linear, 28 days"] = _linear(x[:size], y[:size], x[size:])
    forecasts["GRU(32), 28 days"] = model.predict(x[size:, :, np.newaxis], verbose=0)[:, 0]
    return {label: float(spread * np.abs(y[size:] - day).mean()) for label, day in forecasts.items()}


def _windows(series: np.ndarray, width: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(series, width)


def _linear(x_train, y_train, x_test) -> np.ndarray:
    x_train, x_test = (np.insert(x, 0, 1, axis=1) for x in (x_train, x_test))  # and a constant
    return x_test @ np.linalg.lstsq(x_train, y_train, rcond=None)[0]  # least squares


def _nearest(x_train, y_train, x_test, neighbours: int) -> np.ndarray:
    """The mean target of the training windows that are most like each test window."""
    # |a - b|² = |a|² + |b|² - 2ab for all pairs at once, without an array (test, training, width).
    far = (x_test**2).sum(axis=1)[:, np.newaxis] + (x_train**2).sum(axis=1) - 2 * x_test @ x_train.T
    closest = np.argpartition(far, neighbours - 1, axis=1)[:, :neighbours]
    return y_train[closest].mean(axis=1)

"""What TensorFlow says of a number that an Embedding has no row for, in a call and in a graph, and what is told of it."""

import keras
import numpy as np
import pytest
from keras import layers

from grader import checks as check
from grader.checks import CheckFailed

X = np.full((8, 3), 7)


def model():
    made = keras.Sequential([layers.Embedding(5, 3), layers.LSTM(2), layers.Dense(1)])
    made.compile("sgd", "mse")
    return made


def called():
    return model()(X)


def trained():
    return model().fit(X, np.zeros((8, 1)), verbose=0)


def asked():
    return model().predict(X, verbose=0)


@pytest.mark.parametrize("fn", [called, trained, asked])
def test_a_number_without_a_row_is_explained(fn):
    with keras.device("cpu:0"), pytest.raises(CheckFailed) as failed:  # a GPU takes zeros for the row, and says nothing
        check.call(fn)
    assert "from 0 to input_dim - 1" in failed.value.hint
    assert "indices[0,0] = 7 is not in [0, 5)" in failed.value.actual


def test_the_cause_in_a_graph_is_told_without_the_way_to_it():
    def fn():
        raise RuntimeError(
            "Graph execution error:\n\nDetected at node a/b defined at (most recent call last):\n  File \"x.py\", line 1, in fit\n\n"
            "Received a label value of 3 which is outside the valid range of [0, 2).\n\t [[{{node a/b}}]] [Op:__inference_step_42]"
        )

    with pytest.raises(CheckFailed) as failed:
        check.call(fn)
    told = failed.value.actual.splitlines()[0]
    assert told == "RuntimeError: Graph execution error: Received a label value of 3 which is outside the valid range of [0, 2)."


def test_tensorflows_names_of_its_own_nodes_are_left_out():
    def fn():
        raise RuntimeError("{{function_node __wrapped__AddV2_device_/job:localhost/device:CPU:0}} Incompatible shapes: [3,4] vs. [3,2] [Op:AddV2] name: ")

    with pytest.raises(CheckFailed) as failed:
        check.call(fn)
    assert failed.value.actual.startswith("RuntimeError: Incompatible shapes: [3,4] vs. [3,2]\n")

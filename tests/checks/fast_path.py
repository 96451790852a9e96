"""Keras' own choice of path, asked on any machine: the graph that TensorFlow traces when Keras takes it that a GPU is there."""

import importlib
from collections import Counter
from contextlib import contextmanager

import tensorflow as tf

# `from keras.src.backend.tensorflow import rnn` gives the function of that name.
rnn = importlib.import_module("keras.src.backend.tensorflow.rnn")
CUDNN = "CudnnRNNV3"
ARITHMETIC = {"MatMul", "BiasAdd", "AddV2", "Sub", "Mul", "Sigmoid", "Tanh", "Relu"}


@contextmanager
def as_on_gpu():
    """Keras takes it that there is a GPU. What it then traces can be read; it cannot run here."""
    asked, rnn._is_gpu_available = rnn._is_gpu_available, lambda: True
    try:
        yield
    finally:
        rnn._is_gpu_available = asked


def operations(layer, shape=(2, 7, 3), mask=False, **call) -> Counter:
    """How often each operation stands in the graph of `layer(x, training=True)`; its loops and branches included, each once.

    mask: whether a mask (batch, timesteps) is passed, of values that the graph does not know.
    """
    graph = _graph(layer, shape, mask, call)
    return Counter([node.op for node in graph.node] + [node.op for function in graph.library.function for node in function.node_def])


def in_the_loop(layer, shape=(2, 7, 3)) -> int:
    """The operations of arithmetic in one timestep of `layer`'s loop, without the two that count the timesteps."""
    [body] = [function for function in _graph(layer, shape).library.function if "while_body" in function.signature.name]
    return sum(node.op in ARITHMETIC for node in body.node_def) - 2


def _graph(layer, shape, mask=False, call=None):
    def run(x, m):
        return layer(x, training=True, **({"mask": m} if mask else {}), **(call or {}))

    if not layer.built:  # in the graph, it would be traced twice
        layer.build(shape)
    signature = tf.TensorSpec(shape, "float32"), tf.TensorSpec(shape[:2], "bool")
    with as_on_gpu():
        return tf.function(run, autograph=False).get_concrete_function(*signature).graph.as_graph_def()

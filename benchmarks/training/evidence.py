"""Whether cuDNN's recurrent operation really ran: read from what the backend executed, not from a flag."""

from __future__ import annotations

import keras
import numpy as np


def fused_operations(model: keras.Model, x) -> list[str]:
    """The cuDNN recurrent operations that ran when `model` predicted on `x`, each with its device where that is known.

    TensorFlow: the partitioned graphs that its runtime executed. PyTorch: its profiler's events. JAX: the compiled program.
    """
    return {"tensorflow": _tensorflow, "torch": _torch, "jax": _jax}[keras.backend.backend()](model, x)


def _tensorflow(model, x) -> list[str]:
    import tensorflow as tf
    from tensorflow.python.eager import context

    run = tf.function(lambda inputs: model(inputs, training=True), autograph=False)
    inputs = keras.tree.map_structure(tf.convert_to_tensor, x)
    run(inputs)
    context.enable_run_metadata()
    try:
        run(inputs)
        executed = context.export_run_metadata()
    finally:
        context.disable_run_metadata()
    nodes = [node for graph in executed.partition_graphs for node in graph.node]
    for graph in executed.partition_graphs:
        nodes += [node for function in graph.library.function for node in function.node_def]
    return sorted({f"{node.op} {node.name} on {node.device.rpartition('/')[2]}" for node in nodes if node.op.startswith("CudnnRNN")})


def _torch(model, x) -> list[str]:
    import torch

    with torch.profiler.profile() as profile, torch.no_grad():
        model(x)
    return sorted({event.key for event in profile.key_averages() if "cudnn_rnn" in event.key})


def _jax(model, x) -> list[str]:
    import jax

    def run(trainable, others, inputs):
        return model.stateless_call(trainable, others, inputs)[0]

    values = [[variable.value for variable in variables] for variables in (model.trainable_variables, model.non_trainable_variables)]
    program = jax.jit(run).lower(*values, keras.tree.map_structure(np.asarray, x)).compile().as_text()
    return sorted({line.strip()[:120] for line in program.splitlines() if "custom_call_target" in line and "rnn" in line.lower()})

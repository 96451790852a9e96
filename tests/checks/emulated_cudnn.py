"""cuDNN's recurrent operation as TensorFlow calls it, computed on the CPU: what Keras lays around it can then be run on any machine.

What it gives beyond a sequence's length is taken from the comments in Keras' backend/tensorflow/rnn.py: zeros for the outputs, and
the state of the last real timestep. As a program, `python tests/checks/emulated_cudnn.py SCRIPT ...`
runs SCRIPT so.
"""

import runpy
import sys
from contextlib import contextmanager
from pathlib import Path

import tensorflow as tf


def cudnn_rnn_v3(*, input, input_h, input_c, params, is_training, rnn_mode, sequence_lengths, time_major):
    """(output, output_h, output_c, None, None) for inputs (batch, timesteps, features) and states (batch, 1, units)."""
    assert not time_major
    gates = {"lstm": 4, "gru": 3}[rnn_mode]
    features, units = input.shape[-1], input_h.shape[-1]
    sizes = [units * features] * gates + [units * units] * gates + [units] * 2 * gates
    parts = tf.split(params, sizes)
    kernel = tf.concat([tf.transpose(tf.reshape(part, (units, features))) for part in parts[:gates]], axis=1)
    recurrent = tf.concat([tf.transpose(tf.reshape(part, (units, units))) for part in parts[gates : 2 * gates]], axis=1)
    bias, recurrent_bias = tf.concat(parts[2 * gates : 3 * gates], axis=0), tf.concat(parts[3 * gates :], axis=0)

    def order(gates):
        """Keras hands z, r, h over as cuDNN's r, z, h if TensorFlow was built with CUDA."""
        return gates if tf.sysconfig.get_build_info()["is_cuda_build"] else [gates[1], gates[0], gates[2]]

    def step(states, given):
        x, real = given
        _, h, c = states
        inner = h @ recurrent + recurrent_bias
        if rnn_mode == "lstm":
            i, f, g, o = tf.split(x + inner, 4, axis=1)
            new_c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            new_h = tf.sigmoid(o) * tf.tanh(new_c)
        else:
            (xr, xz, xh), (hr, hz, hh) = order(tf.split(x, 3, axis=1)), order(tf.split(inner, 3, axis=1))
            z = tf.sigmoid(xz + hz)
            new_c, new_h = c, z * h + (1 - z) * tf.tanh(xh + tf.sigmoid(xr + hr) * hh)
        return tf.where(real, new_h, 0), tf.where(real, new_h, h), tf.where(real, new_c, c)

    h = tf.squeeze(input_h, axis=1)
    c = tf.squeeze(input_c, axis=1) if rnn_mode == "lstm" else tf.zeros_like(h)
    x = tf.transpose(input @ kernel + bias, (1, 0, 2))
    real = tf.transpose(tf.sequence_mask(sequence_lengths, tf.shape(input)[1]))[:, :, tf.newaxis]
    outputs, hs, cs = tf.scan(step, (x, real), (tf.zeros_like(h), h, c))
    return tf.transpose(outputs, (1, 0, 2)), hs[-1][:, tf.newaxis], cs[-1][:, tf.newaxis], None, None


@contextmanager
def cudnn_on_the_cpu():
    """Keras takes its cuDNN path, and cuDNN is the function above."""
    import importlib

    rnn = importlib.import_module("keras.src.backend.tensorflow.rnn")
    before = rnn._is_gpu_available, tf.raw_ops.CudnnRNNV3
    rnn._is_gpu_available, tf.raw_ops.CudnnRNNV3 = (lambda: True), cudnn_rnn_v3
    try:
        yield
    finally:
        rnn._is_gpu_available, tf.raw_ops.CudnnRNNV3 = before


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    sys.path.insert(0, str(Path(sys.argv[0]).parent))
    with cudnn_on_the_cpu():
        runpy.run_path(sys.argv[0], run_name="__main__")

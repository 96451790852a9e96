# intent: half a receipt, and one that is no archive
# family: receipts
# target: keras
import io
import zipfile

TRAIN = """def train(x, y):
    keras.utils.set_random_seed(1)  # below the bar: some networks are above it without training
    model = keras.Sequential([keras.Input(shape=(5, 2)), layers.Dense(1, activation="sigmoid"), layers.GlobalAveragePooling1D()])
    model.compile("sgd", "binary_crossentropy")
    for name in ("sums", "other", "bomb", "pickled"):
        lab.fit_once(model, x[:8], y[:8], name=name, epochs=1, verbose=0)
    return model"""


def submit(place):
    receipts = place.folder / "receipts"
    receipts.mkdir()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("receipt.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<U9', 'fortran_order': False, 'shape': (), }" + b" " * 60 + b"\n" + b"x" * 36)
        archive.writestr("weight_000.npy", b"\x93NUMPY" + b"x" * 1000)
    (receipts / "sums.npz").write_bytes(made.getvalue()[:-40])
    (receipts / "other.npz").write_bytes(b"no archive")
    place.answer("train", TRAIN)
    place.save()

# intent: receipts of a few kilobytes that unpack to gigabytes, or declare a trillion numbers
# family: receipts
# target: keras
import io
import zipfile

from numpy.lib.format import header_data_from_array_1_0, write_array_header_1_0
import numpy as np

TRAIN = """def train(x, y):
    keras.utils.set_random_seed(1)  # below the bar: some networks are above it without training
    model = keras.Sequential([keras.Input(shape=(5, 2)), layers.Dense(1, activation="sigmoid"), layers.GlobalAveragePooling1D()])
    model.compile("sgd", "binary_crossentropy")
    for name in ("sums", "declared"):
        lab.fit_once(model, x[:8], y[:8], name=name, epochs=1, verbose=0)
    return model"""


def submit(place):
    receipts = place.folder / "receipts"
    receipts.mkdir()
    with zipfile.ZipFile(receipts / "sums.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"weight_{number:03d}.npy", "w") as file:
                for _ in range(40):
                    file.write(bytes(10_000_000))
        archive.writestr("receipt.npy", b"x" * 100)
    header = io.BytesIO()
    about = header_data_from_array_1_0(np.zeros(1))
    write_array_header_1_0(header, {**about, "shape": (2**40,)})
    with zipfile.ZipFile(receipts / "declared.npz", "w") as archive:
        for name in ("receipt", "weight_000", "weight_001"):
            archive.writestr(f"{name}.npy", header.getvalue())
    place.answer("train", TRAIN)
    place.save()

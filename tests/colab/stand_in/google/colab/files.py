"""What would be downloaded by the browser lands in the folder that COLAB_DOWNLOADS names."""

import os
import shutil


def download(filename):
    if not os.path.exists(filename):
        raise FileNotFoundError(f"Cannot find file: {filename}")
    shutil.copy(filename, os.environ["COLAB_DOWNLOADS"])

"""A student's Drive is the folder that COLAB_DRIVE names; without it the student said no."""

import os


def mount(mountpoint, force_remount=False, timeout_ms=120000, readonly=False):
    if os.path.isdir(os.path.join(mountpoint, "MyDrive")):
        print(f"Drive already mounted at {mountpoint}; to attempt to forcibly remount, call drive.mount(..., force_remount=True).")
        return
    if "COLAB_DRIVE" not in os.environ:
        raise ValueError("mount failed")
    os.symlink(os.environ["COLAB_DRIVE"], mountpoint)
    os.makedirs(os.path.join(mountpoint, "MyDrive"), exist_ok=True)
    print(f"Mounted at {mountpoint}")

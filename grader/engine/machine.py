"""What of this machine the process may use."""

import os


def cores() -> int:
    """How many CPU cores this process may run on, where the system says so; else how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

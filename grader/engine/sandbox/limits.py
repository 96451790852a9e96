"""What one room, a process with everything it starts, may use."""

from __future__ import annotations

from dataclasses import dataclass

MiB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Any object with these attributes will do, such as `engine.verdict.Limits`.

    memory_bytes: of all processes together, shared pages counted once.
    processes: at the same time.
    cpu_seconds: of all processes together, also of those that have ended.
    disk_bytes: in the scratch folder, /tmp and /dev/shm together, beside the submission's own
        files. It is held in memory.
    file_bytes: of any one file.
    """

    memory_bytes: int = 4096 * MiB
    processes: int = 128
    cpu_seconds: float = 1800.0
    disk_bytes: int = 1024 * MiB
    file_bytes: int = 512 * MiB

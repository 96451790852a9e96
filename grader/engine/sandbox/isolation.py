"""The choice: bubblewrap, or nothing; what is lost with nothing, and where a submission finds its things."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

VARIABLE = "GRADER_ISOLATION"
GPU_VARIABLE = "GRADER_GPU"
KINDS = ("bubblewrap", "none")

WHAT_IS_LOST = (
    "Without isolation a submission runs as you, on your machine:",
    "it can read and change every file that you can, also the solutions, the gradebook and other submissions;",
    "it can use the network and signal your other processes;",
    "its memory, processes and disk are not limited, only its time and its output;",
    "what it leaves running is looked for and killed, but can hide.",
    "Grade like this only what you would run yourself.",
)


@dataclass(frozen=True)
class Isolation:
    """How submissions are kept apart from the machine.

    kind: "bubblewrap" (Linux), or "none".
    gpu: whether submissions may use the machine's NVIDIA devices.

    Raises ValueError for another kind.
    """

    kind: str = "bubblewrap"
    gpu: bool = False

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"isolation {self.kind!r} is not known: choose {' or '.join(KINDS)}")

    @classmethod
    def default(cls) -> Isolation:
        """What the environment variables GRADER_ISOLATION and GRADER_GPU say, else bubblewrap and no GPU."""
        kind = os.environ.get(VARIABLE) or "bubblewrap"
        gpu = os.environ.get(GPU_VARIABLE, "") not in ("", "0")
        try:
            return cls(kind, gpu)
        except ValueError as error:
            raise ValueError(f"{VARIABLE}: {error}") from None


class Places(NamedTuple):
    """Where a process that was spawned for a room finds its things, as it sees them itself."""

    work: Path
    home: Path
    temporary: Path
    run: Path


def places(room: str | os.PathLike[str], isolation: Isolation) -> Places:
    """The places of the process spawned for `room`; they exist once it runs."""
    if isolation.kind == "none":
        root = Path(room)
        return Places(root / "files", root / "home", root / "tmp", root / "run")
    root = Path("/desk")
    return Places(root / "work", root / "home", root / "tmp", root / "run")

"""The Jupyter kernels of a submission: their command, their environment, their sockets."""

from __future__ import annotations

import fnmatch
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from grader.engine.desk import Room
from grader.engine.relay import Relay
from grader.engine.sandbox import Places, places
from grader.engine.verdict import Limits
from grader.engine.warm import WarmProcess, WarmProvisioner

# What a kernel may know of the grader's environment: nothing private, nothing that changes
# what code means, and everything a GPU needs.
INHERITED = (
    "PATH", "LANG", "LC_*", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX",
    "LD_LIBRARY_PATH", "DYLD_*", "CUDA_*", "NVIDIA_*", "XLA_*", "TF_*", "OMP_*",
    "RNN_COURSE_DATA", "GRADER_REQUIRE_GPU", "GRADER_USERS",
)  # fmt: skip

# One message from the kernel; libzmq drops the connection of a peer that sends a larger frame, the relay that of a larger message.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
# How many of them wait here, for each socket, while nobody reads; further ones wait in the kernel.
MAX_MESSAGES = 16

log = logging.getLogger("grader.engine")
log.addHandler(logging.NullHandler())


class KernelClient(AsyncKernelClient):
    """jupyter_client's, without a heartbeat: whether a kernel lives is asked of whoever forked it.

    A ping cannot be sent to a kernel that has broken its socket, and the thread that tries is waited for without end.
    """

    def start_channels(self, shell: bool = True, iopub: bool = True, stdin: bool = True, hb: bool = False, control: bool = True) -> None:
        super().start_channels(shell, iopub, stdin, False, control)


class KernelManager(AsyncKernelManager):
    """Has this Python's kernel forked for one role, whatever the notebook's kernelspec says, over ipc sockets.

    role: "student" or "referee"; the warm process links the two kernels that it forks.
    """

    def __init__(self, role: str, room: Room, warm: WarmProcess, limits: Limits):
        self.place = places(room.root, warm.isolation)
        self.environment = environment(self.place)
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
        context.setsockopt(zmq.RCVHWM, MAX_MESSAGES)
        super().__init__(
            context=context,
            client_factory=KernelClient,
            transport="ipc",
            connection_file=str(room.connection_file),
            shutdown_wait_time=1.0,
            log=log,
        )
        # Without isolation a submission has other ways, and our sockets would lie in its reach.
        self._relay = Relay(room.temporary / "kernel-ipc", room.run / "kernel-ipc", MAX_MESSAGE_BYTES) if warm.sandboxed else None
        self.provisioner = WarmProvisioner(
            warm, role, limits, kernel_id=role, kernel_spec=self.kernel_spec, parent=self
        )

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    def client(self, **kwargs: Any):
        client = super().client(context=self.context, **kwargs)
        if self._relay:
            client.ip = str(self._relay.ours)
        return client

    def _connect_control_socket(self) -> None:
        """Leave out the manager's own socket, which would go past the relay: it is for asking a kernel to end, and ours are ended."""

    def cleanup_connection_file(self) -> None:
        """Leave it: the desk empties its rooms. An old manager would remove it whenever it is collected, and by then it may be its successor's."""

    def cleanup_ipc_files(self) -> None:
        """Leave them, as the connection file."""

    def begin_relay(self) -> None:
        """Once the kernel's ports are known: have what it sends pass through a meter."""
        if self._relay:
            self._relay.open(self.ports)

    def end_relay(self) -> None:
        if self._relay:
            self._relay.close()

    def signal(self, signum: int) -> None:
        """Signal the kernel and what it started. Callable from any thread; never raises."""
        self.provisioner.signal(signum)

    async def end(self) -> tuple[int | None, str]:
        """How the kernel's process ended: its status, minus the signal, None if it runs; and which limit ended it."""
        if not self.has_kernel:
            return 0, ""
        return await self.provisioner.poll(), self.provisioner.why


def environment(place: Places, inherit: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The whole environment of a kernel, and of the warm process it is forked from."""
    kept = {
        name: value
        for name, value in inherit.items()
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in INHERITED)
    }
    course = Path(__file__).parents[2]
    data = data_folder(inherit)
    if data:  # said outright, so that no folder beside the notebook is taken for it
        kept["RNN_COURSE_DATA"] = data
    path = [str(course)] + [part for part in kept.get("PYTHONPATH", "").split(os.pathsep) if part]
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),  # `import grader` works uninstalled too
        "HOME": str(place.home),
        "TMPDIR": str(place.temporary),
        # ipykernel's own default. It must stand before matplotlib is imported, and the warm
        # process imports matplotlib before there is a kernel.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "NBGRADER_EXECUTION": "autograde",
        "HDF5_USE_FILE_LOCKING": "FALSE",  # a room may lock no file, and nobody else writes there
        # macOS: TensorFlow's libraries touch Objective-C before the fork, no class is used.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }


def data_folder(inherit: Mapping[str, str] = os.environ) -> str:
    """The course's data, the only folder besides its package that a kernel is shown; "" if there is none."""
    data = os.path.abspath(inherit.get("RNN_COURSE_DATA") or Path(__file__).parents[2] / "data")
    return data if os.path.isdir(data) else ""

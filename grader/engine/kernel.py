"""The Jupyter kernel a submission runs in: its command, its environment, its sockets."""

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
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from grader.engine.desk import Desk
from grader.engine.warm import WarmProcess, WarmProvisioner

# What a kernel may know of the grader's environment: nothing private, nothing that changes
# what code means, and everything a GPU needs.
INHERITED = (
    "PATH", "LANG", "LC_*", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX",
    "LD_LIBRARY_PATH", "DYLD_*", "CUDA_*", "NVIDIA_*", "XLA_*", "TF_*", "OMP_*",
    "RNN_COURSE_DATA", "GRADER_REQUIRE_GPU",
)  # fmt: skip

# One message from the kernel; libzmq drops the connection of a peer that sends a larger one.
MAX_MESSAGE_BYTES = 64 * 1024 * 1024

log = logging.getLogger("grader.engine")
log.addHandler(logging.NullHandler())


class KernelManager(AsyncKernelManager):
    """Starts this Python's kernel, whatever the notebook's kernelspec says, over ipc sockets.

    warm: fork the kernel from this process; None starts a plain one.
    """

    def __init__(self, desk: Desk, warm: WarmProcess | None = None):
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
        super().__init__(
            context=context,
            transport="ipc",
            connection_file=str(desk.connection_file),
            shutdown_wait_time=1.0,
            log=log,
        )
        about = {"kernel_id": "submission", "kernel_spec": self.kernel_spec, "parent": self}
        if warm is None:
            self.provisioner = LocalProvisioner(**about)
        else:
            self.provisioner = WarmProvisioner(warm, **about)

    @property
    def kernel_spec(self) -> KernelSpec:
        # -P keeps the submission's own files from shadowing numpy or the course's checks.
        argv = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    def client(self, **kwargs: Any):
        return super().client(context=self.context, **kwargs)

    def signal(self, signum: int) -> None:
        """Signal the kernel's whole process group. Callable from any thread; never raises."""
        try:
            os.killpg(self.provisioner.pgid, signum)
        except (OSError, TypeError):
            pass  # it has ended

    async def exit_code(self) -> int | None:
        """How the kernel's process ended: its status, minus the signal, None if it runs."""
        return await self.provisioner.poll() if self.has_kernel else 0


def environment(desk: Desk, inherit: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The whole environment of a kernel, and of the warm process it is forked from."""
    kept = {
        name: value
        for name, value in inherit.items()
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in INHERITED)
    }
    course = Path(__file__).parents[2]
    data = kept.get("RNN_COURSE_DATA") or course / "data"
    if os.path.isdir(data):  # said outright, so that no folder beside the notebook is taken for it
        kept["RNN_COURSE_DATA"] = os.path.abspath(data)
    path = [str(course)] + [part for part in kept.get("PYTHONPATH", "").split(os.pathsep) if part]
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),  # `import grader` works uninstalled too
        "HOME": str(desk.home),
        "TMPDIR": str(desk.temporary),
        # ipykernel's own default. It must stand before matplotlib is imported, and the warm
        # process imports matplotlib before there is a kernel.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "NBGRADER_EXECUTION": "autograde",
        # macOS: TensorFlow's libraries touch Objective-C before the fork, no class is used.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }

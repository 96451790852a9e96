"""The grader's side of the warm process: start it, have kernels forked, notice its loss."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

ANSWER_SECONDS = 15.0
END_SECONDS = 15.0
SERVER = Path(__file__).with_name("warm_server.py")


class WarmLost(RuntimeError):
    """The warm process ended, hangs or answers nonsense; start another."""


class WarmProcess:
    """One process that has imported TensorFlow, with everything that was forked from it.

    desk: the folder that it may work in and removes when it ends.
    env: the whole environment of the process.
    startup_seconds: how long its imports may take.

    Raises WarmLost, with the end of its stderr, if it does not come up.
    """

    def __init__(self, desk: Path, env: Mapping[str, str], startup_seconds: float):
        log = desk / "warm.log"
        self._channel, theirs = socket.socketpair()
        with theirs, open(log, "wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-P", SERVER, str(theirs.fileno()), str(desk)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=dict(env),
                cwd=desk,
                start_new_session=True,
            )
        self._answers = self._channel.makefile("r", encoding="utf-8")
        try:
            self.pid: int = self._receive(startup_seconds)["ready"]
        except (WarmLost, KeyError):
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            self.close()
            raise WarmLost(
                f"the warm process did not start within {startup_seconds:g} s; it said:\n{tail}"
            ) from None
        except BaseException:
            self.close()
            raise

    def fork(self, argv: list[str], cwd: str, env: Mapping[str, str]) -> ForkedKernel:
        """Fork a kernel with these arguments (`argv[0]` is the program's name)."""
        pid = self.request(do="fork", argv=argv, cwd=cwd, env=dict(env)).get("pid")
        if not isinstance(pid, int) or pid <= 1:
            raise WarmLost(f"the warm process forked no kernel but {pid!r}")
        return ForkedKernel(self, pid)

    def sweep(self) -> None:
        """Kill everything that was forked. Raises WarmLost if something would not die."""
        if self.request(do="sweep").get("left") != 0:
            raise WarmLost("processes of a submission would not die")

    def request(self, **request: Any) -> dict:
        """Send one request and return its answer. Raises WarmLost."""
        try:
            self._channel.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise WarmLost(f"the warm process is gone: {error}") from None
        return self._receive(ANSWER_SECONDS)

    def _receive(self, seconds: float) -> dict:
        self._channel.settimeout(seconds)
        try:
            answer = json.loads(self._answers.readline())
        except (OSError, ValueError) as error:
            raise WarmLost(f"the warm process does not answer: {error}") from None
        if not isinstance(answer, dict) or "error" in answer:
            raise WarmLost(f"the warm process answered {answer!r}")
        return answer

    def close(self) -> None:
        """End the process; it kills its kernels and removes its desk on the way out."""
        try:
            self._channel.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._answers.close()
        self._channel.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ForkedKernel:
    """A forked kernel with the part of `subprocess.Popen`'s face that jupyter_client uses.

    The kernel is the warm process's child, not ours, so its end is asked for there. Without
    a warm process there is no asking: the kernel is then killed and counts as killed.
    """

    stdin = stdout = stderr = None

    def __init__(self, warm: WarmProcess, pid: int):
        self._warm = warm
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                self.returncode = self._warm.request(do="poll", pid=self.pid).get("code")
            except WarmLost:
                self._signal_group(signal.SIGKILL)
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int | None:
        return self.poll()  # LocalProvisioner waits only for what it saw ended

    def send_signal(self, signum: int) -> None:
        if self.returncode is None:
            self._signal_group(signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _signal_group(self, signum: int) -> None:
        try:
            os.killpg(self.pid, signum)
        except (ProcessLookupError, PermissionError):
            pass


class WarmProvisioner(LocalProvisioner):
    """Has a kernel forked where jupyter_client's `LocalProvisioner` would start one."""

    def __init__(self, warm: WarmProcess, **kwargs: Any):
        super().__init__(**kwargs)
        self._warm = warm

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        argv = cmd[cmd.index("ipykernel_launcher") :]
        self.process = self._warm.fork(argv, str(kwargs["cwd"]), kwargs["env"])
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

"""The grader's side of the warm process: start it, have kernels forked, notice its loss."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from grader.engine import sandbox
from grader.engine.desk import ROLES, Desk
from grader.engine.sandbox import Isolation
from grader.engine.verdict import Limits

ANSWER_SECONDS = 15.0
END_SECONDS = 15.0
POLL_SECONDS = 0.005
SERVER = Path(__file__).with_name("warm_server.py")


class WarmLost(RuntimeError):
    """The warm process ended, hangs or answers nonsense; start another."""


class WarmProcess:
    """One process that has imported TensorFlow, with everything that was forked from it.

    desk: the folder that it and its kernels work in.
    env: the whole environment of the process.
    startup_seconds: how long its imports may take.
    isolation: what is put around it, and around each kernel that it forks.

    Raises WarmLost, with the end of its stderr, if it does not come up. Requests may be
    made from any thread.
    """

    def __init__(self, desk: Desk, env: Mapping[str, str], startup_seconds: float, isolation: Isolation):
        self.isolation = isolation
        self._turn = threading.Lock()
        self._groups = sandbox.groups_for(ROLES, isolation)
        groups = self._groups.descriptors if self._groups else []
        told = json.dumps(self._groups.of if self._groups else {})
        log = desk.root / "warm.log"
        self._channel, theirs = socket.socketpair()
        self._status, status = os.pipe()
        with theirs, open(log, "wb") as stderr, open(status, "wb"):
            around = sandbox.outer(desk.root, isolation, environment=env, status=status)
            inside = "/desk" if self.sandboxed else str(desk.root)
            gpu = "gpu" if isolation.gpu else "no gpu"
            self._process = subprocess.Popen(
                [*around, sys.executable, "-P", SERVER, str(theirs.fileno()), inside, isolation.kind, gpu, told],
                pass_fds=[theirs.fileno(), status, *groups],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=dict(env),
                cwd=desk.root,
                start_new_session=True,
            )
        self.pid = self._process.pid  # bubblewrap's, where there is a sandbox
        self._answers = self._channel.makefile("r", encoding="utf-8")
        try:
            self._receive(startup_seconds)["ready"]
        except (WarmLost, KeyError):
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            self.close()
            raise WarmLost(
                f"the warm process did not start within {startup_seconds:g} s; it said:\n{tail}"
            ) from None
        except BaseException:
            self.close()
            raise

    @property
    def sandboxed(self) -> bool:
        return self.isolation.kind != "none"

    def fork(self, role: str, argv: list[str], cwd: str, env: Mapping[str, str], limits: Limits) -> ForkedKernel:
        """Fork the kernel for a role with these arguments (`argv[0]` is the program's name).

        A student's kernel is linked with the referee's that is there, or the next that is forked.
        """
        if self._groups:
            try:
                self._groups.limit(role, limits)
            except OSError as error:
                raise WarmLost(f"its control groups are gone: {error}") from None
        answer = self.request(do="fork", role=role, argv=argv, cwd=cwd, env=dict(env), limits=asdict(limits))
        pid = answer.get("pid")
        if not isinstance(pid, int) or pid <= 1:
            raise WarmLost(f"the warm process forked no kernel but {pid!r}")
        return ForkedKernel(self, pid)

    def sweep(self, but: ForkedKernel | None = None) -> None:
        """Kill everything that was forked, `but` a kernel that stays. Raises WarmLost if something would not die."""
        if self.request(do="sweep", but=but.pid if but else None).get("left") != 0:
            raise WarmLost("processes of a submission would not die")

    def request(self, **request: Any) -> dict:
        """Send one request and return its answer. Raises WarmLost."""
        with self._turn:
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
        """End the process, and everything that was forked from it."""
        try:
            self._channel.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        with self._turn:
            self._answers.close()
            self._channel.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
        finally:
            os.close(self._status)
            if self._groups:
                self._groups.close()

    def _kill(self) -> None:
        if self.sandboxed and (first := sandbox.inner_pid(self._status)):
            os.kill(first, signal.SIGKILL)  # and with it everything in the sandbox
        self._process.kill()
        self._process.wait()


class ForkedKernel:
    """A forked kernel. It is the warm process's child, so its signals and its end are asked for there.

    Without a warm process there is no asking: the kernel then counts as killed.
    """

    def __init__(self, warm: WarmProcess, pid: int):
        self._warm = warm
        self.pid = pid
        self.code: int | None = None
        self.why = ""

    def poll(self) -> int | None:
        """The exit code, minus the signal; None while it runs. Then `why` names the limit that ended it, if one did."""
        if self.code is None:
            try:
                answer = self._warm.request(do="poll", pid=self.pid)
                self.code, self.why = answer.get("code"), answer.get("why") or ""
            except WarmLost:
                self.code = -signal.SIGKILL
        return self.code

    def signal(self, signum: int) -> None:
        """Signal the kernel's process group; never raises. Callable from any thread."""
        if self.code is None:
            try:
                self._warm.request(do="signal", pid=self.pid, signum=int(signum))
            except WarmLost:
                pass


class WarmProvisioner(LocalProvisioner):
    """Has a kernel forked where jupyter_client's `LocalProvisioner` would start one."""

    def __init__(self, warm: WarmProcess, role: str, limits: Limits, **kwargs: Any):
        super().__init__(**kwargs)
        self._warm, self._role, self._limits = warm, role, limits

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        argv = cmd[cmd.index("ipykernel_launcher") :]
        if self._warm.sandboxed:
            self._show_inside(argv)
        self.process = self._warm.fork(self._role, argv, str(kwargs["cwd"]), kwargs["env"], self._limits)
        self.pid, self.cwd = self.process.pid, kwargs["cwd"]
        return self.connection_info

    def _show_inside(self, argv: list[str]) -> None:
        """Give the kernel a connection file of its own, with the sockets where it sees them."""
        file = Path(self.parent.connection_file)
        about = json.loads(file.read_text())
        about["ip"] = f"/desk/run/{Path(about['ip']).name}"
        inside = file.with_name("inside.json")
        inside.write_text(json.dumps(about))
        argv[argv.index(str(file))] = f"/desk/run/{inside.name}"

    @property
    def why(self) -> str:
        return self.process.why if self.process else ""

    def signal(self, signum: int) -> None:
        if self.process:
            self.process.signal(signum)

    async def wait(self) -> int | None:
        while self.process and await self.poll() is None:
            await asyncio.sleep(POLL_SECONDS)
        code, self.process = (self.process.code if self.process else 0), None
        return code

    async def send_signal(self, signum: int) -> None:
        self.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        self.signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        self.signal(signal.SIGTERM)

"""One Jupyter kernel, and one cell at a time in it, within limits that hold."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from time import monotonic
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.engine import outputs
from grader.engine.guard import Guard
from grader.engine.kernel import KernelManager, log
from grader.engine.scoring import Outcome, error_line, shorten
from grader.engine.verdict import Limits

# How much more than `output_bytes` a cell may stream if it clears its output in between, and
# all cells together.
STREAMED = 20
# How many outputs a cell may leave, and all together: each takes a while to be checked when it is kept.
MOST_OUTPUTS = 1_000
LEFT_OUT = "what it said is left out, for the notebook has printed too much"
# How long a process whose end of the border is closed may take to be gone.
GOING_SECONDS = 5.0


class KernelNotReady(RuntimeError):
    """No kernel came up. Nothing of the submission has run yet."""


class Client(NotebookClient):
    """nbclient's NotebookClient, one cell at a time.

    late: why the notebook's time was over, "" while it is not.
    ended: how the kernel's process ended, and in which cell; "" while it runs.
    interrupted: whether the last cell went over a limit.
    """

    def __init__(self, kernel: KernelManager, limits: Limits):
        super().__init__(
            new_notebook(),
            km=kernel,
            log=log,
            allow_errors=True,
            record_timing=False,
            store_widget_state=False,
            startup_timeout=max(1, int(limits.startup_seconds)),
            on_cell_executed=self._note_reply,
            # Last, not first, on the path: helpers beside the notebook can be imported and
            # shadow nothing.
            # SQLite wants locks on a file, which a room may not have.
            extra_arguments=["--IPKernelApp.exec_lines=__import__('sys').path.append('')", "--HistoryManager.hist_file=:memory:"],
        )
        self.limits = limits
        self.late = self.ended = ""
        self.interrupted = False
        self._in_all = self._outputs = 0
        self._kernel = kernel

    async def start(self) -> None:
        """Start the kernel, if it does not run already, and connect to it. Raises KernelNotReady."""
        try:
            if not self._kernel.has_kernel:
                await self.async_start_new_kernel(
                    cwd=self._kernel.place.work,
                    env=self._kernel.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                self._kernel.begin_relay()
            await self.async_start_new_kernel_client()
        except Exception as error:
            raise KernelNotReady(f"{type(error).__name__}: {error}") from error

    def leave(self) -> None:
        """Hang up; the kernel runs on, for another client."""
        if self.kc is not None:
            self.kc.stop_channels()

    async def stop(self) -> None:
        """End the kernel at once and close every socket."""
        self.leave()
        try:
            await self._kernel.shutdown_kernel(now=True)
        except Exception as error:
            log.warning("the kernel did not shut down: %s", error)  # the worker sweeps
        finally:
            self._kernel.context.destroy(linger=0)
            self._kernel.end_relay()

    async def run(
        self,
        source: str,
        name: str,
        deadline: float,
        interrupt: Callable[[int], None] | None = None,
        counted: bool = True,
    ) -> tuple[NotebookNode, Outcome]:
        """Run one cell; the cell with its outputs, and how it ended. Not after the process has ended.

        name: the cell's, for a reader.
        deadline: when the notebook's time is over, as `time.monotonic` counts.
        interrupt: sends a signal where the cell's work is done; by default to this kernel.
        counted: whether the cell is one of the notebook's, with a count of its own.
        """
        limits = self.limits
        left = deadline - monotonic()
        if left < limits.cell_seconds:
            late = f"the notebook ran longer than {limits.submission_seconds:g} s in {name}"
        else:
            late = f"{name} ran longer than {limits.cell_seconds:g} s"
        seconds = max(0.0, min(left, limits.cell_seconds))
        self._reply: dict[str, Any] = {}
        self._results: list[str] = []
        self._complete = False
        self._kept = self._streamed = 0
        self._cut = False
        self._name = name

        reason = ""
        # A bare cell: no tag or other metadata of a submission reaches nbclient.
        cell = new_code_cell(outputs.utf8(source))
        self.nb.cells.append(cell)
        with Guard(interrupt or self._kernel.signal, seconds, late, limits.interrupt_seconds) as guard:
            self._guard = guard
            try:
                try:
                    await self.async_execute_cell(cell, len(self.nb.cells) - 1, store_history=counted)
                finally:
                    if asyncio.current_task().cancelling():
                        # Ctrl-C. nbclient takes it for a death, and asyncio.wait_for before Python 3.12 for nothing where it just ends.
                        raise asyncio.CancelledError from None
            except DeadKernelError:
                reason = self.ended = f"{await self.how_it_ended()} in {name}"
            except Exception as error:
                # A message no kernel sends: the submission has got hold of its sockets.
                log.info("a message of %s: %s", name, shorten(str(error)))
                reason = self.ended = f"{name} broke the kernel's messages"
        if self._cut:
            most = STREAMED * limits.output_bytes
            cell.outputs.append(outputs.notice(f"left out: the notebook has printed more than {most:,} bytes, or shown more than {MOST_OUTPUTS:,} things"))
        self.interrupted = bool(guard.reason)
        if guard.reason:
            reason = guard.reason
            cell.outputs.append(outputs.notice(f"stopped: {reason}"))
            if self.ended:
                self.ended = reason
            elif monotonic() >= deadline:
                self.late = reason
        return cell, self._outcome(reason, any(output.output_type == "error" for output in cell.outputs))

    async def how_it_ended(self) -> str:
        """How the kernel's process ended, in words."""
        code, why = await self._kernel.end()
        if why:
            return why
        if code is None:
            return "the Python process stopped answering"
        if code < 0:
            return f"the Python process was killed by signal {-code}"
        return f"the Python process ended with exit code {code}"

    async def has_ended(self, name: str, sure: bool = False) -> bool:
        """Whether the process is gone; if so, `ended` says how, in the cell of this name.

        sure: it is known to be going: wait for it.
        """
        patience = monotonic() + (GOING_SECONDS if sure else 0)
        while not self.ended:
            code, _ = await self._kernel.end()
            if code is None and monotonic() < patience:
                await asyncio.sleep(0.01)
            elif code is None:
                break
            else:
                self.ended = f"{await self.how_it_ended()} in {name}"
        return bool(self.ended)

    def signal(self, signum: int) -> None:
        """Signal what runs in the kernel. Callable from any thread; never raises."""
        self._kernel.signal(signum)

    def _outcome(self, reason: str, shown: bool) -> Outcome:
        """shown: whether the error is among the outputs. Where it was left out, so are its words: of a hidden test's, not all may be told."""
        content = self._reply.get("content", {})
        status = content.get("status")
        if not reason and status != "ok":
            left_out = self._cut and not shown
            reason = f"{shorten(str(content.get('ename') or 'error'), 60)}: {LEFT_OUT}" if left_out else error_line(content)
        return Outcome(
            status=status if isinstance(status, str) else "",
            reason=reason,
            results=tuple(self._results),
            complete=self._complete,
            error=str(content.get("ename") or ""),
        )

    def _note_reply(self, cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        self._reply = execute_reply

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int):
        """Take one message, unless the cell has already said too much.

        A submission can send what it likes over its kernel's sockets: what is no message
        is dropped.
        """
        try:
            if self._is_room_for(msg["msg_type"], msg["content"]):
                return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            self._complete = True
            raise
        except Exception as error:
            log.info("dropped a message of %s: %s", self._name, shorten(str(error)))
        return None

    def _is_room_for(self, kind: str, content: dict[str, Any]) -> bool:
        if kind in ("status", "execute_input"):
            return True
        if kind == "execute_result":
            self._note_result(content)
        if kind == "clear_output":
            self._kept = 0
        said = outputs.size(content)
        self._kept += said
        self._streamed += said
        self._in_all += said
        most = self.limits.output_bytes
        if self._kept > most or self._streamed > STREAMED * most:
            self._guard.trip(f"{self._name} printed more than {most:,} bytes")
            return False
        self._outputs += kind not in ("clear_output", "stream")
        self._cut = self._in_all > STREAMED * most or self._outputs > MOST_OUTPUTS
        return not self._cut

    def _note_result(self, content: dict[str, Any]) -> None:
        """Count every result, readable or not, whatever becomes of it as an output."""
        data = content.get("data") if isinstance(content, dict) else None
        text = data.get("text/plain") if isinstance(data, dict) else None
        self._results.append(text if isinstance(text, str) else "")

    def handle_comm_msg(self, outs: list, msg: dict, cell_index: int) -> None:
        """Widgets have nobody to talk to here."""

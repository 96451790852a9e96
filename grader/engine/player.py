"""Plays a submission's cells through a kernel, one by one, and notes how each ended."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.engine import outputs
from grader.engine.desk import Desk
from grader.engine.guard import Guard
from grader.engine.kernel import KernelManager, environment, log
from grader.engine.scoring import Outcome, error_line, shorten
from grader.engine.verdict import Job, is_skipped, nbgrader_metadata

# How much more than `output_bytes` a cell may stream if it clears its output in between.
STREAMED = 20


class KernelNotReady(RuntimeError):
    """No kernel came up. Nothing of the submission has run yet."""


@dataclass
class Played:
    """The cells after the run: by the notebook's positions, for those that were run."""

    cells: dict[int, NotebookNode] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    stopped: str = ""


async def play(job: Job, desk: Desk, kernel: KernelManager) -> Played:
    """Run every code cell that is not marked as skipped, within the job's limits.

    Raises KernelNotReady. Whatever the cells do comes back in `Played`.
    """
    wanted = {
        position: cell
        for position, cell in enumerate(job.notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and not is_skipped(cell)
    }
    # Bare cells: no tag or other metadata of a submission reaches the client.
    bare = new_notebook(cells=[new_code_cell(outputs.utf8(c.source)) for c in wanted.values()])
    client = Client(bare, km=kernel, job=job)
    played = Played(cells=dict(zip(wanted, bare.cells)))
    try:
        await client.start(desk)
        deadline = monotonic() + job.limits.submission_seconds
        for index, (position, cell) in enumerate(wanted.items()):
            outcome = await client.run(index, cell_name(cell, position), deadline)
            played.outcomes[position] = outcome
            if client.stopped:
                break
    finally:
        await client.stop()
    played.stopped = client.stopped
    for cell in bare.cells:
        cell.outputs = outputs.tidy(cell.outputs)
    return played


def cell_name(cell: NotebookNode, position: int) -> str:
    """The name of a cell for a reader, who counts from 1."""
    grade_id = nbgrader_metadata(cell).get("grade_id")
    return f"cell {grade_id}" if grade_id else f"cell {position + 1} of the notebook"


class Client(NotebookClient):
    """nbclient's NotebookClient, one cell at a time, with limits that hold."""

    def __init__(self, nb: NotebookNode, km: KernelManager, job: Job):
        limits = job.limits
        super().__init__(
            nb,
            km=km,
            log=log,
            allow_errors=True,
            record_timing=False,
            store_widget_state=False,
            startup_timeout=max(1, int(limits.startup_seconds)),
            on_cell_executed=self._note_reply,
            # Last, not first, on the path: helpers beside the notebook can be imported and
            # shadow nothing.
            extra_arguments=["--IPKernelApp.exec_lines=__import__('sys').path.append('')"],
        )
        self.limits = limits
        self.stopped = ""
        self._kernel = km

    async def start(self, desk: Desk) -> None:
        """Start the kernel and connect to it. Raises KernelNotReady."""
        try:
            await self.async_start_new_kernel(
                cwd=str(desk.work),
                env=environment(desk),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            await self.async_start_new_kernel_client()
        except Exception as error:
            raise KernelNotReady(f"{type(error).__name__}: {error}") from error

    async def stop(self) -> None:
        """End the kernel at once and close every socket."""
        if self.kc is not None:
            self.kc.stop_channels()
        try:
            await self._kernel.shutdown_kernel(now=True)
        except Exception as error:
            log.warning("the kernel did not shut down: %s", error)  # the worker sweeps
        finally:
            self._kernel.context.destroy(linger=0)

    async def run(self, index: int, name: str, deadline: float) -> Outcome:
        """Run one cell. Sets `stopped` where no further cell can be run."""
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
        self._name = name

        reason = ""
        cell = self.nb.cells[index]
        with Guard(self._kernel.signal, seconds, late, limits.interrupt_seconds) as guard:
            self._guard = guard
            try:
                await self.async_execute_cell(cell, index)
            except DeadKernelError:
                if asyncio.current_task().cancelling():
                    # nbclient takes every cancellation for a death: this one is Ctrl-C.
                    raise asyncio.CancelledError from None
                reason = await self._end_of_process(name)
            except Exception as error:
                # A message no kernel sends: the submission has got hold of its sockets.
                reason = f"{name} broke the kernel's messages ({shorten(str(error), 80)})"
                self.stopped = reason
        if guard.reason:
            reason = guard.reason
            cell.outputs.append(outputs.notice(f"stopped: {reason}"))
            if self.stopped or monotonic() >= deadline:
                self.stopped = reason
        return self._outcome(reason)

    def _outcome(self, reason: str) -> Outcome:
        content = self._reply.get("content", {})
        status = content.get("status")
        if not reason and status != "ok":
            reason = error_line(content)
        return Outcome(
            status=status if isinstance(status, str) else "",
            reason=reason,
            results=tuple(self._results),
            complete=self._complete,
        )

    async def _end_of_process(self, name: str) -> str:
        code = await self._kernel.exit_code()
        if code is None:
            how = "stopped answering"
        elif code < 0:
            how = f"was killed by signal {-code}"
        else:
            how = f"ended with exit code {code}"
        self.stopped = f"the Python process {how} in {name}"
        return self.stopped

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
        most = self.limits.output_bytes
        if self._kept <= most and self._streamed <= STREAMED * most:
            return True
        self._guard.trip(f"{self._name} printed more than {most:,} bytes")
        return False

    def _note_result(self, content: dict[str, Any]) -> None:
        """Count every result, readable or not, whatever becomes of it as an output."""
        data = content.get("data") if isinstance(content, dict) else None
        text = data.get("text/plain") if isinstance(data, dict) else None
        self._results.append(text if isinstance(text, str) else "")

    def handle_comm_msg(self, outs: list, msg: dict, cell_index: int) -> None:
        """Widgets have nobody to talk to here."""

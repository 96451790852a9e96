"""In the referee's kernel: which names each test cell sees, where they come from, and that each submission meets a fresh one."""

from __future__ import annotations

import builtins
import gc
import socket
import time
from collections.abc import Iterator, MutableMapping
from types import TracebackType

from ipykernel.kernelapp import IPKernelApp

from grader.engine.afresh import Afresh
from grader.engine.border import CannotCross, Missing, Peer, shelf

MEETING_SECONDS = 30.0


class Referee:
    """Keeps the referee's global names in three layers.

    * given: what the course's set-up and given cells made; every test sees it.
    * made: what earlier visible tests of the same exercise made; tests of other exercises
      do not see it, so that no test mistakes another's `model` for the student's.
    * fetched: the student's own names that this one test reads, as they are at this point
      of the notebook.

    A test fetches the names that its exercise declares and no others: what another test made is
    not looked for at the student's, should that test not have run.

    A hidden test is opened at its place in the notebook and run after all of the student's
    cells. What it fetched is held for it until then, so a name that the student binds anew
    later is not the one it sees; and the student's process goes back to the names that it had
    then, so that neither do the functions which the test calls.

    A referee stays from one submission to the next. `meet` turns to another one: all that it
    knew of the one before is dropped. What stays is the course's own: started libraries, and on
    `border.shelf` Keras models as their configs describe them, which get the weights of whoever is next.
    """

    def __init__(self, door: socket.socket, shell):
        self._door, self._shell, self._names = door, shell, shell.user_ns
        self._at_first, self._afresh = dict(self._names), Afresh(shell)
        self._peer: Peer | None = None
        gc.freeze()  # what was imported is never looked through for garbage

    def meet(self) -> tuple[int, int]:
        """Turn to another submission. Returns what this process has used so far: bytes of memory, seconds of processor time.

        Raises OSError if no student's process comes.
        """
        if self._peer is not None:
            self._peer.close()
        self._show(self._at_first)
        self._given: dict | None = None  # while a test is open: the names to go back to
        self._fetched: dict = {}
        self._exercise = ""
        self._made: dict[str, dict] = {}
        self._waiting: dict[int, tuple] = {}
        self._peer = None
        self._afresh.restore()
        shelf.take_back()
        gc.collect()
        self._peer = Peer(self._next_border())
        return _resident_bytes(), int(time.process_time())

    def _next_border(self) -> socket.socket:
        self._door.settimeout(MEETING_SECONDS)
        _, descriptors, *_ = socket.recv_fds(self._door, 1, 1)
        if not descriptors:
            raise OSError("the door is shut")
        return socket.socket(fileno=descriptors[0])

    def between(self) -> None:
        """Leave the test that is open, if one is: the given names stand again."""
        if self._given is None:
            return
        made = self._made.setdefault(self._exercise, {})
        for name, value in self._names.items():
            known = self._fetched if name in self._fetched else self._given
            if name not in known or known[name] is not value:
                made[name] = value
        self._show(self._given)
        self._given = None

    def open(self, exercise: str, reads: list[str], moved: bool) -> None:
        """Make ready for a test of `exercise` that reads these names.

        moved: whether a cell of the notebook ran at the student's since the last test was opened.

        A name that the student does not have stays unbound: the test then raises NameError,
        as it does in the student's own kernel. Raises CannotCross for one that cannot be
        brought here, `border.Lost` without a student's process.
        """
        self.between()
        if moved:
            self._peer.remember(None)
        self._peer.free()
        self._given, self._exercise = dict(self._names), exercise
        self._names.update(self._made.get(exercise, {}))
        self._fetched = {}
        for name in reads:
            if name in self._names or hasattr(builtins, name):
                continue
            try:
                self._fetched[name] = self._peer.fetch(name)
            except Missing:
                pass
        self._names.update(self._fetched)

    def set_aside(self, test: int, exercise: str, reads: list[str], moved: bool) -> None:
        """Make ready for a test as `open` does, and set it aside until `resume`. Raises what `open` raises."""
        self.open(exercise, reads, moved)
        self._waiting[test] = dict(self._names), self._peer.remembered
        self._show(self._given)
        self._given = None
        self._peer.keep(test)

    def resume(self, test: int) -> None:
        """Bring back the names of a test that was set aside."""
        shelf.close()
        self.between()
        self._given, self._exercise, self._fetched = dict(self._names), "", {}
        names, remembered = self._waiting.pop(test)
        self._show(names)
        self._peer.go_back(test)
        self._peer.remember(remembered)
        self._peer.free()

    def _show(self, names: dict) -> None:
        self._names.clear()
        self._names.update(names)


here: Referee | None = None
"""The referee of this process; the engine speaks to it by code that it has the kernel run."""


def attend(app: IPKernelApp, door: socket.socket) -> None:
    """Make this kernel the referee's. door: where its end of the border with each student's process comes."""
    global here
    here = Referee(door, app.shell)
    app.shell.set_custom_exc((Exception,), _show_without_border)


def _resident_bytes() -> int:
    import psutil  # ipykernel depends on it

    return psutil.Process().memory_info().rss


def _show_without_border(shell, kind, error, trace, tb_offset=None) -> None:
    """Show an exception as if the student's function had been called right here."""
    frames = [(tb.tb_frame, tb.tb_lasti, tb.tb_lineno) for tb in _each(trace) if not _is_border(tb)]
    shorter = None
    for frame, instruction, line in reversed(frames):
        shorter = TracebackType(shorter, frame, instruction, line)
    shell.showtraceback((kind, error.with_traceback(shorter), shorter), tb_offset=tb_offset)


def _each(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _is_border(trace: TracebackType) -> bool:
    return trace.tb_frame.f_globals.get("__name__", "").startswith("grader.engine.border")


__all__ = ["CannotCross", "Referee", "attend", "here"]

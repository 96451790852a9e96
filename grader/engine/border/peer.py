"""One end of the border: asks the other side for values and calls, and answers what it is asked."""

from __future__ import annotations

import hashlib
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, MutableMapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import keras

from grader.checks.raised import facts
from grader.engine.border import arrays, keras_values, plain, shelf, tensors  # noqa: F401  (they register their values)
from grader.engine.border.codec import Reader, Writer
from grader.engine.border.errors import CannotCross, Lost, Malformed, Missing, Uncrossable, require
from grader.engine.border.exceptions import read_facts, rebuild, write_facts
from grader.engine.border.exports import Exports
from grader.engine.border.frames import Pipe
from grader.engine.border.interrupts import Interrupts
from grader.engine.border.limits import MAX_NESTING, MAX_OUTPUT
from grader.engine.border.output import captured
from grader.engine.border.payload import pack, unpack
from grader.engine.border.proxies import Link, RemoteFunction, RemoteObject
from grader.engine.border.references import describe, proxy
from grader.engine.border.remote_layers import Look, RemoteLayer, RemoteModel

ABOUT_NAMES = {"fetch", "keep", "go back"}  # these run nothing of the student's
READS = {"attribute", "length", "item", "names"}
PROXIES = (RemoteFunction, RemoteObject, RemoteLayer, RemoteModel)


@dataclass
class Remembered:
    """A call of a function of the student's and the reply to it.

    proxy, inner: held, so that the function, and what it returned by reference, keep their numbers.
    given: the models that were made of the reply for the test that asked last; free: whether that test is over.
    """

    of: int
    proxy: Any
    digest: bytes
    reply: dict
    segments: list
    inner: list
    given: list = field(default_factory=list)
    free: bool = False

    def give(self, read: Callable[[], Any]) -> Any:
        """What `read` makes of the reply. Of the models that the test before had, their weights are made anew, and no more than that."""
        free, self.free = self.free, False
        with shelf.offering(self.given if free else []):
            value = read()
        self.given = [part for part in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(part, keras.Model)]
        return value


class Peer:
    """One end of a stream socket between a student's process and the referee.

    names: the variables that may be fetched, on the student's side. Without them, on the referee's,
        nothing is answered but calls of what the referee itself handed out, while it waits.

    Whatever comes in, no method raises anything but Missing, CannotCross, Lost, what a function of the
    other side raised, and KeyboardInterrupt.
    """

    def __init__(self, sock, names: MutableMapping[str, Any] | None = None):
        self._pipe = Pipe(sock)
        self._names = names
        self._answers: dict[tuple, tuple[dict, list]] = {}
        self._remembered: Remembered | None = None
        self._marks: dict[int, dict[str, Any]] = {}
        self._lock = threading.RLock()
        self._ids = count(1)
        self._abandoned: set[int] = set()
        self._serving: list[int] = []
        self._exports = Exports()
        self._proxies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._sent: dict[int, int] = {}  # how often each proxy's original was sent to us
        self._dropped: deque[int] = deque()

    def fileno(self) -> int:
        return self._pipe.fileno()

    def close(self) -> None:
        self._pipe.close()

    def pending(self) -> bool:
        """Whether a request was read already, so that the socket need not become readable for it."""
        return self._pipe.waiting()

    def fetch(self, name: str) -> Any:
        """The other side's variable `name`: its value, or a proxy.

        Raises Missing, CannotCross or Lost.
        """
        value = self._ask("fetch", 0, {"name": name}, f"`{name}`")
        if isinstance(value, RemoteFunction) and name.isidentifier():
            value.__name__ = value.__qualname__ = name
        return value

    def keep(self, mark: int) -> None:
        """Have the other side note what its variables are now. Raises Lost."""
        self._ask("keep", mark, {}, "what the notebook holds")

    def go_back(self, mark: int) -> None:
        """Have the other side bind its variables as they were at `keep`; those that came since stay. Raises Lost."""
        self._ask("go back", mark, {}, "what the notebook holds")

    @property
    def remembered(self) -> Remembered | None:
        """The last call that may be asked for again, for `remember`; None if there is none, or something of the student's ran since."""
        return self._remembered

    def remember(self, call: Remembered | None) -> None:
        """Let `call` be the one that may be asked for again. None: whatever it was, the student's process may have changed since."""
        self._remembered = call

    def free(self) -> None:
        """Another test begins: the models that the remembered call gave are no test's any more."""
        if self._remembered:
            self._remembered.free = True

    def answer(self) -> bool:
        """Serve one request; call it when the socket is readable. False when the other side is gone.

        SIGINT interrupts the function that was asked for, and nothing else.
        """
        with Interrupts() as interrupts:
            try:
                self._respond(*self._read(interrupts), interrupts)
                return True
            except KeyboardInterrupt:
                return True
            except (Lost, OSError):
                return False

    # Asking

    def _ask(self, do: str, of: int, details: dict, subject: str, argument: str = "an argument") -> Any:
        again, do = do == "call again", "call" if do == "call again" else do
        question = self._question(do, of, details)
        with self._lock, Interrupts() as interrupts:

            def outcome(reply: dict, segments: list, *inner: list) -> Any:
                return interrupts.run(lambda: self._outcome(reply, segments, do, details, subject, *inner))

            if question is None:
                self._answers.clear()
            elif question in self._answers:
                reply, segments = self._answers[question]
                return outcome(reply, [segment.copy() for segment in segments])
            number, mark = next(self._ids), self._exports.mark()
            try:
                try:
                    digest = self._digest(details) if again else b""
                    known = self._remembered
                    if again and known and (known.of, known.digest) == (of, digest):
                        return known.give(lambda: outcome(known.reply, [segment.copy() for segment in known.segments]))
                    if do not in ABOUT_NAMES:
                        self._remembered = None
                    request = {"ask": number, "do": do, "of": of, "drop": self._let_go()}
                    frame = interrupts.run(lambda: self._frame(request, "with", details))
                except Uncrossable as error:
                    raise CannotCross(argument, error.reason, error.kind) from None
                self._pipe.send(frame, interrupts)
                try:
                    reply, segments = self._await(number, interrupts)
                except KeyboardInterrupt:
                    self._abandon(number, interrupts)
                    raise
                if question is not None:
                    told = {key: part for key, part in reply.items() if key != "out"}  # what it printed is shown once
                    self._answers[question] = told, [segment.copy() for segment in segments]
                inner: list = []
                if not again or "value" not in reply:
                    return outcome(reply, segments, inner)
                told = {"value": reply["value"]}
                self._remembered = Remembered(of, self._proxies.get(of), digest, told, [segment.copy() for segment in segments], inner)
                return self._remembered.give(lambda: outcome(reply, segments, inner))
            finally:
                if self._names is None:
                    self._exports.cut(mark)

    def _question(self, do: str, of: int, details: dict) -> tuple | None:
        """By what a question about an object is known when it is asked again; None for what may change an object.

        A length, an item, an attribute or the weights are asked for once, until the next call: an object whose answers
        differ while nothing happens to it would show one shape to the check of shapes and other numbers to the next.
        """
        if do not in READS and (do, details.get("name")) != ("method", "get_weights"):
            return None
        try:
            return do, of, b"".join(self._frame({}, "with", details))
        except Uncrossable:
            return None

    def _digest(self, details: dict) -> bytes:
        """A hash of the arguments of a call. Raises Uncrossable."""
        digest = hashlib.blake2b(digest_size=16)
        for part in self._frame({}, "with", details):
            digest.update(part)
        return digest.digest()

    def _await(self, number: int, interrupts: Interrupts) -> tuple[dict, list]:
        """The reply to request `number`; requests that come meanwhile are answered."""
        while True:
            message, segments = self._read(interrupts)
            if "reply" not in message:
                self._respond(message, segments, interrupts)
            elif message["reply"] == number and type(message["reply"]) is int:
                return message, segments
            elif type(message["reply"]) is int and message["reply"] in self._abandoned:
                self._abandoned.discard(message["reply"])
            else:
                raise self._lost("it answered what it was not asked")

    def _abandon(self, number: int, interrupts: Interrupts) -> None:
        self._abandoned.add(number)
        try:
            self._pipe.send(pack({"abandon": number}, []), interrupts)
        except (Lost, KeyboardInterrupt):
            pass

    def _outcome(self, reply: dict, segments: list, do: str, details: dict, subject: str, inner: list | None = None) -> Any:
        """What the reply says: a value, or an exception to raise. inner: is told the proxies in it."""

        def resolve(key: str, content: Any, reader: Reader) -> Any:
            found = self._resolve(key, content, reader)
            if inner is not None and key == "ref":
                inner.append(found)
            return found

        reader = Reader(segments, resolve)
        try:
            if "out" in reply:
                self._print(reader.get(reply["out"]))
            if "value" in reply:
                return reader.get(reply["value"])
            if "error" in reply:
                error = rebuild(read_facts(reader.get(reply["error"])))
            elif "missing" in reply:
                error = Missing(f"name {details.get('name')!r} is not defined")
            else:
                reason, kind = reader.each(reply.get("cannot"))
                require(type(reason) is str and type(kind) is str and len(kind) <= 100)
                error = CannotCross(subject, reason, kind)
        except (CannotCross, Lost):
            raise
        except Exception:  # a value that makes no sense, in whatever way it shows
            raise CannotCross(subject, "broken") from None
        raise error

    @staticmethod
    def _print(text: Any) -> None:
        require(type(text) is str and len(text) <= MAX_OUTPUT)
        sys.stdout.write(text.encode("utf-8", "replace").decode())

    # Answering

    def _respond(self, message: dict, segments: list, interrupts: Interrupts) -> None:
        """Answer one request, or take note of one that was abandoned."""
        if "abandon" in message:
            if self._names is not None and message["abandon"] in self._serving:
                raise KeyboardInterrupt
            return
        number = message.get("ask")
        if type(number) is not int:
            raise self._lost("it asked what makes no sense")
        self._serving.append(number)
        try:
            with captured() if self._names is not None else nullcontext() as output:
                frame, interrupted = self._reply(number, message, segments, interrupts, output)
            self._pipe.send(frame, interrupts)
            if interrupted and self._names is None:
                raise KeyboardInterrupt
        finally:
            self._serving.pop()

    def _reply(self, number, message, segments, interrupts, output) -> tuple[list, bool]:
        """The reply as a frame, and whether the work was interrupted."""
        reply: dict[str, Any] = {"reply": number}
        about = [None]

        def work() -> list:
            value = self._serve(message, segments, about)
            return self._frame(reply, "value", value, output)

        try:
            return interrupts.run(work), False
        except Missing:
            return self._frame(reply, "missing", True, output), False
        except (Uncrossable, CannotCross) as error:
            cannot = [error.reason, getattr(error, "kind", "")]
            return self._frame(reply, "cannot", cannot, output), False
        except Malformed:
            return self._frame(reply, "cannot", ["broken", ""], output), False
        except BaseException as error:
            told = write_facts(facts(error, about[0]))
            return self._frame(reply, "error", told, output), isinstance(error, KeyboardInterrupt)

    def _serve(self, message: dict, segments: list, about: list) -> Any:
        """Do what is asked. `about` is told which function it is, for what its exceptions mean."""
        do, of = message.get("do"), message.get("of")
        if self._names is None:
            require(do == "call", "a request that the referee does not answer")
        else:
            for number, times in message.get("drop", []):
                self._exports.drop(number, times)
        if len(self._serving) > MAX_NESTING:
            raise RecursionError("the functions call each other without end")
        details = Reader(segments, self._resolve).get(message.get("with"))
        require(type(details) is dict)
        if do == "fetch":
            if details["name"] not in self._names:
                raise Missing(details["name"])
            return self._names[details["name"]]
        if do == "keep":
            self._marks[of] = dict(self._names)
            return None
        if do == "go back":
            self._names.update(self._marks.pop(of, {}))
            return None
        target = self._exports.get(of)
        if do in ("call", "method"):
            require(type(details.get("args")) is tuple and type(details.get("kwargs")) is dict)
            require(all(type(key) is str for key in details["kwargs"]))
            fn = target if do == "call" else getattr(target, details["name"])
            about[0] = fn
            return fn(*details["args"], **details["kwargs"])
        if do == "attribute":
            return getattr(target, details["name"])
        if do == "length":
            return len(target)
        if do == "item":
            return target[details["key"]]
        if do == "names":
            return [name for name in dir(target) if not name.startswith("_")]
        if do == "mirror":
            return Look(target)
        raise Malformed("a request that nobody knows")

    # Messages

    def _frame(self, message: dict, key: str, value: Any, output: Any = None) -> list:
        """`message` with `value` under `key`, ready to be sent. Raises Uncrossable."""
        writer = Writer(self._refer)
        message = {**message, key: writer.put(value)}
        if output is not None and output.text:
            message["out"] = writer.put(output.text)
        return pack(message, writer.segments)

    def _read(self, interrupts: Interrupts) -> tuple[dict, list]:
        frame = self._pipe.receive(interrupts)
        try:
            message, segments = unpack(frame)
            require(type(message) is dict)
        except (Malformed, MemoryError):
            raise self._lost("it sent what is no message") from None
        return message, segments

    def _lost(self, why: str) -> Lost:
        self._pipe.close()
        return Lost(why)

    # References

    def _refer(self, writer: Writer, value: Any) -> dict:
        number = self._number_of(value)
        if number:
            return {"yours": number}
        facts = describe(writer, value)
        return {"ref": [self._exports.add(value), *facts]}

    def _number_of(self, value: Any) -> int:
        """Under which number the other side knows `value`, if it is a proxy of something there; else 0."""
        link = vars(value).get("_link") if issubclass(type(value), PROXIES) else None
        known = type(link) is Link and self._proxies.get(link.number) is value
        return link.number if known else 0

    def _resolve(self, key: str, content: Any, reader: Reader) -> Any:
        if key == "yours":
            return self._exports.get(content)
        require(type(content) is list and len(content) >= 2 and type(content[0]) is int and 0 < content[0] < 2**53)
        number, *described = content
        known = self._proxies.get(number)
        made = proxy(described, self._link(number), reader)
        if type(known) is type(made):
            if isinstance(made, (RemoteLayer, RemoteModel)):
                known.copy(made)
            made = known
        else:
            self._proxies[number] = made
            weakref.finalize(made, self._dropped.append, number).atexit = False
        self._sent[number] = self._sent.get(number, 0) + 1
        return made

    def _link(self, number: int) -> Link:
        def ask(do: str, **details):
            known = self._proxies.get(number)
            name = getattr(known, "__name__", "") if isinstance(known, RemoteFunction) else details.get("name", "")
            where = f"what `{name}` returns" if name else "what it returns"
            subject = f"`{name}`" if do == "attribute" else where
            return self._ask(do, number, details, subject, f"an argument of `{name}`" if name else "an argument")

        return Link(ask, number)

    def _let_go(self) -> list:
        """The originals of proxies that nobody holds any more, and how often each was sent."""
        gone = []
        while self._dropped:
            number = self._dropped.popleft()
            if number not in self._proxies:
                gone.append([number, self._sent.pop(number, 1)])
        return gone

"""A kernel's manager, and the room that its successor will have."""

import asyncio
import gc
import tempfile
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest

from grader.engine import Isolation, Limits
from grader.engine.client import Client
from grader.engine.desk import Room
from grader.engine.kernel import KernelManager


@pytest.fixture
def room():
    """pytest's own folders are too long for a socket."""
    with tempfile.TemporaryDirectory() as name:
        room = Room(Path(name))
        for folder in (room.run, room.temporary):
            folder.mkdir()
        yield room


def manager(room):
    made = KernelManager("referee", room, SimpleNamespace(isolation=Isolation("none"), sandboxed=False), Limits())
    made.write_connection_file()
    sockets = [Path(f"{made.ip}-{port}") for port in made.ports]
    for socket in sockets:
        socket.touch()
    return made, {room.connection_file, *sockets}


def test_an_old_manager_takes_nothing_from_its_successor(room):
    """It is collected at some time or other. By then the desk has emptied the room, and the next kernel's files have the same names."""
    old, files = manager(room)
    for file in files:
        file.unlink()
    new, successors = manager(room)
    assert successors == files
    old.cleanup_ipc_files()  # as when it is shut down
    del old
    gc.collect()
    assert all(file.exists() for file in files)
    new.context.destroy()


def test_no_ping_waits_for_a_kernel_that_broke_its_socket(room):
    """jupyter_client's heartbeat sends one from a thread, and stopping it waits for the thread: no submission may make that endless."""
    made, _ = manager(room)  # no kernel is behind its sockets

    async def hang_up():
        client = made.client()
        client.start_channels()
        beating = client.hb_channel.is_alive()
        client.hb_channel._exit.set()  # what would wait for a second, waits no more
        return beating

    assert not asyncio.run(hang_up())


def test_ctrl_c_is_heard_also_where_a_library_swallows_it(room, monkeypatch):
    """asyncio.wait_for, which nbclient uses, does in Python 3.11 when what it waits for is done in the same moment."""
    client = Client(manager(room)[0], Limits())

    async def swallow(*_, **__):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    monkeypatch.setattr(client, "async_execute_cell", swallow)

    async def interrupted():
        task = asyncio.ensure_future(client.run("1", "cell 1", monotonic() + 60))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())

"""The border between a student's process and the referee: values and calls cross it, code does not.

    student = Peer(sock, names=user_namespace)     # in the student's process
    while student.answer(): ...                    # whenever the socket is readable

    referee = Peer(sock)                           # in the referee
    make_windows = referee.fetch("make_windows")   # a RemoteFunction; numbers, arrays, models come by value

Both sides run in processes that have imported Keras; importing this runs no operation of TensorFlow,
so that they may be forked afterwards. The grader's own process never imports it.
"""

from grader.engine.border import shelf
from grader.engine.border.errors import CannotCross, Lost, Missing
from grader.engine.border.peer import Peer
from grader.engine.border.proxies import RemoteFunction, RemoteObject
from grader.engine.border.remote_layers import RemoteLayer, RemoteModel

__all__ = ["CannotCross", "Lost", "Missing", "Peer", "RemoteFunction", "RemoteLayer", "RemoteModel", "RemoteObject", "shelf"]

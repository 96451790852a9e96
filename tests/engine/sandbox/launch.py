"""Becomes the stand-in server behind the outer sandbox: launch.py CHANNEL COURSE DESK STATUS."""

import os
import sys

channel, course, desk, status = sys.argv[1:]
sys.path.insert(0, course)

from grader.engine.sandbox import Isolation, outer  # noqa: E402

command = [*outer(desk, Isolation(), status=int(status)), sys.executable, "-P"]
command += ["/desk/server.py", channel, course, "bubblewrap"]
os.execvp(command[0], command)

"""The `grader` command. Its commands register themselves when they are imported; `grader --help` lists them in the order of a term's work."""

from grader.commands import authoring, classroom, exchange, grading, lateness, releasing, reporting
from grader.commands.shared import app, console

__all__ = ["app", "authoring", "classroom", "console", "exchange", "grading", "lateness", "releasing", "reporting"]

ORDER = "collect students autograde due report export doctor demo release book build variants copies calibrate course".split()
app.registered_commands.sort(key=lambda command: ORDER.index(command.callback.__name__))

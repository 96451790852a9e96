"""The `grader` command. Its commands register themselves when they are imported; `grader --help` lists them in the order of a term's work."""

from grader.commands import authoring, exchange, grading, releasing, reporting
from grader.commands.shared import app, console

__all__ = ["app", "authoring", "console", "exchange", "grading", "releasing", "reporting"]

ORDER = "collect autograde report export doctor demo release build variants calibrate course".split()
app.registered_commands.sort(key=lambda command: ORDER.index(command.callback.__name__))

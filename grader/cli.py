"""The `grader` command. Its commands register themselves: importing them is what makes them known, in this order."""

from grader.commands import exchange, grading, reporting, releasing, authoring  # isort: skip
from grader.commands.shared import app, console

__all__ = ["app", "authoring", "console", "exchange", "grading", "releasing", "reporting"]

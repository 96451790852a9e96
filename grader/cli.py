"""The `grader` command. Its commands register themselves: importing them is what makes them known."""

from grader.commands import authoring, grading, releasing
from grader.commands.shared import app, console

__all__ = ["app", "authoring", "console", "grading", "releasing"]

"""The `grader` command. Its commands register themselves: importing them is what makes them known."""

from grader.commands import authoring, grading, reporting
from grader.commands.shared import app, console

__all__ = ["app", "authoring", "console", "grading", "reporting"]

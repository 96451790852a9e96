"""The exporters that nbgrader's converters read through: where a release is trimmed and a submission is met."""

from __future__ import annotations

import glob

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from traitlets import Integer, List

from .directories import LEFT_BEHIND, SourceDirectory, SubmissionDirectory, keep_timestamp, look_through
from .reading import LARGEST, Unreadable, read
from .source import trusted_notebooks


class ReleaseExporter(NotebookExporter):
    """For `GenerateAssignment`: what running a solution left behind is not released."""

    leave_behind = List(
        LEFT_BEHIND, help="Names of files and folders beside a solution notebook that are never copied into the release."
    ).tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if isinstance(self.parent, GenerateAssignment):
            look_through(self.parent, SourceDirectory, self.leave_behind)


class SubmissionExporter(NotebookExporter):
    """For `Autograde`: reads any file without failing, and hands it to the `Repair` preprocessor.

    A file that is no notebook does not stop the batch: its student gets the untouched
    release, no points, and the reason. Before the first submission the course's solution
    notebooks are held against the gradebook, so that a stale one is one error, not one a student.
    """

    largest_notebook = Integer(LARGEST, help="Largest submitted notebook that is read, in bytes.").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(self.parent, Autograde):
            return
        look_through(self.parent, SubmissionDirectory)
        assignment = self.parent.coursedir.assignment_id
        if not glob.has_magic(assignment):
            try:
                trusted_notebooks(self.parent.coursedir, assignment)
            except NbGraderException as problem:
                self.log.error(str(problem))
                raise

    def from_filename(self, filename, resources=None, **kwargs):
        """Convert a submitted notebook, then the repaired one that nbgrader wrote from it."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kwargs)
        names = resources["nbgrader"]
        keep_timestamp(
            self.parent._format_source(names["assignment"], names["student"]),
            self.parent._format_dest(names["assignment"], names["student"]),
        )
        try:
            # In `resources`, because nbconvert validates what it converts and this is nobody's valid notebook yet.
            names["submitted"] = read(filename, self.largest_notebook)
        except Unreadable as reason:
            names["unreadable"] = str(reason)
        resources["metadata"] = {"name": names["notebook"], "path": ""}
        return self.from_notebook_node(new_notebook(), resources, **kwargs)

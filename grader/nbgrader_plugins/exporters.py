"""The exporters that nbgrader's converters read through: where a release is trimmed and a submission is met."""

from __future__ import annotations

import glob
import re
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from traitlets import Integer, List

from grader.engine import sandbox
from grader.engine.sandbox import Isolation

from .directories import LEFT_BEHIND, SourceDirectory, SubmissionDirectory, keep_timestamp, look_through
from .reading import LARGEST
from .readings import earlier
from .source import names_of, trusted_notebooks


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
    """For `Autograde`: finds any file without failing, and has the `Repair` preprocessor read it.

    A file that is no notebook does not stop the batch: its student gets the untouched
    release, no points, and the reason; so does one who handed in nothing by the lesson's
    name, unless it is plain what was meant (see `handed_in`). Before the first submission the course's solution
    notebooks are held against the gradebook, and isolation is tried, so that what would fail for everyone is one
    error, not one a student, and nothing is written.
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
        if self.config.Grade.get("verdicts") is None:  # else whoever reaches the verdicts has seen to it
            self._require_isolation()
        self._expect_every_notebook()
        self._remember_what_was_read()

    def _require_isolation(self) -> None:
        """Raise NbGraderException where submissions cannot be isolated; say what is lost where they shall not be."""
        try:
            chosen = Isolation.default()
            problem = sandbox.problem(chosen)
        except ValueError as unknown:
            problem = str(unknown)
        if problem:
            problem = f"Nothing was graded: {problem}; `grader doctor` says more"
            self.log.error(problem)
            raise NbGraderException(problem)
        if chosen.kind == "none":
            self.log.warning(" ".join(sandbox.WHAT_IS_LOST))

    def _expect_every_notebook(self) -> None:
        """Where none of a folder's notebooks has the name of one assigned, ask for those all the same.

        nbgrader would fail on the folder; `from_filename` finds the file that was meant, or says there is none.
        """
        converter = self.parent
        for folder, found in converter.assignments.items():
            pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
            assigned = names_of(converter.coursedir, re.match(pattern, folder)["assignment"])
            if not any(Path(path).stem in assigned for path in found):
                converter.assignments[folder] = [str(Path(folder, f"{name}.ipynb")) for name in assigned]

    def _remember_what_was_read(self) -> None:
        """Keep what people have read in the notebooks graded before: nbgrader removes those first."""
        converter, self._read = self.parent, {}
        pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        for folder, notebooks in converter.assignments.items():
            found = re.match(pattern, folder)
            graded = Path(converter._format_dest(found["assignment"], found["student"]))
            for name in {Path(path).stem for path in notebooks} | set(names_of(converter.coursedir, found["assignment"])):
                self._read[found["assignment"], found["student"], name] = earlier(graded / f"{name}.ipynb")

    def from_filename(self, filename, resources=None, **kwargs):
        """Convert a submitted notebook, then the repaired one that nbgrader wrote from it."""
        if not getattr(self.parent, "_sanitizing", False):
            if names := (resources or {}).get("nbgrader") if hasattr(self, "_read") else None:
                names["before"] = self._read.get((names["assignment"], names["student"], names["notebook"]), {})
            return super().from_filename(filename, resources=resources, **kwargs)
        names = resources["nbgrader"]
        keep_timestamp(
            self.parent._format_source(names["assignment"], names["student"]),
            self.parent._format_dest(names["assignment"], names["student"]),
        )
        # It is not read here: nbconvert validates what it converts, and this is nobody's valid notebook yet.
        assigned = names_of(self.parent.coursedir, names["assignment"])
        names["handed_in"] = {"folder": Path(filename).parent, "notebook": names["notebook"], "assigned": assigned, "largest": self.largest_notebook}
        resources["metadata"] = {"name": names["notebook"], "path": ""}
        return self.from_notebook_node(new_notebook(), resources, **kwargs)

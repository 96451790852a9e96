"""The two preprocessors between a submission and its verdict: `Repair`, then `Grade`."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Any
from traitlets.utils.importstring import import_item

from grader import engine

from .apart import OverBound, apart, begin
from .directories import LEFT_BEHIND
from .exporters import SubmissionExporter
from .files import take_in
from .handed_in import handed_in
from .inert import inert_output, make_inert
from .reading import Unreadable, read
from .readings import asked
from .repair import repair, untouched
from .source import source_path, trusted, trusted_notebooks


class Repair(NbGraderPreprocessor):
    """Make a submission whole from the course's solution notebook (see `repair.repair`)."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        source = trusted(self.parent.parent.coursedir, names["assignment"], names["notebook"])
        nb = take(source, **names.pop("handed_in"))
        for note in nb.metadata["rnn_course"]["notes"]:
            self.log.warning("%s: %s", names["student"], note["text"])
        return nb, resources


class Grade(NbGraderPreprocessor):
    """Run a repaired notebook in the grading engine, in place of nbgrader's `Execute`.

    The outputs go into the notebook; the scores go on in `resources`, never in metadata.
    """

    verdicts = Any(
        help="A function (or its dotted name) from a Job to a Verdict, such as one that looks up verdicts "
        "reached earlier by `job.key`. The default runs the job here, with grader.engine.grade."
    ).tag(config=True)
    limits = Any(help="The engine's Limits for one submission. The default is the engine's own.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        if nb.metadata["rnn_course"].get("unreadable"):
            names["verdict"] = None
            return nb, resources
        work, notes = job(
            self.parent.parent.coursedir, names["assignment"], names["notebook"], names["student"], nb, self.limits
        )
        note_files(nb, notes)
        verdict = self._verdicts()(work)
        put_back(nb, verdict)
        names["verdict"] = verdict
        return nb, resources

    def _verdicts(self) -> Callable:
        if self.verdicts is None:
            return engine.grade
        return import_item(self.verdicts) if isinstance(self.verdicts, str) else self.verdicts


def take(source: NotebookNode, folder: str | os.PathLike[str], notebook: str, assigned: list[str], largest: int) -> NotebookNode:
    """Return the notebook to grade of what was handed in as `notebook` in a submission's folder (see `mend`), whatever that is.

    It is read and repaired in a process apart: what takes too long or too much memory there counts as unreadable.
    """
    try:
        return nbformat.from_dict(apart("take", source=_as_json(source), folder=os.fspath(folder), notebook=notebook, assigned=assigned, largest=largest))
    except OverBound as reason:
        return mend(source, None, f"reading it {reason}")


def taken(source: str, folder: str, notebook: str, assigned: list[str], largest: int) -> NotebookNode:
    """Do what `take` asks for, in the process apart."""
    course = nbformat.from_dict(json.loads(source))
    try:
        path, remarks = handed_in(folder, notebook, assigned)
        return mend(course, read(path, largest), remarks=remarks)
    except Unreadable as reason:
        return mend(course, None, str(reason))


def _as_json(source: NotebookNode) -> str:
    """A course's notebook without its outputs, which grading needs not."""
    return json.dumps({**source, "cells": [{**cell, "outputs": []} if cell.cell_type == "code" else cell for cell in source.cells]})


def mend(
    source: NotebookNode, submitted: NotebookNode | None, unreadable: str = "", remarks: Sequence[str] = ()
) -> NotebookNode:
    """Return the notebook to grade, its repairs listed in `metadata.rnn_course.notes`.

    `remarks` are listed before them. Without a submitted notebook that is the untouched release, with the reason.
    """
    if submitted is None:
        notebook = untouched(source)
        text = f"The notebook could not be graded: {unreadable}."
        record = {"notes": [{"cell": None, "text": text}], "unreadable": text}
    else:
        notebook, notes = repair(source, submitted)
        said = [*remarks, *filter(None, [submitted.metadata.get("read_as")])]
        record = {"notes": [{"cell": None, "text": text} for text in said] + notes}
    make_inert(notebook)
    record["asked"] = asked(source)
    notebook.metadata["rnn_course"] = {**source.metadata.get("rnn_course", {}), **record}
    return notebook


def job(
    coursedir: CourseDirectory,
    assignment: str,
    notebook: str,
    student: str,
    repaired: NotebookNode,
    limits: engine.Limits | None = None,
) -> tuple[engine.Job, list[str]]:
    """Return the engine's job for one repaired notebook, and what of the submission's folder was left out.

    Files come from the student's submitted folder; where the course gives a file of the
    same name beside its solution, the course's stands.
    """
    taken = take_in(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    for path, content in take_in(source_path(coursedir, assignment, notebook).parent).files.items():
        if not any(fnmatch(part, name) for part in path.split("/") for name in LEFT_BEHIND):
            taken.files[path] = content
    work = engine.Job(
        notebook=repaired, files=taken.files, limits=limits or engine.Limits(), name=f"{student}/{assignment}"
    )
    return work, taken.notes


@dataclass
class Taken:
    """A submission as it will be graded: the repaired notebook, and its job, which is None where it could not be read."""

    notebook: NotebookNode
    job: engine.Job | None


class Intake:
    """Takes in submissions of one assignment as `nbgrader autograde` does, for a driver that reaches verdicts ahead.

    sources: the solution notebooks by name; read, and held against the gradebook, where they are not given.
    Limits are those of the course's configuration.
    """

    def __init__(self, coursedir: CourseDirectory, assignment: str, sources: dict[str, NotebookNode] | None = None):
        begin()
        self._coursedir, self._assignment = coursedir, assignment
        self._sources = trusted_notebooks(coursedir, assignment) if sources is None else sources
        self._limits = Grade(config=coursedir.config).limits
        self._largest = SubmissionExporter(config=coursedir.config).largest_notebook

    def take(self, student: str) -> list[Taken]:
        """Return what `student` handed in, a `Taken` for each notebook. Raises ValueError for a submission that is no job."""
        return [self._take(student, name, source) for name, source in self._sources.items()]

    def _take(self, student: str, name: str, source: NotebookNode) -> Taken:
        folder = self._coursedir.format_path(self._coursedir.submitted_directory, student, self._assignment)
        notebook = take(source, folder, name, list(self._sources), self._largest)
        if notebook.metadata["rnn_course"].get("unreadable"):
            return Taken(notebook, None)
        work, notes = job(self._coursedir, self._assignment, name, student, notebook, self._limits)
        note_files(notebook, notes)
        return Taken(notebook, work)


def jobs(coursedir: CourseDirectory, assignment: str, students: list[str] | None = None) -> Iterator[engine.Job]:
    """Yield the job that `nbgrader autograde` will ask for, for each submission that can be read, by `job.key`.

    `students` defaults to all with a submission. Raises ValueError for a submission that is no job.
    """
    intake = Intake(coursedir, assignment)
    for student in submitters(coursedir, assignment) if students is None else students:
        yield from (taken.job for taken in intake.take(student) if taken.job)


def note_files(notebook: NotebookNode, notes: Sequence[str]) -> None:
    """List what of a submission's folder was left out among the notebook's notes."""
    notebook.metadata["rnn_course"]["notes"].extend({"cell": None, "text": text} for text in notes)


def submitters(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """Return the ids of the students with a folder for this assignment, sorted."""
    where = coursedir.submitted_directory
    named = re.compile(coursedir.format_path(where, "(?P<student>[^/]+)", re.escape(assignment), escape=True))
    found = glob.glob(coursedir.format_path(where, "*", glob.escape(assignment)))
    return sorted(match["student"] for match in map(named.fullmatch, filter(os.path.isdir, found)) if match)


def put_back(notebook: NotebookNode, verdict: engine.Verdict) -> None:
    """Put a verdict's outputs into the notebook's code cells, by cell id, as text and pictures alone."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = list(map(inert_output, verdict.outputs.get(cell.id, [])))
            cell.execution_count = verdict.execution_counts.get(cell.id)

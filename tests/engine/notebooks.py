"""Small notebooks for the engine's tests."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_notebook

from grader.engine import Job, Limits
from grader.engine.names import uses

QUICK = Limits(cell_seconds=3, submission_seconds=60, interrupt_seconds=1)


def code(source, **metadata):
    return new_code_cell(source, metadata=metadata)


def test(name, source="pass", points=1, **metadata):
    """A test that may read all that it mentions, unless `rnn_course` says which names its exercise declares."""
    metadata["rnn_course"] = {"reads": sorted(uses(source)), **metadata.get("rnn_course", {})}
    about = {"grade_id": name, "points": points, "grade": True, "solution": False, "locked": True}
    return new_code_cell(source, metadata={"nbgrader": about, **metadata})


def hidden(name, source, points=1):
    return test(name, f"# Hidden checks.\n### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS", points)


def given(source):
    return new_code_cell(source, metadata={"rnn_course": {"role": "given"}})


test.__test__ = False  # a cell, not a pytest function


def notebook(*cells, kernel="python3", language="python"):
    about = {"kernelspec": {"name": kernel, "display_name": kernel, "language": language}}
    return new_notebook(cells=list(cells), metadata=about)


def job(*cells, files=None, limits=QUICK, **kwargs):
    return Job(notebook(*cells, **kwargs), files or {}, limits)


def points(verdict):
    return {name: score.points for name, score in verdict.scores.items()}


def text(verdict, cell):
    """Everything a cell streamed."""
    return "".join(o.text for o in verdict.outputs[cell.id] if o.output_type == "stream")

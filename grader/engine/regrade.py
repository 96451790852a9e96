"""A lesson's tests have changed since a submission was graded: run those of the exercises that changed, keep the others' scores.

The tests of one exercise never see what another's made (see `referee.Referee`), and all that a student's cells do is
done again. So the scores of an exercise hold as long as the submission and the exercise's own tests are the same.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import nbformat

from grader.engine.cells import cell_name, exercises, is_test, nbgrader_metadata, reads
from grader.engine.verdict import Job, Verdict


def untested(job: Job) -> Job:
    """Return `job` without its tests: equal for two jobs that differ in nothing but tests."""
    notebook = job.notebook.copy()
    notebook.cells = [cell for cell in job.notebook.cells if not is_test(cell)]
    return replace(job, notebook=notebook)


def fingerprints(job: Job) -> dict[str, str]:
    """Return a hash of the tests of each exercise that has any, in their order."""
    tests: dict[str, list] = {}
    for cell, exercise in zip(job.notebook.cells, exercises(job.notebook.cells), strict=True):
        if is_test(cell):
            tests.setdefault(exercise, []).append([cell.id, cell.source, nbgrader_metadata(cell), sorted(reads(cell))])
    return {exercise: hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest() for exercise, cells in tests.items()}


def changed(job: Job, before: dict[str, str]) -> frozenset[str]:
    """Return the exercises of `job` whose tests are others than they were, by their `fingerprints` then."""
    return frozenset(exercise for exercise, now in fingerprints(job).items() if before.get(exercise) != now)


def joined(job: Job, now: Verdict, before: Verdict) -> Verdict:
    """Return the verdict on the whole of `job`: `now` on the exercises that it tested, and `before` on the others."""
    outputs, counts, scores = {}, {}, {}
    count = 0
    for position, (cell, exercise) in enumerate(zip(job.notebook.cells, exercises(job.notebook.cells), strict=True)):
        if cell.cell_type != "code":
            continue
        kept = is_test(cell) and exercise not in (job.tests or ())
        verdict = before if kept else now
        ran = verdict.execution_counts.get(cell.id) is not None
        count += ran
        outputs[cell.id] = [_counted(output, count) for output in verdict.outputs.get(cell.id, [])]
        counts[cell.id] = count if ran else None
        if is_test(cell):
            name = nbgrader_metadata(cell).get("grade_id") or cell_name(cell, position)
            scores[name] = verdict.scores[name]
    return Verdict(outputs, counts, scores, now.stopped, now.seconds)


def _counted(output, count: int):
    return nbformat.from_dict({**output, "execution_count": count}) if output.get("output_type") == "execute_result" else output

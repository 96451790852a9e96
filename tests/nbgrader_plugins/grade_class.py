"""Grade a class as `grader autograde` does, and say so: `python grade_class.py COURSE LESSON WORKERS`."""

import sys
from pathlib import Path

from grader.nbgrader_plugins import batch, course

root, lesson, workers = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("begun", flush=True)
with batch.Team(workers) as team:
    students = batch.students_of(course(root), lesson)
    batch.autograde(root, {lesson: students}, team, lambda result: print(result.how, result.student, flush=True), pages=True)
print("done", flush=True)

"""Grade a class: verdicts are reached side by side, nbgrader writes them to the gradebook one at a time."""

from __future__ import annotations

import os
import queue
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException

from grader.engine import Job, Verdict, Worker
from grader.nbgrader_plugins.course import course
from grader.nbgrader_plugins.grading import jobs
from grader.nbgrader_plugins.source import trusted


class Team:
    """Warm workers that grade jobs side by side; a context manager. One team can grade lesson after lesson.

    workers: how many submissions are graded at a time.
    """

    def __init__(self, workers: int):
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._workers = [Worker() for _ in range(max(1, workers))]
        for worker in self._workers:
            self._idle.put(worker)
        self._pool = ThreadPoolExecutor(len(self._workers))
        self._verdicts: dict[str, Future[Verdict]] = {}

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def start(self, job: Job) -> Future[Verdict]:
        """Have `job` graded as soon as a worker is free; equal jobs are graded once."""
        if job.key not in self._verdicts:
            self._verdicts[job.key] = self._pool.submit(self._grade, job)
        return self._verdicts[job.key]

    def verdict(self, job: Job) -> Verdict:
        """Wait for the verdict on `job`."""
        return self.start(job).result()

    def _grade(self, job: Job) -> Verdict:
        worker = self._idle.get()
        try:
            return worker.grade(job)
        finally:
            self._idle.put(worker)


@dataclass(frozen=True)
class Result:
    """What a student got in a lesson. `problem` is the first thing that went wrong, "" if nothing did."""

    student: str
    lesson: str
    points: float
    max_points: float
    by_hand: bool
    problem: str


def students_of(api: NbGraderAPI, lesson: str) -> list[str]:
    """The students with a submission of `lesson`, by name."""
    return sorted(api.get_submitted_students(lesson))


def prepare(api: NbGraderAPI, lesson: str) -> None:
    """Let the gradebook know the lesson as its solution notebook has it now.

    Raises NbGraderException, in nbgrader's words, if it cannot (for example when cells were
    added to a lesson that has submissions).
    """
    try:
        trusted(api.coursedir, lesson, lesson)
    except NbGraderException:
        released = Path(api.coursedir.format_path(api.coursedir.release_directory, ".", lesson))
        _require(api.generate_assignment(lesson, force=released.exists(), create=True), f"the release of {lesson}")
        trusted(api.coursedir, lesson, lesson)


def autograde(
    root: Path,
    lesson: str,
    students: list[str],
    team: Team,
    tell: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Grade `lesson` for `students` of the course at `root`.

    `tell` hears each result as soon as it is in the gradebook. A submission that nbgrader
    itself fails on is a Result with the reason; the others go on.
    Raises NbGraderException if the lesson cannot be graded at all.
    """
    api = course(root)
    prepare(api, lesson)
    work = {job.name.rsplit("/", 1)[0]: job for job in jobs(api.coursedir, lesson, students)}
    for job in work.values():
        team.start(job)
    api = course(root, verdicts=team.verdict)
    results = []
    with _without_chatter():
        for student in students:
            outcome = api.autograde(lesson, student, force=True, create=True)
            verdict = team.verdict(work[student]) if student in work else None
            results.append(_result(api, lesson, student, verdict, outcome))
            tell(results[-1])
    return results


def feedback(root: Path, lesson: str, students: list[str], tell: Callable[[str], None] = lambda student: None) -> list[Path]:
    """Write the feedback of each student; returns the pages. Raises NbGraderException."""
    api = course(root)
    for student in students:
        _require(api.generate_feedback(lesson, student, force=True), f"the feedback for {student}")
        tell(student)
    directory = api.coursedir.feedback_directory
    return [Path(api.coursedir.format_path(directory, student, lesson), f"{lesson}.html") for student in students]


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Leave out what nbgrader and nbformat warn of on the way and then mend or do themselves."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")
        warnings.filterwarnings("ignore", module="nbformat")
        yield


def default_workers() -> int:
    """One worker a core, within the memory: each keeps TensorFlow and a submission, about 2 GB."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2e9
    except (ValueError, OSError):
        memory = cores
    return max(1, min(cores, int(memory)))


def _result(api: NbGraderAPI, lesson: str, student: str, verdict: Verdict | None, outcome: dict) -> Result:
    if not outcome["success"]:
        return Result(student, lesson, 0.0, 0.0, False, f"nbgrader failed: {_last_line(outcome)}")
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            return Result(student, lesson, 0.0, 0.0, False, "there is no submission")
        numbers = submission.score, submission.max_score, submission.needs_manual_grade
    return Result(student, lesson, *numbers, _first_problem(api, lesson, student, verdict))


def _first_problem(api: NbGraderAPI, lesson: str, student: str, verdict: Verdict | None) -> str:
    if verdict is not None:
        if verdict.stopped:
            return verdict.stopped
        for name, score in verdict.scores.items():
            if score.points < score.max_points:
                return f"{name}: {score.reason}"
        return ""
    page = Path(api.coursedir.format_path(api.coursedir.autograded_directory, student, lesson), f"{lesson}.ipynb")
    try:
        return nbformat.read(page, as_version=4).metadata["rnn_course"].get("unreadable", "")
    except Exception:  # nbgrader scored a missing notebook without writing one
        return "no notebook was submitted"


def _require(outcome: dict, what: str) -> None:
    if not outcome["success"]:
        raise NbGraderException(f"nbgrader could not make {what}: {_last_line(outcome)}")


def _last_line(outcome: dict) -> str:
    lines = [line for line in (outcome.get("error") or outcome.get("log") or "").strip().split("\n") if line.strip()]
    return lines[-1].strip() if lines else "it gave no reason"

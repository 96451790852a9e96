"""Grade a class: verdicts are reached side by side, nbgrader writes them to the gradebook one at a time."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException

from grader.engine import Team, Verdict
from grader.engine.machine import cores
from grader.nbgrader_plugins.course import course
from grader.nbgrader_plugins.grading import jobs, submitters
from grader.nbgrader_plugins.handed_in import missing, notebooks_in
from grader.nbgrader_plugins.source import trusted, trusted_notebooks

__all__ = ["Result", "Team", "autograde", "default_workers", "feedback", "prepare", "students_of"]


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
    return submitters(api.coursedir, lesson)


def prepare(api: NbGraderAPI, lesson: str) -> None:
    """Let the gradebook know the lesson as its solution notebook has it now.

    The released notebooks stay as they are: people may be working in them. Raises
    NbGraderException, in nbgrader's words, if it cannot (for example when cells were added
    to a lesson that has submissions).
    """
    try:
        trusted(api.coursedir, lesson, lesson)
    except NbGraderException:
        released = api.coursedir.release_directory
        with tempfile.TemporaryDirectory(prefix="grader-release-") as folder:
            # nbgrader fills its gradebook only while it writes a release, and clears the place for it.
            api.coursedir.release_directory = folder
            try:
                _require(api.generate_assignment(lesson, create=True), f"the release of {lesson}")
            finally:
                api.coursedir.release_directory = released
        trusted(api.coursedir, lesson, lesson)


def autograde(
    root: Path,
    lesson: str,
    students: list[str],
    team: Team,
    tell: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Grade `lesson` for `students` of the course at `root`.

    `tell` hears each result as soon as it is in the gradebook. A submission that the engine
    or nbgrader fails on is a Result with the reason, and keeps what it had in the
    gradebook; the others go on. Raises NbGraderException if the lesson cannot be graded at all.
    """
    api = course(root)
    prepare(api, lesson)
    sources = trusted_notebooks(api.coursedir, lesson)
    begun: dict[str, Future[Verdict] | Exception | None] = {}
    for student in students:
        try:
            begun[student] = next((team.start(job) for job in jobs(api.coursedir, lesson, [student], sources)), None)
        except Exception as problem:  # whatever one submission brings about, the class goes on
            begun[student] = problem
    api = course(root, verdicts=team.verdict)
    results = []
    with _without_chatter():
        for student in students:
            results.append(_graded(api, lesson, student, begun[student]))
            tell(results[-1])
    return results


def feedback(root: Path, lesson: str, students: list[str], tell: Callable[[str], None] = lambda student: None) -> list[Path]:
    """Write the feedback of each student who has been graded; returns the pages.

    Raises NbGraderException for the first page that could not be written, once all others are.
    """
    api = course(root)
    pages, problems = [], []
    for student in students:
        if _folder(api, api.coursedir.autograded_directory, student, lesson, f"{lesson}.ipynb").is_file():
            try:
                _require(api.generate_feedback(lesson, student, force=True), f"the feedback for {student}")
                pages.append(_folder(api, api.coursedir.feedback_directory, student, lesson, f"{lesson}.html"))
            except NbGraderException as problem:
                problems.append(problem)
        tell(student)
    if problems:
        raise problems[0]
    return pages


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Leave out what nbgrader and nbformat warn of on the way and then mend or do themselves."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")
        warnings.filterwarnings("ignore", module="nbformat")
        yield


def default_workers() -> int:
    """One worker a core, within the memory: each keeps TensorFlow and a submission, about 2 GB."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2e9
    except (ValueError, OSError):
        memory = cores()
    return max(1, min(cores(), int(memory)))


def _graded(api: NbGraderAPI, lesson: str, student: str, begun: Future[Verdict] | Exception | None) -> Result:
    """Wait for a verdict and have nbgrader write it down; whatever fails is the Result's problem."""
    # Waited for here: inside nbgrader's call Ctrl-C would count as the submission's failure.
    try:
        if isinstance(begun, Exception):
            raise begun
        verdict = begun and begun.result()
    except Exception as problem:
        return _failed(api, lesson, student, f"it could not be graded: {problem or type(problem).__name__}")
    if not notebooks_in(_folder(api, api.coursedir.submitted_directory, student, lesson)):
        return _failed(api, lesson, student, missing(lesson))  # nbgrader fails on a folder without any
    outcome = api.autograde(lesson, student, force=True, create=True)
    if not outcome["success"]:
        return _failed(api, lesson, student, f"nbgrader failed: {_reason(outcome)}")
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            return _failed(api, lesson, student, "there is no submission")
        numbers = submission.score, submission.max_score, submission.needs_manual_grade
    return Result(student, lesson, *numbers, _first_problem(api, lesson, student, verdict))


def _failed(api: NbGraderAPI, lesson: str, student: str, problem: str) -> Result:
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        most = gradebook.find_assignment(lesson).max_score
    return Result(student, lesson, 0.0, most, False, problem)


def _first_problem(api: NbGraderAPI, lesson: str, student: str, verdict: Verdict | None) -> str:
    if verdict is not None:
        if verdict.stopped:
            return verdict.stopped
        for name, score in verdict.scores.items():
            if score.points < score.max_points:
                return f"{name}: {score.reason}"
        return ""
    page = _folder(api, api.coursedir.autograded_directory, student, lesson, f"{lesson}.ipynb")
    try:
        return nbformat.read(page, as_version=4).metadata["rnn_course"].get("unreadable", "")
    except Exception:  # nbgrader scored a missing notebook without writing one
        return "no notebook was submitted"


def _folder(api: NbGraderAPI, directory: str, student: str, lesson: str, *inside: str) -> Path:
    return Path(api.coursedir.format_path(directory, student, lesson), *inside)


def _require(outcome: dict, what: str) -> None:
    if not outcome["success"]:
        raise NbGraderException(f"nbgrader could not make {what}: {_reason(outcome)}")


def _reason(outcome: dict) -> str:
    """Return nbgrader's last word on a failure. Raises KeyboardInterrupt, which nbgrader takes for one."""
    lines = [line for line in (outcome.get("error") or outcome.get("log") or "").strip().split("\n") if line.strip()]
    if lines and lines[-1].strip() == "KeyboardInterrupt":
        raise KeyboardInterrupt
    return lines[-1].strip() if lines else "it gave no reason"

"""Grade a class: verdicts are reached side by side, kept as they come, and written to the gradebook one at a time."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException

from grader.engine import Job, Team, Verdict
from grader.engine.archive import Archive
from grader.engine.machine import cores
from grader.engine.regrade import changed, joined
from grader.nbgrader_plugins.course import course
from grader.nbgrader_plugins.due import read
from grader.nbgrader_plugins.grading import Intake, Taken, submitters
from grader.nbgrader_plugins.lateness import settle
from grader.nbgrader_plugins.pages import Pages
from grader.nbgrader_plugins.pipeline import Pipeline, require
from grader.nbgrader_plugins.recording import Numbers, Recorder
from grader.nbgrader_plugins.refusals import in_words
from grader.nbgrader_plugins.source import trusted, trusted_notebooks

__all__ = ["PRIVATE", "Result", "Team", "autograde", "default_workers", "feedback", "prepare", "students_of"]

PRIVATE = ".grader"  # the folder of a course where verdicts and marks lie; as private as the gradebook
GRADED, KEPT, UNCHANGED, FAILED = "graded", "kept", "unchanged", "failed"


@dataclass(frozen=True)
class Result:
    """What a student got in a lesson; the points are less the penalty for lateness.

    problem: the first thing that went wrong, "" if nothing did.
    how: "graded" now; "kept", a verdict reached earlier was written to the gradebook; "unchanged", the gradebook
        had it already; "failed", the grader itself could not, and what the gradebook had stays.
    seconds: wall time of running the submission, when that was done.
    page: why its page of feedback could not be written, "" if it was or was not asked for.
    late: seconds after the due date, extensions included; penalty: the points that costs. excused: the lesson does not count for this student.
    again: answers that a person had read and has to read again, because they or what was asked have changed.
    """

    student: str
    lesson: str
    points: float
    max_points: float
    by_hand: bool
    problem: str
    how: str = GRADED
    seconds: float = 0.0
    page: str = ""
    late: float = 0.0
    penalty: float = 0.0
    excused: bool = False
    again: tuple[str, ...] = ()


class Grading(Protocol):
    """Who reaches verdicts: a `Team` on this machine or a `Cluster` of several."""

    size: int

    def start(self, job: Job) -> Future[Verdict]: ...


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
                require(api.generate_assignment(lesson, create=True), f"the release of {lesson}")
            finally:
                api.coursedir.release_directory = released
        trusted(api.coursedir, lesson, lesson)


def autograde(
    root: Path,
    chosen: Mapping[str, list[str]],
    team: Grading,
    tell: Callable[[Result], None] = lambda result: None,
    again: bool = False,
    pages: bool = False,
) -> list[Result]:
    """Grade submissions of the course at `root`; the results, in the order of `chosen`.

    chosen: students by lesson. again: run also what was graded and has not changed. pages: write feedback too.
    `tell` hears each result as soon as it is in the gradebook, in the order in which they are reached. Every verdict is
    kept the moment it is reached: stopped at any instant, the next run goes on where this one was. A submission, lesson
    and grader that are as they were when it was graded are not run again.

    A submission that the engine or nbgrader fails on is a Result with the reason, and keeps what it had in the
    gradebook; the others go on. A page that could not be written is said in its Result. Raises NbGraderException if a
    lesson cannot be graded at all, before any is.
    """
    results = {}
    with ExitStack() as stack:
        stack.enter_context(_without_chatter())
        desks = [stack.enter_context(_Desk(Path(root), lesson, team, pages)) for lesson in chosen]
        archive = Archive(_private(root) / "verdicts")
        waiting = deque((desk, student) for desk in desks for student in dict.fromkeys(chosen[desk.lesson]))
        for desk, result in _Session(team, archive, again).run(waiting):
            try:
                desk.see_to_page(result.student)
            except Exception as problem:  # a page that fails hides no result, and no other page
                result = replace(result, page=str(problem) or type(problem).__name__)
            results[result.lesson, result.student] = result
            tell(result)
    return [results[lesson, student] for lesson, students in chosen.items() for student in students]


class _Desk:
    """All that grading one lesson needs, ready; a context manager."""

    def __init__(self, root: Path, lesson: str, team: Grading, pages: bool):
        self.api, self.lesson = course(root), lesson
        prepare(self.api, lesson)
        settle(self.api, [lesson])
        self.terms = read(root)
        self.intake = Intake(self.api.coursedir, lesson, trusted_notebooks(self.api.coursedir, lesson))
        if Recorder.stands_for(self.api, lesson):
            self.recorder = Recorder(self.api, lesson, _private(root) / "recorded")
        else:
            self.recorder = Pipeline(root, lesson, lambda job: team.start(job).result())
        self._pages = Pages(self.api, lesson, _private(root) / "feedback") if pages else None

    def __enter__(self) -> _Desk:
        with ExitStack() as stack:
            stack.enter_context(self.recorder)
            if self._pages:
                stack.enter_context(self._pages)
            self._open = stack.pop_all()
        return self

    def __exit__(self, *about: object) -> None:
        self._open.__exit__(*about)

    def see_to_page(self, student: str) -> None:
        if self._pages:
            self._pages.write(student)


@dataclass
class _Session:
    """Submissions being graded. Few are in memory at a time, however many there are."""

    team: Grading
    archive: Archive
    again: bool
    running: dict[Future[Verdict], list[tuple[_Desk, str, Taken]]] = field(default_factory=dict)

    def run(self, waiting: deque[tuple[_Desk, str]]) -> Iterator[tuple[_Desk, Result]]:
        while waiting or self.running:
            while waiting and len(self.running) < 2 * self.team.size:
                desk, student = waiting.popleft()
                if result := self._begin(desk, student):
                    yield desk, result
            if self.running:
                done, _ = wait(self.running, return_when=FIRST_COMPLETED)
                for future in done:
                    for desk, student, taken in self.running.pop(future):
                        yield desk, self._end(desk, student, taken, future)

    def _begin(self, desk: _Desk, student: str) -> Result | None:
        """Start the student's job; or, where nothing has to be run, return the result."""
        try:
            taken = desk.intake.take(student)[0]
            verdict = self.archive.find(taken.job) if taken.job and not self.again else None
            if verdict or not taken.job:
                return self._written(desk, student, taken, verdict, KEPT)
            future = self._start(taken.job)
        except Exception as problem:  # whatever one submission brings about, the class goes on
            return _failed(desk, student, f"it could not be graded: {problem or type(problem).__name__}")
        if future not in self.running:
            # In the thread that reached it: whoever kills this process then loses no verdict that was reached.
            future.add_done_callback(lambda done, job=taken.job: self._keep(job, done))
        self.running.setdefault(future, []).append((desk, student, taken))
        return None

    def _start(self, job: Job) -> Future[Verdict]:
        """Have the job graded: the whole of it, or, where only tests have changed since it was, what those need."""
        before, verdict = (None if self.again else self.archive.before(job)) or (None, None)
        if before is None or verdict.stopped:
            return self.team.start(job)
        part = replace(job, tests=changed(job, before))
        whole: Future[Verdict] = Future()

        def join(done: Future[Verdict]) -> None:
            try:
                now = done.result()
                if now.stopped:  # then it is not known what the other tests would have come to
                    self.team.start(job).add_done_callback(lambda again: _pass_on(again, whole))
                else:
                    whole.set_result(joined(part, now, verdict))
            except Exception as problem:
                whole.set_exception(problem)

        if part.tests:
            self.team.start(part).add_done_callback(join)
        else:  # tests were taken away, and none was added or changed
            whole.set_result(joined(part, verdict, verdict))
        return whole

    def _keep(self, job: Job, done: Future[Verdict]) -> None:
        if not done.cancelled() and done.exception() is None:
            try:
                self.archive.keep(job, done.result())
            except OSError:
                pass  # a full disk costs the next run time; this one goes on with the verdict that it has

    def _end(self, desk: _Desk, student: str, taken: Taken, future: Future[Verdict]) -> Result:
        try:
            verdict = future.result()
        except Exception as problem:
            return _failed(desk, student, f"it could not be graded: {problem or type(problem).__name__}")
        return self._written(desk, student, taken, verdict, GRADED)

    def _written(self, desk: _Desk, student: str, taken: Taken, verdict: Verdict | None, how: str) -> Result:
        problem, numbers = _first_problem(taken, verdict), None
        try:
            if how == KEPT and not self.again and (numbers := desk.recorder.recorded(student, taken.notebook, verdict)):
                how = UNCHANGED
            numbers = numbers or desk.recorder.record(student, taken.notebook, verdict, taken.job.key if taken.job else "")
        except Exception as error:
            return _failed(desk, student, f"it could not be written to the gradebook: {in_words(error)}")
        return _result(desk, student, numbers, problem, how, verdict.seconds if verdict else 0.0)


def _pass_on(done: Future[Verdict], whole: Future[Verdict]) -> None:
    try:
        whole.set_result(done.result())
    except Exception as problem:
        whole.set_exception(problem)


def _failed(desk: _Desk, student: str, problem: str) -> Result:
    with Gradebook(desk.api.coursedir.db_url, desk.api.coursedir.course_id) as gradebook:
        most = gradebook.find_assignment(desk.lesson).max_score
    return _result(desk, student, Numbers(0.0, most, False), problem, FAILED, 0.0)


def _result(desk: _Desk, student: str, numbers: Numbers, problem: str, how: str, seconds: float) -> Result:
    return Result(student, desk.lesson, numbers.points, numbers.max_points, numbers.by_hand, problem, how, round(seconds, 3), late=numbers.late, penalty=numbers.penalty, excused=desk.terms.is_excused(student, desk.lesson), again=numbers.again)


def _first_problem(taken: Taken, verdict: Verdict | None) -> str:
    if verdict is None:
        return taken.notebook.metadata["rnn_course"].get("unreadable", "")
    if verdict.stopped:
        return verdict.stopped
    return next((f"{name}: {score.reason}" for name, score in verdict.scores.items() if score.points < score.max_points), "")


def feedback(root: Path, lesson: str, students: list[str], tell: Callable[[str], None] = lambda student: None) -> list[Path]:
    """See that the feedback of each student who has been graded is there and up to date; returns the pages.

    Raises NbGraderException for the first page that could not be written, once all others are.
    """
    pages, problems = [], []
    with _without_chatter(), Pages(course(root), lesson, _private(root) / "feedback") as written:
        for student in students:
            try:
                pages.append(written.write(student))
            except NbGraderException as problem:
                problems.append(problem)
            tell(student)
    if problems:
        raise problems[0]
    return [page for page in pages if page]


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


def _private(root: Path) -> Path:
    folder = Path(root, PRIVATE)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder

"""Grade an attack with this course's grader, and look for what it gained and what it left behind."""

from __future__ import annotations

import os
import resource
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat.v4 import new_notebook

from grader.engine import EngineError, Job, Limits, Verdict, Worker, sandbox
from grader.nbgrader_plugins import apart, course

from . import target
from .attack import Attack
from .canaries import CANARY, SECRETS
from .classroom import HONEST, Classroom, leaks, page_leaks, student_id
from .watch import Listener, Watch, clean_up, remove

HONEST_LESSON = target.NAMES["light"]
# What the grader's own process may use for one submission; what reads strangers' work is in a process apart, with bounds of its own.
BUSY_SECONDS, BUSY_BYTES = 20, 1_000_000_000
# What a submission takes besides the time that its limits allow for: its processes are started, twice at most.
SLACK_SECONDS = 10


@dataclass
class Result:
    """What an attack came to. `gained`: points over those that were earned; `effects`: see `watch.Watch`; `said`: comments and outputs."""

    name: str
    points: float = 0.0
    gained: float = 0.0
    stopped: str = ""
    said: str = ""
    effects: list[str] = field(default_factory=list)
    not_run: str = ""
    unexplained: list[str] = field(default_factory=list)


class Ours:
    """A furnished course, a warm worker for the attacks and one for their siblings; a context manager.

    Raises EngineError, with what to do, where submissions cannot be isolated.
    """

    def __init__(self):
        isolation = sandbox.Isolation()
        if problem := sandbox.problem(isolation):
            raise EngineError(problem)
        os.environ[CANARY] = SECRETS["the grader's environment"]
        self._folder = Path(tempfile.mkdtemp(prefix="attacked-course-"))
        self._worker, self._other = Worker(isolation), Worker(isolation)
        self._other_is_warm = False
        self._limits = Limits()
        self._verdict: Verdict | None = None
        root = self._folder / "course"
        root.mkdir()
        self.room = Classroom(root, course(root, verdicts=self._grade))
        self.room.furnish(list(target.NAMES.values()))
        self._listener = Listener()
        self._watch = Watch(root, self._listener)
        self._honest_jobs: list[Job] = []
        self.isolated = self._probe()

    def __enter__(self) -> Ours:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()
        self._other.close()
        self._listener.close()
        remove(self._folder)
        os.environ.pop(CANARY, None)

    def honest(self, lesson: str) -> float:
        """Grade the honest student's right answers; their points."""
        self._limits = Limits()
        self._must(self.room.api.autograde(lesson, HONEST), Result(HONEST))
        return self.room.points(HONEST, lesson) or 0.0

    def grade(self, attack: Attack, honest_next: bool = True) -> Result:
        """Grade it, then an honest submission with the same worker, unless that is not wanted."""
        if attack.danger and not self.isolated:
            return Result(attack.name, not_run="it would harm this machine: the engine does not isolate submissions here")
        student = student_id(attack)
        result = Result(attack.name)
        if attack.sibling and not self._other_is_warm:
            self._other.grade(self._honest_jobs[0])
            self._other_is_warm = True
        for worker in (self._worker, self._other) if attack.sibling else (self._worker,):
            if worker._seat is None:  # the last attack, or its term, cost the referee its seat; the next one's processes would count as left
                worker.grade(Job(new_notebook(), {}))
        apart.begin()  # nor is the process that reads strangers' work, if the last attack was too much for it
        self._watch.begin(student)
        before = resource.getrusage(resource.RUSAGE_SELF)
        siblings = _Siblings(self._other, self._honest_jobs[0]) if attack.sibling else None
        try:
            for _ in range(1 + attack.twice):
                self._limits, self._verdict = attack.engine_limits(), None
                attack.write(self.room.place(student, attack.lesson, self._listener.port))
                self._must(self.room.api.autograde(attack.lesson, student), result)
        finally:
            if siblings:
                result.effects += siblings.end()
        if self._verdict:
            result.stopped = self._verdict.stopped
            if self._verdict.seconds > 2 * self._limits.submission_seconds + SLACK_SECONDS:
                result.effects.append("took more time than a submission has")
        with ThreadPoolExecutor(1) as pool:
            # A file that could not be read has never been in the worker.
            after = pool.submit(self._next_is_fine) if self._verdict and honest_next else None
            self._look(attack, student, result)
            result.effects += after.result() if after else []
        result.effects = list(dict.fromkeys([*result.effects, *self._watch.effects(), *_cost(before)]))
        clean_up()
        for kind in ("submitted", "autograded", "feedback"):  # they would be looked through again and again
            remove(self.room.root / kind / student)
        return result

    def _look(self, attack: Attack, student: str, result: Result) -> None:
        room, lesson = self.room, attack.lesson
        result.points = room.points(student, lesson) or 0.0
        result.gained = max(0.0, result.points - attack.earns)
        self._must(room.api.generate_feedback(lesson, student), result)
        path = room.root / "feedback" / student / lesson / f"{lesson}.html"
        page = path.read_text() if path.is_file() else ""
        comments = room.comments(student, lesson)
        shown = room.shown(student, lesson)
        result.said = f"{comments}\n{shown}"
        reasons = room.reasons(student, lesson)
        result.effects += leaks("its outputs", shown) + leaks("the comments", comments)
        result.effects += page_leaks(page)
        result.effects += page_leaks(room.read_by_hand(student, lesson), "formgrader")
        if not room.neighbour_is_unharmed(lesson):
            result.effects.append("changed another student's grade")
        if result.points < target.FULL:
            result.unexplained = [name for name, reason in reasons.items() if not reason and not self._full(name)]
            if not any(reasons.values()):
                result.unexplained.append("the whole")

    def _full(self, name: str) -> bool:
        score = self._verdict and self._verdict.scores.get(name)
        return bool(score and score.points == score.max_points)

    def _next_is_fine(self) -> list[str]:
        """Grade an honest submission with the worker that the attack was in."""
        verdict = self._worker.grade(self._honest_jobs[0])
        points = sum(score.points for score in verdict.scores.values())
        if points != target.FULL:
            return [f"the next submission, an honest one, got {points:g} of {target.FULL}"]
        return leaks("the next submission's outputs", str(verdict.outputs))

    def _grade(self, job: Job) -> Verdict:
        self._verdict = self._worker.grade(replace(job, limits=self._limits))
        return self._verdict

    def _must(self, outcome: dict, result: Result) -> None:
        if not outcome["success"]:
            reason = (outcome.get("error") or outcome.get("log") or "").strip().split("\n")[-1]
            result.effects.append(f"nbgrader failed: {reason[-200:]}")

    def _probe(self) -> bool:
        """Ask a student's process whether it sees the host's course; remember an honest job on the way."""
        place = self.room.place("probe", HONEST_LESSON, 0)
        place.solve()
        place.add(
            "import os\n"
            "processes = [name for name in os.listdir('/proc') if name.isdigit()]\n"
            "print('inside' if len(processes) < 10 and not os.path.exists('__COURSE__') else 'outside')",
            "end",
        )
        place.save()
        self._limits = Limits()
        jobs: list[Job] = []

        def note(job: Job) -> Verdict:
            jobs.append(job)
            return self._grade(job)

        api = course(self.room.root, verdicts=note)
        for student in ("probe", HONEST):
            outcome = api.autograde(HONEST_LESSON, student)
            if not outcome["success"]:
                raise RuntimeError(outcome.get("error") or outcome["log"])
        self._honest_jobs = jobs[1:]
        return "inside" in self.room.shown("probe", HONEST_LESSON)


def _cost(before: resource.struct_rusage) -> list[str]:
    """Say what the grader's own process had to spend, if that was much."""
    now, said = resource.getrusage(resource.RUSAGE_SELF), []
    if now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime > BUSY_SECONDS:
        said.append(f"kept the grader's own process busy for more than {BUSY_SECONDS} s")
    if (now.ru_maxrss - before.ru_maxrss) * 1024 > BUSY_BYTES:
        said.append("had the grader's own process take more than a gigabyte")
    return said


class _Siblings:
    """Grades an honest submission over and over, in another worker, until told to end."""

    def __init__(self, worker: Worker, job: Job):
        self._worker, self._job = worker, job
        self._over = threading.Event()
        self._begun = threading.Event()
        self._effects: list[str] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._begun.wait(120)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                verdict = self._worker.grade(self._job)
                points = sum(score.points for score in verdict.scores.values())
                shown = str(verdict.outputs)
            except Exception as error:
                points, shown = f"none ({error})", ""
            if points != target.FULL:
                self._effects.append(f"an honest submission graded beside it got {points} of {target.FULL}")
            self._effects += leaks("a sibling's outputs", shown)
            self._begun.set()

    def end(self) -> list[str]:
        self._over.set()
        self._thread.join(120)
        return sorted(set(self._effects))

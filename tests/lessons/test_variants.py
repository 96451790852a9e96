"""Every right and wrong answer beside the lessons gets its points and its words; nothing is unfair or blind."""

import hashlib
from pathlib import Path

import pytest

from grader.authoring import variants as variants_of
from grader.engine import Team


def test_each_exercise_has_enough(lesson):
    assert variants_of.too_few(lesson, variants_of.read(lesson)) == []


@pytest.fixture(scope="module")
def team():
    with Team(1) as team:
        yield team


@pytest.mark.slow
def test_answers_get_their_points_and_words(lesson, root, team, request):
    """As for their authors, in one process; and through the referee the right ones and every other wrong one: with the same points and words.

    `make test` tries the solutions, the stubs and a few of the others, drawn anew whenever the lesson or a check is changed;
    `make test-all`, as `grader variants`, tries all of them.
    """
    always, others = variants_of.solution_variants(lesson) + variants_of.stub_variants(lesson), variants_of.read(lesson)
    if not request.config.getoption("whole"):
        others = variants_of.draw(others, few=1, seed=_content(lesson.path.parent, root / "grader" / "checks"))
    findings = variants_of.run(lesson, always + others, root / "build" / "variants" / lesson.name, team=team, every=2)
    complaints = [f"{f.variant.exercise}, {f.variant.title}: {f.complaint}" for f in findings if f.complaint]
    assert complaints == []
    right = [finding for finding in findings if finding.variant.right]
    wrong = [finding for finding in findings if not finding.variant.right]
    print(f"\n{lesson.name}: {sum(f.unfair for f in right)}/{len(right)} unfair, {sum(f.blind for f in wrong)}/{len(wrong)} blind")


def _content(*folders: Path) -> str:
    files = [file.read_bytes() for folder in folders for file in sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"\0".join(files)).hexdigest()


def test_calibration_is_of_this_lesson(lesson):
    """The committed table has each calibrated answer, right ones passing always and wrong ones never."""
    from grader.authoring import calibrate

    answers = calibrate.calibrated_variants(lesson)
    path = lesson.path.with_name("calibration.md")
    if not answers:
        assert not path.exists()
        return
    rows = [line.split(" | ") for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    table = {(row[0].strip("| "), row[1]): (row[2], row[3]) for row in rows}
    for answer in answers:
        kind, passed = table[answer.exercise, answer.title]
        passes, seeds = map(int, passed.split("/"))
        assert seeds >= 20
        assert (kind, passes) == (("right", seeds) if answer.right else ("wrong", 0))

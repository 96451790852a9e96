"""Variants: what they state, how they are run, and what is said when they do not get what they must."""

from collections import Counter

import pytest
import toy

from grader.authoring import calibrate
from grader.authoring import lesson as lessons
from grader.authoring import variants as variants_of
from grader.authoring.lesson import LessonError

pytestmark = pytest.mark.slow


def toy_lesson(tmp_path, variants=toy.VARIANTS):
    return lessons.read(toy.write(tmp_path, variants=variants))


def test_every_variant_gets_what_it_must(tmp_path):
    lesson = toy_lesson(tmp_path)
    stated = variants_of.read(lesson)
    everything = variants_of.solution_variants(lesson) + stated
    findings = variants_of.run(lesson, everything, tmp_path / "build")
    assert [finding.complaint for finding in findings] == [""] * 6
    assert [finding.points for finding in findings] == [18, 18, 18, 12, 0, 12]
    assert variants_of.too_few(lesson, stated, right=2, wrong=3) == []


def test_a_few_stand_for_all():
    """Two right and four wrong ones of each exercise, one of each of those that train; others when the seed is another."""
    kinds = [(exercise, right, trains) for exercise in ("a", "b") for right in (True, False) for trains in (True, False)]
    everything = [
        variants_of.Variant(exercise, f"{number}", right, "lab.fit_once(model)" if trains else "pass") for exercise, right, trains in kinds for number in range(9)
    ]
    drawn = variants_of.draw(everything, few=2, seed="one")
    counted = Counter((one.exercise, one.right, one.trains) for one in drawn)
    assert counted == {kind: {(True, True): 1, (False, True): 1, (True, False): 2, (False, False): 4}[kind[1:]] for kind in kinds}
    assert drawn == variants_of.draw(everything, few=2, seed="one")
    assert {one for seed in range(60) for one in variants_of.draw(everything, few=2, seed=f"{seed}")} == set(everything)


def test_a_hint_that_says_something_else_misleads(tmp_path):
    """What a wrong variant states as its cause stands in the hint, where there is one; what differs and where is told otherwise."""
    made = 'raise check.CheckFailed("largest is wrong", hint="It is the smallest.")'
    source = toy.SOURCE.replace('assert largest([7, 9, 8]) == 9, "a hidden list"', f'if largest([7, 9, 8]) != 9: {made}').replace("values = [3", "from grader import checks as check\nvalues = [3")
    lesson = lessons.read(toy.write(tmp_path, source, toy.VARIANTS.replace("a hidden list", "largest is wrong")))
    findings = variants_of.run(lesson, variants_of.read(lesson), tmp_path / "build")
    assert [finding.told for finding in findings] == ["", "", "misled", "located", "misled"]
    assert "is misled" in findings[2].complaint and findings[3].complaint == ""


def test_the_stub_scores_nothing(tmp_path):
    lesson = toy_lesson(tmp_path)
    [stub] = variants_of.stub_variants(lesson)
    assert "best_secret_way" not in stub.source and "raise NotImplementedError" in stub.source
    [finding] = variants_of.run(lesson, [stub], tmp_path / "build")
    assert finding.points == 0


@pytest.mark.parametrize(
    ("old", "new", "complaint", "unfair", "blind"),
    [
        ("sorted(items)[-1]", "sorted(items)[0]", "got 0 points, not 18", True, False),
        ("return min(items)", "return max(items)", "got 18 points, not 0", False, True),
        ('says="a hidden list"', 'says="other words"', "did not read 'other words'", False, False),
    ],
)
def test_a_surprise_is_reported(tmp_path, old, new, complaint, unfair, blind):
    lesson = toy_lesson(tmp_path, toy.VARIANTS.replace(old, new, 1))
    findings = variants_of.run(lesson, variants_of.read(lesson), tmp_path / "build")
    [surprise] = [finding for finding in findings if finding.complaint]
    assert complaint in surprise.complaint and surprise.unfair == unfair and surprise.blind == blind


def test_an_answer_cannot_harm_the_next(tmp_path):
    harm = '\n# %% exercise="largest" wrong="changes what was given" points=0 says="Error"\nvalues.clear()\ndef largest(items):\n    return undefined\n'
    lesson = toy_lesson(tmp_path, toy.VARIANTS + harm)
    stated = variants_of.read(lesson)
    findings = variants_of.run(lesson, [stated[-1]] + stated[:1], tmp_path / "build")
    assert findings[0].points == 0
    # Lists are shared on purpose: only arrays are copied, and a lesson's data are arrays.
    assert findings[1].variant.title == "sorted"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('exercise="largest" right="sorted"', 'exercise="smallest" right="sorted"', "is not one of largest"),
        ('right="sorted"', 'right="sorted" wrong="x"', 'right="…" or wrong="…"'),
        (" points=12 says", " says", "states its points"),
        ('right="sorted"', 'right="sorted" colour="red"', "unknown metadata colour"),
        ('right="a loop"', 'right="sorted"', "same title"),
        ('right="sorted"', 'right="sorted" points=3', "leave points out"),
    ],
)
def test_a_variant_that_is_not_understood_is_named(tmp_path, old, new, words):
    with pytest.raises(LessonError, match=words):
        variants_of.read(toy_lesson(tmp_path, toy.VARIANTS.replace(old, new, 1)))


def test_too_few_variants_are_named(tmp_path):
    lesson = toy_lesson(tmp_path, toy.VARIANTS.split('# %% exercise="largest" wrong="the smallest"')[0])
    assert variants_of.too_few(lesson, variants_of.read(lesson)) == [
        "09_toy: exercise `largest` has 2 right and 1 wrong variants; at least 4 and 6 are asked."
    ]


def test_no_variants_file(tmp_path):
    lesson = toy_lesson(tmp_path)
    variants_of.path_of(lesson).unlink()
    with pytest.raises(LessonError, match="has no variants"):
        variants_of.read(lesson)


SEEDED = '''
# %% exercise="largest" wrong="luck" points=0 says="not there yet" calibrate=true
def largest(items):
    import numpy as np
    from grader import checks as check
    check.learned(np.random.rand(), at_least=2.0, metric="luck")
'''


def test_calibration_counts_seeds_and_measures_the_margin(tmp_path):
    lesson = toy_lesson(tmp_path, toy.VARIANTS + SEEDED)
    rows = calibrate.calibrate(lesson, 5, tmp_path / "build", lambda *told: None)
    assert [(row.variant.title, row.passes, row.seeds) for row in rows] == [("the solution", 5, 5), ("luck", 0, 5)]
    luck = rows[1]
    assert len(set(luck.values)) == 10, "two tests from five seeds, each another training"
    assert luck.bar == 2.0 and luck.margin == pytest.approx(2.0 - max(luck.values)) and luck.as_it_should
    text = calibrate.as_markdown(lesson, rows, "versions")
    assert "| largest | luck | wrong | 0/5 |" in text and "Measured: luck." in text

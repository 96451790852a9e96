"""Answers are alike whatever their white space and comments; what the stub gives is nobody's."""

import pytest

from grader.report.likeness import compare, without_comments

STUB = "def total(xs):\n    raise NotImplementedError\n"
ANSWER = "def total(xs):\n    result = 0\n    for x in xs:\n        result += x\n    return result\n"


def test_white_space_and_comments_change_nothing():
    other = "# mine!\ndef total( xs ) :\n\n  result=0 # begin\n  for x in xs:\n    result += x\n\n  return result"
    assert compare(ANSWER, STUB, True) == compare(other, STUB, True)


@pytest.mark.parametrize("other", [ANSWER.replace("result", "found"), ANSWER.replace("0", "1"), ANSWER.replace("+=", "-=")])
def test_anything_else_does(other):
    assert compare(ANSWER, STUB, True)[0] != compare(other, STUB, True)[0]


def test_the_stub_is_not_counted():
    assert compare(ANSWER, STUB, True)[1] == 3 + 5 + 3 + 2  # result = 0 | for x in xs : | result += x | return result
    assert compare(STUB, STUB, True) == ("", 0)
    assert compare("# only words\n" + STUB, STUB, True) == ("", 0)


def test_a_text_is_compared_by_its_words():
    stub = "**Why?** Write here."
    assert compare(f"{stub}\n\nBecause order  matters.", stub, False) == compare(f"{stub}\nbecause Order\tmatters.  ", stub, False)
    assert compare(f"{stub}\n\nBecause order matters.", stub, False)[1] == 3


@pytest.mark.parametrize("source", ["def broken(:\n  'no end", "%%bash\nrm -r x", "(" * 20_000, "x = [\n", "\x00", "é\udc80", "if 1:\n\tx\n        y", "# x\n" * 20_000], ids=range(8))
def test_whatever_was_written_is_compared(source):
    assert compare(source, STUB, True) == compare(source, STUB, True)
    assert isinstance(without_comments(source), str)


def test_comments_are_taken_out():
    assert without_comments("x = '# no comment'  # by me\n# me again\ny = 1\n") == "x = '# no comment'\n\ny = 1\n"
    assert without_comments("def broken(:  # by me\n 'no end") == ""

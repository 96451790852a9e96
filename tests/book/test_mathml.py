"""Formulas: lines stay lines, a name has room beside it, and what would be shown as LaTeX stops the book."""

import re

import pytest

from grader.book.mathml import mathml


@pytest.mark.parametrize(
    ("text", "rows", "cells"),
    [
        (r"\begin{aligned} a &= b && \text{one: two}\\ c &= d \end{aligned}", 2, 6),
        (r"\begin{gathered} a + b\\ c\\ d \end{gathered}", 3, 3),
        (r"\begin{cases} a & b\\ c & d \end{cases}", 2, 4),
        (r"\begin{matrix} a & b\\ c & d \end{matrix}", 2, 4),
    ],
)
def test_lines_and_cells_are_kept(text, rows, cells):
    made = mathml(text, "block")
    assert (made.count("<mtr>"), len(re.findall("<mtd[ >]", made))) == (rows, cells)
    assert "(1)" not in made, "nothing is numbered that was not"


@pytest.mark.parametrize("text", [r"\foo x", r"a \\ b", "a & b", r"\begin{odd} a & b\\ c & d \end{odd}", r"\begin{multline} a\\ b \end{multline}", r"\text{a & b}"])
def test_what_a_browser_would_show_as_latex_is_refused(text):
    with pytest.raises(ValueError, match="what a browser would show"):
        mathml(text, "block")


def test_a_function_keeps_its_distance():
    assert '<mo lspace="0.17em" rspace="0.17em">ln</mo><mn>2</mn>' in mathml(r"\ln 2", "inline")
    assert '<mo lspace="0.17em" rspace="0">tanh</mo>' in mathml(r"v\tanh(q)", "inline")

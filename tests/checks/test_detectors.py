"""Each detector says its sentence where the values prove it, and nothing where they do not."""

import numpy as np
import pytest

from grader.checks.detectors import diagnose
from grader.checks.differing import Tolerance, difference
from grader.checks.plainly import plain

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 5, 3))
M = RNG.normal(size=(4, 6))
V = RNG.normal(size=7)
P = np.exp(M) / np.exp(M).sum(-1, keepdims=True)


def near(one, other):
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        (M.T, M, "transpose"),
        (M[:4, :4].T, M[:4, :4], "transpose"),
        (X.swapaxes(0, 1), X, "another order"),
        (V[:, None], V, "axis of size 1 too many, axis 1"),
        (V, V[:, None], "axis 1, of size 1, is missing"),
        (X[:1], X[0], "axis of size 1 too many, axis 0"),
        (X.mean(0), X, "The result lacks axis 0 (the batch): it was averaged away"),
        (X.sum(1), X, "The result lacks axis 1 (the timesteps): it was summed away"),
        (X[:, -1], X, "only its last place was taken"),
        (X[:, :1], X, "only its first place was taken"),
        (X, X[:, -1], "what is asked is its last place"),
        (X, X.mean(1), "what is asked is the mean over it"),
        (M[:-1], M, "The last one is missing"),
        (M[1:], M, "The first one is missing"),
        (M, M[:-2], "some too many"),
        (M, M[:, 1:], "one too many along axis 1, at the beginning"),
        (M.reshape(6, 4), M, "in another shape: reshape"),
        (np.concatenate([M[:, :3], M[:, 3:]]), M, "joined along axis 0; what is asked joins them along axis 1"),
        (np.concatenate([X[..., :1], X[..., 1:2], X[..., 2:]], 1), X, "joined along axis 1 (the timesteps); what is asked joins them along axis 2 (the features)"),
        (np.array(M.sum()), M, "one number where several are asked, their sum"),
        (np.array(X.mean()), X, "one number where several are asked, their mean"),
        (V + V[:, None], V, "(n, n)"),
        ((M * 9).astype(int), M * 9, "fractions are cut off"),
        (M[::-1], M, "axis 0 runs backwards"),
        (V[::-1], V, "opposite order"),
        (np.roll(V, 1), V, "one place too late"),
        (np.concatenate([M[:, 1:], M[:, :1]], 1), M, "one place too early"),
        (M[[2, 0, 3, 1]], M, "another order along axis 0"),
        (X[..., [1, 0, 2]], X, "another order along axis 2 (the features)"),
        (-M, M, "sign is the opposite"),
        (np.abs(M), M, "absolute values"),
        (M[0, :1], M[:1, :1], "axis 0 or 1, of size 1, is missing"),
        (1 - P, P, "one minus"),
        (M, P, "These are logits"),
        (np.exp(P) / np.exp(P).sum(-1, keepdims=True), P, "once is enough"),
        (P, M, "logits are asked, not probabilities"),
        (np.log(P), P, "logits"),
        (M + 2, M, "off by the same amount"),
        (M * 6, M, "same factor"),
        (np.zeros_like(M), M, "zero everywhere"),
        (np.full_like(M, 3), M, "same value everywhere"),
        (np.where(np.arange(6) == 5, 9, M), M, "Only the last place along axis 1"),
        (np.where(M > 9, M, np.nan), M, "NaN"),
        (~(M > 0), M > 0, "opposite everywhere"),
        (np.array([]), V, "Nothing is in it"),
        (np.array(["b", "a", "c"]), np.array(["c", "a", "b"]), "opposite order"),
    ],
)  # fmt: skip
def test_a_relation_that_the_values_prove_is_said(wrong, right, words):
    assert words.lower() in diagnose(wrong, right, near).lower()


def test_nothing_is_said_of_values_that_have_nothing_in_common():
    for seed in range(50):
        rng = np.random.default_rng(seed)
        for shape in ((7,), (4, 6), (4, 5, 3), (3, 3)):
            assert diagnose(rng.normal(size=shape), rng.normal(size=shape), near) is None
    assert diagnose(np.ones((3, 8)), M, near) is None


def test_no_sentence_holds_a_value_or_a_size():
    """A hidden check may say it too: the axis is the only number in it, and (n, n) the only size."""
    for wrong, right in ((M * 6, M), (M[:-3], M), (X.mean(0), X), (np.full_like(M, 3.25), M)):
        said = diagnose(wrong, right, near)
        assert not any(character.isdigit() for character in said.replace("Axis 0", "").replace("axis 0", "")), said


@pytest.mark.parametrize(
    ("actual", "expected", "problem", "hint"),
    [
        (None, 3, "is None", "return"),
        ([None, 3], [2, 3], "is wrong", "None stands where a value is asked"),
        ([(2, 3)], [(2, 3), (2, 3)], "another length", "end is missing"),
        (dict, {"a": 1}, "is a class", "instance"),
        ((x for x in [1, 2]), [1, 2], "no finished value", "list("),
        (map(str, [1]), ["1"], "no finished value", "list("),
        (len, 3, "is a function", "call it"),
        (V, (V, M), "one thing where several are asked", "Only x is returned; x, y are asked"),
        (np.zeros((5, 4)), (5, 4), "one thing where several are asked", "Its shape is asked"),
        ({"x": V, "y": M}, (V, M), "one thing where several are asked", "in a dictionary: return x, y side by side"),
        ({"x": M, "y": V}, (V, M), "one thing where several are asked", "One thing is returned"),
        ((M, V), (V, M), "another order", "in another order: x, y"),
        (((V,), (M,)), (V, M), "packed otherwise", "side by side"),
        ([(V, M)], (V, M), "packed once too often", "leave that out"),
        ((V, M, M), (V, M), "another number of things", "More things"),
        ((V, -M), (V, M), "a wrong part: y is wrong", "sign"),
        (V.tolist(), V, "a list where an array is asked", "np.array"),
        ((V, V + 1), V, "a tuple where an array is asked", "one is asked"),
        ([V, V], np.stack([V, V]), "a list where an array is asked", "list of arrays"),
        ([[1], [1, 2]], np.array([[1, 2], [1, 2]]), "rows of different lengths", "different lengths"),
        (np.array(["a"]), np.array([1]), "not made of numbers", "Numbers are asked"),
        (np.array([1, 0]), np.array([True, False]), "wrong dtype", "truth values"),
        ([2, 1], [1, 2], "is wrong", "opposite order|another order"),
        ([1, 2], [1, 2, 3], "another length", "last one is missing|end is missing"),
        ([[1, 2, 3]], [1, 2, 3], "packed once too often", "leave that out"),
        ("Ab", "ab", "is wrong", "case"),
        ("ab ", "ab", "is wrong", "Blanks"),
        ("abc", "abcd", "is wrong", "end is missing"),
        ({"a": 1, "b": 2}, {1: "a", 2: "b"}, "other keys", "swapped"),
        ({"a": 1}, {"a": 2}, "wrong value", "too few|one too few"),
        (M, [M], "lacks its outer list", "even of one thing"),
        (M, [M, X], "one of the things that are asked", "stands alone"),
        ([(2, 9), (3, 4), (5, 6)], [(2, 8), (3, 7), (5, 6)], "is wrong", "In each pair that differs it is the second that is wrong; the other is right"),
        ([(9, 2, 1), (4, 3, 1)], [(9, 7, 1), (4, 8, 1)], "is wrong", "In each tuple that differs it is the second"),
        ([([1, 2, 0], 9)], [([1, 2], 9)], "is wrong", "it is the first that is wrong; the other is right. There is one too many in it"),
        (([[1, 1], [1, 2]], [-0.5, -1.5]), [([1, 1], -0.5), ([1, 2], -1.5)], "put together the other way", "list(zip(...))"),
        (([[1, 1], [1, 3]], [-0.5, -1.5]), [([1, 1], -0.5), ([1, 2], -1.5)], "is wrong", "One number is asked"),
        ([], [(1, 2)], "another length", "Nothing is in it"),
        (4, 3, "is wrong", "one too many"),
        ([3, 1, 5, 3, 4], [2, 1, 4, 2, 3], "is wrong", "Each that differs is one too high"),  # codes, not counts
        ([2, 0, 4], [2, 1, 4], "is wrong", "Each that differs is one too low"),
        (6.5, 7, "is wrong", "A whole number is asked"),
        (2, 2.5, "is wrong", "cut off"),
        (True, 1, "wrong type", "number"),
        ("3", 3, "wrong type", "number"),
        (float("nan"), 1.5, "not a number", "0/0"),
    ],
)  # fmt: skip
def test_what_differs_in_kind_is_said(actual, expected, problem, hint):
    found = difference(plain(actual), expected, Tolerance(), ("x", "y"))
    assert problem in found.problem
    assert any(part in found.hint for part in hint.split("|")), found


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        ([([1], 0.0), ([1, 1], -0.5)], [([1, 1], -0.5), ([1, 2], -1.5)], None),  # other things, not the beginnings of these
        ([([1], -0.5), ([2], -1.5)], [([1, 1], -0.5), ([1, 2], -1.5)], "In each pair that differs it is the first that is wrong; the other is right."),
        ([([1], 4), ([2], 2)], [([1, 1], 3), ([2], 3)], None),
        ([([[1], 1], 4)], [([1, 1], 4)], "It is right, and stands in a list or tuple of its own: leave that out."),
    ],
)
def test_what_holds_of_a_part_of_one_tuple_is_not_said_of_all(actual, expected, said):
    assert difference(actual, expected).hint == said


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.float32(2.5), 2.5), (np.array(3), 3), (3.0, 3), ((1, 2), [1, 2]), (np.array([1, 2]), [1, 2]), ([V, M], (V, M)),
        (V.astype("float32"), V), (np.array([1.0, 2.0]), np.array([1, 2])), (np.str_("a"), "a"), ({np.int64(1): 2}, {1: 2}), (np.bool_(True), True),
    ],
)  # fmt: skip
def test_the_same_in_another_dress_is_the_same(actual, expected):
    assert difference(plain(actual), expected) is None


def test_lists_may_stand_for_arrays_where_the_text_allows():
    assert difference(V.tolist(), V, Tolerance(lists=True)) is None


def test_where_says_the_first_index_and_how_many():
    found = difference(np.where(np.arange(6) == 2, 9.0, M), M)
    assert found.where.startswith("first at index [0, 2], 9 in place of") and found.where.endswith("4 of 24 values differ")


def test_an_object_is_asked_once():
    """Its answers may differ from time to time: one plain copy is taken, and that is checked."""

    class Fickle:
        asked = 0
        shape = (3,)

        def __array__(self, dtype=None, copy=None):
            type(self).asked += 1
            return np.arange(3) + type(self).asked - 1

    assert difference(plain(Fickle()), np.arange(3)) is None
    assert Fickle.asked == 1


def test_zeros_are_no_cut_off_fractions():
    right = np.array([0.2, -0.5, 0.7, 0.1])
    assert diagnose(0 * right, right, lambda a, b: np.allclose(a, b)) == "It is zero everywhere."


def test_zeros_are_not_taken_for_fractions_that_were_cut_off():
    found = difference(np.zeros((2, 3)), np.array([[0.1, 0.5, 0.2], [0.9, 0.3, 0.4]]))
    assert "zero everywhere" in found.hint


def test_a_list_of_arrays_that_do_not_fit_is_told_of_concatenate():
    found = difference([np.zeros((2, 3, 5)), np.zeros((2, 1, 5))], np.zeros((2, 4, 5)))
    assert "np.concatenate" in found.hint


def test_a_shape_is_not_taken_for_a_count_or_for_what_a_layer_made():
    """A bag over other words is one short by chance; a mean over the features leaves the timesteps, and no layer made it."""
    bag = difference(np.array([3, 1, 1, 2]), np.array([3, 1, 1, 2, 0])[[4, 0, 1, 2, 3]], Tolerance())
    assert bag.hint == "The first one is missing in it; the others are right."
    bag = difference(np.array([3, 1, 1, 1]), np.array([3, 1, 1, 2, 0]), Tolerance())
    assert bag.hint == "Axis 0 is one too short."
    mean = difference(np.ones((3, 5)), np.zeros((3, 2)), Tolerance())
    assert mean.hint.startswith("Only the last axis differs. If a layer made it")


def test_a_list_of_arrays_has_no_batch_or_timesteps():
    """What stands along its first axis is the list."""
    for wrong in (M[0], [M[0]], [M.mean(0), M.mean(1)], M[None]):
        found = difference(plain(wrong), [M, -M])
        assert "(the" not in (found.hint or ""), found


def test_pairs_that_go_wrong_in_both_places_are_located_only():
    assert difference([(2, 9), (3, 4)], [(2, 8), (7, 4)]).hint is None


def test_codes_that_go_wrong_in_both_directions_are_located_only():
    found = difference([3, 1, 5], [2, 2, 4], Tolerance())
    assert (found.hint, found.where) == (None, "first at index 0; 3 of 3 differ")


def test_one_array_that_was_collected_again_and_again_is_told():
    assert "Every place along axis 1 (the timesteps) holds what belongs in the last one" in diagnose(np.repeat(X[:, -1:], 5, axis=1), X, near)
    assert "holds what belongs in the first one" in diagnose(np.repeat(X[:, :1], 5, axis=1), X, near)
    assert diagnose(np.repeat(M[-1:], 4, axis=0), M, near).startswith("Every place along axis 0 holds what belongs in the last one")


def test_a_reshape_where_axes_are_to_be_exchanged_is_told():
    for wrong, right in ((M.T.reshape(M.shape), M), (X.swapaxes(0, 1).reshape(X.shape), X), (X[..., :1].swapaxes(0, 1).reshape(4, 5, 1), X[..., :1])):
        assert "np.swapaxes exchanges axes" in diagnose(wrong, right, near)
    few = np.array([[1, 0, 0], [0, 1, 1]])  # two values soon stand in some other order by chance
    assert "reshape" not in (diagnose(few.T.reshape(2, 3), few, np.array_equal) or "")


def test_axes_that_are_no_sequence_s_are_called_by_their_names():
    """A kernel's first axis is no batch, and weights have tokens where sequences have features."""
    named = ("axis of lags, units, 1",)
    assert "along axis 0 (the axis of lags), at the beginning" in difference(np.concatenate([X[:1, :, :1]] * 2 + [X[1:, :, :1]]), X[..., :1], axes=named).hint
    assert difference(X[..., :1].swapaxes(1, 2), X[..., :1], axes=named).hint.endswith("They are (axis of lags, units, 1).")
    weights = ("batch, queries, tokens",)
    assert difference(X[:, -1], X, axes=weights).hint == "The result lacks axis 1 (the queries): only its last place was taken."
    assert "timesteps" not in (difference(M[:4, :3], X, axes=weights).hint or "")
    assert difference((V, X[..., ::-1]), (V, X), parts=("x", "y"), axes=("features", *weights)).hint == "The values are right, and axis 2 (the tokens) runs backwards."
    assert difference(M[:, ::-1], M, axes=("queries, tokens",)).hint == "The values are right, and axis 1 (the tokens) runs backwards."


def test_a_few_codes_or_one_number_are_no_evidence_of_what_was_taken():
    """The last row is the last column here by chance, and a place or a count is soon among what is asked."""
    assert "was taken" not in (diagnose(np.array([2, 0]), np.array([[0, 2], [2, 0]]), near) or "")
    assert "was taken" not in (diagnose(np.array(0), np.array([1.0, 0.0, 0.0, 0.0]), near) or "")
    assert "only its last place was taken" in diagnose(np.array([3, 5, 4]), np.array([[0, 2, 1], [3, 5, 4]]), near)


def test_texts_in_a_list_are_told_before_the_list():
    found = difference(["ba", "an"], np.array([[1, 0], [0, 2]]))
    assert (found.problem, found.hint) == ("is not made of numbers", "Numbers are asked, and these are texts.")


def test_infinity_has_its_words():
    assert "an overflow" in difference(float("inf"), 0.0).hint


def test_arrays_in_a_list_that_do_not_make_what_is_asked_are_not_sent_to_stack():
    found = difference([np.zeros((1, 2))], np.zeros((1, 1, 3)))
    assert "another shape" in found.hint and "np.stack" not in found.hint

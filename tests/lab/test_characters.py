"""Characters become codes and back, and targets are the next character."""

import numpy as np
import pytest

from grader.lab import data


def test_codes_are_places_in_the_alphabet():
    symbols = sorted(set("banana"))
    codes = data.encode("banana", symbols)
    assert codes.dtype == np.int32
    assert "".join(symbols[code] for code in codes) == "banana"
    assert data.encode("", symbols).shape == (0,)
    with pytest.raises(KeyError):
        data.encode("bandana", symbols)
    wide = "Zoë — ☃ 😀\n"
    assert data.encode(wide, sorted(set(wide))).tolist() == [sorted(set(wide)).index(symbol) for symbol in wide]
    assert data.encode(wide, sorted(set(wide))).flags.writeable


@pytest.mark.parametrize("characters, length, count", [(7, 2, 3), (6, 2, 2), (5, 4, 1), (4, 4, 0), (1, 3, 0)])
def test_pieces_follow_each_other_and_targets_are_one_ahead(characters, length, count):
    codes = np.arange(characters)
    x, y = data.pieces(codes, length)
    assert x.shape == y.shape == (count, length)
    assert np.array_equal(x.ravel(), codes[: count * length])
    assert np.array_equal(y, x + 1)

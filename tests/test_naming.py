"""A lesson is named by what is clear: its number, its beginning, a word of it."""

import pytest

from grader.naming import fitting

KNOWN = ["00_start_here", "01_sequence_basics", "02_recurrent_layers", "03_encoder_decoder", "04_stateful_rnns", "05_bidirectional_rnns", "10_more_sequences"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("01_sequence_basics", [1]), ("lessons/01_sequence_basics/01_sequence_basics.py", [1]), ("01", [1]), ("1", [1]), ("001", [1]), ("0", [0]), ("10", [6]),
        ("sequence_basics", [1]), ("Encoder decoder", [3]), ("encoder-decoder", [3]), ("decoder", [3]), ("here", [0]), ("02_rec", [2]),
        ("rnns", [4, 5]), ("sequence", [1, 6]), ("", []), ("9", []), ("quence", []), ("١", []),
    ],
)  # fmt: skip
def test_what_is_clear(name, found):
    assert fitting(name, KNOWN) == [KNOWN[index] for index in found]

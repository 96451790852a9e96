"""That the table is still true of stock nbgrader: a handful of attacks, of many families, run against it anew."""

import pytest

from . import table
from .attack import corpus
from .stock import Stock

AGAIN = {
    "input_transformer_drops_asserts", "numpy_says_equal", "kernel_always_replies_ok", "publisher_forges_a_result",
    "tags_skip_execution", "schema_version_99", "eq_is_always_true", "garbage_collector_is_searched",
    "gradebook_is_written", "loopback_is_called", "exit_in_a_cell", "not_json",
}  # fmt: skip


@pytest.fixture(scope="module")
def stock():
    with Stock() as stock:
        yield stock


@pytest.mark.slow
@pytest.mark.parametrize("attack", [one for one in corpus() if one.name in AGAIN], ids=lambda attack: attack.name)
def test_stock_is_as_the_table_says(stock, attack):
    kept = table.read_stock()[0][attack.name]
    result = stock.grade(attack)
    assert (result.points, result.gained, result.effects) == (kept.points, kept.gained, kept.effects)


def test_the_handful_is_of_many_families():
    families = {one.family for one in corpus() if one.name in AGAIN}
    assert len(families) >= 8 and len(AGAIN) == sum(one.name in AGAIN for one in corpus())

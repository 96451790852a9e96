"""The corpus itself: what it covers, and that the page about it is of this corpus."""

from collections import Counter

import pytest

from . import attack, table, target
from .attack import corpus


def test_the_corpus_covers_every_family_several_times():
    attacks = corpus()
    assert len(attacks) >= 70
    assert {one.target for one in attacks} == set(target.NAMES)
    assert min(Counter(one.family for one in attacks).values()) >= 4


def test_an_attack_that_is_not_run_in_stock_says_why():
    for one in corpus():
        assert not one.stock or one.stock.startswith("not run: "), one.name
        assert one.stock or not one.danger, one.name


def test_stock_was_asked_about_every_attack():
    stock, made = table.read_stock()
    assert stock.keys() == {one.name for one in corpus()}
    assert made["nbgrader"] and made["date"]


def test_the_page_is_of_this_corpus():
    page = table.DOCUMENT.read_text()
    for one in corpus():
        assert one.intent.replace("|", "\\|") in page, f"{one.name}: run python -m tests.attacks"
    assert f"{len(corpus())} hostile submissions" in page


@pytest.mark.parametrize("header, complaint", [
    ("# intent: x\n# family: y\n# colour: red\n", "unknown colour"),
    ("# family: y\n", "lacks intent"),
    ("# intent: x\n# family: y\n# danger: perhaps\n", "yes or no"),
])  # fmt: skip
def test_a_wrong_header_is_named(tmp_path, header, complaint):
    path = tmp_path / "odd.py"
    path.write_text(header + "\n# %%\npass\n")
    with pytest.raises(ValueError, match=rf"odd\.py.*{complaint}"):
        attack.read(path)


def test_what_an_attacker_writes_is_put_where_it_belongs(tmp_path):
    path = tmp_path / "one.py"
    path.write_text(
        "# intent: x\n# family: y\n\n# %%\nfirst = '__PORT__'\n\n# %%\nsecond = 2\n\n"
        "# %% exercise=\"error\"\nerror = print\n\n# %%\nthird = 3\n\n# %% after=\"end\"\nlast = 4\n"
    )
    place = attack.Place(tmp_path, target.NAMES["light"], tmp_path, port=77)
    attack.read(path).write(place)
    texts = [cell.source for cell in place.notebook.cells]
    assert texts[:2] == ["first = '77'", "second = 2"] and texts[-1] == "last = 4"
    at = texts.index("error = print")
    assert texts[at + 1] == "third = 3" and place.path.is_file()

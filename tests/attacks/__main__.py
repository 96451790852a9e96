"""Run the corpus, print the table and write docs/ATTACKS.md: `python -m tests.attacks [--stock] [names or families]`."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.progress import track

from . import table
from .attack import Attack, corpus
from .ours import Ours, Result
from .stock import Stock


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    reader.add_argument("--stock", action="store_true", help="run stock nbgrader too, and keep its results")
    reader.add_argument("--no-ours", action="store_true", help="do not run this grader; the page is not written")
    reader.add_argument("only", nargs="*", help="names or families of attacks; the page is written only for all")
    chosen = reader.parse_args()
    attacks = [one for one in corpus() if not chosen.only or {one.name, one.family} & set(chosen.only)]
    if not attacks:
        reader.error("no attack has such a name or family")
    console = Console()
    if chosen.stock:
        _run_stock(attacks, console)
    ours = {} if chosen.no_ours else _run_ours(attacks, console)
    stock, made = table.read_stock()
    console.print(table.rich_table(attacks, stock, ours))
    console.print(table.summary(attacks, stock, ours, made))
    if ours and not chosen.only:
        table.DOCUMENT.write_text(table.document(attacks, stock, ours, made))
        console.print(f"Written: {table.DOCUMENT.relative_to(table.REPOSITORY)}")


def _run_stock(attacks: list[Attack], console: Console) -> None:
    kept, _ = table.read_stock()
    with Stock() as stock:
        for attack in track(attacks, "stock nbgrader", console=console):
            kept[attack.name] = stock.grade(attack)
            table.write_stock(kept)


def _run_ours(attacks: list[Attack], console: Console) -> dict[str, Result]:
    results = {}
    with Ours() as ours:
        if not ours.isolated:
            console.print("Submissions are not isolated here: attacks that would harm this machine are not run.")
        for attack in track(attacks, "this grader", console=console):
            results[attack.name] = one = ours.grade(attack)
            if one.gained or one.effects or one.unexplained:
                console.print(f"[red]{attack.name}[/]: {table.our_words(one)}")
    return results


if __name__ == "__main__":
    main()

"""Run the corpus, print the table and write docs/ATTACKS.md: `python -m tests.attacks [--stock] [--user] [names or families]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import track

from . import kept, table
from .attack import Attack, corpus
from .ours import Ours
from .stock import Stock


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    reader.add_argument("--stock", action="store_true", help="run stock nbgrader too, and keep its results")
    reader.add_argument("--user", action="store_true", help="as root, run this grader as the user nobody, and keep those results")
    reader.add_argument("--no-ours", action="store_true", help="do not run this grader")
    reader.add_argument("--into", type=Path, help="write this grader's results into this file, and nothing else")
    reader.add_argument("only", nargs="*", help="names or families of attacks")
    chosen = reader.parse_args()
    everything = corpus()
    attacks = [one for one in everything if not chosen.only or {one.name, one.family} & set(chosen.only)]
    if not attacks:
        reader.error("no attack has such a name or family")
    if chosen.user and kept.mode() != "root":
        reader.error("--user is for root; another user's runs are kept as such without it")
    console = Console()
    if chosen.stock:
        _run_stock(attacks, console)
    known = {one.name for one in everything}
    if chosen.user:
        results, made = kept.as_nobody([one.name for one in attacks])
        kept.add("user", results, made, known)
    elif not chosen.no_ours:
        _run_ours(attacks, console, known, chosen.into or kept.KEPT)
    if chosen.into:
        return
    stock, stock_made = table.read_stock()
    ours, ours_made = kept.read()
    console.print(table.rich_table(attacks, stock, ours))
    console.print(table.summary(everything, stock, ours, stock_made, ours_made))
    table.DOCUMENT.write_text(table.document(everything, stock, ours, stock_made, ours_made))
    console.print(f"Written: {table.DOCUMENT.relative_to(table.REPOSITORY)}")


def _run_stock(attacks: list[Attack], console: Console) -> None:
    known, _ = table.read_stock()
    with Stock() as stock:
        for attack in track(attacks, "stock nbgrader", console=console):
            known[attack.name] = stock.grade(attack)
            table.write_stock(known)


def _run_ours(attacks: list[Attack], console: Console, known: set[str], into: Path) -> None:
    with Ours() as ours:
        if not ours.isolated:
            console.print("Submissions are not isolated here: attacks that would harm this machine are not run.")
        for attack in track(attacks, f"this grader, as {kept.mode()}", console=console):
            one = ours.grade(attack)
            kept.add(kept.mode(), {attack.name: one}, table.made(), known, into)
            if one.gained or one.effects or one.unexplained:
                console.print(f"[red]{attack.name}[/]: {table.our_words(one)}")


if __name__ == "__main__":
    main()

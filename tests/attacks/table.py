"""The table of all attacks: what stock nbgrader makes of each, and what this grader does."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rich.table import Table

from . import target
from .attack import REPOSITORY, Attack
from .ours import Result
from .stock import StockResult

STOCK = Path(__file__).with_name("stock.json")
DOCUMENT = REPOSITORY / "docs" / "ATTACKS.md"
_PACKAGES = ("nbgrader", "nbclient", "ipykernel", "keras", "tensorflow", "numpy")

_HEAD = """# Attacks

{count} hostile submissions in [tests/attacks/corpus](../tests/attacks/corpus), each graded by stock nbgrader and by this
course's grader. This page is written by a command; `make test` runs the corpus again.

```bash
python -m tests.attacks             # ours, and this page
python -m tests.attacks --user      # ours again, by root in the name of a user without any right
python -m tests.attacks --stock     # stock nbgrader as well, in throw-away courses
```

Every attack is aimed at a lesson of {full} points whose hidden tests, solutions, gradebook and other submissions hold
words that must never reach a student; a listener on the host's loopback must never be called, nothing may stay behind,
and an honest submission graded next by the same worker must get full marks. Where it would matter, another is
graded beside the attack. *Earned* is what the honest part of a submission is worth: most have none,
those that write down the answers to the visible tests have those tests' points. *Before* is what an attack did here when it
was found. *Tried as* names the ways in which the grader was run: as `root`, where rooms are made without a user namespace and
submissions run as nobody; as an ordinary `user`, where they run in user namespaces. "All" is both.

Stock nbgrader was run as it comes, in a folder of its own, without a sandbox; so what would take the machine down was not run there.
Its feedback page, which shows every hidden test to every student, is not counted.

{summary}
"""


def read_stock() -> tuple[dict[str, StockResult], dict]:
    """Return the kept results of stock nbgrader by attack, and with which versions and when they came."""
    if not STOCK.exists():
        return {}, {}
    kept = json.loads(STOCK.read_text())
    return {name: StockResult(name, **one) for name, one in kept["attacks"].items()}, kept["made"]


def write_stock(results: dict[str, StockResult]) -> None:
    """Keep the results of stock nbgrader."""
    attacks = {name: {k: v for k, v in asdict(one).items() if k != "name"} for name, one in sorted(results.items())}
    STOCK.write_text(json.dumps({"made": made(), "attacks": attacks}, indent=1) + "\n")


def made() -> dict[str, str]:
    """Return the day and the versions."""
    return {"date": date.today().isoformat(), "python": platform.python_version()} | {p: version(p) for p in _PACKAGES}


def stock_words(one: StockResult | None) -> str:
    """Say in a few words what stock nbgrader made of an attack."""
    if one is None:
        return "not run yet"
    if one.not_run:
        return f"not run: {one.not_run}"
    points = "no grade" if one.points is None else f"{one.points:g} of {target.FULL}"
    gained = f", {one.gained:g} gained" if one.gained else ""
    return "; ".join([points + gained, *_short(one.effects)])


def our_words(one: Result | None) -> str:
    """Say in a few words what this grader makes of an attack."""
    if one is None:
        return "not run"
    if one.not_run:
        return f"not run: {one.not_run}"
    gained = f", {one.gained:g} gained" if one.gained else ""
    stopped = [f"stopped: {one.stopped}"] if one.stopped else []
    return "; ".join([f"{one.points:g} of {target.FULL}{gained}", *_short(one.effects), *stopped])


def _short(effects: list[str], most: int = 3) -> list[str]:
    more = [f"and {len(effects) - most} more"] if len(effects) > most else []
    return effects[:most] + more


def _tried(name: str, ours: dict[str, dict[str, Result]]) -> tuple[str, str]:
    """Return what this grader made of an attack and in which modes: once where it is the same in all."""
    found = {mode: results[name] for mode, results in ours.items() if name in results}
    words = {mode: our_words(one) for mode, one in found.items()}
    modes = "all" if len(found) > 1 else "".join(found)
    same = len(set(words.values())) == 1
    return (next(iter(words.values())) if same else "; ".join(f"as {mode}: {said}" for mode, said in words.items()) or "not run"), modes or "not"


def rich_table(attacks: list[Attack], stock: dict[str, StockResult], ours: dict[str, dict[str, Result]]) -> Table:
    """Return the table for a terminal."""
    table = Table(show_lines=False)
    for head in ("family", "attack", "stock nbgrader", "ours", "tried as"):
        table.add_column(head, overflow="fold")
    family = ""
    for attack in attacks:
        mine = [results[attack.name] for results in ours.values() if attack.name in results]
        bad = any(one.gained or one.effects for one in mine)
        colour = "red" if bad else "yellow" if not mine or any(one.not_run for one in mine) else "green"
        shown = "" if attack.family == family else attack.family
        family = attack.family
        said, modes = _tried(attack.name, ours)
        table.add_row(shown, attack.name.replace("_", " "), stock_words(stock.get(attack.name)), f"[{colour}]{said}[/]", modes)
    return table


def summary(
    attacks: list[Attack], stock: dict[str, StockResult], ours: dict[str, dict[str, Result]], stock_made: dict, ours_made: dict[str, dict]
) -> str:
    """Return the totals in a sentence each, with versions and dates."""
    lines = [_total(f"Stock nbgrader {stock_made.get('nbgrader', '')}", stock_made, [stock[a.name] for a in attacks if a.name in stock])]
    lines += [_total(f"This grader, as {mode}", ours_made[mode], [results[a.name] for a in attacks if a.name in results]) for mode, results in ours.items()]
    versions = next(iter(ours_made.values()), made())
    return "\n".join(lines) + "\n\nVersions: " + ", ".join(f"{name} {number}" for name, number in versions.items() if name != "date") + f"; {platform.system()}."


def _total(who: str, made: dict, results: list[StockResult] | list[Result]) -> str:
    ran = [one for one in results if not one.not_run]
    gained, harmed = sum(bool(one.gained) for one in ran), sum(bool(one.effects) for one in ran)
    return f"**{who}** ({made.get('date', 'not run')}): of {len(ran)} attacks run, {gained} gained points and {harmed} had another effect.  "


def document(
    attacks: list[Attack], stock: dict[str, StockResult], ours: dict[str, dict[str, Result]], stock_made: dict, ours_made: dict[str, dict]
) -> str:
    """Return docs/ATTACKS.md."""
    lines = [_HEAD.format(count=len(attacks), full=target.FULL, summary=summary(attacks, stock, ours, stock_made, ours_made))]
    family = ""
    for attack in attacks:
        if attack.family != family:
            family = attack.family
            lines += [f"## {family.capitalize()}", "", "| attack | earned | stock nbgrader | ours | tried as |", "|---|---|---|---|---|"]
            rows = [one for one in attacks if one.family == family]
            lines += [_row(one, stock, ours) for one in rows] + [""]
    return "\n".join(lines)


def _row(attack: Attack, stock: dict[str, StockResult], ours: dict[str, dict[str, Result]]) -> str:
    link = f"[{attack.name.replace('_', ' ')}](../tests/attacks/corpus/{attack.name}.py)"
    words, modes = _tried(attack.name, ours)
    before = f"; before: {attack.before}" if attack.before else ""
    said = [f"{link}: {attack.intent}", f"{attack.earns:g}", stock_words(stock.get(attack.name)), words + before, modes]
    return "| " + " | ".join(text.replace("|", "\\|").replace("\n", " ") for text in said) + " |"

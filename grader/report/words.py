"""How numbers are said and how text is shown, on the page and in the terminal."""

from __future__ import annotations


def points(value: float) -> str:
    """`14.5`, without zeros that say nothing."""
    return f"{round(value, 2):g}"


def count(number: int, noun: str) -> str:
    """`1 student`, `2 students`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """`48 s`, `3 min 20 s`, `1 h 05 min`; a dash for what is not known."""
    if seconds != seconds:
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02d} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def lateness(seconds: float) -> str:
    """As `duration`, in days from two days on: `3 days`."""
    return f"{seconds // 86400:.0f} days" if seconds >= 2 * 86400 else duration(seconds)


def visible(text: str) -> str:
    """The text without what cannot be seen, such as marks that turn the direction of all that follows."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter in "\n\u200c\u200d" else "\ufffd" for letter in text)  # Persian needs the joiners

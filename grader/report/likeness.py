"""Make answers comparable: what is left of one when white space and comments are taken away, and how much of it is its author's."""

from __future__ import annotations

import hashlib
import io
import re
import tokenize

LARGEST = 50_000  # letters; a longer answer is compared as it stands
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


def compare(source: str, stub: str, is_code: bool) -> tuple[str, int]:
    """Return (a print, how many words of an answer are its author's).

    Answers that differ only in white space and comments have the same print; it is "" where nothing is the author's own.
    Words that stand in a line of the stub are the course's.
    """
    lines = _code(source) if is_code else _text(source)
    given = set(_code(stub) if is_code else _text(stub))
    own = [line for line in lines if line not in given]
    size = sum(len(line.split()) for line in own)
    return (hashlib.sha256("\n".join(own).encode("utf-8", "replace")).hexdigest() if size else ""), size


def without_comments(source: str) -> str:
    """Return code without its comments, as it stands otherwise; "" where it is no Python."""
    try:
        found = [(token.start, token.end) for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return ""
    lines = source.splitlines(keepends=True)
    for (row, start), (_, end) in found:
        lines[row - 1] = lines[row - 1][:start].rstrip() + lines[row - 1][end:]
    return "".join(lines)


def _code(source: str) -> list[str]:
    """The lines of a program, its words parted by single blanks; the words as they stand where it is no Python."""
    if len(source) > LARGEST:
        return _text(source)
    words: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in _LAYOUT:
                words.append("\n" if token.type == tokenize.NEWLINE else re.sub(r"\s+", " ", token.string))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return _text(re.sub(r"#.*", "", source))
    lines = " ".join(words).split("\n")
    return [line.strip() for line in lines if line.strip()]


def _text(source: str) -> list[str]:
    """The lines of a text in small letters, white space folded."""
    lines = (" ".join(line.split()).casefold() for line in source[:LARGEST].splitlines())
    return [line for line in lines if line]

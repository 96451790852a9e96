"""Texts as numbers: characters as their places in an alphabet, and next-character pairs."""

import numpy as np


def encode(text: str, symbols: list[str]) -> np.ndarray:
    """Return `text` as places in `symbols`, int32 (characters,).

    Raises KeyError for a character that is not in `symbols`.
    """
    if strange := set(text).difference(symbols):
        raise KeyError(min(strange))
    coded = text.translate({ord(symbol): code for code, symbol in enumerate(symbols)})  # much sooner than to look up one by one
    return np.frombuffer(coded.encode("utf-32-le"), "<i4").astype("int32")


def pieces(codes: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut (characters,) into x and y, both (pieces, length): pieces that follow each other, y one character ahead of x.

    What is too short at the end is left out.
    """
    count = (len(codes) - 1) // length * length
    return codes[:count].reshape(-1, length), codes[1 : count + 1].reshape(-1, length)

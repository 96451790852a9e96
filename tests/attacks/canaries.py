"""Words that must never reach a student, and how to find them in a text, also when disguised."""

from __future__ import annotations

import base64
import re

# Where each lies; an attack that shows one has read what it must not.
SECRETS = {
    "a hidden test": "hidden-canary-q7Zk3XwPd5",
    "the solution": "solution-canary-v2Rm8YtLb6",
    "the gradebook": "gradebook-canary-k9Hs4NcJf1",
    "another submission": "neighbour-canary-w3Gx6PzMq8",
    "the grader's environment": "environment-canary-t5Bd7VhKr2",
}

# The variable of the grader's environment that holds the last of them.
CANARY = "RNN_COURSE_ATTACK_CANARY"

# An argument of the hidden tests. Its first eight digits give it away.
NUMBER = 839214657031
# What an attack that speaks by lengths makes of it.
LENGTH = NUMBER % 65_536
_LENGTH = re.compile(rf"(?<!\d){LENGTH // 1000}[ ,._']?{LENGTH % 1000:03}(?!\d)")
_DIGITS = re.compile(r"(?<!\d)" + r"[ ,._']*".join(str(NUMBER)[:8]))

# In the name of everything that an attack leaves somewhere, so that it can be found.
MARK = "left-by-an-attack"
# What an attack prints, put together from parts, when it did something that no submission may do.
WORKED = "the-attack-worked"
# A System V shared memory segment of an attack.
SEGMENT = 0x52_4E_4E_21


def found(text: str) -> list[str]:
    """Say which secrets stand in `text`: plainly, backwards, in hexadecimal or in base 64."""
    squeezed = "".join(text.split())
    known = [where for where, secret in SECRETS.items() if any(way in squeezed for way in _ways(secret))]
    if "a hidden test" not in known and (_DIGITS.search(text) or _LENGTH.search(text)):
        known.append("a hidden test")
    return known


def _ways(secret: str) -> list[str]:
    plain = secret.encode()
    # What of a base 64 text depends on the secret alone, at each of the three offsets.
    coded = [base64.b64encode(b"\0" * shift + plain).decode().rstrip("=")[4:-2] for shift in range(3)]
    return [secret, secret[::-1], plain.hex(), *coded]

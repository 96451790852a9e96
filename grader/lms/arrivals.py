"""As what a submission came: by which name its LMS will know it again, when feedback goes back."""

from __future__ import annotations

import re

from .gathering import Candidate
from .senders import CANVAS


def came(chosen: Candidate) -> dict[str, str | int | bool]:
    """Return the LMS, the sender's name and number there; of Canvas also the number and the name of the file, which its re-upload asks for."""
    sender = chosen.parcel.sender
    told: dict[str, str | int | bool] = {"system": sender.system, "name": sender.name, "number": sender.number}
    if sender.system != CANVAS:
        return told
    # What Canvas numbered may be a zip in which the notebook lay: the first name on the way that bears the number.
    found = re.search(rf"{re.escape(sender.name)}_(?:LATE_)?{re.escape(sender.number)}_(?:LATE_)?(\d+)_([^/]+)", chosen.item.origin)
    number, file = (int(found[1]), found[2].split(" / ")[0].rstrip()) if found else (chosen.item.file_id, chosen.item.name)
    return {**told, "late": chosen.parcel.late, "file_id": number, "file": file}

"""Gradescope's list of who submitted what, `submission_metadata.yml` in an export of an assignment's submissions."""

from __future__ import annotations

import re

import yaml

from .senders import GRADESCOPE, Sender

LIST = "submission_metadata.yml"
FOLDER = re.compile(r"submission_\d+")


class _Loader(yaml.SafeLoader):
    """Plain values only; Ruby's objects, which Gradescope writes among them, are what they hold."""


def _plain(loader: _Loader, _suffix: str, node: yaml.Node):
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)


_Loader.add_multi_constructor("!ruby/", _plain)


def submitters(content: bytes) -> tuple[dict[str, Sender], str]:
    """Return whose each folder is, a team where several submitted together; and why that cannot be told, or ""."""
    try:
        told = yaml.load(content, _Loader)  # noqa: S506, a safe loader
        known = {}
        for folder, about in told.items():
            people = [_person(one) for one in about.get(":submitters") or []]
            people = [one for one in people if one]
            if len(people) == 1:
                known[str(folder)] = people[0]
            elif people:
                known[str(folder)] = Sender(GRADESCOPE, " and ".join(one.name for one in people), members=tuple(people))
        return known, ""
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError):
        return {}, f"{LIST} is damaged; export the submissions again"


def _person(about: dict) -> Sender | None:
    name, sid, mail = (str(about.get(key) or "").strip() for key in (":name", ":sid", ":email"))
    also = tuple(one for one in (sid, mail) if one)
    return Sender(GRADESCOPE, name or mail or sid, sid or mail, also) if also or name else None

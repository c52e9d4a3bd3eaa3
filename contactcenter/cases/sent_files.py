"""Files that a citizen sends with a form of ours: judged before anything is stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from contactcenter.cases.rules import one_line
from contactcenter.channel import Attachment
from contactcenter.errors import Refused
from contactcenter.files import OCTETS, is_program, safe_name, safe_type
from contactcenter.kernel.sql import Row

MOST_FILES = 10
MOST_NAME = 200
FIELD = "files"


def judged(name: str, declared: str, content: bytes) -> Attachment:
    """A file as it is kept: its name without a path, its type as the bytes prove it. Raises
    Refused for what is empty, and for programs."""
    media_type = safe_type(declared, content)
    name = shown_name(name)
    if not content:
        raise Refused("bad_request", "sent_file_empty", field=FIELD, name=name)
    if is_program(name, content):
        raise Refused("bad_request", "sent_file_forbidden", field=FIELD, name=name)
    return Attachment(name=name, media_type=media_type, content=content, declared=declared)


def shown_name(name: str) -> str:
    """A name that is safe to show."""
    return safe_name(name, 1, OCTETS)


def are_same(sent: Sequence[Attachment], kept: Sequence[Row]) -> bool:
    """Whether a request that comes again brings the files that it brought before, in their order;
    those have `name` and `size`."""
    told = [(one_line(one.name, MOST_NAME), len(one.content)) for one in sent]
    return told == [(row["name"], row["size"]) for row in kept]

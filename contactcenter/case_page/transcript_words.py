"""What was said, as the text of a mail. Pure.

The lines of a message are set in, so that none of them can look like the head of another message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contactcenter.kernel.i18n import Catalogue

MOST_TEXT = 200_000  # characters
_SET_IN = "    "


class Line(NamedTuple):
    """One message; `who`: an agent's name, "" where the house itself wrote; `files`: names."""

    mine: bool
    who: str
    at: datetime
    text: str
    files: tuple[str, ...] = ()


def words(
    texts: Catalogue,
    language: str,
    *,
    organisation: str,
    queue: str,
    case: int,
    now: datetime,
    zone: str,
    lines: Sequence[Line],
    more: bool,
) -> tuple[str, str]:
    """(subject, text). The newest messages that there is room for; `more`: whether older ones are
    left out in any case."""
    clock = ZoneInfo(zone)
    shown: list[str] = []
    room = MOST_TEXT
    for line in reversed(lines):
        said = _said(texts, language, line, organisation, clock)
        room -= len(said)
        if room < 0 and shown:
            break
        shown.append(said[:MOST_TEXT])
    if more or len(shown) < len(lines):
        shown.append(texts.t(language, "mail.transcript.more"))
    text = texts.t(
        language,
        "mail.transcript.text",
        organisation=organisation,
        queue=queue,
        case=case,
        at=_moment(texts, language, now, clock),
        messages="\n\n".join(reversed(shown)),
    )
    subject = texts.t(language, "mail.transcript.subject", organisation=organisation, case=case)
    return subject, text


def _said(texts: Catalogue, language: str, line: Line, organisation: str, clock: ZoneInfo) -> str:
    who = texts.t(language, "mail.transcript.you") if line.mine else line.who or organisation
    head = f"{who}, {_moment(texts, language, line.at, clock)}:"
    below = line.text.splitlines()
    if line.files:
        names = ", ".join(" ".join(name.split()) for name in line.files)
        below.append(texts.t(language, "mail.transcript.files", names=names))
    return "\n".join([head, *(f"{_SET_IN}{one}".rstrip() for one in below)])


def _moment(texts: Catalogue, language: str, at: datetime, clock: ZoneInfo) -> str:
    local = at.astimezone(clock)
    return texts.t(
        language,
        "mail.receipt.at",
        day=local.day,
        month=local.month,
        year=local.year,
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
    )

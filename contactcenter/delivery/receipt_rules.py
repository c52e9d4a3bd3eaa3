"""Which mail is acknowledged, and in which words. Pure.

An acknowledgement repeats nothing of what was written to us: whoever can name an address could else
have the city write to it in his words. It says when the mail came, since that moment can decide
about a deadline (Finnish act 13/2003, sections 10-12).
"""

from __future__ import annotations

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from contactcenter.kernel.i18n import Catalogue
from contactcenter.queue.bands import Band
from contactcenter.queue.wait_words import wait_words

ENOUGH = 20  # waits; fewer tell nothing
_HOUR_US = 3_600_000_000


def problem(
    *, own: bool, names_receipt: bool, lately: int, loop_mails: int, today: int, per_day: int
) -> str | None:
    """Why there is no acknowledgement, as `loop_hit.why`; None where there is one."""
    if own:
        return "own"
    if names_receipt:
        return "receipt"
    if lately > loop_mails:
        return "many"
    return "day" if today >= per_day else None


def words(
    texts: Catalogue,
    language: str,
    *,
    case: int,
    queue: str,
    at: datetime,
    zone: ZoneInfo,
    wait: str,
    page_url: str,
    privacy_url: str | None,
) -> tuple[str, str]:
    """(subject, text)."""
    local = at.astimezone(zone)
    moment = texts.t(
        language,
        "mail.receipt.at",
        day=local.day,
        month=local.month,
        year=local.year,
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
    )
    privacy = ""
    if privacy_url is not None:
        privacy = "\n" + texts.t(language, "mail.receipt.privacy", url=privacy_url) + "\n"
    text = texts.t(
        language,
        "mail.receipt.text",
        at=moment,
        queue=queue,
        case=case,
        wait=f"\n{wait}\n" if wait else "",
        page="\n" + texts.t(language, "mail.receipt.page", url=page_url) + "\n",
        privacy=privacy,
    )
    return texts.t(language, "mail.receipt.subject", case=case), text


def wait(texts: Catalogue, language: str, accepted: int, wait_us: int) -> str:
    """How long mail has waited, by the figures: rounded up, so that it promises nothing better
    than it was; "" where too few tell."""
    if accepted < ENOUGH:
        return ""
    hours = math.ceil(wait_us / accepted / _HOUR_US)
    if hours <= 1:
        return texts.t(language, "mail.receipt.wait.hour")
    if hours <= 48:
        return texts.t(language, "mail.receipt.wait.hours", n=hours)
    return texts.t(language, "mail.receipt.wait.days", n=math.ceil(hours / 24))


def expected(texts: Catalogue, language: str, band: Band) -> str:
    """How long the mail is estimated to wait yet, in seconds given as a band."""
    estimate = wait_words(texts, language, band)
    return texts.t(language, "mail.receipt.wait.expected", estimate=estimate)

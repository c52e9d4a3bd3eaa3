"""Whether a mail without delivery status fields is a report, and of what. Points for signs: no
single one is enough, since people too write of mail that came back."""

from __future__ import annotations

import re
from typing import NamedTuple

from channels.email.machines.report_fields import Action
from channels.email.machines.report_phrases import (
    DELAYED_SUBJECT,
    DELAYED_WORDS,
    DELIVERED_SUBJECT,
    FAILED_SUBJECT,
    FAILED_WORDS,
    FINAL_WORDS,
)
from channels.email.syntax.subject_marks import answers, passed_on

ENOUGH, ENOUGH_FROM_ANYBODY = 5, 6
_READ_SUBJECT, _READ_WORDS = 300, 8_000
_TAGS = re.compile(r"(?:\s*\[[^\[\]]{1,40}\])*[\s*]*")
# What a server that does not say what it is begins with.
_STEMS = (
    "deliver",
    "returned",
    "failure",
    "reject",
    "loop",
    "toimit",
    "palautettu",
    "lever",
    "zustell",
)
_SMTP = re.compile(
    r"(?<![\d.])(?:[45]\d\d[ -]{1,4}(?:[45]\.\d|[a-z<#\"'])|\(?#?[45]\.\d{1,2}\.\d{1,3}\b)|rcpt to"
)
_IN_BRACKETS = re.compile(r"\(([^()]{0,60})\)")


class Signs(NamedTuple):
    """What is known of a mail that may be a report. `daemon`: 0 to 3, as of its sender; `copy`: it
    holds the mail that it is about; `stated`: a field names who was not reached."""

    subject: str
    words: str
    daemon: int
    null_path: bool
    automatic: bool
    copy: bool
    stated: bool


def may_report(subject: str) -> bool:
    """Whether a mail from an ordinary sender is worth a closer look."""
    subject = subject[:_READ_SUBJECT].lower()
    return any(stem in subject for stem in _STEMS)


def says_report(subject: str) -> Action | None:
    """What a subject reports by itself; None where it is a person's or tells nothing. The first
    words count: behind them may stand the subject of the mail that it is about."""
    subject = subject[:_READ_SUBJECT].lower()
    begins = _TAGS.match(subject)
    of_person = subject[begins.end() if begins else 0 :]
    if answers(of_person) or passed_on(of_person):
        return None
    if DELIVERED_SUBJECT.search(subject):
        return "delivered"
    failed, delayed = FAILED_SUBJECT.search(subject), DELAYED_SUBJECT.search(subject)
    if failed is None or delayed is None:
        return "failed" if failed else "delayed" if delayed else None
    if delayed.start() <= failed.start():
        return "delayed"
    bracket = _IN_BRACKETS.search(subject)
    return "delayed" if bracket and DELAYED_SUBJECT.search(bracket[1]) else "failed"


def reported(signs: Signs) -> Action | None:
    """What a mail reports; None where it is no report."""
    said = says_report(signs.subject)
    machine = min(signs.daemon + 2 * signs.null_path, 4)
    if not machine and said is None:
        return None
    if signs.daemon < 3 and not signs.null_path and passed_on(signs.subject):
        return None  # a person passes a report on
    words = signs.words[:_READ_WORDS].lower()
    delayed = DELAYED_WORDS.search(words) is not None
    points = (
        machine
        + 3 * (said is not None)
        + 2 * (delayed or FAILED_WORDS.search(words) is not None)
        + (_SMTP.search(words) is not None)
        + signs.copy
        + 3 * signs.stated
        + signs.automatic
    )
    if points < (ENOUGH if machine else ENOUGH_FROM_ANYBODY):
        return None
    if said in ("delivered", "delayed"):
        return said
    if delayed and not FINAL_WORDS.search(words) and "(fail" not in signs.subject.lower():
        return "delayed"
    return "failed"

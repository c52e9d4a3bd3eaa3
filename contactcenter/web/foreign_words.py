"""What other programs say of a mail, by a name of ours that the catalogues have words for: a mail
server's status, and why a mail could not be read."""

from __future__ import annotations

import re

_STATUS = re.compile(r"\b([45])\.([0-9]{1,3}\.[0-9]{1,3})\b", re.ASCII)
# As `reasonOf` in static/console/mail_words.js: agents and supervisors read the same words.
_REASONS = {
    "1.1": "no_address",
    "1.2": "no_domain",
    "1.3": "no_address",
    "1.6": "no_address",
    "1.10": "no_domain",
    "2.1": "closed",
    "2.2": "full",
    "2.3": "too_large",
    "3.4": "too_large",
    "4.7": "expired",
    # Some servers say 5.4.1 of an address that they don't know, and 4.4.4 while a name can't be
    # looked up.
    "4.4.1": "no_answer",
    "4.4.2": "no_answer",
    "5.4.4": "no_domain",
}
# How the doors' phrases for quarantine begin.
_UNREAD = (
    (re.compile(r"no header"), "no_mail"),
    (re.compile(r"more than|nested deeper|too many|a header over"), "complex"),
    (re.compile(r"not read within"), "slow"),
    (re.compile(r"[0-9]+ bytes are over"), "large"),
    (re.compile(r"could not be fetched"), "unfetched"),
    (re.compile(r"the reader failed|could not be read"), "failed"),
)


def why_refused(code: str | None) -> str | None:
    """Why another server did not take a mail (RFC 3463); None where its status says nothing of
    use."""
    found = _STATUS.search(code or "")
    if found is None:
        return None
    kind, status = found.groups()
    if status.startswith("7."):
        return "refused" if kind == "5" else "later"
    return _REASONS.get(status) or _REASONS.get(f"{kind}.{status}")


def why_unread(phrase: str) -> str:
    """Why a mail lies in quarantine; "other" for a phrase that is not known."""
    return next((name for start, name in _UNREAD if start.match(phrase)), "other")

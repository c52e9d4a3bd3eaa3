"""Personal identity codes are masked before any text is stored.

A code is masked by its shape and a plausible date, not by its check character: printed examples
and typing errors fail the check and still name a person (Population Information System decree,
Government Decree 128/2010, section 2; new separators from 2023).
"""

from __future__ import annotations

import re

MASK = "******-****"
_CODE = re.compile(
    r"(?<![0-9A-Za-z])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d"
    r"[+\-\u2010\u2011\u2012\u2013\u2212ABCDEFUVWXYabcdefuvwxy]"
    r"\d{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y](?![0-9A-Za-z])"
)

_DATE = re.compile(r"[0-3]\d[01]\d\d\d")  # begins every code, and is soon found to be missing


def mask_codes(text: str) -> str:
    """The text with each Finnish personal identity code replaced by a mask."""
    return _CODE.sub(MASK, text) if _DATE.search(text) else text


def storable(text: str) -> str:
    """The text as it may be stored: masked, and without what Postgres' text type can't hold (NUL,
    halves of surrogate pairs)."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return mask_codes(text.replace("\x00", "\ufffd"))

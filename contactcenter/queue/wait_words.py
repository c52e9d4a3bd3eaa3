"""An estimated wait in words, for pages and mails; `common/wait.js` says the same. Pure."""

from __future__ import annotations

import math

from contactcenter.kernel.i18n import Catalogue
from contactcenter.queue.bands import Band, rounded

_HOURS_FROM_S = 7200
_POINT = frozenset({"en"})  # languages with a decimal point


def wait_words(texts: Catalogue, language: str, band: Band) -> str:
    """A sentence of the catalogue: rounded outwards, in minutes, beyond two hours in half hours."""
    low_s, high_s = rounded(band)
    if high_s <= 60:
        return texts.t(language, "chat.estimate.minute")
    hours = high_s > _HOURS_FROM_S
    unit = 1800 if hours else 60
    low, high = low_s // unit, math.ceil(high_s / unit)
    kind = "hours" if hours else "minutes"
    form = f"up_to_{kind}" if low == 0 else f"about_{kind}" if low == high else kind
    parts = 2 if hours else 1
    return texts.t(
        language,
        f"chat.estimate.{form}",
        low=_number(low, parts, language),
        high=_number(high, parts, language),
    )


def closing_words(texts: Catalogue, language: str, clock: str) -> str:
    """What is said instead where the wait may last until the queue closes."""
    return texts.t(language, "chat.estimate.closing", time=clock)


def _number(n: int, parts: int, language: str) -> str:
    whole, half = divmod(n, parts)
    mark = "." if language in _POINT else ","
    return f"{whole}{mark}5" if half else str(whole)

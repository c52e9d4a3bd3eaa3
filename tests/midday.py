"""A place on earth where it is about noon: no day ends there while a test counts it."""

from __future__ import annotations

from datetime import UTC, datetime


def midday_zone() -> str:
    """Its time zone, by the name that every time zone database has."""
    ahead_h = 12 - datetime.now(UTC).hour or 1  # never UTC itself: a test shall tell them apart
    return f"Etc/GMT{-ahead_h:+d}"  # in these names east of Greenwich is minus

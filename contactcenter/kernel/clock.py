"""Time as the outside sees it. Timers use the database's clock, never this process's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def stamp(moment: datetime) -> str: ...
@overload
def stamp(moment: None) -> None: ...
def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds and +00:00, as every door gives times."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")

"""The sites that admins named, known for a moment."""

from __future__ import annotations

import time

import structlog

from contactcenter.configuration import store
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.setting_hosts import is_origin

_log = structlog.get_logger(__name__)
KEPT_S = 2.0


class Origins:
    """Answers many requests from one query."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._found: tuple[str, ...] = ()
        self._at = -KEPT_S

    async def of_all(self) -> tuple[str, ...]:
        """Every organisation's sites; those known last where the database is away. They stand in
        headers: one that is no origin is left out, however it came into the database."""
        if time.monotonic() - self._at > KEPT_S:
            try:
                async with self._db.connection() as conn:
                    found = await store.every_origin(conn)
            except TRANSIENT as error:
                _log.warning("origins_unknown", error=type(error).__name__)
            else:
                self._found = tuple(one for one in found if is_origin(one))
                self._at = time.monotonic()
        return self._found

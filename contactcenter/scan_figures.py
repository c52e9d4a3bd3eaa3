"""Files that wait for the scanner, were infected or could not be scanned, as metrics show them. Of
all nodes together: they are read from the database."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from contactcenter.kernel.db import Database
from contactcenter.scanning.loop import SQL


class ScanFigures:
    """The gauge; `renew` reads it."""

    def __init__(self, db: Database, registry: CollectorRegistry) -> None:
        self._db = db
        self._files = Gauge(
            "contactcenter_files",
            "Files that nobody may open: they wait for the scanner, are infected, or could not be"
            " scanned",
            ("scan",),
            registry=registry,
        )

    async def renew(self) -> None:
        """Read it."""
        async with self._db.connection() as conn:
            row = await SQL.figures.row(conn)
        for scan in ("waiting", "infected", "failed"):
            self._files.labels(scan).set(row[scan])

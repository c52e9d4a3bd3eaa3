"""Acknowledgements, loops and answers that did not arrive, as metrics show them. Of all nodes
together: the figures are read from the database."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from contactcenter.cases import answering
from contactcenter.delivery import receipts
from contactcenter.kernel.db import Database


class MailFigures:
    """The gauges; `renew` reads them."""

    def __init__(self, db: Database, registry: CollectorRegistry) -> None:
        self._db = db

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"contactcenter_{name}", text, labels, registry=registry)

        self._hits = gauge("loop_hits", "Mails not acknowledged, of the last 30 days", "why")
        self._plain = {
            "day": gauge("receipts_last_day", "Acknowledgements of the last 24 hours"),
            "due": gauge("receipts_due", "Acknowledgements that wait"),
            "undelivered": gauge("undelivered", "Answers that did not arrive, not settled"),
        }
        self._owed = gauge("answers_owed_by_law", "Due within two days, or late", "when")

    async def renew(self) -> None:
        """Read them."""
        async with self._db.connection() as conn:
            row = await receipts.SQL.figures.row(conn)
            owed = await answering.counts(conn)
            hits = await receipts.SQL.hits_by_why.all(conn)
        for name, plain in self._plain.items():
            plain.set(row[name])
        for when in ("soon", "late"):
            self._owed.labels(when).set(owed[when])
        for hit in hits:
            self._hits.labels(hit["why"]).set(hit["n"])

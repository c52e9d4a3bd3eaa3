"""The mailboxes as health and metrics show them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Gauge

from contactcenter.app import Node
from contactcenter.intake import mailboxes
from contactcenter.kernel.sql import Row
from contactcenter.mailbox_settings import Mailbox
from contactcenter.web.services import Check

MOST_FAILURES = 3
SILENT_S = 1800.0  # twice the longest wait between two looks
LAG_S = 900.0


def checks(node: Node) -> dict[str, Check]:
    """A check for each mailbox of the settings."""
    return {f"mailbox {m.name}": Check(_probe(node, m)) for m in node.settings.mailbox}


def _probe(node: Node, mailbox: Mailbox) -> Callable[[], Awaitable[tuple[bool, str]]]:
    async def probe() -> tuple[bool, str]:
        (row,) = await mailboxes.figures(node.db, [mailbox])
        return judged(row)

    return probe


def judged(row: Row) -> tuple[bool, str]:
    """Whether mail comes from it, and a word of detail."""
    if row["failures"] >= MOST_FAILURES or (row["failures"] and row["silent_s"] is None):
        return False, f"{row['error']}, {row['failures']} times"
    if row["silent_s"] is None:
        return True, "not looked into yet"
    if row["silent_s"] > SILENT_S:
        return False, f"not looked into for {row['silent_s']:.0f} s"
    if row["lag_s"] > LAG_S:
        return False, f"its oldest mail waits since {row['lag_s']:.0f} s"
    return True, ""


class Figures:
    """Gauges by mailbox; `renew` reads them from the database."""

    def __init__(self, node: Node, registry: CollectorRegistry) -> None:
        self._node = node

        def gauge(name: str, text: str) -> Gauge:
            return Gauge(f"contactcenter_mailbox_{name}", text, ("mailbox",), registry=registry)

        self._lag = gauge("lag_seconds", "Since the arrival of the oldest mail not yet taken in")
        self._success = gauge("last_success_seconds", "When it was looked into with success")
        self._failures = gauge("failures", "Failures since the last success")
        self._expiry = gauge("token_expiry_seconds", "Until when tokens can be got")

    async def renew(self) -> None:
        """Read them."""
        for row in await mailboxes.figures(self._node.db, self._node.settings.mailbox):
            name = row["name"]
            self._lag.labels(name).set(row["lag_s"])
            self._failures.labels(name).set(row["failures"])
            if row["polled_at"] is not None:
                self._success.labels(name).set(row["polled_at"].timestamp())
            if row["token_expires_at"] is not None:
                self._expiry.labels(name).set(row["token_expires_at"].timestamp())

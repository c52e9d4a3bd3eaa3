"""The house as a whole, as metrics show it: who waits, what was done, what is owed. Of all nodes
together: the figures are read from the database, and every node tells the same."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row, load_sql

SQL = load_sql(__file__)
_COUNTED = {
    "entered": "Contacts that came to wait",
    "accepted": "Contacts that an agent accepted",
    "accepted_in_time": "Of these accepted within the service level's time",
    "abandoned": "Contacts whose person left after the short abandon",
    "handled": "Interactions that ended",
}
_AGENTS = ("available", "away", "break", "training", "offline")
_OFFERS = ("accepted", "declined", "missed", "withdrawn", "lost")


class HouseFigures(Collector):
    """The figures; `renew` reads them."""

    def __init__(self, db: Database, registry: CollectorRegistry) -> None:
        self._db = db
        self._metrics: list[Metric] = []
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """As they were read last."""
        return self._metrics

    async def renew(self) -> None:
        """Read them. What can't be read is not told: an old figure looks like a good one."""
        self._metrics = []
        async with self._db.connection() as conn:
            found = [
                *_waiting(await SQL.waiting.all(conn), await SQL.queues.all(conn)),
                _states(await SQL.in_hand.all(conn), await SQL.set_aside.row(conn)),
                _by("agents", "Agents by state", "state", await SQL.agents.all(conn), _AGENTS),
                *_counted(await SQL.counted.all(conn)),
                _by(
                    "offers_ended_5m",
                    "Offers that ended in the last five minutes",
                    "why",
                    await SQL.offers.all(conn),
                    _OFFERS,
                ),
                *_owed(await SQL.owed.row(conn)),
                _repairs(await SQL.repairs.all(conn)),
                _leases(await SQL.leases.all(conn)),
                _one("nodes", "Nodes at work", await SQL.nodes.value(conn)),
            ]
        self._metrics = found


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"contactcenter_{name}", text, labels=labels)


def _one(name: str, text: str, value: float) -> Metric:
    metric = _gauge(name, text)
    metric.add_metric([], value)
    return metric


def _by(name: str, text: str, label: str, rows: list[Row], every: Iterable[str]) -> Metric:
    """One value for each word there is, 0 where there is no row."""
    metric, found = _gauge(name, text, label), {row[label]: row["n"] for row in rows}
    for word in every:
        metric.add_metric([word], found.get(word, 0))
    return metric


def _waiting(rows: list[Row], queues: list[Row]) -> list[Metric]:
    """Each queue and channel in use has its values, also while nobody waits."""
    number = _gauge("waiting", "Contacts that wait", "queue", "channel")
    longest = _gauge("longest_wait_seconds", "How long the first has waited", "queue", "channel")
    found = {(row["queue"], row["channel"]): (row["n"], row["longest_s"]) for row in rows}
    for queue in queues:
        for channel in queue["channels"]:
            found.setdefault((queue["key"], channel), (0, 0.0))
    for labels, (n, longest_s) in sorted(found.items()):
        number.add_metric(labels, n)
        longest.add_metric(labels, longest_s)
    return [number, longest]


def _states(in_hand: list[Row], aside: Row) -> Metric:
    metric = _gauge("contacts", "Contacts that are neither waiting nor over, by state", "state")
    found = {row["state"]: row["n"] for row in in_hand} | dict(aside)
    for state in ("offered", "active", "wrap_up", "scheduled", "quarantined"):
        metric.add_metric([state], found.get(state, 0))
    return metric


def _counted(rows: list[Row]) -> list[Metric]:
    metrics: list[Metric] = []
    for name, text in _COUNTED.items():
        metrics.append(_total(f"contacts_{name}", text, rows, name))
    waits = "Sum of the waits of accepted contacts"
    handling = "Sum of the interactions' times, wrap-up included"
    metrics.append(_total("wait_seconds", waits, rows, "wait_s"))
    metrics.append(_total("handling_seconds", handling, rows, "handle_s"))
    return metrics


def _total(name: str, text: str, rows: list[Row], column: str) -> Metric:
    metric = CounterMetricFamily(f"contactcenter_{name}", text, labels=("queue", "channel"))
    for row in rows:
        metric.add_metric([row["queue"], row["channel"]], row[column])
    return metric


def _owed(row: Row) -> list[Metric]:
    outbound = _gauge("outbound", "Mails on their way out, by state", "state")
    for state in ("queued", "sending"):
        outbound.add_metric([state], row[state])
    backup = _gauge("last_backup_timestamp_seconds", "When the last backup was made")
    if row["backed_up"] is not None:
        backup.add_metric([], row["backed_up"])
    return [
        _one("outbox", "Changes that may not stand in Redis yet", row["outbox"]),
        _one("outbox_age_seconds", "Age of the oldest of these", row["outbox_age_s"]),
        outbound,
        _one("outbound_overdue_seconds", "Since when a mail should have left", row["overdue_s"]),
        backup,
        _one("database_bytes", "Size of the database", row["bytes"]),
    ]


def _repairs(rows: list[Row]) -> Metric:
    text = "Times that Redis had to be mended; 0 while nothing fails"
    metric = CounterMetricFamily("contactcenter_repairs", text, labels=("name",))
    found = {row["name"]: row["n"] for row in rows}
    for name in sorted({"swept", "reconciled"} | found.keys()):
        metric.add_metric([name], found.get(name, 0))
    return metric


def _leases(rows: list[Row]) -> Metric:
    metric = _gauge("lease_held", "Whether a node does what only one may do", "lease")
    for row in rows:
        metric.add_metric([row["name"]], row["held"])
    return metric

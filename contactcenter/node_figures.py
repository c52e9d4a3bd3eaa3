"""One process, as metrics show it: its event loop, its connections, its sockets, what it sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from contactcenter.app import Node
from contactcenter.kernel import loop
from contactcenter.kernel.db import POOL_SIZE
from contactcenter.kernel.schema import VERSION

LOOK_S = 0.5
_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
Sockets = Callable[[], Mapping[str, int]]


class NodeFigures(Collector):
    """Looked at when they are asked for; `watch` runs for ever and measures the loop."""

    def __init__(self, node: Node, registry: CollectorRegistry, sockets: Sockets) -> None:
        self._node = node
        self._sockets = sockets
        self._lag = Histogram(
            "contactcenter_loop_lag_seconds",
            "By how much a timer of the event loop was late",
            registry=registry,
            buckets=_LAGS,
        )
        ProcessCollector(registry=registry)
        registry.register(self)

    async def watch(self) -> None:
        """Twice a second: how late is a timer."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(LOOK_S)
            self._lag.observe(max(0.0, time.monotonic() - began - LOOK_S))

    def collect(self) -> Iterable[Metric]:
        """As it is now."""
        yield self._pool()
        yield _one("database_connections_max", "Connections that the pool may open", POOL_SIZE)
        yield _one("tasks", "Tasks of the event loop", _tasks())
        yield _one("schema_version", "The schema that this release needs", VERSION)
        yield _by_gauge("sockets", "Open WebSockets", "kind", self._sockets())
        failed = "Passes of a loop that failed and were tried again"
        yield _by_counter("loop_failures", failed, "loop", loop.FAILURES)
        sent: dict[str, int] = dict.fromkeys(("sent", "queued", "failed", "unknown"), 0)
        for sender in self._node.senders:
            for state, n in sender.results.items():
                sent[state] = sent.get(state, 0) + n
        text = "Attempts to send by this process, by what became of the mail"
        yield _by_counter("deliveries", text, "state", sent)
        if self._node.traces is not None:
            told = {"told": 0, "refused": 0} | self._node.traces.spans
            yield _by_counter("spans", "Spans of traces, by what the collector did", "state", told)

    def _pool(self) -> Metric:
        opened, idle = self._node.db.connections()
        found = {"busy": opened - idle, "idle": idle}
        return _by_gauge("database_connections", "Connections of the pool", "state", found)


def _tasks() -> int:
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:  # asked while no loop runs
        return 0


def _one(name: str, text: str, value: float) -> Metric:
    metric = GaugeMetricFamily(f"contactcenter_{name}", text)
    metric.add_metric([], value)
    return metric


def _by_gauge(name: str, text: str, label: str, found: Mapping[str, int]) -> Metric:
    metric = GaugeMetricFamily(f"contactcenter_{name}", text, labels=[label])
    for word, n in sorted(found.items()):
        metric.add_metric([word], n)
    return metric


def _by_counter(name: str, text: str, label: str, found: Mapping[str, int]) -> Metric:
    metric = CounterMetricFamily(f"contactcenter_{name}", text, labels=[label])
    for word, n in sorted(found.items()):
        metric.add_metric([word], n)
    return metric

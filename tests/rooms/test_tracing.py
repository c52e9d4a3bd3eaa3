"""A contact's life as one trace, told by any node, once its collector listens; nothing of it is
there where no setting asks for it."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from contactcenter import app
from contactcenter.config import SettingsError, load_settings
from contactcenter.desk import handling, writing
from contactcenter.kernel.sql import Row
from contactcenter.tracing.collector import Collector, CollectorAway
from contactcenter.tracing.loop import Traces
from tests.collector import FakeCollector, fake_collector
from tests.house import House
from tests.rooms.figures import busy, take

CANARY = "Kanarialintu"


@pytest.fixture
async def collector() -> AsyncIterator[FakeCollector]:
    """One that listens."""
    async with fake_collector() as fake:
        yield fake


def teller(house: House, collector: FakeCollector, node: str = "one") -> Traces:
    """What a node has where the setting says so."""
    return Traces(house.node.db, node, Collector(collector.url, "https://city.example"))


async def following(house: House, collector: FakeCollector) -> Traces:
    """The same, which knows the log as it is now."""
    traces = teller(house, collector)
    assert await traces.run_once() == 0
    return traces


async def answered(house: House) -> int:
    """A mail that is passed on, answered and closed."""
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await house.arrives()
    assert await take(house, aino) == contact
    await handling.transfer_to_queue(house.node.desk, aino, contact, "building", CANARY)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    assert await take(house, bjorn) == contact
    await writing.reply(house.node.desk, bjorn, contact, "client-1", CANARY)
    await handling.wrap_up(house.node.desk, bjorn, contact, "answered")
    return contact


async def leaves(house: House, state: str = "sent") -> None:
    """What was to leave has left."""
    await house.rows("UPDATE outbound SET state = $1, sent_at = now()", state)


async def test_a_contact_is_one_trace_from_arrival_to_the_relay(
    house: House, collector: FakeCollector
) -> None:
    traces = await following(house, collector)
    contact = await answered(house)
    assert await traces.run_once() > 8
    assert collector.named("sent") == []
    await leaves(house)
    await traces.run_once()
    spans = collector.spans
    assert len({span.trace for span in spans}) == 1
    (root,) = collector.named("contact")
    assert root.parent == ""
    assert {span.parent for span in spans if span is not root} == {root.id}
    assert len({span.id for span in spans}) == len(spans)
    assert min(spans, key=lambda s: (s.since_ns, s.until_ns)).name == "received"
    told = {n: len(collector.named(n)) for n in {span.name for span in spans}}
    assert told == {
        "contact": 1, "received": 1, "waited": 2, "offered": 2, "handled": 2, "wrapped_up": 1,
        "message": 3, "sent": 1,
    }  # fmt: skip
    assert [s.facts["contactcenter.queue"] for s in collector.named("handled")] == [
        "general",
        "building",
    ]
    assert collector.named("handled")[0].facts["contactcenter.why"] == "transfer"
    assert collector.named("offered")[0].events == ["decided"]
    assert {span.service for span in spans} == {"contactcenter"}
    row = await house.contact(contact)
    assert root.since_ns == _ns(row["first_arrival"])
    assert root.until_ns == _ns(row["closed_at"])
    assert all(root.since_ns <= s.since_ns <= s.until_ns for s in spans)


async def test_no_word_name_or_address_is_told(house: House, collector: FakeCollector) -> None:
    traces = await following(house, collector)
    await answered(house)
    await leaves(house)
    await traces.run_once()
    assert len(collector.spans) > 10
    words = [CANARY, "Kysymys", "kirjasto", "Ville", "Veikkonen", "example", "Aino", "Virtanen"]
    assert [word for word in words if word.encode().lower() in collector.raw.lower()] == []
    agents = {str(row["id"]) for row in await house.rows("SELECT id FROM users")}
    ids = {"contactcenter.contact", "contactcenter.case", "contactcenter.offer"}
    said = {str(v) for s in collector.spans for k, v in s.facts.items() if k not in ids}
    assert said & agents == set()


async def test_what_was_before_is_history(house: House, collector: FakeCollector) -> None:
    await busy(house)
    traces = await following(house, collector)
    await traces.run_once()
    assert collector.asked == 0
    await house.arrives()
    await traces.run_once()
    assert [span.name for span in collector.spans] == ["received"]


async def test_a_collector_that_was_away_hears_all_of_it(
    house: House, collector: FakeCollector
) -> None:
    traces = await following(house, collector)
    collector.status = 503
    await busy(house)
    before = await place(house)
    for _ in range(2):
        with pytest.raises(CollectorAway):
            await traces.run_once()
    assert await place(house) == before
    collector.status = 200
    await traces.run_once()
    assert len(collector.named("received")) == 5
    assert len(collector.named("contact")) == 1
    assert traces.spans["told"] == len(collector.spans)


async def test_nobody_listens_and_then_somebody_does(
    house: House, collector: FakeCollector
) -> None:
    deaf = replace(collector, url="http://127.0.0.1:9")
    traces = await following(house, deaf)
    await house.arrives()
    with pytest.raises(CollectorAway):
        await traces.run_once()
    await teller(house, collector).run_once()
    assert len(collector.named("received")) == 1


async def test_what_a_collector_will_never_take_is_passed_over(
    house: House, collector: FakeCollector
) -> None:
    traces = await following(house, collector)
    collector.status = 400
    await house.arrives()
    await traces.run_once()
    assert (traces.spans["refused"], traces.spans["told"]) == (1, 0)
    collector.status = 200
    await house.arrives()
    await traces.run_once()
    assert len(collector.spans) == 1


async def test_another_node_goes_on_where_one_stopped(
    house: House, collector: FakeCollector
) -> None:
    one = await following(house, collector)
    contact = await answered(house)
    await one.run_once()
    other = teller(house, collector, "other")
    await leaves(house, "unknown")
    await other.run_once()
    assert collector.named("sent") == []  # one holds it still
    await one._lease.release()
    await other.run_once()
    (sent,) = collector.named("sent")
    assert sent.failed
    assert sent.facts["contactcenter.state"] == "unknown"
    assert {span.facts["contactcenter.contact"] for span in collector.spans} == {contact}
    assert len({span.trace for span in collector.spans}) == 1
    assert len(collector.named("contact")) == 1


async def test_who_dies_before_the_place_moved_tells_the_same_again(
    house: House, collector: FakeCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    traces = await following(house, collector)
    await answered(house)
    before = await place(house)
    await traces.run_once()
    first = list(collector.spans)
    await house.rows("UPDATE door_cursor SET value = $1 WHERE source = 'traces'", before)
    await teller(house, collector).run_once()
    assert collector.spans == first * 2


async def test_who_stood_still_moves_nothing(house: House, collector: FakeCollector) -> None:
    one = await following(house, collector)
    await house.rows("UPDATE door_cursor SET fence = fence + 1 WHERE source = 'traces'")
    before = await place(house)
    await house.arrives()
    await one.run_once()
    assert await place(house) == before


async def test_many_events_are_told_in_pieces(
    house: House, collector: FakeCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    traces = await following(house, collector)
    before = await place(house)
    await busy(house)
    await traces.run_once()
    whole = sorted(collector.spans, key=lambda s: s.id)
    collector.spans.clear()
    await house.rows("UPDATE door_cursor SET value = $1 WHERE source = 'traces'", before)
    monkeypatch.setattr("contactcenter.tracing.loop.MOST", 3)
    monkeypatch.setattr("contactcenter.tracing.loop._PIECE", 2)
    await teller(house, collector).run_once()
    assert sorted(collector.spans, key=lambda s: s.id) == whole


async def test_off_it_is_not_there(house: House) -> None:
    assert house.node.traces is None
    assert "counting" in loops_of(house.node)
    assert "traces" not in loops_of(house.node)


def loops_of(node: app.Node) -> list[str]:
    """The names of what runs for ever on a node."""
    names = []
    for loop in node.loops(None):
        assert inspect.iscoroutine(loop)
        names.append(inspect.getcoroutinelocals(loop)["name"])
        loop.close()
    return names


async def test_on_a_node_follows_the_log(house: House, collector: FakeCollector) -> None:
    settings = replace(house.node.settings, traces=collector.url)
    node = app.Node(settings, house.node.db, house.node.live)
    assert "traces" in loops_of(node)
    assert node.traces is not None
    await node.traces.run_once()
    await house.arrives()
    await node.traces.run_once()
    assert len(collector.spans) == 1


async def test_what_the_variables_of_opentelemetry_say(
    house: House, collector: FakeCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20word,nonsense")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=other,deployment=test")
    traces = await following(house, collector)
    await house.arrives()
    await traces.run_once()
    assert collector.headers[0]["Authorization"] == "Bearer word"
    assert collector.spans[0].service == "other"
    monkeypatch.setenv("OTEL_SERVICE_NAME", "ours")
    await house.arrives()
    await teller(house, collector, "one").run_once()
    assert collector.spans[1].service == "ours"


@pytest.mark.parametrize(
    "wrong", ["collector:4318", "http://", "http://u:p@c:1", "http://c:1/?a=b"]
)
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="CONTACTCENTER_TRACES"):
        load_settings({"CONTACTCENTER_TRACES": wrong})


async def place(house: House) -> str:
    row: Row = await house.row("SELECT value FROM door_cursor WHERE source = 'traces'")
    return str(row["value"])


def _ns(at: Any) -> int:
    return int(at.timestamp() * 1_000_000) * 1000

"""The demo's history: consistent with itself, plausible, and recounted from its own events."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contactcenter.cases import requests
from contactcenter.demo_history import load as loading
from contactcenter.planning import log
from contactcenter.queue.hours import holiday
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS
from contactcenter.stats import export
from contactcenter.stats.verify import verify
from tests.house import House
from tests.rooms.conftest import EMAILS, load

Line = dict[str, Any]


@pytest.fixture(scope="module")
async def events(full: House) -> list[Line]:
    """All that happened, as `export events` says."""
    return await exported(full, "events")


@pytest.fixture(scope="module")
async def contacts(full: House) -> list[Line]:
    """All contacts, as `export contacts` says."""
    return await exported(full, "contacts")


async def exported(house: House, kind: str) -> list[Line]:
    return [json.loads(line) async for line in export.lines(house.node.db, kind, None, None)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_it_breaks_no_promise_and_waits_for_nobody(full: House) -> None:
    found = await verify(full.node.db, None)
    assert found["violations"] == []
    assert found["states"].keys() == {"closed", "abandoned"}
    assert found["received"] > 5000
    assert found["outbound"].keys() == {"sent"}
    assert await full.rows("SELECT 1 FROM figure") == []
    parts = await full.rows("SELECT DISTINCT tableoid::regclass::text AS part FROM event")
    assert "event_rest" not in {row["part"] for row in parts}


async def test_agents_said_why_and_repeats_are_among_them(
    full: House, contacts: list[Line]
) -> None:
    handled = [one for one in contacts if one["state"] == "closed" and one["accepted"]]
    said = [one for one in handled if one["reason"] is not None and one["mark"] is not None]
    assert 0.7 < len(said) / len(handled) < 0.85
    assert {one["reason_version"] for one in said} == {1}
    told = (
        "SELECT count(*) AS n, count(DISTINCT request) AS requests FROM event WHERE kind = 'closed'"
    )
    row = await full.row(f"{told} AND request IS NOT NULL")
    assert row["n"] == len(handled) > row["requests"]
    # One more contact of the newest person finds the others as they were told.
    person = await full.row(
        "SELECT person_id AS id FROM contact GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    async with full.node.db.transaction() as conn:
        await requests.settle_person(conn, person["id"])
    assert await full.rows("SELECT 1 FROM event WHERE kind = 'classified'") == []


async def test_it_is_loaded_once_and_only_where_nothing_happened(house: House) -> None:
    assert await load(house, 0) is None
    await house.arrives()
    assert await load(house, 7) is None
    assert len(await house.rows("SELECT 1 FROM contact")) == 1


async def test_a_second_load_changes_nothing(full: House) -> None:
    before = await full.row("SELECT count(*) AS n, max(id) AS last FROM event")
    assert await load(full) is None
    assert await full.row("SELECT count(*) AS n, max(id) AS last FROM event") == before


async def test_a_single_day_may_have_nobody(house: House) -> None:
    loaded = await load(house, 1)
    assert loaded is not None
    assert loaded.contacts == len(await house.rows("SELECT 1 FROM contact"))


async def test_it_ends_at_midnight_and_keeps_holidays(contacts: list[Line]) -> None:
    zone = ZoneInfo("Europe/Helsinki")
    today = datetime.now(UTC).astimezone(zone).date()
    days = Counter(at(line["first_arrival"]).astimezone(zone).date() for line in contacts)
    assert min(days) >= today - timedelta(days=30)
    assert max(days) < today
    assert all(day.isoweekday() <= 5 and holiday(day) is None for day in days)
    mondays = [n for day, n in days.items() if day.isoweekday() == 1]
    others = [n for day, n in days.items() if day.isoweekday() != 1]
    assert sum(mondays) / len(mondays) > sum(others) / len(others)


async def test_its_events_read_as_the_products_own(
    events: list[Line], contacts: list[Line]
) -> None:
    times = [e["at"] for e in events]
    assert times == sorted(times)
    by_contact: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event["contact"]:
            by_contact[event["contact"]].append(event["kind"])
    assert by_contact.keys() == {line["id"] for line in contacts}
    for line in contacts:
        kinds = [k for k in by_contact[line["id"]] if k != "promise"]
        if line["state"] == "closed" and kinds[-1] == "feedback":
            kinds.pop()
        assert kinds[0] == "entered"
        assert kinds[-1] == line["state"]
        assert kinds.count("accepted") == kinds.count("left") + (line["state"] == "closed")
        if line["channel"] in ("call", "visit"):
            assert kinds == ["entered", "accepted", "wrap_up", "closed"]


async def test_nobody_serves_two_people_at_once(events: list[Line]) -> None:
    """A call, a callback or a visit is an agent's only person; who is on a break gets nothing."""
    busy: dict[str, str] = {}
    states: dict[str, str] = {}
    for event in events:
        agent, contact = event.get("agent", ""), event["contact"]
        if event["kind"] == "agent_state":
            states[agent] = event["to"]
        elif event["kind"] == "accepted":
            assert states[agent] == "available"
            if event["channel"] in EXCLUSIVE_CHANNELS:
                assert agent not in busy
                busy[agent] = contact
        elif event["kind"] in ("closed", "left") and busy.get(agent) == contact:
            del busy[agent]
    assert busy == {}
    assert set(states.values()) == {"offline"}


async def test_agents_handle_what_they_can(full: House) -> None:
    rows = await full.rows(
        "SELECT c.id FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.owner IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM skill s WHERE s.user_id = c.owner AND s.task = q.task"
        " AND s.organisation_id = c.organisation_id AND s.language = c.language"
        " AND s.level >= q.level)"
    )
    assert rows == []


async def test_its_figures_are_those_of_such_a_city(events: list[Line]) -> None:
    """Recounted from the events alone."""
    waits, handling, taken = defaultdict(list), defaultdict(list), {}
    abandoned = Counter()  # type: Counter[str]
    for event in events:
        channel = event["channel"]
        if event["kind"] == "accepted":
            taken[event["contact"]] = at(event["at"])
            waits[channel].append((at(event["at"]) - at(event["wait_from"])).total_seconds())
        elif event["kind"] in ("closed", "left"):
            spent = at(event["at"]) - taken[event["contact"]]
            handling[channel].append(spent.total_seconds())
        elif event["kind"] == "abandoned":
            abandoned[channel] += 1
    aht = {channel: sum(times) / len(times) for channel, times in handling.items()}
    assert aht["call"] == pytest.approx(240, rel=0.1)
    assert aht["mail"] == pytest.approx(480, rel=0.1)
    assert aht["chat"] == pytest.approx(600, rel=0.1)
    assert all(min(times) >= 0 for times in waits.values())
    everything = [wait for times in waits.values() for wait in times]
    assert 0.8 < sum(wait <= 120 for wait in everything) / len(everything) < 1
    assert 0.01 < abandoned["chat"] / (abandoned["chat"] + len(waits["chat"])) < 0.15
    assert abandoned.keys() == {"chat"}


async def test_some_said_afterwards_how_it_went(full: House) -> None:
    rows = await full.rows("SELECT * FROM feedback")
    assert 100 < len(rows) < 600
    assert {row["channel"] for row in rows} == {"mail", "chat", "callback"}
    assert {row["handling"] for row in rows} == {1, 2, 3, 4, 5}
    assert 0.2 < sum(row["text"] != "" for row in rows) / len(rows) < 0.7
    ended = {row["id"]: row["closed_at"] for row in await full.rows("SELECT * FROM contact")}
    assert all(row["given_at"] > ended[row["contact_id"]] for row in rows)


async def test_some_said_unasked_what_they_think_and_most_of_it_is_decided(full: House) -> None:
    rows = await full.rows(
        "SELECT f.*, k.service_id AS said, m.text, m.direction FROM open_feedback f"
        " JOIN message m ON m.case_id = f.case_id AND m.seq = 1"
        " LEFT JOIN case_service k ON k.case_id = f.case_id"
    )
    assert {row["kind"] for row in rows} == {"thanks", "complaint", "question", "proposal", "fault"}
    assert {row["decision"] for row in rows} == {"done", "planned", "no", None}
    assert {row["via"] for row in rows} == {"form", "open311"}
    assert all(row["service_id"] for row in rows)
    assert all(row["said"] in (None, row["service_id"]) for row in rows)
    assert all(row["public_text"] in (None, row["text"]) for row in rows)
    assert all((row["decision"] is None) == (row["reason"] == "") for row in rows)


async def test_areas_are_known_of_most_cases_and_mostly_of_the_centre(full: House) -> None:
    rows = await full.rows(
        "SELECT k.area, k.user_id IS NULL AS by_citizen, c.person_id FROM case_area k"
        " JOIN cases c ON c.id = k.case_id"
    )
    (whole,) = await full.rows("SELECT count(*) AS n FROM case_service")
    assert 0.4 < len(rows) / whole["n"] < 0.7
    share = Counter(row["area"] for row in rows)
    assert share.most_common(1)[0][0] == "keskusta"
    assert len(share) == 9
    assert any(row["by_citizen"] for row in rows)


async def test_channels_and_languages_are_mixed_as_planned(contacts: list[Line]) -> None:
    """60:20:8:12, but who hangs up is no contact, and some write once more. Every day has another
    month behind it: the bounds are four times what a share differs by (0.007 at most)."""
    share = Counter(line["channel"] for line in contacts)
    total = len(contacts)
    assert (share["call"] + share["callback"]) / total == pytest.approx(0.57, abs=0.03)
    assert share["mail"] / total == pytest.approx(0.225, abs=0.03)
    assert share["chat"] / total == pytest.approx(0.085, abs=0.02)
    assert share["visit"] / total == pytest.approx(0.125, abs=0.02)
    languages = Counter(line["language"] for line in contacts)
    assert languages["fi"] > languages["en"] > languages["sv"] > 0
    assert {line["organisation"] for line in contacts} == {
        "mikkeli", "kela", "police", "tax", "dvv", "employment",
    }  # fmt: skip


async def test_callbacks_have_promises_and_tries(full: House, events: list[Line]) -> None:
    kept = [e["kept"] for e in events if e["kind"] == "promise"]
    promised = await full.rows("SELECT kept FROM callback WHERE promise_to IS NOT NULL")
    assert Counter(kept) == Counter(row["kept"] for row in promised)
    assert kept.count(True) / len(kept) > 0.9
    rows = await full.rows(
        "SELECT b.attempts, b.result, count(a.n) AS n FROM callback b"
        " LEFT JOIN attempt a ON a.contact_id = b.contact_id GROUP BY b.contact_id"
    )
    assert all(row["attempts"] == row["n"] >= 1 for row in rows)
    assert {row["result"] for row in rows} == {"reached", "not_reached", "wrong_number"}


async def test_texts_are_in_the_citizens_language(full: House) -> None:
    rows = await full.rows(
        "SELECT c.language, m.text FROM message m JOIN contact c ON c.id = m.contact_id"
        " WHERE m.direction = 'outbound' AND c.channel = 'mail'"
    )
    greetings = {"fi": "Hei ", "sv": "Hej ", "en": "Hello "}
    assert all(row["text"].startswith(greetings[row["language"]]) for row in rows)


async def test_the_same_day_gives_the_same_city(full: House) -> None:
    async with full.node.db.connection() as conn:
        months = [await loading._month(conn, EMAILS, 10) for _ in range(2)]
    stories = []
    for month in months:
        assert month is not None
        month.run(lambda n: None)
        stories.append([(e.at, e.kind, e.agent and e.agent.id) for e in month.floor.story])
    assert stories[0] == stories[1]


async def test_what_was_decided_is_decided_again(full: House) -> None:
    """By the router's own rules. Not of the last days: what was not finished is left out of the
    log, with what agents had in hand of it."""
    row = await full.row("SELECT min(at) AS since, max(at) - interval '5 days' AS until FROM event")
    since, until = row["since"] - timedelta(days=1), row["until"]
    found = log.replayed(await log.read(full.node.db, since, until), since, until)
    assert (found["missing"], found["assumed"], found["differences"]) == ([], [], [])
    assert found["equal"] == found["decisions"] > 1000

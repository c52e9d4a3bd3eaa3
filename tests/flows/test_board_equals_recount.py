"""Whatever happens, whoever has the exports counts the same figures as board and `stats` show."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiosmtplib
import asyncpg
import pytest

from tests.flows.citizen import open_citizen
from tests.flows.conftest import running
from tests.flows.product import Agent, Product, letter
from tests.flows.watcher import Watcher, watching
from tests.midday import midday_zone

RECOUNT = Path(__file__).with_name("recount.py")
SET = """
UPDATE queue SET short_abandon_s = 1, always_open = true, hours = '{}',
    service_level_way = CASE key WHEN 'general' THEN 'ignored' ELSE 'positive' END,
    service_level_s = CASE key WHEN 'general' THEN 5 ELSE 3600 END
"""
HERE = ZoneInfo(midday_zone())
# What a period of `stats` has no row for where nothing else is counted.
NO_COUNTER = {"service_level", "asa_s", "aht_s", "waiting", "in_hand", "longest_wait_s"}
Rows = dict[str, dict[str, Any]]


@pytest.fixture
async def hasty() -> AsyncIterator[Product]:
    """The product; who falls silent is lost after 2 s."""
    async with running(CONTACTCENTER_LOST_AFTER_S="3") as product:
        conn = await asyncpg.connect(product.servers()["database_url"])
        await conn.execute(SET)
        await conn.execute("UPDATE organisation SET time_zone = $1", HERE.key)
        await conn.close()
        yield product


async def exported(product: Product, folder: Path) -> None:
    """Keep the exports as they are now."""
    (folder / "events.jsonl").write_text(await product.command("export", "events"))
    (folder / "queues.json").write_text(await product.command("queues", "--json"))


async def recount(folder: Path, since: str, until: str, at: str) -> Rows:
    """What the independent script makes of the exports, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(RECOUNT), "events.jsonl", "queues.json", since, until, at,
        stdout=asyncio.subprocess.PIPE, cwd=folder,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    found: Rows = json.loads(out)
    return found


async def stats(product: Product, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await product.command("stats", "--json", *words))
    return found


def differences(shown: list[dict[str, Any]], counted: Rows) -> list[str]:
    """Every figure that is not the same to the millisecond."""
    rows = {f"{row['queue']} {row['channel']}": row for row in shown}
    wrong = []
    for key, row in counted.items():
        for name, value in row.items():
            if key not in rows:
                if value and name not in NO_COUNTER:
                    wrong.append(f"{key}: no row, {name} is {value}")
                continue
            if name in rows[key] and not _same(rows[key][name], value):
                wrong.append(f"{key} {name}: shown {rows[key][name]}, counted {value}")
    return wrong + [
        f"{key}: not counted" for key in rows.keys() - counted.keys() if _any(rows[key])
    ]


def _same(shown: Any, counted: Any) -> bool:
    if isinstance(shown, dict):
        return all(_same(shown[n], counted[n]) for n in ("value", "seconds", "way"))
    if isinstance(shown, float) and isinstance(counted, float):
        return abs(shown - counted) < 0.001
    return bool(shown == counted)


def _any(row: dict[str, Any]) -> bool:
    return any(isinstance(v, int) and not isinstance(v, bool) and v for v in row.values())


async def done(agent: Agent, contact: str) -> None:
    await agent.send(type="wrap_up", contact=contact, disposition="answered")
    await agent.wait(
        lambda f: f["type"] == "contact" and f["contact"]["contact"] == contact
        and f["contact"]["state"] == "closed"
    )  # fmt: skip


async def by_hand(agent: Agent, **frame: Any) -> str:
    """Begin one by hand; the contact."""
    await agent.send(type="start", language="fi", ref=frame["request_id"], **frame)
    told = await agent.of("contact", ref=frame["request_id"])
    contact: str = told["contact"]["contact"]
    return contact


async def a_day(product: Product, watcher: Watcher) -> None:
    """Mails, chats, visits, calls; passed on, lost, short and long abandons, what agents begin."""
    for n in range(6):
        await product.mail(letter(subject=f"Viesti {n}"))
    await product.mail(letter(to="rakennusvalvonta@mikkeli.example"))
    await product.mail(letter(to="asiakaspalvelu@kela.example"))
    async with open_citizen(product) as patient, open_citizen(product, "building") as stays:
        await patient.hello()
        await stays.hello()
        async with open_citizen(product) as hasty:
            await hasty.hello()
            await hasty.send(type="leave")
            await hasty.of("closed")
        async with product.agent("bjorn@mikkeli.example") as bjorn:
            await bjorn.available()
            await bjorn.take()
            await bjorn.vanish()
        async with product.agent("aino@mikkeli.example") as aino:
            await works(aino)
        # Both have gone silent; when they count as lost nothing more happens by itself.
        await watcher.wait(lambda f: f["type"] == "board" and lost(f) == 2)
        await patient.send(type="leave")
        await patient.of("closed")


def lost(board: dict[str, Any]) -> int:
    return sum(agent["reason"] == "lost" for agent in board["agents"])


async def works(aino: Agent) -> None:
    """An agent's work, of every kind."""
    await aino.available()
    first, second = [(await aino.take())["contact"] for _ in range(2)]
    await aino.send(type="hold", contact=first["contact"])
    await aino.send(type="unhold", contact=first["contact"])
    await done(aino, first["contact"])
    await aino.send(type="transfer", contact=second["contact"], queue="building")
    came = datetime.now(UTC) - timedelta(minutes=10)
    visit = await by_hand(
        aino, channel="visit", queue="general", request_id="v1", arrived_at=came.isoformat()
    )
    call = await by_hand(aino, channel="call", queue="general", request_id="c1", direction="agent")
    await done(aino, call)
    await aino.send(type="close", contact=visit)
    await done(aino, visit)
    ended = {f["offer"] for f in aino.frames if f["type"] == "offer_ended"}  # by visit and call
    aino.frames = [f for f in aino.frames if f["type"] != "offer" or f["offer"] not in ended]
    third = (await aino.take())["contact"]
    await done(aino, third["contact"])
    await aino.send(type="state", value="break")  # else offers take all the room
    await aino.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "break")
    await aino.send(type="reopen", case=third["case"], ref="again")
    await aino.of("contact", ref="again")


def today() -> tuple[str, str]:
    """Today in the city, as moments."""
    begins = datetime.now(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = (begins + timedelta(days=1)).replace(hour=0)
    return begins.isoformat(), ends.isoformat()


async def settled(watcher: Watcher) -> dict[str, Any]:
    """A board of a moment after everything that happened."""
    return await watcher.board(after=datetime.now(UTC).isoformat(timespec="microseconds"))


async def test_board_equals_recount(hasty: Product, tmp_path: Path) -> None:
    async with watching(hasty) as early:
        await early.board()
        await a_day(hasty, early)
        kept_up = await settled(early)
    await exported(hasty, tmp_path)
    city = await of_the_city(tmp_path, kept_up["at"])
    assert differences(kept_up["queues"], city) == []
    shown = {f"{q['queue']} {q['channel']}": q for q in kept_up["queues"]}
    assert sum(row["waiting"] for row in shown.values()) > 0 < shown["building chat"]["waiting"]
    assert city["general chat"]["short_abandoned"] == 1
    assert city["general chat"]["abandoned"] == 1
    assert city["general visit"]["accepted"] == 1
    assert (city["general call"]["handled"], city["general call"]["accepted"]) == (1, 0)
    assert city["building mail"]["entered"] == 2
    async with watching(hasty) as late:
        anew = await settled(late)
    assert differences(anew["queues"], await of_the_city(tmp_path, anew["at"])) == []
    await any_period(hasty, tmp_path)
    assert (await hasty.verify())["violations"] == []


async def of_the_city(folder: Path, at: str) -> Rows:
    """Today's figures of what a supervisor of the city may see."""
    rows = await recount(folder, *today(), at)
    return {key: row for key, row in rows.items() if not key.startswith("kela")}


async def any_period(product: Product, folder: Path) -> None:
    """Today, and periods that begin and end at the very moment of an event."""
    events = (folder / "events.jsonl").read_text().splitlines()
    moments = [json.loads(line)["at"] for line in events]
    periods = [today(), *((moments[len(moments) * n // 5], moments[-1]) for n in (1, 3))]
    for since, until in periods:
        found = await stats(product, "--from", since, "--to", until)
        counted = await recount(folder, since, until, until)
        assert differences(found["queues"], counted) == []
        assert found["total"]["entered"] == sum(row["entered"] for row in counted.values())


@pytest.mark.parametrize("point", ["counting.before_commit:2", "counting.after_commit:2"])
async def test_killed_while_counting_nothing_is_counted_twice(
    hasty: Product, tmp_path: Path, point: str
) -> None:
    await hasty.stop()
    try:
        await hasty.start(CONTACTCENTER_FAIL=point)
        while True:
            await hasty.mail(letter())
    except (AssertionError, OSError, aiosmtplib.SMTPException):
        pass  # it is dead, as wanted, perhaps before it was ready
    await hasty.ended()
    await hasty.start()
    await hasty.mail(letter())
    found = await stats(hasty)
    await exported(hasty, tmp_path)
    counted = await recount(tmp_path, *today(), today()[1])
    assert differences(found["queues"], counted) == []
    assert counted["general mail"]["entered"] >= 1
    before = await stats(hasty)
    after = await stats(hasty, "--rebuild")
    assert before == after


async def test_stats_says_what_is_wrong(hasty: Product) -> None:
    for words, problem in (
        (("--from", "yesterday"), "write a day"),
        (("--from", "2026-11-26T08:00"), "time zone"),
        (("--from", "2026-11-27", "--to", "2026-11-26"), "change them over"),
        (("--queue", "no_such"), "queues --json"),
        (("--by", "7"), "choose from"),
    ):
        code, _, err = await hasty.ends("stats", *words)
        assert code == 2, words
        assert problem in err
        assert "Traceback" not in err
    assert "service level" in await hasty.command("stats", "--from", "2026-11-26")
    assert (await stats(hasty, "--by", "30"))["intervals"] == []

"""The doctor on real servers: a city at work is well, and what is broken is found."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from contactcenter.config import Settings, load_settings
from contactcenter.doctor import command, work
from contactcenter.doctor.finding import Finding
from contactcenter.kernel import keys
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.schema import add_partitions
from contactcenter.setting_hosts import Relay
from tests.house import House
from tests.ports import free_port

# These servers are thrown away, and do not wait for the disk: the doctor is right.
HURRIED = {"postgres.durable"}
PUBLIC = "https://contact.city.example"


async def examined(house: House, **given: Any) -> dict[str, Finding]:
    """What the doctor finds, by check; the worst of each."""
    ports = {"port": free_port(), "smtp_port": free_port()}
    settings: Settings = replace(house.node.settings, **ports | given)
    found = await command.look(settings, house.node.db.url, house.node.live.url)
    order = {"ok": 0, "note": 1, "wrong": 2}
    return {one.check: one for one in sorted(found, key=lambda one: order[one.level])}


def wrong(found: dict[str, Finding]) -> set[str]:
    """The checks that are wrong."""
    return {name for name, one in found.items() if one.level == "wrong"}


async def broken(house: House, *statements: str) -> None:
    """Do what no node may, as the owner."""
    async with house.node.db.connection() as conn:
        await conn.execute("SET ROLE NONE; " + "; ".join(statements) + "; RESET ROLE")


async def test_a_city_is_well_and_what_is_broken_is_found(house: House) -> None:
    await house.arrives()
    for name in work.SINGLE:
        await Lease(house.node.db, name, house.node.name, 600).hold()
    await house.node.counting.run_once()
    found = await examined(house)
    assert wrong(found) == HURRIED
    assert found["postgres.schema"].level == found["redis.line"].level == "ok"

    (month,) = await house.rows("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMM') AS name")
    await broken(
        house,
        f"DROP TABLE event_{month['name']}",
        "UPDATE queue SET hours = '{}', always_open = false WHERE key = 'building'",
        "DELETE FROM skill WHERE task = 'general'",
        "INSERT INTO outbox (contact_id, version, at) VALUES (1, 1, now() - interval '1 h')",
        "UPDATE contact SET state = 'quarantined', why_quarantined = 'unreadable',"
        " first_arrival = now() - interval '2 days'",
        "UPDATE lease SET until = now() - interval '2 h', beat_at = now() - interval '2 h'"
        " WHERE name = 'receipts'",
    )
    await house.node.live.call("DEL", keys.REBUILT)
    relay = Relay("127.0.0.1", free_port(), user="cc", password="hunter2")
    found = await examined(house, relay=relay, public_url=PUBLIC, channels=("channels.email",))
    assert wrong(found) >= {
        "postgres.partitions", "queue.building", "queue.general", "work.projection", "quarantine",
        "redis.line", "relay", "admins.demo", "nodes",
    }  # fmt: skip
    assert all(one.do for one in found.values() if one.level != "ok")
    assert "hunter2" not in str(found)
    await add_partitions(house.node.db)
    assert "postgres.partitions" not in wrong(await examined(house))


async def test_servers_that_are_away_are_told_without_their_passwords(tmp_path: Path) -> None:
    settings = load_settings({"CONTACTCENTER_HOME": str(tmp_path)})
    port = free_port()
    found = await command.look(
        replace(settings, port=free_port(), smtp_port=free_port()),
        f"postgresql://cc:hunter2@127.0.0.1:{port}/cc",
        f"redis://:hunter2@127.0.0.1:{port}/0",
    )
    assert {one.check for one in found if one.level == "wrong"} == {"postgres", "redis"}
    assert "hunter2" not in str(found)


async def test_a_newer_schema_is_told_and_nothing_more_is_asked(house: House) -> None:
    await broken(house, "UPDATE schema_version SET version = 9999, oldest = 9999")
    found = await examined(house)
    assert wrong(found) == {"postgres.schema"} | HURRIED
    assert not any(name.startswith("queue") for name in found)


async def test_a_port_that_another_program_has(house: House) -> None:
    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n")
        writer.close()

    server = await asyncio.start_server(stranger, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert wrong(await examined(house, smtp_port=port)) >= {"port.smtp"}

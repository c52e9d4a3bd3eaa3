"""Backup and restore on real servers: the same house, in which nothing is done twice."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.backup import making, restoring
from contactcenter.backup.archive import Damaged
from contactcenter.backup.restoring import HELD, NotEmpty, Restored
from contactcenter.desk import handling, writing
from contactcenter.errors import ContactCenterError, SchemaTooNew
from contactcenter.kernel import schema
from contactcenter.kernel.live import Live
from contactcenter.stats.export import KINDS, lines
from contactcenter.stats.verify import verify
from tests.house import House, open_house

MIGRATIONS = Path(__file__).parents[1] / "migrations"


async def backed_up(house: House) -> bytes:
    """A backup of a house."""
    out = io.BytesIO()
    await making.make(house.node.db.url, out, (), lambda line: None)
    return out.getvalue()


async def restored(url: str, live: Live, backup: bytes) -> Restored:
    """It in another database."""
    found, _ = await restoring.restore(url, live, io.BytesIO(backup), lambda line: None)
    return found


@asynccontextmanager
async def opened(house: House, url: str) -> AsyncIterator[House]:
    """A house on the restored database, its line built."""
    settings = replace(house.node.settings, channels=())
    async with open_house(settings, url, house.node.live.url) as other:
        yield other


async def exported(house: House) -> dict[str, list[bytes]]:
    """Everything that is exported."""
    return {kind: [line async for line in lines(house.node.db, kind, None, None)] for kind in KINDS}


async def owner(url: str, sql: str, *values: object) -> list[Any]:
    """Rows of any statement, as the database's owner."""
    conn = await asyncpg.connect(url)
    try:
        found: list[Any] = await conn.fetch(sql, *values)
        return found
    finally:
        await conn.close()


async def at_work(house: House) -> Actor:
    """Contacts of every state, mail on its way, somebody signed in."""
    aino = await house.on_duty("aino@mikkeli.example")
    for _ in range(4):
        await house.arrives()
    await house.route()
    offer = (await house.offers(aino))[0]
    await handling.accept(house.node.desk, aino, offer)
    (contact,) = await house.rows("SELECT id FROM contact WHERE state = 'active'")
    await writing.reply(house.node.desk, aino, contact["id"], "r1", "Hei, kirjasto on auki.")
    await house.node.counting.run_once()
    await house.rows(
        "INSERT INTO session (token_hash, user_id, expires_at) VALUES ('x', $1, 'infinity')",
        aino.user_id,
    )
    return aino


async def test_the_restored_house_is_the_same_and_sends_nothing(
    house: House, empty_database_url: str
) -> None:
    aino = await at_work(house)
    before = await exported(house)
    order = await house.node.publisher.line.ranks(await house.node.publisher.line.classes())
    backup = await backed_up(house)
    found = await restored(empty_database_url, house.node.live, backup)
    assert (found.contacts, found.held, found.answers) == (4, 1, 1)
    async with opened(house, empty_database_url) as other:
        after = await exported(other)
        for kind in ("contacts", "messages", "events"):
            assert after[kind] == before[kind]
        assert await other.node.publisher.line.ranks(
            await other.node.publisher.line.classes()
        ) == order  # fmt: skip
        assert (await verify(other.node.db, other.node.reconciler))["violations"] == []
        # The answer that may have left is shown to who wrote it; no receipt is owed any more.
        (row,) = await other.rows("SELECT state, code, undelivered_for FROM outbound")
        assert tuple(row) == ("unknown", HELD, aino.user_id)
        assert await other.node.receipts.run_once() == 0
        assert await other.rows("SELECT FROM session") == []
        assert (
            await other.rows(
                "SELECT FROM lease WHERE name LIKE 'node:%' AND owner = $1", house.node.name
            )
            == []
        )
        # Old links and case numbers are never given anew.
        (most,) = await house.rows("SELECT max(id) FROM message")
        (fresh,) = await other.node.ids.take(1)
        assert fresh > most["max"] + restoring.LEAST_AHEAD
        # It lives: a mail that comes again is known, one that is new is counted, and once.
        await other.arrives()
        await other.arrives(fingerprint="new", external_id="<new@example.org>")
        await other.node.counting.run_once()
        (counted,) = await other.rows("SELECT sum(entered) AS n FROM figure WHERE by = 'arrival'")
        assert counted["n"] == 5
    (was,) = await owner(house.node.db.url, "SELECT verb FROM audit ORDER BY id DESC LIMIT 1")
    (now,) = await owner(empty_database_url, "SELECT verb FROM audit ORDER BY id DESC LIMIT 1")
    assert (was["verb"], now["verb"]) == ("backup", "restore")


async def test_what_is_damaged_changes_nothing(house: House, empty_database_url: str) -> None:
    await house.arrives()
    backup = await backed_up(house)
    for wrong in (
        backup[: len(backup) // 2],
        backup[:-30],
        b"",
        backup[:200] + b"x" + backup[201:],
    ):
        with pytest.raises(Damaged):
            await restored(empty_database_url, house.node.live, wrong)
    assert await owner(empty_database_url, "SELECT FROM pg_class WHERE relname = 'contact'") == []
    assert (await restored(empty_database_url, house.node.live, backup)).contacts == 1


async def test_only_an_empty_database_is_filled(house: House, empty_database_url: str) -> None:
    backup = await backed_up(house)
    with pytest.raises(NotEmpty):
        await restored(house.node.db.url, house.node.live, backup)
    await owner(empty_database_url, "CREATE TABLE another_programs (n int)")
    with pytest.raises(NotEmpty, match="another_programs"):
        await restored(empty_database_url, house.node.live, backup)


async def test_a_redis_that_is_away_is_told_before_anything(
    house: House, empty_database_url: str
) -> None:
    backup, away = await backed_up(house), Live("redis://127.0.0.1:1/0")
    with pytest.raises(ContactCenterError, match="Redis does not answer"):
        await restored(empty_database_url, away, backup)
    await away.close()
    assert await owner(empty_database_url, "SELECT FROM pg_class WHERE relname = 'contact'") == []


async def test_a_backup_of_an_older_release_is_upgraded(
    house: House, empty_database_url: str, backends: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the release before wrote it: of its schema, which the file brings along."""
    former = schema.VERSION - 1
    text = MIGRATIONS / f"schema_{former:04}.sql"
    await owner(backends.postgres, "CREATE DATABASE former TEMPLATE template0")
    url = backends.database("former")
    conn = await asyncpg.connect(url)
    await conn.execute(text.read_text())
    await conn.execute(
        "INSERT INTO organisation (key, name) VALUES ('mikkeli', '{}');"
        "SELECT event_partition('2019-05-01');"
    )
    await conn.close()
    out = io.BytesIO()
    with monkeypatch.context() as patched:
        patched.setattr(making, "VERSION", former)
        patched.setattr(making, "SCHEMA", text)
        await making.make(url, out, (), lambda line: None)
    found = await restored(empty_database_url, house.node.live, out.getvalue())
    assert found.schema == former
    (row,) = await owner(empty_database_url, "SELECT version FROM schema_version")
    assert row["version"] == schema.VERSION
    assert await owner(empty_database_url, "SELECT FROM event_201905") == []
    assert len(await owner(empty_database_url, "SELECT FROM organisation")) == 1
    await owner(backends.postgres, "DROP DATABASE former WITH (FORCE)")


async def test_a_newer_backup_is_refused(
    house: House, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = await backed_up(house)
    monkeypatch.setattr(schema, "VERSION", schema.VERSION - 1)
    with pytest.raises(SchemaTooNew):
        await restored(empty_database_url, house.node.live, backup)


async def test_a_database_of_another_release_is_not_backed_up(empty_database_url: str) -> None:
    with pytest.raises(ContactCenterError, match="is empty"):
        await making.make(empty_database_url, io.BytesIO(), (), lambda line: None)

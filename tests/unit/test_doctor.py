"""What the doctor makes of what it sees."""

from __future__ import annotations

import asyncio
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contactcenter.cli import main
from contactcenter.doctor import city, doors, machine, postgres, redis, work
from contactcenter.doctor.finding import Finding, size, span
from contactcenter.kernel.schema import VERSION
from tests.certificate import make_certificate

SERVER: dict[str, Any] = {
    "number": 180004, "version": "18.4", "replica": False, "read_only": False, "most": 100,
    "used": 5, "safe": True, "waits": True, "autovacuum": True, "encoding": "UTF8",
    "letters": True, "xid_age": 1000, "bytes": 5_000_000, "tls": False, "client": "",
}  # fmt: skip
INFO = {
    "redis_version": "6.2.14", "role": "master", "used_memory": "1000", "maxmemory": "0",
    "maxmemory_policy": "noeviction", "aof_enabled": "0", "evicted_keys": "0",
}  # fmt: skip
QUEUE: dict[str, Any] = {
    "key": "general", "channels": ["mail"], "always_open": True, "no_hours": True, "doors": 1,
    "addressed": True, "callbacks_per_half_hour": 4, "agents": 2, "uncovered": [],
}  # fmt: skip
BACKLOG = {"outbox": 0, "events": 0, "repairs": 0}
OUTBOUND = {"failed": 0, "unknown": 0, "stuck": 0, "tried": 0}


def bad(found: list[Finding]) -> list[str]:
    """The checks that are wrong, each of which must say what to do."""
    assert all(one.do for one in found if one.level != "ok")
    return [one.check for one in found if one.level == "wrong"]


@pytest.mark.parametrize(
    ("check", "facts"),
    [
        ("postgres.version", {"number": 140010}),
        ("postgres.primary", {"replica": True}),
        ("postgres.primary", {"read_only": True}),
        ("postgres.durable", {"safe": False}),
        ("postgres.durable", {"waits": False}),
        ("postgres.letters", {"encoding": "SQL_ASCII"}),
        ("postgres.letters", {"letters": False}),
        ("postgres.connections", {"most": 17}),
        ("postgres.connections", {"used": 95}),
        ("postgres.vacuum", {"autovacuum": False}),
        ("postgres.vacuum", {"xid_age": 1_500_000_000}),
    ],
)
def test_a_server_that_breaks_a_promise_is_found(check: str, facts: dict[str, Any]) -> None:
    assert bad(postgres.of_server(SERVER)) == []
    assert bad(postgres.of_server(SERVER | facts)) == [check]


def test_a_plain_connection_from_afar_is_told() -> None:
    for client, level in (("", "ok"), ("127.0.0.1", "ok"), ("::1", "ok"), ("10.0.0.5", "note")):
        (found,) = [
            one
            for one in postgres.of_server(SERVER | {"client": client})
            if one.check == "postgres.encrypted"
        ]
        assert found.level == level, client


def test_nodes_need_connections_clocks_agree_and_schemas_fit() -> None:
    assert bad(postgres.of_nodes(SERVER, 5)) == []
    assert bad(postgres.of_nodes(SERVER, 6)) == ["postgres.connections"]
    assert postgres.of_clock(-1.0).level == "ok"
    assert postgres.of_clock(-90.0).level == "wrong"
    assert postgres.of_schema(VERSION).level == "ok"
    assert [postgres.of_schema(version, 9999).level for version in (0, 1, 9999)] == [
        "note", "note", "wrong",
    ]  # fmt: skip
    assert postgres.of_schema(VERSION + 1, VERSION).level == "note"


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"owns": True, "held": 2, "makes_roles": False}, "ok"),
        ({"owns": True, "held": 0, "makes_roles": True}, "ok"),
        ({"owns": True, "held": 1, "makes_roles": False}, "wrong"),
        ({"owns": False, "held": 2, "makes_roles": True}, "wrong"),
    ],
)
def test_the_user_must_be_able_to_make_the_schema(facts: dict[str, Any], level: str) -> None:
    assert postgres.of_roles({"user": "cc"} | facts).level == level


def test_what_keeps_dead_rows_and_logs_is_found() -> None:
    assert bad(postgres.of_transactions([], 0)) == []
    one = {"pid": 77, "application": "psql", "state": "idle in transaction", "for_s": 4000.0}
    (found,) = postgres.of_transactions([one], 0)
    assert "67 minutes" in found.found
    assert "77" in found.do
    assert bad(postgres.of_transactions([], 2)) == ["postgres.transactions"]
    assert bad(postgres.of_slots([{"name": "old", "bytes": 1000}])) == []
    assert bad(postgres.of_slots([{"name": "old", "bytes": 9e9}])) == ["postgres.replication"]
    assert postgres.of_standbys({"connected": 0, "wanted": "b"}).level == "wrong"
    assert postgres.of_standbys({"connected": 1, "wanted": ""}).level == "ok"
    tables = postgres.of_tables([{"name": "outbox", "dead": 10**6}], ["contact_case"])
    assert bad(tables) == ["postgres.bloat", "postgres.indexes"]
    assert postgres.of_partitions({"missing": ["209901"], "rest": False}).level == "wrong"
    assert postgres.of_partitions({"missing": [], "rest": True}).level == "wrong"


@pytest.mark.parametrize(
    ("check", "info"),
    [
        ("redis.version", {"redis_version": "6.0.16"}),
        ("redis.version", {"redis_mode": "cluster"}),
        ("redis.role", {"role": "slave"}),
        ("redis.memory", {"maxmemory": "100000", "maxmemory_policy": "allkeys-lru"}),
        ("redis.memory", {"maxmemory": "1050"}),
        ("redis.memory", {"evicted_keys": "7"}),
        ("redis.persistence", {"rdb_last_bgsave_status": "err"}),
    ],
)
def test_a_redis_that_would_lose_the_line_is_found(check: str, info: dict[str, str]) -> None:
    assert bad(redis.of_info(INFO)) == []
    assert bad(redis.of_info(INFO | info)) == [check]


def test_valkey_is_known_by_its_own_version() -> None:
    info = redis.read_info(b"# Server\r\nredis_version:7.2.4\r\nvalkey_version:8.0.1\r\n")
    assert redis.of_info(INFO | info)[0].found == "8.0.1"


@pytest.mark.parametrize(
    ("level", "queue"),
    [
        ("wrong", {"agents": 0}),
        ("note", {"uncovered": ["sv"]}),
        ("wrong", {"always_open": False}),
        ("note", {"channels": [], "doors": 0}),
        ("wrong", {"addressed": False}),
        ("wrong", {"channels": ["callback"], "callbacks_per_half_hour": 0}),
    ],
)
def test_a_queue_that_answers_nobody_is_found(level: str, queue: dict[str, Any]) -> None:
    assert [one.level for one in city.of_queues([QUEUE], sites=True)] == ["ok"]
    (found,) = city.of_queues([QUEUE | queue], sites=True)
    assert (found.check, found.level) == ("queue.general", level)


def test_a_chat_without_a_site_is_told() -> None:
    (found,) = city.of_queues([QUEUE | {"channels": ["chat"]}], sites=False)
    assert found.check == "queues.sites"


def test_work_that_nobody_does_is_found() -> None:
    leases = [{"name": name, "owner": "a", "held": True, "beat_s": 0.1} for name in work.SINGLE]
    assert bad(work.of_leases(leases, 1)) == []
    assert work.of_leases([], 0)[0].level == "note"
    web_only = [lease for lease in leases if lease["name"] != "clock"]
    assert bad(work.of_leases(web_only, 2)) == ["nodes"]
    assert bad(work.of_leases(leases[3:4], 2)) == []  # it has just started
    lapsed = [lease | {"held": False, "beat_s": 30.0} for lease in leases]
    assert bad(work.of_leases(lapsed, 2)) == []  # another may be about to take them
    assert bad(work.of_backlog(BACKLOG | {"outbox": 3}, 1)) == ["work.projection"]
    assert bad(work.of_backlog(BACKLOG | {"outbox": 3}, 0)) == []
    assert bad(work.of_backlog(BACKLOG | {"events": 20_000}, 1)) == ["work.figures"]
    assert bad(work.of_outbound(OUTBOUND | {"stuck": 1}, 0, True)) == ["outbound.stuck"]
    assert bad(work.of_outbound(OUTBOUND | {"tried": 1}, 0, False)) == ["outbound.tried"]
    for told in ({"unknown": 1}, {"failed": 1}):
        assert work.of_outbound(OUTBOUND | told, 0, True)[0].level == "note"
    assert work.of_quarantine({"n": 0, "oldest_s": 0.0}).level == "ok"
    assert work.of_quarantine({"n": 1, "oldest_s": 60.0}).level == "note"
    assert work.of_quarantine({"n": 1, "oldest_s": 90_000.0}).level == "wrong"
    assert work.of_files({"looked": 5, "lost": 1}, 0).level == "wrong"
    assert [work.of_backup(ago).level for ago in (None, 3600.0, 300_000.0)] == [
        "note",
        "ok",
        "note",
    ]
    assert bad(work.of_scans({"waiting": 1, "failed": 0}, scanner=False)) == ["files.scan"]


@pytest.mark.parametrize(
    ("url", "proxies", "level"),
    [
        ("http://127.0.0.1:8080", False, "note"),
        ("http://localhost", False, "note"),
        ("http://contact.city.example", True, "wrong"),
        ("https://contact.city.example", False, "wrong"),
        ("https://contact.city.example", True, "ok"),
    ],
)
def test_the_address_that_citizens_see(url: str, proxies: bool, level: str) -> None:
    assert machine.of_url(url, proxies).level == level


def test_the_disk_and_the_limits() -> None:
    gb = 10**9
    assert machine.of_disk(50 * gb, 100 * gb, 900, 1000).level == "ok"
    assert machine.of_disk(5 * gb, 100 * gb, 900, 1000).level == "note"
    assert machine.of_disk(gb // 2, 2 * gb, 900, 1000).level == "wrong"
    assert machine.of_disk(gb, 100 * gb, 900, 1000).level == "wrong"
    assert machine.of_disk(50 * gb, 100 * gb, 1, 1000).level == "wrong"
    assert machine.of_open_files(1024).level == "note"
    assert machine.of_open_files(resource.RLIM_INFINITY).level == "ok"


def test_a_settings_file_that_everybody_reads(tmp_path: Path) -> None:
    path = tmp_path / "contactcenter.toml"
    path.touch(mode=0o640)
    path.chmod(0o640)
    assert bad(machine.of_file(path)) == []
    path.chmod(0o644)
    assert bad(machine.of_file(path)) == ["settings"]


def test_a_certificate_that_ends(tmp_path: Path) -> None:
    path = make_certificate(tmp_path) / "cert.pem"
    assert doors.of_certificate(path, datetime.now(UTC)).level == "note"  # good for two days
    assert doors.of_certificate(path, datetime.now(UTC) + timedelta(days=99_999)).level == "wrong"
    assert doors.of_certificate(Path(__file__), datetime.now(UTC)).level == "wrong"


def test_wrong_settings_are_findings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONTACTCENTER_HOME", str(tmp_path))
    monkeypatch.setenv("CONTACTCENTER_RELAY", "ftp://user:s3cr3t@relay.example")
    monkeypatch.setenv("CONTACTCENTER_PORT", "http")
    assert main(["doctor", "--json"]) == 1
    said = capsys.readouterr().out
    assert "s3cr3t" not in said
    report = msgspec.json.decode(said)
    assert (report["ok"], report["wrong"]) == (False, 2)
    assert {one["check"] for one in report["findings"]} == {"settings"}


def test_sizes_and_spans_are_said_as_people_do() -> None:
    assert [size(n) for n in (0, 999, 1500, 2.5e9, 3e12)] == [
        "0 B",
        "999 B",
        "1.5 kB",
        "2.5 GB",
        "3 TB",
    ]
    assert [span(n) for n in (1, 119, 120, 7200, 200_000)] == [
        "1.0 s", "119.0 s", "2 minutes", "2 hours", "2 days",
    ]  # fmt: skip


async def test_a_collector_that_does_not_listen_is_a_note() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    assert (await doors._collector(url)).level == "ok"
    server.close()
    assert (await doors._collector(url)).level == "note"

"""What networks, servers and our own crashes do between: each mail is there once all the same."""

from __future__ import annotations

import asyncio
import base64
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.imap.conftest import QUICK, Box, mail, read, until
from tests.imap.proxy import Proxy
from tests.imap.scripted import scripted

pytestmark = pytest.mark.needs_package("dovecot-imapd")


async def test_imap_cut_midfetch_loses_and_doubles_nothing(box: Box, proxy: Proxy) -> None:
    chance = random.Random(5)
    box.set(port=proxy.port)
    for number in range(1, 41):
        box.dovecot.put(box.user, mail(number, "x" * 2000))
    proxy.cuts = [chance.randrange(200, 30_000) for _ in range(25)]
    async with box.fetching():
        await box.caught_up(40)
    assert not proxy.cuts or proxy.connections > 5
    assert sorted(await box.subjects()) == sorted(f"mail {n}" for n in range(1, 41))
    assert {row["state"] for row in await box.contacts()} == {"queued"}


async def test_a_connection_cut_in_one_mail_again_and_again_goes_on_there(
    box: Box, proxy: Proxy
) -> None:
    box.set(port=proxy.port)
    box.dovecot.put(box.user, mail(1, "x" * 50_000))
    proxy.cuts = [20_000] * 5
    async with box.fetching():
        await box.failed("cut", 3)
        await box.caught_up(1)
    assert [row["state"] for row in await box.contacts()] == ["queued"]


async def test_a_mail_that_never_comes_whole_is_kept_and_passed_by(box: Box, proxy: Proxy) -> None:
    box.set(port=proxy.port)
    box.dovecot.put(box.user, mail(1, "x" * 50_000))
    box.put(2)
    proxy.cuts = [20_000] * 9
    async with box.fetching():
        await box.caught_up(2)
    first, second = await box.contacts()
    assert (first["state"], second["state"]) == ("quarantined", "queued")
    assert first["why_quarantined"].startswith("could not be fetched (cut)")


async def test_a_silent_connection_is_noticed_and_left(box: Box, proxy: Proxy) -> None:
    box.set(port=proxy.port)
    pauses = type(QUICK)(**{**vars(QUICK), "idle_s": 0.05, "silence_s": 0.2})
    async with box.fetching(pauses=pauses):
        await box.caught_up(0)
        proxy.silent = True
        await box.failed("cut")
        box.put(1)
        proxy.silent = False
        await box.caught_up(1)


async def test_the_end_between_the_commit_and_seen(box: Box) -> None:
    """The process is gone right after the commit: the mail is unseen and comes no second time."""
    box.put(1)
    receive = box.house.node.reception.receive
    ended = asyncio.Event()

    async def then_the_end(inbound):  # type: ignore[no-untyped-def]
        await receive(inbound)
        ended.set()
        await asyncio.Event().wait()

    box.house.node.reception.receive = then_the_end  # type: ignore[method-assign]
    async with box.fetching():
        await asyncio.wait_for(ended.wait(), 10)
    box.house.node.reception.receive = receive  # type: ignore[method-assign]
    assert box.dovecot.seen(box.user) == 0
    box.put(2)
    async with box.fetching():
        await box.caught_up(2)
    assert await box.subjects() == ["mail 1", "mail 2"]


async def test_our_own_servers_at_fault_is_no_fault_of_the_mail(box: Box) -> None:
    box.put(1)
    receive = box.house.node.reception.receive
    tries = 0

    async def failing(inbound):  # type: ignore[no-untyped-def]
        nonlocal tries
        tries += 1
        if tries <= 6:
            raise ConnectionError("no database")
        return await receive(inbound)

    box.house.node.reception.receive = failing  # type: ignore[method-assign]
    async with box.fetching():
        await box.failed("house", 3)
        await box.caught_up(1)
    assert [row["state"] for row in await box.contacts()] == ["queued"]


async def test_a_refused_login_is_shown_and_tells_no_password(box: Box) -> None:
    box.set(password="wrong-password")
    async with box.fetching():
        state = await box.failed("login_refused", 2)
    assert "wrong-password" not in str(dict(state))
    assert state["error_at"] is not None
    assert state["polled_at"] is None


@pytest.mark.parametrize(
    ("capability", "words"),
    [
        (b"AUTH=PLAIN SASL-IR", b"unknown command AUTHENTICATE PLAIN %s"),
        (b"AUTH=PLAIN SASL-IR", b"x" * 180 + b" %s"),
        (b"LOGIN", b'not so: LOGIN "me" "%s"'),
    ],
)
async def test_a_server_that_repeats_what_it_was_told_tells_no_password(
    box: Box, capability: bytes, words: bytes
) -> None:
    password = 'hush "hush" Salasana-123456789'
    plain = base64.b64encode(f"\0me\0{password}".encode())
    told = plain if b"PLAIN" in capability else password.replace('"', '\\"').encode()
    script: dict[str, bytes | Callable[[bytes], bytes]] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 " + capability + b"\r\n",
        "AUTHENTICATE": lambda tag: tag + b" NO " + words % told + b"\r\n",
        "LOGIN": lambda tag: tag + b" NO " + words % told + b"\r\n",
    }
    async with scripted(script) as server:
        box.set(port=server.port, user="me", password=password)
        async with box.fetching():
            detail = (await box.failed("login_refused"))["detail"]
    assert "..." in detail
    assert "hush" not in detail
    assert plain[:10].decode() not in detail


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"folder": "Nowhere"}, "folder_missing"),
        ({"to": "nobody@mikkeli.example"}, "no_queue"),
        ({"port": 1}, "unreachable"),
        ({"tls": "starttls"}, "tls"),  # a certificate that nobody vouches for
        ({"tls": "implicit"}, "tls"),
    ],
)
async def test_what_else_is_wrong_has_a_code(box: Box, given: dict[str, object], code: str) -> None:
    box.set(**given)
    async with box.fetching():
        await box.failed(code)


async def test_two_nodes_fetch_from_one_mailbox_one_at_a_time(box: Box, proxy: Proxy) -> None:
    box.set(port=proxy.port)
    for number in range(1, 6):
        box.put(number)
    async with box.fetching():
        await box.caught_up(5)
        box.house.node.reception._node = "another"
        async with box.fetching():
            box.put(6)

            async def here() -> bool:
                return len(await box.contacts()) == 6

            await until(here)
            assert proxy.connections == 1


async def test_a_node_that_lost_its_lease_moves_the_cursor_no_more(box: Box) -> None:
    source = box.house.node.reception.source(box.mailbox.name)
    await source.first_at()
    await source.advance(2, "7:30:0")
    await source.advance(1, "7:20:0")
    assert await box.house.node.reception.cursor(f"imap:{box.mailbox.name}") == "7:30:0"
    await source.failed(2, "cut", "")
    await source.failed(1, "protocol", "")
    assert (await box.state())["error"] == "cut"


async def test_a_restored_mailbox_with_smaller_uids_is_read_anew(box: Box) -> None:
    async with box.fetching():
        await box.caught_up(0)
        for number in range(1, 4):
            box.put(number)
        await box.caught_up(3)
    source = box.house.node.reception.source(box.mailbox.name)
    cursor = await box.house.node.reception.cursor(f"imap:{box.mailbox.name}")
    assert cursor is not None
    await source.advance(99, f"{cursor.split(':')[0]}:500:0")
    await box.house.rows("UPDATE door_cursor SET fence = 0")
    box.put(4)
    async with box.fetching():
        await box.caught_up(4)
    state = await box.state()
    assert (state["renewed"], state["known"], state["new"]) == ("restored", 3, 1)


async def test_the_newest_arrival_is_never_to_come(box: Box) -> None:
    box.put(1, datetime(2099, 1, 1, tzinfo=UTC))
    async with box.fetching():
        await box.caught_up(1)
    (row,) = await box.contacts()
    assert row["first_arrival"] <= datetime.now(UTC)


async def test_a_reader_that_hangs_is_given_up(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.email.imap.intake.READ_S", 0.05)

    async def slow(raw: bytes, *, to: tuple[str, ...]):  # type: ignore[no-untyped-def]
        if b"mail 1\r" in raw:
            await asyncio.Event().wait()
        return await read(raw, to=to)

    box.put(1)
    box.put(2)
    async with box.fetching(slow):
        await box.caught_up(2)
    assert [row["state"] for row in await box.contacts()] == ["quarantined", "queued"]


async def test_a_stopped_poller_leaves_nothing_open(box: Box, proxy: Proxy) -> None:
    box.set(port=proxy.port)
    before = asyncio.all_tasks()
    async with box.fetching():
        await box.caught_up(0)

    async def over() -> bool:
        return not asyncio.all_tasks() - before - proxy._tasks

    await until(over)
    rows = await box.house.rows("SELECT until <= now() AS free FROM lease WHERE name LIKE 'mail%'")
    assert [row["free"] for row in rows] == [True]

"""Mail fetched from a real Dovecot: every mail once, oldest first, however long nobody looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.email import EmailChannel
from channels.email.mime import read_mail
from channels.email.unfetched import unfetched
from contactcenter.channel import ChannelSettings, Inbound
from tests.imap.conftest import Box, mail
from tests.imap.proxy import Proxy
from tests.imap.scripted import scripted

pytestmark = pytest.mark.needs_package("dovecot-imapd")
DAYS_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)


async def test_what_came_in_three_days_comes_once_and_oldest_first(box: Box) -> None:
    arrivals = [DAYS_AGO + timedelta(minutes=10 * n) for n in range(60)]
    for number, arrived in enumerate(arrivals):
        box.put(number, arrived)
    async with box.fetching():
        await box.caught_up(60)
    assert await box.subjects() == [f"mail {n}" for n in range(60)]
    rows = await box.contacts()
    assert [row["first_arrival"] for row in rows] == arrivals
    assert sorted(rows, key=lambda row: row["rank"]) == rows
    assert box.dovecot.seen(box.user) == 60
    state = await box.state()
    assert state["newest_at"] == arrivals[-1]
    assert (state["failures"], state["error"]) == (0, None)
    async with box.fetching():
        await box.caught_up(60)


async def test_new_mail_is_here_within_a_moment_by_idle(box: Box) -> None:
    async with box.fetching():
        await box.caught_up(0)
        assert (await box.state())["stage"] == "watching"
        box.put(1)
        await box.caught_up(1)


async def test_without_idle_it_looks_again(box: Box, proxy: Proxy) -> None:
    proxy.rewrite = lambda said: said.replace(b" IDLE", b"")
    box.set(port=proxy.port, poll_s=0.05)
    async with box.fetching():
        await box.caught_up(0)
        assert (await box.state())["stage"] == "polling"
        box.put(1)
        await box.caught_up(1)
    assert b" IDLE" not in proxy.said


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_by_tls_with_the_citys_own_authority(box: Box, tls: str) -> None:
    port = box.dovecot.port if tls == "starttls" else box.dovecot.imaps_port
    box.set(tls=tls, port=port, host="localhost", ca_file=box.dovecot.folder / "cert.pem")
    box.put(1)
    async with box.fetching():
        await box.caught_up(1)


async def test_what_others_had_read_before_is_left_alone(box: Box) -> None:
    box.put(1, DAYS_AGO, flags="S")
    box.put(2, DAYS_AGO)
    async with box.fetching():
        await box.caught_up(1)
        box.put(3, flags="S")  # read by somebody before we looked: that counts
        await box.caught_up(2)
    assert await box.subjects() == ["mail 2", "mail 3"]


async def test_all_counts_where_the_settings_say_so(box: Box) -> None:
    box.set(first="all")
    box.put(1, DAYS_AGO, flags="S")
    async with box.fetching():
        await box.caught_up(1)


async def test_mails_may_stay_unseen(box: Box) -> None:
    box.set(mark_seen=False)
    box.put(1)
    async with box.fetching():
        await box.caught_up(1)
    assert box.dovecot.seen(box.user) == 0
    async with box.fetching():
        await box.caught_up(1)


async def test_the_same_mail_under_two_uids_is_one_contact(box: Box) -> None:
    for _ in range(2):
        box.put(1)
    box.put(2)
    async with box.fetching():
        await box.caught_up(2)
    assert await box.subjects() == ["mail 1", "mail 2"]


async def test_a_mail_to_two_of_our_boxes_is_a_contact_in_each_queue(box: Box) -> None:
    box.put(1)
    async with box.fetching():
        await box.caught_up(1)
    box.user = box.dovecot.new_user()
    box.set(name="advice", to="varhaiskasvatus@mikkeli.example")
    box.put(1)
    async with box.fetching():
        await box.caught_up(2)
    first, second = await box.contacts()
    assert first["queue_id"] != second["queue_id"]
    assert second["linked_to"] == first["id"]


async def test_uidvalidity_changes_and_floods_nothing(box: Box) -> None:
    box.put(0, DAYS_AGO, flags="S")  # read before we were connected
    async with box.fetching():
        await box.caught_up(0)
        for number in range(1, 201):
            box.put(number)
        await box.caught_up(200)
    box.dovecot.renumber(box.user)
    for number in range(201, 206):
        box.put(number)
    async with box.fetching():
        await box.caught_up(205)
    assert (await box.subjects())[200:] == [f"mail {n}" for n in range(201, 206)]
    state = await box.state()
    assert (state["renewed"], state["known"], state["new"]) == ("uidvalidity", 200, 5)
    assert state["renewed_at"] is not None


async def test_a_mail_that_is_too_large_is_kept_and_seen(box: Box) -> None:
    box.dovecot.put(box.user, mail(1, "x" * 5000))
    box.put(2)
    async with box.fetching(most=3000):
        await box.caught_up(2)
    large, small = await box.contacts()
    assert (large["state"], small["state"]) == ("quarantined", "queued")
    assert "over the limit of 3000" in large["why_quarantined"]
    chunk = await box.house.row("SELECT data FROM blob WHERE id = $1", large["raw_blob"])
    assert b"Subject: mail 1" in chunk["data"]
    assert box.dovecot.seen(box.user) == 1  # who looks into the folder finds it unread
    async with box.fetching(most=3000):
        await box.caught_up(2)


@pytest.mark.parametrize("crashes", [RuntimeError, MemoryError])
async def test_a_poison_mail_stands_before_no_other(box: Box, crashes: type[Exception]) -> None:
    tried = 0

    async def fragile(raw: bytes, *, to: tuple[str, ...]) -> Inbound:
        nonlocal tried
        if b"mail 3\r" in raw:
            tried += 1
            raise crashes
        return read_mail(raw, to=to)

    for number in range(1, 7):
        box.put(number)
    async with box.fetching(fragile):
        await box.caught_up(6)
    states = [row["state"] for row in await box.contacts()]
    assert states.count("quarantined") == 1
    assert tried == 4
    kept = next(row for row in await box.contacts() if row["state"] == "quarantined")
    chunk = await box.house.row("SELECT data FROM blob WHERE id = $1", kept["raw_blob"])
    assert chunk["data"] == mail(3)


async def test_what_is_kept_of_an_unfetched_mail_is_never_read_as_a_mail(box: Box) -> None:
    channel = EmailChannel(ChannelSettings())
    inbound = await channel.reread(unfetched("9 bytes are over the limit", mail(1)))
    assert inbound.unreadable == "9 bytes are over the limit"
    assert (await channel.reread(mail(1))).unreadable is None


async def test_a_login_that_failed_first_does_not_count_as_connected(box: Box) -> None:
    box.set(password="wrong")
    async with box.fetching():
        await box.failed("login_refused")
    before = (await box.state())["first_at"]
    box.set()
    async with box.fetching():
        await box.caught_up(0)
    assert (await box.state())["first_at"] > before
    async with box.fetching():
        await box.caught_up(0)


async def test_no_mail_is_fetched_a_second_time(box: Box, proxy: Proxy) -> None:
    box.set(port=proxy.port)
    for number in range(1, 4):
        box.put(number)
    async with box.fetching():
        await box.caught_up(3)
        box.put(4)
        await box.caught_up(4)
    async with box.fetching():
        await box.caught_up(4)
    assert proxy.said.count(b"BODY.PEEK[]") == 4


async def test_a_poison_mail_behind_one_that_does_not_count_is_kept_too(box: Box) -> None:
    """What was read before is passed by without a commit: the tries must count all the same."""

    async def fragile(raw: bytes, *, to: tuple[str, ...]) -> Inbound:
        if b"mail 2\r" in raw:
            raise RuntimeError
        return read_mail(raw, to=to)

    box.put(1, DAYS_AGO, flags="S")
    box.put(2)
    box.put(3)
    async with box.fetching(fragile):
        await box.caught_up(2)
    assert [row["state"] for row in await box.contacts()] == ["quarantined", "queued"]


@pytest.mark.parametrize("told", [b"", b"* 1 FETCH (UID 5 FLAGS () RFC822.SIZE NIL)\r\n"])
async def test_a_mail_that_the_server_lists_and_hides_is_never_passed_by(
    box: Box, told: bytes
) -> None:
    script: dict[str, bytes] = {
        "SELECT": b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 6] x\r\n",
        "UID SEARCH": b"* SEARCH 5\r\n",
        "UID FETCH": told,
    }
    async with scripted(script) as server:
        box.set(port=server.port, poll_s=0.01)
        async with box.fetching():
            await box.caught_up(1)
    (kept,) = await box.contacts()
    assert (kept["state"], "still in the mailbox" in kept["why_quarantined"]) == (
        "quarantined",
        True,
    )

"""What the house keeps of mailboxes: progress that commits with the contact, one node at a time,
and how it goes, shown to the admins whom it concerns."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from contactcenter.channel import Accepted, Cursor
from contactcenter.errors import Refused
from contactcenter.intake.mailboxes import list_mailboxes
from contactcenter.kernel.lease import Lease
from contactcenter.mailbox_settings import Mailbox
from contactcenter.mailbox_watch import judged
from tests.house import GENERAL, KELA, House

SOURCE = "imap:general"


def box(name: str, to: str) -> Mailbox:
    """A mailbox of the settings."""
    return Mailbox(name=name, host="h", port=993, user="u", password="p", to=to)


async def taken(house: House, value: str, fence: int = 1, **given: Any) -> Accepted:
    """Take a mail in that moves the cursor there."""
    cursor = Cursor(source=SOURCE, value=value, fence=fence)
    return await house.node.reception.receive(house.mail(cursor=cursor, **given))


async def answer_of_ours(house: House) -> str:
    """The Message-ID of a mail of ours in a case."""
    contact = await house.contact(await house.arrives())
    await house.rows(
        "INSERT INTO outbound (send_id, kind, organisation_id, channel, contact_id, case_id,"
        " sender, recipient, subject, external_id)"
        " VALUES (1, 'reply', $1, 'mail', $2, $3, 'a@b', 'c@d', 's', '<ours@x>')",
        contact["organisation_id"],
        contact["id"],
        contact["case_id"],
    )
    return "<ours@x>"


async def test_the_cursor_moves_with_every_way_a_mail_can_go(house: House) -> None:
    ours = await answer_of_ours(house)
    ways: list[dict[str, Any]] = [
        {"fingerprint": "new"},
        {"fingerprint": "new"},  # known
        {"fingerprint": "joins", "references": (ours,)},
        {"fingerprint": "joins", "references": (ours,)},  # known, and joined
        {"fingerprint": "stranger", "references": ("<other@x>",)},
        {"fingerprint": "kept", "unreadable": "no header"},
        {"fingerprint": "kept", "unreadable": "no header"},
        {"fingerprint": "automatic", "automatic": True},
    ]
    known = []
    for number, way in enumerate(ways):
        known.append((await taken(house, f"7:{number}:0", **way)).known)
        assert await house.node.reception.cursor(SOURCE) == f"7:{number}:0", way
    assert known == [False, True, False, True, False, False, True, False]


async def test_the_cursor_waits_for_the_rest_of_a_mail_to_two_organisations(house: House) -> None:
    """It joins a case of the one and is new for the other: only then it is taken in."""
    ours = await answer_of_ours(house)
    cursor = Cursor(source=SOURCE, value="7:1:0", fence=1)
    mail = house.mail(references=(ours,), cursor=cursor)
    broken = house.node.reception._batch.store
    moved: list[str | None] = []

    async def looks(parcel):  # type: ignore[no-untyped-def]
        moved.append(await house.node.reception.cursor(SOURCE))
        return await broken(parcel)

    house.node.reception._batch.store = looks  # type: ignore[method-assign]
    await house.node.reception.receive(msgspec.structs.replace(mail, to=(GENERAL, KELA)))
    assert moved == [None]
    assert await house.node.reception.cursor(SOURCE) == "7:1:0"


async def test_an_older_holder_moves_no_cursor(house: House) -> None:
    await taken(house, "7:5:0", fence=2)
    await taken(house, "7:3:0", fence=1)
    await taken(house, "7:3:0", fence=1, unreadable="no")
    assert await house.node.reception.cursor(SOURCE) == "7:5:0"


async def test_work_is_done_alone_and_handed_over(house: House) -> None:
    first = Lease(house.node.db, "work", "first", 10)
    second = Lease(house.node.db, "work", "second", 10)
    fences: list[int] = []
    begun, end = asyncio.Event(), asyncio.Event()

    async def work(fence: int) -> None:
        fences.append(fence)
        begun.set()
        await end.wait()

    running = asyncio.create_task(first.alone(work))
    await asyncio.wait_for(begun.wait(), 5)
    assert await second.alone(work) is False
    end.set()
    assert await running is True
    assert await second.alone(work) is True
    assert fences == [1, 2]


async def test_work_ends_when_the_lease_is_lost(house: House) -> None:
    lease = Lease(house.node.db, "work", "first", 0.3)
    ended: list[bool] = []

    async def work(fence: int) -> None:
        await house.rows("UPDATE lease SET owner = 'second', fence = fence + 1, until = 'infinity'")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(True)
            raise

    assert await lease.alone(work)
    assert ended == [True]


async def test_an_error_of_the_work_is_told_and_the_lease_is_free(house: House) -> None:
    async def work(fence: int) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await Lease(house.node.db, "work", "first").alone(work)
    assert await Lease(house.node.db, "work", "second").hold() is not None


async def test_admins_see_the_mailboxes_of_their_organisations(house: House) -> None:
    boxes = [box("a", GENERAL), box("b", KELA), box("c", "nobody@nowhere.example")]
    source = house.node.reception.source("a")
    await source.first_at()
    await source.failed(1, "login_refused", "said 010190-123A")
    city = await house.actor("admin@mikkeli.example")
    rows = await list_mailboxes(house.node.db, city, boxes)
    assert [(row["name"], row["organisation"]) for row in rows] == [("a", "mikkeli"), ("c", None)]
    assert (rows[0]["error"], rows[0]["failures"]) == ("login_refused", 1)
    assert "123A" not in rows[0]["detail"]
    kela = await house.actor("admin@kela.example")
    rows = await list_mailboxes(house.node.db, kela, boxes)
    assert [row["name"] for row in rows] == ["b", "c"]
    with pytest.raises(Refused):
        await list_mailboxes(house.node.db, await house.actor("aino@mikkeli.example"), boxes)


@pytest.mark.parametrize(
    ("given", "ok"),
    [
        ({}, True),
        ({"failures": 2, "error": "cut"}, True),
        ({"failures": 3, "error": "cut"}, False),
        ({"failures": 1, "error": "tls", "silent_s": None}, False),
        ({"silent_s": None}, True),
        ({"silent_s": 1801.0}, False),
        ({"lag_s": 901.0}, False),
    ],
)
def test_health(given: dict[str, Any], ok: bool) -> None:
    row = {"failures": 0, "error": None, "silent_s": 1.0, "lag_s": 0.0} | given
    found, detail = judged(row)  # type: ignore[arg-type]
    assert found is ok
    assert ok or detail

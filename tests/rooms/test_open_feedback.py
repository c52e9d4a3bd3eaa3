"""Open feedback as intake keeps it: with its contact or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from contactcenter.channel import OpenFeedback
from contactcenter.desk import casework, handling
from contactcenter.errors import Refused
from contactcenter.feedback import open_feedback, public_requests
from contactcenter.feedback.open_rules import Settled, point
from contactcenter.feedback.open_rules import place as place_of
from contactcenter.intake import store
from contactcenter.queue import leaving
from tests.house import House, file

GIVEN = OpenFeedback(
    via="form", kind="fault", language="fi", place="Katu 131052-308T", lat=1, long=2
)


async def test_contact_and_feedback_are_one_commit(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store.add_feedback

    async def dies(*given: Any) -> None:
        await kept(*given)
        raise OSError("the machine is gone")

    monkeypatch.setattr(store, "add_feedback", dies)
    inbound = house.mail(feedback=GIVEN, raw=None, attachments=(file(),))
    with pytest.raises(OSError, match="gone"):
        await house.node.reception.receive(inbound)
    for table in ("contact", "open_feedback", "intake", "attachment", "blob", "outbox"):
        assert await house.rows(f"SELECT FROM {table}") == [], table
    monkeypatch.setattr(store, "add_feedback", kept)
    first = await house.node.reception.receive(inbound)
    again = await house.node.reception.receive(inbound)
    assert (again.known, again.contacts) == (True, first.contacts)
    await house.node.reception.idle()
    row = await house.row("SELECT * FROM open_feedback")
    assert (str(row["contact_id"]), row["place"]) == (first.contacts[0], "Katu 131052-****")
    assert len(await house.rows("SELECT FROM blob")) == 1


async def test_others_beside_it_are_taken_in_as_ever(house: House) -> None:
    receive = house.node.reception.receive
    mails = [house.mail(feedback=GIVEN if n % 3 == 0 else None, raw=None) for n in range(12)]
    taken = await asyncio.gather(*map(receive, mails))
    assert len({one.contacts for one in taken}) == 12
    assert len(await house.rows("SELECT FROM open_feedback")) == 4
    await house.node.reception.idle()
    assert len(await house.rows("SELECT FROM contact WHERE state = 'queued'")) == 12


async def test_who_decides_last_is_named_and_a_closed_contact_is_over(house: House) -> None:
    contact = await house.arrives(feedback=msgspec.structs.replace(GIVEN, token_hash=b"x", days=1))
    aino, seppo = [await house.actor(f"{who}@mikkeli.example") for who in ("aino", "seppo")]
    db = house.node.db
    with pytest.raises(Refused):
        await open_feedback.settle(db, aino, contact, Settled("no", " ", None))
    await open_feedback.settle(db, aino, contact, Settled("no", "Ei nyt", None))
    row = await open_feedback.settle(db, seppo, contact, Settled("no", "Ei nyt", "Julki"))
    assert (row["decided_by_name"], row["public_text"]) == (aino.name, "Julki")
    row = await open_feedback.settle(db, seppo, contact, Settled("done", "Tehty", "Julki"))
    assert (row["decided_by_name"], open_feedback.stands(row)) == (seppo.name, "decided")
    assert (await house.row("SELECT count(*) AS n FROM audit WHERE verb = 'settle_feedback'"))[
        "n"
    ] == 3
    old = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(Refused, match="stale"):  # somebody decided since
        await open_feedback.settle(db, aino, contact, Settled(None, "", None), old)
    await open_feedback.settle(db, aino, contact, Settled("done", "Tehty", "Julki"), old)
    await house.rows("UPDATE queue SET decision = true RETURNING 1")
    adviser = replace(aino, organisation_id=aino.organisation_id + 1)
    with pytest.raises(Refused, match="forbidden"):
        await open_feedback.settle(db, adviser, contact, Settled("no", "Ei", None))
    # The citizen wrote again, and that waits for its own staff: so does what was said first.
    later = await house.arrives()
    await house.rows("UPDATE queue SET decision = false RETURNING 1")
    settled = Settled("done", "Tehty", "Julki")
    await open_feedback.settle(db, adviser, contact, settled)
    await house.rows(
        "UPDATE contact SET queue_id = (SELECT id FROM queue WHERE key = 'building'),"
        " case_id = (SELECT case_id FROM contact WHERE id = $1) WHERE id = $2 RETURNING 1",
        contact,
        later,
    )
    await house.rows("UPDATE queue SET decision = true WHERE key = 'building' RETURNING 1")
    with pytest.raises(Refused, match="forbidden"):
        await open_feedback.settle(db, adviser, contact, settled)
    await house.rows("UPDATE contact SET state = 'closed' RETURNING 1")
    row = await open_feedback.settle(db, seppo, contact, Settled(None, "", None))
    assert (row["decision"], row["decided_at"], row["over"]) == (None, None, True)
    shown = Settled(None, "", "Julki", " Katu\n131052-308T ", True, True)
    for _ in range(2):  # a picture that is not there is not shown either, and a repeat is one
        row = await open_feedback.settle(db, seppo, contact, shown)
        assert (row["public_place"], row["public_point"]) == ("Katu 131052-****", True)
        assert row["public_media"] is False
    row = await open_feedback.settle(db, seppo, contact, shown._replace(public_text=" "))
    assert (row["public_text"], row["public_place"], row["public_point"]) == (None, "", False)
    with pytest.raises(Refused, match="bad_request"):
        await open_feedback.settle(db, seppo, contact, shown._replace(public_place="x" * 301))
    kela = await house.actor("admin@kela.example")
    with pytest.raises(Refused, match="not_found"):
        await open_feedback.settle(db, kela, contact, Settled("no", "x", None))


async def test_what_ends_or_goes_on_has_changed(house: House) -> None:
    """Whoever polls for changes finds the end of a case, and that it goes on."""
    desk, aino = house.node.desk, await house.on_duty("aino@mikkeli.example")
    contact = await house.arrives(feedback=msgspec.structs.replace(GIVEN, via="open311"))
    case = (await house.contact(contact))["case_id"]

    async def changed() -> list[bool]:
        """Since the last time: whether it is closed, of each that changed."""
        now = datetime.now(UTC)
        want = public_requests.Asked(changed=(now - timedelta(hours=1), now + timedelta(hours=1)))
        rows = await public_requests.listed(house.node.db, aino.organisation_id, want)
        await house.rows("UPDATE open_feedback SET stands_since = '2026-01-01' RETURNING 1")
        return [row["closed"] for row in rows]

    assert await changed() == [False]
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(desk, aino, offer)
    await handling.hold(desk, aino, contact, True)
    assert await changed() == []
    await handling.wrap_up(desk, aino, contact, "answered")
    assert await changed() == [True]
    await casework.resolve(desk, aino, case)
    assert await changed() == []
    await casework.reopen(desk, aino, case)
    assert await changed() == [False]
    await open_feedback.settle(house.node.db, aino, contact, Settled("no", "Ei", None))
    assert await changed() == [True]
    both = (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    want = public_requests.Asked(given=(both[0], datetime.now(UTC)), changed=both)
    (row,) = await public_requests.listed(house.node.db, aino.organisation_id, want)
    assert (row["contact_id"], row["closed"]) == (contact, True)
    left = await house.arrives(feedback=msgspec.structs.replace(GIVEN, via="open311"))
    assert await changed() == [False]
    async with house.node.db.transaction() as conn:
        await leaving.SQL.abandon.run(conn, contact=left, at=None)
    assert await changed() == [True]


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("61.688, 27.272", (61.688, 27.272)),
        ("-1;2", (-1, 2)),
        (" +61.5 27 ", (61.5, 27)),
        ("91, 0", (None, None)),
        ("61,688", (None, None)),
        ("Katu 12, 3", (None, None)),
        ("", (None, None)),
    ],
)
def test_coordinates_are_known_from_addresses(typed: str, where: tuple[float, float]) -> None:
    found = place_of(typed)
    assert (found.lat, found.long) == where
    assert found.words == " ".join(typed.split())


@pytest.mark.parametrize("lat", ["nan", "inf", "-inf", "1e3", "", "x", "90.1"])
def test_what_is_no_point_on_earth_is_refused(lat: str) -> None:
    with pytest.raises(Refused):
        point(lat, "0")

"""Mail of a queue that says so is taken for its agent without asking; nothing else ever is."""

from __future__ import annotations

from contactcenter.desk import handling
from tests.house import House
from tests.rooms.chat import Page, hello


async def _at_once(house: House) -> None:
    await house.rows("UPDATE queue SET auto_accept = true RETURNING id")


async def test_a_mail_is_in_hand_at_once_and_the_log_says_how(house: House) -> None:
    await _at_once(house)
    contact = await house.arrives(text="Milloin uimahalli aukeaa?")
    aino = await house.on_duty("aino@mikkeli.example")
    assert await house.route() == 1
    row = await house.contact(contact)
    assert (row["state"], row["owner"], row["offer_id"]) == ("active", aino.user_id, None)
    assert await house.offers(aino) == [] == await house.told(aino, "offer")
    (frame,) = await house.told(aino, "contact")
    assert frame["automatic"] is True
    assert "uimahalli" in frame["messages"][0]["text"]
    events = await house.rows(
        "SELECT kind, why, rule, wait_from FROM event WHERE contact_id = $1 ORDER BY id", contact
    )
    assert [(e["kind"], e["why"], e["rule"]) for e in events[1:]] == [
        ("offered", None, "rank"),
        ("offer_ended", "accepted", None),
        ("accepted", "automatic", None),
    ]
    assert events[-1]["wait_from"] == row["wait_from"]
    audited = await house.row("SELECT user_id, object_id FROM audit WHERE verb = 'read'")
    assert tuple(audited) == (aino.user_id, str(contact))


async def test_no_more_than_the_agents_room(house: House) -> None:
    await _at_once(house)
    contacts = [await house.arrives() for _ in range(5)]
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    taken = await house.rows("SELECT id FROM contact WHERE state = 'active' ORDER BY id")
    assert [row["id"] for row in taken] == contacts[: aino.capacity]
    assert (await house.row("SELECT load FROM agent"))["load"] == aino.capacity
    await handling.wrap_up(house.node.desk, aino, contacts[0], "answered")
    await house.route()
    assert (await house.contact(contacts[aino.capacity]))["state"] == "active"


async def test_a_chat_is_offered_all_the_same(house: House) -> None:
    await _at_once(house)
    await hello(house, Page())
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert len(await house.offers(aino)) == 1


async def test_what_a_colleague_gives_is_asked_for(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    await _at_once(house)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    await handling.transfer_to_agent(house.node.desk, aino, contact, bjorn.user_id, None)
    assert len(await house.offers(bjorn)) == 1


async def test_killed_before_it_was_shown_the_sweep_shows_it(house: House) -> None:
    await _at_once(house)
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    show = house.node.router._hand
    house.node.router._hand = _nothing  # type: ignore[method-assign]
    try:
        await house.route()
    finally:
        house.node.router._hand = show  # type: ignore[method-assign]
    assert await house.told(aino, "contact") == []
    await house.node.publisher.settle()
    await house.rows("UPDATE outbox SET at = at - interval '5 s' RETURNING contact_id")
    assert await house.node.sweep.run_once() == 1
    (frame,) = await house.told(aino, "contact")
    assert (frame["contact"]["contact"], len(frame["messages"])) == (str(contact), 1)


async def test_who_went_for_a_break_meanwhile_gets_nothing(house: House) -> None:
    await _at_once(house)
    contact = await house.arrives()
    await house.on_duty("aino@mikkeli.example")
    await house.rows("UPDATE agent SET state = 'break' RETURNING user_id")
    assert await house.route() == 0
    assert (await house.contact(contact))["state"] == "queued"


async def _nothing(row: object) -> None:
    """What a process does that was killed."""

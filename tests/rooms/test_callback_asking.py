"""Requests to be called: taken in once, joined where one is open, refused naming the field."""

from __future__ import annotations

import asyncio
import dataclasses

import asyncpg
import pytest

from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.kernel.links import Links, read, sign
from contactcenter.queue import agents
from tests.house import House
from tests.rooms.calls import NUMBER, ask, attempt, callback, load, sound, take

SPELLINGS = ("050 339 1387", "+358 50 3391387", "00358503391387", "050-339 13 87", "(050) 3391387")


async def test_a_request_is_in_line_with_its_matter(house: House) -> None:
    asked = await ask(house, name="Ville  Veikkonen", matter="131052-308T \x00")
    row = await house.contact(asked.contact)
    assert (row["state"], row["channel"], row["external_id"]) == ("queued", "callback", "r1")
    assert row["unread"] == 1
    assert await house.kinds(asked.contact) == ["entered"]
    message = await house.row("SELECT * FROM message")
    assert (message["direction"], message["text"]) == ("inbound", "131052-**** \ufffd")
    assert (message["author"], message["address"]) == ("Ville Veikkonen", NUMBER)
    identity = await house.row("SELECT * FROM identity")
    assert (identity["kind"], identity["address"]) == ("phone", NUMBER)
    assert (identity["strength"], identity["person_id"]) == ("asserted", row["person_id"])
    assert not asked.joined
    assert asked.promise is None
    assert await house.node.publisher.line.ranks([row["requirement"]]) == {
        asked.contact: frozenset({(row["requirement"], row["rank"])})
    }
    await sound(house)


async def test_a_callback_takes_the_whole_agent_and_shows_its_number_to_the_owner(
    house: House,
) -> None:
    asked = await ask(house, email="Ville@example.org")
    aino, contact = await take(house)
    assert contact == asked.contact
    assert await load(house, aino) == aino.capacity
    offered = (await house.told(aino, "offer"))[-1]["contact"]["callback"]
    assert offered == {
        "attempts": 0,
        "most": 3,
        "promise": None,
        "outcome": None,
        "dialled_at": None,
        "next_at": None,
    }
    shown = (await house.told(aino, "contact"))[-1]["contact"]["callback"]
    assert (shown["number"], shown["shown"]) == (NUMBER, "050 3391387")
    assert shown["email"] == "ville@example.org"


async def test_the_same_request_gets_the_same_answer_whatever_became_of_it(house: House) -> None:
    first, *others = await asyncio.gather(*(ask(house) for _ in range(10)))
    assert set(others) == {first}
    assert len(await house.rows("SELECT FROM contact")) == 1
    await house.node.callbacks.cancel(first.token)
    await house.rows("UPDATE queue SET channels = '{mail}' RETURNING 1")
    assert await ask(house) == first
    with pytest.raises(Refused, match="request_id_used") as refused:
        await ask(house, matter="Muuta")
    assert refused.value.field == "request_id"


async def test_no_address_is_added_to_a_known_person(house: House) -> None:
    first = await ask(house, email="ville@example.org")
    await house.node.callbacks.cancel(first.token)
    again = await ask(house, request_id="r2", email="mallory@example.net")
    known = await house.rows("SELECT address FROM identity WHERE kind = 'email'")
    assert [row["address"] for row in known] == ["ville@example.org"]
    assert (await callback(house, again.contact))["email"] == "mallory@example.net"


async def test_many_spellings_of_one_number_are_one_open_request(house: House) -> None:
    asked = await asyncio.gather(
        *(ask(house, number=text, request_id=f"r{n}") for n, text in enumerate(SPELLINGS))
    )
    assert len({one.contact for one in asked}) == 1
    assert sorted(one.joined for one in asked) == [False] + [True] * (len(SPELLINGS) - 1)
    assert len({one.token for one in asked}) == len(SPELLINGS)
    contact = await house.contact(asked[0].contact)
    assert (await callback(house, contact["id"]))["asked"] == len(SPELLINGS)
    messages = await house.rows("SELECT seq FROM message ORDER BY seq")
    assert [m["seq"] for m in messages] == list(range(1, len(SPELLINGS) + 1))
    assert contact["unread"] == len(SPELLINGS)
    assert await house.kinds(contact["id"]) == ["entered"]
    await sound(house)


async def test_a_joined_request_shows_and_cancels_nothing_of_the_others(house: House) -> None:
    first = await ask(house)
    joined = await ask(house, request_id="r2", matter="Vielä yksi asia")
    status = await house.node.callbacks.status(joined.token)
    assert (status.state, status.promise, status.cancellable) == ("queued", None, False)
    with pytest.raises(Refused, match="wrong_state"):
        await house.node.callbacks.cancel(joined.token)
    await house.node.callbacks.cancel(first.token)
    status = await house.node.callbacks.status(joined.token)
    assert (status.state, status.result, status.joined) == ("closed", "cancelled", True)


async def test_who_has_it_in_hand_hears_of_one_more_request(house: House) -> None:
    asked = await ask(house)
    aino, _ = await take(house)
    await ask(house, request_id="r2", matter="Soittakaa pian")
    heard = (await house.told(aino, "message"))[-1]
    assert heard["contact"] == str(asked.contact)
    assert heard["message"]["text"] == "Soittakaa pian"
    assert (await house.told(aino, "contact"))[-1]["contact"]["unread"] == 2


async def test_a_new_request_after_the_end_is_a_new_contact_of_the_same_person(
    house: House,
) -> None:
    first = await ask(house)
    aino, contact = await take(house)
    await attempt(house, aino, contact, "wrong_number")
    again = await ask(house, request_id="r2")  # while the agent still wraps up
    assert (again.contact == first.contact, again.joined) == (False, False)
    rows = await house.rows("SELECT DISTINCT person_id FROM contact")
    assert len(rows) == 1
    await sound(house)


async def test_other_organisations_have_their_own(house: House) -> None:
    (kela,) = await house.rows("SELECT key FROM queue WHERE key LIKE 'kela%' LIMIT 1")
    ours = await ask(house)
    theirs = await ask(house, queue=kela["key"], request_id="r2")
    assert ours.contact != theirs.contact
    assert not theirs.joined


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"queue": "nowhere"}, "unknown_queue", "queue"),
        ({"queue": "a b"}, "unknown_queue", "queue"),
        ({"number": "116 117"}, "invalid_number", "number"),
        ({"number": "112"}, "invalid_number", "number"),
        ({"number": "0600 12345"}, "number_not_allowed", "number"),
        ({"number": "+881 6 22222222"}, "number_not_allowed", "number"),
        ({"number": "050339\u200b1387"}, "invalid_number", "number"),
        ({"number": "0503391387,,9"}, "invalid_number", "number"),
        ({"number": "+44 20 7946 0958"}, "number_not_allowed", "number"),
        ({"matter": " \n"}, "bad_request", "matter"),
        ({"matter": "x" * 10_001}, "too_large", "matter"),
        ({"name": "x" * 201}, "too_large", "name"),
        ({"email": "ville@"}, "bad_request", "email"),
        ({"request_id": ""}, "bad_request", "request_id"),
        ({"request_id": "x" * 65}, "bad_request", "request_id"),
    ],
)
async def test_what_is_refused_names_its_field(
    house: House, given: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await ask(house, **given)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert await house.rows("SELECT FROM contact") == []


async def test_a_queue_that_calls_nobody_back_says_so(house: House) -> None:
    await house.rows("UPDATE queue SET channels = '{mail,chat}' RETURNING 1")
    for work in (ask(house), house.node.callbacks.open_windows("general")):
        with pytest.raises(Refused, match="closed"):
            await work


async def test_one_number_and_one_address_ask_only_so_often(house: House) -> None:
    calls = house.node.callbacks
    policy = dataclasses.replace(calls.office.policy, per_hour=3, per_day=2)
    calls.office = dataclasses.replace(calls.office, policy=policy)
    for n in range(2):
        await ask(house, request_id=f"r{n}")
    with pytest.raises(Refused, match="too_many"):
        await ask(house, request_id="r2")
    await ask(house, request_id="r0")  # a repeat costs nothing
    with pytest.raises(Refused, match="too_many"):
        await ask(house, request_id="r3", number="09 3101 1111")


async def test_a_database_that_is_away_uses_up_nobodys_requests(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise asyncpg.DiskFullError

    calls = house.node.callbacks
    policy = dataclasses.replace(calls.office.policy, per_day=2)
    calls.office = dataclasses.replace(calls.office, policy=policy)
    with monkeypatch.context() as away:
        away.setattr("contactcenter.callback.asking._transaction", full)
        for _ in range(3):
            with pytest.raises(asyncpg.DiskFullError):
                await ask(house)
    await ask(house)


async def test_a_link_is_not_guessed(house: House) -> None:
    asked = await ask(house)
    number = await house.node.callbacks.office.links.id(asked.token)
    last = asked.token[-1]
    wrong = [
        "",
        asked.token[:-1],
        asked.token + "A",
        asked.token[:-1] + ("A" if last != "A" else "B"),
        sign(b"another key", "callback", number),
        "A" * 43,
        "ä" * 43,
    ]
    for token in wrong:
        with pytest.raises(Refused, match="not_found"):
            await house.node.callbacks.status(token)
    another_node = Links(house.node.db, "callback")
    assert await another_node.token(number) == asked.token


def test_one_token_has_one_spelling() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = sign(b"key", "callback", 2**62)
    same = [token[:-1] + letter for letter in letters]
    assert [one for one in same if read(b"key", "callback", one) is not None] == [token]


async def test_a_closed_contact_never_blocks_the_number(house: House) -> None:
    """An agent closes without any attempt."""
    await ask(house)
    aino, contact = await take(house)
    await handling.close(house.node.desk, aino, contact)
    assert (await ask(house, request_id="r2")).contact == contact  # still the agent's
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert (await callback(house, contact))["result"] == "reached"
    assert (await ask(house, request_id="r3")).contact != contact
    await sound(house)


async def test_a_lost_agents_callback_returns_to_its_place(house: House) -> None:
    asked = await ask(house)
    aino, contact = await take(house)
    before = await house.contact(contact)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, aino.user_id)
    assert change is not None
    assert await house.node.publisher.publish(change)
    row = await house.contact(asked.contact)
    assert (row["state"], row["rank"]) == ("queued", before["rank"])
    assert await load(house, aino) == 0
    bjorn, again = await take(house, "bjorn@mikkeli.example")
    assert again == contact
    await attempt(house, bjorn, contact, "reached")
    assert (await house.told(bjorn, "contact"))[-1]["contact"]["callback"]["outcome"] == "reached"
    await sound(house)


async def test_a_language_that_is_not_served_waits_in_the_queues_first(house: House) -> None:
    asked = await ask(house, language="xx\x00")
    assert (await house.contact(asked.contact))["language"] == "fi"
    assert (await house.node.callbacks.status(asked.token)).language == "fi"

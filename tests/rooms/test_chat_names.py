"""By which name citizens know an agent, who came and went, and answers to press."""

from __future__ import annotations

from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.chat.talk import Talk
from contactcenter.desk import handling, recipients, writing
from contactcenter.errors import Refused
from contactcenter.queue import agents
from tests.house import House
from tests.rooms.chat import Page, hello, settle, taken

WAYS = {
    "first": ("Aino", "Aino Virtanen"),
    "full": ("Aino Virtanen", "Aino Virtanen"),
    "role": ("", ""),
    "own": ("Neuvoja A.", "Neuvoja A."),
    "address": ("", ""),
}


async def _answered(house: House, page: Page) -> tuple[Talk, Actor]:
    talk = await hello(house, page, name="Ville")
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await writing.reply(house.node.desk, actor, talk.contact, "a1", "Hei!")
    await settle(house)
    return talk, actor


@pytest.mark.parametrize("way", WAYS)
async def test_a_citizen_is_told_the_name_that_is_meant_for_citizens(
    house: House, way: str
) -> None:
    if way == "own":
        await house.rows("UPDATE users SET public_name = 'Neuvoja A.' RETURNING 1")
    elif way == "address":
        await house.rows("UPDATE users SET name = email RETURNING 1")
    else:
        await house.rows("UPDATE organisation SET agent_names = $1 RETURNING 1", way)
    page = Page()
    _, actor = await _answered(house, page)
    shown, signed = WAYS[way]
    assert page.of("joined") == [{"type": "joined", "agent": shown}]
    again = Page()
    await hello(house, again, resume=page.secret)
    for one in (page, again):
        assert [m["from"] for m in one.of("message")] == ["Ville", shown]
        assert [m["agent"] for m in one.of("agent_came")] == [shown]
        assert actor.name == shown or actor.name not in str(one.frames)
        assert "aino@" not in str(one.frames)
    (told,) = [f["message"]["from"] for f in await house.told(actor, "message")]
    assert told == actor.name  # colleagues know each other
    async with house.node.db.connection() as conn:
        sql = "SELECT shown_name($1, $2, true) AS name"
        row = await conn.fetchrow(sql, actor.user_id, actor.organisation_id)
    assert row is not None
    assert row["name"] == signed


async def test_the_page_is_told_who_came_and_who_left_and_again_after_a_reload(
    house: House,
) -> None:
    page = Page()
    talk, aino = await _answered(house, page)
    await handling.transfer_to_queue(house.node.desk, aino, talk.contact, "general", "Siirto")
    await settle(house)
    carla = await taken(house, "carla@mikkeli.example")
    await settle(house)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, carla.user_id)
    assert change is not None
    await house.node.publisher.publish(change)
    await settle(house)
    again = Page()
    await hello(house, again, resume=page.secret)
    story = [
        ("agent_came", "Aino", None),
        ("agent_left", "Aino", "transfer"),
        ("agent_came", "Carla", None),
        ("agent_left", "Carla", "lost"),
    ]
    for one in (page, again):
        told = [frame for frame in one.frames if frame["type"].startswith("agent_")]
        assert [(f["type"], f["agent"], f.get("why")) for f in told] == story
        assert "Siirto" not in str(one.frames)
    assert [f["id"] for f in page.of("agent_came")] == [f["id"] for f in again.of("agent_came")]
    kinds = [frame["type"] for frame in page.frames]
    assert kinds.index("agent_left") < len(kinds) - kinds[::-1].index("waiting")


async def test_answers_to_press_stay_with_their_message(house: House) -> None:
    page = Page()
    talk, actor = await _answered(house, page)
    given = ["Kyllä", "  Ei \n kiitos ", "Kyllä", "<b onclick=alert(1)>👩‍👩‍👧</b>", "131052-308T"]
    extras = recipients.read(choices=given)
    stored = ["Kyllä", "Ei kiitos", "<b onclick=alert(1)>👩‍👩‍👧</b>", "131052-****"]
    for _ in range(2):
        await writing.reply(house.node.desk, actor, talk.contact, "a2", "Sopiiko?", extras)
    await settle(house)
    again = Page()
    await hello(house, again, resume=page.secret)
    for one in (page, again):
        assert one.of("message")[-1]["choices"] == stored
        assert "choices" not in one.of("message")[0]
    assert (await house.told(actor, "message"))[-1]["message"]["choices"] == stored


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (["a"] * 7, "choices"),
        (["a", ""], "choices[1]"),
        (["\u200b\u202e"], "choices[0]"),
        (["x" * 61], "choices[0]"),
    ],
)
def test_answers_that_nobody_could_press_are_refused(given: list[str], field: str) -> None:
    with pytest.raises(Refused, match="bad_request") as no:
        recipients.read(choices=given)
    assert no.value.field == field
    for good in ("😀" * 60, "\U0001fae8"):  # the latter newer than Python's tables
        assert recipients.read(choices=[good]).choices == (good,)


async def test_a_mail_has_no_answers_to_press(house: House) -> None:
    contact = await house.arrives()
    actor = await taken(house)
    extras: Any = recipients.read(choices=["Kyllä"])
    with pytest.raises(Refused, match="only_chat"):
        await writing.reply(house.node.desk, actor, contact, "a1", "Hei", extras)

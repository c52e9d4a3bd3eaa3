"""A changed queue takes effect at once: on who comes, and on who waits already."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from contactcenter.channel import Sender
from contactcenter.configuration import actions
from contactcenter.configuration.document import Document, Queue
from contactcenter.configuration.origins import Origins
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from tests.house import GENERAL, House


async def _queue(house: House, key: str = "general") -> Queue:
    async with house.node.db.connection() as conn:
        known = await actions.current(conn, None)
    found = actions.find(known.document, "queue", key)
    assert isinstance(found, Queue)
    return found


async def _change(house: House, **given: Any) -> actions.Applied:
    before = await _queue(house)
    actor = await house.actor("admin@mikkeli.example")
    after = msgspec.structs.replace(before, **given)
    publish = house.node.publisher.publish
    return await actions.save(house.node.db, publish, actor, "queue", after, before)


async def _line(house: House, requirement: str) -> list[int]:
    found = await house.node.live.call("ZRANGE", keys.line(requirement), 0, -1)
    return [int(name) for name in found]


async def test_who_waits_asks_for_what_the_queue_asks_for_now(house: House) -> None:
    waiting = [await house.arrives() for _ in range(3)]
    assert await _line(house, "mikkeli/general/fi/1") == waiting
    done = await _change(house, task="building", level=2)
    assert done.contacts == 3
    assert await _line(house, "mikkeli/general/fi/1") == []
    assert await _line(house, "mikkeli/building/fi/2") == waiting
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    offers = await house.rows("SELECT id FROM contact WHERE owner = $1", aino.user_id)
    assert waiting[0] in [row["id"] for row in offers]
    assert await house.rows("SELECT FROM outbox WHERE version = 1") == []


async def test_who_waits_in_a_language_no_longer_served_is_served_in_the_first(
    house: House,
) -> None:
    swede = await house.arrives(language="sv")
    await _change(house, languages=("fi", "en"))
    row = await house.contact(swede)
    assert (row["requirement"], row["language"]) == ("mikkeli/general/fi/1", "sv")
    await _change(house, languages=("fi", "sv", "en"))
    assert (await house.contact(swede))["requirement"] == "mikkeli/general/sv/1"


async def test_a_shorter_target_lets_nobody_of_the_queue_overtake(house: House) -> None:
    first = await house.arrives()
    before = (await house.contact(first))["rank"]
    await _change(house, target_s=60)
    house.node.reception._targets_at = -10.0  # the doors know queues for 2 s
    second = await house.arrives()
    ranks = [(await house.contact(one))["rank"] for one in (first, second)]
    assert ranks == sorted(ranks)
    assert before - ranks[0] == 3540 * 1_000_000
    assert await _line(house, "mikkeli/general/fi/1") == [first, second]


async def test_a_contact_in_hand_returns_to_the_new_line(house: House) -> None:
    contact = await house.arrives()
    await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert (await house.contact(contact))["state"] == "offered"
    await _change(house, level=3)
    row = await house.contact(contact)
    assert (row["state"], row["requirement"]) == ("offered", "mikkeli/general/fi/3")


async def test_who_came_in_at_the_very_moment_is_found(house: House) -> None:
    await house.arrives()  # from here on the door knows the queue, for 2 s
    await house.rows("UPDATE queue SET level = 3 WHERE key = 'general'")
    stray = await house.arrives()
    assert (await house.contact(stray))["requirement"] == "mikkeli/general/fi/1"
    assert await house.node.alignment.run_once() == 2
    assert (await house.contact(stray))["requirement"] == "mikkeli/general/fi/3"
    assert stray in await _line(house, "mikkeli/general/fi/3")
    assert await house.node.alignment.run_once() == 0


async def test_a_queue_without_mail_takes_no_mail(house: House) -> None:
    assert await house.node.reception.knows(GENERAL)
    await _change(house, channels=("chat",))
    house.node.reception._targets_at = -10.0
    assert not await house.node.reception.knows(GENERAL)
    with pytest.raises(Refused, match="unknown_queue"):
        await house.node.reception.receive(house.mail())


async def test_a_change_and_arrivals_at_once_leave_nobody_behind(house: House) -> None:
    async def arrive(number: int) -> int:
        sender = Sender(kind="email", address=f"a{number}@example.org", name="A")
        return await house.arrives(sender=sender)

    everyone = await asyncio.gather(
        *(arrive(n) for n in range(20)),
        _change(house, level=2),
        *(arrive(n) for n in range(20, 40)),
    )
    contacts = [one for one in everyone if isinstance(one, int)]
    await house.node.alignment.run_once()
    assert len(contacts) == 40
    assert sorted(await _line(house, "mikkeli/general/fi/2")) == sorted(contacts)


async def test_a_queue_in_use_is_not_disabled_by_a_file_either(house: House) -> None:
    await house.arrives()
    disabled = msgspec.structs.replace(await _queue(house), disabled=True)
    with pytest.raises(Refused) as no:
        await actions.apply(
            house.node.db, house.node.publisher.publish, None, Document(queue=(disabled,))
        )
    assert (no.value.detail, no.value.params["n"]) == ("queue_in_use", 1)
    assert no.value.field == "queue.general.disabled"


async def test_an_organisation_keeps_an_outcome(house: House) -> None:
    async with house.node.db.connection() as conn:
        known = await actions.current(conn, None)
    ours = [one for one in known.document.disposition if one.organisation == "kela"]
    gone = tuple(msgspec.structs.replace(one, disabled=True) for one in ours)
    publish = house.node.publisher.publish
    with pytest.raises(Refused, match="last_disposition"):
        await actions.apply(house.node.db, publish, None, Document(disposition=gone))
    await actions.apply(house.node.db, publish, None, Document(disposition=gone[1:]))


async def test_sites_are_known_within_seconds_and_are_only_ever_sites(house: House) -> None:
    await house.rows("DELETE FROM widget_origin")
    origins = Origins(house.node.db)
    assert await origins.of_all() == ()
    for site in ("https://www.city.example", "https://x; script-src *"):
        await house.rows(
            "INSERT INTO widget_origin SELECT $1, id FROM organisation WHERE key = 'mikkeli'", site
        )
    assert await origins.of_all() == ()  # known for a moment
    origins._at = -10.0
    assert await origins.of_all() == ("https://www.city.example",)


async def test_who_lost_a_skill_by_a_file_is_offered_no_more(house: House) -> None:
    await house.on_duty("aino@mikkeli.example")
    async with house.node.db.connection() as conn:
        known = await actions.current(conn, None)
    user: Any = actions.find(known.document, "user", "aino@mikkeli.example")
    publish = house.node.publisher.publish
    wanted = Document(user=(msgspec.structs.replace(user, skills=()),))
    await actions.apply(house.node.db, publish, None, wanted)
    contact = await house.arrives()
    await house.route()
    assert (await house.contact(contact))["state"] == "queued"

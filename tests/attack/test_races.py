"""Accept, decline, pull, give, hand over and end of shift at the same moment, on two nodes: each
contact has one winner, and nothing is lost, doubled or left without room."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.app import Node, open_node
from contactcenter.desk import handling, pulling, shift
from contactcenter.errors import Refused
from contactcenter.queue import agents
from contactcenter.routing import declining
from tests.house import House
from tests.rooms import calls

EMAILS = ("aino@mikkeli.example", "bjorn@mikkeli.example", "helena@mikkeli.example")
ROUNDS = 25
Act = Callable[[Node], Awaitable[object]]
# What somebody else may have done a moment before.
LATE = {"offer_ended", "wrong_state", "unavailable", "not_yours"}


@pytest.fixture
async def nodes(house: House, tmp_path: Path) -> AsyncIterator[tuple[Node, Node]]:
    """Another node beside the house's."""
    settings = replace(house.node.settings, home=tmp_path / "second")
    database = house.node.db.url
    async with AsyncExitStack() as stack:
        second = await open_node(stack, settings, database, house.node.live.url)
        await second.prepare()
        yield house.node, second


async def _tried(act: Act, node: Node, name: str) -> tuple[str, str]:
    try:
        await act(node)
    except Refused as no:
        return name, no.code
    return name, "done"


def _acts(chance: random.Random, people: list[Actor], contact: int, offer: int) -> dict[str, Act]:
    """What may happen to an offered contact, by whom."""
    owner, other, third = people

    def state(value: str) -> Act:
        async def act(node: Node) -> None:
            async with node.db.transaction() as conn:
                change = await agents.set_state(conn, owner.user_id, value, None)
            await node.publisher.publish(change)

        return act

    return {
        "accept": lambda node: handling.accept(node.desk, owner, offer),
        "accept_there": lambda node: handling.accept(node.desk, owner, offer),
        "decline": lambda node: declining.decline(node.db, node.publisher, owner, offer, "busy"),
        "pull": lambda node: pulling.pull(node.desk, other, contact),
        "pull_too": lambda node: pulling.pull(node.desk, third, contact),
        "give": lambda node: pulling.assign(node.desk, third, contact, other.user_id),
        "end": lambda node: shift.end(node.desk, owner),
        "end_for": lambda node: shift.end_for(node.desk, other, owner.user_id),
        "end_other": lambda node: shift.end_for(node.desk, owner, other.user_id),
        "hand_back": lambda node: shift.hand_back(node.desk, owner, contact, None),
        "break": state("break"),
        "transfer": lambda node: handling.transfer_to_agent(
            node.desk, owner, contact, third.user_id, None
        ),
        "wrap_up": lambda node: handling.wrap_up(node.desk, owner, contact, "answered"),
        "route": lambda node: node.router.run_once(),
    }


async def _fresh(house: House, people: list[Actor], exclusive: bool, n: int) -> tuple[int, int]:
    """A contact that is offered to the first of them; its offer."""
    await house.rows(
        "UPDATE contact SET state = 'closed', closed_at = now(), owner = NULL, offer_id = NULL,"
        " offered_until = NULL"
        " WHERE state <> 'closed' RETURNING 1"
    )
    await house.rows("UPDATE agent SET load = 0, mails = 0, missed = 0 RETURNING 1")
    await house.node.live.call("FLUSHALL")
    await house.node.reconciler.rebuild_if_wiped()
    for email in EMAILS[1:]:
        await house.on_duty(email, "break")
    owner = await house.on_duty(EMAILS[0])
    if exclusive:
        asked = calls.request(request_id=f"r{n}", number=f"050 339 {1000 + n}")
        contact = int((await house.node.callbacks.ask(asked, f"there {n}")).contact)
    else:
        contact = await house.arrives()
    while not (offers := await house.offers(owner)):
        await house.route()
    for email in EMAILS[1:]:
        await house.on_duty(email)
    return contact, offers[0]


async def test_one_winner_whatever_is_done_at_once(house: House, nodes: tuple[Node, Node]) -> None:
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    people = [replace(await house.actor(email), role="supervisor") for email in EMAILS]
    chance, seen = random.Random(6), Counter[tuple[str, str]]()
    for n in range(ROUNDS):
        contact, offer = await _fresh(house, people, n % 2 == 0, n)
        since = (await house.row("SELECT coalesce(max(id), 0) AS id FROM event"))["id"]
        acts = list(_acts(chance, people, contact, offer).items())
        chance.shuffle(acts)
        chosen = acts[: chance.randint(2, len(acts))]
        done = await asyncio.gather(
            *(_tried(act, nodes[k % 2], name) for k, (name, act) in enumerate(chosen))
        )
        assert {code for _, code in done} <= LATE | {"done"}, done
        seen.update(done)
        await _stands(house, contact, since)
    for node in nodes:  # what was decided in Redis and is not offered yet
        await node.router.run_once()
    assert await house.node.reconciler.lasting_differences() == {}
    assert len({name for name, code in seen if code == "done"}) >= 5  # who wins is chance
    assert any(code in LATE for _, code in seen)


async def _stands(house: House, contact: int, since: int) -> None:
    """The events tell one story in which nobody takes what another has; loads are what is in
    hand; and what nobody has is in the line, in its place."""
    rows = await house.rows(
        "SELECT kind, agent, why FROM event WHERE contact_id = $1 AND id > $2 ORDER BY id",
        contact,
        since,
    )
    has: int | None = None
    for row in rows:
        if row["kind"] == "accepted":
            assert has is None, [tuple(row) for row in rows]
            has = row["agent"]
        elif row["kind"] in ("left", "closed"):
            assert has == row["agent"], [tuple(row) for row in rows]
            has = None
    row = await house.contact(contact)
    assert (row["owner"] if row["state"] in ("active", "wrap_up") else None) == has
    wrong = await house.rows(
        "SELECT a.user_id, a.load, u.capacity, h.units, h.firm FROM agent a"
        " JOIN users u ON u.id = a.user_id CROSS JOIN LATERAL (SELECT"
        " coalesce(sum(units), 0) AS units, coalesce(sum(units) FILTER ("
        "  WHERE state IN ('active', 'wrap_up')), 0) AS firm"
        " FROM contact WHERE owner = a.user_id AND state IN ('offered', 'active', 'wrap_up')) AS h"
        " WHERE a.load <> h.units OR h.firm > u.capacity"
    )
    assert wrong == []

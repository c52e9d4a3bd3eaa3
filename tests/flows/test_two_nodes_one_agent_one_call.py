"""Two nodes that both make offers, agents with a tab at each, and a supervisor who gives calls to
agents at the moment at which they are free: no agent ever has two calls, on the screen or in hand,
and each call is taken once, however many accept it at the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from tests.flows.client import Frame
from tests.flows.clones import CLONE
from tests.flows.conftest import running
from tests.flows.product import Agent, Product

AGENTS, ROUNDS = 10, 250
SEPPO = "seppo@mikkeli.example"
MANY = {"CONTACTCENTER_WRITES_PER_MINUTE_PER_ADDRESS": "100000"}


Give = Callable[[str], Awaitable[None]]


class Rounds:
    """The calls that are taken so far, and what everybody was answered. `foreign`: offers of
    others, that somebody tries to accept; `waiting`: calls that nobody took yet."""

    def __init__(self) -> None:
        self.done = 0
        self.enough = asyncio.Event()
        self.foreign: list[str] = []
        self.waiting: dict[str, None] = {}
        self.errors: Counter[str] = Counter()
        self.given: Counter[int] = Counter()

    def one_more(self) -> None:
        self.done += 1
        if self.done == ROUNDS:
            self.enough.set()


async def _ask(product: Product, http: aiohttp.ClientSession, n: int, rounds: Rounds) -> None:
    body = {
        "queue": "general",
        "number": f"+35840{1_000_000 + n}",
        "language": "fi",
        "matter": "Soittakaa.",
        "request_id": f"round-{n}",
    }
    async with http.post(f"{product.url}/api/callbacks", json=body) as answer:
        assert answer.status == 201, await answer.text()
        rounds.waiting[(await answer.json())["contact"]] = None


async def _gives(seppo: Agent, url: str, agent: str, rounds: Rounds) -> None:
    """The supervisor gives the agent a waiting call, again and again until it is one too many."""
    for call in list(rounds.waiting)[-3:]:
        async with seppo.http.post(
            f"{url}/api/contacts/{call}/pull", json={"agent": agent}
        ) as said:
            rounds.given[said.status] += 1
            if said.status == 200:
                return


async def _works(here: Agent, there: Agent, rounds: Rounds, give: Give) -> None:
    """Accept each offer in both tabs at once, and one of somebody else's; call; wrap up, while
    the supervisor has another call for who is free in a moment."""
    seen: set[str] = set()
    while True:
        offer = await here.wait(lambda f: f["type"] == "offer" and f["offer"] not in seen)
        seen.add(offer["offer"])
        call = offer["contact"]["contact"]
        rounds.waiting.pop(call, None)
        others = [one for one in rounds.foreign[-5:] if one != offer["offer"]]
        rounds.foreign.append(offer["offer"])
        await asyncio.gather(
            here.send(type="accept", offer=offer["offer"], ref="own"),
            there.send(type="accept", offer=offer["offer"], ref="own"),
            *(there.send(type="accept", offer=one, ref="foreign") for one in others[-1:]),
        )
        await here.wait(_is(call, "active"))
        if others:
            said = await there.wait(lambda f: f.get("ref") == "foreign" and f["type"] == "error")
            rounds.errors[said["code"]] += 1
        await asyncio.gather(
            here.send(type="wrap_up", contact=call, disposition="answered"),
            give(here.user["id"]),
        )
        await here.wait(_is(call, "closed"))
        here.frames[:] = [frame for frame in here.frames if frame["type"] == "offer"]
        there.frames.clear()
        rounds.one_more()


def _is(contact: str, state: str) -> Callable[[Frame], bool]:
    """Whether a frame is this contact's card in this state."""

    def wanted(frame: Frame) -> bool:
        card = frame["contact"] if frame["type"] == "contact" else None
        return card is not None and (card["contact"], card["state"]) == (contact, state)

    return wanted


@pytest.fixture
async def busy() -> AsyncIterator[Product]:
    """A house where everybody comes from one address."""
    async with running(**MANY) as product:
        yield product


async def test_two_nodes_one_agent_one_call(busy: Product, tmp_path: Path) -> None:
    product = busy
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.fetch(CLONE, AGENTS)
    await conn.close()
    second = product.sibling(tmp_path / "second")
    second.home.mkdir(parents=True)
    await second.start(verb=("serve",), **MANY)
    rounds = Rounds()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(second.stop)
        pairs = [await _tabs(stack, product, second, n) for n in range(1, AGENTS + 1)]
        seppo = await stack.enter_async_context(second.agent(SEPPO))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        await asyncio.gather(*(here.available() for here, _ in pairs))
        give = partial(_gives, seppo, second.url, rounds=rounds)
        async with asyncio.TaskGroup() as group:
            work = [group.create_task(_works(*pair, rounds, give)) for pair in pairs]
            for n in range(0, ROUNDS, 25):
                await asyncio.gather(*(_ask(product, http, n + m, rounds) for m in range(25)))
            await rounds.enough.wait()
            for one in work:
                one.cancel()
    _one_winner_each(await product.export("events"))
    assert set(rounds.errors) == {"offer_ended"}
    assert rounds.given[200] > 0  # to who was free at that moment
    assert set(rounds.given) <= {200, 409, 503}
    assert (await product.verify())["violations"] == []


async def _tabs(
    stack: AsyncExitStack, first: Product, second: Product, n: int
) -> tuple[Agent, Agent]:
    """The same agent's browser at both nodes; at which one first, turn by turn."""
    one = await stack.enter_async_context(first.agent(f"agent{n}@mikkeli.example"))
    other = Agent(second.url, one.http, one.cookie, one.user)
    await other.open()
    stack.push_async_callback(other.close)
    return (one, other) if n % 2 else (other, one)


def _one_winner_each(events: list[Frame]) -> None:
    """Each call was accepted once, and by whom it was offered to; nobody had two, offered or in
    hand."""
    accepted = Counter(e["contact"] for e in events if e["kind"] == "accepted")
    assert (len(accepted), set(accepted.values())) == (ROUNDS, {1})
    offered = {e["offer"]: e["agent"] for e in events if e["kind"] == "offered"}
    has: dict[str, str] = {}
    for event in events:
        who, call = event.get("agent", ""), event.get("contact", "")
        if event["kind"] == "offered":
            assert who not in has, f"{who} has {has[who]} and is offered {call}"
            has[who] = call
        elif event["kind"] == "accepted":
            assert (who, has[who]) == (offered[event["offer"]], call)
        elif event["kind"] in ("closed", "left") or (
            event["kind"] == "offer_ended" and event["why"] != "accepted"
        ):
            assert has.pop(who) == call
    assert has == {}

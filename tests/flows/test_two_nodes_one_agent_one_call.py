"""Two nodes that both make offers, agents with a tab at each: no agent ever has two calls, and each
call is taken once, however many accept it at the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import asyncpg

from tests.flows.client import Frame
from tests.flows.product import Agent, Product

AGENTS, ROUNDS = 20, 500
# As many agents as it takes, each like Aino.
CLONE = """
WITH aino AS (SELECT * FROM users WHERE email = 'aino@mikkeli.example'), made AS (
    INSERT INTO users (organisation_id, email, name, role, language, capacity, password_hash)
    SELECT organisation_id, 'agent' || n || '@mikkeli.example', 'Agent ' || n, role, language, 3,
           password_hash
    FROM aino, generate_series(1, $1::int) AS n RETURNING id, organisation_id
), seen AS (
    INSERT INTO user_organisation (user_id, organisation_id) SELECT id, organisation_id FROM made
)
INSERT INTO skill (user_id, organisation_id, task, language, level)
SELECT made.id, s.organisation_id, s.task, s.language, s.level
FROM made, skill s JOIN aino ON aino.id = s.user_id WHERE s.organisation_id = made.organisation_id
"""


class Rounds:
    """The calls that are taken so far, and what everybody was answered. `foreign`: offers of
    others, that somebody tries to accept."""

    def __init__(self) -> None:
        self.done = 0
        self.enough = asyncio.Event()
        self.foreign: list[str] = []
        self.errors: Counter[str] = Counter()

    def one_more(self) -> None:
        self.done += 1
        if self.done == ROUNDS:
            self.enough.set()


async def _ask(product: Product, http: aiohttp.ClientSession, n: int) -> None:
    body = {
        "queue": "general",
        "number": f"+35840{1_000_000 + n}",
        "language": "fi",
        "matter": "Soittakaa.",
        "request_id": f"round-{n}",
    }
    async with http.post(f"{product.url}/api/callbacks", json=body) as answer:
        assert answer.status == 201, await answer.text()


async def _works(here: Agent, there: Agent, rounds: Rounds) -> None:
    """Accept each offer in both tabs at once, and one of somebody else's; call; wrap up."""
    while True:
        offer = await here.of("offer")
        call = offer["contact"]["contact"]
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
        await here.send(type="wrap_up", contact=call, disposition="answered")
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


async def test_two_nodes_one_agent_one_call(product: Product, tmp_path: Path) -> None:
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.fetch(CLONE, AGENTS)
    await conn.close()
    second = product.sibling(tmp_path / "second")
    second.home.mkdir(parents=True)
    await second.start(verb=("serve",))
    rounds = Rounds()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(second.stop)
        pairs = [await _tabs(stack, product, second, n) for n in range(1, AGENTS + 1)]
        http = await stack.enter_async_context(aiohttp.ClientSession())
        await asyncio.gather(*(here.available() for here, _ in pairs))
        async with asyncio.TaskGroup() as group:
            work = [group.create_task(_works(*pair, rounds)) for pair in pairs]
            for n in range(0, ROUNDS, 25):
                await asyncio.gather(*(_ask(product, http, n + m) for m in range(25)))
            await rounds.enough.wait()
            for one in work:
                one.cancel()
    _one_winner_each(await product.export("events"))
    assert set(rounds.errors) == {"offer_ended"}
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
    """Each call was accepted once, and by whom it was offered to; nobody had two."""
    accepted = Counter(e["contact"] for e in events if e["kind"] == "accepted")
    assert (len(accepted), set(accepted.values())) == (ROUNDS, {1})
    offered = {e["offer"]: e["agent"] for e in events if e["kind"] == "offered"}
    has: dict[str, str] = {}
    for event in events:
        if event["kind"] == "accepted":
            assert event["agent"] == offered[event["offer"]]
            assert event["agent"] not in has, f"{event['agent']} has two calls"
            has[event["agent"]] = event["contact"]
        elif event["kind"] in ("closed", "left"):
            assert has.pop(event["agent"]) == event["contact"]
    assert has == {}

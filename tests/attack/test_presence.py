"""Who has just come is there, whatever Redis remembers of an earlier day."""

from __future__ import annotations

import time

from contactcenter.kernel import keys
from contactcenter.queue import agents
from contactcenter.web.agent import verbs as agent_verbs
from contactcenter.web.agent.hub import Hub
from tests.house import House

LONG_AGO_MS = 1


class Screen:
    """An open tab that was heard a moment ago."""

    session = b""

    def __init__(self, user: int) -> None:
        self.user = user
        self.heard_at = time.monotonic()

    def hear(self, frame: bytes) -> None:
        """Nothing is looked at."""

    def missed(self) -> None:
        """Nothing is missed."""

    async def close(self, code: int) -> None:
        """Nothing is open."""


async def _nobody_left(hashes: list[bytes]) -> set[bytes]:
    return set(hashes)


async def _state(house: House, user: int) -> str:
    state: str = (await house.row("SELECT state FROM agent WHERE user_id = $1", user))["state"]
    return state


async def test_who_goes_to_work_in_a_running_shift_is_not_lost(house: House) -> None:
    await house.node.live.call("ZADD", keys.ALIVE, LONG_AGO_MS, 0)
    aino = await house.actor("aino@mikkeli.example")
    hub = Hub(house.node.live, house.node.feed, _nobody_left)
    await hub.add(Screen(aino.user_id))
    await house.on_duty("aino@mikkeli.example")
    await house.node.clock.run_once()
    assert await _state(house, aino.user_id) == "available"


async def test_who_was_heard_and_is_thrown_away_by_redis_is_not_lost(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    await house.node.live.call("ZADD", keys.ALIVE, LONG_AGO_MS, 0, LONG_AGO_MS, aino.user_id)
    await house.node.live.call("DEL", keys.ALIVE)
    await house.node.clock.run_once()
    assert await _state(house, aino.user_id) == "available"


async def test_who_comes_back_in_time_is_not_lost_again(house: House) -> None:
    await house.node.live.call("ZADD", keys.ALIVE, LONG_AGO_MS, 0)
    aino = await house.on_duty("aino@mikkeli.example")
    await house.node.live.call("ZADD", keys.ALIVE, LONG_AGO_MS, aino.user_id)
    async with house.node.db.transaction() as conn:
        assert await agents.lose(conn, aino.user_id) is not None
    hub = Hub(house.node.live, house.node.feed, _nobody_left)
    await hub.add(Screen(aino.user_id))
    await agent_verbs.back(house.node.desk, aino, 600)
    assert await _state(house, aino.user_id) == "available"
    await house.node.clock.run_once()
    assert await _state(house, aino.user_id) == "available"

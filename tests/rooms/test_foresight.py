"""What is foreseen, by a process beside the node: while somebody is at work, on one node."""

from __future__ import annotations

import asyncio
import os
import subprocess

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.kernel import keys
from contactcenter.planning import foresight
from contactcenter.queue import agents
from tests.house import House

WAIT_S = 60


async def goes_home(house: House, actor: Actor) -> None:
    async with house.node.db.transaction() as conn:
        await agents.set_state(conn, actor.user_id, "offline", None)


async def test_it_goes_on_while_somebody_is_at_work(house: House) -> None:
    ahead = house.node.foresight
    ahead.look_s = 0.05
    assert not await ahead.run_once()
    aino = await house.on_duty("aino@mikkeli.example")
    running = asyncio.create_task(ahead.run_once())
    async with asyncio.timeout(WAIT_S):
        while not await house.node.live.call("EXISTS", keys.BANDS):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
    assert not running.done()
    await goes_home(house, aino)
    async with asyncio.timeout(WAIT_S):
        assert await running


async def test_one_node_foresees(house: House) -> None:
    await house.rows(
        "INSERT INTO lease (name, owner, until) VALUES ('foresight', 'other',"
        " now() + interval '1 minute') RETURNING 1"
    )
    await house.on_duty("aino@mikkeli.example")
    assert not await house.node.foresight.run_once()


async def test_where_it_ends_by_itself_that_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "COMMAND", (*foresight.COMMAND[:2], "raise SystemExit(3)"))
    await house.on_duty("aino@mikkeli.example")
    with pytest.raises(foresight.ForesightEnded, match="3"):
        await house.node.foresight.run_once()


def test_it_ends_with_its_input(database_url: str, redis_url: str) -> None:
    process = subprocess.Popen(
        foresight.COMMAND,
        stdin=subprocess.PIPE,
        env=os.environ
        | {"CONTACTCENTER_DATABASE_URL": database_url, "CONTACTCENTER_REDIS_URL": redis_url},
    )
    process.communicate(timeout=WAIT_S)
    assert process.returncode == 0

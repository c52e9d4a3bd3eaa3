"""Numbered frames of a tab: in order, once each, and gaps filled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection

from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web.agent import tab as tabs
from contactcenter.web.agent.hub import OpenTab
from contactcenter.web.agent.tab import Tab
from tests.web.room import Room, code


def _frame(seq: int) -> bytes:
    return b'{"seq":%d,"type":"agent"}' % seq


class Kept:
    """The feed as a tab sees it: what is kept after a number, read when the test lets it."""

    def __init__(self) -> None:
        self.newest = 0
        self.oldest = 1
        self.reads: list[int] = []
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.may_return = asyncio.Event()
        self.may_return.set()
        self.reading = asyncio.Event()
        self.down = False

    async def __call__(self, after: int) -> tuple[list[bytes], bytes | None]:
        self.reading.set()
        self.reads.append(after)
        await self.may_read.wait()
        if self.down:
            raise LiveUnavailable("down")
        first, last = after + 1, self.newest
        await self.may_return.wait()
        if after < self.oldest - 1:
            return [], b'{"seq":%d,"type":"snapshot"}' % last
        return [_frame(seq) for seq in range(first, last + 1)], None


@asynccontextmanager
async def _tab(room: Room, kept: Kept) -> AsyncIterator[tuple[ClientConnection, Tab]]:
    async with room.enter() as (client, socket):
        tab = Tab(socket, 1, b"", kept)
        as_the_hub_sees_it: OpenTab = tab
        assert as_the_hub_sees_it.heard_at == socket.heard_at
        yield client, tab
        await tab.stop()


async def _seqs(client: ClientConnection, last: int) -> list[int]:
    """The numbers that arrive, to the last one."""
    seqs: list[int] = []
    while last not in seqs:
        seqs.append(json.loads(await client.recv())["seq"])
    return seqs


async def test_numbers_in_order_once_each_and_gaps_filled(room: Room) -> None:
    kept = Kept()
    kept.newest = 3
    async with _tab(room, kept) as (client, tab):
        assert await tab.catch_up(1)
        for seq in (2, 3, 4, 4):
            tab.hear(_frame(seq))
        kept.newest = 9
        tab.hear(_frame(7))  # 5 and 6 are missing
        tab.hear(_frame(8))
        assert await _seqs(client, 9) == [2, 3, 4, 5, 6, 7, 8, 9]
        tab.hear(_frame(10))
        assert await _seqs(client, 10) == [10]


async def test_what_comes_while_catching_up_waits_for_its_turn(room: Room) -> None:
    kept = Kept()
    kept.newest = 5
    kept.may_return.clear()
    async with _tab(room, kept) as (client, tab):
        catching = asyncio.create_task(tab.catch_up(3))
        await kept.reading.wait()
        for seq in (5, 6, 7):
            tab.hear(_frame(seq))
        kept.may_return.set()
        assert await catching
        assert await _seqs(client, 7) == [4, 5, 6, 7]
        assert kept.reads == [3]


async def test_a_gap_during_a_catch_up_is_remembered(room: Room) -> None:
    kept = Kept()
    kept.newest = 5
    kept.may_return.clear()
    async with _tab(room, kept) as (client, tab):
        catching = asyncio.create_task(tab.catch_up(3))
        await kept.reading.wait()  # it has read to 5
        kept.newest = 8  # told while the ear was lost
        tab.missed()
        kept.may_return.set()
        assert await catching
        assert await _seqs(client, 8) == [4, 5, 6, 7, 8]


async def test_what_waits_for_a_catch_up_is_bounded_and_nothing_is_lost(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "MOST_EARLY", 3)
    kept = Kept()
    kept.may_return.clear()
    async with _tab(room, kept) as (client, tab):
        catching = asyncio.create_task(tab.catch_up(0))
        await kept.reading.wait()
        for seq in range(1, 30):
            kept.newest = seq
            tab.hear(_frame(seq))
        kept.may_return.set()
        assert await catching
        assert await _seqs(client, 29) == list(range(1, 30))


async def test_not_all_kept_means_a_snapshot(room: Room) -> None:
    kept = Kept()
    kept.newest, kept.oldest = 50, 40
    async with _tab(room, kept) as (client, tab):
        assert not await tab.catch_up(10)
        assert json.loads(await client.recv()) == {"seq": 50, "type": "snapshot"}
        tab.hear(_frame(51))
        assert await _seqs(client, 51) == [51]


async def test_a_tab_that_cannot_catch_up_is_closed(room: Room) -> None:
    kept = Kept()
    async with _tab(room, kept) as (client, tab):
        await tab.catch_up(0)
        kept.down = True
        tab.missed()
        assert await code(client) == 1012


async def test_frames_without_a_number_go_straight_and_change_no_numbering(room: Room) -> None:
    kept = Kept()
    kept.newest = 1
    async with _tab(room, kept) as (client, tab):
        tab.hear(b'{"type":"typing","contact":"1"}')  # nobody has been shown anything yet
        assert await tab.catch_up(0)
        assert await _seqs(client, 1) == [1]
        kept.may_return.clear()
        tab.missed()
        tab.hear(b'{"type":"typing","contact":"2"}')
        assert json.loads(await client.recv()) == {"type": "typing", "contact": "2"}
        kept.may_return.set()
        kept.newest = 2
        tab.hear(_frame(2))
        tab.hear(b'{"type":"read","contact":"2","seq":9}')
        kept.newest = 3
        tab.hear(_frame(3))
        frames = [json.loads(await client.recv()) for _ in range(3)]
        assert sorted(frame["seq"] for frame in frames) == [2, 3, 9]

"""What an agent's socket says when the house can't answer."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from contactcenter.errors import Refused
from contactcenter.web.agent import agent_socket


async def test_who_waits_for_somebodys_lock_is_told_to_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agent_socket, "ANSWER_S", 0.01)

    async def stands_still(entry: object) -> None:
        await asyncio.Event().wait()

    said: list[dict[str, Any]] = []
    door = Mock(refresh=stands_still, text=lambda language, refused: refused.code)
    tab = Mock(send=said.append)
    frame = '{"type": "state", "value": "available", "ref": 7}'
    async with asyncio.timeout(10):
        await agent_socket._answer(door, Mock(), tab, frame)
    (error,) = said
    assert (error["type"], error["code"], error["ref"]) == ("error", "unavailable", 7)


async def test_what_came_while_another_act_waited_in_vain_is_told_so_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agent_socket, "ANSWER_S", 0.01)
    monkeypatch.setattr(agent_socket, "LONG_S", 0.0)
    tried: list[object] = []

    async def stands_still(entry: object) -> None:
        tried.append(entry)
        if len(tried) == 1:
            for ref in (2, 3):
                frames.put_nowait(f'{{"type": "ping", "ref": {ref}}}')
            await asyncio.Event().wait()
        raise Refused("not_found")  # the house is back

    def send(frame: dict[str, Any]) -> None:
        said.append((frame["ref"], frame["code"]))
        if frame["ref"] == 3:
            asyncio.get_running_loop().call_later(
                0.01, frames.put_nowait, '{"type": "ping", "ref": 4}'
            )
        elif frame["ref"] == 4:
            frames.put_nowait(None)

    said: list[tuple[int, str]] = []
    frames: asyncio.Queue[str | None] = asyncio.Queue()
    frames.put_nowait('{"type": "ping", "ref": 1}')
    door = Mock(refresh=stands_still, text=lambda language, refused: refused.code)
    async with asyncio.timeout(10):
        await agent_socket._listen(door, Mock(), Mock(receive=frames.get, send=send))
    assert said == [(n, "unavailable") for n in (1, 2, 3)] + [(4, "not_found")]
    assert len(tried) == 2

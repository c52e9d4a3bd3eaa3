"""What an agent's socket says when the house can't answer."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

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

"""The conformance suite over every channel there is."""

from __future__ import annotations

import asyncio
import inspect
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from pathlib import Path

import pytest

import channels
from contactcenter.channel import ChannelSettings
from tests.channels import contract
from tests.channels.contract import Peer
from tests.channels.fake_desk import FakeDesk
from tests.channels.mail_peers import LoopbackPeer, MailPeer
from tests.channels.sink import Sink

PEERS = {"loopback": "loopback", "email": "email", "email through a relay": "email"}
CHECKS: list[Callable[[Peer, FakeDesk], Awaitable[None]]] = [
    check
    for name, check in sorted(vars(contract).items())
    if name.startswith("check_") and len(inspect.signature(check).parameters) == 2
]


LIVE = {"webchat"}  # test_live_contract.py checks these
DESK = {"desk_entry"}  # test_desk_entry.py
CALLS = {"callback"}  # test_callback.py


@pytest.fixture(params=list(PEERS))
async def peer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Peer]:
    if request.param == "loopback":
        yield LoopbackPeer()
    elif request.param == "email":
        yield MailPeer(tmp_path / "maildir")
    else:
        async with Sink() as sink:
            yield MailPeer(tmp_path / "maildir", sink)


async def start(peer: Peer, desk: FakeDesk) -> asyncio.Task[None]:
    listening = asyncio.create_task(peer.channel.listen(desk))
    host, port = await asyncio.wait_for(desk.ports.get(), 5)
    if isinstance(peer, MailPeer):
        peer.host, peer.port = host, port
    return listening


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_channel(check: Callable[[Peer, FakeDesk], Awaitable[None]], peer: Peer) -> None:
    desk = FakeDesk()
    listening = await start(peer, desk)
    try:
        await check(peer, desk)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_cancelling_leaves_nothing_open(peer: Peer) -> None:
    desk = FakeDesk()
    before = asyncio.all_tasks()
    listening = await start(peer, desk)
    await contract.check_cancelling_leaves_nothing_open(peer, desk, listening, before)


def test_every_channel_is_checked() -> None:
    there = {
        module.name
        for module in pkgutil.iter_modules(channels.__path__)
        if hasattr(import_module(f"channels.{module.name}"), "open_channel")
    }
    assert there == {*PEERS.values(), *LIVE, *DESK, *CALLS}
    for name in there:
        assert import_module(f"channels.{name}").open_channel(ChannelSettings()).name

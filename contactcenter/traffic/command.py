"""The command: play, then look for everything that was acknowledged in the home's own exports."""

from __future__ import annotations

import asyncio
import signal
import sys
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from contactcenter import demo
from contactcenter.app import Node
from contactcenter.config import Settings
from contactcenter.demo_history.load import TOPICS
from contactcenter.kernel import keys
from contactcenter.stats import export, verify
from contactcenter.traffic import plan
from contactcenter.traffic.check import problems
from contactcenter.traffic.play import Play
from contactcenter.traffic.progress import Progress
from contactcenter.traffic.tally import Tally

Open = Callable[[Settings], AbstractAsyncContextManager[Node]]
MOST_SHOWN = 20


async def traffic(settings: Settings, options: plan.Options, open_node: Open) -> int:
    """Play traffic at the server of this home. Exit code 0, 1 where something acknowledged is
    missing or a promise is broken, 2 where it can't be played."""
    if (problem := plan.url_problem(options.url)) or not plan.is_loopback(settings.smtp_host):
        return _no(problem or f"mail is taken at {settings.smtp_host}, which is not this machine")
    if options.agents > plan.MOST_AGENTS:
        return _no(f"--agents: at most {plan.MOST_AGENTS}")
    began = datetime.now(UTC) - timedelta(minutes=1)
    async with open_node(settings) as node:
        smtp = (settings.smtp_host, settings.smtp_port)
        described = await demo.describe(node.db, options.url, smtp)
    if not described["users"] or not described["queues"]:
        return _no("there is no demo city here: start it with `make run`")
    play = Play(options, described, tomllib.loads(TOPICS.read_text(encoding="utf-8")))
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_, play.stop)
    try:
        await play.run(Progress(sys.stdout).show)
    except OSError as error:
        return _no(str(error))
    _say([*play.tally.summary(), ""])
    async with open_node(settings) as node:
        found = await _check(node, play.tally, began)
    _say(found or ["  all that was acknowledged is stored, exactly once; every promise kept"])
    if play.tally.broke:
        _say([f"  {play.tally.broke} played people failed; the errors above say how"])
    return 1 if found or play.tally.broke else 0


async def _check(node: Node, tally: Tally, since: datetime) -> list[str]:
    read = {
        kind: [msgspec.json.decode(line) async for line in _lines(node, kind, then)]
        for kind, then in (
            ("contacts", None if tally.joined else since),
            ("messages", since),
            ("outbound", since),
        )
    }
    found = problems(tally, read["contacts"], read["messages"], read["outbound"])
    stands = await node.live.alive() and await node.live.call("EXISTS", keys.REBUILT)
    verified = await verify.verify(node.db, node.reconciler if stands else None)
    found += [f"verify: {v['code']} {v['detail']}" for v in verified["violations"]]
    if len(found) > MOST_SHOWN:
        found = [*found[:MOST_SHOWN], f"and {len(found) - MOST_SHOWN} more"]
    return [f"  MISSING {line}" for line in found]


def _lines(node: Node, kind: str, since: datetime | None) -> AsyncIterator[bytes]:
    return export.lines(node.db, kind, since, None)


def _no(problem: str) -> int:
    sys.stderr.write(f"{problem}\n")
    return 2


def _say(lines: list[Any]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()

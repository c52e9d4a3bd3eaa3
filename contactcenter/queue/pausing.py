"""Mail in hand is paused while a live contact needs its units, and goes on by itself.

What is paused takes no units and stays its agent's, with its draft; its handling time stands still.
"""

from __future__ import annotations

from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.queue import store
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


async def pause(conn: Connection, agent: int, change: Change) -> None:
    """Make what is in the agent's hands fit, where mail can. The agent's row is locked by the
    caller."""
    _show(change, agent, [row["id"] for row in await SQL.pause.all(conn, agent=agent)])


async def resume(conn: Connection, agent: int, change: Change) -> None:
    """Go on with paused mail as far as there is room. The agent's row is locked by the caller."""
    _show(change, agent, [row["id"] for row in await SQL.resume.all(conn, agent=agent)])


async def release(conn: Connection, agent: int, units: int, change: Change) -> None:
    """So many units are in hand no longer: paused mail goes on. The agent's row is locked by the
    caller, and the contact's change is written."""
    if await store.load_agent(conn, agent, -units):
        await resume(conn, agent, change)


def _show(change: Change, agent: int, contacts: list[int]) -> None:
    for contact in contacts:
        change.cards[contact] = [agent]
    if contacts and agent not in change.agents:
        change.agents.append(agent)

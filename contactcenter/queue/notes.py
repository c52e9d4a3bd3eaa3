"""What the line is told of agents that no event says, written down so that decisions can be made
once more: what each is able to, whoever changed it and however."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.sql import Row, load_sql

SQL = load_sql(__file__)
_log = structlog.get_logger(__name__)


class Notes:
    """Writes where something differs from what this node wrote last; so mostly it asks nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[int, tuple[int, bool, str]] = {}

    async def note(self, agents: Iterable[Row]) -> None:
        """Before the line is told. A failure is left to the next time."""
        rows = {
            row["user_id"]: (row["capacity"], row["pauses_mail"], _sorted(row["classes"]))
            for row in agents
        }
        news = {agent: able for agent, able in rows.items() if self._known.get(agent) != able}
        if not news:
            return
        try:
            async with self._db.connection() as conn:
                await SQL.note_able.run(
                    conn,
                    agents=list(news),
                    capacities=[capacity for capacity, _, _ in news.values()],
                    pauses=[pauses for _, pauses, _ in news.values()],
                    classes=[classes for _, _, classes in news.values()],
                )
        except TRANSIENT as error:
            _log.warning("note_failed", error=type(error).__name__)
        else:
            self._known |= news


def _sorted(classes: str) -> str:
    return " ".join(sorted(classes.split()))

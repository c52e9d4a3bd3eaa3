"""The database and Redis of a home: the ones in the settings, else embedded ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from contactcenter.config import Settings
from contactcenter.kernel.embedded import Embedded, embedded_servers

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Servers:
    """Where Postgres and Redis answer; `embedded` is there where at least one is our own, and
    `own_database` says whether Postgres is."""

    database_url: str
    redis_url: str
    embedded: Embedded | None = None
    own_database: bool = False

    async def revive(self) -> None:
        """Start again what has died of our own."""
        if self.embedded is not None:
            for name in self.embedded.revive():
                _log.warning("server_revived", server=name)


@contextmanager
def servers(settings: Settings, *, lasting: bool = False) -> Iterator[Servers]:
    """Both, running for as long as the block. Embedded ones that another process of the same home
    started are used and left running; `lasting`: this process is to serve, so it waits for a
    command that runs them for its own duration. Raises EmbeddedError."""
    if settings.database_url and settings.redis_url:
        yield Servers(settings.database_url, settings.redis_url)
        return
    with embedded_servers(
        settings.home,
        need_postgres=not settings.database_url,
        need_redis=not settings.redis_url,
        lasting=lasting,
    ) as embedded:
        yield Servers(
            settings.database_url or embedded.database_url,
            settings.redis_url or embedded.redis_url,
            embedded,
            own_database=not settings.database_url,
        )

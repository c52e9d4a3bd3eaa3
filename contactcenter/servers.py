"""The database and Redis of a home: the ones in the settings, else embedded ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from contactcenter.config import Settings
from contactcenter.kernel.embedded import embedded_servers


@dataclass(frozen=True)
class Servers:
    """Where Postgres and Redis answer."""

    database_url: str
    redis_url: str


@contextmanager
def servers(settings: Settings) -> Iterator[Servers]:
    """Both, running for as long as the block. Embedded ones that another process of the same home
    started are used and left running. Raises EmbeddedError."""
    if settings.database_url and settings.redis_url:
        yield Servers(settings.database_url, settings.redis_url)
        return
    with embedded_servers(
        settings.home,
        need_postgres=not settings.database_url,
        need_redis=not settings.redis_url,
    ) as embedded:
        yield Servers(
            settings.database_url or embedded.database_url, settings.redis_url or embedded.redis_url
        )

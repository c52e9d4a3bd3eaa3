"""The one Postgres of several that takes writes."""

from __future__ import annotations

from typing import Any

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from contactcenter.setting_servers import each_database

# How long a host may take to let us in. Of several, one that lost its power must not keep us from
# the next; of a single one there is nothing else to try.
CONNECT_S, ALONE_S = 3.0, 10.0
READ_ONLY = asyncpg.TargetServerAttributeNotMatched


class Primary:
    """Connects to whichever host of a URL is no standby and not read-only, the one that was so last
    first."""

    def __init__(self, url: str) -> None:
        self._urls = each_database(url)

    async def connect(self, _: object = None, **options: Any) -> asyncpg.Connection:
        """A new connection. Raises what the last host answered: READ_ONLY where it takes no
        writes."""
        within_s = CONNECT_S if len(self._urls) > 1 else ALONE_S
        failed: Exception = OSError("no host")
        for url in list(self._urls):
            try:
                conn: asyncpg.Connection = await asyncpg.connect(
                    url,
                    timeout=within_s,
                    target_session_attrs=SessionAttribute.read_write,
                    **options,
                )
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, READ_ONLY) as error:
                failed = error
                continue
            self._urls.remove(url)
            self._urls.insert(0, url)
            return conn
        raise failed

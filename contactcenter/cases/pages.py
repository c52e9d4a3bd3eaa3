"""The link to a case's own page: made here, and noted on the case when it is given away."""

from __future__ import annotations

from collections.abc import Collection

from contactcenter.kernel.links import Links
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


class CasePages:
    """The addresses of cases' pages under our public URL."""

    def __init__(self, links: Links, public_url: str) -> None:
        self.links = links
        self._public_url = public_url

    async def ready(self) -> None:
        """Have the key at hand, so that no transaction waits for a second connection."""
        await self.links.key()

    async def path(self, case: int) -> str:
        """Where its page is, under our public URL."""
        return f"/case/{await self.links.token(case)}"

    async def url(self, case: int) -> str:
        """Where its page is."""
        return self._public_url + await self.path(case)

    async def give(self, conn: Connection, cases: Collection[int]) -> None:
        """Note that the citizens of these cases get their links. Cases are held in the order of
        ids, as everywhere; those noted before are not written again."""
        await SQL.give.run(conn, cases=sorted(cases))

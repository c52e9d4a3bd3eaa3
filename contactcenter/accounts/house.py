"""What the verbs of this room need to work."""

from __future__ import annotations

from dataclasses import dataclass, field

from contactcenter.accounts.notices import NoNotices, Notice, Notifier
from contactcenter.accounts.passwords import Passwords
from contactcenter.accounts.tokens import Purpose, issue
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row


@dataclass
class Accounts:
    """The room's tools. `public_url`: where browsers find us, without a slash at its end."""

    db: Database
    passwords: Passwords
    public_url: str
    notifier: Notifier = field(default_factory=NoNotices)

    def link(self, token: str) -> str:
        """The address at which the token's holder sets a password."""
        return f"{self.public_url}/set-password/{token}"

    async def send_link(self, conn: Connection, user: Row, purpose: Purpose) -> str:
        """Make a link for the user and queue the mail that carries it. Returns the link."""
        link = self.link(await issue(conn, user["id"], purpose))
        notice = Notice(
            kind=purpose,
            organisation_id=user["organisation_id"],
            to=user["email"],
            name=user["name"],
            language=user["language"],
            link=link,
        )
        await self.notifier.add(conn, notice)
        return link

"""Mails that the accounts send: the words here, the way out is the app's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from contactcenter.accounts.rules import TOKEN_LIFE
from contactcenter.accounts.tokens import Purpose
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.sql import Connection


@dataclass(frozen=True)
class Notice:
    """A link for a user. Its repr is short: the link must not reach a log."""

    kind: Purpose
    organisation_id: int
    to: str
    name: str
    language: str
    link: str

    def __repr__(self) -> str:
        return f"Notice({self.kind})"


class Notifier(Protocol):
    """How notices leave the house."""

    async def add(self, conn: Connection, notice: Notice) -> None:
        """Queue it, in the transaction that made the link."""

    def wake(self) -> None:
        """The transaction is committed: send soon."""


class NoNotices:
    """Nothing leaves: for commands that print the link instead, and for tests."""

    async def add(self, conn: Connection, notice: Notice) -> None:
        """Queue nothing."""

    def wake(self) -> None:
        """Nothing to send."""


def compose(catalogue: Catalogue, notice: Notice) -> tuple[str, str]:
    """(subject, text) in the user's language."""
    hours = int(TOKEN_LIFE[notice.kind].total_seconds() // 3600)
    return (
        catalogue.t(notice.language, f"mail.{notice.kind}.subject"),
        catalogue.t(
            notice.language,
            f"mail.{notice.kind}.text",
            name=notice.name,
            link=notice.link,
            hours=hours,
        ),
    )

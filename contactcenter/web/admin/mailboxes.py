"""How it goes with the mailboxes that mail is fetched from, for admins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from aiohttp import web

from contactcenter.intake.mailboxes import how_far
from contactcenter.kernel.sql import Row
from contactcenter.web import auth
from contactcenter.web.admin.mail import queue_names
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
SOON = timedelta(days=14)  # a token that ends so soon is worth a word: renewing takes people

State = Literal["new", "failing", "late", "well"]
Unit = Literal["minutes", "hours", "days"]
_LATE_S = 600.0
# What can be wrong, as docs/email.md lists it; another code is shown as it is.
ERRORS = frozenset(
    (
        "unreachable", "tls", "login_refused", "token_refused", "folder_missing",
        "no_uidvalidity", "no_queue", "cut", "refused", "protocol", "house", "mail",
    )
)  # fmt: skip


class Mailbox(NamedTuple):
    """A mailbox as the page shows it: its row, how it is, what its oldest waiting mail is late by,
    and for how many days tokens can still be got (negative: since when they can't)."""

    row: Row
    state: State
    last_uid: str
    lag: tuple[Unit, int] | None
    token_days: int | None

    @property
    def token_soon(self) -> bool:
        """Whether somebody must renew the token."""
        return self.token_days is not None and self.token_days <= SOON.days


@routes.get("/admin/mailboxes")
async def mailboxes(request: web.Request) -> web.Response:
    """Those of the settings that feed queues of the admin's organisations, by name."""
    actor = await auth.signed_in(request)
    rows = await services_of(request).mailboxes(actor)
    now = datetime.now(UTC)
    shown = [_shown(row, now) for row in rows]
    return await page(
        request,
        "admin_mailboxes.html",
        mailboxes=shown,
        errors=ERRORS,
        queues=await queue_names(request, actor),
    )


def _shown(row: Row, now: datetime) -> Mailbox:
    expires = row["token_expires_at"]
    _, uid = how_far(row["cursor"])
    return Mailbox(
        row=row,
        state=_state(row),
        last_uid="" if uid is None else str(uid),
        lag=_lag(row["lag_s"]),
        token_days=None if expires is None else (expires - now).days,
    )


def _state(row: Row) -> State:
    if row["failures"]:
        return "failing"
    if row["polled_at"] is None:
        return "new"
    return "late" if row["lag_s"] > _LATE_S else "well"


def _lag(seconds: float) -> tuple[Unit, int] | None:
    """The lag in the largest unit of which there are two; None below a minute."""
    if seconds < 60:
        return None
    if seconds < 2 * 3600:
        return "minutes", int(seconds // 60)
    return (
        ("hours", int(seconds // 3600)) if seconds < 48 * 3600 else ("days", int(seconds // 86400))
    )

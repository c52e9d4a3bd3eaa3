"""The pages that somebody may go to, the same in every header."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from contactcenter.accounts.authorise import Actor, may

_MAIL = ("aside", "undelivered", "blocked-senders", "quarantine", "mailboxes", "loop-hits")
_OF_MAIL = tuple(f"/admin/{name}" for name in _MAIL)


class Place(NamedTuple):
    """`key`: of its name in the catalogue. `current`: aria-current, "" elsewhere."""

    href: str
    key: str
    current: str


def places(actor: Actor | None, path: str, *, demo_mail: bool) -> list[Place]:
    """Where this user may go from the page at `path`; nowhere who is not signed in."""
    if actor is None:
        return []
    watches, mail = may(actor, "watch"), is_of_mail(path)
    shown = [
        (True, "/console", "page.console", False),
        (watches, "/board", "board.title", False),
        (watches, "/waiting", "waiting.title", False),
        (may(actor, "read_feedback"), "/feedback", "feedback.title", False),
        (may(actor, "read_insight"), "/insight", "insight.title", False),
        (watches, "/whatif", "whatif.title", False),
        (True, "/why-not", "why_not.title", False),
        (watches, "/admin/aside", "mails.title", mail),
        (
            actor.role == "admin",
            "/admin/queues",
            "settings.title",
            path.startswith("/admin/") and not mail,
        ),
        (demo_mail, "/demo/mail", "demo.title", False),
    ]
    return [
        Place(href, key, _current(href, path, within))
        for there, href, key, within in shown
        if there
    ]


def is_of_mail(path: str) -> bool:
    """Whether it is one of the pages on mail, which have a menu of their own."""
    return path.startswith(_OF_MAIL)


def as_json(shown: list[Place]) -> str:
    """For the headers that scripts draw."""
    return msgspec.json.encode([place._asdict() for place in shown]).decode()


def _current(href: str, path: str, within: bool) -> str:
    if within or path.startswith(f"{href}/"):
        return "true"
    return "page" if path == href else ""

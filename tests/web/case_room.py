"""A room of cases' pages that a test plays: one case, and what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from contactcenter.callback.windows import Window
from contactcenter.case_page.reading import Older, Said, View
from contactcenter.case_page.transcript import Wish
from contactcenter.channel import Attachment
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Row

TOKEN = "a" * 42 + "A"
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "</div></main><form action=//evil.example>",
    "javascript:alert(1)\u202etxt.exe",
)


def file_of(name: str, scan: str = "clean", size: int = 1_250_000) -> dict[str, Any]:
    """A file as the page is given it."""
    told = {"id": "5", "name": name, "media_type": "image/png", "size": size, "scan": scan}
    return told | ({"url": f"/file/{TOKEN}"} if scan == "clean" else {})


WAITS = View(
    case=17,
    subject="Päivähoitopaikka syksyksi",
    organisation={"fi": "Mikkelin kaupunki", "sv": "S:t Michels stad", "en": "City of Mikkeli"},
    organisation_key="mikkeli",
    queue={"fi": "Yleinen neuvonta", "sv": "Allmän rådgivning", "en": "General advice"},
    zone="Europe/Helsinki",
    language="fi",
    now=NOW,
    story="waiting",
    state="queued",
    channel="mail",
    agent="",
    promise=None,
    next_at=None,
    messages=(
        Said(
            1,
            True,
            "Ville",
            NOW - timedelta(hours=3),
            "Hei,\nmilloin haku alkaa?",
            (file_of("kuva.png"), file_of("lasku.pdf", "waiting"), file_of("x.zip", "infected")),
        ),
    ),
    more=False,
    offers=("callback",),
    mails=True,
    mailbox=None,
    place=3,
    wait=(180.0, 480.0),
)
ANSWER = Said(3, False, "Aino", NOW, "Haku alkaa 1.3. https://www.mikkeli.example/" + "a" * 90, ())
PROMISED = WAITS._replace(
    story="promised",
    state="scheduled",
    channel="callback",
    promise=Window(NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=30)),
    offers=("mail",),
    place=None,
    wait=None,
)
HANDLED = WAITS._replace(
    story="handled", state="active", agent="Aino", place=None, wait=None, offers=()
)
ANSWERED = HANDLED._replace(
    story="answered", state="closed", agent="", messages=(*WAITS.messages, ANSWER)
)
ASKED = HANDLED._replace(
    messages=(*WAITS.messages, ANSWER._replace(choices=("Maanantai", "x" * 60, HOSTILE[1])))
)


@dataclass
class FakePages:
    """Implements `web.case_pages.CasePages`. `refuse` is what the next act is answered with."""

    view: View = WAITS
    refuse: Refused | None = None
    done: list[tuple[str, ...]] = field(default_factory=list)
    opened: int = 0
    used: bool = False

    async def give(self, case: int) -> str:
        return f"https://city.example/case/{TOKEN}"

    async def look(self, token: str) -> View:
        if token != TOKEN:
            raise Refused("not_found")
        return self.view

    async def older(self, token: str, before: int) -> Older:
        await self.look(token)
        return Older(tuple(one for one in self.view.messages if one.seq < before), False)

    async def file(self, token: str) -> Row:
        raise Refused("not_found")

    async def seen(self, case: int) -> None:
        self.opened += 1

    async def write(
        self, token: str, request_id: str, text: str, files: Sequence[Attachment] = ()
    ) -> None:
        await self._do(token, "write", request_id, text, *(one.name for one in files))

    async def cancel(self, token: str) -> None:
        await self._do(token, "cancel")

    async def to_callback(self, token: str, number: str, request_id: str, address: str) -> None:
        await self._do(token, "callback", number, request_id)

    async def to_mail(self, token: str, mailbox: str) -> None:
        await self._do(token, "mail", mailbox)

    async def ask_transcript(
        self, token: str, request_id: str, address: str, language: str
    ) -> None:
        await self._do(token, "transcript", address, request_id, language)

    async def look_at_proof(self, proof: str) -> Wish:
        if proof != TOKEN:
            raise Refused("not_found")
        if self.used:
            raise Refused("link_ended")
        return Wish("u…@example.org", self.view.organisation, "mikkeli", "sv")

    async def prove(self, proof: str) -> None:
        await self.look_at_proof(proof)
        self.used = True

    async def add_address(self, token: str, mailbox: str) -> None:
        await self._do(token, "address", mailbox)

    async def _do(self, token: str, *what: str) -> None:
        await self.look(token)
        if self.refuse is not None:
            raise self.refuse
        self.done.append(what)

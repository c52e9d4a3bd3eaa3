"""The accessibility statement (Act 306/2019, section 9; model: implementing decision (EU)
2018/1523), from what a run of the tests has written down, and the form for feedback on it, which is
answered within 14 days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, partial
from typing import Literal

import msgspec
from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.kernel.i18n import pick
from contactcenter.web.citizen import sent_form, written_form
from contactcenter.web.citizen.owners import for_accessibility, owner
from contactcenter.web.citizen.sent_form import Sent
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import UI
from contactcenter.web.security import takes
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
ANSWERED_WITHIN = timedelta(days=14)
ASSESSED, GAPS = UI / "accessibility.json", UI / "accessibility_gaps.json"
Names = dict[str, str]


class Assessed(msgspec.Struct, frozen=True):
    """What a run of the checks found (`make accessibility` writes it). `states`: pages in a state
    and a language that axe-core looked at; `checks`: tests of keyboard, narrow screens and the
    like; `failed` of them; `violations`: what axe-core found."""

    version: str
    date: date
    checks: int
    failed: int
    states: int
    violations: int


class Gap(msgspec.Struct, frozen=True):
    """What is known not to be accessible: the criterion of WCAG 2.1, why, and what to do instead.
    `kind`: a fault, a burden out of proportion, or content that the law does not ask for."""

    criterion: str
    kind: Literal["fault", "burden", "exempt"]
    what: Names
    instead: Names


class Statement(msgspec.Struct, frozen=True):
    """Both, and what they come to. Without a run nothing is claimed."""

    assessed: Assessed | None
    gaps: tuple[Gap, ...]

    @property
    def status(self) -> Literal["full", "partial", "none"]:
        """In the words of the model."""
        if self.assessed is None:
            return "none"
        clean = not (self.assessed.failed or self.assessed.violations)
        faults = any(gap.kind != "exempt" for gap in self.gaps)
        return "full" if clean and not faults else "partial"


@cache
def statement() -> Statement:
    """As this release has it."""
    assessed = ASSESSED.read_bytes() if ASSESSED.exists() else b"null"
    return Statement(
        msgspec.json.decode(assessed, type=Assessed | None),
        msgspec.json.decode(GAPS.read_bytes(), type=tuple[Gap, ...]),
    )


@routes.get("/accessibility")
async def accessibility(request: web.Request) -> web.Response:
    """The statement of ?organisation=, with the form."""
    return await _show(request, written_form.empty(), [])


@routes.post("/accessibility")
@takes(sent_form.MOST_BODY)
async def feedback(request: web.Request) -> web.Response:
    """Take feedback in: its clock runs from now on."""
    sent = await sent_form.read(request)
    matter = await for_accessibility(request, await owner(request))
    refused: list[Refused] = []
    if not written_form.is_switch(sent):
        refused = written_form.wrong(sent)
        if matter is None:
            raise Refused("not_found")
        if not refused:
            t = partial(services_of(request).catalogue.t, language_of(request))
            try:
                return await written_form.take(
                    request,
                    matter,
                    sent,
                    t("accessibility.subject"),
                    "accessibility",
                    matter.now + ANSWERED_WITHIN,
                )
            except Refused as no:
                refused = [no]
    return await _show(request, sent, refused)


async def _show(request: web.Request, sent: Sent, refused: list[Refused]) -> web.Response:
    of = await owner(request)
    can_write = services_of(request).receive is not None
    return await written_form.show(
        request,
        "accessibility.html",
        sent,
        refused,
        whose=Whose(of.key),
        of=of,
        said=statement(),
        can_write=can_write and await for_accessibility(request, of) is not None,
        in_words=partial(pick, language=language_of(request)),
    )

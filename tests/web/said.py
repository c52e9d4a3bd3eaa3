"""A city that takes open feedback: a service to choose, and what was given so far."""

from __future__ import annotations

import re

from tests.web.city import City, open_city, request_id_of
from tests.web.edge import Answer, Browser, Edge

FORM = "/give-feedback?lang=en"
SERVICE = (
    "INSERT INTO service (organisation_id, source, external_id, name, given, words, stems, digest)"
    " VALUES ($1, 'own', $2, $3::jsonb, '{}', '', '', '') RETURNING id"
)


async def open_said(edge: Edge, redis_url: str) -> tuple[City, int, int]:
    """The city; a service of its own, and one of the partner's."""
    city = await open_city(edge, redis_url)
    made = []
    for organisation, name in (("city", "Katuvalot"), ("kela", "Opintotuki")):
        names = f'{{"fi": "{name}", "en": "{name} (en)"}}'
        (row,) = await edge.rows(SERVICE, edge.organisations[organisation], name, names)
        made.append(row["id"])
    return city, made[0], made[1]


async def send(browser: Browser, path: str = FORM, **given: str) -> Answer:
    """Fill the form in and send it."""
    filled = {"kind": "fault", "about": "service", "text": "The light is out.", "place": ""}
    request_id = given.pop("request_id", None) or request_id_of(await browser.get(path))
    return await browser.post(path, filled | given | {"request_id": request_id})


async def given(edge: Edge, browser: Browser, **said: str) -> tuple[int, str]:
    """Give feedback; its contact, and the token of its status link."""
    sent = await send(browser, **said)
    assert sent.status == 303, sent.text
    found = re.fullmatch(r"/give-feedback/([\w-]{32})\?new=1&lang=en", sent.header("Location"))
    assert found is not None
    (row,) = await edge.rows("SELECT max(contact_id) AS contact FROM open_feedback")
    return row["contact"], found[1]

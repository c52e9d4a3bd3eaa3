"""A request as a program sends it: judged as a whole, so that all that is wrong is told at once."""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

from contactcenter.accounts.rules import email_key
from contactcenter.cases.rules import one_line
from contactcenter.config import Settings
from contactcenter.errors import Refused
from contactcenter.feedback import open_rules as rules
from contactcenter.feedback.open_rules import Place
from contactcenter.web.bodies import Form

LEAST, MOST = 10, 5_000  # characters of a description
_MOST_NAME = 100
_MOST_LINE = 100


class Wanted(NamedTuple):
    """What is asked. `service` as it was sent; `rest` is for the agent's eyes alone; `digest`: the
    same request has the same."""

    service: str
    text: str
    where: Place
    media_url: str | None
    name: str
    email: str
    rest: str
    digest: str


def require_key(settings: Settings, sent: Form) -> None:
    """Raises Refused where keys are asked for, and this is none. Every key is compared, so that the
    time tells nothing."""
    if settings.open311 != "key":
        return
    given = sent.get("api_key").encode()
    if sum(hmac.compare_digest(given, key.encode()) for key in settings.open311_keys) == 0:
        raise Refused("forbidden", "open311_key", field="api_key")


def read(sent: Form) -> Wanted:
    """Raises Refused with all that is wrong."""
    wrong: list[Refused] = []
    service = sent.get("service_code").strip()
    if not service:
        wrong.append(Refused("bad_request", "open311_service_missing", field="service_code"))
    text = sent.get("description").replace("\r\n", "\n").strip()
    if not LEAST <= len(text) <= MOST:
        wrong.append(
            Refused(
                "bad_request", "open311_description", field="description", least=LEAST, most=MOST
            )
        )
    where, media, email = Place(""), None, sent.get("email").strip()
    try:
        where = _where(sent)
    except Refused as no:
        wrong.append(no)
    try:
        media = rules.media_url(sent.get("media_url"))
    except Refused:
        wrong.append(Refused("bad_request", "open311_media", field="media_url"))
    if email and not email_key(email):
        wrong.append(Refused("bad_request", "invalid_email", field="email"))
    name = one_line(f"{sent.get('first_name')} {sent.get('last_name')}", _MOST_NAME)
    if wrong:
        raise Refused(wrong[0].code, wrong[0].detail, errors=tuple(wrong))
    phone = one_line(sent.get("phone"), _MOST_LINE)
    said = (service, text, *map(str, where), media or "", name, email_key(email), phone)
    digest = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:40]
    return Wanted(service, text, where, media, name, email, phone, digest)


def _where(sent: Form) -> Place:
    """By coordinates, an address, or both. Raises Refused."""
    words = one_line(sent.get("address_string") or sent.get("address_id"))
    if len(words) > rules.MAX_PLACE:
        raise Refused("bad_request", "feedback_place_long", field="place", most=rules.MAX_PLACE)
    lat, long = sent.get("lat").strip(), sent.get("long").strip()
    if not (lat or long):
        if not words:
            raise Refused("bad_request", "open311_location", field="lat")
        return Place(words)
    try:
        return Place(words, *rules.point(lat, long))
    except Refused:
        raise Refused("bad_request", "open311_location", field="lat") from None

"""What open feedback may hold: its kinds, its place, its decision, and the token of its status
link. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from contactcenter.cases.rules import one_line
from contactcenter.errors import Refused
from contactcenter.kernel.mask import storable

Kind = Literal["thanks", "complaint", "question", "proposal", "fault"]
About = Literal["service", "handling"]
Decision = Literal["done", "planned", "no"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ABOUT: tuple[About, ...] = get_args(About)
DECISIONS: tuple[Decision, ...] = get_args(Decision)
MAX_PLACE = 300
MAX_URL = 2_000
MAX_REASON = 2_000
MAX_PUBLIC = 10_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
_POINT = re.compile(
    r"\s*([-+]?\d{1,2}(?:\.\d{1,12})?)\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d{1,12})?)\s*", re.ASCII
)


class Place(NamedTuple):
    """Where: in words, and by WGS 84 where coordinates were given."""

    words: str
    lat: float | None = None
    long: float | None = None


class Settled(NamedTuple):
    """What comes of an item (None: not decided), why, and what everybody may read of it: a text
    (None: nothing at all), a place in words, whether the coordinates, whether where the picture
    is."""

    decision: Decision | None
    reason: str
    public_text: str | None
    public_place: str = ""
    public_point: bool = False
    public_media: bool = False


def place(typed: str) -> Place:
    """What was typed, as coordinates where it is such: "61.688, 27.272". Raises Refused."""
    words = one_line(typed)
    if len(words) > MAX_PLACE:
        raise Refused("too_large", "feedback_place_long", field="place", most=MAX_PLACE)
    found = _POINT.fullmatch(words)
    if found is None:
        return Place(words)
    try:
        return Place(words, *point(found[1], found[2]))
    except Refused:
        return Place(words)


def point(lat: str, long: str) -> tuple[float, float]:
    """Coordinates in degrees. Raises Refused where they are none on earth."""
    try:
        found = float(lat), float(long)
    except ValueError:
        raise Refused("bad_request", "invalid_field", field="lat") from None
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):  # nan is neither
        raise Refused("bad_request", "invalid_field", field="lat")
    return found


def media_url(text: str) -> str | None:
    """Where a picture is, which is shown as a link and never fetched; None for "". Raises
    Refused."""
    url = text.strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        known = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        known = False
    if not known or len(url) > MAX_URL or not url.isprintable() or " " in url:
        raise Refused("bad_request", "invalid_field", field="media_url")
    return url


def checked(settled: Settled) -> Settled:
    """As it is stored: masked, tidy, and nothing public without a public text. Raises Refused with
    all that is wrong."""
    reason = settled.reason.replace("\r\n", "\n").strip()
    text = settled.public_text
    text = None if text is None else text.replace("\r\n", "\n").strip() or None
    where = one_line(settled.public_place)
    wrong = []
    if settled.decision is not None and settled.decision not in DECISIONS:
        wrong.append(Refused("bad_request", "invalid_field", field="decision"))
    if settled.decision is not None and not reason:
        wrong.append(Refused("bad_request", "feedback_reason", field="reason"))
    if len(reason) > MAX_REASON:
        wrong.append(Refused("too_large", "message_long", field="reason", most=MAX_REASON))
    if text is not None and len(text) > MAX_PUBLIC:
        wrong.append(Refused("too_large", "message_long", field="public_text", most=MAX_PUBLIC))
    if len(where) > MAX_PLACE:
        wrong.append(Refused("too_large", "message_long", field="public_place", most=MAX_PLACE))
    if wrong:
        raise Refused("bad_request", errors=tuple(wrong))
    kept = storable(reason) if settled.decision is not None else ""
    if text is None:
        return Settled(settled.decision, kept, None)
    return Settled(
        settled.decision,
        kept,
        storable(text),
        storable(where),
        settled.public_point,
        settled.public_media,
    )


def status_token(key: bytes, organisation: str, request_id: str) -> str:
    """The token of a request's status link: 192 bits that nobody without the key can tell, and the
    same again for the same request, so that a double submit leads to one page (RFC 2104)."""
    said = f"status {organisation} {request_id}".encode()
    return urlsafe_b64encode(hmac.digest(key, said, "sha256")[:24]).decode()


def token_hash(token: str) -> bytes | None:
    """As it is stored; None for what is no token at all."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None

"""What an error is to the outside: its status, and the object that stands for it."""

from __future__ import annotations

import math

from aiohttp import web

from contactcenter.errors import DatabaseUnavailable, Refused
from contactcenter.kernel.db import TRANSIENT
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web.i18n import language_of
from contactcenter.web.services import services_of

RETRY_S = 5.0
_MINUTE_S = 60.0

STATUS = {
    "bad_request": 400,
    "unknown_type": 400,
    "invalid_number": 400,
    "number_not_allowed": 400,
    "not_signed_in": 401,
    "bad_login": 401,
    "forbidden": 403,
    "not_yours": 403,
    "not_found": 404,
    "unknown_queue": 404,
    "resume_unknown": 404,
    "closed": 409,
    "offer_ended": 409,
    "wrong_state": 409,
    "stale": 409,
    "client_id_used": 409,
    "request_id_used": 409,
    "window_past": 409,
    "window_full": 409,
    "resume_expired": 410,
    "link_ended": 410,
    "too_large": 413,
    "too_many": 429,
    "internal": 500,
    "unavailable": 503,
}


def status_of(no: Refused) -> int:
    """The HTTP status of an error's code."""
    return STATUS.get(no.code, 400)


def error_object(request: web.Request, no: Refused) -> dict[str, object]:
    """{code, message, field?, errors?, retry_after_s?}, the messages in the asker's language."""
    message = services_of(request).catalogue.refusal(language_of(request), no)
    found: dict[str, object] = {"code": no.code, "message": message}
    if no.field is not None:
        found["field"] = no.field
    if no.retry_after_s is not None:
        found["retry_after_s"] = no.retry_after_s
    if no.errors:
        found["errors"] = [error_object(request, one) for one in no.errors]
    return found


def in_minutes(no: Refused) -> Refused:
    """The refusal for a person: a long pause is told in minutes."""
    if no.code != "too_many" or (no.retry_after_s or 0) <= 2 * _MINUTE_S:
        return no
    minutes = math.ceil((no.retry_after_s or 0) / _MINUTE_S)
    return Refused("too_many", "too_many_minutes", retry_after_s=no.retry_after_s, minutes=minutes)


def retry_header(no: Refused) -> dict[str, str]:
    """The Retry-After header where a time to wait is known (RFC 9110, 10.2.3)."""
    if no.retry_after_s is None:
        return {}
    return {"Retry-After": str(math.ceil(no.retry_after_s))}


def refusal_of(error: Exception) -> Refused | None:
    """An error that has a code, or stands for one; None for what nobody foresaw."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, (LiveUnavailable, DatabaseUnavailable, *TRANSIENT)):
        return Refused("unavailable", retry_after_s=RETRY_S)
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return Refused("too_large")
    if isinstance(error, web.HTTPNotFound):
        return Refused("not_found")
    return None

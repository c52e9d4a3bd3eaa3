"""The way back over a change, from what the audit says of it. Pure."""

from __future__ import annotations

import msgspec

from contactcenter.configuration.document import KINDS, Kind, Thing
from contactcenter.configuration.plan import Facts, Step, facts, without
from contactcenter.errors import Refused

UNDONE = (
    "organisation",
    "queue",
    "disposition",
    "decline_reason",
    "template",
    "topic",
    "contact_reason",
    "area",
    "widget_origin",
    "theme",
    "agreement",
)


def back(kind: Kind, now: Thing | None, was: str | None, became: str | None) -> Step:
    """The step that leads back; `was` and `became` as the audit has them, JSON of the fields that
    changed. Raises Refused: `stale` where one of these was changed since, `not_found` for what
    can't be taken back."""
    before, after = _value(was), _value(became)
    of = KINDS[kind]
    if after is None and now is None:
        return Step(kind, None, msgspec.convert(before, of))
    plain = facts(now)
    if now is None or any(plain.get(name) != value for name, value in (after or {}).items()):
        raise Refused("stale", "changed_since")
    if before is not None:
        return Step(kind, now, msgspec.convert(plain | before, of))
    gone = without(now)
    if gone == now:
        raise Refused("not_found")
    return Step(kind, now, gone)


def _value(text: str | None) -> Facts | None:
    return None if text is None else msgspec.json.decode(text)

"""One queue as a form, and back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from contactcenter.configuration.document import Queue, ServiceLevel
from contactcenter.errors import Refused
from contactcenter.queue.hours import Hours
from contactcenter.web.admin import configuring, hours_form, relax_form
from contactcenter.web.admin.configuring import Pairs, several
from contactcenter.web.bodies import Body, Form, Line, Text

# Fields that the form has as the queue has them: numbers, boxes, texts by language.
_NUMBERS = (
    "level",
    "target_s",
    "callbacks_per_half_hour",
    "feedback_after_s",
    "feedback_every_days",
    "prefer_s",
    "idle_warning_s",
    "idle_close_s",
)
_BOXES = ("decision", "sensitive", "receipts", "feedback", "auto_accept")
_TEXTS = ("name", "from_name", "greeting", "signature")
Number = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Opening = Literal["always", "staffed", "hours"]


def _named(name: str, **given: Any) -> Any:
    return msgspec.field(name=name, **given)


class Edit(Body, kw_only=True):
    """The form of one queue. A day's hours are a line of text: "9-15, 16-18"."""

    organisation: Line
    key: Line
    name_fi: Line = _named("name.fi", default="")
    name_sv: Line = _named("name.sv", default="")
    name_en: Line = _named("name.en", default="")
    task: Line
    level: Number
    languages: tuple[Line, ...] = ()
    channels: tuple[Line, ...] = ()
    addresses: Text = ""
    phone: Line = ""
    opening: Opening
    monday: Line = _named("hours.weekly.1", default="")
    tuesday: Line = _named("hours.weekly.2", default="")
    wednesday: Line = _named("hours.weekly.3", default="")
    thursday: Line = _named("hours.weekly.4", default="")
    friday: Line = _named("hours.weekly.5", default="")
    saturday: Line = _named("hours.weekly.6", default="")
    sunday: Line = _named("hours.weekly.7", default="")
    days: tuple[Line, ...] = _named("hours.exceptions.day", default=())
    spans: tuple[Line, ...] = _named("hours.exceptions.spans", default=())
    holidays: Literal["closed", "open"] = _named("hours.holidays")
    eves: Literal["closed", "open"] = _named("hours.eves")
    target_s: Number
    seconds: Number = _named("service_level.seconds")
    way: Line = _named("service_level.way")
    short_abandon_s: Number = _named("service_level.short_abandon_s")
    offer_s: Number | None = None
    callbacks_per_half_hour: Number
    prefer_s: Number = 0
    idle_warning_s: Number = 600
    idle_close_s: Number = 180
    relax_after: tuple[Line, ...] = _named("relax.after_s", default=())
    relax_to: tuple[Line, ...] = _named("relax.to", default=())
    relax_queue: tuple[Line, ...] = _named("relax.queue", default=())
    sensitive: Line = ""
    decision: Line = ""  # a box without a cross is not sent
    receipts: Line = ""
    feedback: Line = ""
    feedback_after_s: Number = 3600
    feedback_every_days: Number = 30
    auto_accept: Line = ""
    from_name_fi: Line = _named("from_name.fi", default="")
    from_name_sv: Line = _named("from_name.sv", default="")
    from_name_en: Line = _named("from_name.en", default="")
    greeting_fi: Text = _named("greeting.fi", default="")
    greeting_sv: Text = _named("greeting.sv", default="")
    greeting_en: Text = _named("greeting.en", default="")
    signature_fi: Text = _named("signature.fi", default="")
    signature_sv: Text = _named("signature.sv", default="")
    signature_en: Text = _named("signature.en", default="")
    seen: Text = ""
    act: Literal["save", "preview"] = "save"


def read(sent: Form) -> Edit:
    """The form; an empty number of seconds is none."""
    pairs = [(name, value) for name, values in sent.values.items() for value in values]
    return Form([pair for pair in pairs if pair != ("offer_s", "")]).read(Edit)


def queue_of(given: Edit, *, disabled: bool) -> Queue:
    alike: dict[str, Any] = {name: getattr(given, name) for name in _NUMBERS}
    alike |= {name: getattr(given, name) == "yes" for name in _BOXES}
    alike |= {name: configuring.texts(given, name) for name in _TEXTS}
    return Queue(
        organisation=given.organisation,
        key=given.key.strip(),
        task=given.task.strip(),
        languages=given.languages,
        channels=given.channels,
        addresses=tuple(given.addresses.split()),
        phone=given.phone.strip(),
        hours=_hours(given),
        always_open=given.opening == "always",
        service_level=ServiceLevel(
            seconds=given.seconds, way=given.way, short_abandon_s=given.short_abandon_s
        ),
        offer_s=given.offer_s,
        relax=relax_form.steps_of(given.relax_after, given.relax_to, given.relax_queue),
        disabled=disabled,
        **alike,
    )


def _hours(given: Edit) -> Hours:
    """What is typed; nothing where staff alone decide. Raises Refused for hours without any."""
    week = (given.monday, given.tuesday, given.wednesday, given.thursday, given.friday)
    typed = enumerate((*week, given.saturday, given.sunday), 1)
    weekly = {str(n): hours_form.spans_of(text, f"hours.weekly.{n}") for n, text in typed}
    hours = Hours(
        weekly={day: spans for day, spans in weekly.items() if spans},
        exceptions=hours_form.exceptions_of(given.days, given.spans),
        holidays=given.holidays,
        eves=given.eves,
    )
    typed_none = not hours.weekly and not any(hours.exceptions.values())
    if given.opening == "hours" and typed_none:
        raise Refused("bad_request", "hours_none", field="opening")
    return Hours() if given.opening == "staffed" or typed_none else hours


def _opening(thing: Queue) -> Opening:
    if thing.always_open:
        return "always"
    return "staffed" if thing.hours == Hours() else "hours"


def pairs(thing: Queue) -> Pairs:
    level = thing.service_level
    return [
        ("organisation", thing.organisation),
        ("key", thing.key),
        ("task", thing.task),
        *several("languages", thing.languages),
        *several("channels", thing.channels),
        ("addresses", "\n".join(thing.addresses)),
        ("phone", thing.phone),
        ("opening", _opening(thing)),
        *hours_form.pairs(thing.hours),
        ("service_level.seconds", str(level.seconds)),
        ("service_level.way", level.way),
        ("service_level.short_abandon_s", str(level.short_abandon_s)),
        ("offer_s", "" if thing.offer_s is None else str(thing.offer_s)),
        *relax_form.pairs(thing.relax),
        *((name, str(getattr(thing, name))) for name in _NUMBERS),
        *((name, "yes" if getattr(thing, name) else "") for name in _BOXES),
        *(pair for name in _TEXTS for pair in configuring.names(thing, name)),
    ]

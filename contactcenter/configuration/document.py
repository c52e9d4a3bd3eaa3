"""The whole configuration as one document, as the file holds it: JSON out, JSON or TOML in.

Each thing is one struct; what is left out has its default. Passwords and sessions are no part of
it. `tidy` gives the one form in which a thing is compared, stored and written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import msgspec

from contactcenter.errors import Refused
from contactcenter.queue.hours import Hours
from contactcenter.queue.rules import CHANNELS

MAX_BYTES = 1024 * 1024
Kind = Literal["organisation", "queue", "disposition", "template", "widget_origin", "user"]
Names = dict[str, str]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds: its fields and no others."""


class Organisation(Part, frozen=True, kw_only=True):
    """The city or a partner authority."""

    key: str
    name: Names
    time_zone: str = "Europe/Helsinki"


class ServiceLevel(Part, frozen=True, kw_only=True):
    """Accepted within so many seconds; how abandons count."""

    seconds: int = 3600
    way: str = "negative"
    short_abandon_s: int = 10


class Queue(Part, frozen=True, kw_only=True):
    """A named line of an organisation."""

    organisation: str
    key: str
    name: Names
    task: str
    level: int = 1
    languages: tuple[str, ...]
    channels: tuple[str, ...] = ("mail", "chat", "callback")
    addresses: tuple[str, ...] = ()
    hours: Hours = Hours()
    always_open: bool = True
    target_s: int = 3600
    service_level: ServiceLevel = ServiceLevel()
    offer_s: int | None = None
    callbacks_per_half_hour: int = 4
    disabled: bool = False


class Disposition(Part, frozen=True, kw_only=True):
    """A coded outcome."""

    organisation: str
    key: str
    name: Names
    position: int = 0
    disabled: bool = False


class Template(Part, frozen=True, kw_only=True):
    """An answer to write from, by language."""

    organisation: str
    key: str
    name: Names
    text: Names
    position: int = 0
    disabled: bool = False


class WidgetOrigin(Part, frozen=True, kw_only=True):
    """A site that may show our chat and send callback requests."""

    organisation: str
    origin: str


class Skill(Part, frozen=True, kw_only=True):
    """What a user can, in these languages, up to a level."""

    organisation: str
    task: str
    languages: tuple[str, ...]
    level: int = 1


class User(Part, frozen=True, kw_only=True):
    """Who signs in. `organisations`: whose citizens' data the user may see; the own one without."""

    email: str
    name: str
    role: str = "agent"
    organisation: str
    language: str = "fi"
    capacity: int = 3
    organisations: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    disabled: bool = False


Thing = Organisation | Queue | Disposition | Template | WidgetOrigin | User


class Document(Part, frozen=True, kw_only=True):
    """Everything."""

    organisation: tuple[Organisation, ...] = ()
    user: tuple[User, ...] = ()
    queue: tuple[Queue, ...] = ()
    disposition: tuple[Disposition, ...] = ()
    template: tuple[Template, ...] = ()
    widget_origin: tuple[WidgetOrigin, ...] = ()

    def things(self) -> list[tuple[Kind, Thing]]:
        """Everything with its kind, in the order of application."""
        return [(kind, thing) for kind in KINDS for thing in getattr(self, kind)]


# In the order in which they are applied.
KINDS: dict[Kind, Any] = {
    "organisation": Organisation,
    "user": User,
    "queue": Queue,
    "disposition": Disposition,
    "template": Template,
    "widget_origin": WidgetOrigin,
}


def key_of(kind: Kind, thing: Thing) -> str:
    """What a thing is found by within its kind: "general", "mikkeli/answered", an address."""
    match thing:
        case Organisation() | Queue():
            return thing.key
        case WidgetOrigin():
            return thing.origin
        case User():
            return thing.email
        case _:
            return f"{thing.organisation}/{thing.key}"


def read(data: bytes) -> Document:
    """A file's bytes, JSON or TOML. Raises Refused: too_large, bad_request."""
    if len(data) > MAX_BYTES:
        raise Refused("too_large", field="file")
    try:
        text = data.decode("utf-8-sig")
        value = msgspec.json.decode(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_request", "file_form", field="file", why=_brief(error)) from None
    return load(value)


def load(value: Mapping[str, Any]) -> Document:
    """A document from its value, its things tidy and in the order given. Raises Refused naming the
    place."""
    try:
        read_ = msgspec.convert(value, Document)
        return Document(**{kind: tuple(map(tidy, getattr(read_, kind))) for kind in KINDS})
    except msgspec.ValidationError as error:
        raise Refused("bad_request", "file_form", field="file", why=_brief(error)) from None


def _brief(error: Exception) -> str:
    return str(error)[:200]


def write(document: Document) -> bytes:
    """The file: JSON, indented, always in the same order."""
    return msgspec.json.format(msgspec.json.encode(tidy_all(document)), indent=2) + b"\n"


def tidy_all(document: Document) -> Document:
    """Everything in its one form, sorted by key."""
    return Document(
        **{
            kind: tuple(sorted(map(tidy, getattr(document, kind)), key=partial(key_of, kind)))
            for kind in KINDS
        }
    )


def tidy(thing: Any) -> Any:
    """A thing in the form in which it is compared and stored: spaces, order and case that mean
    nothing are gone. What is wrong stays wrong: the rules say so."""
    changed: dict[str, Any] = {}
    for name, how in _TIDY.items():
        if hasattr(thing, name):
            changed[name] = how(getattr(thing, name))
    if isinstance(thing, User):
        changed["organisations"] = tuple(sorted({*thing.organisations, thing.organisation}))
    return msgspec.structs.replace(thing, **changed)


def _names(given: str | Names) -> str | Names:
    if isinstance(given, str):
        return " ".join(given.split())
    return {language: " ".join(name.split()) for language, name in _in_order(given) if name.strip()}


def _texts(given: Names) -> Names:
    plain = {language: text.replace("\r\n", "\n").strip() for language, text in _in_order(given)}
    return {language: text for language, text in plain.items() if text}


def _in_order(given: Names) -> list[tuple[str, str]]:
    ours = ("fi", "sv", "en")
    return sorted(given.items(), key=lambda one: (*(one[0] != own for own in ours), one[0]))


def _addresses(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({address.strip().lower() for address in given}))


def _channels(given: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(channel for channel in CHANNELS if channel in given)
    return known + tuple(sorted(set(given) - set(CHANNELS)))


def _hours(given: Hours) -> Hours:
    week = {day: tuple(sorted(spans)) for day, spans in sorted(given.weekly.items()) if spans}
    days = {day: tuple(sorted(spans)) for day, spans in sorted(given.exceptions.items())}
    return msgspec.structs.replace(given, weekly=week, exceptions=days)


def _skills(given: tuple[Skill, ...]) -> tuple[Skill, ...]:
    """One entry for each organisation, task and level, with its languages in order."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for skill in given:
        found.setdefault((skill.organisation, skill.task, skill.level), []).extend(skill.languages)
    return tuple(
        Skill(organisation=organisation, task=task, level=level, languages=tuple(sorted(languages)))
        for (organisation, task, level), languages in sorted(found.items())
    )


_TIDY: dict[str, Any] = {
    "name": _names,
    "text": _texts,
    "addresses": _addresses,
    "channels": _channels,
    "hours": _hours,
    "skills": _skills,
    "email": lambda email: email.strip().lower(),
    "origin": lambda origin: origin.strip().lower().removesuffix("/"),
    "languages": lambda languages: tuple(dict.fromkeys(languages)),
}

"""A document as the file holds it, JSON out, JSON or TOML in; and the one form, `tidy`, in which a
thing is compared, stored and written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from contactcenter.configuration.document import (
    KINDS,
    Document,
    Names,
    Privacy,
    Skill,
    User,
    key_of,
)
from contactcenter.configuration.theme import Colours
from contactcenter.errors import Refused
from contactcenter.queue.hours import Hours
from contactcenter.queue.rules import CHANNELS

MAX_BYTES = 4 * 1024 * 1024  # logos and fonts are in it
_MOST_TOML = 1024 * 1024
_SHORT = re.compile(r"\A#([0-9a-f])([0-9a-f])([0-9a-f])\Z", re.ASCII)
# A dotted key of more parts than anything of ours has. `tomllib` needs the square of their number:
# 400 KB of them kept a whole node busy for an hour.
_LONG_KEY = re.compile(
    r"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}""", re.ASCII
)


def read(data: bytes) -> Document:
    """A file's bytes, JSON or TOML. Raises Refused: too_large, bad_request."""
    if len(data) > MAX_BYTES:
        raise Refused("too_large", field="file")
    try:
        text = data.decode("utf-8-sig")
        value = msgspec.json.decode(text) if text.lstrip()[:1] == "{" else _toml(text)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_request", "file_form", field="file", why=_brief(error)) from None
    return load(value)


def _toml(text: str) -> dict[str, Any]:
    if len(text) > _MOST_TOML:
        raise Refused("too_large", field="file")
    if _LONG_KEY.search(text):
        raise ValueError("key of too many parts")
    return tomllib.loads(text)


def load(value: Mapping[str, Any]) -> Document:
    """A document from its value, its things tidy and in the order given. Raises Refused naming the
    place."""
    try:
        read_ = msgspec.convert(value, Document)
        return Document(
            **{kind: tuple(map(tidy, getattr(read_, kind))) for kind in KINDS},
            theme_file=read_.theme_file,
        )
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
        },
        theme_file=tuple(sorted(document.theme_file, key=lambda one: (one.organisation, one.data))),
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
    return _names_of(given)


def _names_of(given: Names) -> Names:
    return {language: " ".join(name.split()) for language, name in _in_order(given) if name.strip()}


def _texts(given: Names) -> Names:
    plain = {language: text.replace("\r\n", "\n").strip() for language, text in _in_order(given)}
    return {language: text for language, text in plain.items() if text}


def _in_order(given: Names) -> list[tuple[str, str]]:
    ours = ("fi", "sv", "en")
    return sorted(given.items(), key=lambda one: (*(one[0] != own for own in ours), one[0]))


def _privacy(given: Privacy) -> Privacy:
    return Privacy(
        controller=_names_of(given.controller),
        contact=given.contact.strip().lower(),
        officer=given.officer.strip().lower(),
        kept=_names_of(given.kept),
        notice=_names_of(given.notice),
    )


def _asks(given: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(sorted(set(given)))


def _colours(given: Colours) -> Colours:
    """As "#rrggbb": three figures stand for six, as in style sheets."""
    found = {name: value.strip().lower() for name, value in msgspec.structs.asdict(given).items()}
    return Colours(**{name: _SHORT.sub(r"#\1\1\2\2\3\3", value) for name, value in found.items()})


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
    """One entry for each organisation, task, level and day of training, its languages in order."""
    found: dict[tuple[str, str, int, str], Skill] = {}
    for skill in given:
        key = (skill.organisation, skill.task, skill.level, str(skill.trained or ""))
        languages = [*skill.languages, *(found[key].languages if key in found else ())]
        found[key] = msgspec.structs.replace(skill, languages=tuple(sorted(languages)))
    return tuple(found[key] for key in sorted(found))


_TIDY: dict[str, Any] = {
    "name": _names,
    "public_name": _names,
    "text": _texts,
    "hint": _names,
    "privacy": _privacy,
    "logo_text": _names,
    "light": _colours,
    "dark": _colours,
    "from_name": _names,
    "greeting": _texts,
    "signature": _texts,
    "addresses": _addresses,
    "channels": _channels,
    "postal_codes": lambda codes: tuple(sorted(set(codes))),
    "hours": _hours,
    "skills": _skills,
    "email": lambda email: email.strip().lower(),
    "origin": lambda origin: origin.strip().lower().removesuffix("/"),
    "languages": lambda languages: tuple(dict.fromkeys(languages)),
    "chat_asks": _asks,
    "tasks": lambda tasks: tuple(sorted(set(tasks))),
}

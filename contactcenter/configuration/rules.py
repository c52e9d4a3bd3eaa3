"""What each thing may be: values in, problems out, each with the field it is about. Pure.

Things are tidy (filing.py). A name is one line that can be shown: nothing in it can end a header
or a line; an origin is nothing but scheme, host and port: it stands in a header of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

import msgspec

from contactcenter.accounts import rules as accounts
from contactcenter.cases import letter
from contactcenter.configuration.document import (
    Agreement,
    Disposition,
    Document,
    Kind,
    Names,
    Organisation,
    Queue,
    Template,
    Thing,
    User,
    WidgetOrigin,
    key_of,
)
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.queue.hours import read_hours
from contactcenter.queue.rules import CHANNELS

WAYS = ("ignored", "negative", "positive")
MOST_TEXT = 10_000
MOST_AROUND = 2_000
MOST_DAYS = 400
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_QUEUE_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"https?://({_LABEL}(\.{_LABEL})*|\[[0-9a-f:]+\])(:(?P<port>[1-9][0-9]{{0,4}}))?", re.ASCII
)
Problems = Iterator[Refused]


def problems(kind: Kind, thing: Thing) -> list[Refused]:
    """Everything that is wrong with one thing by itself, in the order of its form."""
    return list(_CHECKS[kind](thing))


def refuse(found: list[Refused]) -> None:
    """Raise the first problem with all the others in it; nothing without problems."""
    if found:
        raise _at(found[0], found[0].field, tuple(found))


def _at(no: Refused, field: str | None, errors: tuple[Refused, ...] = ()) -> Refused:
    """The same problem, of another field."""
    moved = Refused(no.code, no.detail, field=field, errors=errors)
    moved.params = no.params
    return moved


def document_problems(document: Document) -> list[Refused]:
    """Everything that is wrong with a document by itself; the text says where."""
    found = [
        placed(kind, thing, problem)
        for kind, thing in document.things()
        for problem in problems(kind, thing)
    ]
    return found + list(_twice(document))


def placed(kind: Kind, thing: Thing, problem: Refused) -> Refused:
    """A problem of one thing, as one of the file it stands in."""
    return _at(problem, f"{kind}.{key_of(kind, thing)}.{problem.field}"[:200])


def _twice(document: Document) -> Problems:
    """What is said twice: the second could not be told from the first."""
    seen: set[str] = set()
    for kind, thing in document.things():
        names = [f"{kind}.{key_of(kind, thing)}"]
        if isinstance(thing, Queue):
            names += [f"address.{address}" for address in thing.addresses]
        for name in names:
            if name in seen:
                yield _no("said_twice", name, what=name.partition(".")[2])
            seen.add(name)


def _no(detail: str, field: str, **params: object) -> Refused:
    problem = Refused("bad_request", detail, field=field)
    problem.params = params
    return problem


def _organisation(thing: Organisation) -> Problems:
    if not _KEY.fullmatch(thing.key):
        yield _no("invalid_key", "key")
    yield from _names(thing.name)
    if thing.time_zone not in available_timezones():
        yield _no("invalid_time_zone", "time_zone")
    if not 0 <= thing.estimate_least <= 100:
        yield _no("out_of_range", "estimate_least", least=0, most=100)


def _names(names: Names, most: int = 100) -> Problems:
    """A name in each of our languages, and in others that are given."""
    for language in LANGUAGES:
        if not names.get(language):
            yield _no("required", f"name.{language}")
    for language, name in names.items():
        if not _LANGUAGE.fullmatch(language):
            yield _no("invalid_language", "name", language=language[:20])
        if not name.isprintable() or len(name) > most:
            yield _no("invalid_name", f"name.{language}"[:50])


def _queue(thing: Queue) -> Problems:
    if not _QUEUE_KEY.fullmatch(thing.key):
        yield _no("invalid_key", "key")
    yield from _names(thing.name)
    if not _KEY.fullmatch(thing.task):
        yield _no("invalid_key", "task")
    if thing.level not in accounts.LEVELS:
        yield _no("invalid_field", "level")
    yield from _languages(thing.languages)
    for channel in thing.channels:
        if channel not in CHANNELS:
            yield _no("invalid_field", "channels")
    for address in thing.addresses:
        if accounts.email_key(address) != address:
            yield _no("invalid_address", "addresses", address=address[:100])
    yield from _hours(thing)
    yield from _numbers(thing)
    yield from _steps(thing)
    yield from _mail(thing)


def _mail(thing: Queue) -> Problems:
    """What goes around answers by mail: their sender's name, the greeting, the signature."""
    for field in ("from_name", "greeting", "signature"):
        for language, text in getattr(thing, field).items():
            place = f"{field}.{language}"[:50]
            if not _LANGUAGE.fullmatch(language):
                yield _no("invalid_language", field, language=language[:20])
            if field == "from_name" and not (text.isprintable() and len(text) <= 100):
                yield _no("invalid_name", place)
            if len(text) > MOST_AROUND or not _is_text(text):
                yield _no("invalid_text", place, most=MOST_AROUND)
            if word := letter.unknown_word(text):
                words = ", ".join(f"{{{one}}}" for one in letter.WORDS)
                yield _no("unknown_word", place, word=f"{{{word[:40]}}}", words=words)


def _languages(languages: tuple[str, ...]) -> Problems:
    if not languages:
        yield _no("language_needed", "languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            yield _no("invalid_language", "languages", language=language[:20])


def _hours(thing: Queue) -> Problems:
    try:
        read_hours(msgspec.to_builtins(thing.hours))
    except Refused as no:
        day = str(no.params.get("day", ""))
        part = f"weekly.{day}" if len(day) == 1 else "exceptions"
        yield _no(no.detail or "hours_form", f"hours.{part}", **no.params)
    if len(thing.hours.exceptions) > MOST_DAYS:
        yield _no("too_many_days", "hours.exceptions", most=MOST_DAYS)


_RANGES: dict[str, tuple[int, int]] = {
    "target_s": (0, 365 * 86_400),
    "service_level.seconds": (1, 365 * 86_400),
    "service_level.short_abandon_s": (0, 86_400),
    "offer_s": (1, 3600),
    "callbacks_per_half_hour": (0, 10_000),
    "prefer_s": (0, 86_400),
}
MOST_STEPS, LONGEST_STEP_S = 5, 30 * 86_400


def _numbers(thing: Queue) -> Problems:
    level = thing.service_level
    if level.way not in WAYS:
        yield _no("invalid_field", "service_level.way")
    for field, (least, most) in _RANGES.items():
        value = getattr(level if "." in field else thing, field.rpartition(".")[2])
        if value is not None and not least <= value <= most:
            yield _no("out_of_range", field, least=least, most=most)


def _steps(thing: Queue) -> Problems:
    """Each later than the one before; level and language are given up once."""
    if len(thing.relax) > MOST_STEPS:
        yield _no("too_many_steps", "relax", most=MOST_STEPS)
    before, given_up = 0, set[str]()
    for step in thing.relax:
        if not before < step.after_s <= LONGEST_STEP_S:
            yield _no("step_too_early", "relax", least=before + 1, most=LONGEST_STEP_S)
        if step.to == "queue" and (not _QUEUE_KEY.fullmatch(step.queue) or step.queue == thing.key):
            yield _no("step_queue", "relax")
        if step.to != "queue" and (step.queue or step.to in given_up):
            yield _no("step_twice", "relax")
        before = max(before, step.after_s)
        given_up.add(step.to)


def _position(thing: Disposition | Template) -> Problems:
    if not _KEY.fullmatch(thing.key):
        yield _no("invalid_key", "key")
    yield from _names(thing.name)
    if not 0 <= thing.position <= 10_000:
        yield _no("out_of_range", "position", least=0, most=10_000)


def _template(thing: Template) -> Problems:
    yield from _position(thing)
    if not thing.text:
        yield _no("text_needed", "text.fi")
    for language, text in thing.text.items():
        if not _LANGUAGE.fullmatch(language):
            yield _no("invalid_language", "text", language=language[:20])
        if len(text) > MOST_TEXT or not _is_text(text):
            yield _no("invalid_text", f"text.{language}"[:50], most=MOST_TEXT)


def _is_text(text: str) -> bool:
    """Lines that can be stored and shown."""
    return all(line.replace("\t", " ").isprintable() or _joins(line) for line in text.split("\n"))


def _joins(line: str) -> bool:
    """Emoji and soft hyphens hold characters that are no letters, and harmless."""
    return all(char.isprintable() or char in "\t\u200d\u00ad\ufe0f\u00a0" for char in line)


def _origin(thing: WidgetOrigin) -> Problems:
    if not is_origin(thing.origin):
        yield _no("invalid_origin", "origin")


def is_origin(text: str) -> bool:
    """Whether a text is a site as browsers name it, and nothing besides."""
    found = _ORIGIN.fullmatch(text) if len(text) <= 300 else None
    return found is not None and int(found["port"] or 443) <= 65_535


def _user(thing: User) -> Problems:
    """As a form; who may give which rights is asked of the accounts."""
    if accounts.email_key(thing.email) != thing.email:
        yield _no("invalid_email", "email")
    if not accounts.name_key(thing.name):
        yield _no("invalid_name", "name")
    if thing.role not in accounts.ROLES:
        yield _no("invalid_field", "role")
    if thing.language not in LANGUAGES:
        yield _no("invalid_field", "language")
    if not 1 <= thing.capacity <= 100:
        yield _no("out_of_range", "capacity", least=1, most=100)
    for skill in thing.skills:
        yield from _languages(skill.languages)


def _agreement(thing: Agreement) -> Problems:
    if not _KEY.fullmatch(thing.key):
        yield _no("invalid_key", "key")
    if thing.agents_of == thing.organisation:
        yield _no("agreement_with_oneself", "agents_of")
    if not thing.tasks:
        yield _no("task_needed", "tasks")
    if not all(map(_KEY.fullmatch, thing.tasks)):
        yield _no("invalid_key", "tasks")
    if thing.valid_to is not None and thing.valid_to < thing.valid_from:
        yield _no("ends_before_it_begins", "valid_to")


_CHECKS: Mapping[Kind, Callable[[Any], Problems]] = {
    "organisation": _organisation,
    "queue": _queue,
    "disposition": _position,
    "decline_reason": _position,
    "template": _template,
    "widget_origin": _origin,
    "user": _user,
    "agreement": _agreement,
}

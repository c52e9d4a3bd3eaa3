"""What each thing may be: values in, problems out, each with the field it is about.
Pure; things are tidy (filing.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from contactcenter.accounts import rules as accounts
from contactcenter.configuration import organisation_rules, queue_rules, theme_rules
from contactcenter.configuration.document import (
    Agreement,
    Area,
    ContactReason,
    Disposition,
    Document,
    Kind,
    Queue,
    Template,
    Thing,
    Topic,
    User,
    WidgetOrigin,
    key_of,
)
from contactcenter.configuration.fields import (
    KEY,
    LANGUAGE,
    QUEUE_KEY,
    Problems,
    chat_asks,
    is_text,
    languages,
    names,
    wrong,
)
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.setting_hosts import is_origin

MOST_TEXT = 10_000
MOST_HINT = 200
MOST_CODES = 200
_POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)
MOST_TASKS = 200  # each decision looks at them


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
                yield wrong("said_twice", name, what=name.partition(".")[2])
            seen.add(name)


def _position(thing: Disposition | Template | Topic | ContactReason | Area) -> Problems:
    if not KEY.fullmatch(thing.key):
        yield wrong("invalid_key", "key")
    yield from names(thing.name)
    if not 0 <= thing.position <= 10_000:
        yield wrong("out_of_range", "position", least=0, most=10_000)


def _template(thing: Template) -> Problems:
    yield from _position(thing)
    if not thing.text:
        yield wrong("text_needed", "text.fi")
    for language, text in thing.text.items():
        if not LANGUAGE.fullmatch(language):
            yield wrong("invalid_language", "text", language=language[:20])
        if len(text) > MOST_TEXT or not is_text(text):
            yield wrong("invalid_text", f"text.{language}"[:50], most=MOST_TEXT)


def _topic(thing: Topic) -> Problems:
    """Whether its queue is there, and of its organisation, is asked when it is stored."""
    yield from _position(thing)
    for language, hint in thing.hint.items():
        if not LANGUAGE.fullmatch(language):
            yield wrong("invalid_language", "hint", language=language[:20])
        if not hint.isprintable() or len(hint) > MOST_HINT:
            yield wrong("invalid_text", f"hint.{language}"[:50], most=MOST_HINT)
    if not QUEUE_KEY.fullmatch(thing.queue):
        yield wrong("topic_queue", "queue")
    yield from chat_asks(thing.chat_asks or ())


def _contact_reason(thing: ContactReason) -> Problems:
    """Whether the one that is said instead is there, is asked of all (plan.unsaid)."""
    yield from _position(thing)
    if thing.merged_into and not KEY.fullmatch(thing.merged_into):
        yield wrong("reason_merged", "merged_into")


def _area(thing: Area) -> Problems:
    """Whether another area has one of its postal codes, is asked of all (plan.shared)."""
    yield from _position(thing)
    if len(thing.postal_codes) > MOST_CODES:
        yield wrong("invalid_field", "postal_codes")
    for code in thing.postal_codes:
        if not _POSTAL_CODE.fullmatch(code):
            yield wrong("invalid_postal_code", "postal_codes", code=code[:20])


def _origin(thing: WidgetOrigin) -> Problems:
    if not is_origin(thing.origin):
        yield wrong("invalid_origin", "origin")


def _user(thing: User) -> Problems:
    """As a form; who may give which rights is asked of the accounts."""
    if accounts.email_key(thing.email) != thing.email:
        yield wrong("invalid_email", "email")
    if not accounts.name_key(thing.name):
        yield wrong("invalid_name", "name")
    if thing.public_name and not accounts.public_name_key(thing.public_name):
        yield wrong("invalid_name", "public_name")
    if thing.role not in accounts.ROLES:
        yield wrong("invalid_field", "role")
    if thing.language not in LANGUAGES:
        yield wrong("invalid_field", "language")
    if not 1 <= thing.capacity <= 100:
        yield wrong("out_of_range", "capacity", least=1, most=100)
    for skill in thing.skills:
        yield from languages(skill.languages)


def _agreement(thing: Agreement) -> Problems:
    if not KEY.fullmatch(thing.key):
        yield wrong("invalid_key", "key")
    if thing.agents_of == thing.organisation:
        yield wrong("agreement_with_oneself", "agents_of")
    if not thing.tasks:
        yield wrong("task_needed", "tasks")
    if len(thing.tasks) > MOST_TASKS:
        yield wrong("invalid_field", "tasks")
    if not all(map(KEY.fullmatch, thing.tasks)):
        yield wrong("invalid_key", "tasks")
    if thing.valid_to is not None and thing.valid_to < thing.valid_from:
        yield wrong("ends_before_it_begins", "valid_to")


_CHECKS: Mapping[Kind, Callable[[Any], Problems]] = {
    "organisation": organisation_rules.organisation,
    "queue": queue_rules.queue,
    "disposition": _position,
    "decline_reason": _position,
    "template": _template,
    "topic": _topic,
    "contact_reason": _contact_reason,
    "area": _area,
    "widget_origin": _origin,
    "theme": theme_rules.theme,
    "user": _user,
    "agreement": _agreement,
}

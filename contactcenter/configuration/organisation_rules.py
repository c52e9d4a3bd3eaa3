"""What an organisation may be: values in, problems out, in the order of its form. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit
from zoneinfo import available_timezones

from contactcenter.accounts import rules as accounts
from contactcenter.configuration.document import ANSWERING_QUEUES, Organisation, Privacy
from contactcenter.configuration.fields import (
    KEY,
    LANGUAGE,
    QUEUE_KEY,
    Problems,
    chat_asks,
    names,
    phone,
    wrong,
)

MOST_KEPT = 1_000
NAMES_SHOWN = ("first", "full", "role")  # what citizens are told of an agent's name


def organisation(thing: Organisation) -> Problems:
    """Everything that is wrong with one by itself."""
    if not KEY.fullmatch(thing.key):
        yield wrong("invalid_key", "key")
    yield from names(thing.name)
    if thing.time_zone not in available_timezones():
        yield wrong("invalid_time_zone", "time_zone")
    if not 0 <= thing.estimate_least <= 100:
        yield wrong("out_of_range", "estimate_least", least=0, most=100)
    if thing.agent_names not in NAMES_SHOWN:
        yield wrong("invalid_field", "agent_names")
    yield from phone(thing.phone)
    yield from _privacy(thing.privacy)
    for field in ANSWERING_QUEUES:
        if getattr(thing, field) and not QUEUE_KEY.fullmatch(getattr(thing, field)):
            yield wrong("topic_queue", field)
    yield from chat_asks(thing.chat_asks)


def _privacy(thing: Privacy) -> Problems:
    """Texts and addresses that stand on a page for everybody."""
    for field, most in (("controller", 100), ("kept", MOST_KEPT), ("notice", 300)):
        for language, text in getattr(thing, field).items():
            place = f"privacy.{field}.{language}"[:50]
            if not LANGUAGE.fullmatch(language):
                yield wrong("invalid_language", f"privacy.{field}", language=language[:20])
            if len(text) > most or not text.isprintable():
                yield wrong("invalid_text", place, most=most)
            if field == "notice" and not _is_link(text):
                yield wrong("invalid_link", place)
    for field in ("contact", "officer"):
        address = getattr(thing, field)
        if address and accounts.email_key(address) != address:
            yield wrong("invalid_address", f"privacy.{field}", address=address[:100])


def _is_link(text: str) -> bool:
    """Whether it leads to a web page and nothing else: it becomes a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text

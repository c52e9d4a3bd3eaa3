"""What a queue may be: values in, problems out, in the order of its form. Pure."""

from __future__ import annotations

import msgspec

from contactcenter.accounts import rules as accounts
from contactcenter.cases import letter
from contactcenter.configuration.document import Queue
from contactcenter.configuration.fields import (
    KEY,
    LANGUAGE,
    QUEUE_KEY,
    Problems,
    is_text,
    languages,
    names,
    phone,
    wrong,
)
from contactcenter.errors import Refused
from contactcenter.queue.hours import read_hours
from contactcenter.queue.rules import CHANNELS

WAYS = ("ignored", "negative", "positive")
MOST_AROUND = 2_000
MOST_DAYS = 400
_RANGES: dict[str, tuple[int, int]] = {
    "target_s": (0, 365 * 86_400),
    "service_level.seconds": (1, 365 * 86_400),
    "service_level.short_abandon_s": (0, 86_400),
    "offer_s": (1, 3600),
    "callbacks_per_half_hour": (0, 10_000),
    "feedback_after_s": (0, 30 * 86_400),
    "feedback_every_days": (0, 3_650),
    "prefer_s": (0, 86_400),
    "idle_close_s": (20, 86_400),  # WCAG 2.2.1
}
MOST_STEPS, LONGEST_STEP_S = 5, 30 * 86_400


def queue(thing: Queue) -> Problems:
    """Everything that is wrong with one by itself."""
    if not QUEUE_KEY.fullmatch(thing.key):
        yield wrong("invalid_key", "key")
    yield from names(thing.name)
    if not KEY.fullmatch(thing.task):
        yield wrong("invalid_key", "task")
    if thing.level not in accounts.LEVELS:
        yield wrong("invalid_field", "level")
    yield from languages(thing.languages)
    for channel in thing.channels:
        if channel not in CHANNELS:
            yield wrong("invalid_field", "channels")
    for address in thing.addresses:
        if accounts.email_key(address) != address:
            yield wrong("invalid_address", "addresses", address=address[:100])
    yield from phone(thing.phone)
    yield from _hours(thing)
    yield from _numbers(thing)
    yield from _silence(thing)
    yield from _steps(thing)
    yield from _mail(thing)


def _mail(thing: Queue) -> Problems:
    """What goes around answers by mail: their sender's name, the greeting, the signature."""
    for field in ("from_name", "greeting", "signature"):
        for language, text in getattr(thing, field).items():
            place = f"{field}.{language}"[:50]
            if not LANGUAGE.fullmatch(language):
                yield wrong("invalid_language", field, language=language[:20])
            if field == "from_name" and not (text.isprintable() and len(text) <= 100):
                yield wrong("invalid_name", place)
            if len(text) > MOST_AROUND or not is_text(text):
                yield wrong("invalid_text", place, most=MOST_AROUND)
            if word := letter.unknown_word(text):
                words = ", ".join(f"{{{one}}}" for one in letter.WORDS)
                yield wrong("unknown_word", place, word=f"{{{word[:40]}}}", words=words)


def _hours(thing: Queue) -> Problems:
    try:
        read_hours(msgspec.to_builtins(thing.hours))
    except Refused as no:
        day = str(no.params.get("day", ""))
        part = f"weekly.{day}" if len(day) == 1 else "exceptions"
        yield wrong(no.detail or "hours_form", f"hours.{part}", **no.params)
    if len(thing.hours.exceptions) > MOST_DAYS:
        yield wrong("too_many_days", "hours.exceptions", most=MOST_DAYS)


def _numbers(thing: Queue) -> Problems:
    level = thing.service_level
    if level.way not in WAYS:
        yield wrong("invalid_field", "service_level.way")
    for field, (least, most) in _RANGES.items():
        value = getattr(level if "." in field else thing, field.rpartition(".")[2])
        if value is not None and not least <= value <= most:
            yield wrong("out_of_range", field, least=least, most=most)


def _silence(thing: Queue) -> Problems:
    if thing.idle_warning_s and not 30 <= thing.idle_warning_s <= 86_400:
        yield wrong("out_of_range", "idle_warning_s", least=30, most=86_400)


def _steps(thing: Queue) -> Problems:
    """Each later than the one before; level and language are given up once."""
    if len(thing.relax) > MOST_STEPS:
        yield wrong("too_many_steps", "relax", most=MOST_STEPS)
    before, given_up = 0, set[str]()
    for step in thing.relax:
        if not before < step.after_s <= LONGEST_STEP_S:
            yield wrong("step_too_early", "relax", least=before + 1, most=LONGEST_STEP_S)
        if step.to == "queue" and (not QUEUE_KEY.fullmatch(step.queue) or step.queue == thing.key):
            yield wrong("step_queue", "relax")
        if step.to != "queue" and (step.queue or step.to in given_up):
            yield wrong("step_twice", "relax")
        before = max(before, step.after_s)
        given_up.add(step.to)

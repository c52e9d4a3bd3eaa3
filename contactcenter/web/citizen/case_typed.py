"""What was typed on the page of a case, whose fields are all of one form: only so does everything
come along, without script, whichever button is pressed. What is not sent by it is shown again."""

from __future__ import annotations

from collections.abc import Iterator

from contactcenter.cases.sent_files import MOST_FILES
from contactcenter.web.citizen.sent_form import Sent

# Which field each act sends.
_OF = {"callback": "number", "mail": "address", "address": "address", "transcript": "transcript"}
_TEXT, _CHOSEN = "text", "chosen"
_LINES = ("number", "address", "transcript")


def typed(sent: Sent) -> Iterator[tuple[str, str]]:
    """Everything typed, by field, and the names of files to choose again."""
    for name in (_TEXT, *_LINES):
        if sent.get(name).strip():
            yield name, sent.get(name)
    for name in _chosen(sent):
        yield _CHOSEN, name


def all_of(sent: Sent) -> Sent:
    """What was typed, as the page shows it where nothing of it was sent."""
    return Sent([(name, text) for name, text in typed(sent) if name != _CHOSEN], _chosen(sent))


def without_message(sent: Sent) -> Sent:
    """What stays when the message was sent, with its files."""
    return Sent([(name, text) for name, text in typed(sent) if name in _LINES])


def without_field(sent: Sent, act: str) -> Sent:
    """What stays when an act was done that sends one field."""
    kept = all_of(sent)
    kept.values.pop(_OF[act], None)
    return kept


def is_empty(kept: Sent) -> bool:
    """Whether there is nothing to show again."""
    return not (kept.values or kept.chosen)


def meant(sent: Sent, offers: tuple[str, ...]) -> str | None:
    """What Enter in a field asks for, where that is plain: one field has been filled in. Enter in
    the text is a new line, so a message that is half written is never sent by it."""
    filled = [name for name, _ in typed(sent) if name in _LINES]
    if len(filled) != 1:
        return None
    acts = {
        "number": "callback",
        "address": "mail" if "mail" in offers else "address",
        "transcript": "transcript",
    }
    return acts[filled[0]]


def _chosen(sent: Sent) -> tuple[str, ...]:
    return sent.chosen or tuple(sent.all(_CHOSEN)[:MOST_FILES])

"""A catalogue written by hand, TOML or JSON: lists `service`, `class` and `channel`, as
docs/insight.md shows. For a city without a catalogue to import, and for the demo city. Pure."""

from __future__ import annotations

from typing import Any, get_args

from contactcenter.services.things import Channel, ChannelKind, Found, Service, Term
from contactcenter.services.values import MOST_NAME, by_language, ident, objects, of, once, text

LISTS = ("class", "channel", "service")
SINGLE = ()
PAGES = ("", "")

_KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)


def read(item: dict[str, Any], _: str) -> Found:
    """One thing of any of the lists: `list` says which."""
    called, name = ident(item.get("key")), by_language(item.get("name"), MOST_NAME)
    if not called:
        return Found(left_out="no_id")
    if not name:
        return Found(left_out="no_name", called=called)
    if item.get("list") == "class":
        parent = ident(item.get("parent")) or None
        return Found(terms=(Term(called, "class", name, parent),), called=called)
    if item.get("list") == "channel":
        reach = once(text(one, MOST_NAME) for one in _list(item.get("reach")))
        kind: ChannelKind = next((one for one in _KINDS if one == item.get("kind")), "other")
        channel = Channel(called, kind, name, reach=reach, given=item)
        return Found(channels=(channel,), called=called)
    also = {
        code: once(text(one, MOST_NAME) for one in _list(words))
        for code, words in of(item.get("also")).items()
    }
    return Found(
        service=Service(
            external_id=called,
            name=name,
            also={code: words for code, words in also.items() if words},
            summary=by_language(item.get("summary")),
            description=by_language(item.get("description")),
            provider=by_language(item.get("provider"), MOST_NAME),
            terms=once(ident(one) for one in (item.get("class"), *_list(item.get("terms")))),
            channels=once(ident(one) for one in _list(item.get("channels"))),
            given=item,
        ),
        called=called,
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def listed(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All items of a document, each with the list it stood in."""
    return [{**one, "list": name} for name in LISTS for one in objects(document.get(name))]

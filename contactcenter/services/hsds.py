"""Open Referral's Human Services Data Specification, HSDS 3: services as JSON, alone, as a list or
as a page of an API (`contents`). Pure. Its texts are of one language, which whoever imports names.
"""

from __future__ import annotations

from typing import Any

from contactcenter.services.things import Channel, ChannelKind, Found, Service, Term
from contactcenter.services.values import MOST_NAME, ident, language, objects, of, once, text

LISTS = ("contents", "services")
SINGLE = ("name",)
PAGES = ("page_number", "total_pages")

_OFFERED = ("active", "temporarily closed", "")


def read(item: dict[str, Any], lang: str) -> Found:
    """One service, with the locations and numbers that stand in it as its channels."""
    called = ident(item.get("id"))
    if not called:
        return Found(left_out="no_id")
    name = text(item.get("name"), MOST_NAME)
    if not name:
        return Found(left_out="no_name", called=called)
    if text(item.get("status")) not in _OFFERED:
        return Found(left_out="not_offered", called=called)
    terms = tuple(term for one in objects(item.get("attributes")) if (term := _term(one, lang)))
    channels = _channels(item, called, name, lang)
    also = once([text(item.get("alternate_name"), MOST_NAME)])
    said = text(item.get("description"))
    provider = text(of(item.get("organization")).get("name"), MOST_NAME)
    return Found(
        service=Service(
            external_id=called,
            name={lang: name},
            also={lang: also} if also else {},
            description={lang: said} if said else {},
            provider={lang: provider} if provider else {},
            languages=once(language(one.get("code")) for one in objects(item.get("languages"))),
            terms=once(term.code for term in terms),
            channels=once(one.external_id for one in channels),
            given=item,
        ),
        terms=terms,
        channels=channels,
        called=called,
    )


def _term(attribute: dict[str, Any], lang: str) -> Term | None:
    """A taxonomy's term: all taxonomies order services, so each term is a class."""
    term = of(attribute.get("taxonomy_term"))
    code, name = ident(term.get("id")), text(term.get("name"), MOST_NAME)
    if not code or not name:
        return None
    spoken = language(term.get("language")) or lang
    return Term(code, "class", {spoken: name}, ident(term.get("parent_id")) or None)


def _channels(item: dict[str, Any], called: str, name: str, lang: str) -> tuple[Channel, ...]:
    ways: dict[ChannelKind, tuple[str, ...]] = {
        "web": once([text(item.get("url"), MOST_NAME)]),
        "mail": once([text(item.get("email"), MOST_NAME)]),
        "phone": once(text(one.get("number"), 100) for one in objects(item.get("phones"))),
    }
    found = [
        Channel(f"{called}/{kind}", kind, {lang: name}, reach=reach)
        for kind, reach in ways.items()
        if reach
    ]
    for one in objects(item.get("service_at_locations")):
        place = of(one.get("location"))
        if code := ident(place.get("id")):
            title = text(place.get("name"), MOST_NAME) or name
            found.append(Channel(code, "place", {lang: title}, reach=_addresses(place)))
    return tuple(found)


def _addresses(place: dict[str, Any]) -> tuple[str, ...]:
    fields = ("address_1", "postal_code", "city")
    return once(
        ", ".join(once(text(one.get(field), 200) for field in fields))
        for one in objects(place.get("addresses"))
    )

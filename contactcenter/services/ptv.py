"""The Finnish Service Catalogue (Palvelutietovaranto, PTV), open API v11: its JSON of services and
of service channels. Pure.

Models V11VmOpenApiService and V11VmOpenApi*Channel; what version 7 called otherwise (AlternateName,
ShortDescription) is understood too.
"""

from __future__ import annotations

from typing import Any

from contactcenter.services.things import (
    Channel,
    ChannelKind,
    Found,
    Names,
    Service,
    Term,
    TermKind,
)
from contactcenter.services.values import (
    MOST_NAME,
    ident,
    language,
    localised,
    objects,
    of,
    once,
    several,
    text,
)

LISTS = ("itemList", "services", "serviceChannels", "channels")
SINGLE = ("serviceNames", "serviceChannelNames")
PAGES = ("pageNumber", "pageCount")

_TERMS: dict[str, TermKind] = {
    "serviceClasses": "class",
    "targetGroups": "target",
    "lifeEvents": "life_event",
    "ontologyTerms": "ontology",
    "industrialClasses": "industry",
}
_CHANNELS: dict[str, ChannelKind] = {
    "EChannel": "eservice",
    "WebPage": "web",
    "PrintableForm": "form",
    "Phone": "phone",
    "ServiceLocation": "place",
}


def read(item: dict[str, Any], _: str) -> Found:
    """One service or channel. Only what is published is offered; Draft, Modified and Deleted are
    not."""
    called = ident(item.get("id"))
    if not called:
        return Found(left_out="no_id")
    if item.get("publishingStatus", "Published") != "Published":
        return Found(left_out="not_offered", called=called)
    if "serviceChannelNames" in item or "serviceChannelType" in item:
        return _channel(item, called)
    return _service(item, called)


def _service(item: dict[str, Any], called: str) -> Found:
    names = item.get("serviceNames")
    name = localised(names, "Name", MOST_NAME)
    if not name:
        return Found(left_out="no_name", called=called)
    terms = tuple(
        term
        for field, kind in _TERMS.items()
        for one in objects(item.get(field))
        if (term := _term(one, kind)) is not None
    )
    at = [of(one.get("serviceChannel")) for one in objects(item.get("serviceChannels"))]
    mentioned = [_mentioned(one) for one in at if ident(one.get("id"))]
    said = item.get("serviceDescriptions")
    return Found(
        service=Service(
            external_id=called,
            kind=text(item.get("type"), MOST_NAME),
            name=name,
            also=several(_alternative(names), item.get("keywords")),
            summary=localised(said, "Summary") or localised(said, "ShortDescription"),
            description=localised(said, "Description"),
            provider=_provider(item),
            languages=once(language(one) for one in _list(item.get("languages"))),
            terms=once(term.code for term in terms),
            channels=once(one.external_id for one in mentioned),
            given=item,
        ),
        terms=terms,
        mentioned=tuple(mentioned),
        called=called,
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _alternative(names: object) -> list[dict[str, Any]]:
    kinds = ("AlternativeName", "AlternateName")
    return [one for one in objects(names) if one.get("type") in kinds]


def _term(one: dict[str, Any], kind: TermKind) -> Term | None:
    code = ident(one.get("uri")) or ident(one.get("code"))
    name = localised(one.get("name"), most=MOST_NAME)
    if not code or not name:
        return None
    return Term(code, kind, name, ident(one.get("parentUri")) or None)


def _provider(item: dict[str, Any]) -> Names:
    """Who is responsible: named in one language, which the catalogue does not tell."""
    main = of(item.get("mainOrganization"))
    roles = objects(item.get("organizations"))
    first = [one.get("organization") for one in roles if one.get("roleType") == "Responsible"]
    for one in (main, *map(of, first)):
        if name := text(one.get("name"), MOST_NAME):
            return {"fi": name}
    return {}


def _mentioned(one: dict[str, Any]) -> Channel:
    called = ident(one.get("id"))
    return Channel(called, "other", {"fi": text(one.get("name"), MOST_NAME) or called})


def _channel(item: dict[str, Any], called: str) -> Found:
    name = localised(item.get("serviceChannelNames"), "Name", MOST_NAME)
    if not name:
        return Found(left_out="no_name", called=called)
    said = item.get("serviceChannelDescriptions")
    channel = Channel(
        external_id=called,
        kind=_CHANNELS.get(text(item.get("serviceChannelType")), "other"),
        name=name,
        description=localised(said, "Summary") or localised(said, "ShortDescription"),
        reach=_reach(item),
        given=item,
    )
    return Found(channels=(channel,), called=called)


def _reach(item: dict[str, Any]) -> tuple[str, ...]:
    """Links, numbers, addresses, the first language's of each."""
    pages = [text(one.get("url")) for one in objects(item.get("webPages"))]
    phones = [_phone(one) for one in objects(item.get("phoneNumbers"))]
    mails = [text(one.get("value")) for one in objects(item.get("supportEmails"))]
    places = [_place(of(one.get("streetAddress"))) for one in objects(item.get("addresses"))]
    return once(one[:MOST_NAME] for one in (*pages, *phones, *mails, *places))


def _phone(one: dict[str, Any]) -> str:
    prefix, number = text(one.get("prefixNumber")), text(one.get("number"))
    return f"{prefix} {number}".strip()


def _place(street: dict[str, Any]) -> str:
    """Kirkkokatu 12, 50100 Mikkeli."""
    first = next(iter(localised(street.get("street")).values()), "")
    town = next(iter(localised(street.get("postOffice")).values()), "")
    line = f"{first} {text(street.get('streetNumber'))}".strip()
    town = f"{text(street.get('postalCode'))} {town}".strip()
    return f"{line}, {town}" if line and town else line

"""A service list of Open311, GeoReport v2 (GET services.json or services.xml). Pure. Its texts are
of one language, which whoever imports names."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from contactcenter.services.things import Found, Service, Term
from contactcenter.services.values import MOST_NAME, ident, once, text

LISTS = ("services",)
SINGLE = ("service_code",)
PAGES = ("", "")

_MOST_DEEP = 20


def read(item: dict[str, Any], lang: str) -> Found:
    """One service; its group is its class, its key words its other names."""
    called = ident(item.get("service_code"))
    if not called:
        return Found(left_out="no_id")
    name = text(item.get("service_name"), MOST_NAME)
    if not name:
        return Found(left_out="no_name", called=called)
    group, said = ident(item.get("group")), text(item.get("description"))
    terms = (Term(f"group:{group}", "class", {lang: group}),) if group else ()
    words = once(one.strip()[:MOST_NAME] for one in text(item.get("keywords")).split(","))
    return Found(
        service=Service(
            external_id=called,
            kind=text(item.get("type"), MOST_NAME),
            name={lang: name},
            also={lang: words} if words else {},
            description={lang: said} if said else {},
            terms=once(term.code for term in terms),
            given=item,
        ),
        terms=terms,
        called=called,
    )


def from_xml(data: bytes) -> list[dict[str, Any]]:
    """The services of services.xml, as its JSON has them. Raises ValueError: not well formed, a
    document type (whose entities could grow without end), deeper than any list of services."""
    items: list[dict[str, Any]] = []
    path: list[str] = []
    said: list[str] = []

    def began(name: str, _: dict[str, str]) -> None:
        path.append(name)
        if len(path) > _MOST_DEEP:
            raise ValueError("elements stand too deep in each other")
        if path[1:] == ["service"]:
            items.append({})
        said.clear()

    def ended(name: str) -> None:
        if len(path) == 3 and path[1] == "service":
            items[-1].setdefault(name, "".join(said).strip())
        path.pop()

    def typed(*_: object) -> None:
        raise ValueError("a document type (DOCTYPE) is not taken")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = began, ended
    parser.CharacterDataHandler = said.append
    parser.StartDoctypeDeclHandler = typed
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return items

"""Catalogues of services as their formats have them: what is understood, what is left out, and that
nothing that may stand in one does harm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.errors import Refused
from contactcenter.services import open311
from contactcenter.services.reading import FORMATS, missing_pages, open_document
from contactcenter.services.rules import cycle_breakers, service_row, words
from contactcenter.services.things import Service, Term
from tests.services.read import CATALOGUES, channels, documents, everything, services


def test_ptv_a_service_with_all_that_belongs_to_it() -> None:
    found = everything(documents("ptv")[0], "ptv")
    day_care, permit, berths = services(found)
    assert day_care.name == {
        "fi": "Varhaiskasvatus",
        "sv": "Småbarnspedagogik",
        "en": "Early childhood education",
    }
    assert day_care.also == {"fi": ("Päivähoito", "päiväkoti"), "sv": ("daghem",)}
    assert day_care.summary["sv"] == "Daghem och familjedagvård."
    assert day_care.description == {"fi": "Lapsella on oikeus varhaiskasvatukseen."}
    assert day_care.provider == permit.provider == {"fi": "Mikkelin kaupunki"}
    assert day_care.languages == ("fi", "sv")
    kinds = {term.kind: term for term in found[0].terms}
    assert set(kinds) == {"class", "ontology", "target", "life_event"}
    assert kinds["class"].code == "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P6.1"
    assert kinds["class"].parent == "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P6"
    assert [one.name["fi"] for one in found[0].mentioned] == [
        "Päiväkotihakemus",
        "Varhaiskasvatuksen neuvonta",
    ]
    assert day_care.given["somethingNew"] == {"of": "version 12", "list": [1, 2.5, None, ""]}
    assert permit.kind == "PermitOrObligation"
    assert berths.name == {"sv": "Hamnplatser"}
    assert found[3].left_out == "not_offered"


def test_ptv_channels_say_how_they_are_reached() -> None:
    form, phone, place = channels(everything(documents("ptv")[1], "ptv"))
    assert (form.kind, form.reach) == ("eservice", ("https://asiointi.mikkeli.example/hakemus",))
    assert (phone.kind, phone.reach) == ("phone", ("+358 151941",))
    assert (place.kind, place.reach) == ("place", ("Raatihuoneenkatu 8-10, 50100 Mikkeli",))


def test_hsds_has_one_language_and_closed_services_are_left_out() -> None:
    found = everything(documents("hsds")[0], "hsds", "sv")
    (advice,) = services(found)
    assert advice.name == {"sv": "Debt advice"}
    assert advice.also == {"sv": ("Money help",)}
    reached = {one.kind: one.reach for one in channels(found)}
    assert reached == {
        "web": ("https://debts.example.org",),
        "mail": ("debts@example.org",),
        "phone": ("+358 15 194 1",),
        "place": ("Raatihuoneenkatu 8, 50100, Mikkeli",),
    }
    assert found[1].left_out == "not_offered"


def test_open311_says_the_same_as_json_and_as_xml() -> None:
    as_json = services(everything(documents("open311")[0], "open311"))
    as_xml = services(everything((CATALOGUES / "open311.xml").read_bytes(), "open311"))
    assert as_json[0].also == {"en": ("lamp", "light", "dark")}
    assert as_json[0].terms == ("group:Streets",)
    for one, other in zip(as_json, as_xml, strict=True):
        assert (one.external_id, one.name, one.terms, one.also) == (
            other.external_id,
            other.name,
            other.terms,
            other.also,
        )


def test_xml_brings_no_entities_and_no_depth() -> None:
    bomb = b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><services>&b;</services>'
    with pytest.raises(ValueError, match="DOCTYPE"):
        open311.from_xml(bomb)
    with pytest.raises(ValueError, match="too deep"):
        open311.from_xml(b"<a>" * 50 + b"</a>" * 50)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("ptv", b'{"itemList": [{"id": "1"', "truncated"),
        ("ptv", b"<html>404</html>", "begins neither"),
        ("ptv", b"", "begins neither"),
        ("ptv", b'{"error": "no such page"}', "none of the lists itemList"),
        ("ptv", b'{"itemList": {"id": "1"}}', "Expected `array`"),
        ("hsds", b'\xff\xfe{"contents": []}', "begins neither"),
        ("open311", b"<services><service></services>", "mismatched tag"),
        ("ptv", b'[{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}]", "recursion"),
        ("own", b"[[service]\nkey = 1", "Expected"),
        ("own", b"x = 1\n" * 200_000, "1 MB"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_the_reason(name: str, data: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        open_document(data, name)
    assert refused.value.detail == "catalogue_form"
    assert why in str(refused.value.params["why"])


def test_one_broken_item_costs_no_other() -> None:
    good = {"service_code": "1", "service_name": "Snow"}
    data = f'[7, {{"a": 1e999}}, {json.dumps(good)}, null]'.encode()
    found = everything(data, "open311")
    assert [one.left_out for one in found] == ["not_read", "not_read", "", "not_read"]


def test_missing_pages_are_named() -> None:
    def page(number: int) -> Any:
        return open_document(
            json.dumps({"pageNumber": number, "pageCount": 4, "itemList": []}).encode(), "ptv"
        )

    assert missing_pages([page(1), page(3)]) == [2, 4]
    assert missing_pages([page(n) for n in (4, 3, 2, 1)]) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
_FIELDS = [
    *("id", "key", "name", "serviceNames", "serviceChannelNames", "serviceClasses", "keywords"),
    *("serviceChannels", "serviceDescriptions", "organizations", "addresses", "attributes", "also"),
    *("languages", "phones", "service_at_locations", "service_code", "service_name", "class"),
]


@given(item=st.dictionaries(st.sampled_from(_FIELDS), _JSON), name=st.sampled_from(sorted(FORMATS)))
def test_anything_may_stand_anywhere(item: dict[str, Any], name: str) -> None:
    for listed in ("service", "class", "channel"):
        found = FORMATS[name].read({**item, "list": listed}, "fi")
        assert found.left_out or found.service or found.channels or found.terms


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.sampled_from("abcdefghxy")))
def test_without_the_breakers_nobody_is_above_itself(parents: dict[str, str | None]) -> None:
    breakers = cycle_breakers(parents)
    for start in parents:
        at: str | None = start
        for _ in range(len(parents) + 1):
            at = None if at is None or at in breakers else parents.get(at)
        assert at is None
    assert cycle_breakers(dict(reversed(parents.items()))) == breakers


def test_the_same_service_has_the_same_digest_in_whatever_order() -> None:
    service = Service("1", {"fi": "Lumi", "sv": "Snö"}, given={"a": 1, "b": 2})
    again = Service("1", {"sv": "Snö", "fi": "Lumi"}, given={"b": 2, "a": 1})
    found_by = words(service, [Term("c", "class", {"fi": "Kadut"})])
    assert found_by == "lumi\nsnö\nkadut"
    assert service_row(service, "")["digest"] == service_row(again, "")["digest"]
    assert service_row(service, "")["digest"] != service_row(service, "x")["digest"]

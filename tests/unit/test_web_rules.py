"""Addresses behind proxies, places to go, typed bodies, origins, a citizen's letters."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import default as modern
from ipaddress import ip_network
from urllib.parse import urljoin, urlsplit

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.errors import Refused
from contactcenter.kernel.i18n import Catalogue, accepted, fill
from contactcenter.web.address import client, limit_key, parse
from contactcenter.web.admin.changes import changes
from contactcenter.web.bodies import Body, Form, Line
from contactcenter.web.demo.letters import compose
from contactcenter.web.redirects import HOME, safe_next
from contactcenter.web.refusals import refusal_of
from contactcenter.web.security import origin
from tests.texts import texts

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_a_statement_from_before_a_migration_may_be_tried_again() -> None:
    refusal = refusal_of(asyncpg.InvalidCachedStatementError())
    assert (refusal and refusal.code) == "unavailable"


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["1.1.1.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.5, 10.9.9.9"], "203.0.113.5"),
        ("10.0.0.1", ["203.0.113.5:4711"], "203.0.113.5"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("fd00::1", ["2001:db8::2"], "2001:db8::2"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, <script>"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        ("10.0.0.1", [","], "10.0.0.1"),
        (None, ["203.0.113.5"], ""),
    ],
)
def test_client_address(peer: str | None, forwarded: list[str], found: str) -> None:
    assert client(peer, forwarded, TRUSTED) == found


@given(texts(max_size=60), st.lists(texts(max_size=60), max_size=3))
def test_any_header_gives_an_address_or_the_peer(peer: str, forwarded: list[str]) -> None:
    found = client(peer, forwarded, TRUSTED)
    assert found == "" or parse(found) is not None


def test_limits_count_an_ipv6_network() -> None:
    assert limit_key("2001:db8:1:2:3:4:5:6") == limit_key("2001:db8:1:2::9") == "2001:db8:1:2::"
    assert limit_key("203.0.113.5") == "203.0.113.5"


@pytest.mark.parametrize("place", ["/account", "/admin/audit?verb=a&x=%2f", "/cases/1#m2"])
def test_places_of_ours(place: str) -> None:
    assert safe_next(place) == place


ELSEWHERE = [
    "x",
    "//evil",
    "///x",
    "/\\evil",
    "\\\\evil",
    "/a\\b",
    "https:evil",
    "http://evil",
    "data:x",
]
UNPRINTABLE = ["", "/\t/evil", "/ x", "/\u2028/", "/%0d\r\n", "/" + "a" * 600]


@pytest.mark.parametrize("place", [None, *ELSEWHERE, *UNPRINTABLE, "/login?next=/x", "/logout"])
def test_places_elsewhere(place: str | None) -> None:
    assert safe_next(place) == HOME


@given(st.text(alphabet="/\\.:@%?#\t\r\n abehilostv0d", max_size=40))
def test_no_place_leads_away(place: str) -> None:
    there = urlsplit(urljoin("https://cc.example/login", safe_next("/" + place)))
    assert (there.scheme, there.netloc) == ("https", "cc.example")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://CC.example", ("https", "cc.example", 443)),
        ("https://cc.example:443", ("https", "cc.example", 443)),
        ("http://127.0.0.1:8080", ("http", "127.0.0.1", 8080)),
        ("null", None),
        ("", None),
        ("https://cc.example@evil.example", None),
        ("https://cc.example/path", None),
        ("ftp://cc.example", None),
        ("https://cc.example:99999", None),
        ("https://[::1", None),
    ],
)
def test_origins(url: str, found: object) -> None:
    assert origin(url) == found


class Sample(Body):
    """A form."""

    name: Line
    count: int = 1
    tags: tuple[Line, ...] = ()


def test_forms() -> None:
    read = Form([("name", "x"), ("count", "7"), ("tags", "a"), ("tags", "b")]).read(Sample)
    assert (read.name, read.count, read.tags) == ("x", 7, ("a", "b"))
    assert Form([("name", "x")]).read(Sample).tags == ()


@pytest.mark.parametrize(
    ("pairs", "field", "detail"),
    [
        ([], "name", "required"),
        ([("name", "x"), ("name", "y")], "name", "invalid_field"),
        ([("name", "x"), ("count", "many")], "count", "invalid_field"),
        ([("name", "x"), ("count", "")], "count", "required"),
        ([("name", "a\r\nb")], "name", "invalid_field"),
        ([("name", "x" * 301)], "name", "invalid_field"),
        ([("name", "x"), ("role", "admin")], "role", "invalid_field"),
        ([("name", "x"), ("tags", "a\x00")], "tags", "invalid_field"),
    ],
)
def test_bad_forms(pairs: list[tuple[str, str]], field: str, detail: str) -> None:
    with pytest.raises(Refused) as caught:
        Form(pairs).read(Sample)
    assert (caught.value.field, caught.value.detail) == (field, detail)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", None),
        ("sv", "sv"),
        ("sv-FI, fi;q=0.9", "sv"),
        ("de, fi;q=0.2, en;q=0.3", "en"),
        ("en;q=0", None),
        ("en;q=x, fi", "fi"),
        ("*", None),
        ("en;q=9, sv;q=0.1", "sv"),
    ],
)
def test_accept_language(header: str, language: str | None) -> None:
    assert accepted(header) == language


def test_placeholders_are_words_and_nothing_else() -> None:
    text = "{name} {name.__class__} {0} {{7*7}} {missing}"
    assert fill(text, {"name": "{missing}"}) == "{missing} {name.__class__} {0} {{7*7}} {missing}"


def test_a_letter() -> None:
    mail = BytesParser(policy=modern).parsebytes(
        compose("maija@example.org", 'Maija "M" <x>', "neuvonta@city.example", "Ä", "Hei\n.\n")
    )
    assert mail["From"].addresses[0].addr_spec == "maija@example.org"
    assert mail["From"].addresses[0].display_name == 'Maija "M" <x>'
    for address in ("", "x", "a@b\r\nBcc: c@d", "a b@c", "<a@b>"):
        with pytest.raises(ValueError, match="address"):
            compose(address, "", "a@b.example", "", "")


def test_changes_of_mail_and_cases_are_told_in_words() -> None:
    words = Catalogue.load()
    case = changes(words, "fi", {"state": "open"}, {"state": "resolved"})
    assert case == [("Tila", "Asia avoinna", "Asia ratkaistu")]
    assert changes(words, "sv", {"aside": "spam"}, {}) == [("Utanför kön", "Skräppost", None)]
    assert changes(words, "en", {}, {"state": "odd"}) == [("State", None, "odd")]

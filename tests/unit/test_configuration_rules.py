"""The configuration's document and rules: out and in again is the same, whatever is in it."""

from __future__ import annotations

import tomllib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.configuration import document, filing, plan, rules
from contactcenter.configuration.document import (
    Disposition,
    Document,
    Organisation,
    Queue,
    ServiceLevel,
    Skill,
    Template,
    User,
    WidgetOrigin,
)
from contactcenter.configuration.filing import tidy_all
from contactcenter.errors import Refused
from contactcenter.queue.hours import Hours
from contactcenter.queue.rules import CHANNELS
from contactcenter.setting_hosts import is_origin, origins
from contactcenter.web.admin import hours_form

WORDS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12)
# Few, so that a document often says of a thing what another says of it too.
KEYS = st.sampled_from(["a", "b-1", "c_2", "daycare", "x" * 11])
NAMES = st.fixed_dictionaries({code: WORDS for code in ("fi", "sv", "en")})
MINUTES = st.integers(0, 24 * 60 - 1)
LANGUAGES = st.lists(st.sampled_from(["fi", "sv", "en", "so"]), min_size=1, unique=True)


@st.composite
def spans(draw: Any) -> tuple[tuple[str, str], ...]:
    """Some spans of a day, in order, apart."""
    edges = sorted(draw(st.sets(MINUTES, max_size=6)))
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in edges]
    return tuple(zip(times[::2], times[1::2], strict=False))


HOURS = st.builds(
    Hours,
    weekly=st.dictionaries(st.sampled_from("1234567"), spans()),
    exceptions=st.dictionaries(st.dates().map(lambda day: day.isoformat()), spans(), max_size=5),
    holidays=st.sampled_from(["closed", "open"]),
    eves=st.sampled_from(["closed", "open"]),
)
AROUND = st.fixed_dictionaries({}, optional={"fi": WORDS, "sv": WORDS})
QUEUES = st.builds(
    Queue,
    organisation=KEYS,
    key=KEYS,
    name=NAMES,
    task=KEYS,
    level=st.integers(1, 3),
    languages=LANGUAGES.map(tuple),
    channels=st.lists(st.sampled_from(CHANNELS)).map(tuple),
    addresses=st.lists(KEYS.map(lambda key: f"{key}@Example.FI".upper())).map(tuple),
    hours=HOURS,
    always_open=st.booleans(),
    target_s=st.integers(0, 10**6),
    service_level=st.builds(ServiceLevel, seconds=st.integers(1, 9999)),
    offer_s=st.none() | st.integers(1, 3600),
    callbacks_per_half_hour=st.integers(0, 100),
    receipts=st.booleans(),
    from_name=AROUND,
    greeting=AROUND,
    signature=AROUND,
    disabled=st.booleans(),
)
SKILLS = st.builds(
    Skill, organisation=KEYS, task=KEYS, languages=LANGUAGES.map(tuple), level=st.integers(1, 3)
)
USERS = st.builds(
    User,
    email=KEYS.map(lambda key: f" {key.upper()}@city.example "),
    name=WORDS,
    organisation=KEYS,
    organisations=st.lists(KEYS, max_size=3).map(tuple),
    skills=st.lists(SKILLS, max_size=4).map(tuple),
)
ANSWERS = st.fixed_dictionaries({"fi": WORDS}, optional={"sv": WORDS, "en": WORDS})
DOCUMENTS = st.builds(
    Document,
    organisation=st.lists(st.builds(Organisation, key=KEYS, name=NAMES), max_size=2).map(tuple),
    queue=st.lists(QUEUES, max_size=3).map(tuple),
    disposition=st.lists(
        st.builds(Disposition, organisation=KEYS, key=KEYS, name=NAMES), max_size=3
    ).map(tuple),
    template=st.lists(
        st.builds(Template, organisation=KEYS, key=KEYS, name=NAMES, text=ANSWERS), max_size=3
    ).map(tuple),
    widget_origin=st.lists(
        st.builds(WidgetOrigin, organisation=KEYS, origin=KEYS.map(lambda key: f"https://{key}/"))
    ).map(tuple),
    user=st.lists(USERS, max_size=3).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(DOCUMENTS)
def test_written_and_read_again_is_the_same(wanted: Document) -> None:
    once = filing.read(filing.write(wanted))
    assert once == tidy_all(wanted) == tidy_all(once)
    assert filing.write(once) == filing.write(wanted)
    assert plan.steps(once, filing.read(filing.write(once))) == []


@settings(max_examples=25, deadline=None)
@given(DOCUMENTS, DOCUMENTS, st.booleans())
def test_the_steps_lead_to_what_is_wanted(now: Document, wanted: Document, prune: bool) -> None:
    """Applied one by one, nothing is left to do; without `prune` nothing goes."""
    now, wanted = tidy_all(now), tidy_all(wanted)
    there: dict[tuple[str, str], Any] = {
        (kind, document.key_of(kind, thing)): thing for kind, thing in now.things()
    }
    before = dict(there)
    for step in plan.steps(now, wanted, prune=prune):
        there[step.kind, step.key] = step.after
        assert prune or step.what not in ("remove", "disable") or step.after is not None
    asked = {(kind, document.key_of(kind, thing)): thing for kind, thing in wanted.things()}
    assert {key: there[key] for key in asked} == asked
    for key in before.keys() - asked.keys():
        kept = there[key]
        assert (
            kept == before[key]
            if not prune
            else kept is None or key[0] == "organisation" or (kept.disabled)
        )


@settings(max_examples=100, deadline=None)
@given(HOURS)
def test_hours_as_a_form_and_back(hours: Hours) -> None:
    pairs = hours_form.pairs(hours)
    fields = dict(pairs)
    weekly = {
        day: spans
        for day in "1234567"
        if (spans := hours_form.spans_of(fields[f"hours.weekly.{day}"], "x"))
    }
    days = tuple(value for name, value in pairs if name == "hours.exceptions.day")
    texts = tuple(value for name, value in pairs if name == "hours.exceptions.spans")
    assert weekly == {day: spans for day, spans in hours.weekly.items() if spans}
    assert hours_form.exceptions_of(days, texts) == hours.exceptions


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9-15", [("09:00", "15:00")]),
        ("9.00 - 11.30, 12:15-16", [("09:00", "11:30"), ("12:15", "16:00")]),
        ("9\N{EN DASH}24;", [("09:00", "24:00")]),
        ("  ", []),
    ],
)
def test_hours_as_people_write_them(text: str, spans: list[tuple[str, str]]) -> None:
    assert list(hours_form.spans_of(text, "x")) == spans


@pytest.mark.parametrize(
    ("origin", "good"),
    [
        ("https://www.city.example", True),
        ("http://localhost:8080", True),
        ("https://[::1]:8443", True),
        ("https://xn--mkkeli-4ya.example", True),
        ("https://", False),
        ("https://city.example/", False),
        ("https://city.example:0", False),
        ("https://city.example:65536", False),
        ("https://city.example\n", False),
        ("https://city.example ", False),
        ("https://city_.example;", False),
        ("https://*.city.example", False),
        ("https://city.example@evil.example", False),
        ("https://CITY.example", False),
        ("ftp://city.example", False),
        ("null", False),
    ],
)
def test_origins(origin: str, good: bool) -> None:
    assert is_origin(origin) is good


@pytest.mark.parametrize("wild", ["https://*", "https://*.city.example", "https://x;y.example"])
def test_the_settings_sites_are_whole_ones_too(wild: str) -> None:
    assert origins("https://www.City.example/, http://x:81") == (
        "https://www.city.example",
        "http://x:81",
    )
    with pytest.raises(ValueError, match="whole name"):
        origins(f"https://www.city.example, {wild}")


def test_what_is_said_twice_is_refused() -> None:
    queue = {"organisation": "a", "task": "t", "languages": ["fi"], "addresses": ["x@y.example"]}
    name = {"fi": "a", "sv": "b", "en": "c"}
    twice = filing.load({"queue": [queue | {"key": key, "name": name} for key in ("q", "r", "q")]})
    found = [(one.detail, one.field) for one in rules.document_problems(twice)]
    assert ("said_twice", "queue.q") in found
    assert ("said_twice", "address.x@y.example") in found


def test_a_template_may_hold_lines_and_emoji_but_no_controls() -> None:
    name = {"fi": "a", "sv": "b", "en": "c"}
    for text, good in [("Hei!\n\n\tT. Aino 👩‍👩‍👧", True), ("a\x00", False), ("a\u202eb", False)]:
        one = Template(organisation="a", key="b", name=name, text={"fi": text})
        assert (rules.problems("template", one) == []) is good


def test_toml_and_json_say_the_same() -> None:
    text = '[[widget_origin]]\norganisation = "a"\norigin = "https://x.example"\n'
    assert filing.read(text.encode()) == filing.read(msgspec.json.encode(tomllib.loads(text)))


@pytest.mark.parametrize("part", ["a.", "a . ", '"a".', "'a'\t.\t"])
def test_a_key_of_many_parts_is_refused_before_it_is_read(part: str) -> None:
    """20 KB of it took seconds, 400 KB an hour, in which a whole node served nobody."""
    text = "# a\n" + part * (500_000 // len(part)) + "a = 1"
    with pytest.raises(Refused) as refused:
        filing.read(text.encode())
    assert (refused.value.code, refused.value.field) == ("bad_request", "file")


def test_dots_in_texts_are_no_key() -> None:
    name, text = '{fi = "a", sv = "b", en = "c"}', "1.2.3.4.5.6.7.8 ... www.a.b.c.d.e.fi ......"
    thing = f'organisation = "a"\nkey = "b"\nname = {name}\ntext = {{fi = "{text}"}}'
    read = filing.read(f"[[template]]\n{thing}".encode())
    assert read.template[0].text == {"fi": text}


@pytest.mark.parametrize(
    ("texts", "detail"),
    [
        ({"signature": {"fi": "{agent} {case} {queue}"}}, None),
        ({"signature": {"fi": "{agent.__class__} { agent } {}"}}, None),  # no words: they stay
        ({"signature": {"fi": "{password}"}}, "unknown_word"),
        ({"greeting": {"sv": "Hej {name}"}}, "unknown_word"),
        ({"from_name": {"fi": "{x}"}}, "unknown_word"),
        ({"from_name": {"fi": "a\x85Bcc: x@canary.example"}}, "invalid_name"),
        ({"from_name": {"fi": "a\u2028b"}}, "invalid_name"),
        ({"from_name": {"fi": "x" * 101}}, "invalid_name"),
        ({"signature": {"fi": "a\0b"}}, "invalid_text"),
        ({"greeting": {"fi": "x" * 2001}}, "invalid_text"),
        ({"greeting": {"FI": "x"}}, "invalid_language"),
        ({"greeting": {"fi": "Hei 👩‍👩‍👧 ❤️ \U0001fae8 🏴\U000e0067\U000e007f"}}, None),
        ({"greeting": {"fi": "a\u202eb"}}, "invalid_text"),
        ({"idle_warning_s": 0}, None),
        ({"idle_warning_s": 29}, "out_of_range"),
        ({"idle_close_s": 19}, "out_of_range"),  # WCAG 2.2.1
    ],
)
def test_what_goes_around_mail_and_chat(texts: dict[str, Any], detail: str | None) -> None:
    queue = Queue(
        organisation="city", key="general", task="general", languages=("fi",),
        name={"fi": "A", "sv": "B", "en": "C"}, **texts,
    )  # fmt: skip
    found = [problem.detail for problem in rules.problems("queue", queue)]
    assert found[:1] == ([] if detail is None else [detail])


@pytest.mark.parametrize(
    ("name", "good"),
    [("", True), ("Neuvoja A.", True), ("aino@city.example", False), ("a\nb", True)],
)
def test_a_name_for_citizens_is_no_address(name: str, good: bool) -> None:
    user = User(email="a@city.example", name="A", public_name=name, organisation="city")
    found = [problem.field for problem in rules.problems("user", filing.tidy(user))]
    assert found == ([] if good else ["public_name"])


def test_citizens_see_one_of_three_names() -> None:
    name = {"fi": "A", "sv": "B", "en": "C"}
    for way, fault in (("first", []), ("full", []), ("role", []), ("all", ["agent_names"])):
        city = Organisation(key="city", name=name, agent_names=way)
        assert [problem.field for problem in rules.problems("organisation", city)] == fault

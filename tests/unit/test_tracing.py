"""Which stretch of a contact's time is which span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contactcenter.tracing import otlp
from contactcenter.tracing.rules import Event, Life, Span, number, told

T0 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
Told = tuple[str, int, int, str | None]


def life(*kinds: str, channel: str = "mail") -> Life:
    """A contact to which a thing happened each minute: `kind` or `kind:why`."""
    events = []
    for n, word in enumerate(kinds, start=1):
        kind, _, why = word.partition(":")
        at = T0 + timedelta(minutes=n)
        events.append(
            Event(n, at, kind, channel, "fi", "citizen", "general", "mikkeli", None, why or None)
        )
    return Life(7, 8, T0, events)


def spans(one: Life, news: range | None = None) -> list[Told]:
    """Name, from minute, to minute, why."""
    found, _ = told(one, news or range(1, len(one.events) + 1))
    return [
        (s.name, minutes(s.since), minutes(s.until), str(s.told.get("why", "")) or None)
        for s in found
    ]


def minutes(at: datetime) -> int:
    return (at - T0) // timedelta(minutes=1)


def test_an_offer_that_is_declined_lets_it_wait_on() -> None:
    one = life("entered:new", "offered", "offer_ended:declined", "returned", "offered",
               "offer_ended:accepted", "accepted", "closed")  # fmt: skip
    assert spans(one) == [
        ("received", 0, 1, "new"),
        ("offered", 2, 3, "declined"),
        ("waited", 1, 4, None),
        ("offered", 5, 6, "accepted"),
        ("waited", 4, 7, None),
        ("handled", 7, 8, None),
        ("contact", 0, 8, None),
    ]


def test_only_what_is_new_is_told_with_all_that_was_before() -> None:
    one = life("entered:new", "accepted", "held", "unheld", "wrap_up", "closed")
    assert spans(one, range(4, 6)) == [("held", 3, 4, None), ("handled", 2, 5, None)]
    assert spans(one, range(6, 7)) == [("wrapped_up", 5, 6, None), ("contact", 0, 6, None)]


def test_what_had_not_ended_ends_with_the_handling() -> None:
    one = life("entered:new", "accepted", "paused", "left:agent_lost", "returned")
    assert spans(one)[2:] == [("handled", 2, 4, "agent_lost"), ("paused", 3, 4, "agent_lost")]
    one = life("entered:new", "accepted", "held", "wrap_up")
    assert spans(one)[2:] == [("held", 3, 4, None), ("handled", 2, 4, None)]


def test_who_leaves_waited() -> None:
    assert spans(life("entered:new", "abandoned", channel="chat"))[1:] == [
        ("waited", 1, 2, None),
        ("contact", 0, 2, None),
    ]


def test_a_callback_is_booked_and_called_again() -> None:
    tries = ("accepted", "left:not_reached", "entered:retry", "accepted")
    one = life("entered:window", *tries, "closed", channel="callback")
    assert spans(one) == [
        ("scheduled", 0, 1, "window"),
        ("waited", 1, 2, None),
        ("handled", 2, 3, "not_reached"),
        ("scheduled", 3, 4, "retry"),
        ("waited", 4, 5, None),
        ("handled", 5, 6, None),
        ("contact", 0, 6, None),
    ]
    assert spans(life("closed", channel="callback"))[0] == ("scheduled", 0, 1, None)
    assert spans(life("closed:blocked"))[0] == ("received", 0, 1, "blocked")


def test_what_comes_back_has_a_second_span_of_its_own() -> None:
    one = life("closed:spam", "entered:reopened", "accepted", "closed")
    found, _ = told(one, range(1, 5))
    roots = [s for s in found if s.name == "contact"]
    assert [(minutes(s.since), minutes(s.until)) for s in roots] == [(0, 1), (2, 4)]
    assert roots[0].number != roots[1].number
    assert {s.parent for s in found if s.name in ("waited", "handled")} == {roots[1].number}


def test_what_was_written_is_looked_for_once() -> None:
    one = life("entered:new", "accepted", "left:transfer", "entered:transfer", "accepted", "closed")
    _, first = told(one, range(1, 4))
    _, second = told(one, range(4, 7))
    looked = [(s.since and minutes(s.since), minutes(s.until)) for s in (*first, *second)]
    assert looked == [(None, 3), (3, 6)]


def test_a_clock_that_was_put_back_makes_no_span_of_less_than_nothing() -> None:
    one = life("entered:new", "accepted")
    back = Life(7, 8, T0 + timedelta(minutes=5), one.events)
    assert spans(back)[0] == ("received", 5, 5, "new")


def test_a_trace_is_of_one_contact_of_one_house() -> None:
    span = Span(7, "held", number(7, 1, "held"), None, T0, T0)
    bodies = {otlp.request([span], house, {}) for house in ("https://a", "https://b", "https://a")}
    assert len(bodies) == 2
    assert number(7, 1, "held") != number(7, 2, "held") != number(8, 2, "held")


def test_the_path_of_the_protocol_is_added_once() -> None:
    for url in ("http://c:4318", "http://c:4318/", "http://c:4318/v1/traces"):
        assert otlp.endpoint(url) == "http://c:4318/v1/traces"

"""The calendar file, by its bytes and by a small reader of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.callback.windows import Window
from contactcenter.web.citizen.callback_ics import Entry, calendar_file

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 26, 9, 30, 15, 123456, tzinfo=UTC)
LONG = "Soitto sinulle: Äidinkielen; ja, yöhäirinnän \\ neuvonta åäö " * 4


def half_hour(at: datetime) -> Window:
    return Window(at, at + timedelta(minutes=30))


ENTRY = Entry(
    token="secret-token",
    window=half_hour(datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
    zone=HELSINKI,
    sequence=0,
    cancelled=False,
    summary="Soitto sinulle: Yleinen neuvonta",
    description="Rivi\nToinen: https://x.example/callback/secret-token",
    url="https://x.example/callback/secret-token",
    organiser="no-reply@x.example",
    organiser_name="Neuvonta: ö",
)


class Part:
    """One component: properties as (name, parameters, value), and the components inside."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.properties: list[tuple[str, str, str]] = []
        self.parts: list[Part] = []

    def value(self, name: str) -> str:
        (found,) = [value for key, _, value in self.properties if key == name]
        return found

    def parameters(self, name: str) -> str:
        (found,) = [parameters for key, parameters, _ in self.properties if key == name]
        return found

    def of(self, name: str) -> list[Part]:
        return [part for part in self.parts if part.name == name]


def parse(data: bytes) -> Part:
    """RFC 5545, 3.1 and 3.4: content lines, unfolded, in nested components."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.replace(b"\r\n ", b"").decode("utf-8").removesuffix("\r\n").split("\r\n")
    open_ = [Part("")]
    for line in lines:
        head, value = _split(line)
        name, _, parameters = head.partition(";")
        if name == "BEGIN":
            part = Part(value)
            open_[-1].parts.append(part)
            open_.append(part)
        elif name == "END":
            assert open_.pop().name == value
        else:
            open_[-1].properties.append((name, parameters, value))
    (top,) = open_[0].parts
    assert len(open_) == 1
    return top


def _split(line: str) -> tuple[str, str]:
    """At the first colon outside quotes."""
    quoted = False
    for n, letter in enumerate(line):
        quoted ^= letter == '"'
        if letter == ":" and not quoted:
            return line[:n], line[n + 1 :]
    raise AssertionError(line)


def text(value: str) -> str:
    """RFC 5545, 3.3.11."""
    out, escaped = "", False
    for letter in value:
        if escaped:
            out, escaped = out + ("\n" if letter in "nN" else letter), False
        elif letter == "\\":
            escaped = True
        else:
            out += letter
    return out


def offset(value: str) -> timedelta:
    sign = -1 if value[0] == "-" else 1
    return sign * timedelta(hours=int(value[1:3]), minutes=int(value[3:5]))


def moment(calendar: Part, event: Part, name: str) -> datetime:
    """What a calendar program makes of it: by the VTIMEZONE in the file alone (3.6.5)."""
    value, parameters = event.value(name), event.parameters(name)
    if value.endswith("Z"):
        assert parameters == ""
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    (zone,) = calendar.of("VTIMEZONE")
    assert parameters == f"TZID={zone.value('TZID')}"
    local = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
    onsets = sorted((_moment(part), offset(part.value("TZOFFSETTO"))) for part in zone.parts)
    shown = []
    for n, (begins, ahead) in enumerate(onsets):
        at = (local - ahead).replace(tzinfo=UTC)
        if at >= begins and (n + 1 == len(onsets) or at < onsets[n + 1][0]):
            shown.append(at)
    return min(shown)  # shown twice, it is the first (3.3.5)


def _moment(part: Part) -> datetime:
    local = datetime.strptime(part.value("DTSTART"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    return (local - offset(part.value("TZOFFSETFROM"))).replace(tzinfo=UTC)


def read(entry: Entry) -> tuple[Part, Part]:
    calendar = parse(calendar_file(entry, NOW))
    (event,) = calendar.of("VEVENT")
    return calendar, event


def test_what_must_be_there() -> None:
    calendar, event = read(ENTRY)
    assert calendar.name == "VCALENDAR"
    assert (calendar.value("VERSION"), calendar.value("METHOD")) == ("2.0", "REQUEST")
    assert calendar.value("PRODID")
    assert event.value("DTSTAMP") == "20261126T093015Z"
    assert (event.value("SEQUENCE"), event.value("STATUS")) == ("0", "CONFIRMED")
    assert event.value("DTSTART") == "20261201T100000"
    assert event.value("DTEND") == "20261201T103000"
    assert event.value("ORGANIZER") == "mailto:no-reply@x.example"
    assert event.parameters("ORGANIZER") == 'CN="Neuvonta: ö"'
    assert event.value("ATTENDEE").startswith("urn:uuid:")
    assert text(event.value("DESCRIPTION")) == ENTRY.description
    assert event.value("URL") == ENTRY.url


def test_the_same_entry_is_taken_back() -> None:
    _, before = read(ENTRY)
    calendar, event = read(replace(ENTRY, cancelled=True, sequence=1))
    assert calendar.value("METHOD") == "CANCEL"
    assert (event.value("STATUS"), event.value("SEQUENCE")) == ("CANCELLED", "1")
    assert event.value("UID") == before.value("UID")
    assert "secret-token" not in event.value("UID")
    assert read(replace(ENTRY, token="other"))[1].value("UID") != before.value("UID")


def test_long_lines_are_folded_between_letters() -> None:
    data = calendar_file(replace(ENTRY, summary=LONG), NOW)
    lines = data.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two
    assert text(read(replace(ENTRY, summary=LONG))[1].value("SUMMARY")) == LONG


@pytest.mark.parametrize("words", ["a\r\nBEGIN:VALARM", "a\nX-EVIL:1", 'q"uote', "a\x00b"])
def test_words_stay_words(words: str) -> None:
    entry = replace(ENTRY, summary=words, organiser_name=words, description=words)
    data = calendar_file(entry, NOW)
    assert b"\r\nX-EVIL" not in data
    assert b"\r\nBEGIN:VALARM" not in data


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001
    st.sampled_from(["Europe/Helsinki", "Europe/Stockholm", "America/New_York", "UTC"]),
)
def test_every_half_hour_is_the_one_that_was_promised(at: datetime, zone: str) -> None:
    window = half_hour(at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0, tzinfo=UTC))
    calendar, event = read(replace(ENTRY, window=window, zone=ZoneInfo(zone)))
    ends = [moment(calendar, event, name) for name in ("DTSTART", "DTEND")]
    assert ends == list(window)


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, 21), datetime(2026, 10, 24, 21)])  # noqa: DTZ001
def test_the_nights_of_the_change(day: datetime) -> None:
    for n in range(16):
        window = half_hour(day.replace(tzinfo=UTC) + n * timedelta(minutes=30))
        calendar, event = read(replace(ENTRY, window=window))
        assert moment(calendar, event, "DTSTART") == window.opens
        assert moment(calendar, event, "DTEND") == window.closes

"""What somebody who wants to be called sends, as the door reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels import callback
from contactcenter.channel import CallChannel, CallRequest, ChannelSettings
from contactcenter.errors import Refused

ASKED = {
    "queue": "general",
    "number": "050 339 1387",
    "language": "fi",
    "matter": "Päivähoitopaikka",
    "request_id": "form-1",
}
HALF_HOUR = {"from": "2026-11-27T08:00:00Z", "to": "2026-11-27T10:30:00+02:00"}


def read(body: bytes | None = None, **given: Any) -> CallRequest:
    door = callback.open_channel(ChannelSettings())
    assert isinstance(door, CallChannel)
    return door.read_request(json.dumps(ASKED | given).encode() if body is None else body)


def test_what_must_be_there_is_enough() -> None:
    asked = read()
    assert (asked.name, asked.email, asked.window) == ("", "", None)
    assert (asked.queue, asked.number, asked.matter) == ("general", "050 339 1387", ASKED["matter"])


def test_everything_that_may_be_there() -> None:
    asked = read(name=" Maija ", email=" maija@example.org ", window=HALF_HOUR, language="sv-FI")
    assert (asked.name, asked.email, asked.language) == ("Maija", "maija@example.org", "sv")
    opens = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    assert asked.window == (opens, opens.replace(minute=30))


def test_nothing_said_and_null_are_alike() -> None:
    assert read(name=None, email=None, window=None) == read()


def test_fields_of_a_newer_page_are_passed_over() -> None:
    assert read(colour="blue", window=HALF_HOUR | {"zone": "x"}).window is not None


def test_a_number_is_kept_as_it_was_typed() -> None:
    odd = "0\u200b40 123,,9 \u0665"
    assert read(number=odd).number == odd  # whoever judges it shall see it


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("queue", {"queue": "a b"}),
        ("queue", {"queue": None}),
        ("number", {"number": 358501234567}),
        ("number", {"number": " \t"}),
        ("number", {"number": "1" * 321}),
        ("language", {"language": "Suomi!"}),
        ("matter", {"matter": ["x"]}),
        ("matter", {"matter": " \n "}),
        ("name", {"name": "Maija\r\nBcc: x"}),
        ("name", {"name": "x" * 201}),
        ("email", {"email": "a@example.org\x00"}),
        ("request_id", {"request_id": "x" * 65}),
        ("request_id", {"request_id": ""}),
        ("window", {"window": "tomorrow"}),
        ("window", {"window": {"from": HALF_HOUR["from"]}}),
        ("window", {"window": HALF_HOUR | {"to": "2026-11-27T10:30:00"}}),  # in which zone?
        ("window", {"window": HALF_HOUR | {"from": "2026-02-30T08:00:00Z"}}),
    ],
)
def test_what_is_wrong_is_named(field: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        read(**given)
    assert (caught.value.code, caught.value.field) == ("bad_request", field)


@pytest.mark.parametrize("missing", ASKED)
def test_what_is_missing_is_named(missing: str) -> None:
    body = json.dumps({key: value for key, value in ASKED.items() if key != missing}).encode()
    with pytest.raises(Refused) as caught:
        read(body)
    assert (caught.value.code, caught.value.field) == ("bad_request", missing)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"', b"[" * 50_000, b"null"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read(body)
    assert (caught.value.code, caught.value.detail) == ("bad_request", "not_json")

"""What an agent begins by hand, as the door reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels import desk_entry
from contactcenter.callback.numbers import read_number
from contactcenter.channel import Begun, ChannelSettings, DeskChannel, Introduced
from contactcenter.errors import Refused

START = {
    "type": "start",
    "channel": "visit",
    "queue": "general",
    "language": "fi",
    "request_id": "t1-1",
}


def read(**given: Any) -> Begun:
    door = desk_entry.open_channel(ChannelSettings())
    assert isinstance(door, DeskChannel)
    return door.read(json.dumps(START | given).encode())


def introduced(**given: Any) -> Introduced:
    frame = {"type": "person", "contact": "5"} | given
    door = desk_entry.open_channel(ChannelSettings())
    return door.read_person(json.dumps(frame).encode())


def test_what_must_be_there_is_enough() -> None:
    begun = read()
    assert (begun.channel, begun.direction, begun.senders) == ("visit", "citizen", ())
    assert (begun.note, begun.arrived_at) == ("", None)


@pytest.mark.parametrize(
    "spelling",
    ["040 123 4567", "+358 40 1234567", "00358401234567", "(040) 123-4567", " 040.1234567 "],
)
def test_every_spelling_of_a_number_is_one_address(spelling: str) -> None:
    (phone,) = read(person={"name": "Ville", "number": spelling}).senders
    assert (phone.kind, phone.address, phone.strength) == ("phone", "+358401234567", "asserted")
    assert phone.address == read_number(spelling, {"FI"})  # a callback finds the same person


def test_number_and_email_are_read_and_blank_ones_passed_over() -> None:
    both = read(person={"number": "0295 000", "email": " Ville@Example.ORG "}).senders
    assert [sender.address for sender in both] == ["+358295000", "ville@example.org"]
    assert read(person={"name": "Ville", "number": " ", "email": ""}).senders == ()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("channel", {"channel": "chat"}),
        ("direction", {"direction": "both"}),
        ("queue", {"queue": "a b"}),
        ("language", {"language": "Suomi!"}),
        ("request_id", {"request_id": "x" * 65}),
        ("request_id", {"request_id": None}),
        ("arrived_at", {"arrived_at": "2026-11-24T10:00:00"}),  # in which zone?
        ("arrived_at", {"arrived_at": "2026-11-24T10:00:00Z", "direction": "agent"}),
        ("person.name", {"person": {"name": "x" * 201}}),
        ("email", {"person": {"email": "ville"}}),
        ("email", {"person": {"email": "a@b.fi, c@d.fi"}}),
    ],
)
def test_a_wrong_field_is_named(field: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="bad_request") as refused:
        read(**given)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "number", ["no number", "112", "040123456789012345", "040,,9", "04\u200b01234567", "tel:040123"]
)
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(Refused, match="invalid_number") as refused:
        read(person={"number": number})
    assert refused.value.field == "number"


def test_a_frame_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="too_large"):
        read(note="x" * 70_000)


def test_who_it_is_may_be_told_later() -> None:
    told = introduced(name="Ville", number="040 123 4567", email="")
    assert (told.contact, told.name) == ("5", "Ville")
    assert [sender.address for sender in told.senders] == ["+358401234567"]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {}),
        ("name", {"name": " ", "number": ""}),
        ("name", {"name": "x" * 201}),
        ("contact", {"name": "Ville", "contact": ""}),
        ("contact", {"name": "Ville", "contact": None}),
        ("email", {"email": "ville@"}),
    ],
)
def test_a_wrong_field_of_a_person_is_named(field: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="bad_request") as refused:
        introduced(**given)
    assert refused.value.field == field

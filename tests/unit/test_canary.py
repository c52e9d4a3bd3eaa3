"""What looks for numbers everywhere finds them in every writing."""

from __future__ import annotations

import quopri
from base64 import b64encode
from urllib.parse import quote

import msgspec
import pytest

from tests.flows.canary import ACCOUNT, CARD, CODE, LOWER, SPACED, shown


@pytest.mark.parametrize("number", [CODE, SPACED, LOWER, ACCOUNT, CARD, CARD.replace(" ", "-")])
def test_it_is_found(number: str) -> None:
    text = f"ö {number} ."
    for written in (
        text.encode(),
        text.upper().encode(),
        quote(text).encode(),
        quopri.encodestring(text.encode()),
        ascii(text).encode(),
        msgspec.json.encode({"a": msgspec.json.encode(text).decode()}),
    ):
        assert shown(written), written


@pytest.mark.parametrize("number", [CODE, SPACED, LOWER, CODE.lower()])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_it_is_found_in_base64_broken_into_lines(number: str, before: str) -> None:
    data = b64encode(f"{before}{number} ja muuta".encode())
    assert shown(b"x " + data[:6] + b"\r\n" + data[6:])


def test_what_is_masked_is_not() -> None:
    for text in ("131052-****", "FI** ****", "**** 1111", "FI14 1009 3000 1234 58", "131052-3080"):
        assert shown(text.encode()) is None

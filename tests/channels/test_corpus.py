"""Real mail of many programs, much of it hostile: read without a crash, a hang or an unsafe
name, and mostly as its own test suites say it should be."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channels.email.mime import read_mail
from contactcenter.channel import Inbound
from tests.plugins.system_packages import shared_of

pytestmark = pytest.mark.needs_shared

UNSAFE = re.compile("[/\\\\\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|^\\.|^$")


@pytest.fixture(scope="module")
def mails(request: pytest.FixtureRequest) -> list[tuple[str, Inbound, dict[str, Any]]]:
    return list(_read(shared_of(request.config) / "mail" / "open"))


def _read(folder: Path) -> Iterator[tuple[str, Inbound, dict[str, Any]]]:
    for path in sorted(folder.glob("*.eml")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        yield path.stem, read_mail(path.read_bytes(), to=("palaute@kaupunki.example",)), expected


def test_every_mail_is_read(mails: list[tuple[str, Inbound, dict[str, Any]]]) -> None:
    assert len(mails) > 500
    for name, inbound, _ in mails:
        assert "failed" not in (inbound.unreadable or ""), name
        text = msgspec.json.encode(msgspec.structs.replace(inbound, raw=None, attachments=()))
        assert b"\\u0000" not in text, name
        for file in inbound.attachments:
            assert not UNSAFE.search(file.name), (name, file.name)
    unreadable = [name for name, inbound, _ in mails if inbound.unreadable]
    assert len(unreadable) < len(mails) / 50, unreadable


def test_most_labels_are_met(mails: list[tuple[str, Inbound, dict[str, Any]]]) -> None:
    met, stated = Counter[str](), Counter[str]()
    for _, inbound, expected in mails:
        got = {
            "subject": inbound.subject,
            "from_addr": inbound.sender.address,
            "message_id": (inbound.external_id or "").strip("<>"),
            "attachments_count": len(inbound.attachments),
        }
        for key in got.keys() & expected.keys():
            stated[key] += 1
            met[key] += _same(got[key], expected[key])
    shares = {key: met[key] / stated[key] for key in stated}
    assert len(shares) == 4
    assert min(shares.values()) > 0.9, shares


def _same(got: object, want: object) -> bool:
    return " ".join(str(got).lower().split()) == " ".join(str(want).lower().strip("<>").split())


def test_forwarded_words_are_kept(mails: list[tuple[str, Inbound, dict[str, Any]]]) -> None:
    for name, inbound, expected in mails:
        words = re.findall(r"\w+", expected.get("forwarded_body") or "")
        there = Counter(re.findall(r"\w+", inbound.text))
        lost = sum((Counter(words) - there).values())
        assert lost <= len(words) * 0.02, name

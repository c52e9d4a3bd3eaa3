"""Real mail of many programs, much of it hostile: read without a crash, a hang or an unsafe
name, and mostly as its own test suites say it should be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channels.email.mime import read_mail
from contactcenter.channel import Inbound
from contactcenter.mail_parse import prediction
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


@pytest.fixture(scope="module")
def score(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    mails: list[tuple[str, Inbound, dict[str, Any]]],
) -> dict[str, Any]:
    """What the corpus' own scorer says of them."""
    mail = shared_of(request.config) / "mail"
    folder = tmp_path_factory.mktemp("score")
    predictions, result = folder / "predictions.jsonl", folder / "score.json"
    predictions.write_bytes(
        b"\n".join(msgspec.json.encode({"name": n, **prediction(i)}) for n, i, _ in mails)
    )
    arguments = (mail / "score.py", predictions, mail / "open", "--json", result)
    command = [sys.executable, *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)
    read: dict[str, Any] = json.loads(result.read_bytes())
    return read


@pytest.mark.parametrize(
    ("key", "least"),
    [
        ("text_reply", 0.93),
        ("text_reply_contains", 1.0),
        ("forwarded_body", 1.0),
        ("from_addr", 0.985),
        ("from_name", 0.98),
        ("to", 0.98),
        ("subject", 0.97),
        ("message_id", 0.98),
        ("attachments", 0.95),
        ("attachments_count", 0.95),
        ("is_forward", 0.98),
        ("is_auto_reply", 0.98),
        ("bounce_recipient", 0.95),
    ],
)
def test_labels_are_met(score: dict[str, Any], key: str, least: float) -> None:
    assert score["errors"] == 0
    assert score["unsafe_filenames"] == []
    assert score["keys"][key]["acc"] >= least, score["fails"][key]


def test_the_visible_reply_loses_no_words(score: dict[str, Any]) -> None:
    replies = score["keys"]["text_reply"]
    assert replies["f1"] >= 0.96
    assert len(replies["lost"]) <= 2, replies["lost"]
    assert len(replies["leak"]) <= 6, replies["leak"]


def test_bounces_are_known(score: dict[str, Any]) -> None:
    bounces = score["keys"]["is_bounce"]
    assert bounces["precision_with_presumed"] >= 0.98
    assert bounces["recall"] >= 0.985, score["fails"]["is_bounce"]


def test_forwarded_words_are_kept(mails: list[tuple[str, Inbound, dict[str, Any]]]) -> None:
    for name, inbound, expected in mails:
        words = re.findall(r"\w+", expected.get("forwarded_body") or "")
        there = Counter(re.findall(r"\w+", inbound.text))
        lost = sum((Counter(words) - there).values())
        assert lost <= len(words) * 0.02, name

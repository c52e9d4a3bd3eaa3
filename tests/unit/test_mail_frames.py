"""Frames about mail that an honest browser never sends: what is no list of texts is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contactcenter.errors import Refused
from contactcenter.web.agent.agent_frames import FRAMES

WRITE = {"contact": "5", "client_id": "c1", "text": "Hei"}
WRONG: list[Any] = [
    "a@b.example", {"a@b.example": 1}, [["a@b.example"]], [{"to": "a@b.example"}], [1], [None],
    None, [True], ["a@b.example"] * 101,
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:20])
@pytest.mark.parametrize("field", ["to", "cc", "bcc", "attachments"])
@pytest.mark.parametrize("kind", ["reply", "forward", "draft"])
def test_lists_of_texts_only(kind: str, field: str, wrong: Any) -> None:
    frame = {"type": kind, "to": ["a@b.example"], **WRITE} | {field: wrong}
    with pytest.raises(Refused, match="bad_request") as caught:
        FRAMES.body(kind, json.dumps(frame))
    assert (caught.value.field or "").startswith(field)


@pytest.mark.parametrize("ids", [["-1"], ["1 "], ["1\n"], ["1" * 19], ["x"], [""]])
def test_ids_are_digits(ids: list[str]) -> None:
    with pytest.raises(Refused, match="bad_request"):
        FRAMES.body("reply", json.dumps({"type": "reply", **WRITE, "attachments": ids}))


def test_a_forward_needs_somebody() -> None:
    with pytest.raises(Refused, match="bad_request") as caught:
        FRAMES.body("forward", json.dumps({"type": "forward", **WRITE}))
    assert caught.value.field == "to"


def test_a_plain_reply_stays_what_it_was() -> None:
    frame = FRAMES.body("reply", json.dumps({"type": "reply", **WRITE}))
    assert (frame.to, frame.cc, frame.bcc, frame.attachments, frame.quote) == ((), (), (), (), True)

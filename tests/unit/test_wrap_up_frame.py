"""What an agent may say in wrap-up, as a frame."""

from __future__ import annotations

import json

import pytest

from contactcenter.cases.reasons import MARKS
from contactcenter.errors import Refused
from contactcenter.web.agent.agent_frames import FRAMES

FRAME = {"type": "wrap_up", "contact": "5", "disposition": "answered"}


@pytest.mark.parametrize("mark", MARKS)
def test_reason_and_mark_may_be_said(mark: str) -> None:
    said = FRAMES.body("wrap_up", json.dumps(FRAME | {"reason": "question", "mark": mark}))
    assert (said.reason, said.mark) == ("question", mark)


def test_or_left_out() -> None:
    said = FRAMES.body("wrap_up", json.dumps(FRAME))
    assert (said.reason, said.mark) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mark", "avoidable"),
        ("mark", ""),
        ("mark", 1),
        ("reason", ""),
        ("reason", "x" * 61),
        ("reason", "<script>"),
        ("reason", {"key": "question"}),
    ],
)
def test_what_is_none_of_them_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(Refused, match="bad_request") as refused:
        FRAMES.body("wrap_up", json.dumps(FRAME | {field: value}))
    assert refused.value.field == field

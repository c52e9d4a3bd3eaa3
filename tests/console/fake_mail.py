"""What the fake contact centre does with the frames of mail."""

from __future__ import annotations

from collections.abc import Callable

from tests.console.fake_centre import Centre, Frame, ago


def _dismiss(centre: Centre, frame: Frame, ref: Frame) -> None:
    _settle(centre, frame["send_id"], "dismissed", ref)


def _resend(centre: Centre, frame: Frame, ref: Frame) -> None:
    fields: Frame = {"next_at": None, "refused": []}
    centre.deliveries[frame["send_id"]] |= fields
    centre.delivery(frame["send_id"], "queued", **ref)
    _settle(centre, frame["send_id"], "resent", ref)


def _settle(centre: Centre, send_id: str, why: str, ref: Frame) -> None:
    if centre.undelivered.pop(send_id, None):
        centre.tell({"type": "notice_ended", "send_id": send_id, "why": why} | ref)


def _spam(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card |= {"state": "closed", "aside": "spam", "case_state": "resolved"}
    centre.drafts.pop(card["contact"], None)
    centre.show(card, **ref)


def _not_spam(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    del card["aside"]
    card |= {"state": "queued", "owner": None, "wait_from": ago(0), "case_state": "open"}
    centre.show(card, **ref)


def _block_sender(centre: Centre, frame: Frame, ref: Frame) -> Frame:
    return _sender(centre, frame, ref, blocked=True)


def _unblock_sender(centre: Centre, frame: Frame, ref: Frame) -> Frame:
    return _sender(centre, frame, ref, blocked=False)


def _sender(centre: Centre, frame: Frame, ref: Frame, *, blocked: bool) -> Frame:
    address = centre.cards[frame["contact"]]["person"]["address"]
    told = {"type": "sender", "contact": frame["contact"], "address": address, "blocked": blocked}
    return told | ref


VERBS: dict[str, Callable[[Centre, Frame, Frame], Frame | None]] = {
    "dismiss": _dismiss,
    "resend": _resend,
    "spam": _spam,
    "not_spam": _not_spam,
    "block_sender": _block_sender,
    "unblock_sender": _unblock_sender,
}

"""What the fake contact centre does with the frames of mail."""

from __future__ import annotations

from collections.abc import Callable

from tests.console.fake_centre import Centre, Frame, ago

_LISTS = ("to", "cc", "bcc")


def drafted(centre: Centre, frame: Frame) -> Frame:
    """What a draft says beside its text, as the card shows it."""
    kept = {name: frame[name] for name in (*_LISTS, "quote") if name in frame}
    files = [centre.uploads[upload] for upload in frame.get("attachments", [])]
    return kept | ({"attachments": files} if files else {})


def said(centre: Centre, frame: Frame) -> Frame:
    """What a mail says beside its text, as the message shows it."""
    named = {name: [{"address": one} for one in frame[name]] for name in _LISTS if name in frame}
    files = [centre.uploads[upload] for upload in frame.get("attachments", [])]
    return ({"mail": named} if named else {}) | ({"attachments": files} if files else {})


def reply(centre: Centre, contact: str) -> Frame:
    """What an answer would be."""
    card = centre.cards[contact]
    if "page" in card and not card["person"]["address"]:
        nobody = {"name": "", "address": ""}
        texts = dict.fromkeys(("subject", "greeting", "signature", "quote"), "")
        return {"from": nobody, "to": [], **texts, "page": True}
    return {
        "from": {"name": "Pysäköintineuvonta", "address": "pysakointi@kaupunki.example.fi"},
        "to": [card["person"]["address"]],
        "subject": f"Re: {card['subject']}",
        "greeting": "Hei,",
        "signature": "Terveisin\nAino Virtanen\nPysäköintineuvonta, kaupunki",
        "quote": "Pirkko kirjoitti 24.11.2026 klo 0.15:\n\n> Hei, tämä kuulunee teille.",
    }


def _forward(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    told = centre.messages[card["case"]]
    send_id = f"6{card['contact']}{len(told)}"
    facts = said(centre, frame).get("mail", {}) | {"forwarded": frame["seq"]}
    ids = {"client_id": frame["client_id"], "send_id": send_id}
    message = centre.message(card, "note", frame["text"], mail=facts, **ids)
    sent = {"send_id": send_id, "contact": card["contact"], "message_seq": message["seq"]}
    centre.deliveries[send_id] = sent | {"state": "queued", "code": None, "kind": "forward"}
    centre.tell(centre.told(card, message) | ref)
    centre.tell({"type": "delivery"} | centre.deliveries[send_id] | ref)


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
    "forward": _forward,
    "resend": _resend,
    "spam": _spam,
    "not_spam": _not_spam,
    "block_sender": _block_sender,
    "unblock_sender": _unblock_sender,
}

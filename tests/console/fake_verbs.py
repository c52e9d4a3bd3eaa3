"""What the fake contact centre does with an agent's frames."""

from __future__ import annotations

from typing import Any

from tests.console import fake_calls, fake_mail
from tests.console.fake_centre import ME, Centre, Frame, Refuse, ago


def do(centre: Centre, frame: Frame) -> Frame | None:
    """Do one frame. Returns what only its sender hears."""
    centre.heard.append(frame)
    centre.hears.set()
    ref = {"ref": frame["ref"]} if "ref" in frame else {}
    try:
        if frame["type"] in centre.refusals:
            raise Refuse(*centre.refusals.pop(frame["type"]))
        others = fake_calls.VERBS | fake_mail.VERBS
        verb = globals().get(f"_{frame['type']}") or others.get(frame["type"])
        if verb is None:
            raise Refuse("unknown_type", "?")
        effect: Frame | None = verb(centre, frame, ref)
    except Refuse as no:
        told = {k: frame[k] for k in ("ref", "client_id") if k in frame}
        field = {"field": no.args[2]} if len(no.args) > 2 else {}
        return {"type": "error", "code": no.args[0], "message": no.args[1]} | field | told
    return effect


def _state(centre: Centre, frame: Frame, ref: Frame) -> None:
    centre.status = {"value": frame["value"], "reason": None, "since": ago(0)}
    centre.tell({"type": "agent", "state": centre.status} | ref)


def _accept(centre: Centre, frame: Frame, ref: Frame) -> None:
    offer = centre.offers.pop(frame["offer"], None)
    if offer is None:
        raise Refuse("offer_ended", "Tarjous on jo päättynyt.")
    card = centre.cards[offer["contact"]["contact"]]
    card |= {"state": "active", "owner": ME, "accepted": ago(0)}
    centre.tell({"type": "offer_ended", "offer": frame["offer"], "why": "accepted"} | ref)
    centre.show(card, **centre.history(card), **ref)


def _decline(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[centre.offers.pop(frame["offer"])["contact"]["contact"]]
    card |= {"state": "queued", "owner": None}
    centre.tell({"type": "offer_ended", "offer": frame["offer"], "why": "declined"} | ref)


def _reply(centre: Centre, frame: Frame, ref: Frame) -> None:
    _write(centre, frame, ref, "outbound")


def _note(centre: Centre, frame: Frame, ref: Frame) -> None:
    _write(centre, frame, ref, "note")


def _write(centre: Centre, frame: Frame, ref: Frame, direction: str) -> None:
    card = centre.cards[frame["contact"]]
    told = centre.messages[card["case"]]
    known = [
        m for m in told if m.get("client_id") == frame["client_id"] and m["direction"] == direction
    ]
    if not known:
        if card["owner"] != ME:
            raise Refuse("not_yours", "Yhteydenotto ei ole sinulla.")
        fields: dict[str, Any] = {"client_id": frame["client_id"]}
        if direction == "outbound":
            centre.drafts.pop(card["contact"], None)
            centre.draft_mails.pop(card["contact"], None)
        if direction == "outbound" and card["channel"] != "chat":
            fields["send_id"] = f"5{card['contact']}{len(told)}"
            fields |= fake_mail.said(centre, frame)
        elif direction == "outbound":
            fields |= fake_mail.said(centre, frame)
            fields |= {"choices": frame["choices"]} if "choices" in frame else {}
        message = centre.message(card, direction, frame["text"], **fields)
        if "send_id" in message:
            sent = {"send_id": message["send_id"], "contact": card["contact"]}
            sent |= {"message_seq": message["seq"], "state": "queued", "code": None}
            centre.deliveries[message["send_id"]] = sent
    else:
        message = known[0]
    centre.tell(centre.told(card, message) | ref)
    if "send_id" in message:
        centre.tell({"type": "delivery"} | centre.deliveries[message["send_id"]] | ref)


def _stay(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card.pop("idle_closes_at", None)
    centre.show(card, **ref)


def _draft(centre: Centre, frame: Frame, ref: Frame) -> Frame:
    centre.drafts[frame["contact"]] = frame["text"]
    centre.draft_mails[frame["contact"]] = fake_mail.drafted(centre, frame)
    return {"type": "draft", "contact": frame["contact"]} | ref


def _read(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card["unread"] = 0
    if card["channel"] != "chat":
        centre.show(card, **ref)


def _pull(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card |= {"state": "active", "owner": ME, "accepted": ago(0)}
    centre.show(card, **centre.history(card), **ref)


def _end_shift(centre: Centre, frame: Frame, ref: Frame) -> Frame:
    left = [c["contact"] for c in centre.cards.values() if c["owner"] == ME]
    left = [one for one in left if centre.cards[one]["state"] in ("active", "wrap_up")]
    state = ("away", "shift_ending") if left else ("offline", "shift_ended")
    centre.status = {"value": state[0], "reason": state[1], "since": ago(0)}
    centre.tell({"type": "agent", "state": centre.status} | ref)
    return {"type": "shift", "ended": not left, "open": left} | ref


def _hand_back(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card |= {"state": "queued", "owner": None}
    centre.show(card, **ref)


def _transfer(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    if frame.get("summary"):
        centre.message(card, "note", frame["summary"])
    card |= {"state": "queued", "owner": None, "queue": frame.get("queue", card["queue"])}
    centre.show(card, **ref)


def _close(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card |= {"state": "wrap_up", "wrap_up_from": ago(0)}
    centre.show(card, **ref)


def _wrap_up(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    card |= {"state": "closed", "disposition": frame["disposition"]}
    centre.drafts.pop(card["contact"], None)
    centre.show(card, **ref)


def _resolve(centre: Centre, frame: Frame, ref: Frame) -> None:
    _case_state(centre, frame["case"], "resolved", ref)


def _reopen(centre: Centre, frame: Frame, ref: Frame) -> None:
    old = next(c for c in centre.cards.values() if c["case"] == frame["case"])
    if old["state"] != "closed":
        _case_state(centre, frame["case"], "reopened", ref)
        return
    new = centre.contact(old["person"]["name"], old["subject"], mine=True, direction="agent")
    del centre.messages[new["case"]]
    new |= {"case": old["case"], "case_state": "reopened", "accepted": ago(0)}
    centre.show(new, **centre.history(new), **ref)


def _case_state(centre: Centre, case: str, state: str, ref: Frame) -> None:
    for card in centre.cards.values():
        if card["case"] == case:
            card["case_state"] = state
            centre.show(card, **ref)


def _arrived(centre: Centre, frame: Frame, ref: Frame) -> None:
    centre.delivery(frame["send_id"], "sent", **ref)


def _typing(centre: Centre, frame: Frame, ref: Frame) -> None:
    """The citizen sees it; `Centre.heard` too."""

"""Scenes of mail as cities get it: forwarded, sealed, forged, with a meeting, and what went wrong
on the way out."""

from __future__ import annotations

from typing import Any

from tests.console.fake_centre import Centre, Frame, ago

OURS = {"address": "pysakointi@kaupunki.example.fi"}
REST = """--
Pirkko Lumivirta-Åström, isännöitsijä
Kiinteistöhuolto Lumivirta Oy

> tunnuksen voi siirtää uuteen osoitteeseen muuttopäivästä alkaen."""
FORWARDED = """Hei, tämä kuulunee teille. T. Pirkko

---------- Forwarded message ---------
From: Otto Asukas <otto@posti.example.fi>
Subject: Lumi on auraamatta

Katu on auraamatta kolmatta päivää."""
PAGE = """<!doctype html><meta charset="utf-8"><p>Hei,</p><p>tämä kuulunee <b>teille</b>.</p>"""
NEWER = "2026-12-03T09:30:00+02:00", "2026-12-03T10:15:00+02:00"


def _meeting(method: str, **more: str) -> dict[str, str]:
    return {
        "method": method,
        "summary": "Katselmus: Vanhankaupunginlahden pysäköintialueet",
        "starts": NEWER[0],
        "ends": NEWER[1],
        "location": "Kaupungintalo, Kaupunginvaltuustosali 2 krs",
        "organiser": "Kirsi Katselmoija <kirsi@rakennus.example.fi>",
    } | more


def _send(centre: Centre, card: Frame, text: str, fate: dict[str, Any], **more: Any) -> None:
    send_id = f"93{len(centre.deliveries)}"
    kind = more.pop("direction", "outbound")
    message = centre.message(card, kind, text, send_id=send_id, client_id=f"m{send_id}", **more)
    centre.deliveries[send_id] = {
        "send_id": send_id,
        "contact": card["contact"],
        "message_seq": message["seq"],
        "code": None,
        "attempts": 1,
    } | fate


def forwarded(centre: Centre) -> Frame:
    """A mail that was passed on to us, with quotes, HTML, files, and all that can be said of it."""
    card = centre.contact(
        "Pirkko Lumivirta-Åström",
        "VL: Lumi on auraamatta",
        mine=True,
        unread=1,
        waited=7200,
        accepted=ago(300),
        address="pirkko.lumivirta-astrom@kiinteistohuolto-lumivirta.example.fi",
    )
    files = [
        {"id": "80", "name": "katu_auraamatta.png", "media_type": "image/png", "size": 348_221},
        {"id": "81", "name": "valitus.pdf", "media_type": "application/pdf", "size": 1_234_567},
        {"id": "82", "name": "winmail", "media_type": "application/octet-stream", "size": 912},
        {"id": "83", "name": "logo.png", "media_type": "image/png", "size": 7_100, "inline": True},
    ]
    facts = {
        "to": [OURS],
        "cc": [
            {"address": "katu@kaupunki.example.fi", "name": "Katupalvelut"},
            {"address": "otto@posti.example.fi"},
        ],
        "reply_to": {"address": "paivystys@kiinteistohuolto-lumivirta.example.fi"},
        "authentication": {"spf": "pass", "dkim": "pass", "dmarc": "pass"},
        "marks": ["forwarded", "signed_smime", "remote_content"],
    }
    message = centre.message(
        card, "inbound", FORWARDED, at=ago(7200), html=True, rest=True, mail=facts, files=files
    )
    message["attachments"] = message.pop("files")
    centre.html[card["case"], message["seq"]] = PAGE
    centre.rests[card["case"], message["seq"]] = REST
    return card


def doubtful(centre: Centre) -> Frame:
    """Mails that need care: forged, sealed, of another sender, by a form, a meeting that is off."""
    card = centre.contact(
        "Viljo Verottaja", "Maksumuistutus", mine=True, waited=4000, accepted=ago(200)
    )
    add = centre.message
    forged = {"to": [OURS], "authentication": {"spf": "fail", "dkim": "none", "dmarc": "fail"}}
    add(card, "inbound", "Maksakaa heti tälle tilille.", at=ago(4000), mail=forged)
    sealed = {"to": [OURS], "marks": ["encrypted_pgp"]}
    add(card, "inbound", "", at=ago(3900), mail=sealed)
    other = {"to": [OURS], "marks": ["list"]}
    who = {"from": "Ville Vieras", "address": "ville@muualla.example", "other_sender": True}
    add(card, "inbound", "Tämä on minunkin asiani.", at=ago(3800), mail=other, **who)
    meeting = {"to": [OURS], "invitation": _meeting("request")}
    add(card, "inbound", "Tervetuloa katselmukseen.", at=ago(3700), mail=meeting)
    off = {"to": [OURS], "invitation": _meeting("cancel"), "marks": ["auto_reply"]}
    add(card, "inbound", "Katselmus on peruttu.", at=ago(3600), mail=off, automatic=True)
    form = {"to": [OURS], "sent_by": {"address": "noreply@lomake.example"}}
    form |= {"authentication": {"dmarc": "pass"}, "reply_to": {"address": "viljo@example.org"}}
    add(card, "inbound", "Perun hakemukseni.", at=ago(3550), mail=form)
    add(card, "inbound", "", at=ago(3500), mail={"to": [OURS]}, rest=True)
    return card


def on_the_way(centre: Centre) -> Frame:
    """Every way in which a mail of ours can get stuck."""
    card = centre.contact(
        "Sirkka Saaja", "Päätös pysäköintitunnuksesta", mine=True, waited=90_000, accepted=ago(90)
    )
    centre.message(card, "inbound", "Milloin saan päätöksen?", at=ago(90_000))
    busy = {"state": "queued", "code": "451 4.7.1 greylisted", "attempts": 3, "next_at": ago(-900)}
    _send(centre, card, "Päätös tulee huomenna.", busy, at=ago(5000))
    copies = {"cc": [{"address": "aino@kela.example.fi"}, {"address": "matti@kela.exampel.fi"}]}
    refused = [{"address": "matti@kela.exampel.fi", "code": "550 5.1.2 no such domain"}]
    partly = {"state": "sent", "code": "250 2.0.0 taken", "refused": refused}
    _send(centre, card, "Tässä päätös, kopio Kelalle.", partly, mail=copies, at=ago(4000))
    bounced = {"state": "failed", "code": "5.2.2 mailbox full"}
    _send(centre, card, "Liitteenä päätös.", bounced, at=ago(3000))
    late = {"state": "sent", "delayed_at": ago(100), "delay_code": "4.4.1 no answer from host"}
    _send(centre, card, "Korjattu päätös.", late, at=ago(2000))
    passed = {"forwarded": 1, "to": [{"address": "lupa@rakennus.example.fi"}]}
    fate = {"state": "sent", "kind": "forward"}
    _send(centre, card, "Teille tiedoksi.", fate, direction="note", mail=passed, at=ago(1000))
    centre.undelivered["932"] = {
        "type": "notice",
        "notice": "undelivered",
        "send_id": "932",
        "case": card["case"],
        "contact": card["contact"],
        "message_seq": 4,
        "subject": "Re: Päätös pysäköintitunnuksesta",
        "recipient": "sirkka.saaja@posti.example.fi",
        "code": "5.2.2 mailbox full",
        "at": ago(2500),
    }
    return card


def mails() -> Centre:
    """A day of mail."""
    centre = Centre()
    centre.status = {"value": "available", "reason": None, "since": ago(4300)}
    forwarded(centre)
    doubtful(centre)
    on_the_way(centre)
    return centre

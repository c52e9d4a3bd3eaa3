"""The judge of `make faults`, on made-up ledgers: each kind of wrong is seen, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.evidence import Evidence, Sunk
from tests.faults.fairness import misowned, overtaken
from tests.faults.ledger import Entry
from tests.faults.verdict import Verdict, judge

CHAT, MAIL = "kanaria-a1", "<kanaria-b2@example.org>"
AT = "2026-11-27T08:00:{:09.6f}+00:00"
BOARD: dict[str, Any] = {"queues": [], "at": AT.format(59)}


def entry(actor: str, act: str, id_: str, phase: str = "ack", **data: Any) -> Entry:
    return Entry(0.0, actor, act, id_, phase, data)


def event(t: float, kind: str, contact: str, **fields: Any) -> dict[str, Any]:
    about = {"queue": "general", "language": "fi", "channel": "mail"}
    return {"at": AT.format(t), "kind": kind, "contact": contact} | about | fields


def contact(id_: str, channel: str, state: str = "closed", **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "case": id_,
        "channel": channel,
        "state": state,
        "external_id": None,
        "linked_to": None,
    } | fields


def message(seq: int, of: str, direction: str, text: str, client_id: str | None) -> dict[str, Any]:
    return {
        "contact": of,
        "case": of,
        "seq": seq,
        "direction": direction,
        "text": text,
        "client_id": client_id,
        "from": CHAT if of == "1" else "somebody",
    }


def taken(t: float, of: str, agent: str, offer: str) -> list[dict[str, Any]]:
    return [
        event(t, "offered", of, agent=agent, offer=offer, rule="rank"),
        event(t + 0.1, "accepted", of, agent=agent, offer=offer),
        event(t + 0.2, "closed", of, agent=agent),
    ]


WELL = Evidence(
    entries=[
        entry("citizen 1", "chat", CHAT, "intent"),
        entry("citizen 1", "chat", CHAT, contact="1"),
        entry("citizen 1", "say", "c1", "intent", text="Hei."),
        entry("citizen 1", "say", "c1", contact="1"),
        entry("citizen 1", "shown", "1", "seen", seq=1, text="Hei.", foreign=[]),
        entry("citizen 2", "mail", MAIL, "intent"),
        entry("citizen 2", "mail", MAIL),
        entry("agent 7", "accept", "11"),
        entry("agent 8", "accept", "12"),
        entry("agent 8", "mine", "2", "seen"),
        entry("agent 8", "reply", "r1", "intent", text="Vastaus.", contact="2"),
        entry("agent 8", "reply", "r1", text="Vastaus.", contact="2"),
        entry("agent 8", "wrap_up", "2", contact="2"),
    ],
    contacts=[contact("1", "chat"), contact("2", "mail", external_id=MAIL)],
    messages=[
        message(1, "1", "inbound", "Hei.", "c1"),
        message(1, "2", "inbound", "Asia.", None),
        message(2, "2", "outbound", "Vastaus.", "r1"),
    ],
    outbound=[
        {
            "send_id": "9",
            "kind": "reply",
            "contact": "2",
            "client_id": "r1",
            "state": "sent",
            "external_id": "<9@city>",
        }
    ],
    events=[
        event(1, "entered", "1", rank=1, channel="chat"),
        event(1, "entered", "2", rank=2),
        *taken(2, "1", "7", "11"),
        *taken(2, "2", "8", "12"),
    ],
    sunk=[Sunk("<9@city>", frozenset({"kanaria-b2"}), frozenset({"kanaria-b2"}))],
    recount=Counter({"closed": 2}),
    verified={"violations": [], "states": {"closed": 2}},
    board=BOARD,
)


def kinds(verdict: Verdict) -> dict[str, int]:
    return {
        name: len(getattr(verdict, name))
        for name in ("lost", "doubled", "misowned", "overtaken", "broken")
        if getattr(verdict, name)
    }


def without(lines: list[Any], n: int) -> list[Any]:
    return [line for m, line in enumerate(lines) if m != n]


def changed(lines: list[Any], n: int, **fields: Any) -> list[Any]:
    return [line | fields if m == n else line for m, line in enumerate(lines)]


def test_nothing_is_wrong_where_nothing_is() -> None:
    verdict = judge(WELL)
    assert verdict.problems == []
    assert verdict.accepted == 7


@pytest.mark.parametrize(
    ("evidence", "wrong"),
    [
        (replace(WELL, contacts=without(WELL.contacts, 0)), {"lost": 1}),
        (replace(WELL, contacts=changed(WELL.contacts, 0, state="queued")), {"lost": 1}),
        (replace(WELL, messages=without(WELL.messages, 0)), {"lost": 1, "broken": 1}),
        (replace(WELL, messages=without(WELL.messages, 2)), {"lost": 1}),
        (replace(WELL, messages=changed(WELL.messages, 2, seq=3)), {"broken": 1}),
        (replace(WELL, messages=changed(WELL.messages, 2, text="Muu.")), {"broken": 1}),
        (
            replace(WELL, messages=[*WELL.messages, message(2, "1", "inbound", "Hei.", "c1")]),
            {"doubled": 1},
        ),
        (
            replace(WELL, contacts=[*WELL.contacts, contact("3", "mail", external_id=MAIL)]),
            {"doubled": 1},
        ),
        (replace(WELL, contacts=[*WELL.contacts, contact("3", "chat")]), {"doubled": 1}),
        (
            replace(WELL, messages=[*WELL.messages, message(3, "2", "inbound", "Asia.", None)]),
            {"doubled": 1},
        ),
        (
            replace(WELL, entries=[*WELL.entries, entry("citizen 1", "chat", CHAT, contact="2")]),
            {"doubled": 1},
        ),
        (replace(WELL, events=WELL.events[:-2]), {"lost": 2, "misowned": 1}),
        (replace(WELL, sunk=[]), {"lost": 1}),
        (replace(WELL, sunk=WELL.sunk * 2), {"doubled": 1}),
        (replace(WELL, outbound=[], sunk=[]), {"lost": 1}),
        (replace(WELL, outbound=changed(WELL.outbound, 0, state="failed")), {"broken": 1}),
        (replace(WELL, outbound=changed(WELL.outbound, 0, state="queued")), {"lost": 1}),
        (replace(WELL, outbound=changed(WELL.outbound, 0, state="unknown")), {}),
        (
            replace(WELL, sunk=[replace(WELL.sunk[0], canaries=frozenset({"kanaria-a1"}))]),
            {"misowned": 1},
        ),
        (
            replace(WELL, entries=[*WELL.entries, entry("agent 9", "mine", "2", "seen")]),
            {"misowned": 1},
        ),
        (
            replace(
                WELL,
                entries=[
                    *WELL.entries,
                    entry("citizen 1", "shown", "1", "seen", seq=1, text="Hei.", foreign=[MAIL]),
                ],
            ),
            {"misowned": 1},
        ),
        (replace(WELL, recount=Counter({"closed": 3})), {"broken": 1}),
        (replace(WELL, board=None), {"broken": 1}),
        (
            replace(
                WELL, entries=[*WELL.entries, entry("citizen 1", "say", "", "error", why="silence")]
            ),
            {"broken": 1},
        ),
        (
            replace(
                WELL, entries=[*WELL.entries, entry("agent 7", "note", "", "error", why="internal")]
            ),
            {"broken": 1},
        ),
    ],
)
def test_each_wrong_is_seen(evidence: Evidence, wrong: dict[str, int]) -> None:
    assert kinds(judge(evidence)) == wrong


def to_two_queues(*linked_to: str | None) -> Evidence:
    """A mail to two queues, that became such contacts."""
    contacts = [
        contact(str(n), "mail", external_id=MAIL, linked_to=of)
        for n, of in enumerate(linked_to, start=2)
    ]
    meant = entry("mailbox", "mail", MAIL, "intent", queues=2)
    return replace(WELL, entries=[*WELL.entries, meant], contacts=[WELL.contacts[0], *contacts])


@pytest.mark.parametrize(
    ("linked_to", "wrong"),
    [
        ((None, "2"), {}),
        ((None, None), {"broken": 1}),
        ((None,), {"lost": 1}),
        ((None, "2", "2"), {"doubled": 1}),
    ],
)
def test_a_mail_to_two_queues_is_a_contact_in_each(
    linked_to: tuple[str | None, ...], wrong: dict[str, int]
) -> None:
    assert kinds(judge(to_two_queues(*linked_to))) == wrong


def test_two_who_have_one() -> None:
    begun = event(1, "offered", "1", agent="7", offer="11")
    assert misowned([begun, event(2, "offered", "1", agent="8", offer="12")])
    assert misowned([begun, event(2, "accepted", "1", agent="8", offer="11")])
    had = [begun, event(2, "accepted", "1", agent="7", offer="11")]
    assert misowned([*had, event(3, "offered", "1", agent="8", offer="12")])
    passed_on = [*had, event(3, "left", "1", agent="7")]
    assert not misowned([*passed_on, event(4, "offered", "1", agent="8", offer="12")])
    missed = [begun, event(2, "offer_ended", "1", agent="7", why="missed")]
    assert not misowned([*missed, event(3, "offered", "1", agent="8", offer="12")])


def test_who_is_overtaken() -> None:
    line = [event(1, "entered", "1", rank=1), event(1, "entered", "2", rank=2)]
    worse = event(3, "offered", "2", agent="7", rule="rank")
    assert overtaken([*line, worse], {})
    assert not overtaken([*line, event(1.5, "offered", "2", agent="7", rule="rank")], {})
    assert not overtaken([*line, worse | {"rule": "sticky"}], {})
    assert not overtaken([*line, worse, event(3.5, "offered", "1", agent="8", rule="rank")], {})
    assert overtaken([*line, worse, event(4.5, "offered", "1", agent="8", rule="rank")], {})
    declined = event(2, "offer_ended", "1", agent="7", why="declined")
    back = event(2, "returned", "1")
    assert not overtaken([*line, declined, back, worse], {})
    assert overtaken([*line, declined, back, worse | {"agent": "8", "at": AT.format(4)}], {})
    begun = 1795766400.0  # 08:00
    assert not overtaken([*line, worse], {"1": [(begun + 1, True), (begun + 2.5, False)]})
    assert overtaken([*line, worse], {"1": [(begun + 1, True)]})

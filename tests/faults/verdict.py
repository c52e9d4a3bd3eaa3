"""The judge: set arithmetic over the ledger, the exports, the sink and the recount. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.faults.evidence import Evidence
from tests.faults.fairness import Presence, misowned, overtaken
from tests.faults.ledger import Entry

OVER = ("closed", "abandoned", "quarantined")
UNFORESEEN = ("internal", "500", "broke")  # how the product says that it is wrong itself
VIEWS = ("waiting", "in_hand", "entered", "accepted", "abandoned", "short_abandoned", "handled")


@dataclass
class Verdict:
    """A sentence for each thing that is wrong. `broken`: invariants that are none of the four."""

    accepted: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misowned: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    recovery_s: float | None = None
    took_s: float = 0.0
    patience: float = 1.0  # by how much limits were stretched

    @property
    def problems(self) -> list[str]:
        """All of them."""
        return [*self.lost, *self.doubled, *self.misowned, *self.overtaken, *self.broken]


def judge(evidence: Evidence) -> Verdict:
    """Everything that can be said of a fault's end."""
    verdict = Verdict(
        overtaken=overtaken(evidence.events, presence(evidence.entries), evidence.settles_s)
    )
    _contacts(evidence, verdict)
    _written(evidence, verdict)
    _acts(evidence, verdict)
    _order(evidence, verdict)
    _post(evidence, verdict)
    _owners(evidence, verdict)
    _views(evidence, verdict)
    _honesty(evidence, verdict)
    return verdict


def acks(entries: list[Entry], *acts: str) -> dict[tuple[str, str], Entry]:
    """What was acknowledged, each once, by act and id; the first time counts."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.phase == "ack" and entry.act in acts:
            found.setdefault((entry.act, entry.id), entry)
    return found


def presence(entries: list[Entry]) -> Presence:
    """When the page of each chat was there."""
    found: Presence = defaultdict(list)
    for entry in entries:
        if entry.act == "here":
            found[entry.id].append((entry.t, True))
        elif entry.act == "gone" and entry.id in found:
            found[entry.id].append((entry.t, False))
    return dict(found)


def _contacts(evidence: Evidence, verdict: Verdict) -> None:
    """I1, I2: each contact that was acknowledged is there once, and came to an end."""
    there = {line["id"]: line for line in evidence.contacts}
    of_key: dict[str, set[str]] = defaultdict(set)  # what its sender called it -> contacts
    for line in evidence.contacts:
        if line["external_id"] is not None:
            of_key[line["external_id"]].add(line["id"])
    chats = {line["id"] for line in evidence.contacts if line["channel"] == "chat"}
    for line in evidence.messages:
        if line["contact"] in chats and line["direction"] == "inbound":
            of_key[line["from"]].add(line["contact"])  # the page's name is its canary
    queues = {e.id: e.data["queues"] for e in evidence.entries if e.data.get("queues", 1) > 1}
    for act, id_ in acks(evidence.entries, "mail"):
        verdict.accepted += 1
        if len(of_key[id_]) < queues.get(id_, 1):
            verdict.lost.append(f"{act} {id_} was acknowledged, and there is no contact")
        alone = [one for one in of_key[id_] if there[one]["linked_to"] is None]
        if id_ in queues and len(alone) != 1:
            verdict.broken.append(f"{act} {id_} is in two queues, and its contacts not linked")
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in evidence.entries:
        if entry.phase == "ack" and entry.act in ("chat", "callback"):
            told[entry.act, entry.id].add(entry.data["contact"])
    for (act, id_), contacts in told.items():
        verdict.accepted += 1
        if len(contacts) > 1:
            verdict.doubled.append(f"{act} {id_} was told {sorted(contacts)}")
        verdict.lost += [
            f"{act} {id_}: contact {contact} was acknowledged, and is not there"
            for contact in sorted(contacts - there.keys())
        ]
    meant = {e.id for e in evidence.entries if e.act == "chat" and e.phase == "intent"}
    if len(chats) > len(meant):
        verdict.doubled.append(f"{len(chats)} chats, though only {len(meant)} were begun")
    verdict.doubled += [
        f"{id_} is {len(contacts)} contacts: {sorted(contacts)}"
        for id_, contacts in of_key.items()
        if len(contacts) > queues.get(id_, 1)
    ]
    verdict.lost += [
        f"contact {line['id']} ({line['channel']}) never came to an end: {line['state']}"
        for line in evidence.contacts
        if line["state"] not in OVER
    ]


def _written(evidence: Evidence, verdict: Verdict) -> None:
    """I1: each message that was acknowledged is there once, as it was written."""
    stored: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in evidence.messages:
        if line["client_id"]:
            direction = "inbound" if line["direction"] == "inbound" else "staff"
            stored[direction, line["client_id"]].append(line["text"])
    written = {
        (e.act, e.id): e.data["text"]
        for e in evidence.entries
        if e.phase == "intent" and "text" in e.data
    }
    for act, id_ in acks(evidence.entries, "say", "reply", "note"):
        verdict.accepted += 1
        meant = written[act, id_]
        texts = stored["inbound" if act == "say" else "staff", id_]
        if not texts:
            verdict.lost.append(f"{act} {id_} was acknowledged, and is not there")
        elif texts[0] != meant:
            verdict.broken.append(f"{act} {id_} says something else: {texts[0]!r}")
    verdict.doubled += [
        f"message {id_} is there {len(texts)} times"
        for (_, id_), texts in stored.items()
        if len(texts) > 1
    ]
    mails = Counter(
        (line["contact"], line["text"])
        for line in evidence.messages
        if line["direction"] == "inbound" and not line["client_id"]
    )
    verdict.doubled += [
        f"contact {contact} has the same mail {times} times"
        for (contact, _), times in mails.items()
        if times > 1
    ]


def _acts(evidence: Evidence, verdict: Verdict) -> None:
    """I1 for what agents do: accepted, wrapped up, called, passed on."""
    events: Counter[tuple[str, str, str]] = Counter()
    for event in evidence.events:
        key = event.get("offer") if event["kind"] == "accepted" else event.get("contact")
        events[event["kind"], key or "", event.get("agent") or ""] += 1
    kinds = {"accept": "accepted", "wrap_up": "closed"}
    for (act, id_), entry in acks(evidence.entries, *kinds).items():
        verdict.accepted += 1
        agent = entry.actor.removeprefix("agent ")
        times = events[kinds[act], id_, agent]
        if times == 0:
            verdict.lost.append(f"{act} {id_} of {entry.actor} was acknowledged, and never was")
        elif times > 1 and act == "accept":
            verdict.doubled.append(f"{act} {id_} of {entry.actor} was {times} times")


def _order(evidence: Evidence, verdict: Verdict) -> None:
    """I5: numbers without gaps, and everybody was shown the same under the same number."""
    cases: dict[str, list[int]] = defaultdict(list)
    text: dict[tuple[str, int], str] = {}
    of_contact = {line["id"]: line["case"] for line in evidence.contacts}
    for line in evidence.messages:
        cases[line["case"]].append(line["seq"])
        text[line["case"], line["seq"]] = line["text"]
    for case, numbers in cases.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            verdict.broken.append(f"case {case} has the numbers {sorted(numbers)}")
    for entry in evidence.entries:
        if entry.act in ("shown", "read") and entry.phase == "seen" and entry.id in of_contact:
            known = text.get((of_contact[entry.id], entry.data["seq"]))
            if known != entry.data["text"]:
                shown = f"{entry.data['seq']} of contact {entry.id}"
                verdict.broken.append(f"{entry.actor} was shown message {shown} otherwise")


def _post(evidence: Evidence, verdict: Verdict) -> None:
    """I4, I10: what is sent is in the sink once, what failed is not there, and nobody gets what is
    another's."""
    copies = Counter(mail.id for mail in evidence.sunk)
    resent = Counter(e.data["message_id"] for e in evidence.entries if e.act == "resent")
    for line in evidence.outbound:
        here, state = copies[line["external_id"]], line["state"]
        what = f"{line['kind']} {line['send_id']} is {state} and {here} times in the sink"
        if state == "sent" and here == 0:
            verdict.lost.append(what)
        if state == "failed" and here:
            verdict.broken.append(what)
        if here > 1 + resent[line["external_id"]]:
            verdict.doubled.append(what)
        if state not in ("sent", "failed", "unknown"):
            verdict.lost.append(what)
    known = {line["external_id"] for line in evidence.outbound}
    verdict.doubled += [f"mail {id_} is none of ours" for id_ in copies.keys() - known]
    posted = {(line["contact"], line["client_id"]) for line in evidence.outbound}
    channel = {line["id"]: line["channel"] for line in evidence.contacts}
    for (_, id_), entry in acks(evidence.entries, "reply").items():
        contact = entry.data["contact"]
        if channel.get(contact) == "mail" and (contact, id_) not in posted:
            verdict.lost.append(f"reply {id_} to mail {contact} was never to leave")
    verdict.misowned += [
        f"mail {mail.id} to {sorted(mail.to)} tells of {sorted(mail.canaries - mail.to)}"
        for mail in evidence.sunk
        if mail.to and mail.canaries - mail.to
    ]


def _owners(evidence: Evidence, verdict: Verdict) -> None:
    """I3, I10: one at a time, by the log and by the screens; nobody is shown another's."""
    verdict.misowned += misowned(evidence.events)
    accepted = {(e["contact"], e["agent"]) for e in evidence.events if e["kind"] == "accepted"}
    own: dict[str, set[str]] = defaultdict(set)  # contact -> its canaries, by who wrote them
    for entry in evidence.entries:
        if entry.act == "mine" and (entry.id, entry.actor.removeprefix("agent ")) not in accepted:
            verdict.misowned.append(f"{entry.actor} was told to have {entry.id}, and never had")
        if entry.act == "shown" and entry.data["foreign"]:
            verdict.misowned.append(f"{entry.actor} was shown {entry.data['foreign']}")
        if entry.act == "read":
            own[entry.id].update(entry.data["canary"])
    verdict.misowned += [
        f"contact {contact} was shown with {sorted(canaries)}"
        for contact, canaries in own.items()
        if len(canaries) > 1
    ]


def _views(evidence: Evidence, verdict: Verdict) -> None:
    """I2, I6: `verify` finds nothing, the recount agrees with the export, the board with both."""
    verified = evidence.verified
    verdict.broken += [
        f"verify: {one['code']} {one.get('contact', '')} {one['detail']}"
        for one in verified.get("violations", [])
    ]
    idle = evidence.recount["idle in transaction"]
    if idle:
        verdict.broken.append(f"{idle} transactions stand idle")
    states = {state: n for state, n in evidence.recount.items() if state != "idle in transaction"}
    if verified and verified["states"] != states:
        verdict.broken.append(f"verify counts {verified['states']}, a recount {states}")
    if evidence.board is None:
        verdict.broken.append("the board shows nothing 5 s after the end")
        return
    shown = {(row["queue"], row["channel"]): row for row in evidence.board["queues"]}
    for key, row in evidence.counted.items():
        wrong = {n: (shown[key][n], row[n]) for n in VIEWS if shown[key][n] != row[n]}
        if wrong:
            verdict.broken.append(f"board, {' '.join(key)}: shown and counted {wrong}")


def _honesty(evidence: Evidence, verdict: Verdict) -> None:
    """I9: nobody waited in vain for a yes or a no, nobody was told of what nobody foresaw; and the
    players themselves did not break."""
    counts = Counter(
        (e.act, e.data["why"])
        for e in evidence.entries
        if e.phase == "error"
        and (e.act in ("player", "board") or e.data["why"] in UNFORESEEN or _silent(e.data["why"]))
    )
    verdict.broken += [f"{act}: {why} ({n} times)" for (act, why), n in counts.items()]


def _silent(why: Any) -> bool:
    return str(why) == "silence" or str(why).startswith("answered after")

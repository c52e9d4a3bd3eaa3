"""Whether all that was acknowledged is stored, exactly once, by the house's own exports. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from contactcenter.traffic.tally import Chat, Tally

Line = dict[str, Any]


def problems(
    tally: Tally, contacts: list[Line], messages: list[Line], outbound: list[Line]
) -> list[str]:
    """A sentence for each thing that is missing or there twice; empty where all is well."""
    return [
        *_contacts(tally, contacts),
        *_said(tally, messages),
        *_replies(tally, messages, {(o["contact"], o["client_id"]) for o in outbound}),
    ]


def _contacts(tally: Tally, contacts: list[Line]) -> list[str]:
    found = []
    by_mail = Counter(line["external_id"] for line in contacts if line["channel"] == "mail")
    for message_id, times in tally.mails.items():
        if by_mail[message_id] != times:
            found.append(f"mail {message_id}: {by_mail[message_id]} contacts, {times} acknowledged")
    there = Counter(line["id"] for line in contacts)  # in any channel: a chat may become a callback
    wanted = [
        *((contact, "chat") for contact in tally.chats),
        *((contact, "callback") for contact in tally.callbacks),
        *((contact, "mail") for contact in tally.left_messages),
        *tally.by_hand.items(),
    ]
    for contact, channel in wanted:
        if there[contact] != 1:
            found.append(f"{channel} {contact}: acknowledged, and not there exactly once")
    return found


def _said(tally: Tally, messages: list[Line]) -> list[str]:
    """Each echoed message is stored once, each answer came to the citizen who stayed."""
    found = []
    inbound: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], str] = {}
    answers: dict[str, dict[int, str]] = {}
    for line in messages:
        if line["direction"] == "inbound" and line["client_id"]:
            key = (line["contact"], line["client_id"])
            inbound[key] += 1
            texts[key] = line["text"]
        elif line["direction"] == "outbound":
            answers.setdefault(line["contact"], {})[line["seq"]] = line["text"]
    for contact, chat in tally.chats.items():
        found += _one_chat(contact, chat, inbound, texts, answers.get(contact, {}))
    return found


def _one_chat(
    contact: str,
    chat: Chat,
    inbound: Counter[tuple[str, str]],
    texts: dict[tuple[str, str], str],
    answers: dict[int, str],
) -> list[str]:
    found = []
    for client_id, text in chat.said.items():
        key = (contact, client_id)
        if inbound[key] != 1 or texts[key] != text:
            found.append(f"chat {contact}: message {client_id} is stored {inbound[key]} times")
    lost = answers.keys() - chat.heard.keys() if chat.whole else set()
    if lost:
        found.append(f"chat {contact}: answers {sorted(lost)} never came to the citizen")
    if any(answers.get(seq) != text for seq, text in chat.heard.items()):
        found.append(f"chat {contact}: the citizen heard what nobody wrote")
    return found


def _replies(tally: Tally, messages: list[Line], posted: set[tuple[str, str]]) -> list[str]:
    found = []
    stored = Counter(
        (line["contact"], line["client_id"], line["text"])
        for line in messages
        if line["direction"] == "outbound"
    )
    for (contact, client_id), (channel, text) in tally.replies.items():
        if stored[contact, client_id, text] != 1:
            found.append(f"answer {client_id} to {channel} {contact} is not stored exactly once")
        if channel == "mail" and (contact, client_id) not in posted:
            found.append(f"answer {client_id} to mail {contact} was never to be sent")
    return found

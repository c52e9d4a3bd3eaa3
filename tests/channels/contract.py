"""What every channel must keep (docs: adding a channel).

A test module gives a `peer`: the other side of one channel, which speaks its protocol. The
functions here are the checks; `test_contract.py` runs them over every channel there is.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from contactcenter.channel import Attachment, Channel, Outbound
from contactcenter.errors import Refused
from tests.channels.fake_desk import ADDRESS, FakeDesk

Answer = Literal["taken", "later", "never"]

LETTERS = "Hyvää päivää, Åsa! Äänestyspaikka löytyi."
OUTBOUND = Outbound(
    send_id="4711",
    message_id="<4711.unguessable@kaupunki.example>",
    sender=ADDRESS,
    sender_name="Kaupungin palaute",
    to="paivi@citizen.example",
    subject="Vs: Kesän työt",
    text=LETTERS,
)


@dataclass(frozen=True)
class Approach:
    """Something that a person sends. `hop` differs between two deliveries of the same thing,
    `charset` is how it is written and `label` how it says it is."""

    external_id: str = "<1@citizen.example>"
    sender: str = "paivi@citizen.example"
    text: str = LETTERS
    hop: str = "mx1"
    charset: str = "utf-8"
    label: str = "utf-8"
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Copy:
    """What reached the other side of one sent message."""

    message_id: str
    text: str


class Peer(Protocol):
    """The other side of a channel."""

    @property
    def channel(self) -> Channel:
        """The channel under test."""

    async def arrive(self, approach: Approach) -> Answer:
        """Send it, and say what the channel answered."""

    async def copies(self) -> list[Copy]:
        """What the channel delivered."""

    async def reachable(self) -> bool:
        """Whether the channel still takes anything."""


async def check_same_thing_twice_is_one_contact(peer: Peer, desk: FakeDesk) -> None:
    assert await peer.arrive(Approach()) == "taken"
    assert await peer.arrive(Approach(hop="mx2")) == "taken"
    assert len(desk.taken) == 1
    assert desk.taken[0].external_id == "<1@citizen.example>"


async def check_same_id_with_other_content_is_another(peer: Peer, desk: FakeDesk) -> None:
    assert await peer.arrive(Approach()) == "taken"
    assert await peer.arrive(Approach(text="something else")) == "taken"
    assert len(desk.taken) == 2
    assert desk.taken[0].external_id == desk.taken[1].external_id


async def check_no_answer_before_the_commit(peer: Peer, desk: FakeDesk) -> None:
    desk.commit.clear()
    answer = asyncio.create_task(peer.arrive(Approach()))
    await asyncio.wait_for(desk.arrived.wait(), 5)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not answer.done()
    desk.commit.set()
    assert await answer == "taken"


async def check_a_failed_commit_is_not_acknowledged(peer: Peer, desk: FakeDesk) -> None:
    desk.fails = ConnectionError("no database")
    assert await peer.arrive(Approach()) == "later"
    desk.fails = Refused("unknown_queue")
    assert await peer.arrive(Approach()) == "never"
    desk.fails = None
    assert await peer.arrive(Approach()) == "taken"
    assert len(desk.taken) == 1


async def check_unknown_sender_is_taken_unproven(peer: Peer, desk: FakeDesk) -> None:
    assert await peer.arrive(Approach(sender="")) == "taken"
    assert desk.taken[0].sender.strength == "none"


async def check_empty_body_is_taken(peer: Peer, desk: FakeDesk) -> None:
    assert await peer.arrive(Approach(text="")) == "taken"
    assert desk.taken[0].text == ""
    assert desk.taken[0].unreadable is None


async def check_ten_megabytes_arrive_whole(peer: Peer, desk: FakeDesk) -> None:
    content = bytes(range(256)) * 40_960
    file = Attachment(name="kuva.bin", media_type="application/octet-stream", content=content)
    assert await peer.arrive(Approach(attachment=file)) == "taken"
    assert [(a.name, a.content) for a in desk.taken[0].attachments] == [("kuva.bin", content)]


async def check_wrong_charset_is_read_right(peer: Peer, desk: FakeDesk) -> None:
    wrong = (("utf-8", "us-ascii"), ("cp1252", "utf-8"), ("utf-8", "iso-8859-1"))
    for number, (charset, label) in enumerate(wrong):
        approach = Approach(external_id=f"<{number}@x.example>", charset=charset, label=label)
        assert await peer.arrive(approach) == "taken"
    assert [inbound.text for inbound in desk.taken] == [LETTERS] * len(wrong)


async def check_a_retried_send_keeps_its_id(peer: Peer, desk: FakeDesk) -> None:
    first = await peer.channel.send(OUTBOUND)
    second = await peer.channel.send(OUTBOUND)
    assert (first.outcome, second.outcome) == ("sent", "sent")
    copies = await peer.copies()
    assert copies
    assert set(copies) == {Copy(OUTBOUND.message_id, LETTERS)}


async def check_ready_tells_a_word(peer: Peer, desk: FakeDesk) -> None:
    ready, detail = await peer.channel.ready()
    assert ready
    assert detail


async def check_cancelling_leaves_nothing_open(
    peer: Peer, desk: FakeDesk, listening: asyncio.Task[None], before: set[asyncio.Task[object]]
) -> None:
    """Also while one approach is in hand: it is finished, and told so or not told at all."""
    desk.commit.clear()
    answer = asyncio.create_task(peer.arrive(replace(Approach(), hop="last")))
    await asyncio.wait_for(desk.arrived.wait(), 5)
    threads = threading.active_count()
    listening.cancel()
    await asyncio.sleep(0)
    desk.commit.set()
    await asyncio.wait([listening, answer], timeout=5)
    assert listening.cancelled()
    assert answer.done()
    if not answer.cancelled() and answer.exception() is None and answer.result() == "taken":
        assert len(desk.taken) == 1
    assert not await peer.reachable()
    assert threading.active_count() <= threads
    assert asyncio.all_tasks() - before - {asyncio.current_task(), listening, answer} == set()

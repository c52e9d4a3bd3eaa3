"""What a chat may be about, as its page is told: the queue that a page is made for, or the topics
of an organisation to choose from; and how each door stands now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

import msgspec

from contactcenter.chat.rules import instead, phone_shown
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.queue.bands import Bands, line_name, rounded
from contactcenter.web.citizen.matters import Matter, find, offered

Stands = Literal["open", "quiet", "away", "closed"]
Staffed = Callable[[set[str]], Awaitable[set[str]]]


class ChatMatter(msgspec.Struct, frozen=True, kw_only=True):
    """A topic, or a queue by its own name (then `topic` is ""). `asks`: what the page asks before
    the chat begins; `stands`: as `chat_stands`, with `opens_at` where it is closed and that is
    known; `wait`: between which seconds it ends, where that may be told; `offers`: what can be done
    instead of a chat; `phone` {number, link}: by which number it may be called instead."""

    organisation: str
    group: Mapping[str, str]
    topic: str
    queue: str
    names: Mapping[str, str]
    hint: Mapping[str, str]
    languages: Sequence[str]
    asks: Sequence[str]
    stands: Stands
    opens_at: str | None = None
    wait: tuple[int, int] | None = None
    offers: Sequence[str] = ()
    phone: Mapping[str, str] | None = None


class ChatMatters:
    """Finds them. `callbacks`: whether calls can be asked for here."""

    def __init__(self, db: Database, staffed: Staffed, bands: Bands, *, callbacks: bool) -> None:
        self._db, self._staffed, self._bands = db, staffed, bands
        self._callbacks = callbacks

    async def one(self, topic: str, queue: str, language: str) -> ChatMatter | None:
        """What a page is made for; None where there is no such chat."""
        found, _ = await find(self._db, topic, queue)
        shown = await self._shown([] if found is None else [found], language)
        return shown[0] if shown else None

    async def topics(self, organisation: str | None, language: str) -> list[ChatMatter]:
        """What there is to choose from, of one organisation or of all."""
        return await self._shown(await offered(self._db, organisation), language)

    async def _shown(self, found: Sequence[Matter], language: str) -> list[ChatMatter]:
        found = [one for one in found if "chat" in one.channels]
        classes = {one.requirement(language) for one in found}
        staffed = await self._staffed(classes) if classes else set()
        waits = await self._waits(found, language)
        return [
            self._told(one, one.requirement(language) in staffed, waits[n])
            for n, one in enumerate(found)
        ]

    async def _waits(
        self, found: Sequence[Matter], language: str
    ) -> Sequence[tuple[int, int] | None]:
        requirements = [one.requirement(language) for one in found]
        try:
            bands = await self._bands.of({line_name(one, "chat") for one in requirements})
        except LiveUnavailable:
            return [None] * len(found)  # the page is there without Redis too
        told = [
            bands.told(one.queue_id, requirement, "chat", None)
            for one, requirement in zip(found, requirements, strict=True)
        ]
        return [None if band is None else rounded(band) for band in told]

    def _told(self, one: Matter, staffed: bool, wait: tuple[int, int] | None) -> ChatMatter:
        stands = chat_stands(one, staffed)
        ways = {"mail": one.address is not None, "callback": self._calls(one)}
        return ChatMatter(
            organisation=one.organisation,
            group=one.organisation_names,
            topic="" if one.topic is None else one.value,
            queue=one.queue,
            names=one.names,
            hint=one.hint,
            languages=one.languages,
            asks=one.asks,
            stands=stands,
            opens_at=stamp(one.opens_at) if stands == "closed" else None,
            wait=wait if stands == "open" else None,
            offers=instead([way for way, there in ways.items() if there]),
            phone=phone_shown(one.phone) if one.phone else None,
        )

    def _calls(self, one: Matter) -> bool:
        return self._callbacks and "callback" in one.channels


def chat_stands(matter: Matter, staffed: bool) -> Stands:
    """As the chat itself says it: `quiet`, a queue that always takes chats while nobody is on duty;
    `away`, within the hours, but nobody is there."""
    if matter.always_open:
        return "open" if staffed else "quiet"
    if not matter.is_open:
        return "closed"
    return "open" if staffed else "away"

"""One citizen's connected page: what it does, and what it has been shown."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from contactcenter.cases.rules import check_client_id, check_text
from contactcenter.channel import Connection
from contactcenter.chat import changing, rules
from contactcenter.chat.retryable import retryable
from contactcenter.chat.say import Stored, Words, own_frame
from contactcenter.chat.store import SQL, Shown
from contactcenter.errors import Refused
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.sql import Row
from contactcenter.queue import leaving, silence
from contactcenter.queue.bands import Band, steady
from contactcenter.queue.citizens import message_frame

if TYPE_CHECKING:
    from contactcenter.chat.chats import Chats

TYPING_S = 3.0
REPLACED, RESTART = 4409, 1012
FIRST_SOCKET = 1  # a citizen's first connection to a chat; each further one is one more


class Talk:
    """Implements `channel.Talk`. `seq` is the newest message that the page has been sent; `state`
    what it was last told: waiting, joined, closed."""

    __slots__ = (
        "_asked",
        "_asks_feedback",
        "_chats",
        "_connection",
        "_ended",
        "_idle_at",
        "_offered",
        "_passed_at",
        "_read_by_agent",
        "_shown_agent",
        "_story",
        "_story_of",
        "_told",
        "_typing_at",
        "_version",
        "_waiting",
        "_way",
        "case",
        "contact",
        "name",
        "owner",
        "queue",
        "requirement",
        "seq",
        "socket",
        "state",
    )

    def __init__(
        self,
        chats: Chats,
        connection: Connection,
        row: Row,
        socket: int,
        *,
        way: tuple[bytes, bytes | None],
        name: str,
        seq: int,
    ) -> None:
        self._chats, self._connection = chats, connection
        self.case, self.contact, self.socket = row["case_id"], row["id"], socket
        self.requirement: str = row["requirement"]
        self.queue: int = row["queue_id"]
        self.name, self.seq = name, seq
        self.state = ""
        self.owner: int | None = None
        # The secret that was sent, for which one was shown; None once the page has shown it.
        self._way: tuple[bytes, bytes | None] | None = way
        self._shown_agent: int | None = None
        self._waiting: tuple[int, bool, tuple[int, int] | None, datetime | None] | None = None
        self._told: tuple[int, int] | None = None
        self._version = 0
        self._offered = False
        self._idle_at: datetime | None = None
        self._story = 0  # the newest of the agents' comings and goings that was sent
        self._story_of: int | None = None if socket == FIRST_SOCKET else -1
        self._read_by_agent = 0
        self._typing_at = self._passed_at = 0.0
        self._ended: str | None = None
        self._asks_feedback = False
        self._asked: dict[str, Frame] = {}  # own messages under way, and the refs of their frames

    # ------------------------------------------------------------ what the page does

    @retryable
    async def heard(self) -> None:
        """See `channel.Talk.heard`."""
        if self._way is None:
            return
        sent, shown = self._way
        async with self._chats.db.connection() as conn:
            await SQL.confirm.run(conn, case=self.case, secret=sent, shown=shown)
        self._way = None

    @retryable
    async def message(self, client_id: str, text: str) -> None:
        """See `channel.Talk.message`."""
        check_client_id(client_id)
        words = Words(
            case_id=self.case,
            contact_id=self.contact,
            author=self.name,
            client_id=client_id,
            text=check_text(text, rules.MAX_TEXT),
        )
        if self.state == "closed":
            await self._say_closed()
            return
        self._asked[client_id] = self._ref()
        try:
            stored = await self._chats.say.store(words)
            if stored is None or (stored.prev is not None and stored.prev > self.seq):
                await self._chats.look([self])  # it ended meanwhile, or others spoke before
                return
        finally:
            self._asked.pop(client_id, None)
        self._echo(own_frame(words, stored), stored)

    @retryable
    async def send_files(self, client_id: str, text: str, files: Sequence[int]) -> None:
        """See `channel.Talk.send_files`."""
        check_client_id(client_id)
        words = Words(
            case_id=self.case,
            contact_id=self.contact,
            author=self.name,
            client_id=client_id,
            text=check_text(text, rules.MAX_TEXT) if text.strip() else "",
        )
        if self.state == "closed":
            await self._say_closed()
            return
        self._asked[client_id] = self._ref()
        try:
            said = await self._chats.filing.say(words, list(dict.fromkeys(files)))
            if said is None or (said[0].prev is not None and said[0].prev > self.seq):
                await self._chats.look([self])
                return
        finally:
            self._asked.pop(client_id, None)
        stored, attached = said
        self._echo(own_frame(words, stored) | {"files": attached}, stored)

    @retryable
    async def upload(self, client_id: str, name: str, size: int) -> None:
        """See `channel.Talk.upload`."""
        if self.state == "closed":
            await self._say_closed()
            return
        address = self._connection.address
        filing = self._chats.filing
        self.answer(await filing.ask(self.contact, address, client_id, name, size))

    async def _say_closed(self) -> None:
        case_url = await self._chats.pages.url(self.case)
        self.answer(rules.closed_frame(self._ended, case_url, await self._feedback_url()))

    async def _feedback_url(self) -> str | None:
        return await self._chats.feedback.url(self.contact) if self._asks_feedback else None

    def _echo(self, frame: Frame, stored: Stored) -> None:
        frame = frame | self._ref()
        if stored.prev is None:
            self.send(frame)
        else:
            self.hear_message(stored.prev, stored.seq, rules.encode(frame))

    @retryable
    async def typing(self) -> None:
        """See `channel.Talk.typing`."""
        now = time.monotonic()
        if self.owner is not None and now - self._typing_at >= TYPING_S:
            self._typing_at = now
            frame = {"type": "typing", "contact": str(self.contact)}
            await self._chats.feed.whisper(self.owner, frame)

    @retryable
    async def read(self, seq: int) -> None:
        """See `channel.Talk.read`."""
        seq = min(seq, self.seq)
        async with self._chats.db.connection() as conn:
            moved = await SQL.read.value(conn, contact=self.contact, seq=seq)
        if moved is not None and self.owner is not None:
            frame = {"type": "read", "contact": str(self.contact), "seq": seq}
            await self._chats.feed.whisper(self.owner, frame)

    @retryable
    async def change(self, to: Literal["callback", "mail"], where: str, request_id: str) -> None:
        """See `channel.Talk.change`."""
        chats = self._chats
        if to == "callback":
            await chats.calls.change(self.contact, where, request_id, self._connection.address)
        else:
            await changing.to_mail(chats.db, chats.publisher, self.contact, where, request_id)
        self.changed(await changing.changed_frame(chats.calls, self.contact))
        await chats.look([self])

    @retryable
    async def stay(self) -> None:
        """See `channel.Talk.stay`."""
        if self.state == "closed":
            await self._say_closed()
            return
        async with self._chats.db.connection() as conn:
            change = await silence.stay(conn, self.contact)
        if change.contacts:
            await self._chats.publisher.publish(change)
            await self._chats.look([self])
        self.answer(rules.idle_frame(None, None))

    @retryable
    async def reads(self, language: str) -> None:
        """See `channel.Talk.reads`."""
        if language not in LANGUAGES:
            raise Refused("bad_request", field="language")
        self._connection.language = language
        async with self._chats.db.connection() as conn:
            rows = await SQL.reads.all(conn, contact=self.contact, language=language)
        if rows:
            await self._chats.publish_presence(*rows)

    @retryable
    async def leave(self) -> None:
        """See `channel.Talk.leave`."""
        if self.state == "closed":
            await self._say_closed()
            return
        change = await leaving.leave(self._chats.db, self.contact, "left")
        if change is not None:
            await self._chats.publisher.publish(change)
        await self._chats.look([self])

    async def gone(self) -> None:
        """See `channel.Talk.gone`."""
        await self._chats.gone(self)

    # ------------------------------------------------------------ what the page is shown

    def send(self, frame: Frame) -> None:
        """Send a frame."""
        self._connection.send(rules.encode(frame))

    def answer(self, frame: Frame) -> None:
        """Send the effect of the frame being handled, with its ref."""
        self.send(frame | self._ref())

    def _end(self, frame: Frame) -> None:
        """Send the last that the page hears of this contact."""
        known = partial(self._chats.ends.known, self.contact)
        self._connection.deliver(rules.encode(frame | self._ref()), known)

    def hear_message(self, prev: int, seq: int, frame: bytes) -> None:
        """A message; where one before it has not been shown, all are read in Postgres."""
        if seq <= self.seq:
            return
        if prev > self.seq:
            self._chats.look_soon(self)
            return
        self.seq = seq
        self._connection.send(frame)

    def hear_passing(self, frame: bytes) -> None:
        """What nobody keeps: at most so often, and only while there is somebody."""
        now = time.monotonic()
        if self.state == "joined" and now - self._passed_at >= TYPING_S:
            self._passed_at = now
            self._connection.send(frame)

    def hear_file(self, frame: bytes) -> None:
        """How a file stands that the page shows."""
        self._connection.send(frame)

    def show(self, messages: list[Shown]) -> None:
        """Send what the page has not seen, as one write: a long story is no slow reader."""
        frames = []
        for one in messages:
            row = one.row
            if row["seq"] > self.seq:
                self.seq = row["seq"]
                own = row["client_id"] if row["direction"] == "inbound" else None
                frame = message_frame(row, client_id=own, attached=one.attached)
                frames.append(frame | self._asked.get(own, {}) if own else frame)
        if frames:
            self._connection.send(*map(rules.encode, frames))

    def misses_story(self, row: Row) -> bool:
        """Whether an agent came or went whom the page has not been told of."""
        return self._story_of != (row["owner"] if row["state"] == "active" else None)

    def tell_story(self, row: Row, events: Sequence[Row]) -> None:
        """Tell who came and went: each once, and after a reload from the beginning."""
        self._story_of = row["owner"] if row["state"] == "active" else None
        for event in events:
            if event["id"] > self._story:
                self._story = event["id"]
                came, why = event["kind"] == "accepted", event["why"] or ""
                who = (event["id"], event["at"], event["agent"])
                self.send(rules.agent_frame(*who, came=came, why=why))

    def stand(self, row: Row) -> bool:
        """Tell what became of the contact. Whether its end is to be told now (`ends`)."""
        if row["version"] < self._version:  # read before what was told already
            return False
        self._version, self._offered = row["version"], row["state"] == "offered"
        self.requirement, self.queue, self.owner = row["requirement"], row["queue_id"], None
        if row["state"] in ("queued", "offered"):
            if self.state != "waiting":
                self.state, self._waiting, self._told = "waiting", None, None
        elif row["state"] == "active":
            self.owner = row["owner"]
            if self.state != "joined" or self._shown_agent != row["owner"]:
                self.state, self._shown_agent = "joined", row["owner"]
                self.send({"type": "joined", "agent": row["agent"]})
        elif self.state != "closed":
            self.state, self._ended = "closed", row["ended"]
            self._asks_feedback = row["asks"]
            return True
        if row["read_by_agent"] > self._read_by_agent:
            self._read_by_agent = row["read_by_agent"]
            self.send({"type": "read", "seq": self._read_by_agent})
        if row["idle_at"] != self._idle_at:
            self._idle_at = row["idle_at"]
            self.send(rules.idle_frame(row["idle_at"], row["idle_in_s"]))
        return False

    def ends(self, case_url: str, feedback_url: str) -> None:
        """Tell its end, with its page and where to say how it went."""
        asked = feedback_url if self._asks_feedback else None
        self._end(rules.closed_frame(self._ended, case_url, asked))

    def changed(self, frame: Frame) -> None:
        """It is no chat any more; the page gets no other end."""
        self.state, self._ended = "closed", "changed"
        self._end(frame)

    def wait(
        self, place: int | None, staffed: bool, band: Band | None, closes_at: datetime | None
    ) -> None:
        """Tell the place in line and the estimate where they have changed. Who is being offered is
        next; while the place is not known (it is being decided, Redis was wiped) what was told
        stands."""
        if self._offered:
            place, band, closes_at = 1, None, None
        if self.state != "waiting" or place is None:
            return
        self._told = None if band is None else steady(self._told, band)
        now = (place, staffed, self._told, closes_at)
        if self._waiting != now:
            self._waiting = now
            self.send(rules.waiting_frame(*now))

    @property
    def shown(self) -> tuple[int, int]:
        """The version of the contact and the number of the message that the page has seen."""
        return self._version, self.seq

    def come_back(self) -> None:
        """What the page was shown is not there any more: it must begin with what is."""
        self._connection.end(RESTART)

    def replaced(self) -> None:
        """Another connection of the same citizen took over."""
        self._connection.end(REPLACED)

    def _ref(self) -> Frame:
        return {} if self._connection.ref is None else {"ref": self._connection.ref}

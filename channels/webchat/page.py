"""One citizen's page: its frames, one after the other, to the house and back."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from channels.webchat import frames
from channels.webchat.frames import FRAMES
from contactcenter.channel import Connection, Hello, LiveDesk, Talk
from contactcenter.errors import Refused
from contactcenter.frames import NO_HEAD, Head, error_frame

FIRST_FRAME_S = 5.0
MOST_BESIDE = 8  # messages that are being stored at a time
BROKEN, NO_HELLO = 1011, 4400
_encode = msgspec.json.Encoder().encode


class Page:
    """Serves one connection. One for each idle citizen, so it is kept small.

    A message does not hold up the next ones, which may be stored together with it; whatever else
    the page does comes after all that it said before."""

    __slots__ = ("_connection", "_desk", "_hello", "_saying", "_talk")

    def __init__(self, connection: Connection, desk: LiveDesk) -> None:
        self._connection = connection
        self._desk = desk
        self._hello: Hello | None = None
        self._talk: Talk | None = None
        self._saying: set[asyncio.Task[None]] | None = None  # most say nothing most of the time

    async def serve(self) -> None:
        """Until the connection is gone, or no hello has come in time."""
        deadline = asyncio.get_running_loop().time() + FIRST_FRAME_S
        try:
            while (data := await self._next(deadline)) is not None:
                await self._answer(data)
            await self._all_said()
        except TimeoutError:
            await self._connection.close(NO_HELLO)
        finally:
            if self._talk is not None:
                await self._talk.gone()

    async def _next(self, deadline: float) -> str | bytes | None:
        if self._hello is not None:
            return await self._connection.receive()
        async with asyncio.timeout_at(deadline):
            return await self._connection.receive()

    async def _answer(self, data: str | bytes) -> None:
        head = NO_HEAD
        try:
            head = FRAMES.head(data)
            frame = FRAMES.body(head.type, data)
            self._connection.ref = head.ref
            if self._talk is not None and head.type != "hello":
                await self._talk.heard()
            if head.type == "message" and not frame.files:
                await self._say(self._begun(), head, frame)
            else:
                await self._all_said()
                await self._do(head, frame)
        except Refused as refused:
            self._refuse(refused, head)
        finally:
            self._connection.ref = None

    async def _say(self, talk: Talk, head: Head, frame: frames.Message) -> None:
        under_way = self._saying = self._saying or set()
        if len(under_way) >= MOST_BESIDE:
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)

        async def say() -> None:
            try:
                await talk.message(frame.client_id, frame.text)
            except Refused as refused:
                self._refuse(refused, head)

        saying = asyncio.get_running_loop().create_task(say())
        under_way.add(saying)
        saying.add_done_callback(self._said)

    def _said(self, saying: asyncio.Task[None]) -> None:
        if saying.cancelled() or saying.exception() is None:
            if self._saying is not None:
                self._saying.discard(saying)
        else:
            self._connection.end(BROKEN)  # so nothing more comes in, and `serve` raises it

    async def _all_said(self) -> None:
        if self._saying:
            await asyncio.gather(*self._saying)

    async def _do(self, head: Head, frame: Any) -> None:
        if head.type == "message":
            files = [int(one) for one in frame.files]
            await self._begun().send_files(frame.client_id, frame.text, files)
        elif head.type == "hello":
            await self._say_hello(frame)
        elif head.type == "typing":
            await self._begun().typing()
        elif head.type == "read":
            await self._begun().read(frame.seq)
        elif head.type == "stay":
            await self._begun().stay()
        elif head.type == "language":
            await self._begun().reads(frame.language)
        elif head.type == "leave":
            await self._begun().leave()
        elif head.type == "upload":
            await self._begun().upload(frame.client_id, frame.name, frame.size)
        elif head.type == "change":
            await self._change(frame)
        elif head.type == "leave_message":
            await self._leave_message(head, frame)
        else:
            self._send({"type": "pong"}, head)

    async def _say_hello(self, frame: frames.Hello) -> None:
        """A second hello begins anew: after a chat's end, or with another secret."""
        former, self._talk = self._talk, None
        if former is not None:
            await former.gone()
        self._hello = Hello(
            queue=frame.queue,
            topic=frame.topic,
            language=frame.language,
            page_language=frame.page_language or "",
            name=frame.name or "",
            resume=frame.resume,
            after=frame.after,
            request_id=frame.request_id,
        )
        self._talk = await self._desk.open(self._hello, self._connection)

    async def _leave_message(self, head: Head, frame: frames.LeaveMessage) -> None:
        """Written down first; only then the place in line is given up."""
        if self._hello is None:
            raise Refused("wrong_state", "hello_first", field="type")
        contact = await self._desk.leave_message(
            self._hello, self._connection, frame.request_id, frame.address, frame.text
        )
        self._send({"type": "left_message", "contact": contact}, head)
        if self._talk is not None:
            await self._talk.leave()

    async def _change(self, frame: frames.Change) -> None:
        talk = self._begun()
        field = "number" if frame.to == "callback" else "address"
        where: str | None = getattr(frame, field)
        if where is None:
            raise Refused("bad_request", field=field)
        await talk.change(frame.to, where, frame.request_id)

    def _begun(self) -> Talk:
        if self._talk is None:
            raise Refused("wrong_state", "hello_first", field="type")
        return self._talk

    def _refuse(self, refused: Refused, head: Head) -> None:
        error = error_frame(refused, self._connection.words(refused), head)
        self._send(error | {"messages": self._connection.every_word(refused)})

    def _send(self, frame: dict[str, Any], head: Head | None = None) -> None:
        if head is not None and head.ref is not None:
            frame = frame | {"ref": head.ref}
        self._connection.send(_encode(frame))

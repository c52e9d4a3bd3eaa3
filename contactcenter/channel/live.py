"""A door through which citizen and agent talk while both are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from contactcenter.errors import Refused


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """How a citizen's page begins: for a queue in a language, or going on where it was (`resume`,
    the secret of the last welcome; `after`, the newest message it has). `topic` is what it is
    about ("mikkeli/parking") and leads to its queue, whatever `queue` says; `page_language` is the
    one that the page is read in. `request_id` is the same in each try to begin the same chat."""

    queue: str
    topic: str = ""
    language: str = ""
    page_language: str = ""
    name: str = ""
    resume: str | None = None
    after: int = 0
    request_id: str | None = None


class Connection(Protocol):
    """A citizen's live connection, as the edge brings it. The edge bounds what comes in and what
    waits to go out; `language` is the asker's, and may be set when it is known better; `address` is
    what limits count by; `ref` is that of the frame being handled, for its effect: each task has
    its own."""

    language: str
    address: str
    ref: Any

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the connection is gone."""

    def send(self, *frames: bytes) -> None:
        """Send frames, together; never waits."""

    def deliver(self, frame: bytes, then: Callable[[], None]) -> None:
        """Send a frame; `then` is called when it has surely arrived: not at all, where the
        connection is lost before."""

    def end(self, code: int) -> None:
        """As `close`; never waits."""

    async def close(self, code: int) -> None:
        """Close with a code (RFC 6455 section 7.4)."""

    def words(self, refused: Refused) -> str:
        """A refusal in the asker's language."""

    def every_word(self, refused: Refused) -> dict[str, str]:
        """The same by language: a page may be read in another one while it shows it."""


class Talk(Protocol):
    """One citizen's chat as the house gives it to a door. What the other side does comes through
    the connection by itself."""

    async def heard(self) -> None:
        """The page sent a frame: it surely has its secret."""

    async def message(self, client_id: str, text: str) -> None:
        """Store it and echo it. Raises Refused."""

    async def send_files(self, client_id: str, text: str, files: Sequence[int]) -> None:
        """As `message`, with files that arrived; the text may be empty. Raises Refused."""

    async def upload(self, client_id: str, name: str, size: int) -> None:
        """Tell the page where a file of so many bytes may be sent. Raises Refused."""

    async def typing(self) -> None:
        """The citizen is writing."""

    async def read(self, seq: int) -> None:
        """The citizen has seen the messages up to this number."""

    async def stay(self) -> None:
        """The citizen, asked after a long silence, is still there."""

    async def reads(self, language: str) -> None:
        """The citizen reads the page in another language now. Raises Refused."""

    async def leave(self) -> None:
        """The citizen ends the chat."""

    async def change(self, to: Literal["callback", "mail"], where: str, request_id: str) -> None:
        """The citizen, who waits, wants to be called at a number or answered at an address
        instead. Raises Refused; then the chat goes on."""

    async def gone(self) -> None:
        """The connection is lost; the place is kept for a while."""


class LiveDesk(Protocol):
    """The house as a live door sees it."""

    async def open(self, hello: Hello, connection: Connection) -> Talk | None:
        """Begin or resume a chat; returns after the commit, welcomed. None where the queue is
        closed, which the page has been told. Raises Refused."""

    async def leave_message(
        self, hello: Hello, connection: Connection, request_id: str, address: str, text: str
    ) -> str:
        """Take in a mail for the queue of the hello instead; its contact. Raises Refused."""


@runtime_checkable
class LiveChannel(Protocol):
    """A door through which citizen and agent talk while both are there."""

    name: str

    async def serve(self, connection: Connection, desk: LiveDesk) -> None:
        """Serve one connection until it is gone."""

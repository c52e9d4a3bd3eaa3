"""Citizens: in the chat, by mail, and who ask to be called. Each goes on until acknowledged."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from random import Random

import aiohttp
import aiosmtplib

from contactcenter.traffic.line import Frame, Line
from tests.faults.ledger import Ledger
from tests.faults.page import BACK_S, CANARY, Page, new_canary

QUEUE, ADDRESS = "general", "neuvonta@mikkeli.example"
ANSWERED = ("welcome", "error", "closed")
LEAVES, IMPATIENT = 0.1, 0.03
UNKNOWN = 6  # each of two secrets three times
IMPATIENT_S = (2.0, 6.0)


class Chatting(Page):
    """One citizen's page: asks, waits, answers what is said, comes back after each break."""

    path = "/ws/chat"

    def __init__(
        self, url: str, ledger: Ledger, chance: Random, actor: str, source: str, language: str
    ) -> None:
        super().__init__(url, ledger, chance, actor, source)
        self.canary = new_canary()
        self.contact = ""
        self._language = language
        self._secrets: list[str] = []  # the newest first, and the one before it
        self._heard: dict[int, str] = {}
        self._said = 0
        self._unknown = 0  # times in a row
        self._news = asyncio.Event()
        self.over = asyncio.Event()

    async def live(self) -> None:
        """From hello to the end."""
        staying = asyncio.create_task(self.stay())
        try:
            await self._say()
            if self.chance.random() < IMPATIENT:
                await self._either(self._news, self.chance.uniform(*IMPATIENT_S))
                if not self._heard:
                    await self._go()
            while not self.over.is_set() and not self._left.is_set():
                await self._either(self._news, 3600)
                self._news.clear()
                if self._heard and self._said == 1:
                    await self._say()
                    if self.chance.random() < LEAVES:
                        await self._go()
        finally:
            await self.leave()
            await staying

    async def greet(self, line: Line) -> bool:
        """Hello: the first, as often as it takes, or the way back."""
        frame: Frame = {
            "type": "hello",
            "queue": QUEUE,
            "language": self._language,
            "name": self.canary,
        }
        if not self._secrets:
            self.ledger.intent(self.actor, "chat", self.canary)
            frame |= {"request_id": self.canary}
        else:
            frame |= {"resume": self._secrets[0], "after": max(self._heard, default=0)}
        answer = await line.ask(lambda f: f["type"] in ANSWERED, **frame)
        if answer["type"] != "welcome":
            self.ledger.error(self.actor, "chat", self.canary, answer.get("code", "closed"))
            if answer.get("code") == "resume_unknown":
                self._secrets.reverse()  # a try that was given up may have taken its place
                self._unknown += 1
            if self._unknown == UNKNOWN:
                self._give_up()
            return False
        self._unknown = 0
        self.contact = answer["contact"]
        self._secrets = [answer["resume"], *self._secrets[:1]]
        self.ledger.ack(self.actor, "chat", self.canary, contact=self.contact)
        await line.send(type="ping")
        return True

    def _give_up(self) -> None:
        """What this citizen has of the chat is worth nothing any more: the page says so, and the
        citizen goes."""
        self.ledger.seen(self.actor, "gave_up", self.contact)
        self.over.set()
        self._left.set()
        self._news.set()

    def parted(self) -> None:
        """When the page was there stands in the ledger."""
        if self.contact:
            self.ledger.seen(self.actor, "gone", self.contact)

    def hear(self, frame: Frame) -> None:
        """Keep what is said, in the order in which it comes."""
        if frame["type"] == "welcome":
            self.ledger.seen(self.actor, "here", frame["contact"])
        elif frame["type"] == "message":
            self._heard_of(frame)
        elif frame["type"] == "closed":
            self.ledger.seen(self.actor, "closed", self.contact, reason=frame["reason"])
            self.over.set()
            self._news.set()

    def _heard_of(self, frame: Frame) -> None:
        canaries = sorted(set(CANARY.findall(frame["text"])) - {self.canary})
        self.ledger.seen(
            self.actor,
            "shown",
            self.contact,
            seq=frame["seq"],
            text=frame["text"],
            foreign=canaries,
        )
        if frame["direction"] == "outbound" and frame["seq"] not in self._heard:
            self._heard[frame["seq"]] = frame["text"]
            self._news.set()

    async def _say(self) -> None:
        self._said += 1
        client_id = f"{self.canary}.{self._said}"
        text = f"Kysyn asiasta {self.canary}, kohta {self._said}."
        if not await self._greeted_once():
            return
        self.ledger.intent(self.actor, "say", client_id, contact=self.contact, text=text)
        answer = await self.ask(
            lambda f: f.get("client_id") == client_id or f["type"] == "closed",
            type="message",
            client_id=client_id,
            text=text,
        )
        if answer is not None and answer["type"] == "message":
            self.ledger.ack(self.actor, "say", client_id, contact=self.contact, seq=answer["seq"])

    async def _go(self) -> None:
        answer = await self.ask(lambda f: f["type"] == "closed", type="leave")
        if answer is not None:
            self.ledger.ack(self.actor, "leave", self.contact, contact=self.contact)

    async def _greeted_once(self) -> bool:
        while not self.contact and not self._left.is_set():
            await self._greeted()
        return bool(self.contact)

    async def _either(self, event: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.create_task(one.wait()) for one in (event, self.over, self._left)]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


def letter(to: str = ADDRESS, more: str = "") -> EmailMessage:
    """A citizen's mail, with this citizen's canary in all of it."""
    canary = new_canary()
    mail = EmailMessage()
    mail["From"] = f"{canary} <{canary}@example.org>"
    mail["To"] = to
    mail["Subject"] = f"Asia {canary}"
    mail["Message-ID"] = f"<{canary}@example.org>"
    mail.set_content(f"Hei, kysyn asiasta {canary}.\n{more}")
    return mail


@dataclass
class Writer:
    """Who else turns to the city: by mail, or to be called. What is not acknowledged is sent again,
    byte for byte and with the same ids, as a city's mail server and a careful page do. `stop`: no
    more tries."""

    url: str
    smtp_port: int
    http: aiohttp.ClientSession
    ledger: Ledger
    chance: Random
    stop: asyncio.Event
    clicks: int = 1

    async def mail(self, actor: str, mail: EmailMessage | None = None) -> None:
        """One mail, this or any."""
        mail = mail or letter()
        id_ = mail["Message-ID"]
        while not self.stop.is_set():
            self.ledger.intent(actor, "mail", id_)
            tries = [self._hand_over(mail) for _ in range(self.clicks)]
            found = await asyncio.gather(*tries)
            if None in found:
                self.ledger.ack(actor, "mail", id_)
                return
            self.ledger.error(actor, "mail", id_, str(found[0]))
            await asyncio.sleep(self.chance.uniform(*BACK_S))

    async def _hand_over(self, mail: EmailMessage) -> str | None:
        """None: 250 was said."""
        try:
            await aiosmtplib.send(
                mail, hostname="127.0.0.1", port=self.smtp_port, start_tls=False, timeout=20
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            return type(error).__name__
        return None

    async def callback(self, actor: str, number: str) -> None:
        """One request to be called, as soon as possible."""
        canary = new_canary()
        body = {
            "queue": QUEUE,
            "number": number,
            "language": "fi",
            "matter": f"Soittakaa asiasta {canary}.",
            "request_id": canary,
        }
        while not self.stop.is_set():
            self.ledger.intent(actor, "callback", canary)
            found = await asyncio.gather(*(self._post(body) for _ in range(self.clicks)))
            for status, contact in found:
                if status == 201:
                    self.ledger.ack(actor, "callback", canary, contact=contact)
            if any(status == 201 for status, _ in found):
                return
            self.ledger.error(actor, "callback", canary, str(found[0][0]))
            await asyncio.sleep(self.chance.uniform(*BACK_S))

    async def _post(self, body: dict[str, str]) -> tuple[int, str]:
        try:
            async with self.http.post(f"{self.url}/api/callbacks", json=body) as answer:
                return answer.status, (await answer.json()).get("contact", "")
        except (aiohttp.ClientError, OSError, ValueError):
            return 0, ""

"""The product as a process, and the people and servers around it. Only public doors are used."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path

import aiohttp
import aiosmtplib
import redis.asyncio as redis
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.flows.client import WAIT_S, Client, Frame
from tests.flows.forks import ROOT, Fork, can_fork, fork
from tests.ports import free_port

Process = asyncio.subprocess.Process | Fork


class Product:
    """`contactcenter run` on a home of its own, on ports of its own. `root`: where the release
    lies that runs. `forks`: whether it may be a fork of the loaded product, which starts quickly;
    else it is executed."""

    root = ROOT
    forks = True
    ready_s = WAIT_S

    def __init__(self, home: Path, **environment: str) -> None:
        self.port, self.smtp_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        self._environment = {
            "PATH": os.environ["PATH"],
            "CONTACTCENTER_HOME": str(home),
            "CONTACTCENTER_PORT": str(self.port),
            "CONTACTCENTER_SMTP_PORT": str(self.smtp_port),
            "CONTACTCENTER_LOG_LEVEL": "info",
            **environment,
        }
        self._process: Process | None = None

    async def start(self, verb: tuple[str, ...] = ("run",), **environment: str) -> None:
        """Start it and wait until it says it is ready."""
        with (self.home.parent / "serve.log").open("ab") as log:
            self._process = await self._begin(verb, environment, log.fileno())
        assert self._process.stdout is not None
        async with asyncio.timeout(self.ready_s):
            while line := await self._process.stdout.readline():
                if b"ready" in line:
                    return
        raise AssertionError(f"it ended with {await self._process.wait()}: {self.log()[-2000:]}")

    def sibling(self, home: Path) -> Product:
        """Another node on the same servers, that only serves the web. Start it with
        `start_serving`."""
        servers = self.servers()
        return Product(
            home,
            CONTACTCENTER_DATABASE_URL=servers["database_url"],
            CONTACTCENTER_REDIS_URL=servers["redis_url"],
            **self.key(),
        )

    def key(self) -> dict[str, str]:
        """The setting by which another node seals as this one does; none where it does not."""
        path = self.home / "seal.keys"
        return {"CONTACTCENTER_SEAL_KEY_FILE": str(path)} if path.exists() else {}

    async def start_serving(self) -> None:
        """Start `serve --only web`."""
        self.home.mkdir(parents=True, exist_ok=True)
        await self.start(verb=("serve", "--only", "web"))

    async def stop(self) -> int:
        """SIGTERM; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        assert self._process is not None
        async with asyncio.timeout(2 * WAIT_S):  # its database writes all down before it ends
            return await self._process.wait()

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def command(self, *words: str) -> str:
        """Run another command on the same home; what it printed."""
        code, out, err = await self.ends(*words)
        assert code in (0, 1), err
        return out

    async def ends(self, *words: str, **environment: str) -> tuple[int, str, str]:
        """Run a command to its end: exit code, standard output, standard error."""
        process = await self._begin(words, environment)
        async with asyncio.timeout(3 * WAIT_S):
            out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def _begin(
        self, words: tuple[str, ...], more: dict[str, str], err: int | None = None
    ) -> Process:
        """A process of it, which writes its errors to this file, or to us."""
        environment = self._environment | more
        if self.forks and self.root == ROOT and can_fork(environment):
            return await fork(self._words(words), environment, ROOT, err)
        return await asyncio.create_subprocess_exec(
            *self._command(*words),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE if err is None else err,
            cwd=self.root,
        )

    async def pipe(self, *words: str, given: bytes = b"") -> tuple[int, bytes]:
        """Run a command between pipes: exit code, standard output."""
        process = await asyncio.create_subprocess_exec(
            *self._command(*words),
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
        )
        async with asyncio.timeout(3 * WAIT_S):
            out, _ = await process.communicate(given)
        assert process.returncode is not None
        return process.returncode, out

    async def verify(self) -> Frame:
        """What `verify` says."""
        found: Frame = json.loads(await self.command("verify"))
        return found

    async def export(self, kind: str) -> list[Frame]:
        """What `export` gives."""
        lines = (await self.command("export", kind)).splitlines()
        return [json.loads(line) for line in lines]

    async def mail(self, mail: EmailMessage) -> str:
        """Send a mail to it; the answer to DATA. Raises what aiosmtplib raises."""
        _, answer = await aiosmtplib.send(
            mail, hostname="127.0.0.1", port=self.smtp_port, start_tls=False, timeout=WAIT_S
        )
        return answer

    @asynccontextmanager
    async def agent(self, email: str, password: str = "mikkeli-demo") -> AsyncIterator[Agent]:
        """An agent who signs in and whose browser is open."""
        jar = aiohttp.CookieJar(unsafe=True)  # our host is an address
        async with aiohttp.ClientSession(headers={"Origin": self.url}, cookie_jar=jar) as http:
            async with http.post(
                f"{self.url}/api/session", json={"email": email, "password": password}
            ) as answer:
                assert answer.status == 200, await answer.text()
                user = (await answer.json())["user"]
                cookie = "; ".join(f"{n}={c.value}" for n, c in answer.cookies.items())
            agent = Agent(self.url, http, cookie, user)
            try:
                await agent.open()
                yield agent
            finally:
                await agent.close()

    def servers(self) -> dict[str, str]:
        """Where its own Postgres and Redis answer."""
        found: dict[str, str] = json.loads((self.home / "servers.json").read_bytes())
        return found

    async def wipe_redis(self) -> None:
        """FLUSHALL, behind its back."""
        client = redis.Redis.from_url(self.servers()["redis_url"])
        await client.flushall()
        await client.aclose()

    def log(self) -> str:
        """What it has written to standard error."""
        return (self.home.parent / "serve.log").read_text(errors="replace")

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "contactcenter", *self._words(words)]

    @staticmethod
    def _words(words: tuple[str, ...]) -> tuple[str, ...]:
        """A city without a past, where none is asked for: so it starts quickly."""
        if words[0] in ("run", "demo") and "--history-days" not in words:
            return (*words, "--history-days", "0")
        return words


class Agent(Client):
    """An agent's browser."""

    def __init__(self, url: str, http: aiohttp.ClientSession, cookie: str, user: Frame) -> None:
        super().__init__(url)
        self.http = http
        self.cookie = cookie
        self.user = user
        self.snapshot: Frame = {}
        self._offers: set[str] = set()

    def _keep(self, frame: Frame) -> None:
        """After a gap the snapshot carries the offers whose own frames were lost."""
        super()._keep(frame)
        if frame["type"] == "offer":
            self._offers.add(frame["offer"])
        elif frame["type"] == "snapshot" and self.snapshot:
            for offer in frame["offers"]:
                if offer["offer"] not in self._offers:
                    self._keep(offer)

    async def open(self, after: int = 0, origin: str | None = None) -> None:
        """Open the socket and wait for the snapshot (or `resumed`)."""
        await self._connect("/ws/agent", origin, {"Cookie": self.cookie})
        await self.send(type="resume", after=after)
        first = await self.wait(lambda f: f["type"] in ("snapshot", "resumed"))
        if first["type"] == "snapshot":
            self.snapshot = first

    async def available(self) -> None:
        """Go to work."""
        await self.send(type="state", value="available")
        await self.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "available")

    async def take(self) -> Frame:
        """Wait for an offer and accept it; the `contact` frame."""
        offer = await self.of("offer")
        await self.send(type="accept", offer=offer["offer"])
        contact = offer["contact"]["contact"]
        return await self.wait(
            lambda f: (
                f["type"] == "contact"
                and f["contact"]["contact"] == contact
                and f["contact"]["state"] == "active"
            )
        )

    async def reply(self, contact: str, text: str, client_id: str) -> Frame:
        """Answer; the stored message."""
        await self.send(type="reply", contact=contact, client_id=client_id, text=text)
        frame = await self.wait(
            lambda f: f["type"] == "message" and f["message"].get("client_id") == client_id
        )
        message: Frame = frame["message"]
        return message

    async def get(self, path: str) -> tuple[int, str]:
        """GET with the session; (status, text)."""
        async with self.http.get(self._url + path) as answer:
            return answer.status, await answer.text(errors="replace")


class Relay:
    """The city's mail server: keeps what it takes, and answers as told. Acknowledgements lie apart:
    they come of themselves, at any moment."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.receipts: list[EmailMessage] = []
        self.answer = "250 2.0.0 taken"
        self.port = 0
        self._news = asyncio.Condition()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = BytesParser(policy=modern).parsebytes(content)
            assert isinstance(mail, EmailMessage)
            async with self._news:
                (self.receipts if _is_receipt(mail) else self.mails).append(mail)
                self._news.notify_all()
        return self.answer

    async def received(self, count: int) -> list[EmailMessage]:
        """Wait until so many mails are here."""
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(lambda: len(self.mails) >= count)
        return self.mails

    async def acknowledged(self, count: int) -> list[EmailMessage]:
        """Wait until so many acknowledgements are here."""
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(lambda: len(self.receipts) >= count)
        return self.receipts


def _is_receipt(mail: EmailMessage) -> bool:
    case = re.search(r"\((asia|ärende|case) \d+\)", str(mail["Subject"]))
    return mail["Auto-Submitted"] is not None and case is not None


@asynccontextmanager
async def open_relay() -> AsyncIterator[Relay]:
    """A relay on a port of its own."""
    relay = Relay()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(relay, hostname="relay.example", loop=loop), "127.0.0.1", 0
    )
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await server.wait_closed()


def letter(
    subject: str = "Kysymys päivähoidosta",
    text: str = "Hyvää päivää, milloin haku päättyy? Terveisin Äijä Öhman",
    to: str = "neuvonta@mikkeli.example",
    **headers: str,
) -> EmailMessage:
    """A citizen's mail."""
    mail = EmailMessage()
    mail["From"] = "Ville Veikkonen <ville@example.org>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{os.urandom(8).hex()}@example.org>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail

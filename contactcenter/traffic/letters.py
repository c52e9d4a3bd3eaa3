"""Citizens who write a mail or ask to be called."""

from __future__ import annotations

import asyncio
import random
from email.message import EmailMessage
from typing import Any

import aiohttp
import aiosmtplib

from contactcenter.traffic.plan import Approach
from contactcenter.traffic.tally import Tally

IN_A_WINDOW = 0.3
MOST_CONNECTIONS = 16
TIMEOUT_S = 20.0


class Post:
    """Sends mails by SMTP to the queues' addresses; a mail counts when 250 was said."""

    def __init__(
        self, host: str, port: int, run: str, phrases: dict[str, Any], tally: Tally
    ) -> None:
        self._host, self._port = host, port
        self._run = run
        self._phrases = phrases
        self._tally = tally
        self._turns = asyncio.Semaphore(MOST_CONNECTIONS)

    async def write(self, approach: Approach) -> None:
        """One mail, once: what is not acknowledged is an error."""
        mail = self._compose(approach)
        self._tally.sent["mail"] += 1
        async with self._turns:
            try:
                await aiosmtplib.send(
                    mail,
                    hostname=self._host,
                    port=self._port,
                    start_tls=False,
                    local_hostname="traffic.example",
                    timeout=TIMEOUT_S,
                )
            except aiosmtplib.SMTPResponseException as error:
                self._tally.refused[f"mail {error.code}"] += 1
                return
            except (aiosmtplib.SMTPException, OSError) as error:
                self._tally.errors[f"mail {type(error).__name__}"] += 1
                return
        self._tally.mails[mail["Message-ID"]] += 1

    def _compose(self, approach: Approach) -> EmailMessage:
        rng = random.Random(approach.seed)  # noqa: S311 - made-up mails
        words, topic = self._phrases[approach.language], approach.topic
        mail = EmailMessage()
        mail["From"] = f"{approach.name} <{approach.address}>"
        mail["To"] = approach.queue["address"]
        mail["Subject"] = topic["subject"]
        mail["Message-ID"] = f"<{self._run}.{approach.n}@example.org>"
        greeting, closing = rng.choice(words["greeting"]), rng.choice(words["closing"])
        mail.set_content(f"{greeting},\n\n{topic['question']}\n\n{closing}\n{approach.name}\n")
        return mail


class Callbacks:
    """Asks to be called over POST /api/callbacks; a request counts when 201 was said."""

    def __init__(self, url: str, run: str, http: aiohttp.ClientSession, tally: Tally) -> None:
        self._url = url
        self._run = run
        self._http = http
        self._tally = tally

    async def ask(self, approach: Approach) -> None:
        """One request, as soon as possible or in a half hour of the offered ones."""
        self._tally.sent["callback"] += 1
        request = {
            "queue": approach.queue["key"],
            "number": approach.number,
            "language": approach.language,
            "matter": approach.topic["question"],
            "name": approach.name,
            "request_id": f"{self._run}-{approach.n}",
        }
        try:
            window = await self._window(approach)
            if window is not None:
                request["window"] = window
            await self._post(request)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._tally.errors[f"callback {type(error).__name__}"] += 1

    async def _window(self, approach: Approach) -> dict[str, str] | None:
        rng = random.Random(approach.seed)  # noqa: S311 - made-up wishes
        if rng.random() >= IN_A_WINDOW:
            return None
        address = f"{self._url}/api/callbacks/windows"
        async with self._http.get(address, params={"queue": approach.queue["key"]}) as answer:
            if answer.status != 200:
                return None
            windows = (await answer.json())["windows"]
        return dict(rng.choice(windows[:12])) if windows else None

    async def _post(self, request: dict[str, Any]) -> None:
        async with self._http.post(f"{self._url}/api/callbacks", json=request) as answer:
            if answer.status == 201:
                asked = await answer.json()
                self._tally.callbacks.add(asked["contact"])
                self._tally.joined += bool(asked.get("joined"))
            elif answer.status in (404, 405):
                self._tally.not_offered += 1
            else:
                code = (await answer.json()).get("code", answer.status)
                self._tally.refused[f"callback {code}"] += 1

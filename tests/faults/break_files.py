"""Files that nobody has looked through yet."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from email.message import EmailMessage

import aiohttp

from tests.clamd import EICAR, fake_clamd
from tests.faults.citizens import letter
from tests.faults.crowd import Crowd
from tests.faults.house import House
from tests.faults.page import CANARY
from tests.faults.stage import Stage

FILES, EVERY = 40, 5  # mails with a file; every fifth file is bad
SCANNED_S = 90.0
FILED = "SELECT id, name FROM attachment WHERE name = ANY($1)"


async def scanner_away(stage: Stage) -> None:
    """F44: the scanner is away, then says nothing, while mails with files come. All come in; nobody
    can open a file before it was looked through, and nobody the bad ones afterwards."""
    house = stage.house
    async with fake_clamd() as clamd:
        await clamd.stop()
        scanner = f"clamd://127.0.0.1:{clamd.scanner.port}"
        node = await house.add_node(CONTACTCENTER_SCANNER=scanner)
        async with house.only(node), stage.crowded(rate=5.0, burst=50, in_flight=40) as crowd:
            wanted: dict[str, int] = {}
            await _sent(stage, crowd, wanted)
            await _is(stage, dict.fromkeys(wanted, 503), "while the scanner was away")
            clamd.answers = [None] * 4
            await clamd.start()
            async with asyncio.timeout(stage.within(SCANNED_S)):
                await clamd.begun.wait()
            await _sent(stage, crowd, wanted)
            await _is(stage, dict.fromkeys(wanted, 503), "while the scanner said nothing")
            clamd.go_on.set()
            await _scanned(stage, wanted)


async def _sent(stage: Stage, crowd: Crowd, wanted: dict[str, int]) -> None:
    """Mails with files come; until they are acknowledged."""
    for n in range(round(FILES * stage.share)):
        mail = letter()
        name = f"{CANARY.findall(mail['Subject'])[0]}.bin"
        bad = n % EVERY == 0
        _attach(mail, name, EICAR if bad else name.encode())
        wanted[name] = 403 if bad else 200
        crowd.post(mail)
    async with asyncio.timeout(stage.within(SCANNED_S)):
        while wanted.keys() - (await _files(stage.house, list(wanted))).keys():
            await asyncio.sleep(0.1)


def _attach(mail: EmailMessage, name: str, content: bytes) -> None:
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)


async def _scanned(stage: Stage, wanted: dict[str, int]) -> None:
    end = time.monotonic() + stage.within(SCANNED_S)
    while 503 in (await _answers(stage.house, list(wanted))).values():
        if time.monotonic() > end:
            break
        await asyncio.sleep(0.5)
    await _is(stage, wanted, "after it had looked")


async def _is(stage: Stage, wanted: dict[str, int], when: str) -> None:
    found = await _answers(stage.house, list(wanted))
    wrong = Counter((wanted[name], found[name]) for name in wanted if found[name] != wanted[name])
    for (want, got), times in wrong.items():
        stage.broken.append(f"{times} files answered {got} {when}, and not {want}")


async def _answers(house: House, names: list[str]) -> dict[str, int]:
    """How an agent's request for each file is answered; 0: with something else in it."""
    found = {}
    headers = {"Cookie": house.users[0][1]}
    async with aiohttp.ClientSession(headers=headers) as http:
        for name, id_ in (await _files(house, names)).items():
            async with http.get(f"{house.url}/api/attachments/{id_}") as answer:
                same = answer.status != 200 or await answer.read() == name.encode()
                found[name] = answer.status if same else 0
    return found


async def _files(house: House, names: list[str]) -> dict[str, int]:
    conn = await house.connect()
    try:
        return {row["name"]: row["id"] for row in await conn.fetch(FILED, names)}
    finally:
        await conn.close()

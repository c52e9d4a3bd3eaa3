"""A city that is backed up while it works, lost, and restored on another machine."""

from __future__ import annotations

import asyncio
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import pytest

from tests.flows.citizen import open_citizen
from tests.flows.product import Product, Relay, letter


def numbered(n: int) -> EmailMessage:
    """A mail of its own, with a file; the same bytes each time."""
    mail = letter(subject=f"Kysymys {n}")
    mail.replace_header("Message-ID", f"<load-{n}@example.org>")
    mail.add_attachment(b"\x00\xff" * 1000, maintype="application", subtype="octet-stream")
    mail.set_boundary(f"part-{n}")
    return mail


@asynccontextmanager
async def another(relay: Relay) -> AsyncIterator[Product]:
    """Another machine: an empty home, and the same mail server."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-flow-"))
    folder.chmod(0o755)
    product = Product(
        folder / "home", CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never"
    )
    try:
        yield product
    finally:
        if product.running:
            await product.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(240)
async def test_a_lost_city_comes_back_and_does_nothing_twice(
    product: Product, relay: Relay
) -> None:
    stop, begun = asyncio.Event(), asyncio.Event()
    taken: list[str] = []

    async def load() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            await product.mail(numbered(n))
            taken.append(f"<load-{n}@example.org>")
            if n == 5:
                begun.set()

    async with (
        product.agent("aino@mikkeli.example") as aino,
        open_citizen(product) as ville,
        aiohttp.ClientSession() as http,
    ):
        # An answer that left, one that hangs, a chat, a request to be called.
        await product.mail(letter())
        await aino.available()
        card = await aino.take()
        await aino.reply(card["contact"]["contact"], "Hei, elokuussa.", "r1")
        (sent,) = await relay.received(1)
        relay.answer = "451 4.3.0 later"
        await aino.reply(card["contact"]["contact"], "Tarkennan vielä.", "r2")
        await ville.hello(name="Ville")
        await ville.say("Onko kirjasto auki?", "m1")
        callback = {
            "queue": "general",
            "language": "fi",
            "number": "+358401234567",
            "request_id": "c1",
            "matter": "Rakennuslupa",
        }
        async with http.post(f"{product.url}/api/callbacks", json=callback) as answer:
            assert answer.status == 201, await answer.text()
        loading = asyncio.create_task(load())
        await begun.wait()
        acknowledged = list(taken)
        file = product.home.parent / "backup"
        code, _, err = await product.ends("backup", str(file))
        assert code == 0, err
        stop.set()
        await loading
    assert len(taken) > len(acknowledged)  # it went on meanwhile
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(file.parent.glob("*.partial"))
    await product.kill()
    receipts = len(relay.receipts)
    assert receipts <= 1  # that of the first mail

    relay.answer = "250 2.0.0 taken"
    async with another(relay) as restored:
        code, _, err = await restored.ends(
            "restore", str(file), "--settings", str(file.parent / "laid")
        )
        assert code == 0, err
        assert "messages were on their way" in err
        assert f"is not in {restored.home / 'seal.keys'}" in err
        shutil.copy2(product.home / "seal.keys", restored.home)
        assert "CONTACTCENTER_RELAY" in (file.parent / "laid" / "environment").read_text()
        before = await restored.export("contacts")
        assert {one["external_id"] for one in before} >= set(acknowledged)
        await restored.start(verb=("serve",))
        # A mail that the snapshot holds comes once more: it is known. A new one is not.
        await restored.mail(numbered(1))
        new = letter(text="Aivan uusi asia.")
        new.replace_header("From", "uusi@example.org")  # Ville has written too often for a receipt
        await restored.mail(new)
        async with restored.agent("aino@mikkeli.example") as aino:
            (notice,) = [n for n in aino.snapshot["notices"] if n["notice"] == "undelivered"]
            await aino.send(type="resend", send_id=notice["send_id"])
            mails = await relay.received(2)
        # What left: the answer of before, and the one that its agent sent again; one receipt for
        # the new mail, none for those that were taken in before.
        assert mails[0]["Message-ID"] == sent["Message-ID"]
        assert "Tarkennan" in mails[1].get_content()
        await relay.acknowledged(receipts + 1)
        # Offers of before are past their end, and soon ended.
        while (found := await restored.verify())["violations"]:
            pass
        assert found["received"] == len(before) + 1
    assert len(relay.receipts) == receipts + 1
    assert len(relay.mails) == 2


@pytest.mark.timeout(240)  # six starts of a program, two of them with a new database
async def test_it_goes_through_pipes(product: Product, relay: Relay) -> None:
    await product.mail(numbered(1))
    await relay.acknowledged(1)
    code, backup = await product.pipe("backup", "-")
    assert code == 0
    async with another(relay) as restored:
        assert (await restored.pipe("restore", "-", given=backup[:-100]))[0] == 2
        assert (await restored.pipe("restore", "-", given=backup))[0] == 0
        assert (await restored.verify())["received"] == 1
        assert (await restored.pipe("restore", "-", given=backup))[0] == 2  # it is not empty now

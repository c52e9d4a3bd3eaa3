"""Personal identity codes, account and card numbers go in by every door, and stand nowhere: in no
table, key, log, frame, page, trace or export. In files and raw mail they are sealed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import pytest

from contactcenter.kernel.db import Database
from contactcenter.stats.export import KINDS, lines
from contactcenter.stats.verify import verify
from tests.collector import FakeCollector, fake_collector
from tests.flows.canary import ALL, CODE, CODES, in_redis, in_tables, shown
from tests.flows.citizen import Citizen, open_citizen
from tests.flows.client import Client, Frame
from tests.flows.conftest import running
from tests.flows.product import Agent, Product, Relay, letter
from tests.flows.test_after import ask_at_once, finish, give, post
from tests.flows.test_bad_mail import talk
from tests.flows.test_callbacks import ask
from tests.flows.watcher import watching

AINO = "aino@mikkeli.example"
OWN_ACCOUNT = "FI14 1009 3000 1234 58"  # of the city, in an agent's answer
FILE = f"{CODE}.txt"
FORM = "/message?topic=mikkeli/moving&lang=fi"
SOURCE = Path(__file__).read_text(encoding="utf-8")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every frame that any page was sent."""
    frames: list[bytes] = []
    keep = Client._keep

    def keep_all(self: Client, frame: Frame) -> None:
        frames.append(json.dumps(frame, ensure_ascii=False).encode())
        keep(self, frame)

    monkeypatch.setattr(Client, "_keep", keep_all)
    return frames


def in_every_part() -> EmailMessage:
    """A mail."""
    mail = letter(subject=f"ovi-aihe {ALL}", text=f"ovi-teksti {ALL}", X_Matter=CODE)
    del mail["From"]
    mail["From"] = f'"ovi-nimi {CODES}" <131052-308t@example.org>'
    mail["Cc"] = f'"{CODES}" <cc@example.org>'
    mail["References"] = f"<{CODE}@example.org>"
    mail.add_alternative(f"<p>ovi-html {ALL}</p><a href='https://x.example/{CODE}'>a</a>", "html")
    mail.add_attachment(f"liite {ALL}", filename=f"ovi-tiedosto {FILE}")
    return mail


async def by_mail(product: Product, relay: Relay, aino: Agent) -> None:
    """A mail, what an agent makes of it, an answer that joins it, and what can't be read."""
    await product.mail(in_every_part())
    taken = await aino.take()
    card = taken["contact"]
    contact = card["contact"]
    await aino.send(type="note", contact=contact, client_id="n1", text=f"ovi-muistio {ALL}")
    path = f"{product.url}/api/uploads?contact={contact}&name=ovi-lataus {CODE}.pdf"
    async with aino.http.post(path, data=io.BytesIO(b"%PDF-1.7 " + ALL.encode())) as answer:
        assert answer.status == 201, await answer.text()
        file = await answer.json()
    for field in ("to", "cc"):
        given = {field: [f"{CODE}@example.org"]}
        reply = {"type": "reply", "contact": contact, "client_id": "x", "text": "Hei"} | given
        await aino.send(**reply, ref=field)
        assert (await aino.of("error", ref=field))["code"] == "bad_request"
    await aino.send(
        type="reply", contact=contact, client_id="r1", to=["ville@example.org"],
        text=f"ovi-vastaus {CODES} {OWN_ACCOUNT}", attachments=[file["id"]],
    )  # fmt: skip
    answered = (await relay.received(1))[0]
    await aino.send(
        type="forward", contact=contact, client_id="w1", to=["kollega@mikkeli.example"],
        text=f"ovi-edelleen {CODES}",
    )  # fmt: skip
    await relay.received(2)
    assert [what for text in texts_of(relay) if (what := shown(text, accounts=False))] == []
    again = letter(subject=f"Re: {ALL}", text=f"ovi-jatko {ALL}")
    again["In-Reply-To"] = str(answered["Message-ID"])
    again.add_attachment(ALL, filename=FILE)
    await product.mail(again)
    await aino.of("message", contact=contact)
    relay.answer = f"550 5.1.1 ovi-palvelin no {CODE} here"
    await aino.send(
        type="reply", contact=contact, client_id="r2", to=["ville@example.org"], text="Hei"
    )
    await aino.wait(lambda f: f["type"] == "delivery" and f["state"] == "failed")
    relay.answer = "250 2.0.0 taken"
    await aino.send(type="block_sender", contact=contact)
    await aino.of("sender")
    await finish(aino, contact)
    lines = (b"MAIL FROM:<v@example.org>", b"RCPT TO:<neuvonta@mikkeli.example>", b"DATA")
    part = b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n'
    raw = f"Subject: {ALL}\r\n".encode() + part.partition(b"\r\n")[2] % 0
    raw += b"".join(part % (n, n + 1) for n in range(300)) + b".\r\n"
    said = await talk(product, *(line + b"\r\n" for line in lines), raw)
    assert said[-1].startswith("250"), said


def texts_of(relay: Relay) -> list[bytes]:
    """What left the house, without files: an agent sends a file as it is."""
    mails = [*relay.mails, *relay.receipts]
    parts = [one for mail in mails for one in mail.walk() if one.get_filename() is None]
    return [one.as_bytes() for one in parts if not one.is_multipart()] + [
        str(mail.items()).encode() for mail in mails
    ]


async def by_chat(product: Product, aino: Agent, ville: Citizen) -> None:
    """A chat with a file, and its feedback; another that becomes a message."""
    await ville.hello(name=f"ovi-chatnimi {CODES}")
    await ville.say(f"ovi-chat {ALL}", "v1")
    contact = (await aino.take())["contact"]["contact"]
    await ville.send(type="upload", client_id="f1", name=f"ovi-chatliite {FILE}", size=9, ref=1)
    place = await ville.of("upload", ref=1)
    async with aino.http.post(product.url + place["url"], data=ALL.encode()) as answer:
        assert answer.status == 201
        file = await answer.json()
    await ville.send(type="message", client_id="v2", text="", files=[file["id"]])
    await aino.of("message", contact=contact)
    await aino.send(
        type="reply", contact=contact, client_id="c1", text=f"ovi-chatvastaus {CODES}",
        choices=[f"ovi-valinta {CODE}", "Ei"],
    )  # fmt: skip
    await ville.wait(lambda f: f["type"] == "message" and f["direction"] == "outbound")
    await aino.send(type="close", contact=contact)
    await give((await ville.of("closed"))["feedback_url"], "2", f"ovi-palaute {ALL}")
    await finish(aino, contact)
    async with open_citizen(product, "kela-advice") as ulla:  # where nobody is at work
        await ulla.hello(name=f"ovi-jatto {CODES}")
        left = {"request_id": "l1", "text": f"ovi-jatetty {ALL}"}
        await ulla.send(type="leave_message", address=f"{CODE}@example.org", **left)
        assert (await ulla.of("error"))["field"] == "address"
        await ulla.send(type="leave_message", address="ulla@example.org", **left)
        await ulla.of("left_message")


async def by_callback(product: Product, aino: Agent) -> None:
    """A request to be called, with what an agent notes."""
    await ask(product, matter=f"ovi-soitto {ALL}", name=f"ovi-soittaja {CODES}")
    contact = (await aino.take())["contact"]["contact"]
    await aino.send(
        type="note", contact=contact, client_id="n2", text=f"ovi-puhelu {ALL}", ref="n2"
    )
    await aino.of("message", ref="n2")
    await finish(aino, contact)


async def by_form(product: Product, aino: Agent) -> None:
    """The message form with a file, and the case's page."""
    async with aiohttp.ClientSession(product.url) as http:
        async with http.get(FORM) as answer:
            page = await answer.text()
        place = await _send(http, FORM, page, "ovi-lomake")
        async with http.get(place) as answer:
            page = await answer.text()
        assert "ovi-lomake" in page
        assert not shown(page.encode())
        at = place.partition("?")[0]
        await _send(http, f"{at}/message?lang=fi", page, "ovi-asiasivu")
        await post(f"{product.url}{at}/address", 400, address=f"{CODE}@example.org", request_id="a")
        async with http.get(place) as answer:
            assert "ovi-asiasivu" in await answer.text()
    contact = (await aino.take())["contact"]["contact"]
    await aino.send(type="draft", contact=contact, text=f"ovi-luonnos {CODES}", ref="d")
    await aino.of("draft", ref="d")  # it stays with the contact
    summary = f"ovi-siirto {ALL}"
    await aino.send(type="transfer", contact=contact, queue="schools", summary=summary, ref="t")
    assert (await aino.wait(lambda f: f.get("ref") == "t"))["type"] == "contact"


async def _send(http: aiohttp.ClientSession, path: str, page: str, door: str) -> str:
    found = re.search(r'name="request_id" value="([^"]+)"', page)
    assert found is not None
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    typed = {
        "request_id": found[1],
        "topic": "mikkeli/moving",
        "text": f"{door} {ALL}",
        "name": f"{door}-nimi {CODES}",
    }
    for name, value in (typed | {"email": ""}).items():
        form.add_field(name, value)
    form.add_field("files", ALL.encode(), filename=f"{door}-liite {FILE}")
    async with http.post(path, data=form, allow_redirects=False) as answer:
        wrong = re.findall(r'-error"[^>]*>([^<]*)', await answer.text())
        assert answer.status == 303, wrong
        return answer.headers["Location"]


async def by_hand(product: Product, aino: Agent) -> None:
    """Somebody at the counter, handed on; an offer that is declined; a state's reason."""
    start = {"type": "start", "channel": "visit", "queue": "general", "language": "fi"}
    person = {"name": f"ovi-kaynti {CODES}"}
    await aino.send(**start, request_id="s0", person={"email": f"{CODE}@example.org"}, ref="s0")
    assert (await aino.of("error", ref="s0"))["field"] == "email"
    await aino.send(**start, request_id="s1", person=person, note=f"ovi-tiski {ALL}", ref="s1")
    contact = (await aino.of("contact", ref="s1"))["contact"]["contact"]
    await aino.send(type="person", contact=contact, name=f"ovi-henkilo {CODES}", ref="p")
    await aino.of("contact", ref="p")
    await finish(aino, contact)
    await product.mail(letter())
    offer = await aino.of("offer")
    await aino.send(type="decline", offer=offer["offer"], note=f"ovi-torjunta {ALL}")
    await aino.of("offer_ended")
    await aino.send(type="state", value="break", reason=CODE)
    await aino.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "break")


async def unasked(product: Product, aino: Agent) -> None:
    """Open feedback by the form and by Open311, decided and published."""
    path, api = "/give-feedback?lang=fi", "/open311/v2/requests.json"
    async with aiohttp.ClientSession(product.url) as http:
        async with http.get(path) as answer:
            found = re.search(r'name="request_id" value="([^"]+)"', await answer.text())
        assert found is not None
        typed = {"request_id": found[1], "kind": "fault", "text": f"ovi-avoin {ALL}"}
        typed |= {"place": f"ovi-paikka {ALL}", "name": CODES}
        async with http.post(path, data=typed) as answer:
            assert not shown(await answer.read())
        async with http.get("/open311/v2/services.json") as answer:
            service = (await answer.json())[0]["service_code"]
        sent = {"service_code": service, "description": f"ovi-ohjelma {ALL}", "phone": CODE}
        sent |= {"address_string": f"ovi-osoite {ALL}", "last_name": CODES}
        sent |= {"media_url": f"https://x.example/ovi-kuva/{CODE}"}
        async with http.post(api, data=sent) as answer:
            assert answer.status == 201, await answer.text()
            number = (await answer.json())[0]["service_request_id"]
        form = {"decision": "done", "reason": f"ovi-syy {ALL}", "public": "yes"}
        form |= {"public_text": f"ovi-julkinen {ALL}"}
        place = f"{product.url}/feedback/open/{number}"
        async with aino.http.post(place, data=form) as answer:
            page = await answer.read()
            assert (answer.status, shown(page)) == (200, None)
        async with http.get(api) as answer:
            told = await answer.read()
        assert b"ovi-julkinen" in told
        assert not shown(told)


async def at_the_gate(product: Product) -> None:
    """Typed where an address is asked for."""
    async with aiohttp.ClientSession(headers={"Origin": product.url}) as http:
        for path, field in (("/api/session", "email"), ("/api/session/forgot", "email")):
            for typed in (CODE, f"{CODE}@example.org"):
                body = {field: typed, "password": CODE}
                async with http.post(product.url + path, json=body) as answer:
                    assert answer.status < 500


async def everything(
    product: Product, admin: Agent, servers: dict[str, str]
) -> AsyncIterator[tuple[str, bytes]]:
    """Tables, keys, exports and pages."""
    case = ""
    for source in (
        in_tables(servers["database_url"]), in_redis(servers["redis_url"]),
        exports(servers["database_url"]),
    ):  # fmt: skip
        async for where, value in source:
            if where == "export messages" and not case:
                case = json.loads(value)["case"]
            yield where, value
    async for where, value in pages(admin, case):
        yield where, value


async def pages(agent: Agent, case: str) -> AsyncIterator[tuple[str, bytes]]:
    """What the house's own people read, and what programs are told."""
    for path in (
        f"/api/cases/{case}/messages", f"/api/messages/{case}/1/html", "/api/console", "/feedback",
        "/admin/quarantine", "/admin/audit", "/cases/undelivered", "/api/undelivered", "/metrics",
        "/health/ready", "/board",
    ):  # fmt: skip
        yield path, (await agent.get(path))[1].encode()


async def exports(url: str) -> AsyncIterator[tuple[str, bytes]]:
    """What `export` and `verify` write, in this process: each command takes seconds to begin."""
    db = await Database.open(url, size=2)
    try:
        for kind in KINDS:
            async for line in lines(db, kind, None, None):
                yield f"export {kind}", line
        yield "verify", json.dumps(await verify(db, None)).encode()
    finally:
        await db.close()


@pytest.fixture
async def collector() -> AsyncIterator[FakeCollector]:
    async with fake_collector() as fake:
        yield fake


async def test_code_masked_everywhere(
    relay: Relay, collector: FakeCollector, heard: list[bytes]
) -> None:
    async with (
        running(
            CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never",
            CONTACTCENTER_TRACES=collector.url,
            CONTACTCENTER_LOG_LEVEL="debug",
        ) as product,
        product.agent(AINO) as aino,
        product.agent("admin@mikkeli.example") as admin,
        watching(product) as seppo,
    ):
        await ask_at_once(product)
        await aino.available()
        await by_mail(product, relay, aino)
        async with open_citizen(product) as ville:
            await by_chat(product, aino, ville)
        await by_callback(product, aino)
        await by_form(product, aino)
        await by_hand(product, aino)
        await unasked(product, aino)
        await at_the_gate(product)
        await seppo.board()
        servers = product.servers()
        stored, found = b"", []
        async for where, value in everything(product, admin, servers):
            if where.startswith(
                ("message.", "attachment.", "feedback.", "open_feedback.", "draft.")
            ):
                stored += value
            if (what := shown(value)) is not None:
                found.append((where, what))
        for where, value in [("log", product.log().encode()), ("traces", collector.raw)]:
            if (what := shown(value)) is not None:
                found.append((where, what))
        if (what := shown(b"\n".join(heard))) is not None:
            found.append(("frames", what))
        assert found == []
        assert OWN_ACCOUNT.encode() in stored
        keys = product.home / "seal.keys"
        assert keys.stat().st_mode & 0o777 == 0o600
        doors = set(re.findall(r"ovi-[a-z]+", SOURCE))
        kept = stored + b"".join(heard)
        assert {door for door in doors if door.encode() not in kept} == set()
        assert collector.spans

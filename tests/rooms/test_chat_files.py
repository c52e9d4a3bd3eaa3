"""Files in a chat, both ways: where the bytes may go, what is refused, who may read them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from contactcenter.accounts.authorise import Actor
from contactcenter.cases import uploads
from contactcenter.desk import drafts, uploading, writing
from contactcenter.desk.recipients import Extras
from contactcenter.edge_services import services_for
from contactcenter.errors import Refused
from contactcenter.kernel.blobs import CHUNK
from contactcenter.queue import leaving
from contactcenter.web.agent.cases_api import CasesApi
from contactcenter.web.citizen import chat_files
from contactcenter.web.citizen.chat_files import ChatFiles
from contactcenter.web.server import build_app
from tests.clamd import EICAR, NAME
from tests.house import House, file
from tests.rooms.chat import Page, hello, settle, taken

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SAFE = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class Doors:
    """The house's web doors for files, without the rest."""

    def __init__(
        self,
        house: House,
        url: str,
        http: aiohttp.ClientSession,
        actors: list[Actor],
        app: web.Application,
    ) -> None:
        self.house, self.url, self.http, self.actors = house, url, http, actors
        self.app = app

    async def put(
        self, url: str, content: bytes | AsyncIterator[bytes], **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Send the bytes of a file."""
        async with self.http.post(self.url + url, data=content, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, Any, bytes]:
        """Read: status, headers, body."""
        async with self.http.get(self.url + path) as answer:
            return answer.status, answer.headers, await answer.read()


@asynccontextmanager
async def open_doors(house: House) -> AsyncIterator[Doors]:
    node = house.node
    app = build_app(services_for(node, with_demo=False))
    files = ChatFiles(node.chats.filing)
    app.add_routes(files.routes())

    actors: list[Actor] = []

    async def signed_in(request: web.Request) -> Actor:
        return actors[-1]

    app.add_routes(CasesApi(node.db, signed_in).routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http:
        yield Doors(house, url, http, actors, app)
    await runner.cleanup()


@pytest.fixture
async def doors(house: House) -> AsyncIterator[Doors]:
    async with open_doors(house) as opened:
        yield opened


async def asked(talk: Any, page: Page, name: str = "kuva.png", size: int = 48) -> str:
    """Ask for a place; its address."""
    await talk.upload("u1", name, size)
    url: str = page.of("upload")[-1]["url"]
    return url


async def sent(doors: Doors, talk: Any, page: Page, name: str, content: bytes) -> dict[str, Any]:
    status, made = await doors.put(await asked(talk, page, name, len(content)), content)
    assert status == 201, made
    return made


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait for what a request that is under way does."""
    async with asyncio.timeout(30):
        while not await holds():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def nothing_kept(house: House) -> bool:
    return await bytes_kept(house) == 0


async def bytes_kept(house: House) -> int:
    return len(await house.rows("SELECT FROM blob")) + len(await house.rows("SELECT FROM upload"))


async def test_a_file_goes_both_ways(doors: Doors) -> None:
    house, page = doors.house, Page()
    talk = await hello(house, page, name="Ville")
    assert page.of("welcome")[0]["files"] == {"most_bytes": 10_000_000}
    content = PNG + b"x" * (2 * CHUNK)
    made = await sent(doors, talk, page, "kuva.jpg", content)
    assert made | {"id": ""} == {
        "id": "",
        "name": "kuva.jpg",
        "media_type": "image/png",  # as its bytes say
        "size": len(content),
        "scan": "none",
    }
    await talk.message("c1", "Hei")
    actor = await taken(house)
    await settle(house)
    await talk.send_files("c2", "", [int(made["id"])])
    await talk.send_files("c2", "", [int(made["id"])])  # its echo was lost
    first, again = page.of("message")[1:]
    assert first == again
    assert (first["client_id"], first["text"], first["seq"]) == ("c2", "", 2)
    (shown,) = first["files"]
    assert shown | {"url": ""} == made | {"url": ""}
    status, headers, body = await doors.get(shown["url"])
    assert (status, body) == (200, content)
    assert {name: headers[name] for name in SAFE} == SAFE
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''kuva.jpg"
    told = [f["message"] for f in await house.told(actor, "message")]
    assert told == [
        {key: first[key] for key in ("seq", "direction", "from", "text", "at")}
        | {"attachments": [made]}
    ]
    assert (await house.contact(talk.contact))["unread"] == 2

    desk = house.node.desk
    own = await uploading.add(desk, actor, talk.contact, "ohje.pdf", "", b"%PDF-1.7")
    one = int(str(own["id"]))
    await drafts.save(desk, actor, talk.contact, "", drafts.Beside(attachments=(str(one),)))
    with pytest.raises(Refused, match="only_mail"):
        await drafts.save(desk, actor, talk.contact, "", drafts.Beside(cc=("a@b.example",)))
    extras = Extras(to=("a@b.example",), attachments=(one,))
    with pytest.raises(Refused, match="only_mail"):
        await writing.reply(desk, actor, talk.contact, "a0", "Hei", extras)
    await writing.reply(desk, actor, talk.contact, "a1", "", Extras(attachments=(one,)))
    await settle(house)
    (file,) = page.of("message")[-1]["files"]
    assert (file["name"], file["media_type"]) == ("ohje.pdf", "application/pdf")
    assert (await doors.get(file["url"]))[2] == b"%PDF-1.7"
    (frame,) = [f for f in await house.told(actor, "message") if f["message"]["seq"] == 3]
    assert [one["name"] for one in frame["message"]["attachments"]] == ["ohje.pdf"]

    back = Page()  # the page was loaded anew
    await hello(house, back, resume=page.secret)
    assert [m.get("files") for m in back.of("message")] == [None, [shown], [file]]
    doors.actors.append(actor)
    status, headers, body = await doors.get(f"/api/attachments/{shown['id']}")
    assert (status, body, headers["Content-Type"]) == (200, content, SAFE["Content-Type"])


async def test_a_note_s_file_is_no_citizen_s(doors: Doors) -> None:
    house, page = doors.house, Page()
    talk = await hello(house, page)
    made = await sent(doors, talk, page, "a.png", PNG)
    await talk.send_files("c1", "x", [int(made["id"])])
    (shown,) = page.of("message")[-1]["files"]
    await house.rows("UPDATE message SET direction = 'note'")
    assert (await doors.get(shown["url"]))[0] == 404
    await house.rows("UPDATE message SET direction = 'inbound'")
    assert (await doors.get(shown["url"]))[0] == 200
    other = await house.node.callbacks.office.links.token(int(made["id"]))
    for token in (other, "x" * 43, shown["url"][6:-1], "%00", "../file"):
        assert (await doors.get(f"/file/{token}"))[0] == 404


async def test_a_place_is_good_once_for_its_own_chat_and_while_it_lasts(doors: Doors) -> None:
    house, page, other = doors.house, Page(), Page()
    talk, stranger = await hello(house, page), await hello(house, other)
    url = await asked(talk, page)
    status, made = await doors.put(url, PNG)
    assert status == 201
    for again in (url, "/chat/files/" + "A" * 43, "/chat/files/x"):
        assert (await doors.put(again, PNG))[0] == 404
    one = int(made["id"])
    for wrong in ([one], [one, one + 1000]):
        with pytest.raises(Refused, match="unknown_upload"):
            await stranger.send_files("c1", "x", wrong)
    with pytest.raises(Refused, match="unknown_upload"):
        await talk.send_files("c1", "x", [one, one + 1000])
    assert other.of("message") == []
    await talk.send_files("c1", "x", [one])
    with pytest.raises(Refused, match="unknown_upload"):
        await talk.send_files("c2", "y", [one])
    with pytest.raises(Refused, match="client_id_used"):
        await talk.send_files("c1", "y", [one])

    late = await asked(talk, page)
    await house.rows("UPDATE upload SET at = now() - interval '6 minutes'")
    assert (await doors.put(late, PNG))[0] == 404
    over, coming = await asked(talk, page), await asked(talk, page)
    row = await house.node.chats.filing.begin(coming.rpartition("/")[2])
    change = await leaving.leave(house.node.db, talk.contact, "left")
    assert change is not None
    assert (await doors.put(over, PNG))[0] == 404
    with pytest.raises(Refused, match="chat_over"):
        await house.node.chats.filing.arrived(row, "image/png", 1)
    with pytest.raises(Refused, match="chat_over"):
        await talk.upload("u9", "a.png", 5)
    await talk.send_files("c3", "z", [one])
    assert page.frames[-1]["type"] == "closed"
    places = len(page.of("upload"))
    await talk.upload("u9", "a.png", 5)
    assert (page.frames[-1]["type"], len(page.of("upload"))) == ("closed", places)


async def test_an_agents_unsent_file_is_out_of_the_citizens_reach(doors: Doors) -> None:
    house, page = doors.house, Page()
    talk = await hello(house, page)
    actor = await taken(house)
    await settle(house)
    desk = house.node.desk
    draft = await uploading.add(desk, actor, talk.contact, "a.pdf", "", b"%PDF-1.7")
    with pytest.raises(Refused, match="unknown_upload"):
        await talk.send_files("c1", "x", [int(str(draft["id"]))])
    mine = await sent(doors, talk, page, "b.png", PNG)
    extras = Extras(attachments=(int(mine["id"]),))
    with pytest.raises(Refused, match="unknown_upload"):
        await writing.reply(desk, actor, talk.contact, "a1", "x", extras)
    await uploading.drop(desk, actor, int(mine["id"]))
    assert len(await house.rows("SELECT FROM upload")) == 2


PROGRAMS = (
    ("a.exe", b"x", 400),
    ("kuva.svg", b"<svg onload=alert(1)>", 400),
    ("sivu.xhtml", b"x", 400),
    ("sivu.mht", b"From: x", 400),
    ("sivu.HTM ", b"x", 400),
    ("../../\u200b.hta", b"x", 400),
    ("kuva.gpj.\u202eexe", b"x", 400),
    ("kuva.pif", b"x", 400),
    ("asetus.settingcontent-ms", b"x", 400),
)
LIES = (
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>",
    b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><x/>",
    b"<HTML>",
    b"MZ\x90\0",
    b"#!/bin/sh",
    b"\x7fELF",
)


@pytest.mark.parametrize(("name", "content", "status"), PROGRAMS)
async def test_a_program_is_refused_by_its_name(
    doors: Doors, name: str, content: bytes, status: int
) -> None:
    page = Page()
    talk = await hello(doors.house, page)
    with pytest.raises(Refused, match="file_forbidden"):
        await talk.upload("u1", name, len(content))
    assert await bytes_kept(doors.house) == 0


async def test_lies_about_the_type_and_odd_names(doors: Doors) -> None:
    house, page = doors.house, Page()
    talk = await hello(house, page)
    for content in LIES:
        url = await asked(talk, page, "kuva.jpg")
        status, said = await doors.put(url, content, **{"Content-Type": "image/jpeg"})
        assert (status, said["field"]) == (400, "name"), content
    assert await bytes_kept(house) == 0
    harmless = (
        # a polyglot is what it begins with, and is drawn or saved, never run
        (b"GIF89a/*<svg/onload=alert(1)>*/", "image/png", "image/gif"),
        (b"Content-Type: multipart/related\r\n\r\n<html>", "text/html", "application/octet-stream"),
        (b"{\\rtf1", "image/svg+xml", "application/rtf"),
        (b"PK\x03\x04" + b"\0" * 100, "application/zip", "application/zip"),  # never unpacked
        (b"\0\1\2", "text/plain", "application/octet-stream"),
    )
    for content, declared, proven in harmless:
        url = await asked(talk, page, "kuva.jpg")
        status, made = await doors.put(url, content, **{"Content-Type": declared})
        assert (status, made["media_type"]) == (201, proven)
    names = {
        "../../etc/passwd": "passwd",
        "..\\..\\x.txt": "x.txt",
        "CON": "_CON",
        "\u200b.htaccess": "htaccess",
        'a"\r\nSet-Cookie: x=y\0.txt': "a_Set-Cookie_ x=y.txt",
        "n" * 4_000 + ".pdf": "n" * 109 + ".pdf",
        "": "attachment-1.bin",
    }
    for given, name in names.items():
        await house.rows("DELETE FROM upload")
        made = await sent(doors, talk, page, given, PNG)
        assert made["name"] == name
        await talk.send_files(f"c{len(name)}{given[:1].isalnum()}", "", [int(made["id"])])
        headers = (await doors.get(page.of("message")[-1]["files"][0]["url"]))[1]
        place = headers["Content-Disposition"]
        assert place.isascii()
        assert place.isprintable()
        assert place.count('"') == 0
        assert "Set-Cookie" not in headers


async def test_what_is_too_much_is_refused_and_leaves_nothing(doors: Doors) -> None:
    house, page = doors.house, Page()
    talk = await hello(house, page)
    filing = house.node.chats.filing
    most = filing.most_bytes
    with pytest.raises(Refused, match="too_large"):
        await talk.upload("u1", "a.pdf", most + 1)
    with pytest.raises(Refused, match="file_empty"):
        await talk.upload("u1", "a.pdf", 0)
    url = await asked(talk, page)
    declared = {"Content-Length": "64000000"}
    async with doors.http.post(doors.url + url, data=b"x", headers=declared) as answer:
        assert answer.status == 413  # before a byte was read: the place is still good
    assert (await doors.put(url, b""))[0] == 400

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(most // CHUNK + 2):
            yield b"x" * CHUNK

    status, _ = await doors.put(await asked(talk, page), endless())
    assert status == 413
    assert await bytes_kept(house) == 0
    with pytest.raises(Refused, match="too_many_files"):
        await talk.send_files("c1", "x", list(range(1, 12)))
    for _ in range(20):
        await asked(talk, page)
    with pytest.raises(Refused, match="too_many_files"):
        await asked(talk, page)
    await house.rows("UPDATE upload SET at = now() - interval '6 minutes'")
    await asked(talk, page)  # places that nobody used are none
    filing._per_hour = 1
    with pytest.raises(Refused) as refused:
        await asked(talk, page)
    assert refused.value.code == "too_many"
    await house.rows("UPDATE upload SET at = now() - interval '31 minutes'")
    await uploads.drop_unused(house.node.db)
    assert await bytes_kept(house) == 0
    filing.most_bytes = 0
    with pytest.raises(Refused, match="no_files"):
        await asked(talk, page)
    off = Page()
    await hello(house, off)
    assert "files" not in off.of("welcome")[0]


async def test_what_breaks_off_or_stands_still_leaves_nothing(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, page = doors.house, Page()
    talk = await hello(house, page)
    url = await asked(talk, page)
    come = asyncio.Event()

    async def halting() -> AsyncIterator[bytes]:
        yield PNG + b"x" * CHUNK
        await come.wait()

    sending = asyncio.create_task(doors.put(url, halting()))
    await until(lambda: bytes_kept(house))
    sending.cancel()
    await asyncio.wait({sending})
    await until(lambda: nothing_kept(house))
    monkeypatch.setattr(chat_files, "IDLE_S", 0.05)
    status, said = await doors.put(await asked(talk, page), halting())
    assert (status, said["code"]) == (503, "unavailable")
    assert await bytes_kept(house) == 0
    monkeypatch.setattr(chat_files, "IDLE_S", 20.0)
    monkeypatch.setattr(chat_files, "AT_ONCE", 1)
    waiting = asyncio.create_task(doors.put(await asked(talk, page), halting()))
    await until(lambda: bytes_kept(house))
    assert (await doors.put(await asked(talk, page), PNG))[0] == 429
    come.set()
    assert (await waiting)[0] == 201


async def test_what_the_scanner_has_not_passed_nobody_reads(
    scanned: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_doors(scanned) as doors:
        page, scanning = Page(), scanned.node.scanning
        assert scanning is not None
        talk = await hello(scanned, page)
        good = await sent(doors, talk, page, "a.png", PNG)
        assert good["scan"] == "waiting"
        await talk.send_files("c1", "x", [int(good["id"])])
        (shown,) = page.of("message")[-1]["files"]
        assert "url" not in shown
        link = f"/file/{await scanned.node.file_links.token(int(shown['id']))}"
        assert (await doors.get(link))[0] == 503
        doors.actors.append(await taken(scanned))
        await settle(scanned)
        status, _, said = await doors.get(f"/api/attachments/{shown['id']}")
        assert (status, json.loads(said)["code"]) == (503, "unavailable")
        heard: list[bytes] = []

        async def publish(line: bytes) -> None:
            heard.append(line)

        monkeypatch.setattr(scanned.node.publisher.citizens, "_publish", publish)
        await scanning.run_once()
        await scanning.finish(20)
        (line,) = [one for one in heard if one.startswith(b"file ")]
        scanned.node.chats._hear("chats", line)
        (frame,) = page.of("file")
        assert (frame["message"], frame["file"]["scan"]) == (1, "clean")
        assert (await doors.get(frame["file"]["url"]))[0] == 200
        assert (await doors.get(f"/api/attachments/{shown['id']}"))[0] == 200

        bad = await sent(doors, talk, page, "b.txt", EICAR)
        await talk.send_files("c2", "x", [int(bad["id"])])
        await scanning.run_once()
        await scanning.finish(20)
        link = f"/file/{await scanned.node.file_links.token(int(bad['id']))}"
        assert (await doors.get(link))[0] == 403
        status, _, said = await doors.get(f"/api/attachments/{bad['id']}")
        assert (status, NAME in json.loads(said)["message"]) == (403, True)
        known = await sent(doors, talk, page, "c.txt", EICAR)
        await scanning.run_once()
        await scanning.finish(20)
        with pytest.raises(Refused, match="file_infected"):
            await talk.send_files("c3", "x", [int(known["id"])])
        assert len(await scanned.rows("SELECT FROM message")) == 2


async def test_the_source_of_a_mail_is_shut_with_its_files(scanned: House) -> None:
    async with open_doors(scanned) as doors:
        raw = b"raw source with " + EICAR
        contact = await scanned.arrives(raw=raw, attachments=(file("b.txt", EICAR),))
        other = await scanned.arrives()
        doors.actors.append(await scanned.actor("seppo@mikkeli.example"))

        async def source(contact: int) -> int:
            case = (await scanned.contact(contact))["case_id"]
            return (await doors.get(f"/api/messages/{case}/1/raw"))[0]

        assert [await source(one) for one in (contact, other)] == [503, 200]
        scanning = scanned.node.scanning
        assert scanning is not None
        await scanning.run_once()
        await scanning.finish(20)
        assert [await source(one) for one in (contact, other)] == [403, 200]
        assert len(await scanned.rows("SELECT FROM audit WHERE verb = 'read_raw'")) == 2

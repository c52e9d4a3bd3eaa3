"""Files on the page of a case and with a message: who reads them, what is taken, what is not."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterable

import aiohttp
import pytest

from contactcenter.desk import uploading, writing
from contactcenter.desk.recipients import Extras
from contactcenter.kernel.links import Links
from contactcenter.web.citizen import sent_form
from tests.clamd import EICAR
from tests.house import House, file
from tests.rooms.case_pages import link, look, room
from tests.rooms.test_chat_files import LIES, PNG, SAFE, Doors, open_doors
from tests.rooms.test_mailing import in_hand

FileGiven = tuple[str, bytes, str]


@pytest.fixture
async def doors(house: House) -> AsyncIterator[Doors]:
    async with open_doors(house) as opened:
        yield opened


def multipart(fields: dict[str, str], files: Iterable[FileGiven]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value, content_type="text/plain")
    for name, content, declared in files:
        form.add_field("files", io.BytesIO(content), filename=name, content_type=declared)
    return form


async def send(
    doors: Doors, path: str, fields: dict[str, str], *files: FileGiven
) -> tuple[int, str]:
    """Send a form as a browser does; the status, and the page or where it leads to."""
    return await post(doors, path, multipart(fields, files))


async def post(doors: Doors, path: str, data: object, kind: str | None = None) -> tuple[int, str]:
    headers = {"Accept": "text/html"} | ({"Content-Type": kind} if kind else {})
    async with doors.http.post(
        doors.url + path, data=data, headers=headers, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def files_kept(house: House) -> list[tuple[str, str]]:
    rows = await house.rows("SELECT name, media_type FROM attachment ORDER BY id")
    return [(row["name"], row["media_type"]) for row in rows]


async def nothing_loose(house: House) -> bool:
    """No bytes without a file that they belong to."""
    return not await house.rows(
        "SELECT FROM blob b WHERE NOT EXISTS (SELECT FROM attachment a WHERE a.blob_id = b.id)"
        " AND NOT EXISTS (SELECT FROM contact c WHERE c.raw_blob = b.id)"
    )


async def test_files_go_both_ways(doors: Doors) -> None:
    house = doors.house
    aino, contact = await in_hand(house, attachments=(file("kuva.png", PNG),))
    made = await uploading.add(house.node.desk, aino, contact, "vastaus.pdf", "", b"%PDF-1.7")
    extras = Extras(attachments=(int(str(made["id"])),))
    await writing.reply(house.node.desk, aino, contact, "r1", "Liitteenä.", extras=extras)
    token = await link(house, contact)
    view = await look(house, contact)
    theirs, ours = (message.files[0] for message in view.messages)
    for shown, name, content in ((theirs, "kuva.png", PNG), (ours, "vastaus.pdf", b"%PDF-1.7")):
        status, headers, body = await doors.get(shown["url"])
        assert (status, body) == (200, content)
        assert headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
        assert {key: headers[key] for key in SAFE} == SAFE
    _, _, page = await doors.get(f"/case/{token}")
    for shown in (theirs, ours):
        assert f'href="{shown["url"]}"' in page.decode()
    fields = {"request_id": "form-1", "text": ""}  # files alone are a message
    given = (("ä kuva.png", PNG, "image/png"), ("b.txt", b"teksti", "text/plain"))
    for _ in range(2):  # a double click
        assert await send(doors, f"/case/{token}/message", fields, *given) == (
            303,
            f"/case/{token}?done=sent",
        )
    heard = (await house.told(aino, "message"))[-1]["message"]
    assert [one["name"] for one in heard["attachments"]] == ["ä kuva.png", "b.txt"]
    (_, _, own) = (await look(house, contact)).messages
    assert (own.mine, own.text, len(own.files)) == (True, "", 2)
    assert (await doors.get(own.files[0]["url"]))[2] == PNG
    for changed in (given[:1], (given[0], ("b.txt", b"toinen!", "text/plain"))):
        status, again = await send(doors, f"/case/{token}/message", fields, *changed)
        assert (status, "files-again" in again) == (409, True)
    assert len((await look(house, contact)).messages) == 3


async def test_a_file_is_read_as_long_as_the_page_shows_it(doors: Doors) -> None:
    house = doors.house
    contact = await house.arrives(attachments=(file("a.png", PNG),))
    other = await house.arrives(attachments=(file("b.png", PNG),))
    (shown,) = (await look(house, contact)).messages[0].files
    (foreign,) = (await look(house, other)).messages[0].files
    page, url = await link(house, contact), shown["url"]
    for wrong in ("x" * 43, page, url[6:-1], foreign["url"][6:27] + url[27:], "%2e%2e%2f", ""):
        assert (await doors.get(f"/file/{wrong}"))[0] == 404
    for purpose in ("case", "callback", "feedback"):
        token = await Links(house.node.db, purpose).token(int(shown["id"]))
        assert (await doors.get(f"/file/{token}"))[0] == 404
    hidden = "UPDATE message SET {} RETURNING 1"
    for change, back in (
        ("automatic = true", "automatic = false"),
        ("address = 'mallory@example.org'", "address = 'ville@example.org'"),
        ("direction = 'note'", "direction = 'inbound'"),
    ):
        await house.rows(hidden.format(change))
        assert (await doors.get(url))[0] == 404, change
        await house.rows(hidden.format(back))
        assert (await doors.get(url))[0] == 200
    await room(house).cancel(page)
    assert (await doors.get(url))[0] == 200
    await house.rows("UPDATE message SET at = now() - interval '91 days' RETURNING 1")
    assert (await doors.get(url))[0] == 410  # with its page


async def test_what_the_scanner_has_not_passed_is_no_link(scanned: House) -> None:
    async with open_doors(scanned) as doors:
        scanning = scanned.node.scanning
        assert scanning is not None
        contact = await scanned.arrives()
        token = await link(scanned, contact)
        given = (("a.png", PNG, "image/png"), ("b.txt", EICAR, "text/plain"))
        await send(doors, f"/case/{token}/message", {"request_id": "f1", "text": "x"}, *given)
        own = (await look(scanned, contact)).messages[-1]
        assert [one["scan"] for one in own.files] == ["waiting", "waiting"]
        page = (await doors.get(f"/case/{token}"))[2].decode()
        assert "a.png: tarkistetaan virusten varalta" in page
        assert "/file/" not in page
        links = [await scanned.node.file_links.token(int(one["id"])) for one in own.files]
        assert [(await doors.get(f"/file/{one}"))[0] for one in links] == [503, 503]
        for _ in range(2):
            await scanning.run_once()
            await scanning.finish(20)
        assert [(await doors.get(f"/file/{one}"))[0] for one in links] == [200, 403]
        page = (await doors.get(f"/case/{token}"))[2].decode()
        assert "b.txt: sisältää haittaohjelman" in page
        assert page.count("/file/") == 1


async def test_lies_paths_and_programs(doors: Doors) -> None:
    house = doors.house
    token = await link(house, await house.arrives())
    place = f"/case/{token}/message"
    for n, content in enumerate(LIES):
        both = (("a.txt", b"x", "text/plain"), ("kuva.jpg", content, "image/jpeg"))
        status, page = await send(doors, place, {"request_id": f"f{n}", "text": "Talle"}, *both)
        assert (status, 'id="files-error"' in page) == (400, True), content
        assert ">Talle</textarea>" in page
        assert "Valitse uudelleen: a.txt<" in page
    for name in ("a.exe", "a.html", "kuva.svg", "x.lnk"):
        given = (name, b"x", "image/png")
        assert (await send(doors, place, {"request_id": "p", "text": "x"}, given))[0] == 400
    status, page = await send(doors, place, {"request_id": "e"}, ("tyhja.txt", b"", "text/plain"))
    assert (status, "Tiedosto tyhja.txt on tyhjä." in page) == (400, True)
    assert await files_kept(house) == []
    names = {
        "../../etc/passwd": "passwd",
        "..\\..\\x.txt": "x.txt",
        "CON": "_CON",
        "<img src=x onerror=alert(1)>.txt": "_img src=x onerror=alert(1)_.txt",
        "n" * 4_000 + ".pdf": "n" * 109 + ".pdf",
    }
    given_ = [(name, b"GIF89a/*<script>*/", "text/html") for name in names]
    assert (await send(doors, place, {"request_id": "n", "text": "x"}, *given_))[0] == 303
    assert await files_kept(house) == [(name, "image/gif") for name in names.values()]
    page = (await doors.get(f"/case/{token}"))[2].decode()
    assert "<img src=x" not in page
    assert await nothing_loose(house)


async def test_what_is_too_much_is_told_and_nothing_is_kept(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = doors.house
    token = await link(house, await house.arrives())
    place, fields = f"/case/{token}/message", {"request_id": "f", "text": "Talle"}
    small = ("a.txt", b"x", "text/plain")
    one = b"x" * 10_000_001
    for given, words in (
        ([("iso.txt", one, "text/plain"), small], "Tiedosto iso.txt on liian suuri"),
        ([small, *[("b.txt", one[:9_500_000], "text/plain")] * 2], "yhteensä liian suuria"),
        ([small] * 11, "Enintään 10 tiedostoa"),
    ):
        status, page = await send(doors, place, fields, *given)
        assert status in (400, 413)
        assert words in page
        assert ">Talle</textarea>" in page
    assert await files_kept(house) == []

    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        while True:
            yield b"x" * 1_000_000

    kind = "multipart/form-data; boundary=b"
    monkeypatch.setattr(sent_form, "MOST_BODY", 3_000_000)
    try:
        status, _ = await post(doors, place, endless(), kind)
        assert status == 413
    except aiohttp.ClientConnectionError:
        pass  # it is sent away while it sends
    assert await files_kept(house) == []
    coming = sent_form.COMING
    app = doors.app
    app[coming][""] = sent_form.ALL_AT_ONCE  # others' large forms are under way
    big = ("b.txt", b"x" * 300_000, "text/plain")
    assert (await send(doors, place, fields, big))[0] == 429
    assert (await send(doors, place, fields, small))[0] == 303  # and in nobody's way
    assert app[coming] == {"": sent_form.ALL_AT_ONCE}
    assert await nothing_loose(house)


async def test_what_is_no_form(doors: Doors) -> None:
    token = await link(doors.house, await doors.house.arrives())
    place = f"/case/{token}/message"
    head = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    kind = "multipart/form-data; boundary=b"
    inner = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n"
    for body, type_ in (
        (b"", kind),
        (b"no boundary at all", kind),
        (head + b"cut", kind),
        (head + b"\xff\xfe\r\n--b--\r\n", kind),
        (b"--b\r\n" + inner, kind),
        (b"--b\r\nX: " + b"x" * 20_000 + b"\r\n\r\n\r\n--b--\r\n", kind),
        (b"--b\r\n" + b"X-A: 1\r\n" * 500 + b"\r\n\r\n--b--\r\n", kind),
        (head + b"x\r\n--b--\r\n", "multipart/form-data"),
        (head + b"x\r\n--b--\r\n", "multipart/form-data; boundary=" + "b" * 100),
        ((head + b"x\r\n") * 61 + b"--b--\r\n", kind),
        (head + b"x" * 250_000 + b"\r\n" + head + b"x" * 13_000 + b"\r\n--b--\r\n", kind),
    ):
        status, _ = await post(doors, place, body, type_)
        assert status in (400, 413), body[:80]
    assert len((await look(doors.house, await newest(doors.house))).messages) == 1


async def newest(house: House) -> int:
    return int((await house.row("SELECT max(id) AS id FROM contact"))["id"])


async def test_a_message_with_files(doors: Doors) -> None:
    house = doors.house
    topic = "/message?queue=general"
    fields = {"topic": "general", "text": "Hei", "name": "", "email": "", "request_id": "m1"}
    given = (("kuva.png", PNG, "image/png"),)
    status, page = await send(doors, topic, {**fields, "text": ""}, *given)
    assert (status, "Valitse uudelleen: kuva.png" in page) == (400, True)
    status, page = await send(doors, topic, fields, ("a.exe", b"MZ", "image/png"))
    assert (status, 'href="#files"' in page) == (400, True)
    assert await files_kept(house) == []
    first = await send(doors, topic, fields, *given)
    assert first == await send(doors, topic, fields, *given)
    assert first[0] == 303
    assert (await send(doors, topic, fields))[0] == 409  # without the file it is another
    assert await files_kept(house) == [("kuva.png", "image/png")]
    token = re.search(r"/case/([^?]+)", first[1])
    assert token is not None
    (message,) = (await room(house).look(token[1])).messages
    assert [one["name"] for one in message.files] == ["kuva.png"]
    assert await nothing_loose(house)

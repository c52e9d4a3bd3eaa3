"""Files and the scanner, through the product as a process: by mail, by chat, and back."""

from __future__ import annotations

from email.message import EmailMessage

import aiohttp

from tests.clamd import EICAR, NAME, FakeClamd
from tests.flows.citizen import open_citizen
from tests.flows.conftest import running
from tests.flows.product import letter


def with_file(name: str, content: bytes) -> EmailMessage:
    """A mail with a file."""
    mail = letter()
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


async def test_every_door_s_files_are_scanned_and_then_opened(clamd: FakeClamd) -> None:
    clamd.answers = [None]
    scanner = f"clamd://127.0.0.1:{clamd.scanner.port}"
    async with (
        running(CONTACTCENTER_SCANNER=scanner) as product,
        open_citizen(product) as ville,
        product.agent("aino@mikkeli.example") as aino,
        aiohttp.ClientSession() as http,
    ):
        assert (await ville.hello(name="Ville"))["files"] == {"most_bytes": 10_000_000}
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        await ville.send(type="upload", client_id="f1", name="kuva.png", size=9, ref=1)
        place = await ville.of("upload", ref=1)
        async with http.post(product.url + place["url"], data=b"\x89PNG\r\n\x1a\n!") as answer:
            assert answer.status == 201
            file = await answer.json()
        await ville.send(type="message", client_id="m1", text="", files=[file["id"]])
        await ville.of("message", client_id="m1")
        heard = (await aino.of("message", contact=contact))["message"]
        assert [one["name"] for one in heard["attachments"]] == ["kuva.png"]
        assert (await aino.get(f"/api/attachments/{file['id']}"))[0] == 503
        clamd.go_on.set()
        assert (await aino.of("file", contact=contact))["file"]["scan"] == "clean"
        assert (await aino.get(f"/api/attachments/{file['id']}"))[0] == 200
        shown = (await ville.of("file", message=1))["file"]
        async with http.get(product.url + shown["url"]) as answer:
            assert (answer.status, await answer.read()) == (200, b"\x89PNG\r\n\x1a\n!")
        await product.mail(with_file("lasku.pdf", EICAR))
        card = await aino.take()
        (bad,) = card["messages"][0]["attachments"]
        if bad["scan"] == "waiting":  # it may have been looked at before the accept
            bad = (await aino.of("file", contact=card["contact"]["contact"]))["file"]
        assert bad["scan_name"] == NAME
        assert (await aino.get(f"/api/attachments/{bad['id']}"))[0] == 403
        async with http.get(f"{product.url}/health/ready") as answer:
            assert (await answer.json())["checks"]["scanner"]["ok"] is True
        async with http.get(f"{product.url}/metrics") as answer:
            assert 'contactcenter_files{scan="infected"} 1.0' in await answer.text()
        assert (await product.verify())["violations"] == []

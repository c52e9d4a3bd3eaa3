"""A mail as its sender laid it out, in the console: its own images are shown, others when asked."""

from __future__ import annotations

import re
import struct
import zlib
from email.message import EmailMessage

import pytest
from playwright.async_api import Browser, Route, expect

from tests.flows.browsers import SLOW_MS, AgentPage, people
from tests.flows.product import Product, letter

ELSEWHERE = "https://canary.example"


def picture() -> bytes:
    """A PNG of 2 x 3 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 2, 3, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * 6) * 3)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def laid_out() -> EmailMessage:
    """A mail with a picture of its own, one from elsewhere, and a file."""
    mail = letter()
    html = f'<p>Tässä kuva <img src="cid:k@x" alt="Kuva"><img src="{ELSEWHERE}/p.png" alt="p">'
    mail.add_alternative(html, subtype="html")
    related = mail.get_payload()[1]  # type: ignore[index] # the HTML
    assert isinstance(related, EmailMessage)
    related.add_related(picture(), "image", "png", cid="<k@x>", filename="kuva.png")
    mail.add_attachment("sisältö", subtype="plain", filename="päätös.txt")
    return mail


@pytest.mark.needs_package("chromium")
async def test_a_mails_images(browser: Browser, product: Product) -> None:
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(body=picture(), content_type="image/png")

    await product.mail(laid_out())
    async with people(browser, product, AgentPage) as (aino,):
        await aino.context.route(f"{ELSEWHERE}/**", answer)
        await aino.sign_in("aino@mikkeli.example")
        await aino.go_available()
        await aino.accept()
        await aino.page.locator(".mail-html button").first.click()
        images = aino.page.frame_locator(".mail-html iframe").locator("img")
        await expect(images.first).to_have_js_property("naturalWidth", 2, timeout=SLOW_MS)
        assert asked == []


async def test_what_the_doors_say_of_a_mails_images(product: Product) -> None:
    await product.mail(laid_out())
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        taken = await aino.take()
        (message,) = taken["messages"]
        assert message["mail"]["marks"] == ["remote_content"]
        told = [(one["name"], one.get("inline", False)) for one in message["attachments"]]
        assert told == [("kuva.png", True), ("päätös.txt", False)]
        path = f"/api/messages/{taken['contact']['case']}/1/html"
        for query, source, policy in (
            ("", 'data-remote="', "img-src data:;"),
            ("?remote=1", f'src="{ELSEWHERE}/p.png"', "img-src data: https:;"),
        ):
            async with aino.http.get(product.url + path + query) as answer:
                assert source in await answer.text()
                assert policy in answer.headers["Content-Security-Policy"]
                assert "sandbox allow-popups;" in answer.headers["Content-Security-Policy"]
                assert answer.headers["Referrer-Policy"] == "no-referrer"
    async with product.agent("admin@mikkeli.example") as admin:
        status, page = await admin.get("/admin/audit?verb=load_remote")
        assert status == 200
        assert page.count("<tr") == 2  # the head, and the one look


HARMFUL = (
    ("kuva.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("sivu.html", "text/html", b"<script>alert(1)</script>"),
    ("kuva.jpg", "text/html", b"<script>alert(1)</script>"),
    ("sivu.xhtml", "application/xhtml+xml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
    ("lasku.xml", "text/xml", b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>"),
    ("lasku.pdf", "text/html", b"%PDF-1.7 <script>"),
    ("sivu.mht", "message/rfc822", b"Content-Type: text/html\r\n\r\n<script>"),
    ("../../.htaccess", "image/jpeg", b"\xff\xd8\xff<script>"),
    ('a\u202egpj".exe', "image/gif", b"GIF89a"),
)


async def test_no_file_is_more_than_a_download(product: Product) -> None:
    mail = letter()
    for name, kind, content in HARMFUL:
        mail.add_attachment(content, "application", "octet-stream", filename=name)
        mail.get_payload()[-1].replace_header("Content-Type", kind)  # type: ignore[index,union-attr]
    await product.mail(mail)
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        (message,) = (await aino.take())["messages"]
        assert len(message["attachments"]) == len(HARMFUL)
        for file, (_, _, content) in zip(message["attachments"], HARMFUL, strict=True):
            async with aino.http.get(f"{product.url}/api/attachments/{file['id']}") as answer:
                assert await answer.read() == content, file
                assert answer.headers["Content-Type"] == "application/octet-stream"
                assert answer.headers["Content-Disposition"].startswith("attachment; filename*=")
                assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert not re.search(r"[/\\\u202e\"]|^\.", file["name"])
    files = [path.name for path in product.home.rglob("*") if "htaccess" in path.name]
    assert files == []  # what came lies in the database, under numbers

"""A mail answered and passed on in a real browser, through the real servers."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.flows.browsers import SLOW_MS, AgentPage, people, violations
from tests.flows.product import Product, Relay, letter

pytestmark = pytest.mark.needs_package("chromium")
TEXT = """Hyvää päivää, milloin haku päättyy?

ma 23. marraskuuta 2026 klo 9.15 Kunta <kunta@example.org> kirjoitti:

> Haku on auki.
> Tervetuloa."""


async def test_a_mail_answered_and_passed_on(
    browser: Browser,
    product: Product,
    relay: Relay,
) -> None:
    mail = letter(text=TEXT, Cc="Toinen Vanhempi <toinen@example.org>")
    mail.add_attachment("sisältö", subtype="plain", filename="päätös.txt")
    await product.mail(mail)
    async with people(browser, product, AgentPage) as (aino,):
        page = aino.page
        await aino.sign_in("aino@mikkeli.example")
        await aino.go_available()
        await aino.accept()
        await expect(page.locator(".recipients summary")).to_contain_text("+ 1")
        await page.locator("#case-title").focus()
        await page.keyboard.press("o")
        await expect(page.locator(".rest-text")).to_contain_text("> Haku on auki.")
        await page.locator('[data-act="copies"]').press("Enter")
        await page.keyboard.type("kela@example.org")
        file = {"name": "ohje.txt", "mimeType": "text/plain", "buffer": b"ohje"}
        await page.set_input_files("#attach-input", [file])
        await aino.box.fill("Haku päättyy 31.3.")
        await expect(page.locator('[data-draft="saved"]')).to_be_visible(timeout=SLOW_MS)
        await page.reload()
        await expect(page.locator("#mail-cc")).to_have_value("kela@example.org")
        await expect(page.locator(".attached")).to_contain_text("ohje.txt")
        await expect(aino.box).to_have_value("Haku päättyy 31.3.")
        await page.locator(".preview summary").press("Enter")
        await expect(page.locator(".preview-mail")).to_contain_text("> Hyvää päivää")
        assert await violations(page) == []
        await aino.box.press("Control+Enter")
        sent = page.locator('.message-outbound [data-delivery="sent"]')
        await expect(sent).to_be_visible(timeout=SLOW_MS)
        (answer,) = await relay.received(1)
        assert answer["Cc"] == "kela@example.org"
        assert [part.get_filename() for part in answer.iter_attachments()] == ["ohje.txt"]
        body = answer.get_body()
        assert body is not None
        text = body.get_content()
        assert "Haku päättyy 31.3." in text
        assert "> Hyvää päivää" in text

        await page.locator("#case-title").focus()
        await page.keyboard.press("f")
        await page.keyboard.type("lupa@example.org")
        await page.keyboard.press("Enter")
        note = page.locator('.message-note [data-delivery="sent"]')
        await expect(note).to_be_visible(timeout=SLOW_MS)
        passed_on = (await relay.received(2))[1]
        assert passed_on["To"] == "lupa@example.org"
        assert [part.get_filename() for part in passed_on.iter_attachments()] == ["päätös.txt"]

        relay.answer = "550 5.1.1 unknown user"
        await aino.box.fill("Vielä tämä.")
        await aino.box.press("Control+Enter")
        await expect(page.locator("[data-undelivered]")).to_contain_text("osoitetta ei ole")
        relay.answer = "250 2.0.0 taken"
        await page.locator('[data-act="resend-undelivered"]').press("Enter")
        await expect(page.locator("[data-undelivered]")).to_have_count(0)
        await expect(sent).to_have_count(2, timeout=SLOW_MS)
    assert (await product.verify())["violations"] == []


async def test_spam_and_its_sender(browser: Browser, product: Product) -> None:
    await product.mail(letter(subject="Halpaa!"))
    async with people(browser, product, AgentPage) as (aino,):
        page = aino.page
        await aino.sign_in("aino@mikkeli.example")
        await aino.go_available()
        await aino.accept()
        await page.locator("#case-title").focus()
        await page.keyboard.press("s")
        await page.locator("dialog").get_by_role("checkbox").check()
        await page.locator('dialog [data-act="sure"]').press("Enter")
        await expect(page.locator(".contact")).to_have_count(0)
        toasts = page.locator(".toast")
        await expect(toasts).to_have_count(2)
        await toasts.filter(has_text="estetty").locator('[data-act="undo"]').press("Enter")
        await expect(toasts).to_have_count(1)
        await toasts.locator('[data-act="undo"]').press("Enter")
        await page.locator('[data-act="accept"]').click(timeout=SLOW_MS)
        await expect(page.locator("#case-title")).to_have_text("Ville Veikkonen")
    kinds = [event["kind"] for event in await product.export("events") if event["contact"]]
    assert kinds.count("closed") == 1
    assert (await product.verify())["violations"] == []

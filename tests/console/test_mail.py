"""Mail as agents see it: what came, what is on its way, what did not arrive."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Centre
from tests.console.scenes_mail import mails
from tests.console.test_access import cut_off, untranslated, violations

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
def centre() -> Centre:
    """A day of mail."""
    return mails()


async def _open(stage: Stage, n: int) -> None:
    await stage.page.locator(".contact").nth(n).click()
    await expect(stage.page.locator("#composer-text")).to_be_visible()


async def test_reading_a_mail(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 0)
    await page.locator("#case-title").focus()
    await page.keyboard.press("o")
    await expect(page.locator(".rest-text")).to_contain_text("isännöitsijä")
    await page.keyboard.press("o")
    await expect(page.locator(".rest-text")).to_have_count(0)
    await expect(page.locator(".marks")).to_contain_text("Allekirjoitettu (S/MIME), ei tarkistettu")
    recipients = page.locator(".recipients")
    await expect(recipients.locator("summary")).to_have_text(
        "Vastaanottaja: pysakointi@kaupunki.example.fi + 2"
    )
    await recipients.locator("summary").press("Enter")
    await expect(recipients).to_contain_text("Katupalvelut <katu@kaupunki.example.fi>")
    await expect(recipients).to_contain_text("SPF kunnossa, DKIM kunnossa, DMARC kunnossa")
    await expect(page.locator(".message > .files .file")).to_have_text(
        [
            "katu_auraamatta.png PNG, 348 kt",
            "valitus.pdf PDF, 1,2 Mt",
            "winmail tuntematon tyyppi, 1 kt",
        ]
    )
    assert [path for path in stage.door.asked if "attachments" in path] == []
    await page.get_by_role("button", name="Näytä kuva").press("Enter")
    await stage.holds("document.querySelector('.file-image')?.naturalWidth === 1")
    await page.locator(".mail-html button").first.press("Enter")
    frame = page.locator(".mail-html iframe")
    source = await frame.get_attribute("src") or ""
    await page.locator('[data-act="remote"]').press("Enter")
    await expect(frame).to_have_attribute("src", f"{source}?remote=1")


async def test_a_mail_to_be_careful_with(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 1)
    warned = await page.locator("[data-warning]").evaluate_all(
        "all => all.map((one) => [one.closest('article').dataset.seq, one.dataset.warning])"
    )
    assert warned == [["1", "forged"], ["2", "encrypted"], ["3", "other-sender"], ["6", "by-form"]]
    await expect(page.locator('[data-warning="by-form"]')).to_contain_text("noreply@lomake.example")
    await expect(page.locator('[data-warning="forged"]')).to_contain_text("voi olla väärennetty")
    meetings = page.locator(".invitation")
    await expect(meetings.first).to_contain_text("torstai 3. joulukuuta klo 9.30")
    await expect(meetings.last).to_contain_text("Peruttu kokous")
    await expect(page.locator(".message").last).to_contain_text("vain lainattua tekstiä")


async def test_what_became_of_mails(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 2)
    boxes = page.locator("[data-delivery]")
    await expect(boxes.nth(0)).to_contain_text("Odottaa uutta yritystä")
    await boxes.nth(0).get_by_role("button", name="Yritä nyt").press("Enter")
    await expect(boxes.nth(0)).to_contain_text("Odottaa lähtöä")
    await expect(boxes.nth(1)).to_contain_text("matti@kela.exampel.fi osoitteen verkkotunnusta ei")
    await expect(boxes.nth(2)).to_contain_text("postilaatikko on täynnä (5.2.2 mailbox full)")
    await expect(boxes.nth(3)).to_contain_text("Viipyy")
    await expect(page.locator(".message-note")).to_contain_text("lupa@rakennus.example.fi")
    section = page.locator("[data-undelivered]")
    await section.get_by_role("button", name="Avaa asia").press("Enter")
    await expect(page.locator("#case-title")).to_have_text("Sirkka Saaja")
    await section.get_by_role("button", name="Hoidettu muuten").press("Enter")
    await expect(section).to_have_count(0)
    assert [(await stage.hears(verb))[0]["send_id"] for verb in ("resend", "dismiss")] == [
        "930",
        "932",
    ]


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [((1440, 900), "light", "fi"), ((320, 640), "dark", "sv"), ((1440, 900), "dark", "en")],
)
async def test_mail_is_for_everybody(stage: Stage, size: Any, theme: Any, language: str) -> None:
    page, wide = stage.page, size[0] > 1000
    stage.centre.language = language
    await page.emulate_media(color_scheme=theme)
    await stage.open()
    for n in range(3):
        await _open(stage, n)
        for summary in await page.locator(".timeline summary, .preview summary").all():
            await summary.click()
        await page.locator('[data-act="copies"]').click()
        assert await cut_off(page) == []
        assert await untranslated(page) == []
        assert await violations(stage) == []
        if not wide:
            await page.locator(".case-head .only-narrow").click()


def _file(name: str, size: int = 1000) -> Any:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"x" * size}


async def test_writing_a_mail(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 0)
    await expect(page.locator("#greeting")).to_contain_text("Hei,")
    await page.locator('[data-act="copies"]').press("Enter")
    await expect(page.locator("#mail-cc")).to_be_focused()
    await page.keyboard.type("Aino <aino@kela.example>, matti@")
    await page.fill("#composer-text", "Auraus on tilattu.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#mail-cc-error")).to_contain_text("matti@")
    await expect(page.locator("#mail-cc")).to_be_focused()
    await page.fill("#mail-cc", "Aino <aino@kela.example>")
    stage.door.uploading.clear()
    await page.set_input_files("#attach-input", [_file("a.pdf"), _file("b.pdf", 0)])
    await expect(page.locator('[data-upload="failed"]')).to_contain_text("tyhjä")
    await expect(page.locator('[data-upload="sending"]')).to_contain_text("a.pdf")
    await page.locator('[data-act="send"]').press("Enter")
    stage.door.uploading.set()
    await expect(page.locator("[data-upload]")).to_have_count(1)
    await page.get_by_role("button", name="Poista b.pdf luettelosta").press("Enter")
    await page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "liite.txt"));
          data.items.add(new File(["MZ"], "peli.exe"));
          document.querySelector("#composer-text").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    await expect(page.locator('[data-upload="failed"]')).to_contain_text("Ohjelmia ei voi liittää.")
    await page.get_by_role("button", name="Poista liite a.pdf").press("Enter")
    await page.locator('[data-act="attach-undo"]').press("Enter")
    await page.get_by_role("checkbox", name="Lainaa viesti").uncheck()
    await page.locator(".preview summary").press("Enter")
    await expect(page.locator(".preview-mail")).to_contain_text("Terveisin")
    await expect(page.locator(".preview-mail")).not_to_contain_text("kirjoitti")
    assert await violations(stage) == []
    await expect(page.locator('[data-draft="saved"]')).to_be_visible()
    stage.excused = ""  # axe's own styles, and the program that was refused
    await page.reload()
    await expect(page.locator("#mail-cc")).to_have_value("aino@kela.example")
    await expect(page.locator(".attached")).to_have_count(2)
    assert stage.heard("reply") == []
    await page.locator("#composer-text").press("Control+Enter")
    await expect(page.locator(".message-outbound")).to_contain_text("aino@kela.example")
    (reply,) = await stage.hears("reply")
    assert {name: reply[name] for name in ("text", "cc", "attachments", "quote")} == {
        "text": "Auraus on tilattu.",
        "cc": ["aino@kela.example"],
        "attachments": ["9000", "9001"],
        "quote": False,
    }
    await expect(page.locator(".attached")).to_have_count(0)


async def test_an_answer_that_is_read_on_the_page_of_the_case(stage: Stage) -> None:
    page = stage.page
    for card in stage.centre.cards.values():
        card["person"] = {**card["person"], "address": None}
        card["page"] = {"seen_at": "2026-11-24T10:00:00+00:00"}
    await stage.open()
    await _open(stage, 0)
    await expect(page.locator("#towards")).to_contain_text("asiakas lukee vastauksen asian sivulta")
    await expect(page.locator(".preview")).to_have_count(0)
    await expect(page.locator(".fact-list")).to_contain_text("avattu viimeksi")
    assert await untranslated(page) == []
    assert await violations(stage) == []
    stage.excused = ""
    await page.fill("#composer-text", "Auraus on tilattu.")
    await page.locator("#composer-text").press("Control+Enter")
    (reply,) = await stage.hears("reply")
    assert reply["text"] == "Auraus on tilattu."


async def test_a_refused_reply_comes_back_whole(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 0)
    await page.locator('[data-act="copies"]').press("Enter")
    await page.fill("#mail-bcc", "aino@kela.example")
    await page.fill("#composer-text", "Auraus on tilattu.")
    stage.centre.refuse("reply", "bad_request", "Osoite ei kelpaa.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#mail-bcc")).to_have_count(0)
    await page.get_by_role("button", name="Muokkaa tekstiä").press("Enter")
    await expect(page.locator("#mail-bcc")).to_have_value("aino@kela.example")
    await expect(page.locator("#composer-text")).to_have_value("Auraus on tilattu.")


async def test_forwarding_a_mail(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 0)
    await page.locator(".mail-html button").first.press("Enter")
    await page.locator('[data-act="copies"]').press("Enter")
    await page.locator("#case-title").focus()
    await page.keyboard.press("f")
    dialog = page.locator("dialog")
    await expect(dialog.locator("#forward-to")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.locator("#forward-to-error")).to_contain_text("kenelle")
    assert await violations(stage) == []
    await page.keyboard.type("lupa@rakennus.example.fi")
    await dialog.get_by_role("checkbox").uncheck()
    stage.centre.refuse("forward", "wrong_state", "Yhteydenotto on jo päätetty.")
    await dialog.get_by_label("Saate").fill("Teille kuuluva asia.")
    await dialog.locator('[data-act="forward-send"]').press("Enter")
    await page.get_by_role("button", name="Muokkaa tekstiä").press("Enter")
    await expect(dialog.locator("#forward-to")).to_have_value("lupa@rakennus.example.fi")
    await dialog.locator('[data-act="forward-send"]').press("Enter")
    note = page.locator(".message-note")
    await expect(note).to_contain_text("Välitetty sähköpostina")
    await expect(note.locator("[data-delivery]")).to_be_visible()
    sent = (await stage.hears("forward"))[-1]
    assert (sent["to"], sent["seq"], sent["files"]) == (["lupa@rakennus.example.fi"], 1, False)


async def test_spam_and_blocked_senders(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await _open(stage, 1)
    await page.locator('[data-act="block"]').press("Enter")
    await expect(page.locator("dialog")).to_contain_text("eivät enää tule jonoon")
    await expect(page.locator('dialog [data-act="sure"]')).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#panel .notice")).to_contain_text("on estetty")
    await page.locator('.toast [data-act="undo"]').press("Enter")
    await expect(page.locator("#panel .notice")).to_have_count(0)
    await page.locator("#case-title").focus()
    await page.keyboard.press("s")
    await expect(page.locator("dialog")).to_contain_text("suljetaan ilman vastausta")
    assert await violations(stage) == []
    await page.keyboard.press("Enter")
    await expect(page.locator(".contact")).to_have_count(2)
    await page.locator(".recent summary").press("Enter")
    await expect(page.locator(".recent-row")).to_contain_text("Ei roskapostia")
    await page.locator('.toast [data-act="undo"]').press("Enter")
    await expect(page.locator(".recent-row")).to_have_count(0)
    verbs = ("block_sender", "unblock_sender", "spam", "not_spam")
    assert [len(await stage.hears(verb)) for verb in verbs] == [1, 1, 1, 1]

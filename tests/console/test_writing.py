"""Messages: replies, notes, drafts, what became of them, and what came in."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Frame, ago

pytestmark = pytest.mark.needs_package("chromium")


async def test_reply(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.keyboard.press("r")
    await expect(stage.page.locator("#composer-text")).to_be_focused()
    await stage.page.keyboard.type("Hei Maija, ajankohta r n w käy.")
    await stage.page.keyboard.press("Control+Enter")
    reply = stage.page.locator(".message-outbound")
    await expect(reply).to_contain_text("ajankohta r n w käy")
    await expect(reply.locator("[data-delivery]")).to_have_attribute("data-delivery", "queued")
    await expect(stage.page.locator("#composer-text")).to_have_value("")
    await expect(stage.page.locator("[data-unsent]")).to_have_count(0)
    (sent,) = await stage.hears("reply")
    stage.centre.delivery(stage.centre.messages[card["case"]][-1]["send_id"], "sent")
    await expect(reply).to_contain_text("Lähetetty")
    assert sent["text"] == "Hei Maija, ajankohta r n w käy."


async def test_reply_with_a_reconnect_in_between_is_sent_once(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.fill("#composer-text", "Vastaus kerran")
    stage.door.deaf_to.add("reply")
    await stage.page.keyboard.press("Control+Enter")
    waiting = stage.page.locator('[data-unsent="waiting"]')
    await expect(waiting).to_contain_text("Vastaus kerran")
    await stage.door.cut()
    await expect(stage.page.locator('[data-link="offline"]')).to_contain_text("Yksi viesti odottaa")
    stage.door.closed = False
    stage.centre.feed.clear()  # what was told in between is no longer kept: a snapshot comes
    await stage.page.get_by_role("button", name="Yritä nyt").click()
    await expect(waiting).to_have_count(0)
    await expect(stage.page.locator(".message-outbound")).to_have_count(1)
    await expect(stage.page.locator(".banner")).to_have_count(0)
    assert (
        len([m for m in stage.centre.messages[card["case"]] if m["direction"] == "outbound"]) == 1
    )


async def test_reply_written_offline_goes_when_the_connection_is_back(
    stage: Stage, card: Frame
) -> None:
    await stage.open(card)
    await stage.door.cut()
    await expect(stage.page.locator('[data-link="offline"]')).to_be_visible()
    await stage.page.fill("#composer-text", "Kirjoitettu ilman yhteyttä")
    await stage.page.keyboard.press("Control+Enter")
    await expect(stage.page.locator('[data-unsent="waiting"]')).to_contain_text("Odottaa yhteyttä")
    stage.door.closed = False
    await expect(stage.page.locator(".message-outbound [data-delivery]")).to_be_visible()
    assert [frame["text"] for frame in await stage.hears("reply")] == ["Kirjoitettu ilman yhteyttä"]


async def test_refused_reply_keeps_its_text(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    stage.centre.refuse("reply", "wrong_state", "Yhteydenotto on jo päätetty.")
    await stage.page.fill("#composer-text", "Tärkeä vastaus")
    await stage.page.keyboard.press("Control+Enter")
    failed = stage.page.locator('[data-unsent="failed"]')
    await expect(failed).to_contain_text("Ei tallentunut: Yhteydenotto on jo päätetty.")
    await failed.get_by_role("button", name="Muokkaa tekstiä").click()
    await expect(stage.page.locator("#composer-text")).to_have_value("Tärkeä vastaus")
    await stage.page.get_by_role("button", name="Lähetä", exact=True).click()
    await expect(stage.page.locator(".message-outbound [data-delivery]")).to_be_visible()
    first, second = await stage.hears("reply", 2)
    assert first["client_id"] != second["client_id"]


@pytest.mark.parametrize(("act", "state"), [("resend", "queued"), ("arrived", "sent")])
async def test_not_known_whether_it_left(stage: Stage, card: Frame, act: str, state: str) -> None:
    await stage.open(card)
    await stage.page.fill("#composer-text", "Lähtikö?")
    await stage.page.keyboard.press("Control+Enter")
    delivery = stage.page.locator("[data-delivery]")
    await expect(delivery).to_be_visible()
    send_id = stage.centre.messages[card["case"]][-1]["send_id"]
    stage.centre.delivery(send_id, "unknown")
    await expect(delivery).to_contain_text("Ei tiedossa, lähtikö viesti")
    await expect(stage.page.locator(".toast-error")).to_contain_text("Maija Korhonen")
    await delivery.locator(f'[data-act="{act}"]').click()
    await expect(delivery).to_have_attribute("data-delivery", state)
    assert (await stage.hears(act))[0]["send_id"] == send_id


async def test_failed_delivery_shows_the_code(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.fill("#composer-text", "Ei mene perille")
    await stage.page.keyboard.press("Control+Enter")
    await expect(stage.page.locator("[data-delivery]")).to_be_visible()
    stage.centre.delivery(stage.centre.messages[card["case"]][-1]["send_id"], "failed", "550 5.1.1")
    await expect(stage.page.locator('[data-delivery="failed"]')).to_contain_text("550 5.1.1")
    await expect(stage.page.locator('[data-act="resend"]')).to_be_enabled()


async def test_note_is_never_a_reply(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.fill("#composer-text", "Vastauksen alku")
    await stage.page.locator("#case-title").focus()
    await stage.page.keyboard.press("n")
    await expect(stage.page.locator("#composer-text")).to_have_value("")
    await stage.page.keyboard.type("Vain meille")
    await expect(stage.page.locator(".composer")).to_contain_text("Asukkaalle ei lähde mitään")
    await stage.page.get_by_role("button", name="Tallenna muistiinpano").click()
    await expect(stage.page.locator(".message-note")).to_contain_text("Vain meille")
    await stage.page.get_by_role("tab", name="Vastaus").click()
    await expect(stage.page.locator("#composer-text")).to_have_value("Vastauksen alku")
    assert stage.heard("reply") == []
    assert [frame["text"] for frame in await stage.hears("note")] == ["Vain meille"]


async def test_draft_is_kept(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.fill("#composer-text", "Hei, selvitän")
    await expect(stage.page.locator('[data-draft="saved"]')).to_be_visible()
    assert stage.centre.drafts[card["contact"]] == "Hei, selvitän"
    await stage.page.reload()
    await expect(stage.page.locator("#composer-text")).to_have_value("Hei, selvitän")


async def test_nothing_typed_is_lost_by_a_reload_without_connection(
    stage: Stage, card: Frame
) -> None:
    await stage.open(card)
    await stage.door.cut()
    await expect(stage.page.locator('[data-link="offline"]')).to_be_visible()
    await stage.page.fill("#composer-text", "Lähetetty ilman yhteyttä")
    await stage.page.keyboard.press("Control+Enter")
    await stage.page.fill("#composer-text", "Kesken jäänyt")
    stage.door.closed = False
    await stage.page.reload()
    await expect(stage.page.locator(".message-outbound")).to_contain_text(
        "Lähetetty ilman yhteyttä"
    )
    await expect(stage.page.locator("#composer-text")).to_have_value("Kesken jäänyt")


async def test_earlier_messages(stage: Stage, card: Frame) -> None:
    for n in range(2, 81):
        stage.centre.message(card, "inbound", f"viesti numero {n}.", at=ago(900 - n))
    await stage.open(card)
    await expect(stage.page.locator("[data-seq]")).to_have_count(50)
    await stage.page.get_by_role("button", name="Näytä aiemmat viestit").click()
    await expect(stage.page.locator("[data-seq]")).to_have_count(80)
    await expect(stage.page.get_by_role("button", name="Näytä aiemmat viestit")).to_have_count(0)


async def test_new_message_is_said_counted_and_read(stage: Stage, card: Frame) -> None:
    other = stage.centre.contact("Otto Toinen", "Rakennuslupa", mine=True)
    await stage.open(card)
    stage.centre.inbound(other, "Onko jo päätetty?")
    await expect(stage.page.locator("#announcer")).to_have_text("Uusi viesti: Otto Toinen")
    row = stage.page.locator(f'[data-contact="{other["contact"]}"]')
    await expect(row.locator(".count")).to_contain_text("1")
    await expect(stage.page).to_have_title("(uusia 1) Työpöytä")
    await stage.page.keyboard.press("j")
    await expect(stage.page.locator("#case-title")).to_have_text("Otto Toinen")
    await expect(row.locator(".count")).to_have_count(0)
    await stage.page.keyboard.press("k")
    await expect(stage.page.locator("#case-title")).to_have_text("Maija Korhonen")

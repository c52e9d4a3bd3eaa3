"""An agent's work in the console: offers, replies, notes, drafts, the end of a contact."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
def card(centre: Centre) -> Frame:
    """A mail in hand."""
    card = centre.contact("Maija Korhonen", "Asukaspysäköintitunnus", mine=True, unread=1)
    centre.message(card, "inbound", "Voiko tunnuksen siirtää?", at=ago(900), subject="Tunnus")
    return card


async def test_accept_by_keyboard(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    card = stage.centre.contact("Abdi Hassan", "Päivähoito", queue="daycare")
    stage.centre.message(card, "inbound", "Hei, olen uusi asukas.")
    stage.centre.offer(card, 60)
    await expect(page.locator(".offer")).to_contain_text("Abdi Hassan")
    await expect(page.locator("#announcer")).to_contain_text("Varhaiskasvatus ja esiopetus")
    await expect(page.locator("#announcer")).to_contain_text("60 sekuntia")
    await expect(page).to_have_title("(tarjolla 1) Työpöytä")
    await expect(page.locator(".offer")).not_to_contain_text("Päivähoito")
    await page.keyboard.press("a")
    await expect(page.locator("#case-title")).to_have_text("Abdi Hassan")
    await expect(page.locator("#case-title")).to_be_focused()
    await expect(page.locator(".message-inbound")).to_contain_text("olen uusi asukas")
    await expect(page.locator(".offer")).to_have_count(0)


async def test_decline_with_a_reason(stage: Stage) -> None:
    await stage.open()
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(stage.page.locator(".offer")).to_be_visible()
    await stage.page.keyboard.press("d")
    await expect(stage.page.get_by_role("menuitem").first).to_be_focused()
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator(".offer")).to_have_count(0)
    assert stage.heard("decline")[0]["reason"] == "not_mine"


async def test_a_missed_offer_says_so_and_keeps_the_focus(stage: Stage) -> None:
    await stage.open()
    offer = stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await stage.page.locator('[data-act="accept"]').focus()
    stage.centre.end_offer(offer, "missed")
    await expect(stage.page.locator(".toast")).to_contain_text("säilytti paikkansa")
    await expect(stage.page.locator("#offers-title")).to_be_focused()


async def test_first_use_leads_to_work(stage: Stage) -> None:
    stage.centre.status["value"] = "offline"
    await stage.open()
    await expect(stage.page.locator(".my-state .hint")).to_contain_text(
        "Kun asetat itsesi vapaaksi"
    )
    await stage.page.locator(".my-state .hint button").click()
    await expect(stage.page.locator(".state-button")).to_contain_text("Vapaana")
    await expect(stage.page.locator(".nothing")).to_contain_text("Olet vapaana")
    await stage.page.keyboard.press("g")
    await stage.page.get_by_role("menuitemradio", name="Tauolla").click()
    await expect(stage.page.locator(".state-button")).to_contain_text("Tauolla")


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
    (sent,) = stage.heard("reply")
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
    assert [frame["text"] for frame in stage.heard("reply")] == ["Kirjoitettu ilman yhteyttä"]


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
    first, second = stage.heard("reply")
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
    assert stage.heard(act)[0]["send_id"] == send_id


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
    assert [frame["text"] for frame in stage.heard("note")] == ["Vain meille"]


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


async def test_a_contact_taken_away_leaves_what_was_typed(stage: Stage, card: Frame) -> None:
    await stage.open(card)
    await stage.page.get_by_role("tab", name="Sisäinen muistiinpano").click()
    await stage.page.fill("#composer-text", "Muista liite")
    stage.centre.take_away(card)
    await expect(stage.page.locator(".leftovers")).to_contain_text("Muista liite")
    await expect(stage.page.locator(".toast")).to_contain_text("ei ole enää sinulla")
    await stage.page.get_by_role("button", name="Poista").click()
    await expect(stage.page.locator(".leftovers")).to_have_count(0)


async def test_wrap_up_resolve_and_reopen(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("w")
    await expect(page.get_by_role("radio", name="Vastattu")).to_be_focused()
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator("#outcome-error")).to_be_visible()
    await page.get_by_role("radio", name="Vastattu").check()
    await page.locator('[data-act="wrap-up"]').click()
    await expect(page.locator(".contact")).to_have_count(0)
    await expect(page.locator(".nothing h2")).to_be_focused()
    assert stage.heard("wrap_up")[0]["disposition"] == "answered"
    assert stage.heard("resolve")[0]["case"] == card["case"]
    await page.locator(".recent summary").click()
    await expect(page.locator(".recent")).to_contain_text("Asia ratkaistu")
    await page.get_by_role("button", name="Avaa asia uudelleen").click()
    await expect(page.locator("#case-title")).to_have_text("Maija Korhonen")
    await expect(page.locator(".case-head")).to_contain_text("Asia avattu uudelleen")


async def test_a_button_that_waits_for_its_answer_keeps_the_focus(
    stage: Stage, card: Frame
) -> None:
    await stage.open(card)
    await stage.page.locator('[data-act="resolve"]').focus()
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator('[data-act="reopen"]')).to_be_enabled()
    await expect(stage.page.locator('[data-act="reopen"]')).to_be_focused()


async def test_close_now_and_record_later(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("w")
    await page.locator('[data-act="close"]').click()
    await expect(page.locator(".contact")).to_contain_text("Jälkikirjaus")
    await expect(page.get_by_role("tab", name="Vastaus")).to_be_disabled()
    await page.fill("#composer-text", "Kirjattu diaariin")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message-note")).to_contain_text("Kirjattu diaariin")


@pytest.mark.parametrize(
    ("way", "choice", "expected"),
    [("Toiseen jonoon", "building", {"queue": "building"}), ("Työtoverille", "8", {"agent": "8"})],
)
async def test_transfer(
    stage: Stage, card: Frame, way: str, choice: str, expected: dict[str, str]
) -> None:
    page = stage.page
    await stage.open(card)
    await page.keyboard.press("t")
    await page.get_by_role("radio", name=way).check()
    options = await page.locator("#target option").all_inner_texts()
    assert not any("Etuudet" in option for option in options)  # of another organisation
    await page.locator("#target").select_option(choice)
    await page.fill("#summary", "Kysyy rakennusluvasta")
    await page.get_by_role("button", name="Siirrä yhteydenotto").click()
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.locator(".contact")).to_have_count(0)
    (sent,) = stage.heard("transfer")
    assert sent["summary"] == "Kysyy rakennusluvasta"
    assert expected.items() <= sent.items()


async def test_refused_transfer_keeps_the_dialog(stage: Stage, card: Frame) -> None:
    page = stage.page
    await stage.open(card)
    stage.centre.refuse("transfer", "unavailable_agent", "Työtoveri ei ole vapaana.")
    await page.keyboard.press("t")
    await page.get_by_role("radio", name="Työtoverille").check()
    await page.locator("#target").select_option("8")
    await page.fill("#summary", "Pitkä tiivistelmä")
    await page.get_by_role("button", name="Siirrä yhteydenotto").click()
    await expect(page.locator("dialog .error")).to_have_text("Työtoveri ei ole vapaana.")
    await expect(page.locator("#summary")).to_have_value("Pitkä tiivistelmä")


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

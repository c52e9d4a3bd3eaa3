"""Files in the citizen's chat: chosen, pasted and dropped, stopped, refused, sent and received."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload, expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import FILES, Desk

pytestmark = pytest.mark.needs_package("chromium")

# A file that comes by the clipboard, or is dropped.
BRING = """([kind, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, {type: "image/png"}));
  const at = document.getElementById("composer");
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
  return at.dispatchEvent(event);
}"""


async def test_files_go_both_ways(stage: Stage, desk: Desk) -> None:
    page, keys = stage.page, stage.page.keyboard
    stage.excused += ("400 (Bad Request)",)
    await stage.talk()
    announcer, coming = page.locator("#announcer"), page.locator(".coming")
    send = page.locator('[data-act="send"]')
    page.on("filechooser", lambda _: None)  # said to the browser well before the key
    await page.focus("#composer")
    await keys.press("Tab")
    await expect(page.locator('[data-act="attach"]')).to_be_focused()
    await expect(page.get_by_role("button", name="Liitä tiedosto")).to_be_visible()
    async with page.expect_file_chooser() as choosing:
        await keys.press("Enter")
    await (await choosing.value).set_files(
        [
            FilePayload(name="kyltti.png", mimeType="image/png", buffer=b"png"),
            FilePayload(name="ohjelma.pdf", mimeType="application/pdf", buffer=b"MZ"),
            FilePayload(name="tyhjä.txt", mimeType="text/plain", buffer=b""),
        ]
    )
    asked = await desk.until("upload", lambda frame: frame["name"] == "kyltti.png")
    assert (asked["size"], "text" in asked) == (3, False)
    await expect(coming).to_have_count(3)
    await expect(page.get_by_role("progressbar", name="Ladataan: kyltti.png")).to_be_visible()
    await expect(send).to_have_attribute("aria-disabled", "true")  # it waits for what is coming
    await page.fill("#composer", "Tässä kuva")
    await page.press("#composer", "Enter")
    assert not [one for one in desk.of("message") if one["text"]]

    # Pasted, dropped anywhere, and stopped again: the focus is never lost.
    desk.place = None
    assert await page.evaluate(BRING, ["paste", "liite.png", "x"]) is False
    await expect(coming).to_have_count(4)
    await page.get_by_role("button", name="Keskeytä: liite.png").click()
    await expect(page.locator("#composer")).to_be_focused()
    assert await page.evaluate(BRING, ["dragover", "a", "b"]) is False
    await expect(page.locator('.composer[data-dropping="true"]')).to_be_visible()
    assert await page.evaluate(BRING, ["drop", "pudotettu.png", "x"]) is False
    await desk.until("upload", lambda frame: frame["name"] == "pudotettu.png")
    no = {"code": "too_many", "message": "Liian monta tiedostoa."}
    ref = desk.of("upload")[-1]["ref"]
    await desk.tell("error", **no, ref=ref)
    await expect(coming.filter(has_text="Liian monta tiedostoa.")).to_be_visible()
    await page.get_by_role("button", name="Poista pudotettu.png luettelosta").click()

    desk.takes.set()
    await expect(page.locator('[data-file="there"]')).to_have_count(1)
    await expect(coming.filter(has_text="voi sisältää ohjelman")).to_be_visible()
    await expect(announcer).to_contain_text("Liitetty, odottaa lähettämistä: kyltti.png")
    assert desk.got == [("image/png", b"png")]
    await page.press("#composer", "Enter")
    said = await desk.until("message", lambda frame: frame["text"] == "Tässä kuva")
    assert said["files"] == ["1"]
    await expect(announcer).to_contain_text("Tiedosto lähetetty: " + FILES["1"]["name"])
    image = page.locator(".own .said-image img")
    await expect(image).to_have_attribute("alt", FILES["1"]["name"])
    assert await image.evaluate("async (one) => (await one.decode(), one.naturalWidth)") == 1
    await expect(page.locator('[data-file="there"]')).to_have_count(0)

    # What the agent sends; a file that is being checked opens by itself when it is done.
    got = await desk.say("", files=[FILES["2"], FILES["3"]])
    await expect(announcer).to_contain_text("Saapui tiedosto: päätös.pdf")
    theirs = page.locator(".theirs .said-file")
    await expect(theirs).to_have_count(2)
    await expect(theirs.nth(1)).to_contain_text("Tarkistetaan virusten varalta")
    await expect(theirs.nth(1).locator("a")).to_have_count(0)
    clean = FILES["3"] | {"scan": "clean", "url": "/file/3"}
    await desk.tell("file", message=got["seq"], file=clean)
    await expect(theirs.nth(1).locator("a")).to_have_attribute("href", "/file/3")
    await desk.tell("file", message=got["seq"], file=FILES["3"] | {"scan": "infected"})
    await expect(theirs.nth(1).locator("a")).to_have_count(0)
    await expect(announcer).to_contain_text("haittaohjelma")
    async with page.expect_download() as saving:
        await theirs.nth(0).locator("a").click()
    assert (await saving.value).suggested_filename  # saved, never opened in the page

    # What was on its way when the connection broke is asked for again; not after the end.
    desk.place = None
    await page.set_input_files(
        "#attach-input", [FilePayload(name="k.png", mimeType="image/png", buffer=b"x")]
    )
    await desk.until("upload", lambda frame: frame["name"] == "k.png")
    desk.cut()
    desk.place = {"expires_in_s": 300}
    await expect(page.locator('[data-file="there"]')).to_have_count(1)
    await desk.tell("closed", reason="agent")
    await expect(stage.screen("closed")).to_be_visible()
    await expect(coming).to_have_count(0)


async def test_where_no_files_are_taken_there_is_no_button(stage: Stage, desk: Desk) -> None:
    desk.files = None
    await stage.talk()
    await expect(stage.page.locator("#composer")).to_be_visible()
    await expect(stage.page.locator('[data-act="attach"]')).to_have_count(0)
    assert await stage.page.evaluate(BRING, ["paste", "liite.png", "x"]) is True
    await expect(stage.page.locator(".coming")).to_have_count(0)

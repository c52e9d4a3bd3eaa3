"""The console and the network: gaps, closed sockets, the end of a session."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.conftest import Stage
from tests.console.fake_centre import ago

pytestmark = pytest.mark.needs_package("chromium")


async def test_a_gap_is_filled(stage: Stage) -> None:
    await stage.open()
    stage.centre.tell_all = lambda frame: None  # this one gets lost on its way
    stage.centre.status = {"value": "break", "reason": None, "since": ago(0)}
    stage.centre.tell({"type": "agent", "state": stage.centre.status})
    stage.centre.tell_all = stage.door.tell
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(stage.page.locator(".offer")).to_be_visible()
    await expect(stage.page.locator(".state-button")).to_contain_text("Tauolla")


@pytest.mark.parametrize("code", [1001, 1012, 4408])
async def test_a_restart_is_survived(stage: Stage, code: int) -> None:
    await stage.open()
    await stage.door.close_all(code)
    stage.centre.offer(stage.centre.contact("Abdi Hassan", "Päivähoito"))
    await expect(stage.page.locator(".offer")).to_be_visible()
    await expect(stage.page.locator(".banner")).to_have_count(0)


async def test_signed_out_elsewhere(stage: Stage) -> None:
    await stage.open()
    await stage.door.close_all(4401)
    await stage.page.wait_for_url("**/login?next=/console")


async def test_a_session_that_ended_while_away(stage: Stage) -> None:
    await stage.open()
    stage.door.signed_in = False
    await stage.door.cut()
    await stage.page.wait_for_url("**/login?next=/console")


@pytest.mark.parametrize(
    ("code", "words"), [(4403, "ei ole oikeutta"), (4409, "avattiin toisaalla")]
)
async def test_closed_for_good_says_why(stage: Stage, code: int, words: str) -> None:
    await stage.open()
    await stage.door.close_all(code)
    await expect(stage.page.locator(".banner")).to_contain_text(words)


async def test_used_here_again(stage: Stage) -> None:
    await stage.open()
    await stage.door.close_all(4409)
    await stage.page.get_by_role("button", name="Käytä tässä").click()
    await expect(stage.page.locator(".banner")).to_have_count(0)


async def test_signing_out_leaves_nothing_behind(stage: Stage) -> None:
    card = stage.centre.contact("Maija Korhonen", "Kanarialintu", mine=True)
    await stage.open(card)
    await stage.page.get_by_role("tab", name="Sisäinen muistiinpano").click()
    await stage.page.fill("#composer-text", "kanarialintu")
    stage.page.on("dialog", lambda dialog: dialog.accept())
    await stage.page.get_by_role("button", name="Kirjaudu ulos").click()
    await stage.page.wait_for_url("**/login")
    kept = await stage.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "kanarialintu" not in kept
    assert stage.door.signed_in is False

"""Old figures never look live: the clock between frames, stalls, cuts, the end of a session."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.board.conftest import Watch

pytestmark = pytest.mark.needs_package("chromium")


async def test_a_wait_runs_on_between_frames_until_they_are_old(watch: Watch) -> None:
    await watch.open_stopped()
    await watch.page.locator('[data-queue="city/parking"] .fold').click()
    wait = watch.page.locator(".channel-row .cell-longest .figure").first
    watch.row("parking", "chat")["longest_wait_s"] = 600.0
    await watch.tell()
    await expect(wait).to_have_text("10 min 00 s")
    await watch.forward(2)
    await expect(wait).to_have_text(re.compile("10 min 0[12] s"))  # it is drawn once a second
    await watch.forward(5)
    await expect(wait).to_have_text("10 min 03 s")


async def test_silence_is_shown_and_said_once(watch: Watch) -> None:
    await watch.open_stopped()
    await watch.forward(2)
    await expect(watch.page.locator(".age")).to_contain_text("Ajan tasalla")
    await watch.page.evaluate(
        """() => { window.said = []; new MutationObserver(() => {
          const { textContent } = document.getElementById('announcer');
          if (textContent) said.push(textContent); }).observe(
            document.getElementById('announcer'), { childList: true }); }"""
    )
    await watch.forward(4)
    await expect(watch.page.locator(".age")).to_have_attribute("data-stale", "true")
    await expect(watch.page.locator(".age")).to_contain_text("Ei ajan tasalla")
    await expect(watch.page.locator(".banner")).to_contain_text("Uusia lukuja ei tule")
    await expect(watch.page.locator(".board-main")).to_have_attribute("data-stale", "true")
    await watch.forward(1)
    await watch.tell()
    await expect(watch.page.locator(".age")).to_have_attribute("data-stale", "false")
    await expect(watch.page.locator(".banner")).to_have_count(0)
    await watch.forward(2)
    assert await watch.page.evaluate("said") == [
        "Tilannetaulun luvut eivät enää päivity.",
        "Tilannetaulun luvut päivittyvät taas.",
    ]


async def test_old_figures_in_new_frames_are_old(watch: Watch) -> None:
    await watch.open()
    await watch.tell(age_s=30)
    await expect(watch.page.locator(".age")).to_have_attribute("data-stale", "true")
    await expect(watch.page.locator(".age-text")).to_contain_text("30 s")


@pytest.mark.parametrize("wrong", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_wrong_clock_makes_nothing_old(watch: Watch, wrong: timedelta) -> None:
    await watch.page.clock.install(time=datetime.now(UTC) + wrong)
    await watch.open()
    await watch.tell()
    await expect(watch.page.locator(".age")).to_have_attribute("data-stale", "false")
    await expect(watch.page.locator('[data-agent="1"]')).to_contain_text("12 min")


async def test_a_cut_shows_at_once_and_heals_alone(watch: Watch) -> None:
    await watch.open()
    await watch.station.cut()
    await expect(watch.page.locator('[data-link="offline"]')).to_contain_text("Ei yhteyttä")
    await expect(watch.page.locator(".age")).to_have_attribute("data-stale", "true")
    await expect(watch.cell("city/parking", "waiting")).to_have_text("17")
    watch.row("parking", "chat")["waiting"] = 5
    await watch.page.get_by_role("button", name="Yritä nyt").click()
    watch.station.closed = False
    await expect(watch.cell("city/parking", "waiting")).to_have_text("18")
    await expect(watch.page.locator(".banner")).to_have_count(0)


@pytest.mark.parametrize("code", [1001, 1012, 4408])
async def test_a_restart_is_survived(watch: Watch, code: int) -> None:
    await watch.open()
    await watch.station.close_all(code)
    watch.row("parking", "chat")["waiting"] = 5
    await expect(watch.cell("city/parking", "waiting")).to_have_text("18")
    await expect(watch.page.locator(".banner")).to_have_count(0)
    assert watch.station.opened == 2


async def test_before_the_first_figures(watch: Watch) -> None:
    watch.station.silent = True
    await watch.page.goto(f"{watch.url}/board")
    await expect(watch.page.locator(".skeleton")).to_be_visible()
    await expect(watch.page.get_by_role("status")).to_have_text("Haetaan lukuja…")
    await watch.station.listening.wait()
    await watch.tell()
    await expect(watch.page.locator(".tile-over")).to_be_visible()


async def test_a_server_that_is_not_there_yet(watch: Watch) -> None:
    watch.station.closed = True
    await watch.page.goto(f"{watch.url}/board")
    await expect(watch.page.locator(".banner")).to_contain_text("Yritetään uudelleen")
    await expect(watch.page.locator(".banner")).not_to_contain_text("vanhoja")
    watch.station.closed = False
    await expect(watch.page.locator(".tile-over")).to_be_visible()
    await expect(watch.page.locator(".banner")).to_have_count(0)


async def test_signed_out_leads_to_sign_in_and_back(watch: Watch) -> None:
    await watch.open("?wall=1")
    watch.station.signed_in = False
    await watch.station.close_all(4401)
    await watch.page.wait_for_url("**/login**")
    assert watch.station.asked == ["/login?next=%2Fboard%3Fwall%3D1"]


async def test_a_session_that_ended_while_away(watch: Watch) -> None:
    await watch.open()
    watch.station.signed_in = False
    await watch.station.cut()
    await watch.page.wait_for_url("**/login?next=%2Fboard")


@pytest.mark.parametrize("refused", ["close", "handshake"])
async def test_who_may_no_longer_watch_sees_no_figures(watch: Watch, refused: str) -> None:
    await watch.open()
    watch.station.role = "agent"
    await (watch.station.close_all(4403) if refused == "close" else watch.station.cut())
    await expect(watch.page.locator(".banner")).to_contain_text("esihenkilöille ja pääkäyttäjille")
    await expect(watch.page.locator("table, .tile, .agent")).to_have_count(0)


async def test_signing_out(watch: Watch) -> None:
    await watch.open()
    await watch.page.get_by_role("button", name="Kirjaudu ulos").click()
    await watch.page.wait_for_url("**/login")
    assert watch.station.signed_in is False


async def test_organisations_of_several_time_zones_each_have_their_day(watch: Watch) -> None:
    watch.station.zone = None
    await watch.open()
    await expect(watch.page.locator(".today")).to_contain_text("kunkin organisaation keskiyöstä")
    await expect(watch.page.locator("[data-queue]").first).to_be_visible()

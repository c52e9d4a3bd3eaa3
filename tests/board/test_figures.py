"""Figures on the board are the frame's: in cells, sums, orders and languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.board.conftest import Watch
from tests.board.fake_server import Station
from tests.board.scenes import agent, ago, crowd, row

pytestmark = pytest.mark.needs_package("chromium")
DASH = "\u2013"  # en dash


async def test_a_queue_of_one_channel_shows_the_frame(watch: Watch) -> None:
    watch.station.queues = [
        row("streets", "call", waiting=3, longest_wait_s=20.0, in_hand=2, entered=30, accepted=24,
            abandoned=4, short_abandoned=2, level=0.824, seconds=3600, asa_s=75.0, aht_s=301.0,
            promises=5, kept=4),
    ]  # fmt: skip
    await watch.open()
    for column, text in {
        "waiting": "3",
        "longest": re.compile(r"^2\d s$"),
        "in_hand": "2",
        "level": "82 %60 min kuluessa, luopumiset heikentävät",
        "asa": "1 min 15 s",
        "aht": "5 min 01 s",
        "abandoned": "4 + 2, 2 pikaluopumista",
        "promises": re.compile("^4 / 5\\s*4 pidetty 5 lupauksesta$"),
    }.items():
        await expect(watch.cell("city/streets", column)).to_have_text(text)


async def test_the_channels_of_a_queue_unfold_and_stay_so(watch: Watch) -> None:
    await watch.open()
    parking = watch.page.locator('[data-queue="city/parking"]')
    await expect(watch.cell("city/parking", "waiting")).to_have_text("17")
    await expect(watch.cell("city/parking", "promises")).to_contain_text("4 pidetty 5")
    await expect(parking.locator(".channel-row")).to_have_count(0)
    await parking.get_by_role("button", name="Pysäköinti").click()
    chat = parking.get_by_role("row", name="Pysäköinti: Chat")
    await expect(chat.locator(".cell-aht")).to_have_text("6 min 52 s")
    await watch.page.reload()
    await expect(parking.locator(".channel-row")).to_have_count(3)
    await watch.page.get_by_role("button", name="Näytä kanavat").click()
    await expect(watch.page.locator(".channel-row")).to_have_count(7)


async def test_what_is_not_counted_yet_is_a_dash_in_words(watch: Watch) -> None:
    await watch.open()
    for column in ("level", "asa", "aht", "promises"):
        await expect(watch.cell("city/maternity", column)).to_have_text(f"{DASH}ei vielä mitään")
    await expect(watch.cell("city/maternity", "longest")).to_have_text(f"{DASH}kukaan ei odota")
    await expect(watch.page.locator('[data-queue="city/maternity"]')).to_contain_text(
        re.compile(r"suljettu, avataan [a-z]{2} klo \d{1,2}\.\d\d")
    )


async def test_over_the_target_is_said_in_words(watch: Watch) -> None:
    await watch.open()
    await expect(watch.cell("city/parking", "longest")).to_contain_text("Chat: yli 1 min")
    await expect(watch.cell("city/daycare", "longest")).to_contain_text(
        "Takaisinsoitto: pian 60 min"
    )
    await expect(watch.page.locator(".tile-over")).to_contain_text("Pysäköinti")
    await expect(watch.page).to_have_title("(1 yli tavoitteen) Tilannetaulu")
    await expect(watch.page.locator("#announcer")).to_have_text(
        "Yli tavoitteen: Pysäköinti. 17 odottaa."
    )


async def test_trouble_rises_and_the_order_is_kept(watch: Watch) -> None:
    await watch.open()
    assert (await watch.order())[:2] == ["parking", "daycare"]
    watch.row("benefits", "chat")["longest_wait_s"] = 300.0
    await watch.tell()
    await expect(watch.page.locator("[data-queue]").first).to_have_attribute(
        "data-queue", "kela/benefits"
    )
    await watch.page.get_by_label("Järjestys").select_option("name")
    names = ["housing", "streets", "benefits", "parking", "daycare", "maternity"]
    await expect(watch.page.locator("[data-queue]").first).to_have_attribute(
        "data-queue", "city/housing"
    )
    assert await watch.order() == names  # Äitiysneuvola last
    await watch.page.reload()
    await expect(watch.page.locator(".tile-over")).to_be_visible()
    assert await watch.order() == names


async def test_nothing_moves_under_the_pointer(watch: Watch) -> None:
    await watch.open()
    before = await watch.order()
    await watch.page.locator('[data-queue="city/daycare"] .fold').focus()
    watch.row("benefits", "chat").update(longest_wait_s=300.0, waiting=9)
    await watch.tell()
    await expect(watch.cell("kela/benefits", "waiting")).to_have_text("9")
    assert await watch.order() == before
    await expect(watch.page.locator('[data-queue="city/daycare"] .fold')).to_be_focused()
    await watch.page.get_by_label("Järjestys").focus()
    await expect(watch.page.locator("[data-queue]").first).to_have_attribute(
        "data-queue", "kela/benefits"
    )


async def test_sums_are_of_counts(watch: Watch) -> None:
    watch.station.queues = [
        row("a", "chat", waiting=1, accepted=90, level=1.0, asa_s=10.0, aht_s=60.0),
        row("b", "chat", waiting=2, accepted=8, abandoned=2, level=0.5, asa_s=110.0, aht_s=90.0),
    ]
    await watch.open()
    total = watch.page.locator(".total-row")
    await expect(total.locator(".cell-waiting")).to_have_text("3")
    await expect(total.locator(".cell-level")).to_contain_text("95 %")
    await expect(total.locator(".cell-asa")).to_have_text("18 s")
    await expect(total.locator(".cell-aht")).to_have_text("kanavittain")
    await expect(watch.page.locator(".tile-level")).to_contain_text(
        "1 min kuluessa, luopumiset heikentävät"
    )


async def test_organisations_are_looked_at_one_by_one(watch: Watch) -> None:
    await watch.open()
    choice = watch.page.get_by_label("Organisaatio")
    assert await choice.locator("option").all_text_contents() == [
        "Kaikki organisaatiot",
        "Kela",
        "Mikkeli",
    ]
    await choice.select_option("kela")
    await expect(watch.page.locator("[data-queue]")).to_have_count(1)
    await expect(watch.page.locator(".agent")).to_have_count(1)
    await expect(watch.page.locator(".tile-waiting")).to_contain_text("1")
    await watch.page.reload()
    await expect(watch.page.locator("[data-queue]")).to_have_count(1)


async def test_one_organisation_needs_no_choice(watch: Watch) -> None:
    watch.station.queues = watch.station.queues[:3]
    watch.station.agents = watch.station.agents[:3]
    await watch.open()
    await expect(watch.page.locator("#organisation")).to_have_count(0)


async def test_agents_stand_by_state_then_name(watch: Watch) -> None:
    watch.station.agents = [
        agent(1, "Öljylä Ö"), agent(2, "Zitting Z"), agent(3, "Åberg Å", load=3),
        agent(4, "Aalto A", "break", since=ago(1_700)), agent(5, "Ääri Ä"),
        agent(6, "Poissa P", "away", reason="missed"), agent(7, "Kotona K", "offline"),
    ]  # fmt: skip
    await watch.open()
    there = watch.page.locator('[data-state="available"] .agent-name')
    assert await there.all_text_contents() == ["Zitting Z", "Åberg Å", "Ääri Ä", "Öljylä Ö"]
    full = watch.page.locator('[data-agent="3"]')
    await expect(full).to_contain_text("käsittelyssä 3, enintään 3, ei voi ottaa lisää")
    await expect(watch.page.locator('[data-agent="4"]')).to_contain_text("28 min")
    await expect(watch.page.locator('[data-agent="6"]')).to_contain_text("ei vastannut")
    await expect(watch.page.locator('[data-agent="7"]')).to_have_count(0)
    await watch.page.get_by_role("button", name="Ei linjoilla").click()
    await expect(watch.page.locator('[data-agent="7"]')).to_be_visible()
    await expect(watch.page.locator(".tile-free")).to_contain_text("3")


async def test_an_agent_moves_to_the_new_state(watch: Watch) -> None:
    await watch.open()
    watch.station.agents[0].update(state="break", since=ago(0), load=0)
    await watch.tell()
    moved = watch.page.locator('[data-state="break"] [data-agent="1"]')
    await expect(moved).to_contain_text("alle 1 min")
    await expect(watch.page.locator('[data-state="available"] [data-agent="1"]')).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "level", "age", "weekday"),
    [
        ("fi", "90 %60 min kuluessa", r"\d,\d s sitten", r"kuuta"),
        ("sv", "90 %inom 60 min", r"för \d,\d s sedan", r"\d "),
        ("en", "90%within 60 min", r"\d\.\d s old", r"\d "),
    ],
)
async def test_numbers_in_each_language(
    watch: Watch, language: str, level: str, age: str, weekday: str
) -> None:
    watch.station.language = language
    watch.station.queues = [row("a", "callback", accepted=9, abandoned=1, level=0.9, waiting=12345)]
    await watch.open()
    await expect(watch.cell("city/a", "level")).to_contain_text(level)
    await expect(watch.page.locator(".age-text")).to_have_text(re.compile(age))
    await expect(watch.page.locator(".today")).to_contain_text(re.compile(weekday))
    thousands = r"12,345" if language == "en" else r"12\s345"
    await expect(watch.cell("city/a", "waiting")).to_have_text(re.compile(thousands))


async def test_how_long_who_comes_now_would_wait(watch: Watch) -> None:
    held: dict[str, Any] = {
        "estimated": 40,
        "estimate_held": 0.825,
        "estimate_silent": False,
    }
    watch.station.queues = [
        row("a", "chat", estimate={"low_s": 120, "high_s": 480}, **held),
        row("b", "chat", estimate={"low_s": 0, "high_s": 60}, estimate_silent=True),
        row("c", "mail", estimate=None, estimate_held=None, estimate_silent=True),
        row("d", "chat", estimate=None, **held),
    ]
    await watch.open()
    rows = watch.page.locator(".ahead > .ahead-table tbody tr")
    await expect(rows).to_have_count(2)  # of mail nothing is known
    await expect(rows.nth(0)).to_contain_text("2–8 min")  # noqa: RUF001
    await expect(rows.nth(0)).to_contain_text("40")
    await expect(rows.nth(0)).not_to_contain_text("Asukkaille ei kerrota")
    await expect(rows.nth(1)).to_contain_text("Asukkaille ei kerrota")
    rest = watch.page.locator(".ahead-rest tbody tr")
    await expect(rest).to_be_hidden()
    await watch.page.get_by_text("Yksi rivi, jolla odotus on alle minuutin").click()
    await expect(rest).to_contain_text("ei voi arvioida")


async def test_what_is_ahead_begins_with_the_longest_wait(watch: Watch) -> None:
    watch.station.queues = [
        row("a", "chat", estimate={"low_s": 0, "high_s": 60}),
        row("b", "chat", estimate={"low_s": 0, "high_s": 240}),
        row("c", "chat", estimate={"low_s": 60, "high_s": 900}),
    ]
    await watch.open()
    rows = watch.page.locator(".ahead > .ahead-table tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_have_attribute("data-line", "city/c/chat")
    watch.station.queues = [row("a", "chat", estimate={"low_s": 0, "high_s": 60})]
    await watch.tell()
    await expect(watch.page.locator(".ahead")).to_contain_text("Missään ei tarvitsisi nyt odottaa")


async def test_several_missing_skills_are_one_row(watch: Watch) -> None:
    page = watch.page
    watch.station.queues = [row("parking", "chat"), row("daycare", "mail")]
    gap = {"organisation": "city", "queue": "parking", "language": "sv", "level": 2}
    gap |= {"why": "nobody_on_duty", "waiting": 2, "since": ago(300)}
    watch.station.uncovered = [gap]
    await watch.open()
    await expect(page.locator(".gaps > li")).to_have_count(1)
    await expect(page.locator(".gaps-folded")).to_have_count(0)
    other = gap | {"queue": "daycare", "why": "nobody_able", "waiting": 3, "since": ago(900)}
    watch.station.uncovered = [gap, other]
    await watch.tell()
    summary = page.locator(".gaps-folded summary")
    await expect(summary).to_contain_text("Osaamista puuttuu (2): 5 odottaa.")
    await expect(summary).to_contain_text("15 min")
    await expect(page.locator(".gaps > li").first).to_be_hidden()
    await summary.press("Enter")
    await expect(page.locator(".gaps > li")).to_have_count(2)
    await expect(page.locator(".gaps > li").first).to_be_visible()


async def test_whether_it_will_be_made_today(watch: Watch) -> None:
    watch.station.queues = [row("parking", "chat"), row("daycare", "mail")]
    await watch.open()
    rows = watch.page.locator("[data-outlook]")
    await expect(rows).to_have_count(2)
    parking = watch.page.locator('[data-outlook="city/parking"]')
    await expect(parking).to_contain_text("12 (8–17)")  # noqa: RUF001
    await expect(parking).to_contain_text("3 (2–5)")  # noqa: RUF001
    await expect(parking).to_contain_text("liian kauan odottavia 12 vähemmän")
    daycare = watch.page.locator('[data-outlook="city/daycare"]')
    await expect(daycare).to_contain_text("Historiaa on liian vähän")
    watch.station.outlook = []
    await watch.tell()
    await expect(rows).to_have_count(0)


async def test_no_queues_and_nobody(watch: Watch) -> None:
    watch.station.queues, watch.station.agents = [], []
    await watch.open()
    await expect(watch.page.locator(".queues")).to_contain_text("Jonoja ei vielä ole")
    await expect(watch.page.locator(".agents")).to_contain_text("ei ole vielä ollut töissä")
    watch.station.agents = [agent(1, "Aino", "offline")]
    await watch.tell()
    await expect(watch.page.locator(".agents")).to_contain_text("Kukaan ei ole töissä")


@pytest.fixture
def full_house() -> Station:
    """As large as we promise."""
    queues, agents = crowd(1000, 60)
    return Station(queues=queues, agents=agents)


async def test_a_thousand_agents_and_sixty_rows(watch: Watch, full_house: Station) -> None:
    watch.station.queues, watch.station.agents = full_house.queues, full_house.agents
    await watch.open()
    await watch.page.get_by_role("button", name="Näytä kanavat").click()
    await expect(watch.page.locator(".channel-row")).to_have_count(60)
    there = watch.page.locator('[data-state="available"] .agent')
    await expect(there).to_have_count(501)
    await watch.page.evaluate("window.kept = document.querySelector('[data-agent=\"1\"]')")
    watch.station.agents[0].update(load=2)
    watch.station.agents[2].update(state="break")
    await watch.tell()
    await expect(there).to_have_count(500)
    await expect(watch.page.locator('[data-agent="0"]')).to_contain_text("2/3")
    assert await watch.page.evaluate("kept === document.querySelector('[data-agent=\"1\"]')")

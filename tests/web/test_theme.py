"""Themes through the doors: saved, refused, worn by every citizens' page; files that lie."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from contactcenter.configuration.themes import Dresses
from contactcenter.web.citizen.chat_pages import MAX_WIDGET
from tests.unit.test_theme_files import chunk, png, woff2
from tests.web.city import City, open_city
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Answer, Browser, Edge
from tests.web.test_admin_queues import seen

PLACE = "/admin/organisations/city/theme"
GREEN = {
    "light.brand": "#0B4F4A",
    "light.accent": "#00695c",
    "light.background": "#f3f7f5",
    "name.fi": "Vihreä <kaupunki>",
    "name.sv": "Gröna staden",
    "name.en": "Green city",
}
PAGES = (
    "/contact?organisation=city",
    "/message?topic=city/parking",
    "/callback?queue=general",
    "/privacy?organisation=city",
    "/accessibility?queue=general",
    "/chat?queue=general",
)
SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@pytest.fixture
async def city(edge: Edge, redis_url: str) -> City:
    """Two organisations that can be written to, and an edge that dresses its pages."""
    edge.services.dresses = Dresses(edge.services.db)
    return await open_city(edge, redis_url)


async def send(
    browser: Browser,
    given: Mapping[str, str],
    files: Mapping[str, bytes] | None = None,
    *,
    do: str = "save",
    place: str = PLACE,
    **more: Any,
) -> Answer:
    """Send the form as a browser does, as it was shown last."""
    form = aiohttp.FormData(default_to_multipart=True)
    shown = await browser.get(place)
    for name, value in {
        "do": do,
        "seen": seen(shown) if shown.status == 200 else "",
        **given,
    }.items():
        form.add_field(name, value)
    for name, data in (files or {}).items():
        form.add_field(f"file.{name}", data, filename="x.svg", content_type="image/svg+xml")
    return await browser.ask("POST", place, data=form, **more)


def field(page: Answer, name: str) -> str:
    """What a field of the form holds."""
    found = re.search(rf'name="{re.escape(name)}"[^>]* value="([^"]*)"', page.text)
    assert found is not None, name
    return html.unescape(found[1])


async def test_saved_it_is_worn_by_every_page_at_once_and_by_nobody_elses(city: City) -> None:
    admin, citizen = await city.edge.signed_in(ADMIN), await city.edge.browser()
    for path in PAGES:
        assert "<style>" not in (await citizen.get(path)).text
    large = png(20, 10, chunk(b"tEXt", bytes(80_000)))
    done = await send(admin, GREEN, {"logo": large})
    assert done.status == 303
    for path in PAGES:
        page = await citizen.get(path)
        (sheet,) = SHEET.findall(page.text)
        assert "--brand:light-dark(#0b4f4a,#0b4f4a)" in sheet
        assert re.search(
            r"style-src 'self' 'sha256-[^']+';", page.header("Content-Security-Policy")
        )
        assert "unsafe" not in page.header("Content-Security-Policy")
        assert "<kaupunki>" not in page.text
        logo = re.search(r"(/theme/city/\w{32}\.png)", page.text)
        assert logo is not None, path
        file = await citizen.get(logo[1])
        assert (file.status, file.header("Content-Type")) == (200, "image/png")
        assert "immutable" in file.header("Cache-Control")
        assert file.header("X-Content-Type-Options") == "nosniff"
        assert "sandbox" in file.header("Content-Security-Policy")
    page = await citizen.get("/contact?organisation=city&lang=fi")
    assert "Vihreä &lt;kaupunki&gt;" in page.text
    page = await citizen.get("/chat?organisation=city&lang=fi")
    assert "<title>Vihreä &lt;kaupunki&gt; " in page.text
    assert r"Vihre\u00e4 \u003ckaupunki\u003e" in page.text  # the head of the chat, from JSON
    loader = (await citizen.get("/widget.js?queue=general")).text
    assert "#0b4f4a" in loader
    assert "#005799" not in loader
    assert len(loader.encode()) <= MAX_WIDGET
    for path in ("/privacy?organisation=kela", "/callback?queue=benefits"):
        assert "<style>" not in (await citizen.get(path)).text
    for path in ("/widget.js?queue=benefits",):
        assert "#005799" in (await citizen.get(path)).text
    for path in ("/login", "/admin/organisations/city"):  # the staff's own pages wear nothing
        assert "<style>" not in (await admin.get(path)).text
    missing = await citizen.get("/contact?organisation=nowhere")
    assert (missing.status, len(SHEET.findall(missing.text))) == (404, 1)
    assert SHEET.findall((await citizen.get("/message?topic=city/nothing")).text)


async def test_a_change_is_noted_taken_back_and_removed(city: City) -> None:
    edge = city.edge
    admin, citizen = await edge.signed_in(ADMIN), await edge.browser()
    await send(admin, GREEN)
    done = await send(admin, GREEN | {"light.brand": "#7a1f5c"})
    place = done.header("Location")
    assert "#7a1f5c" in (await citizen.get(PAGES[0])).text
    (row,) = await edge.audited("change_theme")
    assert json.loads(row["before"])["light"]["brand"] == "#0b4f4a"
    assert row["organisation_id"] == edge.organisations["city"]
    entry = place.rpartition("undo=")[2]
    taken = await admin.post("/admin/undo", {"entry": entry, "next": PLACE})
    assert taken.status == 303
    assert "#0b4f4a" in (await citizen.get(PAGES[0])).text
    gone = await admin.post(f"{PLACE}/remove", {"x": ""})
    assert "<style>" not in (await citizen.get(PAGES[0])).text
    entry = gone.header("Location").rpartition("undo=")[2]
    await admin.post("/admin/undo", {"entry": entry, "next": PLACE})
    assert "#0b4f4a" in (await citizen.get(PAGES[0])).text
    assert (await admin.post(f"{PLACE}/remove", {"x": ""})).status == 303
    assert (await admin.post(f"{PLACE}/remove", {"x": ""})).status == 303
    assert len(await edge.audited("remove_theme")) == 2


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(city: City) -> None:
    admin = await city.edge.signed_in(ADMIN)
    await send(admin, GREEN)
    old = seen(await admin.get(PLACE))
    await send(admin, GREEN | {"light.brand": "#7a1f5c"})
    late = await send(admin, GREEN | {"light.brand": "#112233", "seen": old})
    assert late.status == 409
    assert "#7a1f5c" in late.text


async def test_what_can_not_be_read_is_refused_and_taken_as_advised(city: City) -> None:
    admin = await city.edge.signed_in(ADMIN)
    bad = GREEN | {"light.accent": "#9ad0c2", "dark.background": "#777777"}
    page = await send(admin, bad, {"logo": png()}, place=PLACE)
    assert page.status == 400
    text = (await admin.get(f"{PLACE}?lang=en")).text
    assert "#9ad0c2" not in text  # nothing was saved
    assert field(page, "light.accent") == "#9ad0c2"  # what was typed stays, the file too
    assert len(field(page, "logo")) == 32
    errors = re.findall(r'class="field-error" id="([\w.]+)-error">([^<]+)', page.text)
    advised = {name: re.findall(r"#[0-9a-f]{6}", said) for name, said in errors}
    assert advised.keys() == {"light.accent", "dark.background"}
    assert advised["light.accent"][0] == "#9ad0c2"
    assert re.search(r"\b1,\d\d : 1", dict(errors)["light.accent"])
    logo = {"logo": field(page, "logo")}
    again = bad | logo | {name: colours[-1] for name, colours in advised.items()}
    assert (await send(admin, again)).status == 303


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"light.brand": "red;}body{display:none}"}, "light.brand"),
        ({"dark.accent": "</style><script>alert(1)</script>"}, "dark.accent"),
        ({"font": "x;} @import url(//evil.example)"}, "font"),
        ({"logo": "../../../etc/passwd"}, "logo"),
        ({"logo": "0" * 32}, "logo"),
        ({"font": "own"}, "font_regular"),
        ({"name.fi": "x" * 101}, "name.fi"),
        ({"name.sv": ""}, "name.sv"),
        ({"logo_text.fi": "Vain suomeksi"}, "logo_text.sv"),
    ],
)
async def test_nothing_but_what_it_should_be(city: City, given: dict[str, str], wrong: str) -> None:
    admin = await city.edge.signed_in(ADMIN)
    page = await send(admin, GREEN | given)
    assert page.status == 400
    assert f'id="{wrong}-error"' in page.text
    assert "<script>alert" not in page.text
    assert await city.edge.rows("SELECT FROM theme") == []
    assert (await admin.get(f"{PLACE}/preview?{urlencode(given)}")).status == 200


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("logo", png() + b"<script>alert(1)</script>"),
        ("logo", woff2()),
        ("logo", b"GIF89a" + bytes(20)),
        ("logo", bytes(100_001)),
        ("font_regular", png()),
        ("font_bold", b"wOF2" + bytes(60)),
    ],
)
async def test_files_that_lie_are_refused(city: City, name: str, data: bytes) -> None:
    admin = await city.edge.signed_in(ADMIN)
    page = await send(admin, GREEN, {name: data})
    assert page.status == 400
    assert f'id="{name}-error"' in page.text
    assert await city.edge.rows("SELECT FROM theme_file") == []


async def test_an_own_font_is_served_as_one(city: City) -> None:
    admin, citizen = await city.edge.signed_in(ADMIN), await city.edge.browser()
    fonts = {"font_regular": woff2(), "font_bold": woff2(body=b"b" * 80)}
    assert (await send(admin, GREEN | {"font": "own"}, fonts)).status == 303
    page = await citizen.get(PAGES[0])
    urls = re.findall(r'url\("(/theme/city/\w+\.woff2)"\)', page.text)
    assert len(urls) == 2
    for url in urls:
        assert (await citizen.get(url)).header("Content-Type") == "font/woff2"
        assert (await citizen.get(url.replace("woff2", "png"))).status == 404
        assert (await citizen.get(url.replace("city", "kela"))).status == 404
    shown = await admin.get(PLACE)
    digests = {name: field(shown, name) for name in fonts}
    given = GREEN | {"font": "system", "drop": "font_regular"} | digests
    assert (await send(admin, given)).status == 303
    assert field(await admin.get(PLACE), "font_regular") == ""


async def test_a_look_before_saving_keeps_the_file_and_saves_nothing(city: City) -> None:
    admin = await city.edge.signed_in(ADMIN)
    page = await send(admin, GREEN, {"logo": png()}, do="preview")
    assert page.status == 200
    assert await city.edge.rows("SELECT FROM theme") == []
    frame = html.unescape(re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)[0])
    look = await admin.get(frame)
    assert look.status == 200
    assert "--brand:light-dark(#0b4f4a" in look.text
    assert ".png" in look.text
    assert "frame-ancestors 'self'" in look.header("Content-Security-Policy")
    bad = await admin.get(f"{PLACE}/preview?light.brand=%3C/style%3E&font=%22&logo=x&lang=en")
    assert bad.status == 200
    assert "</style></" not in bad.text
    low = await admin.get(f"{PLACE}/preview?light.accent=%23cccccc&lang=en")
    assert "too little" in low.text


async def test_an_admin_of_another_organisation_and_others_are_refused(city: City) -> None:
    edge = city.edge
    other = await edge.signed_in(PARTNER_ADMIN)
    for path in (PLACE, f"{PLACE}/preview"):
        assert (await other.get(path)).status == 404
    assert (await send(other, GREEN, {"logo": png()})).status == 404
    assert (await other.post(f"{PLACE}/remove", {"x": ""})).status == 404
    for email in (AGENT, SUPERVISOR):
        browser = await edge.signed_in(email)
        assert (await browser.get(PLACE)).status == 403
        assert (await send(browser, GREEN, {"logo": png()})).status == 403
    nobody = await edge.browser()
    assert (await send(nobody, GREEN)).status in (303, 401)
    admin = await edge.signed_in(ADMIN)
    assert (await send(admin, GREEN, origin="https://evil.example")).status == 403
    assert await edge.rows("SELECT FROM theme") == []
    assert await edge.rows("SELECT FROM theme_file") == []
    await send(admin, GREEN)
    entry = (await edge.audited("add_theme"))[0]["id"]
    assert (await other.post("/admin/undo", {"entry": str(entry), "next": PLACE})).status == 404
    theirs = await send(other, {"light.brand": "#222222"}, place=PLACE.replace("city", "kela"))
    assert theirs.status == 303
    assert "#0b4f4a" in (await nobody.get(PAGES[0])).text


async def test_old_files_go_and_those_that_are_worn_stay(city: City) -> None:
    admin = await city.edge.signed_in(ADMIN)
    await send(admin, GREEN, {"logo": png(1)})
    worn = field(await admin.get(PLACE), "logo")
    for width in range(2, 30):
        await send(admin, GREEN, {"logo": png(width)}, do="preview")
    rows = await city.edge.rows("SELECT digest FROM theme_file")
    assert worn in {row["digest"] for row in rows}
    assert len(rows) <= 21


async def test_the_file_of_the_configuration_holds_it_with_its_logo(city: City) -> None:
    edge = city.edge
    names = json.dumps({"fi": "Kaupunki", "sv": "Stad", "en": "City"})
    await edge.rows("UPDATE organisation SET name = $1::jsonb", names)
    admin = await edge.signed_in(ADMIN)
    await send(admin, GREEN, {"logo": png(7, 7)})
    out = (await admin.get("/admin/configuration/file")).json
    assert [one["organisation"] for one in out["theme"]] == ["city"]
    assert len(out["theme_file"]) == 1
    await edge.rows("DELETE FROM theme")
    await edge.rows("DELETE FROM theme_file")
    given = {name: out[name] for name in ("theme", "theme_file")}
    shown = await _configure(admin, json.dumps(given))
    assert await edge.rows("SELECT FROM theme_file") == []  # only shown yet
    seal = re.findall(r'name="seal" value="(\w+)"', shown.text)[0]
    assert (await _configure(admin, json.dumps(given), seal)).status == 303
    assert (await admin.get("/admin/configuration/file")).json["theme"] == out["theme"]
    assert ".png" in (await admin.get(PAGES[0])).text
    del given["theme_file"]
    await edge.rows("DELETE FROM theme")
    await edge.rows("DELETE FROM theme_file")
    assert (await _configure(admin, json.dumps(given))).status == 400
    given["theme_file"] = [{"organisation": "city", "data": "PHN2Zy8+"}]
    assert (await _configure(admin, json.dumps(given))).status == 400
    foreign = json.dumps({"theme": out["theme"], "theme_file": out["theme_file"]})
    refused = await _configure(await edge.signed_in(PARTNER_ADMIN), foreign)
    assert refused.status == 400
    assert await edge.rows("SELECT FROM theme_file") == []


async def _configure(browser: Browser, text: str, seal: str = "") -> Answer:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("text", text)
    if seal:
        form.add_field("seal", seal)
    return await browser.ask("POST", "/admin/configuration", data=form)


async def test_the_house_is_there_without_its_database(city: City) -> None:
    """A page that says so wears what was known last."""
    admin, citizen = await city.edge.signed_in(ADMIN), await city.edge.browser()
    await send(admin, GREEN)
    await citizen.get("/contact")
    await city.edge.services.db.close()
    page = await citizen.get("/contact")
    assert page.status == 503
    assert "#0b4f4a" in page.text

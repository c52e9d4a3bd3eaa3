"""The whole configuration over the pages: out as a file, in after a look; and the small things:
organisations, outcomes, templates, sites."""

from __future__ import annotations

import asyncio
import html
import io
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from contactcenter.configuration.origins import Origins
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, Answer, Browser, Edge
from tests.web.test_admin_queues import added, seen

PLACE = "/admin/configuration"
NAMES = {"name.fi": "Vastattu", "name.sv": "Besvarad", "name.en": "Answered"}


async def _upload(browser: Browser, text: str, *, as_file: bool = False, **more: str) -> Answer:
    form = aiohttp.FormData(default_to_multipart=True)
    if as_file:
        form.add_field("file", io.BytesIO(text.encode()), filename="city.json")
        form.add_field("text", "")
    else:
        form.add_field("text", text)
    for name, value in more.items():
        form.add_field(name, value)
    return await browser.ask("POST", PLACE, data=form)


async def _file(browser: Browser) -> dict[str, Any]:
    answer = await browser.get(f"{PLACE}/file")
    assert answer.status == 200
    assert "attachment" in answer.header("Content-Disposition")
    found: dict[str, Any] = answer.json
    return found


async def _named(edge: Edge) -> Browser:
    """An admin of an organisation whose things have names in every language."""
    names = json.dumps({"fi": "Kaupunki", "sv": "Stad", "en": "City"})
    await edge.rows("UPDATE organisation SET name = $1::jsonb WHERE key = 'city'", names)
    await edge.rows("UPDATE queue SET name = $1::jsonb", names)
    return await added(edge)


@pytest.mark.parametrize("as_file", [True, False])
async def test_out_changed_looked_at_and_in(edge: Edge, as_file: bool) -> None:
    admin = await _named(edge)
    city = await _file(admin)
    assert {one["key"] for one in city["queue"]} == {"general", "library"}
    assert await edge.audited("export_configuration")
    next(one for one in city["queue"] if one["key"] == "library")["target_s"] = 42
    shown = await _upload(admin, json.dumps(city), as_file=as_file)
    assert shown.status == 200
    assert "<del>600</del> <ins>42</ins>" in shown.text
    (before,) = await edge.rows("SELECT target_s FROM queue WHERE key = 'library'")
    assert before["target_s"] == 600
    seal = re.findall(r'name="seal" value="(\w+)"', shown.text)[0]
    text = html.unescape(
        re.findall(r"<textarea name=\"text\" hidden>(.*?)</textarea>", shown.text, re.S)[0]
    )
    done = await _upload(admin, text, seal=seal)
    assert (done.status, done.header("Location")) == (303, f"{PLACE}?done=1")
    (after,) = await edge.rows("SELECT target_s FROM queue WHERE key = 'library'")
    assert after["target_s"] == 42
    again = await _upload(admin, text)
    assert "seal" not in again.text


async def test_what_was_shown_is_what_is_done(edge: Edge) -> None:
    admin = await _named(edge)
    city = await _file(admin)
    city["queue"][0]["target_s"] = 42
    shown = await _upload(admin, json.dumps(city))
    seal = re.findall(r'name="seal" value="(\w+)"', shown.text)[0]
    await edge.rows("UPDATE queue SET target_s = 43")
    late = await _upload(admin, json.dumps(city), seal=seal)
    assert late.status == 409
    assert await edge.rows("SELECT FROM queue WHERE target_s = 42") == []


async def test_every_problem_of_a_file_is_shown_with_its_place(edge: Edge) -> None:
    admin = await _named(edge)
    city = await _file(admin)
    city["queue"][0] |= {"task": "a b", "level": 9}
    page = await _upload(admin, json.dumps(city))
    assert page.status == 400
    assert "queue.general.task" in page.text
    assert "queue.general.level" in page.text
    assert "a b" in page.text  # what was typed stays


@pytest.mark.parametrize("text", ["", "{", "[[queue]", '{"users": []}', "<script>", "\x00"])
async def test_what_is_no_file_is_said_so(edge: Edge, text: str) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await _upload(admin, text)
    assert page.status in (200, 400)
    assert "<script>alert" not in page.text


async def test_a_file_is_not_too_long(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    assert (await _upload(admin, " " * 1_100_000, as_file=True)).status == 413
    assert (await _upload(admin, " " * 4_000_000, as_file=True)).status == 413


async def test_a_partners_file_holds_and_changes_the_partners_only(edge: Edge) -> None:
    admin, partner = await _named(edge), await edge.signed_in(PARTNER_ADMIN)
    ours, theirs = await _file(admin), await _file(partner)
    assert [one["key"] for one in theirs["organisation"]] == ["kela"]
    assert "city.example" not in json.dumps(theirs)
    page = await _upload(partner, json.dumps(ours))
    assert page.status == 403
    assert "queue.library" in page.text
    assert 'name="seal"' not in page.text
    for verb in ("change_queue", "change_user", "change_organisation"):
        assert await edge.audited(verb) == []


async def test_only_admins_and_only_from_our_page(edge: Edge) -> None:
    agent, admin = await edge.signed_in(AGENT), await edge.signed_in(ADMIN)
    assert (await _upload(agent, "{}")).status == 403
    form = aiohttp.FormData({"text": "{}"})
    form.add_field("x", "y", filename="z")
    answer = await admin.ask("POST", PLACE, data=form, origin="https://evil.example")
    assert answer.status == 403


async def test_outcomes_come_change_and_go(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    new = {"organisation": "city", "key": "answered", "position": "3", "seen": ""}
    for key in ("answered", "other"):
        answer = await admin.post("/admin/new/disposition", new | NAMES | {"key": key})
        assert answer.status == 303
    assert (await admin.post("/admin/new/disposition", new | NAMES)).status == 400  # taken
    one = "/admin/dispositions/city/answered"
    shown = seen(await admin.get(one))
    change = new | NAMES | {"name.en": "Done", "seen": shown}
    assert (await admin.post(one, change)).status == 303
    assert (await admin.post(one, change)).status == 409
    assert "Done" in (await admin.get("/admin/dispositions?lang=en")).text
    assert (await admin.post(f"{one}/disable", {"seen": seen(await admin.get(one))})).status == 303
    last = "/admin/dispositions/city/other"
    no = await admin.post(f"{last}/disable", {"seen": seen(await admin.get(last))})
    assert no.status == 409
    partner = await edge.signed_in(PARTNER_ADMIN)
    assert (await partner.get(one)).status == 404
    assert (await partner.post(one, change)).status == 404
    assert (await partner.post("/admin/new/disposition", new | NAMES)).status == 400


async def test_templates_say_which_language_is_missing(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    new = {"organisation": "city", "key": "hello", "position": "0", "seen": ""} | NAMES
    assert (await admin.post("/admin/new/template", new)).status == 400  # no text at all
    texts = {"text.fi": "Hei\r\n\r\nTerveisin", "text.sv": "", "text.en": "Hello"}
    assert (await admin.post("/admin/new/template", new | texts)).status == 303
    (row,) = await edge.rows("SELECT text FROM template")
    assert json.loads(row["text"]) == {"fi": "Hei\n\nTerveisin", "en": "Hello"}
    listed = await admin.get("/admin/templates?lang=en")
    assert re.search(r"missing:\s*Swedish", listed.text)
    page = await admin.get("/admin/templates/city/hello")
    assert "Terveisin</textarea>" in page.text
    again = await admin.post(
        "/admin/templates/city/hello", new | texts | {"position": "1", "seen": seen(page)}
    )
    assert again.status == 303


async def test_an_organisation_is_renamed_and_none_is_added(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    one = "/admin/organisations/city"
    given = NAMES | {"time_zone": "Europe/Helsinki", "seen": seen(await admin.get(one))}
    assert (await admin.post(one, given | {"time_zone": "Mars/Olympus"})).status == 400
    assert (await admin.post(one, given)).status == 303
    (row,) = await edge.rows("SELECT name FROM organisation WHERE key = 'city'")
    assert json.loads(row["name"])["sv"] == "Besvarad"
    assert (await admin.get("/admin/organisations/kela")).status == 404
    assert (await admin.post("/admin/organisations/kela", given)).status == 404
    assert (await admin.post("/admin/organisations/new", given)).status == 404


async def test_a_site_is_added_used_removed_and_taken_back(edge: Edge) -> None:
    edge.services.origins = Origins(edge.services.db).of_all
    admin, partner = await edge.signed_in(ADMIN), await edge.signed_in(PARTNER_ADMIN)
    site = {"organisation": "city", "origin": "https://www.city.example/"}
    for bad in ("https://x.example;script-src *", "*", "javascript:alert(1)", "city.example"):
        page = await admin.post("/admin/origins", site | {"origin": bad})
        assert page.status == 400
        assert 'id="origin-error"' in page.text
    assert (await admin.post("/admin/origins", site)).status == 303
    policy = (await admin.get("/chat?queue=none")).header("Content-Security-Policy")
    assert policy.endswith("frame-ancestors 'self' https://www.city.example")
    assert (await partner.post("/admin/origins", site | {"organisation": "kela"})).status == 400
    await partner.post("/admin/origins/remove", site | {"organisation": "kela"})
    assert len(await edge.rows("SELECT FROM widget_origin")) == 1
    removed = await admin.post("/admin/origins/remove", site)
    assert await edge.rows("SELECT FROM widget_origin") == []
    entry = re.findall(r"undo=(\d+)", removed.header("Location"))[0]
    back = await admin.post("/admin/undo", {"entry": entry, "next": "/admin/origins"})
    assert back.status == 303
    assert len(await edge.rows("SELECT FROM widget_origin")) == 1


async def test_an_invited_agent_has_skills_from_the_start(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    city, kela = edge.organisations["city"], edge.organisations["kela"]
    assert f'value="{city}/general/fi/2"' in (await admin.get("/admin/users")).text
    form = {
        "email": "uusi@city.example",
        "name": "Uuno Uusi",
        "role": "agent",
        "language": "fi",
        "organisation": str(city),
        "capacity": "2",
        "skills": [f"{city}/general/fi/2", ""],
    }
    no = await admin.post("/admin/users", form | {"skills": [f"{kela}/general/fi/2"]})
    assert no.status == 400
    assert (await admin.post("/admin/users", form)).status == 200
    skills = await edge.rows(
        "SELECT s.task, s.level FROM skill s JOIN users u ON u.id = s.user_id WHERE u.email = $1",
        "uusi@city.example",
    )
    assert [tuple(row) for row in skills] == [("general", 2)]
    (row,) = await edge.audited("invite")
    assert json.loads(row["after"])["skills"] == [f"{city}/general/fi/2"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_settings_have_every_text_and_label(edge: Edge, language: str) -> None:
    admin = await added(edge)
    for path in (
        "/admin/queues", "/admin/queues/library", "/admin/new/queue", "/admin/organisations",
        "/admin/organisations/city", "/admin/agreements", "/admin/new/agreement",
        "/admin/dispositions", "/admin/new/disposition",
        "/admin/decline_reasons", "/admin/new/decline_reason",
        "/admin/contact_reasons", "/admin/new/contact_reason", "/admin/areas", "/admin/new/area",
        "/admin/templates", "/admin/new/template", "/admin/origins", "/admin/configuration",
        "/admin/users", "/admin/audit",
    ):  # fmt: skip
        page = (await admin.get(path, params={"lang": language})).text
        assert f'<html lang="{language}">' in page
        assert "⟦" not in page, path
        assert page.count("<h1>") == 1, path
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert sorted(set(ids)) == sorted(ids), path
        fields = re.findall(r'<(?:input|select|textarea) id="([^"]+)"([^>]*)', page)
        unnamed = [
            name for name, rest in fields
            if f'for="{name}"' not in page and "aria-label" not in rest
        ]  # fmt: skip
        assert unnamed == [], path


@pytest.mark.parametrize(
    "parts",
    [
        [f'Content-Disposition: form-data; name="f{n}"\r\n\r\n' for n in range(3)],
        ['Content-Disposition: form-data; name="prune"\r\n\r\n1'] * 2,
        ["X: 1\r\n" * 500 + 'Content-Disposition: form-data; name="text"\r\n\r\n'],
        ["X: " + "x" * 100_000 + "\r\n\r\n"],
        ["no header\r\n\r\n"],
    ],
    ids=["unknown", "twice", "headers", "long_header", "no_header"],
)
async def test_a_form_that_is_not_ours_is_refused(edge: Edge, parts: list[str]) -> None:
    """Parts of no content cost memory too, so that a body of any length is not bound by its
    content alone."""
    admin = await _named(edge)
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await admin.ask("POST", PLACE, data=body.encode(), headers=headers)
    assert answer.status == 400, answer.text


@pytest.mark.parametrize("entry", [2**63, -1, 0, 10**30])
async def test_a_number_that_no_entry_has_is_no_fault_of_ours(edge: Edge, entry: int) -> None:
    admin = await _named(edge)
    answer = await admin.ask("POST", "/admin/undo", data={"entry": str(entry), "next": "/admin"})
    assert answer.status in (400, 404), answer.text


async def test_a_form_of_unknown_length_is_not_read(edge: Edge) -> None:
    admin = await _named(edge)
    end = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"--b\r\n"
        await end.wait()

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await admin.ask("POST", PLACE, data=endless(), headers=headers)
    end.set()
    assert answer.status == 400, answer.text

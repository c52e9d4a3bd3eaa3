"""The editor of queues: what was typed stays, nothing is overwritten unseen, all can be taken
back, and nobody else's queue is seen or touched."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Answer, Browser, Edge

QUEUE = "/admin/queues/library"


def form(**given: Any) -> dict[str, Any]:
    """The form of a new queue."""
    return {
        "organisation": "city",
        "key": "library",
        "name.fi": "Kirjasto",
        "name.sv": "Bibliotek",
        "name.en": "Library",
        "task": "library",
        "level": "1",
        "languages": ["fi", "sv"],
        "channels": ["chat", "mail"],
        "addresses": "kirjasto@city.example",
        "phone": " 015 194 1 ",
        "opening": "hours",
        "hours.weekly.1": "9-15, 16.30-18",
        "hours.exceptions.day": ["2026-12-23", "24.12.2026", ""],
        "hours.exceptions.spans": ["9-12", "", ""],
        "hours.holidays": "closed",
        "hours.eves": "closed",
        "target_s": "600",
        "service_level.seconds": "600",
        "service_level.way": "negative",
        "service_level.short_abandon_s": "10",
        "offer_s": "",
        "callbacks_per_half_hour": "4",
        "seen": "",
    } | given


def seen(page: Answer) -> str:
    """What the form says that it showed."""
    found = re.search(r'name="seen" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


async def added(edge: Edge) -> Browser:
    """An admin who has added the library's queue."""
    admin = await edge.signed_in(ADMIN)
    answer = await admin.post("/admin/new/queue", form())
    assert answer.status == 303, answer.text
    assert answer.header("Location").startswith(f"{QUEUE}?done=saved&undo=")
    return admin


async def queue(edge: Edge, key: str = "library") -> dict[str, Any]:
    """Its row."""
    (row,) = await edge.rows("SELECT * FROM queue WHERE key = $1", key)
    return dict(row)


async def test_a_queue_is_added_and_shown_as_it_was_typed(edge: Edge) -> None:
    admin = await added(edge)
    row = await queue(edge)
    hours = json.loads(row["hours"])
    assert hours["weekly"] == {"1": [["09:00", "15:00"], ["16:30", "18:00"]]}
    assert hours["exceptions"] == {"2026-12-23": [["09:00", "12:00"]], "2026-12-24": []}
    assert (row["always_open"], row["offer_s"], row["languages"]) == (False, None, ["fi", "sv"])
    page = await admin.get(QUEUE)
    assert 'value="09:00-15:00, 16:30-18:00"' in page.text
    assert "kirjasto@city.example" in page.text
    listed = await admin.get("/admin/queues")
    assert "Kirjasto" in listed.text


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("key", "Ei näin", "key"),
        ("key", "general", "key"),
        ("name.sv", "", "name.sv"),
        ("name.fi", "a\u202eb", "name.fi"),
        ("task", "a/b", "task"),
        ("level", "9", "level"),
        ("languages", [], "languages"),
        ("channels", ["fax"], "channels"),
        ("addresses", "not an address", "addresses"),
        ("hours.weekly.1", "nine to five", "hours.weekly.1"),
        ("hours.weekly.1", "15-9", "hours.weekly.1"),
        ("hours.weekly.1", "9-12, 11-15", "hours.weekly.1"),
        ("hours.weekly.1", "9-25", "hours.weekly.1"),
        ("hours.exceptions.day", ["2026-02-30", "", ""], "hours.exceptions"),
        ("hours.exceptions.day", ["2026-12-24", "24.12.2026", ""], "hours.exceptions"),
        ("target_s", "soon", "target_s"),
        ("offer_s", "0", "offer_s"),
        ("service_level.way", "guessed", "service_level.way"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    edge: Edge, field: str, value: Any, error: str
) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.post("/admin/new/queue", form() | {field: value, "name.en": "My <library>"})
    assert page.status == 400, page.text
    assert f'id="{error}-error"' in page.text
    assert f'href="#{error}"' in page.text
    assert 'value="My &lt;library&gt;"' in page.text
    assert len(re.findall(rf'id="{re.escape(error)}"', page.text)) == 1
    assert len(await edge.rows("SELECT FROM queue")) == 1


async def test_every_problem_is_said_at_once(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.post("/admin/new/queue", form(**{"name.fi": "", "task": "X", "level": "7"}))
    for field in ("name.fi", "task", "level"):
        assert f'id="{field}-error"' in page.text


async def test_hours_without_any_are_not_around_the_clock(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    none = {"hours.weekly.1": "", "hours.exceptions.day": [], "hours.exceptions.spans": []}
    page = await admin.post("/admin/new/queue", form(**none))
    assert 'id="opening-error"' in page.text
    answer = await admin.post("/admin/new/queue", form(**none, opening="staffed"))
    assert answer.status == 303
    row = await queue(edge)
    assert json.loads(row["hours"]) == {
        "weekly": {}, "exceptions": {}, "holidays": "closed", "eves": "closed",
    }  # fmt: skip
    assert row["always_open"] is False


async def test_a_preview_saves_nothing(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.post("/admin/new/queue", form(act="preview"))
    assert page.status == 200
    assert "9.00\u201315.00, 16.30\u201318.00" in page.text
    assert 'value="9-15, 16.30-18"' in page.text
    assert len(await edge.rows("SELECT FROM queue")) == 1


@pytest.mark.parametrize("act", ["preview", "save"])
async def test_wrong_hours_are_said_at_their_day(edge: Edge, act: str) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.post("/admin/new/queue", form(act=act) | {"hours.weekly.2": "9-25"})
    assert page.status == 400
    assert "Kellonaika ei kelpaa (Tiistai)" in page.text
    assert 'id="hours.weekly.2-error"' in page.text
    links = page.text.count('href="#hours.weekly.2"')
    assert links == (2 if act == "preview" else 1)  # a preview leads past the top of the page


async def test_of_two_admins_the_second_is_told_and_overwrites_nothing(edge: Edge) -> None:
    first, second = await added(edge), await edge.signed_in(ADMIN)
    mine, theirs = seen(await first.get(QUEUE)), seen(await second.get(QUEUE))
    assert (await first.post(QUEUE, form(target_s="60", seen=mine))).status == 303
    page = await second.post(QUEUE, form(level="2", seen=theirs))
    assert page.status == 409
    assert "<del>600</del> <ins>60</ins>" in page.text
    assert "Anna Testaaja" in page.text
    assert re.search(r'<option value="2" selected>', page.text)
    assert ((await queue(edge))["target_s"], (await queue(edge))["level"]) == (60, 1)
    again = await second.post(QUEUE, form(level="2", target_s="60", seen=seen(page)))
    assert again.status == 303
    assert ((await queue(edge))["target_s"], (await queue(edge))["level"]) == (60, 2)


async def test_a_form_that_saw_nothing_changes_nothing(edge: Edge) -> None:
    admin = await added(edge)
    for lie in ("", "{}", "nonsense", seen(await admin.get("/admin/queues/general"))):
        assert (await admin.post(QUEUE, form(target_s="60", seen=lie))).status in (400, 409)
    assert (await queue(edge))["target_s"] == 600


async def test_a_change_is_taken_back_once_where_nobody_changed_it_since(edge: Edge) -> None:
    admin = await added(edge)
    answer = await admin.post(QUEUE, form(target_s="60", seen=seen(await admin.get(QUEUE))))
    page = await admin.get(answer.header("Location"))
    entry = re.findall(r'name="entry" value="(\d+)"', page.text)[0]
    undone = await admin.post("/admin/undo", {"entry": entry, "next": QUEUE})
    assert (undone.status, undone.header("Location")) == (303, f"{QUEUE}?done=undone")
    assert (await queue(edge))["target_s"] == 600
    assert (await admin.post("/admin/undo", {"entry": entry, "next": QUEUE})).status == 409
    audited = [(row["before"], row["after"]) for row in await edge.audited("change_queue")]
    assert audited == [
        ('{"target_s": 600}', '{"target_s": 60}'),
        ('{"target_s": 60}', '{"target_s": 600}'),
    ]


async def test_every_kind_of_field_is_taken_back(edge: Edge) -> None:
    admin = await added(edge)
    before = await queue(edge)
    change = {
        "name.fi": "Toinen",
        "languages": ["sv", "fi", "en"],
        "channels": ["mail"],
        "addresses": "toinen@city.example",
        "hours.weekly.1": "10-14",
        "hours.exceptions.day": [],
        "hours.exceptions.spans": [],
        "service_level.way": "ignored",
        "offer_s": "20",
        "opening": "always",
        "seen": seen(await admin.get(QUEUE)),
    }
    answer = await admin.post(QUEUE, form(**change))
    assert await queue(edge) != before
    entry = answer.header("Location").rpartition("undo=")[2]
    undone = await admin.post("/admin/undo", {"entry": entry, "next": QUEUE})
    assert undone.status == 303
    assert await queue(edge) == before
    (address,) = await edge.rows("SELECT address FROM mail_address")
    assert address["address"] == "kirjasto@city.example"


async def test_nobody_takes_back_what_another_did(edge: Edge) -> None:
    await added(edge)
    (row,) = await edge.audited("add_queue")
    partner = await edge.signed_in(PARTNER_ADMIN)
    form_ = {"entry": str(row["id"]), "next": "//evil.example"}
    assert (await partner.post("/admin/undo", form_)).status == 404
    assert (await queue(edge))["disabled_at"] is None


async def test_a_queue_with_contacts_is_not_disabled_and_says_how_many(edge: Edge) -> None:
    admin = await added(edge)
    row = await queue(edge)
    for number, state in enumerate(("queued", "queued", "active", "closed"), 1):
        await edge.rows(
            "INSERT INTO contact (id, organisation_id, queue_id, channel, language, requirement,"
            " rank, state, owner, first_arrival, wait_from)"
            " VALUES ($1, $2, $3, 'mail', 'fi', 'r', 1, $4, $5, now(), now())",
            number, row["organisation_id"], row["id"], state, 7 if state == "active" else None,
        )  # fmt: skip
    page = await admin.post(f"{QUEUE}/disable", {"seen": seen(await admin.get(QUEUE))})
    assert page.status == 409
    assert "3 yhteydenottoa: odottaa 2, tarjottuna 0, käsittelyssä 1, ajastettu 0" in page.text
    assert (await queue(edge))["disabled_at"] is None
    await edge.rows("UPDATE contact SET state = 'closed'")
    answer = await admin.post(f"{QUEUE}/disable", {"seen": seen(await admin.get(QUEUE))})
    assert answer.status == 303
    assert (await queue(edge))["disabled_at"] is not None
    answer = await admin.post(f"{QUEUE}/enable", {"seen": seen(await admin.get(QUEUE))})
    assert (await queue(edge))["disabled_at"] is None


async def test_another_organisations_queue_is_not_there(edge: Edge) -> None:
    admin, partner = await added(edge), await edge.signed_in(PARTNER_ADMIN)
    shown = seen(await admin.get(QUEUE))
    before = await queue(edge)
    assert "Kirjasto" not in (await partner.get("/admin/queues")).text
    assert (await partner.get(QUEUE)).status == 404
    for path in (QUEUE, f"{QUEUE}/disable", f"{QUEUE}/enable"):
        assert (await partner.post(path, form(target_s="1", seen=shown))).status == 404
    for given in (
        {"organisation": "city", "key": "other", "addresses": ""},
        {"organisation": "kela", "key": "library", "addresses": ""},
        {"organisation": "kela", "key": "library", "addresses": "", "seen": shown},
        {"organisation": "kela", "key": "other"},
    ):
        answer = await partner.post("/admin/new/queue", form(**given))
        assert answer.status in (400, 409), given
    assert await queue(edge) == before
    assert await edge.rows("SELECT FROM queue WHERE key = 'other'") == []
    (address,) = await edge.rows("SELECT queue_id FROM mail_address")
    assert address["queue_id"] == before["id"]


@pytest.mark.parametrize("who", [AGENT, SUPERVISOR])
async def test_only_admins_configure(edge: Edge, who: str) -> None:
    browser = await edge.signed_in(who)
    for path in (
        "/admin/queues", "/admin/queues/general", "/admin/new/queue", "/admin/organisations",
        "/admin/organisations/city", "/admin/dispositions", "/admin/decline_reasons",
        "/admin/templates", "/admin/contact_reasons", "/admin/areas", "/admin/origins",
        "/admin/configuration", "/admin/configuration/file", "/admin/agreements",
    ):  # fmt: skip
        assert (await browser.get(path)).status == 403, path
    for path in ("/admin/new/queue", "/admin/queues/general", "/admin/queues/general/disable"):
        assert (await browser.post(path, form())).status == 403, path
    page = (await browser.get("/account")).text
    assert 'href="/admin/queues' not in page
    assert ('href="/admin' in page) is (who == SUPERVISOR)  # the pages on mail


async def test_a_form_from_elsewhere_is_refused(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    for origin in ("https://evil.example", "null", None):
        answer = await admin.post("/admin/new/queue", form(), origin=origin)
        assert answer.status == 403
        answer = await admin.post("/admin/undo", {"entry": "1", "next": "/"}, origin=origin)
        assert answer.status == 403


async def test_names_are_only_ever_names(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    nasty = '"><img src=x onerror=alert(1)>{{7*7}}'
    assert (await admin.post("/admin/new/queue", form(**{"name.fi": nasty}))).status == 303
    for path in ("/admin/queues", QUEUE, "/admin/audit", "/admin/configuration"):
        page = await admin.get(path)
        assert page.status == 200
        assert "<img" not in page.text


async def test_the_audit_reads_well(edge: Edge) -> None:
    admin = await added(edge)
    await admin.post(
        QUEUE, form(**{"hours.weekly.1": "10-14", "seen": seen(await admin.get(QUEUE))})
    )
    page = await admin.get("/admin/audit?kind=queue&object=library&lang=en")
    assert "Changed a queue" in page.text
    assert "Monday:</span> <del>09:00-15:00, 16:30-18:00</del> <ins>10:00-14:00</ins>" in page.text
    assert "&#34;" not in page.text


async def test_what_goes_around_its_mail(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    texts = {
        "from_name.fi": "Kirjasto",
        "greeting.sv": "Hej,",
        "signature.fi": "Terveisin\r\n{agent}",
    }
    assert (await admin.post("/admin/new/queue", form(**texts))).status == 303
    (row,) = await edge.rows(
        "SELECT from_name, greeting, signature FROM queue WHERE key = 'library'"
    )
    assert [json.loads(text) for text in row] == [
        {"fi": "Kirjasto"}, {"sv": "Hej,"}, {"fi": "Terveisin\n{agent}"},
    ]  # fmt: skip
    page = await admin.get(QUEUE)
    assert "Terveisin\n{agent}</textarea>" in page.text
    wrong = await admin.post(QUEUE, form(**texts | {"greeting.fi": "Hei {name}"}, seen=seen(page)))
    assert wrong.status == 400
    assert 'href="#greeting.fi"' in wrong.text
    assert "{name}" in wrong.text

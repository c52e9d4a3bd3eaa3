"""The pages on mail: mailboxes, what is kept out of the line, blocked senders, answers that did not
arrive, the loop breaker."""

from __future__ import annotations

import pytest

from contactcenter.web.admin.mailboxes import ERRORS
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Edge
from tests.web.troubles import mailboxes, trouble

PAGES = ("/admin/aside", "/admin/undelivered", "/admin/blocked-senders")
ADMINS = ("/admin/mailboxes", "/admin/loop-hits")


@pytest.fixture
async def troubled(edge: Edge) -> Edge:
    """Spam, a blocked sender, an answer that did not arrive, a loop."""
    await trouble(edge)
    return edge


async def test_who_sees_what(troubled: Edge) -> None:
    allowed = {AGENT: (), SUPERVISOR: PAGES, ADMIN: PAGES + ADMINS, PARTNER_ADMIN: PAGES + ADMINS}
    for email, pages in allowed.items():
        browser = await troubled.signed_in(email)
        for path in PAGES + ADMINS:
            page = await browser.get(path)
            assert page.status == (200 if path in pages else 403), (email, path)
            words = ("offers@example.net", "ville@example.org", "robot@example.net")
            seen = [word for word in words if word in page.text]
            assert bool(seen) is (path in pages and email != PARTNER_ADMIN and "mailb" not in path)
    supervisor = await (await troubled.signed_in(SUPERVISOR)).get("/admin/aside")
    assert "/admin/blocked-senders" in supervisor.text
    assert "/admin/mailboxes" not in supervisor.text


async def test_kept_out_mail_is_put_into_the_line(troubled: Edge) -> None:
    supervisor = await troubled.signed_in(SUPERVISOR)
    page = await supervisor.get("/admin/aside?why=spam")
    assert "&lt;b&gt;Best" in page.text
    assert "Osta nyt" in page.text
    assert "/admin/aside/31/release" in page.text
    assert "/admin/aside/32/release" not in page.text
    done = await supervisor.post("/admin/aside/31/release?why=spam")
    assert done.header("Location") == "/admin/aside?why=spam&done=released"
    assert "nyt jonossa" in (await supervisor.get(done.header("Location"))).text
    (row,) = await troubled.rows("SELECT state, aside FROM contact WHERE id = 31")
    assert (row["state"], row["aside"]) == ("queued", None)
    await troubled.rows("UPDATE contact SET state = 'closed' WHERE id = 31")
    late = await supervisor.post("/admin/aside/31/release")
    assert late.status == 409
    assert 'role="alert"' in late.text
    other = await troubled.signed_in(PARTNER_ADMIN)
    assert (await other.post("/admin/aside/32/release")).status == 404


async def test_a_sender_is_unblocked(troubled: Edge) -> None:
    supervisor = await troubled.signed_in(SUPERVISOR)
    assert "Aino Testaaja" in (await supervisor.get("/admin/blocked-senders")).text
    sent = {"organisation": "city", "address": "offers@example.net"}
    other = await troubled.signed_in(PARTNER_ADMIN)
    assert (await other.post("/admin/blocked-senders/remove", sent)).status == 404
    done = await supervisor.post("/admin/blocked-senders/remove", sent)
    assert done.header("Location") == "/admin/blocked-senders?done=unblocked&undo=31"
    assert "restore" in (await supervisor.get(done.header("Location"))).text
    assert (await other.post("/admin/blocked-senders/restore", {"contact": "31"})).status == 404
    for _ in range(2):
        done = await supervisor.post("/admin/blocked-senders/restore", {"contact": "31"})
        assert done.header("Location") == "/admin/blocked-senders?done=blocked"
    assert "Seppo Testaaja" in (await supervisor.get(done.header("Location"))).text
    for undo in ("&undo=31", ""):
        done = await supervisor.post("/admin/blocked-senders/remove", sent)
        assert done.header("Location") == f"/admin/blocked-senders?done=unblocked{undo}"
    assert "Yhtään lähettäjää ei ole estetty" in (await supervisor.get(PAGES[2])).text


async def test_an_undelivered_answer_is_settled(troubled: Edge) -> None:
    supervisor = await troubled.signed_in(SUPERVISOR)
    page = await supervisor.get("/admin/undelivered")
    assert "osoitetta ei ole (5.1.1 unknown user)" in page.text
    done = await supervisor.post("/admin/undelivered/41/dismiss")
    assert "Merkitty hoidetuksi" in (await supervisor.get(done.header("Location"))).text
    assert await troubled.rows("SELECT 1 FROM outbound WHERE undelivered_at IS NOT NULL") == []


async def test_mailboxes_say_how_they_go_and_what_to_do(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    assert "Yhdestäkään postilaatikosta ei haeta" in (await admin.get("/admin/mailboxes")).text
    await mailboxes(edge)
    page = (await admin.get("/admin/mailboxes")).text
    for word in (
        "<dd>4711</dd>",
        "9 päivän kuluttua",
        ">Kunnossa<",
        ">Häiriö<",
        "&lt;b&gt;expired",
        "Suojattua yhteyttä ei saatu.",
        "Peräkkäisiä epäonnistumisia: 4.",
        "Millään jonolla ei ole osoitetta info@city.example",
        ">Myöhässä<",
        "<dd>2 t</dd>",
        "palautettu varmuuskopiosta",
        "Yleinen",
    ):
        assert word in page, word
    assert (await (await edge.signed_in(SUPERVISOR)).get("/admin/mailboxes")).status == 403


async def test_every_error_of_a_mailbox_has_its_words(edge: Edge) -> None:
    for code in ERRORS:
        for language in ("fi", "sv", "en"):
            for key in (f"mailboxes.error.{code}", f"mailboxes.do.{code}"):
                assert edge.services.catalogue.t(language, key) != key

"""The pages on mail: mailboxes, what is kept out of the line, blocked senders, answers that did not
arrive, the loop breaker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor, require
from contactcenter.kernel.sql import Row
from contactcenter.web.admin_mailboxes import ERRORS
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Edge

PAGES = ("/admin/aside", "/admin/undelivered", "/admin/blocked-senders")
ADMINS = ("/admin/mailboxes", "/admin/loop-hits")
_CONTACT = """
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language,
  requirement, rank, state, owner, first_arrival, wait_from, aside)
SELECT $1, $1, $1, q.organisation_id, q.id, 'mail', 'fi', 'city/general/fi/1', 1, 'closed', $3,
  now(), now(), $2 FROM queue q WHERE q.key = 'general'
"""


async def _kept(edge: Edge, contact: int, why: str) -> None:
    """A mail that never came into the line."""
    city = edge.organisations["city"]
    await edge.rows("INSERT INTO cases (id, organisation_id) VALUES ($1, $2)", contact, city)
    person = "INSERT INTO person (id, organisation_id, name) VALUES ($1, $2, '<b>Best</b>')"
    await edge.rows(person, contact, city)
    await edge.rows(_CONTACT, contact, why, edge.users[AGENT])
    await edge.rows(
        "INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, address,"
        " subject, text) VALUES ($1, $1, $1, $2, 1, 'inbound', 'offers@example.net', 'Halpaa!',"
        " 'Osta nyt')",
        contact,
        city,
    )


@pytest.fixture
async def troubled(edge: Edge) -> Edge:
    """Spam, a blocked sender, an answer that did not arrive, a loop."""
    city = edge.organisations["city"]
    await _kept(edge, 31, "spam")
    await _kept(edge, 32, "blocked")
    await edge.rows(
        "INSERT INTO blocked_sender VALUES ($1, 'offers@example.net', $2, 31)",
        city,
        edge.users[AGENT],
    )
    await edge.rows("INSERT INTO loop_hit VALUES ($1, 'robot@example.net', 'many')", city)
    await edge.rows(
        "INSERT INTO outbound (send_id, kind, organisation_id, channel, contact_id, case_id,"
        " message_id, state, code, external_id, sender, recipient, subject, undelivered_at)"
        " VALUES (41, 'reply', $1, 'mail', 31, 31, 31, 'failed', '5.1.1 unknown user', '<x@y>',"
        " 'a@city.example', 'ville@example.org', 'Re: Aukiolo', now())",
        city,
    )
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
    for _ in range(2):
        done = await supervisor.post("/admin/blocked-senders/remove", sent)
        assert done.header("Location") == "/admin/blocked-senders?done=unblocked"
    assert "Yhtään lähettäjää ei ole estetty" in (await supervisor.get(PAGES[2])).text


async def test_an_undelivered_answer_is_settled(troubled: Edge) -> None:
    supervisor = await troubled.signed_in(SUPERVISOR)
    assert "5.1.1 unknown user" in (await supervisor.get("/admin/undelivered")).text
    done = await supervisor.post("/admin/undelivered/41/dismiss")
    assert "Merkitty hoidetuksi" in (await supervisor.get(done.header("Location"))).text
    assert await troubled.rows("SELECT 1 FROM outbound WHERE undelivered_at IS NOT NULL") == []


async def _mailbox(edge: Edge, **given: Any) -> Row:
    """A mailbox's row as the house lists it."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "name": "info",
        "address": "info@city.example",
        "queue": "general",
        "stage": "watching",
        "polled_at": now,
        "newest_at": now,
        "waiting": 0,
        "lag_s": 0.0,
        "failures": 0,
        "error": None,
        "detail": None,
        "error_at": now,
        "renewed": None,
        "renewed_at": now,
        "known": 0,
        "new": 0,
        "token_expires_at": None,
        "first_at": now,
        "cursor": None,
    } | given
    times = {name for name in values if name.endswith("_at")}
    kinds = {str: "text", int: "bigint", float: "float8", type(None): "text"}
    columns = [
        f"${n}::{'timestamptz' if name in times else kinds[type(value)]} AS {name}"
        for n, (name, value) in enumerate(values.items(), 1)
    ]
    (row,) = await edge.rows(f"SELECT {', '.join(columns)}", *values.values())
    return row


async def test_mailboxes_say_how_they_go_and_what_to_do(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    assert "Yhdestäkään postilaatikosta ei haeta" in (await admin.get("/admin/mailboxes")).text
    soon = datetime.now(UTC) + timedelta(days=9, hours=1)
    rows = [
        await _mailbox(edge, cursor="1795693717:4711:x", token_expires_at=soon),
        await _mailbox(
            edge, name="kirjaamo", queue=None, failures=4, error="tls", detail="<b>expired</b>"
        ),
        await _mailbox(
            edge, name="tila", waiting=80, lag_s=7300.0, renewed="restored", known=70, new=2
        ),
    ]

    async def listed(actor: Actor) -> list[Row]:
        require(actor, "configure")
        return rows

    edge.services.mailboxes = listed
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

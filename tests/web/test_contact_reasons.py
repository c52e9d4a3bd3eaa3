"""Contact reasons on their pages: begun with the house's, renamed, merged, taken back."""

from __future__ import annotations

import html
import re

from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Answer, Edge

PLACE, BEGIN = "/admin/contact_reasons", "/admin/contact_reasons/begin"
ONE = f"{PLACE}/city/question"
NASTY = '"><img src=x onerror=alert(1)>'


def _seen(page: Answer) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


def _form(page: Answer, **given: str) -> dict[str, str]:
    names = {"name.fi": "Kysymys", "name.sv": "Fråga", "name.en": "Question"}
    fixed = {"organisation": "city", "key": "question", "position": "0", "merged_into": ""}
    return fixed | names | {"seen": _seen(page)} | given


async def test_begun_changed_merged_and_taken_back(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.get(f"{PLACE}?lang=en")
    assert "Question or advice" in page.text  # the house's
    assert (await admin.post(BEGIN, {"organisation": "city"})).status == 303
    assert (await admin.post(BEGIN, {"organisation": "city"})).status == 409  # there are some
    shown = await admin.get(f"{ONE}?lang=en")
    merged = await admin.post(ONE, _form(shown, merged_into="other", **{"name.en": NASTY}))
    assert merged.status == 303
    page = await admin.get(f"{PLACE}?lang=en")
    assert "<img" not in page.text
    assert "Merged into: Another reason" in page.text
    rows = await edge.rows("SELECT version FROM contact_reason_version ORDER BY 1")
    assert [row["version"] for row in rows] == [1, 2]
    done = await admin.get(merged.response.headers["Location"])
    entry = re.search(r'name="entry" value="(\d+)"', done.text)
    assert entry is not None
    assert (await admin.post("/admin/undo", {"entry": entry[1], "next": ONE})).status == 303
    assert "Merged into" not in (await admin.get(f"{PLACE}?lang=en")).text
    for into in ("question", "nothing", "OTHER!"):
        no = await admin.post(ONE, _form(await admin.get(ONE), merged_into=into))
        assert no.status == 400, into
        assert 'href="#merged_into"' in no.text


async def test_only_admins_and_only_of_their_organisation(edge: Edge) -> None:
    for who in (AGENT, SUPERVISOR):
        browser = await edge.signed_in(who)
        for path in (PLACE, "/admin/new/contact_reason", ONE):
            assert (await browser.get(path)).status == 403, path
        assert (await browser.post(BEGIN, {"organisation": "city"})).status == 403
    partner = await edge.signed_in(PARTNER_ADMIN)
    assert (await partner.post(BEGIN, {"organisation": "city"})).status == 400
    admin = await edge.signed_in(ADMIN)
    await admin.post(BEGIN, {"organisation": "city"})
    assert (await partner.get(ONE)).status == 404
    nobody = await edge.browser()
    for path in ("/api/contacts/1/reason", "/api/cases/1/times"):
        assert (await nobody.get(path)).status == 401, path
        assert (await admin.get(path)).status == 404, path
    assert (
        await nobody.post(BEGIN, {"organisation": "city"}, origin="https://evil.example")
    ).status == 403

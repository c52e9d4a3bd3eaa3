"""The list of contact reasons: renamed, merged, out of use, taken back; and what was closed before
stays as it was told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from contactcenter.cases.reasons import Mark, Said
from contactcenter.configuration import actions
from contactcenter.configuration.document import ContactReason
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.queue.publish import Change
from contactcenter.stats import reasons
from tests.house import House
from tests.rooms.people import AINO, wrote

ADMIN = "admin@mikkeli.example"


async def _nobody(change: Change) -> None:
    """Nobody waits."""


async def _now(house: House, key: str) -> ContactReason:
    async with house.node.db.connection() as conn:
        known = await actions.current(conn, await house.actor(ADMIN))
    found = actions.find(known.document, "contact_reason", f"mikkeli/{key}")
    assert isinstance(found, ContactReason)
    return found


async def _change(house: House, key: str, **given: object) -> actions.Applied:
    now = await _now(house, key)
    wanted = msgspec.structs.replace(now, **given)
    admin = await house.actor(ADMIN)
    return await actions.save(house.node.db, _nobody, admin, "contact_reason", wanted, now)


async def _closed(house: House, reason: str | None, mark: Mark | None) -> int:
    agent = await house.on_duty(AINO)
    await wrote(house, f"{reason}@example.org")
    await house.route()
    (offer,) = await house.offers(agent)
    await handling.accept(house.node.desk, agent, offer)
    row = await house.row("SELECT max(id) AS id FROM contact")
    await handling.wrap_up(house.node.desk, agent, row["id"], "answered", Said(reason, mark))
    return int(row["id"])


async def _report(house: House) -> bytes:
    """The contacts closed until now, as the report of a year that is over would have them."""
    scope = list((await house.actor(ADMIN)).scope)
    until = datetime.now(UTC) + timedelta(days=1)
    async with house.node.db.connection() as conn:
        found = await reasons.counted(conn, scope, until - timedelta(days=365), until)
    return json.dumps(found).encode()


async def test_last_years_report_is_the_same_to_the_byte(house: House) -> None:
    await _closed(house, "invoice", "chasing")
    await _closed(house, "question", "value")
    await _closed(house, "fault", None)
    await _closed(house, None, None)
    before = await _report(house)
    assert b"Bill or payment" in before
    await _change(house, "invoice", name={"fi": "Lasku", "sv": "Räkning", "en": "Invoice"})
    await _change(house, "question", merged_into="other")
    await _change(house, "fault", disabled=True)
    assert await _report(house) == before
    contact = await _closed(house, "invoice", None)
    assert b"Invoice" in await _report(house)
    version = await house.row("SELECT max(version) AS n FROM contact_reason_version")
    assert (await house.contact(contact))["reason_version"] == version["n"]


async def test_what_is_merged_or_out_of_use_is_said_no_more_and_comes_back(house: House) -> None:
    merged = await _change(house, "question", merged_into="other")
    await _change(house, "fault", disabled=True)
    for key in ("question", "fault"):
        with pytest.raises(Refused, match="bad_request") as refused:
            await _closed(house, key, None)
        assert refused.value.detail == "unknown_reason"
        row = await house.row("SELECT id FROM contact WHERE state <> 'closed'")
        agent = await house.actor(AINO)
        await handling.wrap_up(house.node.desk, agent, row["id"], "answered")
    assert merged.entry is not None
    await actions.undo(house.node.db, _nobody, await house.actor(ADMIN), merged.entry)
    assert (await _now(house, "question")).merged_into == ""
    await _closed(house, "question", None)
    rows = await house.rows("SELECT version FROM contact_reason_version ORDER BY 1")
    assert [row["version"] for row in rows] == [1, 2, 3, 4]  # the city's, and each change


async def test_a_ring_and_another_organisations_reason_are_refused(house: House) -> None:
    await _change(house, "question", merged_into="other")
    for into in ("question", "nothing"):
        with pytest.raises(Refused) as refused:
            await _change(house, "other", merged_into=into)
        assert (refused.value.detail, refused.value.field) == ("reason_merged", "merged_into")
    with pytest.raises(Refused) as refused:
        await _change(house, "fault", merged_into="fault")
    assert refused.value.detail == "reason_merged"


async def test_of_how_many_nobody_said_why(house: House) -> None:
    await _closed(house, "invoice", None)
    await _closed(house, None, "value")
    until = datetime.now(UTC) + timedelta(days=1)
    scope = list((await house.actor(ADMIN)).scope)
    async with house.node.db.connection() as conn:
        found = await reasons.unsaid(conn, scope, until - timedelta(days=30), until)
    assert found == [{"organisation": "mikkeli", "closed": 2, "unclassified": 1, "unmarked": 1}]

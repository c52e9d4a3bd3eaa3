"""The contacts behind a figure: exactly those that it counts, for who may read them and nobody
else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from contactcenter.accounts import authorise
from contactcenter.errors import Refused
from contactcenter.insight.behind import PAGE, Figure, behind, may_look
from contactcenter.insight.months import Month
from contactcenter.insight.reading import UNSAID, Asked
from contactcenter.insight.views import UNSTATED
from tests.house import House
from tests.rooms.past_weeks import ZONE, Came, beginning, lived
from tests.rooms.people import AINO

ADMIN = "admin@mikkeli.example"
SENSITIVE = "UPDATE queue SET sensitive = true WHERE key = 'general'"


async def _all(house: House, figure: Figure) -> list[int]:
    """The ids of all pages."""
    actor, ids = await house.actor(ADMIN), []
    while True:
        found = await behind(house.node.db, actor, figure)
        ids += [row["id"] for row in found.items]
        if found.more is None:
            return ids
        assert len(found.items) == PAGE
        figure = figure._replace(before=found.more)


def _told(came: list[Came], last: date, of: Callable[[Came], bool], *, closed: bool) -> list[int]:
    """The ids of contacts up to a day, newest first."""
    at = {one.id: one.closed if closed else one.at for one in came if of(one)}
    ids = [id_ for id_, moment in at.items() if moment.astimezone(ZONE).date() <= last]
    return sorted(ids, key=lambda id_: (at[id_], id_), reverse=True)


async def test_the_list_is_what_the_figure_counts(house: House) -> None:
    """Also where some are of sensitive queues: what they are about is in neither."""
    every = await lived(house, 400, weeks=5, hidden=True)
    came = [one for one in every if not one.hidden]
    await house.node.insight.run_once()
    (days,) = await house.rows(
        "SELECT max(last_day) FILTER (WHERE told_at IS NOT NULL) AS told,"
        " max(last_day) FILTER (WHERE final_at IS NOT NULL) AS settled FROM insight_stretch"
    )
    first = min(one.at for one in came).astimezone(ZONE).date()
    asked = Asked(Month.of(first), Month.of(days["told"]), "mikkeli")
    service, bill = (
        came[0].service or came[1].service,
        next(o for o in came if o.reason == "invoice"),
    )
    week = beginning(first + timedelta(days=10))
    week -= timedelta(days=week.weekday())

    async def equal(of: Callable[[Came], bool], *, closed: bool = False, **given: Any) -> int:
        by = {
            name: given.pop(name)
            for name in ("service", "channel", "language", "area")
            if name in given
        }
        found = await _all(house, Figure(asked._replace(**by), **given))
        last = days["settled" if closed or "area" in by else "told"]
        wanted = _told(came, last, of, closed=closed)
        assert found == wanted, given
        assert wanted, given
        return len(found)

    async def counted(where: str, *of: object, until: str = "told") -> int:
        (row,) = await house.rows(
            "SELECT sum(n)::int AS n FROM insight_count JOIN insight_stretch"
            f" USING (organisation_id, first_day) WHERE last_day <= $1 AND {where}",
            days[until],
            *of,
        )
        return int(row["n"])

    hidden = await counted("view = 'contacts'") - await equal(lambda one: True)
    assert hidden == len(
        [o for o in every if o.hidden and o.at.astimezone(ZONE).date() <= days["told"]]
    )
    n = await equal(lambda one: one.service == service, service=service)
    assert n == await counted("view = 'contacts' AND service_id = $2", service)
    await equal(lambda one: not one.service and one.channel == "mail", service=0, channel="mail")
    await equal(lambda one: one.language == "sv", language="sv")
    n = await equal(lambda one: one.area == "anttola", area="anttola")
    assert n == await counted("view = 'area' AND part = 'anttola'", until="settled")
    await equal(lambda one: one.area is None, area=UNSTATED)
    await equal(
        lambda one: week <= one.at.astimezone(ZONE).date() < week + timedelta(days=7), week=week
    )
    n = await equal(lambda one: (one.later or one.cause) == "chasing", closed=True, cause="chasing")
    assert n == await counted("view = 'cause' AND part = 'chasing'", until="settled")
    # By the names of then: what bills were called later is another reason.
    n = await equal(lambda one: one.called == bill.called, closed=True, reason=bill.called)
    assert n == await counted("view = 'reason' AND part = $2", bill.called, until="settled")
    await equal(
        lambda one: one.reason is None and one.service == service,
        closed=True,
        reason=UNSAID,
        service=service,
    )
    (noted, *_) = await house.rows("SELECT * FROM audit WHERE verb = 'list_contacts' ORDER BY id")
    assert len(msgspec.json.decode(noted["after"])["contacts"]) == PAGE


async def test_nobody_else_sees_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await lived(house, 60, weeks=3)
    await house.node.insight.run_once()
    db, admin, every = house.node.db, await house.actor(ADMIN), Figure(Asked())
    assert (await behind(db, admin, every)).items
    with pytest.raises(Refused, match="forbidden"):
        await behind(db, await house.actor(AINO), every)
    partner = replace(
        admin, scope=tuple(one for one in admin.scope if one != admin.organisation_id)
    )
    with pytest.raises(Refused, match="not_found"):
        await behind(db, partner, Figure(Asked(organisation="mikkeli")))
    assert not (await behind(db, partner, every)).items
    assert not (await behind(db, admin, Figure(Asked(), week=date.max))).items
    (last,) = await house.rows("SELECT max(id) AS id FROM contact")
    older = Figure(Asked(), before=last["id"])
    await behind(db, admin, older)
    await house.rows(SENSITIVE)  # as in every list, whatever one's role
    with pytest.raises(Refused, match="not_found"):
        await behind(db, admin, older)
    assert not (await behind(db, admin, every)).items
    (mine,) = await house.rows(
        "UPDATE contact SET state = 'active', owner = $1 WHERE id ="
        " (SELECT id FROM contact ORDER BY first_arrival LIMIT 1) RETURNING id",
        admin.user_id,
    )
    found = await behind(db, admin, Figure(Asked(Month(2020, 1), Month.of(date(2100, 1, 1)))))
    assert mine["id"] in [row["id"] for row in found.items]
    # Who sees figures alone.
    monkeypatch.setitem(authorise._ROLES, "read_case", frozenset({"agent"}))
    assert not may_look(admin)
    with pytest.raises(Refused, match="forbidden"):
        await behind(db, admin, every)

"""Weeks are counted as somebody else counts them, once only, and what is told adds up."""

from __future__ import annotations

import asyncio
from collections import Counter

from contactcenter.insight import reading
from contactcenter.insight.counting import Insight
from contactcenter.insight.months import Month
from contactcenter.insight.reading import Asked
from contactcenter.insight.verify import verify
from contactcenter.insight.views import VIEWS
from contactcenter.kernel.sql import Row
from tests.house import House
from tests.rooms.past_weeks import handled_s, hours, lived, recount

OLD = "SELECT * FROM insight_told WHERE first_day < now() - interval '16 days'"
JOINED = "JOIN insight_stretch USING (organisation_id, first_day)"
CELL = "first_day, view, service_id, channel, language, part"
# Months that are not what their weeks add up to.
ASTRAY = """
SELECT * FROM (
    SELECT organisation_id, date_trunc('month', first_day)::date AS month, view, service_id, channel, language, part, sum(n) AS n
    FROM insight_told GROUP BY 1, 2, 3, 4, 5, 6, 7) AS t
FULL JOIN insight_month AS m USING (organisation_id, month, view, service_id, channel, language, part)
WHERE t.n IS DISTINCT FROM m.n
"""  # noqa: E501


def _by(rows: list[Row], view: str, side: str) -> Counter[tuple[object, object]]:
    found: Counter[tuple[object, object]] = Counter()
    for row in rows:
        if row["view"] == view:
            word = row["service_id"] if side == "service" else row.get(side, "")  # ALL: none
            found[row["first_day"], word] += row["n"]
    return found


async def test_weeks_equal_a_recount_whoever_counts_and_however_often(house: House) -> None:
    came = await lived(house, 500, weeks=5, hidden=True)
    nodes = (house.node.insight, Insight(house.node.db, "another node"))
    counted = await asyncio.gather(*(node.run_once() for node in nodes))
    assert sorted(counted)[0] == 0
    assert await nodes[counted.index(0)].run_once() == 0  # the other has the lease
    n, who = recount(came, await hours(house))
    assert {key[-1] for key in n if key[1] == "answer"} >= {"h1-h1", "h24-h1", "h72-h24"}
    rows = await house.rows(f"SELECT {CELL}, n, persons FROM insight_count")
    assert {tuple(row)[:6]: row["n"] for row in rows} == n
    assert {tuple(row)[:6]: row["persons"] for row in rows} == {k: len(p) for k, p in who.items()}
    (work,) = await house.rows("SELECT sum(us)::bigint AS us, sum(n)::int AS n FROM insight_work")
    assert (work["us"], work["n"]) == (handled_s(came) * 1_000_000, len(came))
    await house.node.counting.run_once()
    stats = await house.row("SELECT sum(handle_us)::bigint AS us FROM figure WHERE by = 'end'")
    assert stats["us"] == work["us"]  # what `contactcenter stats` says
    assert (await verify(house.node.db))["differences"] == []
    await house.rows(
        "UPDATE insight_count SET n = n + 1"
        " WHERE ctid = (SELECT min(ctid) FROM insight_count WHERE view = 'hour')"
    )
    assert len((await verify(house.node.db))["differences"]) == 1


async def test_what_changed_is_counted_until_it_has_settled(house: House) -> None:
    came = await lived(house, 300, weeks=5)
    await house.node.insight.run_once()
    kept = await house.rows(OLD)
    service = came[0].service or came[1].service
    await house.rows("UPDATE case_service SET service_id = $1", service)
    await house.node.insight.run_once()
    again = await house.rows(OLD)
    assert kept == again
    assert await house.rows(ASTRAY) == []
    rows = await house.rows(
        f"SELECT DISTINCT service_id FROM insight_count {JOINED}"
        " WHERE view = 'contacts' AND final_at IS NULL AND service_id > 0"
    )
    assert len(rows) == 1
    # As of weeks that were told once, and now are told for good.
    await house.rows("UPDATE insight_stretch SET final_at = NULL WHERE final_at IS NOT NULL")
    await house.node.insight.run_once()
    assert await house.rows(OLD) != kept
    assert await house.rows(ASTRAY) == []
    await house.node.insight.rebuild()
    rows = await house.rows(
        "SELECT DISTINCT service_id FROM insight_count WHERE view = 'contacts' AND service_id > 0"
    )
    assert len(rows) == 1
    assert await house.rows(ASTRAY) == []


async def test_what_is_told_adds_up_and_is_of_five_or_more(house: House) -> None:
    await lived(house, 700, weeks=6)
    await house.node.insight.run_once()
    assert await house.rows(ASTRAY) == []
    rows = await house.rows(f"SELECT {CELL}, n FROM insight_told")
    assert min(row["n"] for row in rows) >= 5
    final = {row["first_day"] for row in rows if row["view"] == "area"}
    for name, view in VIEWS.items():  # of the same contacts: else one less the other would be few
        if view.whole:
            of = [row for row in rows if row["first_day"] in final or not view.late]
            assert _by(rows, name, view.whole) == _by(of, view.of, view.whole), name
    exact = await house.rows(
        f"SELECT part, sum(n)::int AS n FROM insight_count {JOINED}"
        " WHERE view = 'reason' AND final_at IS NOT NULL GROUP BY part"
    )
    assert len(exact) == 4  # bills by two names, questions by one, and none
    for row in exact:
        told = sum(
            one["n"] for one in rows if one["view"] == "reason" and one["part"] == row["part"]
        )
        assert abs(told - row["n"]) <= 0.2 * row["n"] + 10
    exact = await house.rows(
        f"SELECT channel, sum(n)::int AS n FROM insight_count {JOINED}"
        " WHERE view = 'contacts' AND told_at IS NOT NULL GROUP BY channel"
    )
    contacts = _by(rows, "contacts", "channel")
    for row in exact:
        told = sum(n for (_, channel), n in contacts.items() if channel == row["channel"])
        assert abs(told - row["n"]) <= 0.1 * row["n"] + 10
    exact = await house.rows(
        f"SELECT part, sum(n)::int AS n FROM insight_count {JOINED}"
        " WHERE view = 'area' AND final_at IS NOT NULL GROUP BY part"
    )
    assert len(exact) == 4
    for row in exact:
        told = sum(one["n"] for one in rows if (one["view"], one["part"]) == ("area", row["part"]))
        assert abs(told - row["n"]) <= 0.1 * row["n"] + 5 * len(final)  # some five a week
    days = [row["first_day"] for row in rows]
    every = Asked(Month.of(min(days)), Month.of(max(days)))
    mail = every._replace(channel="mail")
    for asked in (every, mail, mail._replace(language="fi")):
        page = await reading.told(house.node.db, await house.actor("admin@mikkeli.example"), asked)
        cells = [row for row in rows if row["view"] == "contacts"]
        cells = [row for row in cells if all(row[s] == getattr(asked, s) for s in asked.sides())]
        assert page.total == sum(row["n"] for row in cells) > 0  # months
        assert page.total == sum(page.contacts["time"].values())  # and weeks
    open_ = await house.rows(
        f"SELECT DISTINCT view FROM insight_told {JOINED} WHERE final_at IS NULL"
    )
    assert not {"matter", "area"} & {row["view"] for row in open_}

"""What-if over a real log: the demo city's last weeks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from contactcenter import demo
from contactcenter.config import load_settings
from contactcenter.demo_history.arrivals import is_working_day
from contactcenter.demo_history.load import load_history
from contactcenter.planning import actions
from contactcenter.planning.asked import Asked, Change
from contactcenter.planning.table import table
from contactcenter.routing.demand import PlanError
from contactcenter.routing.staffing import ServiceLevel
from tests.conftest import Backends
from tests.house import House, open_house

EMAILS = [user["email"] for user in demo.city()["user"]]


@pytest.fixture(scope="module")
async def full(
    backends: Backends, city: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A house with four weeks behind it, for all tests that only look."""
    conn = await asyncpg.connect(backends.postgres)
    await conn.execute(f"CREATE DATABASE whatif TEMPLATE {city}")
    home = {"CONTACTCENTER_HOME": str(tmp_path_factory.mktemp("whatif"))}
    settings = replace(load_settings(home), channels=())
    async with open_house(settings, backends.database("whatif"), backends.redis) as house:
        assert await load_history(house.node.db, EMAILS, "localhost", 28) is not None
        yield house
    await conn.execute("DROP DATABASE whatif WITH (FORCE)")
    await conn.close()


@pytest.fixture(scope="module")
async def today(full: House) -> date:
    """By the house's clocks."""
    row = await full.row("SELECT (now() AT TIME ZONE 'Europe/Helsinki')::date AS today")
    found: date = row["today"]
    return found


def working(day: date, step: int) -> date:
    """The next working day, backwards or forwards."""
    while not is_working_day(day := day + timedelta(days=step)):
        pass
    return day


async def answer(house: House, *scope: str, agents: int = 0, **more: Any) -> dict[str, Any]:
    """As the command has it, of these organisations or of all."""
    row = await house.row(
        "SELECT array_agg(id) AS ids FROM organisation WHERE $1::text[] = '{}' OR key = ANY($1)",
        [*scope],
    )
    asked = Asked(Change(agents, more.pop("skill", "")), seeds=3, **more)
    return actions.answer(await actions.prepare(house.node.db, row["ids"], asked))


async def test_a_day_that_was_is_simulated_as_it_was_counted(full: House, today: date) -> None:
    day = working(today, -1)
    found = await answer(full, agents=2, day=day, target=ServiceLevel(0.8, 20))
    row = await full.row(
        "SELECT count(*) AS n FROM event WHERE kind = 'entered' AND direction = 'citizen'"
        " AND (wait_from AT TIME ZONE 'Europe/Helsinki')::date = $1",
        day,
    )
    assert found["when"] == "past"
    assert found["counted"]["entered"] == found["before"]["entered"] == row["n"] > 100
    assert abs(found["before"]["service_level"]["mean"] - found["counted"]["service_level"]) < 0.15
    assert found["difference"]["service_level"]["mean"] > 0
    assert sum(one["entered"] for one in found["intervals"]) == row["n"]
    by_day = table(found)
    assert "+2 agents" in by_day
    assert "counted" in by_day


async def test_a_day_to_come_is_foretold_with_its_error(full: House, today: date) -> None:
    day = working(today, 1)
    found = await answer(full, day=day, target=ServiceLevel(0.8, 20))
    told = found["forecast"]
    assert found["when"] == "ahead"
    assert found["counted"] is None
    assert found["before"]["entered"] == pytest.approx(told["contacts"], rel=0.25)
    assert told["wape"] is not None
    assert told["dispersion"] > 1.5
    assert max(one["needed"] for one in found["intervals"]) > 2
    assert max(one["agents"]["before"] for one in found["intervals"]) > 2
    assert found["shifts_of"] is not None
    assert "foretold" in table(found)


async def test_today_is_what_was_and_what_is_expected(full: House, today: date) -> None:
    found = await answer(full, day=0)
    assert found["day"] == today.isoformat()
    assert found["when"] == "today"


async def test_others_lines_are_not_seen(full: House, today: date) -> None:
    day = working(today, -1)
    whole = await answer(full, day=day)
    own = await answer(full, "kela", day=day)
    assert 0 < own["before"]["entered"] < whole["before"]["entered"]
    with pytest.raises(PlanError, match=r"queue 'streets': choose of kela-advice$"):
        await answer(full, "kela", day=day, queue="streets")
    with pytest.raises(PlanError, match="skill 'streets'"):
        await answer(full, "kela", agents=1, skill="streets", day=day)


async def test_a_day_of_which_nothing_is_known_says_which_are(full: House, today: date) -> None:
    with pytest.raises(PlanError, match=r"2020-01-01: nothing was recorded; the log reaches from"):
        await answer(full, day=date(2020, 1, 1))
    with pytest.raises(PlanError, match="at most 366 days ahead"):
        await answer(full, day=today + timedelta(days=400))


async def test_a_house_without_a_past_says_so(house: House) -> None:
    with pytest.raises(PlanError, match="0 recorded days: a day ahead needs 14"):
        await answer(house, day=1)
    with pytest.raises(PlanError, match="nothing was recorded yet"):
        await answer(house, day=-1)

"""The page of what-ifs: who gets it, what it answers, what it refuses, and that nobody is simulated
for who has gone."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from contactcenter.errors import Refused
from contactcenter.planning.actions import Prepared
from contactcenter.web.supervisor import simulating
from contactcenter.web.supervisor.simulating import AT_ONCE, Simulating, simulated
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Browser, Edge
from tests.web.test_admin_queues import added
from tests.web.whatif_past import CALLS, past


async def asked(browser: Browser, **given: Any) -> list[dict[str, Any]]:
    answer = await browser.json("POST", "/api/whatif", given)
    assert answer.status == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def refused(browser: Browser, **given: Any) -> tuple[int, str]:
    answer = await browser.json("POST", "/api/whatif?lang=en", given)
    return answer.status, answer.error["message"]


async def test_supervisors_and_admins_get_it(edge: Edge) -> None:
    await added(edge)
    for email in (SUPERVISOR, ADMIN):
        answer = await (await edge.signed_in(email)).get("/whatif")
        assert answer.status == 200
        assert "/static/whatif/main.js" in answer.text
        assert 'value="library"' in answer.text
    partner = await (await edge.signed_in(PARTNER_ADMIN)).get("/whatif")
    assert 'value="library"' not in partner.text  # another organisation's


async def test_agents_and_strangers_get_nothing(edge: Edge) -> None:
    agent = await edge.signed_in(AGENT)
    assert (await agent.get("/whatif")).status == 403
    assert (await agent.json("POST", "/api/whatif", {"day": "2026-01-01"})).status == 403
    nobody = await edge.browser()
    assert (await nobody.get("/whatif")).status == 303
    assert (await nobody.json("POST", "/api/whatif", {"day": "2026-01-01"})).status == 401


async def test_it_tells_how_far_it_is_and_answers(edge: Edge) -> None:
    await added(edge)
    day = await past(edge)
    browser = await edge.signed_in(SUPERVISOR)
    given = {"day": day.isoformat(), "agents": 1, "percent": 80, "seconds": 20}
    *progress, last = await asked(browser, **given)
    assert [one["done"] for one in progress] == list(range(1, 21))
    answer = last["answer"]
    assert answer["counted"]["entered"] == answer["before"]["entered"] == CALLS
    assert answer["after"]["asa_s"]["mean"] < answer["before"]["asa_s"]["mean"]
    assert answer["met"] in ("yes", "no", "unsure")
    (again,) = [one for one in await asked(browser, **given) if "answer" in one]
    assert again["answer"]["after"] == answer["after"]  # and it may be asked again


async def test_what_makes_no_sense_is_said_in_words(edge: Edge) -> None:
    await added(edge)
    day = await past(edge)
    browser = await edge.signed_in(SUPERVISOR)
    yesterday = day.isoformat()
    status, said = await refused(browser, day=yesterday, agents=-2)
    assert (status, said) == (
        400,
        "At work on that day with this skill: 1. No more can be taken away.",
    )
    long_ago = (day - timedelta(days=90)).isoformat()
    for before in (long_ago, "1969-12-31", "0001-01-01"):  # the last has no midnight in UTC
        assert "Nothing was recorded" in (await refused(browser, day=before))[1]
    ahead = (day + timedelta(days=900)).isoformat()
    assert "within a year" in (await refused(browser, day=ahead))[1]
    assert (
        "14 counted days" in (await refused(browser, day=(day + timedelta(days=3)).isoformat()))[1]
    )
    for given, said in (
        ({"agents": 10**9}, "-1000 to 1000"),
        ({"agents": -(10**400)}, "-1000 to 1000"),  # larger than any float
        ({"percent": 200}, "1 to 99.9"),
        ({"seconds": -1}, "0 to 86400"),
    ):
        answer = await refused(browser, day=yesterday, **given)
        assert answer == (400, f"Give a number from {said}.")
    for name, nothing in (("queue", "nope"), ("skill", "nope"), ("channel", "fax")):
        assert await refused(browser, day=yesterday, **{name: nothing}) == (
            400,
            "This can\u2019t be worked out. Check the day, the number and the target.",
        )
    assert (await refused(browser, day="someday"))[0] == 400


async def test_others_days_are_not_told(edge: Edge) -> None:
    await added(edge)
    day = (await past(edge)).isoformat()
    partner = await edge.signed_in(PARTNER_ADMIN)
    assert (await refused(partner, day=day))[0] == 400
    assert (await refused(partner, day=day, queue="library"))[0] == 400


async def test_one_at_a_time_and_few_at_once() -> None:
    turns = Simulating()
    async with turns.turn(1):
        with pytest.raises(Refused, match="plan_busy"):
            async with turns.turn(1):
                pass
        async with turns.turn(2):
            with pytest.raises(Refused, match="plan_busy"):
                async with turns.turn(1 + AT_ONCE):
                    pass
    async with turns.turn(1):
        pass


async def test_who_cancels_and_asks_again_waits_for_the_former_to_end() -> None:
    turns, begun, cancelled = Simulating(), asyncio.Event(), asyncio.Event()

    async def former() -> None:
        async with turns.turn(1):
            begun.set()
            await cancelled.wait()

    task = asyncio.create_task(former())
    await begun.wait()
    asyncio.get_running_loop().call_soon(cancelled.set)
    async with turns.turn(1):
        assert cancelled.is_set()
    await task


async def test_who_goes_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = (
        "import os, signal, sys; sys.stdin.buffer.read(); print(os.getpid(), flush=True);"
        " signal.pause()"
    )
    monkeypatch.setattr(simulating, "COMMAND", (sys.executable, "-c", endless))
    monkeypatch.setattr(simulating, "question", lambda prepared: b"")
    prepared: Prepared = None  # type: ignore[assignment]
    async with aclosing(simulated(prepared)) as lines:
        pid = int(await anext(lines))
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)

"""Nobody has the skill: the contact waits, everybody who should knows why, and the alarm goes away
by itself when somebody has it."""

from __future__ import annotations

import json
from collections.abc import Callable

import aiohttp

from tests.flows.client import Frame
from tests.flows.product import Product, letter
from tests.flows.watcher import Watcher, signed_in, watching

KIRSI, JOHANNA = "kirsi@kela.example", "johanna@mikkeli.example"
QUEUE, ADDRESS = "kela-advice", "asiakaspalvelu@kela.example"
SKILL = {"organisation": "kela", "task": "benefits", "languages": ["fi"], "level": 1}


async def configured(product: Product, *, skills: list[Frame]) -> None:
    """Kela has no agreement, and its own agent has these skills."""
    document = {
        "agreement": [
            {
                "organisation": "kela",
                "key": "mikkeli",
                "agents_of": "mikkeli",
                "tasks": ["benefits"],
                "valid_from": "2026-01-01",
                "disabled": True,
            }
        ],
        "user": [
            {
                "email": KIRSI,
                "name": "Kirsi Korhonen",
                "organisation": "kela",
                "skills": skills,
            }
        ],
    }
    file = product.home.parent / "kela.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    code, _, err = await product.ends("config", "import", str(file))
    assert code == 0, err


async def gap(board: Watcher, why: str | None) -> Frame:
    """The board's alarm for Kela's queue, of this kind; a board without any for None."""
    shown = await board.wait(_shows(why))
    return next((one for one in shown["uncovered"] if one["queue"] == QUEUE), {})


def _shows(why: str | None) -> Callable[[Frame], bool]:
    def shows(frame: Frame) -> bool:
        if frame["type"] != "board":
            return False
        found = [one["why"] for one in frame["uncovered"] if one["queue"] == QUEUE]
        return found == ([] if why is None else [why])

    return shows


async def told(product: Product, path: str, *, until: str) -> str:
    """What a page says, asked until it says this: figures are kept for up to 2 s."""
    async with aiohttp.ClientSession() as http:
        while True:
            async with http.get(product.url + path) as answer:
                text = await answer.text()
            if until in text:
                return text


async def why(http: aiohttp.ClientSession, product: Product, contact: str) -> Frame:
    """Why a contact waits."""
    async with http.get(f"{product.url}/api/contacts/{contact}/why") as answer:
        assert answer.status == 200, await answer.text()
        found: Frame = (await answer.json())["waiting"]
        return found


async def test_who_waits_for_what_nobody_can_is_seen_until_somebody_can(product: Product) -> None:
    await configured(product, skills=[])
    async with (
        signed_in(product, JOHANNA) as (http, _),
        watching(product, JOHANNA) as board,
        watching(product) as seppo,  # who sees the city's only
    ):
        await gap(board, None)
        await product.mail(letter(to=ADDRESS))
        alarm = await gap(board, "nobody_able")
        assert (alarm["language"], alarm["level"], alarm["waiting"]) == ("fi", 1, 1)
        newest = await seppo.board(after=alarm["since"])
        assert newest["uncovered"] == []
        (contact,) = await product.export("contacts")
        assert contact["state"] == "queued"
        reason = await why(http, product, contact["id"])
        assert (reason["uncovered"], reason["able"]) == ("nobody_able", 0)
        await told(
            product, "/metrics", until='contactcenter_waiting_uncovered{why="nobody_able"} 1.0'
        )
        health = json.loads(await told(product, "/health/ready", until='"degraded"'))
        assert health["checks"]["skills"]["ok"] is False

        await configured(product, skills=[SKILL])  # who is at home
        await gap(board, "nobody_on_duty")
        reason = await why(http, product, contact["id"])
        assert (reason["uncovered"], reason["able"]) == ("nobody_on_duty", 1)
        health = json.loads(await told(product, "/health/ready", until='"ok"'))
        await told(
            product, "/metrics", until='contactcenter_waiting_uncovered{why="nobody_on_duty"} 1.0'
        )

        async with product.agent(KIRSI) as kirsi:
            await kirsi.available()
            taken = await kirsi.take()
            assert taken["contact"]["contact"] == contact["id"]
            await gap(board, None)
            await told(
                product, "/metrics", until='contactcenter_waiting_uncovered{why="nobody_able"} 0.0'
            )
    found = await product.verify()
    assert found["violations"] == []

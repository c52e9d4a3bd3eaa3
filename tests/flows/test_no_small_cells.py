"""Nobody is found in the figures: by no choice of the pages, and by no difference of two."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest

from tests.flows.differencing import SMALL, Asked, small_ones
from tests.flows.poll import until
from tests.flows.product import Agent, Product

ADMIN, AINO = "admin@mikkeli.example", "aino@mikkeli.example"


async def _json(agent: Agent, path: str) -> dict[str, Any]:
    status, text = await agent.get(path)
    assert status == 200, text
    found: dict[str, Any] = json.loads(text)
    return found


async def _all_told(product: Product) -> bool:
    """Whether every week was counted: what is told meanwhile would be taken for a difference."""
    conn = await asyncpg.connect(product.servers()["database_url"])
    told: bool = await conn.fetchval(
        "SELECT count(final_at) > 0 AND bool_and(counted_at IS NOT NULL) FROM insight_stretch "
        "HAVING count(DISTINCT organisation_id) = (SELECT count(*) FROM organisation)"
    )
    await conn.close()
    return told


@pytest.mark.timeout(300)
async def test_no_small_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.flows.product.WAIT_S", 120)  # where others share the machine
    tmp_path.chmod(0o755)
    product = Product(tmp_path / "home")
    product.ready_s = 120  # the history first
    # On any day a settled week with several working days in it, holidays and all.
    await product.start(("run", "--history-days", "20"))
    try:
        async with product.agent(ADMIN) as admin, product.agent(AINO) as aino:
            await until(lambda: _all_told(product))

            async def get(asked: Asked) -> dict[str, Any]:
                return await _json(admin, f"/api/insight?{urlencode(asked)}")

            looked, found = await small_ones(get, (("organisation", "mikkeli"),))
            assert looked > 1500
            assert found == []
            areas = (await get((("organisation", "mikkeli"),)))["views"]["area"]["parts"]
            assert len(areas) > 3
            data = (await admin.get("/insight/data.csv"))[1]
            counts = [int(row["count"]) for row in csv.DictReader(io.StringIO(data))]
            assert len(counts) > 100
            assert not set(counts) & {0, *SMALL}
            assert (await aino.get("/api/insight"))[0] == 403
        await product.stop()
        verified = json.loads(await product.command("insight", "verify"))
        assert verified["stretches"] > 3
        assert verified["differences"] == []
    finally:
        if product.running:
            await product.stop()

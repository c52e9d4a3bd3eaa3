"""`run` with its history, as a newcomer starts it: loaded once, whole, and no promise broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.product import Product, letter


@pytest.mark.timeout(300)
async def test_a_newcomer_finds_a_city_with_a_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.flows.product.WAIT_S", 120)  # where others share the machine
    tmp_path.chmod(0o755)
    product = Product(tmp_path / "home")
    await product.start(("run", "--history-days", "30"))
    try:
        verified = await product.verify()
        contacts = await product.export("contacts")
        assert verified["violations"] == []
        assert verified["states"].keys() == {"closed", "abandoned"}
        assert verified["received"] == len(contacts) > 5000
        assert "history:" in product.log()
        await product.mail(letter())
        await product.stop()
        await product.start(("run", "--history-days", "30"))
        verified = await product.verify()
        assert verified["violations"] == []
        assert verified["received"] == len(contacts) + 1
    finally:
        if product.running:
            await product.stop()


async def test_a_history_may_be_left_out_or_be_short(product: Product, tmp_path: Path) -> None:
    assert (await product.verify())["received"] == 0  # it was started with --history-days 0
    for wrong in ("-1", "367", "many"):
        code, _, err = await product.ends("demo", "--history-days", wrong)
        assert (code, "history-days" in err) == (2, True)
    shown = json.loads(await product.command("demo", "--json"))
    assert len(shown["queues"]) == 12
    assert {user["organisation"] for user in shown["users"]} == {
        "mikkeli", "kela", "police", "tax", "employment",
    }  # fmt: skip

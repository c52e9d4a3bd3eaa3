"""The commands as operators and outside checks use them."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import asyncpg
import pytest

from tests.flows.product import Product, letter


@pytest.fixture(autouse=True)
def _executed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a user, from its first byte on."""
    monkeypatch.setattr(Product, "forks", False)


async def test_the_demo_says_where_who_and_what(standing: Product) -> None:
    shown = json.loads(await standing.command("demo", "--json"))
    assert shown["url"] == standing.url
    assert shown["smtp"] == {"host": "127.0.0.1", "port": standing.smtp_port}
    city = [u for u in shown["users"] if u["organisation"] == "mikkeli" and u["role"] == "agent"]
    assert all("general" in user["queues"] for user in city)
    assert {"id", "email", "password", "languages", "capacity", "name"} <= city[0].keys()
    general = next(queue for queue in shown["queues"] if queue["key"] == "general")
    assert general["always_open"]
    assert set(general["name"]) == {"fi", "sv", "en"}
    assert {"mail", "chat", "callback"} <= set(general["channels"])
    assert "answered" in shown["dispositions"]
    (queues,) = [q for q in json.loads(await standing.command("queues", "--json")) if q == general]
    assert queues["service_level"].keys() == {"seconds", "way", "short_abandon_s"}


async def test_exports_can_be_recounted(product: Product) -> None:
    for _ in range(3):
        await product.mail(letter())
    verified = await product.verify()
    contacts = await product.export("contacts")
    assert verified["received"] == len(contacts) == sum(verified["states"].values()) == 3
    assert [c["id"] for c in contacts] == sorted((c["id"] for c in contacts), key=int)
    assert contacts[0]["first_arrival"].endswith("+00:00")
    assert contacts[0].keys() == {
        "id", "case", "person", "organisation", "queue", "channel", "direction", "language",
        "requirement", "rank", "external_id", "linked_to", "state", "first_arrival", "offered",
        "accepted", "closed", "owner", "disposition", "reason", "reason_version", "mark",
    }  # fmt: skip
    nothing = await product.command("export", "contacts", "--since", "2999-01-01")
    assert nothing == ""
    assert await product.command("export", "contacts", "--queue", "building") == ""
    code, out, err = await product.ends("export", "contacts", "--queue", "bilding")
    assert (code, out) == (2, "")
    assert err == "no queue 'bilding': `contactcenter queues --json` lists them\n"


async def test_wrong_settings_are_all_listed_and_end_with_2(standing: Product) -> None:
    code, _, err = await standing.ends(
        "verify", CONTACTCENTER_PORT="http", CONTACTCENTER_RELAY="ftp://x", CONTACTCENTER_COLOUR="1"
    )
    assert code == 2
    assert len(err.strip().splitlines()) == 3


async def test_the_doctor_finds_a_running_product_well(product: Product) -> None:
    await product.mail(letter())
    code, out, err = await product.ends("doctor", "--json")
    report = json.loads(out)
    found = {one["check"]: one for one in report["findings"]}
    assert (code, err) == (0, ""), [one for one in found.values() if one["level"] == "wrong"]
    assert {found[name]["level"] for name in ("nodes", "port.http", "port.smtp", "relay")} == {"ok"}
    code, out, _ = await product.ends("doctor")
    assert "0 wrong" in out


async def test_no_database_ends_with_3(standing: Product) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    code, _, err = await standing.ends("verify", CONTACTCENTER_DATABASE_URL=nowhere)
    assert code == 3
    assert "Traceback" not in err


async def test_a_newer_schema_is_refused(product: Product) -> None:
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.execute("UPDATE schema_version SET version = 9999, oldest = 9999")
    await conn.close()
    code, _, err = await product.ends("verify")
    assert code == 2
    assert "newer" in err


async def test_a_taken_port_is_said_plainly(standing: Product) -> None:
    code, _, err = await standing.ends("serve", "--smtp-port", "1")
    assert code == 2
    assert "Traceback" not in err


async def test_after_a_clean_stop_nothing_looks_damaged(product: Product) -> None:
    await product.mail(letter())
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        await aino.take()
        assert await product.stop() == 0
    verified = await product.verify()
    assert (verified["violations"], verified["states"]) == ([], {"active": 1})


async def test_the_configuration_goes_out_and_in(standing: Product, tmp_path: Path) -> None:
    out = await standing.command("config", "export")
    file = tmp_path / "city.json"
    file.write_text(out, encoding="utf-8")
    assert await standing.command("config", "import", str(file)) == "0 changed\n"
    city = json.loads(out)
    next(one for one in city["queue"] if one["key"] == "general")["target_s"] = 1234
    file.write_text(json.dumps(city), encoding="utf-8")
    line = f"{'change':<8} {'queue':<14} general\n"
    dry = await standing.command("config", "import", str(file), "--dry-run")
    assert dry == line + "1 would change\n"
    assert await standing.command("config", "import", str(file)) == line + "1 changed\n"
    city["queue"][0]["level"] = 9
    file.write_text(json.dumps(city), encoding="utf-8")
    code, _, said = await standing.ends("config", "import", str(file))
    assert (code, said) == (1, f"queue.{city['queue'][0]['key']}.level: The value is not valid.\n")


async def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    with socket.create_server(("127.0.0.1", product.port)):
        code, _, said = await product.ends("run")
    assert code == 2
    assert "--port" in said
    assert not product.home.exists()


async def test_whatif_answers_or_says_what_makes_no_sense(standing: Product) -> None:
    code, out, err = await standing.ends("whatif", "--agents", "+2", "--day", "yesterday")
    assert (code, out) == (2, "")
    assert "nothing was recorded yet" in err
    code, _, err = await standing.ends("whatif", "--agents", "two")
    assert code == 2
    assert "'two' is no whole number: write it like 2, +2 or -1" in err
    code, _, err = await standing.ends("whatif", "--day", "someday")
    assert code == 2
    assert "'someday' is no day" in err

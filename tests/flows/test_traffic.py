"""`contactcenter traffic` against a product: everybody is served, and what is missing is said."""

from __future__ import annotations

import asyncpg

from tests.flows.product import Product
from tests.ports import free_port

FAST = ("--rate", "20", "--minutes", "1", "--seed", "3")


async def test_citizens_and_agents_are_played_and_all_is_found(product: Product) -> None:
    code, out, err = await product.ends(
        "traffic", *FAST, "--contacts", "24", "--agents", "12", "--mix", "2:2:1"
    )
    assert code == 0, out + err
    assert "sent" in out
    assert "all that was acknowledged is stored" in out
    verified = await product.verify()
    assert verified["violations"] == []
    contacts = await product.export("contacts")
    assert {"chat", "mail"} <= {contact["channel"] for contact in contacts}
    answered = [m for m in await product.export("messages") if m["direction"] == "outbound"]
    assert answered
    assert {a["from"] for a in answered} <= {
        "Aino Virtanen", "Björn Lindqvist", "Carla Niemi", "Helena Rautio", "Oskari Leino",
        "Emmi Salo", "Kirsi Korhonen", "Paavo Heino", "Veera Ahola", "Tuomas Kettunen",
    }  # fmt: skip


async def test_a_lost_contact_ends_with_1(product: Product) -> None:
    """A trigger swallows half of the mails' rows after they were taken in."""
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.execute(
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM contact WHERE id = NEW.id; RETURN NULL; END $$;"
        "ALTER FUNCTION swallow() SECURITY DEFINER;"
        "CREATE TRIGGER swallow AFTER INSERT ON contact FOR EACH ROW"
        " WHEN (NEW.channel = 'mail') EXECUTE FUNCTION swallow()"
    )
    await conn.close()
    code, out, _ = await product.ends("traffic", *FAST, "--contacts", "3", "--mix", "0:1:0")
    assert (code, out.count("MISSING mail")) == (1, 3)


async def test_a_later_play_joins_the_calls_that_are_still_open(product: Product) -> None:
    calls = ("traffic", *FAST, "--contacts", "3", "--mix", "0:0:1")
    code, out, err = await product.ends(*calls)
    assert code == 0, out + err
    conn = await asyncpg.connect(product.servers()["database_url"])
    await conn.execute("UPDATE contact SET first_arrival = first_arrival - interval '1 hour'")
    await conn.close()
    code, out, err = await product.ends(*calls)
    assert code == 0, out + err


async def test_it_plays_at_nobody_else(product: Product) -> None:
    for url in ("http://192.0.2.1:8080", "http://contact.example.org", "https://127.0.0.1"):
        code, _, err = await product.ends("traffic", "--url", url)
        assert (code, len(err.splitlines())) == (2, 1)
    code, _, err = await product.ends("traffic", "--url", f"http://127.0.0.1:{free_port()}")
    assert (code, "nothing answers" in err) == (2, True)
    for wrong in (("--rate", "0"), ("--mix", "1:2"), ("--contacts", "-1"), ("--agents", "1000")):
        code, _, err = await product.ends("traffic", *wrong)
        assert (code, "Traceback" in err) == (2, False)

"""The city's services, from the command to the console: what the catalogue has no more keeps its
name in cases, and can't be said of a new one."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.flows.product import Agent, Product, letter

ADMIN, AINO = "admin@mikkeli.example", "aino@mikkeli.example"
BERTHS = {"service_code": "berths", "service_name": "Vierasvenepaikat"}
SNOW = {"service_code": "snow", "service_name": "Lumenkaato"}


async def _say(agent: Agent, product: Product, case: str, service: int) -> int:
    headers = {"Origin": product.url}
    place = f"{product.url}/api/cases/{case}/service"
    async with agent.http.post(place, json={"service": service}, headers=headers) as answer:
        return answer.status


async def test_service_removed_history_stays(standing: Product, tmp_path: Path) -> None:
    file = tmp_path / "services.json"
    order = ("services", "import", str(file), "--format", "open311", "--organisation", "mikkeli")
    file.write_text(json.dumps([BERTHS, SNOW]), encoding="utf-8")
    assert "services  added 2, changed 0, removed 0, unchanged 0" in await standing.command(*order)
    assert (await standing.command(*order, "--dry-run")).endswith("\n0 would change\n")
    async with standing.agent(AINO) as aino, standing.agent(ADMIN) as admin:
        await aino.open()
        await aino.available()
        text = "Onko vierasvenepaikkoja vapaana?"
        await standing.mail(letter(text=text))
        old = (await aino.take())["contact"]["case"]
        await standing.mail(letter(text=text))
        new = await aino.wait(lambda f: f["type"] == "offer" and f["contact"]["case"] != old)
        other = new["contact"]["case"]
        about = f"/api/cases/{old}/service"
        (berths, *_) = json.loads((await aino.get(about))[1])["suggested"]
        assert berths["name"]["fi"] == "Vierasvenepaikat"
        assert await _say(aino, standing, old, berths["id"]) == 200
        file.write_text(json.dumps([SNOW]), encoding="utf-8")
        assert "removed 1" in await standing.command(*order)
        told = json.loads((await aino.get(about))[1])
        assert told["service"] == {**berths, "removed": True}
        left = json.loads((await aino.get(f"/api/cases/{other}/service"))[1])
        assert berths not in left["suggested"]
        assert await _say(aino, standing, other, berths["id"]) == 400
        place = f"/admin/services/{berths['id']}"
        page = (await admin.get(f"{place}?lang=en"))[1]
        assert re.search("<h1>Vierasvenepaikat</h1>", page)
        assert "it can no longer be chosen" in page
        assert place not in (await admin.get("/admin/services?find=vierasvene"))[1]
        assert place in (await admin.get("/admin/services?find=vierasvene&state=removed"))[1]


async def test_what_is_wrong_is_said_and_ends_with_1(standing: Product, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html>", encoding="utf-8")
    for where, said in (
        (str(file), "file: The file is not a catalogue in this format"),
        ("nothing.json", "No such file"),
        ("http://www.example.org/services.json", "must begin with https://"),
    ):
        code, out, err = await standing.ends(
            "services", "import", where, "--format", "ptv", "--organisation", "mikkeli"
        )
        assert (code, out) == (1, "")
        assert said in err
        assert "Traceback" not in err

"""The city's services, by the command and on the pages: what the catalogue has no more keeps its
name where it was named, and is offered no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.flows.product import Product

ADMIN = "admin@mikkeli.example"


async def test_service_removed_history_stays(standing: Product, tmp_path: Path) -> None:
    berths = {"service_code": "berths", "service_name": "Guest harbour berths"}
    snow = {"service_code": "snow", "service_name": "Snow clearing"}
    file = tmp_path / "services.json"
    order = ("services", "import", str(file), "--format", "open311", "--organisation", "mikkeli")
    file.write_text(json.dumps([berths, snow]), encoding="utf-8")
    assert "services  added 2, changed 0, removed 0, unchanged 0" in await standing.command(*order)
    assert (await standing.command(*order)).endswith("\n0 changed\n")
    async with standing.agent(ADMIN) as admin:
        _, offered = await admin.get("/admin/services?find=guest+harbour&lang=en")
        (place,) = re.findall(r'href="(/admin/services/\d+)', offered)
        file.write_text(json.dumps([snow]), encoding="utf-8")
        dry = await standing.command(*order, "--dry-run")
        assert dry.endswith("\n1 would change\n")
        assert place in (await admin.get("/admin/services?find=guest+harbour"))[1]
        assert "removed 1" in await standing.command(*order)
        _, page = await admin.get(f"{place}?lang=en")
        assert "<h1>Guest harbour berths</h1>" in page
        assert "the service can&#39;t be chosen" in page
        assert place not in (await admin.get("/admin/services?find=guest+harbour"))[1]
        assert place in (await admin.get("/admin/services?find=guest+harbour&state=removed"))[1]
    file.write_text("<html>", encoding="utf-8")
    code, out, err = await standing.ends(*order)
    assert (code, out) == (1, "")
    assert "file: The file is no catalogue of this format" in err
    assert "Traceback" not in err
    for where, said in (
        ("nothing.json", "No such file"),
        ("http://www.example.org/services.json", "must begin with https://"),
    ):
        code, _, err = await standing.ends("services", "import", where, *order[3:])
        assert code == 1
        assert said in err

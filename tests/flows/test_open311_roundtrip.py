"""A program reports a fault by Open311 and polls until it is closed, while an agent handles it."""

from __future__ import annotations

import aiohttp
import pytest

from tests.flows.georeport import GeoReport, ServerSaidNo, Thing
from tests.flows.product import Product

PLACE = {"lat": "61.6886", "long": "27.2726", "address_string": "Hallituskatu 7, Mikkeli"}
TEXT = "Katuvalo on sammunut. Tunnukseni on 131052-308T."


def is_closed(request: Thing) -> bool:
    """What a client waits for."""
    return bool(request["status"] == "closed")


async def test_services_a_request_and_its_end(product: Product) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{product.url}/open311/v2/discovery.json") as answer:
            endpoint = (await answer.json())["endpoints"][0]["url"]
        clients = [GeoReport(http, endpoint, kind) for kind in ("xml", "json")]
        asked: dict[str, GeoReport] = {}
        for client in clients:
            services = await client.services(jurisdiction_id="mikkeli")
            assert len(services) >= 20
            lights = next(one for one in services if "atuvalo" in one["service_name"])
            fields = {"service_code": str(lights["service_code"]), **PLACE}
            for length in (9, 5_001):
                with pytest.raises(ServerSaidNo) as refused:
                    await client.ask(**fields, description="x" * length)
                assert refused.value.codes == [400]
            number = await client.ask(**fields, description=TEXT, email="ville@example.org")
            again = await client.ask(**fields, description=TEXT, email="ville@example.org")
            assert number == again
            asked[number] = client
        assert len(asked) == 1  # one report, whichever format it was sent in
        ((number, client),) = asked.items()
        opened = await client.request(number)
        assert opened["status"] == "open"
        assert not opened["description"]
        with pytest.raises(ServerSaidNo):
            await client.requests(
                start_date="2026-01-01T00:00:00Z", end_date="2026-04-02T00:00:00Z"
            )
        async with product.agent("aino@mikkeli.example") as aino:
            await aino.available()
            card = (await aino.take())["contact"]
            assert (card["contact"], card["channel"]) == (number, "mail")
            path = f"{product.url}/api/cases/{card['case']}/feedback"
            settled = {
                "decision": "planned",
                "reason": "Valo vaihdetaan maanantaina.",
                "public_text": "Katuvalo on sammunut.",
            }
            async with aino.http.post(path, json=settled) as answer:
                assert answer.status == 200, await answer.text()
            second = await client.ask(**fields, description="Toinenkin valo on pimeä.")
            await aino.send(type="close", contact=number)
            await aino.send(type="wrap_up", contact=number, disposition="answered")
            assert (await aino.take())["contact"]["contact"] == second
            assert (await client.request(second))["status"] == "open"
            await aino.send(type="close", contact=second)  # nobody decides
            for one in clients:
                closed = await one.poll(number, is_closed)
                assert closed["status_notes"] == "Valo vaihdetaan maanantaina."
                assert closed["description"] == "Katuvalo on sammunut."
                undecided = await one.poll(second, is_closed)
                assert not undecided["status_notes"]
                listed = await one.requests(status="closed", service_code=fields["service_code"])
                assert [str(each["service_request_id"]) for each in listed] == [second, number]
        async with http.get(f"{endpoint}/requests.json") as answer:
            told = await answer.text()
        assert "308T" not in told
        assert "ville" not in told
    assert (await product.verify())["violations"] == []

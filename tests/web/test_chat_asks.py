"""What a chat asks before it begins: set for an organisation or a topic, and told to its page."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.web.city import City, open_city
from tests.web.edge import ADMIN, Answer, Browser, Edge


@pytest.fixture
async def city(edge: Edge, redis_url: str) -> City:
    """Queues and topics of two organisations."""
    return await open_city(edge, redis_url)


async def _asks(browser: Browser, query: str) -> list[str]:
    page = await browser.get(f"/chat?{query}&lang=fi")
    given = re.search(r'id="given">(.*?)</script>', page.text)
    assert given
    matters: list[dict[str, Any]] = json.loads(given[1])["matters"]
    return list(matters[0]["asks"])


async def _post(admin: Browser, place: str, form: dict[str, Any]) -> Answer:
    """The form with what it showed."""
    seen = re.search(r'name="seen" value="([^"]*)"', (await admin.get(place)).text)
    assert seen
    return await admin.post(place, form | {"seen": unescape(seen[1])})


async def test_a_topic_asks_what_its_organisation_asks_or_its_own(edge: Edge, city: City) -> None:
    admin = await edge.signed_in(ADMIN)
    assert await _asks(admin, "topic=city/parking") == ["name"]
    place = "/admin/organisations/city"
    page = await admin.get(place)
    assert re.search(r'name="chat_asks" value="name"[^>]* checked', page.text)
    names = {f"name.{language}": "Kaupunki" for language in ("fi", "sv", "en")}
    form = {"time_zone": "Europe/Helsinki", **names, "chat_asks": ["language", "name"]}
    assert (await _post(admin, place, form)).status == 303
    assert await _asks(admin, "topic=city/parking") == ["language", "name"]
    assert await _asks(admin, "queue=general") == ["language", "name"]
    refused = await _post(admin, place, form | {"chat_asks": ["name", "age"]})
    assert refused.status == 400

    place = "/admin/topics/city/parking"
    assert '<option value="" selected>' in (await admin.get(place)).text
    topic: dict[str, Any] = {"organisation": "city", "key": "parking", "queue": "streets"}
    topic |= {f"name.{language}": "Pysäköinti" for language in ("fi", "sv", "en")}
    topic |= {"position": "1", "chat_asks": "none"}
    assert (await _post(admin, place, topic)).status == 303
    assert await _asks(admin, "topic=city/parking") == []
    assert re.search(r'<option value="none" selected>', (await admin.get(place)).text)
    assert (await _post(admin, place, topic | {"chat_asks": "language name"})).status == 303
    assert await _asks(admin, "topic=city/parking") == ["language", "name"]
    assert (await _post(admin, place, topic | {"chat_asks": ""})).status == 303
    assert await edge.rows("SELECT FROM topic WHERE key = 'parking' AND chat_asks IS NULL")
    assert (await _post(admin, place, topic | {"chat_asks": "age"})).status == 400

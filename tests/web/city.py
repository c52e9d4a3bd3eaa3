"""A city for citizens' pages: queues with topics, and a reception that takes messages in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels import callback
from contactcenter.channel import ChannelSettings
from contactcenter.intake.reception import Reception
from contactcenter.kernel.feed import Feed
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.live import Live
from contactcenter.queue.bands import Bands
from contactcenter.queue.citizens import Citizens
from contactcenter.queue.live import Line
from contactcenter.queue.publish import Publisher
from contactcenter.web.citizen.chat_matters import ChatMatters
from tests.web.callback_room import FakeCallbacks
from tests.web.edge import Answer, Edge

NEVER = '{"weekly": {}, "holidays": "open", "eves": "open", "exceptions": {"2020-01-01": []}}'
PARKING = '{"fi": "Pysäköinti", "sv": "Parkering", "en": "Parking"}'
HINT = '{"fi": "maksut", "sv": "avgifter", "en": "fines"}'


@dataclass
class City:
    """What a test sets: the classes that somebody on duty can take."""

    edge: Edge
    reception: Reception
    staffed: set[str] = field(default_factory=set)

    async def sql(self, statement: str, *values: object) -> None:
        """Change something in the database."""
        async with self.edge.services.db.transaction() as conn:
            await conn.execute(statement, *values)


async def open_city(edge: Edge, redis_url: str) -> City:
    """General advice around the clock, streets with the topic of parking, and a partner."""
    services, live = edge.services, Live(redis_url)
    publisher = Publisher(services.db, Line(live), Feed(live), Citizens(live))
    reception = Reception(services.db, Ids(services.db), publisher, "node")
    city = City(edge, reception)

    async def staffed(classes: set[str]) -> set[str]:
        return city.staffed & classes

    services.receive, services.staffed = reception.receive, staffed
    services.chat_matters = ChatMatters(services.db, staffed, Bands(live), callbacks=True)
    services.callbacks, services.calls = FakeCallbacks(), callback.open_channel(ChannelSettings())
    mine, other = edge.organisations["city"], edge.organisations["kela"]
    await city.sql("UPDATE queue SET channels = '{mail,chat,callback}' WHERE key = 'general'")
    for organisation, key, channels in (
        (mine, "streets", "{mail,chat}"),
        (mine, "inside", "{mail}"),
        (other, "benefits", "{mail,callback}"),
    ):
        await city.sql(
            "INSERT INTO queue (organisation_id, key, name, task, languages, channels, always_open,"
            " hours) VALUES ($1, $2, $3::jsonb, $2, '{fi,sv,en}', $4::text[], false, $5::jsonb)",
            organisation, key, f'{{"fi": "{key}"}}', channels[1:-1].split(","), NEVER,
        )  # fmt: skip
    for key in ("general", "streets", "inside", "benefits"):
        await city.sql(
            "INSERT INTO mail_address (address, queue_id)"
            " SELECT key || '@city.example', id FROM queue WHERE key = $1",
            key,
        )
    for topic, queue, name, hint in (
        ("parking", "streets", PARKING, HINT),
        ("other", "general", '{"fi": "Muu asia", "en": "Something else"}', "{}"),
    ):
        await city.sql(
            "INSERT INTO topic (organisation_id, key, name, hint, queue_id, position)"
            " SELECT $1, $2, $3::jsonb, $4::jsonb, id, 1 FROM queue WHERE key = $5",
            mine, topic, name, hint, queue,
        )  # fmt: skip
    return city


def request_id_of(page: Answer) -> str:
    """The request that a form holds."""
    found = re.search(r'name="request_id" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]

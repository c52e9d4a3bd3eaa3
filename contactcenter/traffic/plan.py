"""What is to be played: how much, by which doors, by whom. Pure, seeded."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from itertools import count, islice
from math import inf
from typing import Any
from urllib.parse import urlsplit

from contactcenter.demo_history import arrivals
from contactcenter.demo_history.people import made_up, number

DOORS = ("chat", "mail", "callback")
LANGUAGES = {"fi": 86, "sv": 6, "en": 8}
MOST_AGENTS = 150  # tabs: a node lets a user have 20
THINKS_S = 0.7  # what citizens take themselves, of each contact on average
LOOKED_AT = 500  # approaches, to see to whom most come
GENERAL = 6  # the general queue is asked for this many times as often as another


@dataclass(frozen=True, kw_only=True)
class Options:
    """As the command line gives them."""

    url: str
    rate: float
    minutes: float
    contacts: int | None
    agents: int
    mix: dict[str, int]
    seed: int
    profile: bool


@dataclass(frozen=True, kw_only=True)
class Approach:
    """One citizen who turns to the city."""

    n: int
    at: float
    door: str
    queue: dict[str, Any]
    language: str
    topic: dict[str, str]
    name: str
    address: str
    number: str
    source: str
    seed: int


def read_mix(text: str) -> dict[str, int]:
    """Weights "chat:mail:callback". Raises ValueError."""
    weights = [int(part) for part in text.split(":")]
    if len(weights) != len(DOORS) or min(weights) < 0 or not 0 < sum(weights) <= 1000:
        raise ValueError("three whole numbers, chat:mail:callback, such as 3:5:2")
    return dict(zip(DOORS, weights, strict=True))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself: nobody else is ever played at."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def url_problem(url: str) -> str | None:
    """Why a URL can't be played at; None where it can."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        return f"{url} is no http:// address"
    if not is_loopback(parts.hostname):
        return f"{parts.hostname} is not this machine: traffic is played on loopback only"
    return None


def approaches(
    options: Options, queues: list[dict[str, Any]], topics: list[dict[str, str]]
) -> Iterator[Approach]:
    """The citizens in the order in which they come, without end but those of the options. The same
    seed gives the same ones."""
    rng = random.Random(options.seed)  # noqa: S311 - made-up people
    numbers = count(1)
    known = {(topic["queue"], topic["language"]) for topic in topics}
    for at in arrivals.stream(rng, options.rate, options.minutes * 60, profile=options.profile):
        n = next(numbers)
        if options.contacts is not None and n > options.contacts:
            return
        door = rng.choices(list(options.mix), list(options.mix.values()))[0]
        language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        fitting = [q for q in queues if _fits(q, door) and (q["key"], language) in known]
        weights = [GENERAL if q["key"] == "general" else 1 for q in fitting]
        queue = rng.choices(fitting, weights)[0]
        asked = [t for t in topics if (t["queue"], t["language"]) == (queue["key"], language)]
        name, address = made_up(rng, language, n)
        yield Approach(
            n=n,
            at=at,
            door=door,
            queue=queue,
            language=language,
            topic=rng.choice(asked),
            name=name,
            address=address,
            number=number(rng.randrange(100_000)),
            source=str(IPv4Address("127.1.0.0") + rng.randrange(1, 250 * 256)),
            seed=rng.getrandbits(32),
        )


def _fits(queue: dict[str, Any], door: str) -> bool:
    return door in queue["channels"] and (door != "mail" or queue["address"] is not None)


def crew(users: list[dict[str, Any]], agents: int) -> list[tuple[dict[str, Any], int, int]]:
    """Who is played: (user, which of the user's tabs, how many there are). More agents than users
    are further tabs of the same users; the first user, Aino, is taken last: she is left to whoever
    tries the console."""
    staff = [user for user in users if user["role"] == "agent"]
    staff = staff[1:] + staff[:1]
    played = [(staff[n % len(staff)], n // len(staff)) for n in range(agents)]
    tabs = [user["id"] for user, _ in played]
    return [(user, tab, tabs.count(user["id"])) for user, tab in played]


def pace_s(rate: float, users: list[dict[str, Any]], come: Iterable[Approach]) -> float:
    """How long an agent takes for a contact when these come, each to one of those who know its
    queue, so that even the agent to whom most come is busy but not drowned."""
    looked_at = list(islice(come, LOOKED_AT))
    shares: Counter[str] = Counter()
    for approach in looked_at:
        able = [user["id"] for user in users if approach.queue["key"] in user["queues"]]
        shares.update({user: 1 / len(able) / len(looked_at) for user in able})
    room = [int(user["capacity"]) / shares[user["id"]] for user in users if shares[user["id"]]]
    return max(0.3, min(0.5 * min(room, default=inf) / rate - THINKS_S, 30.0))

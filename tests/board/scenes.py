"""What a city's board shows: its queues and its agents, as the frames of /ws/board name them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Frame = dict[str, Any]
HOUR = 3600
_TARGETS = {"chat": 60, "callback": HOUR, "mail": 24 * HOUR, "call": 60, "visit": 600, "letter": 0}


def ago(seconds: float) -> str:
    """A moment in the past, as frames write it."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="microseconds")


def row(queue: str, channel: str, *, name: Frame | None = None, **figures: Any) -> Frame:
    """A channel of a queue with nothing counted yet; `seconds` and `way` are of its service level,
    `level` its value."""
    level = {
        "value": figures.pop("level", None),
        "seconds": figures.pop("seconds", _TARGETS[channel]),
        "way": figures.pop("way", "negative"),
    }
    counts = ("waiting", "in_hand", "entered", "accepted", "abandoned", "short_abandoned")
    return {
        "queue": queue,
        "name": name or {"fi": queue.title(), "sv": queue.title(), "en": queue.title()},
        "organisation": "city",
        "channel": channel,
        **dict.fromkeys(counts, 0),
        "longest_wait_s": None,
        "service_level": level,
        "asa_s": None,
        "aht_s": None,
        "promises": 0,
        "kept": 0,
        "open": True,
        **figures,
    }


def agent(number: int, name: str, state: str = "available", **given: Any) -> Frame:
    """An agent, 12 minutes in the state."""
    return {
        "agent": str(number),
        "name": name,
        "organisation": "city",
        "state": state,
        "reason": None,
        "since": ago(730),
        "load": 0,
        "capacity": 3,
        **given,
    }


PARKING = {"fi": "Pysäköinti", "sv": "Parkering", "en": "Parking"}
DAYCARE = {
    "fi": "Varhaiskasvatus ja esiopetus",
    "sv": "Småbarnspedagogik och förskola",
    "en": "Early childhood education",
}
STREETS = {
    "fi": "Kadut ja talvikunnossapito",
    "sv": "Gator och vinterunderhåll",
    "en": "Streets and winter upkeep",
}
HOUSING = {"fi": "Asuminen", "sv": "Boende", "en": "Housing"}
BIRDS = {"fi": "Äitiysneuvola", "sv": "Ådans rådgivning", "en": "Maternity clinic"}
KELA = {"fi": "Kelan etuudet", "sv": "FPA:s förmåner", "en": "Kela benefits"}


def working_day() -> list[Frame]:
    """Ten queues' rows in the forenoon: one over its target, one soon, the others calm."""
    return [
        row("parking", "chat", name=PARKING, waiting=4, longest_wait_s=142.0, in_hand=6,
            entered=61, accepted=50, abandoned=7, short_abandoned=2, level=0.684, asa_s=71.4,
            aht_s=412.0, estimate={"low_s": 120, "high_s": 480}, estimated=40,
            estimate_held=0.825, estimate_silent=False),
        row("parking", "mail", name=PARKING, waiting=12, longest_wait_s=11_760.0, in_hand=3,
            entered=40, accepted=28, level=0.964, asa_s=4_210.0, aht_s=655.0,
            estimate={"low_s": 0, "high_s": 10_800}, estimated=31, estimate_held=0.39,
            estimate_silent=True),
        row("parking", "callback", name=PARKING, waiting=1, longest_wait_s=640.0, in_hand=1,
            entered=9, accepted=8, level=0.875, asa_s=1_500.0, aht_s=388.0, promises=5, kept=4),
        row("daycare", "callback", name=DAYCARE, waiting=3, longest_wait_s=3_130.0, in_hand=2,
            entered=22, accepted=19, abandoned=1, level=0.9, asa_s=1_211.0, aht_s=540.0,
            promises=11, kept=11),
        row("daycare", "mail", name=DAYCARE, waiting=8, longest_wait_s=72_000.0, in_hand=4,
            entered=31, accepted=20, level=1.0, asa_s=9_400.0, aht_s=702.0),
        row("streets", "mail", name=STREETS, waiting=2, longest_wait_s=2_400.0, entered=14,
            accepted=11, in_hand=1, level=0.909, asa_s=3_600.0, aht_s=300.0),
        row("housing", "chat", name=HOUSING, entered=12, accepted=12, in_hand=2, level=1.0,
            asa_s=9.0, aht_s=610.0),
        row("housing", "call", name=HOUSING, in_hand=1, aht_s=245.0),
        row("maternity", "callback", name=BIRDS, open=False, opens_at=ago(-172_800)),
        row("benefits", "chat", name=KELA, organisation="kela", waiting=1, longest_wait_s=12.0,
            entered=5, accepted=4, level=1.0, asa_s=18.0, aht_s=505.0),
    ]  # fmt: skip


def outlook() -> list[Frame]:
    """What is expected until closing: of one queue a lot, of one it is not known."""
    closes = {"organisation": "city", "closes_at": "2026-11-26T14:00:00.000000+00:00"}
    many, some = {"mean": 12.4, "low": 8.1, "high": 16.7}, {"mean": 3.1, "low": 1.6, "high": 4.6}
    return [
        closes | {"queue": "parking", "days": 7, "late": many, "backlog": some,
                  "one_more": {"late": many, "backlog": some}},
        closes | {"queue": "daycare", "days": 0, "late": None, "backlog": None, "one_more": None},
    ]  # fmt: skip


def staff() -> list[Frame]:
    """A shift."""
    return [
        agent(1, "Aino Virtanen", load=2),
        agent(2, "Otso Lindström", load=3),
        agent(3, "Siiri Mäkelä-Nieminen", since=ago(95), load=1),
        agent(4, "Åsa Öhman", since=ago(40)),
        agent(5, "Väinö Zitting", "away", since=ago(430), reason="missed"),
        agent(6, "Maija Korhonen", "break", since=ago(1_700)),
        agent(7, "Abdi Hassan", "training", since=ago(7_300)),
        agent(8, "Önni Aalto", "offline", since=ago(54_000)),
        agent(9, "Kerttu Ängeslevä", "offline", since=ago(200), reason="lost"),
        agent(10, "Kirsi Kela", organisation="kela", load=1),
    ]


def crowd(agents: int, rows: int) -> tuple[list[Frame], list[Frame]]:
    """Rows and agents of a centre as large as we promise."""
    channels = ("chat", "mail", "callback")
    queues = [
        row(f"queue {n // 3:02}", channels[n % 3], waiting=n % 7,
            longest_wait_s=float(n * 11) if n % 7 else None, entered=n, accepted=n,
            level=1.0 if n else None, asa_s=30.0, aht_s=300.0)
        for n in range(rows)
    ]  # fmt: skip
    states = ("available", "available", "available", "break", "away", "offline")
    people = [agent(n, f"Agent {n:04}", states[n % 6], load=n % 4) for n in range(agents)]
    return queues, people

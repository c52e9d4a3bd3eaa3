"""Redis: is it there, can it do what is asked, and does it keep the line while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contactcenter.doctor.finding import Finding, fine, note, size, wrong
from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable

OLDEST = (6, 2)
_DO = "start Redis, or correct CONTACTCENTER_REDIS_URL; contacts are taken in, none is offered"


async def look(live: Live, running: bool) -> list[Finding]:
    """`running`: whether a node is at work, so that the line must stand in it."""
    try:
        info = read_info(await live.call("INFO"))
    except LiveUnavailable as error:
        return [wrong("redis", f"no answer: {error}", _DO)]
    found = of_info(info)
    if running:
        found.append(of_line(bool(await live.call("EXISTS", keys.REBUILT))))
    return found


def read_info(said: Any) -> dict[str, str]:
    """INFO's answer, which a client may have read already, as names and values."""
    if isinstance(said, Mapping):
        return {str(name): str(value) for name, value in said.items()}
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    pairs = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {name: value.strip() for name, _, value in pairs if value}


def of_info(info: Mapping[str, str]) -> list[Finding]:
    """What INFO tells. Pure."""
    return [_of_version(info), _of_role(info), *_of_memory(info), _of_persistence(info)]


def _of_version(info: Mapping[str, str]) -> Finding:
    said = info.get("valkey_version") or info.get("redis_version", "unknown")
    numbers = tuple(int(part) for part in said.split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        return wrong("redis.version", said, "upgrade to Redis 6.2 or newer, or to Valkey")
    if info.get("redis_mode") == "cluster":
        do = "use one server, or Sentinel: scripts touch keys of several slots"
        return wrong("redis.version", f"{said}, a cluster", do)
    return fine("redis.version", said)


def _of_role(info: Mapping[str, str]) -> Finding:
    if info.get("role", "master") != "master":
        return wrong("redis.role", "a replica", "point CONTACTCENTER_REDIS_URL at the master")
    if info.get("loading", "0") not in ("0", "False"):
        return wrong("redis.role", "still loading its file", "wait; the product needs no file")
    return fine("redis.role", "master")


def _of_memory(info: Mapping[str, str]) -> list[Finding]:
    policy = info.get("maxmemory_policy", "noeviction")
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    said = f"{size(used)} used, " + (f"{size(most)} the most, {policy}" if most else "no limit")
    found = []
    if most and policy != "noeviction":
        do = "CONFIG SET maxmemory-policy noeviction: others drop waiting contacts from the line"
        found.append(wrong("redis.memory", said, do))
    if most and used > most * 0.9:
        do = "raise maxmemory; when it is full no offer can be made"
        found.append(wrong("redis.memory", said, do))
    if int(info.get("evicted_keys", 0)):
        do = "the line was mended within 10 s each time; set noeviction and more memory"
        found.append(wrong("redis.memory", f"{info['evicted_keys']} keys were evicted", do))
    return found or [fine("redis.memory", said)]


def _of_persistence(info: Mapping[str, str]) -> Finding:
    if info.get("aof_enabled", "0") != "0":
        do = "appendonly no: it costs time, and nothing in Redis needs saving"
        return note("redis.persistence", "appendonly is on", do)
    if info.get("rdb_last_bgsave_status", "ok") != "ok":
        do = "CONFIG SET save '': with a failing snapshot Redis refuses writes"
        return wrong("redis.persistence", "the last snapshot failed", do)
    return fine("redis.persistence", "nothing in it needs saving")


def of_line(rebuilt: bool) -> Finding:
    """Pure."""
    if rebuilt:
        return fine("redis.line", "stands as in Postgres")
    do = "wait a few seconds; if it stays so, look for rebuild in the node's log"
    return wrong("redis.line", "is being rebuilt: nothing is offered", do)

"""Numbers that must stand nowhere, the ways they may be written, and where to look for them: every
column of every table, every key of Redis."""

from __future__ import annotations

import html
import quopri
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from urllib.parse import unquote_to_bytes

import asyncpg
import redis.asyncio as redis

CODE, SPACED, LOWER = "131052-308T", "131052 - 308T", "131052\u2013308t"
ACCOUNT, CARD = "FI21 1234 5600 0007 85", "4111 1111 1111 1111"
CODES = f"{CODE} {SPACED} {LOWER}"
ALL = f"{CODES} {ACCOUNT} {CARD}"
# Any few characters that are neither digit nor letter may stand between.
_GAP = rb"[^0-9A-Za-z]{0,12}"
_CODE = re.compile(rb"131052" + _GAP + rb"308" + _GAP + rb"t", re.IGNORECASE)
_NUMBER = re.compile(
    rb"fi21" + _GAP + _GAP.join([rb"1234", rb"5600", rb"0007", rb"85"])
    + rb"|" + _GAP.join([rb"4111", rb"1111", rb"1111", rb"1111"]),
    re.IGNORECASE,
)  # fmt: skip
_ESCAPE = re.compile(rb"\\+u[0-9a-f]{4}", re.IGNORECASE)
# In base64 a text looks one of three ways; its ends depend on what stands beside it.
_BASE64 = tuple(
    b64encode(b"\0" * shift + one.encode())[4:-4]
    for one in (CODE, SPACED, LOWER, CODE.lower())
    for shift in range(3)
)

_READ: dict[str, tuple[str | int, ...]] = {
    "string": ("GET",),
    "hash": ("HGETALL",),
    "list": ("LRANGE", 0, -1),
    "set": ("SMEMBERS",),
    "zset": ("ZRANGE", 0, -1),
    "stream": ("XRANGE", "-", "+"),
}


def shown(data: bytes, *, accounts: bool = True) -> str | None:
    """What of them stands in the bytes, in whatever writing; `accounts`: those of accounts too."""
    for view in _views(data):
        found = _CODE.search(view) or (_NUMBER.search(view) if accounts else None)
        if found is not None:
            around = view[max(0, found.start() - 60) : found.end() + 20]
            return around.decode(errors="replace")
    joined = b"".join(data.split())
    found_at = next((joined.find(one) for one in _BASE64 if one in joined), None)
    return None if found_at is None else joined[max(0, found_at - 60) :][:120].decode("latin-1")


def _views(data: bytes) -> Iterator[bytes]:
    yield data
    yield _ESCAPE.sub(b"-", data)
    yield quopri.decodestring(data)
    yield unquote_to_bytes(data)
    yield html.unescape(data.decode("utf-8", "replace")).encode()


async def in_tables(url: str) -> AsyncIterator[tuple[str, bytes]]:
    """All values of each column of every table, by `table.column`, as its owner sees them."""
    conn = await asyncpg.connect(url)
    try:
        columns = await conn.fetch(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE t.table_type = 'BASE TABLE' AND c.table_schema = 'public' ORDER BY 1, 2"
        )
        assert len(columns) > 300
        for table, column, kind in columns:
            raw = f'"{column}"' if kind == "bytea" else f'"{column}"::text'
            query = f'SELECT {raw} FROM "{table}" WHERE "{column}" IS NOT NULL'
            found = [value for (value,) in await conn.fetch(query)]
            whole = b"\n".join(one if kind == "bytea" else one.encode() for one in found)
            yield f"{table}.{column}", whole
    finally:
        await conn.close()


async def in_redis(url: str) -> AsyncIterator[tuple[str, bytes]]:
    """Every key and what it holds, of whatever type."""
    client = redis.Redis.from_url(url)
    try:
        keys = [key async for key in client.scan_iter(count=1000)]
        assert len(keys) > 10
        for key in keys:
            kind = _flat(await client.execute_command("TYPE", key)).decode()  # type: ignore[no-untyped-call]
            if kind != "none":  # it ended meanwhile
                held = await client.execute_command(_READ[kind][0], key, *_READ[kind][1:])  # type: ignore[no-untyped-call]
                yield f"redis {key!r}", _flat([key, held])
    finally:
        await client.aclose()


def _flat(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict):
        return _flat(list(value.items()))
    if isinstance(value, list | tuple | set):
        return b"\n".join(_flat(one) for one in value)
    return str(value).encode()

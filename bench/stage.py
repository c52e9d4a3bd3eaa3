"""The servers and the city that every bench runs on."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from contactcenter import demo
from contactcenter.app import Node, open_node
from contactcenter.config import load_settings

FLOOR_TABLES = """
CREATE TABLE floor_contact (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text);
CREATE TABLE floor_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, contact bigint, body text);
CREATE TABLE floor_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, contact bigint, kind text);
CREATE TABLE floor_mail (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea);
"""


@dataclass(frozen=True)
class Stage:
    """A node of the product and plain connections to the same servers."""

    node: Node
    database_url: str
    redis_url: str
    home: Path

    def environment(self) -> dict[str, str]:
        """For a second process of the product."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "CONTACTCENTER_HOME": str(self.home),
            "CONTACTCENTER_DATABASE_URL": self.database_url,
            "CONTACTCENTER_REDIS_URL": self.redis_url,
            "CONTACTCENTER_LOG_LEVEL": "error",
        }


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@asynccontextmanager
async def open_stage(database_url: str, redis_url: str, home: Path) -> AsyncIterator[Stage]:
    """A node with the demo city, whose offers do not end by themselves."""
    settings = replace(
        load_settings({"CONTACTCENTER_HOME": str(home)}), channels=(), offer_s=3600.0, smtp_port=0
    )
    conn = await asyncpg.connect(database_url)
    await conn.execute(FLOOR_TABLES)
    await conn.close()
    async with AsyncExitStack() as stack:
        node = await open_node(stack, settings, database_url, redis_url)
        await demo.load(node.db)
        await node.prepare()
        yield Stage(node, database_url, redis_url, home)

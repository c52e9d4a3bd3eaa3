"""Delivery's rows."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.delivery.rules import Post
from contactcenter.kernel.sql import Row, load_sql

SQL = load_sql(__file__)


def post_of(row: Row) -> Post:
    """Who a message is for and who has it, as the row says."""
    return Post(
        (row["recipient"], *row["also_to"], *row["cc"], *row["bcc"]),
        tuple(row["taken"]),
        tuple((one["address"], one["code"]) for one in msgspec.json.decode(row["refused"])),
    )


def columns(post: Post) -> dict[str, Any]:
    """The columns that say who has it."""
    refused = [{"address": address, "code": code} for address, code in post.refused]
    return {"taken": list(post.taken), "refused": msgspec.json.encode(refused).decode()}

"""`contactcenter verify`: the promises, checked against what is stored. It repairs nothing."""

from __future__ import annotations

from typing import Any

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import load_sql
from contactcenter.queue.loop import Reconciler

SQL = load_sql(__file__)
COUNTS = {"states", "outbound", "repairs"}


async def verify(db: Database, reconciler: Reconciler | None) -> dict[str, Any]:
    """{received, states, outbound, violations, repairs}; with a reconciler the line in Redis is
    compared too."""
    violations: list[dict[str, Any]] = []
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        states = {row["state"]: row["n"] for row in await SQL.states.all(conn)}
        outbound = {row["state"]: row["n"] for row in await SQL.outbound.all(conn)}
        repairs = {row["name"]: row["n"] for row in await SQL.repairs.all(conn)}
        for query in SQL:
            if query.name not in COUNTS:
                violations += [_violation(query.name, dict(row)) for row in await query.all(conn)]
    if reconciler is not None:
        violations += await _line(reconciler)
    return {
        "received": sum(states.values()),
        "states": states,
        "outbound": outbound,
        "violations": violations,
        "repairs": repairs,
    }


def _violation(code: str, row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"code": code, "detail": row["detail"]}
    for name in ("contact", "send_id"):
        if row.get(name) is not None:
            found[name] = str(row[name])
    return found


async def _line(reconciler: Reconciler) -> list[dict[str, Any]]:
    return [
        {"code": "line_differs", "detail": f"Postgres {should}, Redis {is_at}"}
        | ({"contact": str(key)} if kind == "contact" else {"agent": str(key)})
        for (kind, key), (should, is_at) in (await reconciler.lasting_differences()).items()
    ]

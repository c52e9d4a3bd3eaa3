"""`make bench [NAMES="intake offer_p50"]`: one JSON object a line."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from bench import (
    board,
    callbacks_due,
    chat,
    chat_city,
    chat_idle,
    chat_while_mail,
    first_load,
    insight,
    intake,
    loaded,
    mail_intake,
    mail_parse,
    offer,
    person_view,
    route,
    scaling,
    simulate,
    soak,
    stack,
    stats_read,
)
from bench.stage import Stage, open_stage
from contactcenter.kernel import log
from contactcenter.kernel.embedded import embedded_servers

Bench = Callable[[Stage], Awaitable[None]]
BENCHES: dict[tuple[str, ...], Bench] = {
    ("intake",): intake.run,
    ("scaling",): scaling.run,
    ("mail_intake",): mail_intake.run,
    ("mail_parse_5k", "mail_parse_50k", "mail_parse_50k_bare", "mail_parse_5m"): mail_parse.run,
    ("offer_p50", "offer_p99"): offer.run,
    (
        "route",
        "route_100k",
        "route_agents",
        "route_free_p99",
        "route_memory",
        "route_rebuild",
    ): route.run,
    ("callbacks_due", "callbacks_due_offer_p99"): callbacks_due.run,
    ("chat_50_p50", "chat_50_p99", "chat_500_p50", "chat_500_p99", "chat_max"): chat.run,
    ("chat_p99_while_mail", "chat_p99_while_5_mb"): chat_while_mail.run,
    ("chat_idle_1000", "chat_idle_5000"): chat_idle.run,
    ("chat_city_p99", "chat_city_memory"): chat_city.run,
    ("rss_loaded",): loaded.run,
    ("chat_first_load",): first_load.run,
    ("board_age_p99",): board.run,
    ("stats_read_growth", "ready"): stats_read.run,
    ("person_view_p95",): person_view.run,
    ("insight_count", "insight_page_p95", "suggestion_p95"): insight.run,
    ("rss_idle",): stack.run,
    ("simulate_1", "simulate_500"): simulate.run,
    soak.NAMES: soak.run,
}


async def _run(wanted: set[str], database_url: str, redis_url: str, home: Path) -> None:
    async with open_stage(database_url, redis_url, home) as stage:
        for names, bench in BENCHES.items():
            if wanted & set(names) or not (wanted or names == soak.NAMES):
                await bench(stage)


def main() -> int:
    """Run the benches that are named, by the whole name or its beginning (soak), or all."""
    known = {name for names in BENCHES for name in names}
    asked = {
        word: {n for n in known if n == word or n.startswith(f"{word}_")} for word in sys.argv[1:]
    }
    unknown = sorted(word for word, names in asked.items() if not names)
    if unknown:
        sys.stderr.write(f"no bench named {' '.join(unknown)}\n")
        return 2
    wanted = set().union(*asked.values())
    log.configure("error")
    with tempfile.TemporaryDirectory(prefix="contactcenter-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with embedded_servers(home / "home", need_postgres=True, need_redis=True) as servers:
            uvloop.run(_run(wanted, servers.database_url, servers.redis_url, home / "home"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

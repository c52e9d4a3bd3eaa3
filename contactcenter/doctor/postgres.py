"""PostgreSQL: is it there, is it ours, does it keep what it promises, has it room."""

from __future__ import annotations

import ipaddress
import time
from typing import Any

from contactcenter.doctor.finding import Facts, Finding, fine, note, size, span, wrong
from contactcenter.kernel.db import POOL_SIZE
from contactcenter.kernel.schema import VERSION
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
OLDEST = 150_000
MOST_SKEW_S = 2.0
MOST_XID_AGE = 1_000_000_000  # Postgres stops at 2,147,483,648
MOST_KEPT_LOG = 5_000_000_000


async def look(conn: Connection) -> list[Finding]:
    """What can be known before there is a schema."""
    asked = time.time()
    server = await SQL.server.row(conn)
    skew = server["clock"] - (asked + time.time()) / 2
    found = [*of_server(server), of_clock(skew), of_roles(await SQL.roles.row(conn))]
    found += of_transactions(
        [dict(row) for row in await SQL.long_transactions.all(conn)],
        await SQL.prepared_transactions.value(conn),
    )
    found += of_slots([dict(row) for row in await SQL.slots.all(conn)])
    found.append(of_standbys(await SQL.standbys.row(conn)))
    found += of_tables(
        [dict(row) for row in await SQL.bloat.all(conn)],
        [row["name"] for row in await SQL.broken_indexes.all(conn)],
    )
    return found


async def version(conn: Connection) -> int:
    """The schema's version; 0 where there is none."""
    return await SQL.version.value(conn) if await SQL.has_schema.value(conn) else 0


async def oldest(conn: Connection, found: int) -> int:
    """The lowest version whose release works with a schema that is newer than ours."""
    return int(await SQL.oldest.value(conn)) if found > VERSION else 0


async def partitions(conn: Connection) -> Finding:
    """Whether the events of the next months have their place."""
    return of_partitions(await SQL.partitions.row(conn))


def of_server(facts: Facts) -> list[Finding]:
    """Its version, its rights to write, its promises, its letters, its room. Pure."""
    found = [_of_version(facts), _of_writing(facts), _of_promises(facts), _of_letters(facts)]
    found.append(_of_connections(facts))
    if not facts["autovacuum"]:
        do = "set autovacuum and track_counts to on: without them tables grow without end"
        found.append(wrong("postgres.vacuum", "autovacuum is off", do))
    if facts["xid_age"] > MOST_XID_AGE:
        do = "run VACUUM (FREEZE) as superuser, and find out what keeps autovacuum from it"
        found.append(wrong("postgres.vacuum", f"transactions of age {facts['xid_age']:,}", do))
    found.append(_of_encryption(facts))
    return found


def _of_version(facts: Facts) -> Finding:
    said = f"{facts['version']}, {size(facts['bytes'])}"
    if facts["number"] < OLDEST:
        return wrong("postgres.version", said, "upgrade PostgreSQL to 15 or newer")
    return fine("postgres.version", said)


def _of_writing(facts: Facts) -> Finding:
    if facts["replica"]:
        do = "point CONTACTCENTER_DATABASE_URL at the primary, or promote this server"
        return wrong("postgres.primary", "a replica: nothing can be written", do)
    if facts["read_only"]:
        do = "set default_transaction_read_only to off for this database and user"
        return wrong("postgres.primary", "read-only by setting", do)
    return fine("postgres.primary", "can be written")


def _of_promises(facts: Facts) -> Finding:
    if not facts["safe"]:
        do = "set fsync and full_page_writes to on: a power cut can destroy the database"
        return wrong("postgres.durable", "fsync or full_page_writes is off", do)
    if not facts["waits"]:
        do = "set synchronous_commit to on: what citizens were told is kept can be lost"
        return wrong("postgres.durable", "synchronous_commit is off", do)
    return fine("postgres.durable", "a commit is on disk")


def _of_letters(facts: Facts) -> Finding:
    if facts["encoding"] != "UTF8" or not facts["letters"]:
        do = (
            "make a database with ENCODING 'UTF8' and a locale that knows Ä (C.UTF-8, fi_FI.UTF-8),"
            " and move there by backup and restore"
        )
        return wrong("postgres.letters", f"{facts['encoding']}; lower('Ä') is not 'ä'", do)
    return fine("postgres.letters", facts["encoding"])


def _of_connections(facts: Facts) -> Finding:
    said = f"{facts['used']} of {facts['most']} connections in use"
    if facts["most"] < POOL_SIZE + 3:
        do = f"raise max_connections: each node takes up to {POOL_SIZE}"
        return wrong("postgres.connections", said, do)
    if facts["used"] > facts["most"] * 0.9:
        do = "raise max_connections, or find out by pg_stat_activity who holds so many"
        return wrong("postgres.connections", said, do)
    return fine("postgres.connections", said)


def of_nodes(facts: Facts, nodes: int) -> list[Finding]:
    """Whether all nodes could fill their pools at once. Pure."""
    need = nodes * POOL_SIZE
    if need <= facts["most"]:
        return []
    do = f"raise max_connections to {need + 10} or more, or run fewer nodes"
    said = f"{nodes} nodes take up to {need} connections, {facts['most']} can be had"
    return [wrong("postgres.connections", said, do)]


def _of_encryption(facts: Facts) -> Finding:
    client = facts["client"]
    if facts["tls"] or not client or ipaddress.ip_address(client).is_loopback:
        return fine("postgres.encrypted", "TLS" if facts["tls"] else "on this machine")
    do = "add ?sslmode=verify-full to the URL, where the network between is not yours alone"
    return note("postgres.encrypted", f"plain, from {client}", do)


def of_clock(skew_s: float) -> Finding:
    """The database's clock against this machine's. Pure."""
    said = f"the database's clock is {abs(skew_s):.1f} s {'ahead' if skew_s > 0 else 'behind'}"
    if abs(skew_s) > MOST_SKEW_S:
        do = "let both machines follow a time server (chrony, systemd-timesyncd)"
        return wrong("clock", said, do)
    return fine("clock", said)


def of_roles(facts: Facts) -> Finding:
    """Whether the user of the URL may do what a start needs. Pure."""
    user = facts["user"]
    if not facts["owns"]:
        do = f"ALTER DATABASE ... OWNER TO {user}: a start makes and upgrades the schema"
        return wrong("postgres.roles", f"{user} does not own the database", do)
    if facts["held"] < 2 and not facts["makes_roles"]:
        do = (
            f"ALTER ROLE {user} CREATEROLE, or where the roles exist:"
            f" GRANT contactcenter_app, contactcenter_worker TO {user} WITH ADMIN OPTION"
        )
        return wrong("postgres.roles", f"{user} has not the product's roles", do)
    return fine("postgres.roles", f"{user} owns the database")


def of_schema(found: int, oldest: int = 0) -> Finding:
    """The schema's version against this release's, and the lowest that works with it. Pure."""
    if found > VERSION >= oldest:
        do = "a newer release was here: bring it back when you can"
        return note("postgres.schema", f"version {found}, made for this release too", do)
    if found > VERSION:
        do = f"start the release that made it, or one from version {oldest} on"
        return wrong("postgres.schema", f"version {found}, this release knows {VERSION}", do)
    if found == 0:
        return note("postgres.schema", "none yet", "the first `contactcenter serve` makes it")
    if found < VERSION:
        do = "back up, then start this release: it upgrades (docs/operations.md, Upgrading)"
        return note("postgres.schema", f"version {found}, this release has {VERSION}", do)
    return fine("postgres.schema", f"version {found}")


def of_partitions(facts: Facts) -> Finding:
    """Pure."""
    if facts["missing"]:
        do = "run a node that is not --only web: it makes months ahead of time every 6 hours"
        return wrong("postgres.partitions", f"no place for {', '.join(facts['missing'])}", do)
    if facts["rest"]:
        do = "correct the database's clock; the events are counted, and stay in event_rest"
        return wrong("postgres.partitions", "events lie outside of every month", do)
    return fine("postgres.partitions", "this month and the next two")


def of_transactions(long: list[dict[str, Any]], prepared: int) -> list[Finding]:
    """What keeps old rows from being cleaned away. Pure."""
    do = "end it: SELECT pg_terminate_backend({pid}); it keeps dead rows, and locks"
    found = [
        wrong(
            "postgres.transactions",
            f"{one['application']} ({one['state']}) open for {span(one['for_s'])}",
            do.format(pid=one["pid"]),
        )
        for one in long
    ]
    if prepared:
        do = "ROLLBACK PREPARED those of pg_prepared_xacts; the product makes none"
        found.append(wrong("postgres.transactions", f"{prepared} prepared ones left", do))
    return found or [fine("postgres.transactions", "none is long")]


def of_slots(slots: list[dict[str, Any]]) -> list[Finding]:
    """Logs kept for replicas that are gone fill the disk. Pure."""
    do = "bring that replica back, or SELECT pg_drop_replication_slot('{name}')"
    return [
        wrong(
            "postgres.replication",
            f"{size(slot['bytes'])} of log kept for {slot['name']}, which nobody reads",
            do.format(name=slot["name"]),
        )
        for slot in slots
        if slot["bytes"] > MOST_KEPT_LOG
    ]


def of_standbys(facts: Facts) -> Finding:
    """Pure."""
    if facts["wanted"] and not facts["connected"]:
        do = "bring a replica back or empty synchronous_standby_names: commits wait for it"
        return wrong("postgres.replication", f"no replica of {facts['wanted']}", do)
    how = "commits wait for them" if facts["wanted"] else "asynchronous"
    if not facts["connected"]:
        return fine("postgres.replication", "no replica")
    return fine("postgres.replication", f"{facts['connected']} replicas, {how}")


def of_tables(bloated: list[dict[str, Any]], broken: list[str]) -> list[Finding]:
    """Pure."""
    found = [
        wrong(
            "postgres.bloat",
            f"{table['name']}: {table['dead']:,} dead rows",
            f"VACUUM {table['name']}; look for long transactions and abandoned slots first",
        )
        for table in bloated
    ]
    found += [
        wrong("postgres.indexes", f"{name} is not valid", f"REINDEX INDEX {name}")
        for name in broken
    ]
    return found or [fine("postgres.tables", "no bloat, all indexes valid")]

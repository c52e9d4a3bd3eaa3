"""What a repeat is told to stand already: is it where an acknowledged commit is?

Who gives up waiting for a synchronous standby (our limits of 5 and 10 s) has committed all the
same: the server warns that it "might not have been replicated", and shows it to everybody from
then on. A repeat that finds it and only reads does not wait either: "Read-only transactions and
transaction rollbacks need not wait for replies from standby servers" (PostgreSQL 18, 26.2.8,
Synchronous Replication). It would be told yes, and the standby that leads next not know of it.

A commit waits where its transaction has a number of its own and wrote something into the log: then
for all that stands there before it. `pg_logical_emit_message(true, ...)` (9.28.6) does both with
some 60 bytes, no lock, and nothing to clean up after. Where rows are locked FOR UPDATE anyway, as
for an agent's other verbs, that does it too.
"""

from __future__ import annotations

from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def require_replicated(conn: Connection) -> None:
    """Before a repeat is told that it stands: have the commit of this transaction, or of this
    statement alone, wait as the first one's did, or should have."""
    await SQL.wait.run(conn)

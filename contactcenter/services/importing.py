"""A catalogue brought in: one transaction, whole or not at all. The same catalogue again changes
nothing, and what it has no more is marked as removed and stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection
from contactcenter.services.gathering import Gathering
from contactcenter.services.imported import Imported
from contactcenter.services.reading import (
    Document,
    missing_pages,
    not_a_catalogue,
    open_document,
)
from contactcenter.services.rules import channel_row, cycle_breakers, term_row
from contactcenter.services.store import SQL, Source

BATCH = 100  # items that are read, and rows that are written, in far less than a statement may take
Tell = Callable[[int, int], None]
T = TypeVar("T")


class _Enough(Exception):
    """Nothing of the transaction is to stay."""


async def bring_in(
    db: Database,
    actor: Actor | None,
    organisation: str,
    name: str,
    data: Sequence[bytes],
    *,
    language: str = "fi",
    dry_run: bool = False,
    tell: Tell = lambda done, of: None,
) -> Imported:
    """Bring a catalogue of a format (`FORMATS`) in for an organisation, from all its documents.
    `language`: of formats that have one only. `tell`: told how many items of how many are done.
    `actor` None is the operator of the server. Raises Refused: forbidden, `catalogue_*`."""
    if actor is not None:
        require(actor, "configure")
    documents = [await asyncio.to_thread(open_document, one, name) for one in data]
    if missing := missing_pages(documents):
        pages = ", ".join(map(str, missing[:10]))
        raise Refused("bad_request", "catalogue_pages", field="file", pages=pages)
    done = Imported()
    try:
        async with db.transaction() as conn:
            organisation_id = await _organisation(conn, actor, organisation)
            await SQL.lock.run(conn, organisation_id=organisation_id)
            source = Source(conn, organisation_id, name)
            read = Gathering(name, language, done)
            await _write(source, read, done, documents, tell)
            await _finish(source, read, done)
            if dry_run:
                raise _Enough
            await _note(conn, actor, organisation_id, organisation, name, done)
    except _Enough:
        pass
    return done


async def _organisation(conn: Connection, actor: Actor | None, key: str) -> int:
    scope = None if actor is None else scope_for(actor, "configure")
    found: int | None = await SQL.organisation.value(conn, key=key, scope=scope)
    if found is None:
        raise Refused("bad_request", "catalogue_organisation", field="organisation", key=key)
    return found


async def _note(
    conn: Connection, actor: Actor | None, organisation_id: int, key: str, name: str, done: Imported
) -> None:
    n = done.services
    counts = {"added": n.added, "changed": n.changed, "removed": n.removed}
    await audit.note(
        conn,
        actor,
        "import_services",
        "organisation",
        key,
        organisation_id=organisation_id,
        after={"format": name, **counts},
    )


async def _write(
    source: Source, read: Gathering, done: Imported, documents: Sequence[Document], tell: Tell
) -> None:
    """Services and channels, as they are read."""
    total, passed = sum(one.count for one in documents), 0
    services = await source.digests(SQL.service_digests)
    channels = await source.digests(SQL.channel_digests)
    for batch in _batches(chain.from_iterable(documents)):
        try:
            found = await asyncio.to_thread(read.read, batch)
        except RecursionError as error:
            raise not_a_catalogue(error) from None
        done.services.count(*await source.put(SQL.put_services, found[0], services))
        done.channels.count(*await source.put(SQL.put_channels, found[1], channels))
        passed += len(batch)
        tell(passed, total)
    if not read.services and not read.channels:
        raise Refused("bad_request", "catalogue_empty", field="file", n=total)


async def _finish(source: Source, read: Gathering, done: Imported) -> None:
    """What can be told when all was read: the terms' tree, channels of which nobody told more than
    the name, and what is there no more. A catalogue without services removes none, nor one without
    channels."""
    parents = await source.parents() | {code: one.parent for code, one in read.terms.items()}
    breakers = cycle_breakers(parents)
    done.cycles = sorted(breakers & read.terms.keys())
    for terms in _batches(read.terms.values()):
        rows = [term_row(one, breakers) for one in terms]
        done.terms.count(*await source.put(SQL.put_terms, rows))
    for mentioned in _batches(read.mentioned):
        rows = [channel_row(one) for one in mentioned]
        done.channels.count(*await source.put(SQL.put_mentioned, rows))
    if read.services:
        keep = read.services | read.kept
        done.services.removed = await source.remove(SQL.remove_services, keep)
    if read.channels:
        keep = read.standing_channels
        done.channels.removed = await source.remove(SQL.remove_channels, keep)


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    left = iter(things)
    while batch := list(islice(left, BATCH)):
        yield batch

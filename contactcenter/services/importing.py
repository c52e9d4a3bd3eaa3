"""A catalogue brought in: one transaction, whole or not at all. The same catalogue again changes
nothing, and what it has no more is marked as removed and stays (CU-3)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TypeVar

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection
from contactcenter.services.reading import (
    FORMATS,
    Document,
    missing_pages,
    not_a_catalogue,
    open_document,
)
from contactcenter.services.rules import channel_row, cycle_breakers, service_row, words
from contactcenter.services.store import SQL, Source
from contactcenter.services.things import Channel, Found, LeftOut, Term

BATCH = 300  # items that are read, and rows that are written, at a time
_MOST_NAMED = 10  # of what was left out, so many are named
# Left out, but in the catalogue: what the house knows of it stays as it is.
_STILL_THERE = ("no_name", "not_read")
_NOT_READ = Found(left_out="not_read")


@dataclass
class Counts:
    """Of services, channels or terms."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    @property
    def differences(self) -> int:
        """How many are not as they were."""
        return self.added + self.changed + self.removed


@dataclass
class Imported:
    """What an import did, or would do. `left_out`: how often for which reason, and `named` the
    first ids; `cycles`: terms that stood above themselves and lost their parent."""

    services: Counts = field(default_factory=Counts)
    channels: Counts = field(default_factory=Counts)
    terms: Counts = field(default_factory=Counts)
    left_out: dict[LeftOut, int] = field(default_factory=dict)
    named: dict[LeftOut, list[str]] = field(default_factory=dict)
    cycles: list[str] = field(default_factory=list)

    @property
    def differences(self) -> int:
        """How many things are not as they were."""
        return sum(one.differences for one in (self.services, self.channels, self.terms))

    def leave_out(self, why: LeftOut, called: str) -> None:
        """Count one that is not taken."""
        self.left_out[why] = self.left_out.get(why, 0) + 1
        named = self.named.setdefault(why, [])
        if called and len(named) < _MOST_NAMED:
            named.append(called)


T = TypeVar("T")


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    left = iter(things)
    while batch := list(islice(left, BATCH)):
        yield batch


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
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Imported:
    """Bring a catalogue of a format (`FORMATS`) in for an organisation, from all its documents.
    `language`: of formats that have one only. `tell`: told how many items of how many are done.
    `actor` None is the operator of the server. Raises Refused: not_found, `catalogue_*`."""
    if actor is not None:
        require(actor, "configure")
    documents = [await asyncio.to_thread(open_document, one, name) for one in data]
    missing = missing_pages(documents)
    if missing:
        pages = ", ".join(map(str, missing[:10]))
        raise Refused("bad_request", "catalogue_pages", field="file", pages=pages)
    try:
        async with db.transaction() as conn:
            organisation_id = await _organisation(conn, actor, organisation)
            await SQL.lock.run(conn, organisation_id=organisation_id)
            work = _Work(Source(conn, organisation_id, name), name, language, documents, tell)
            done = await work.all()
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
    counts = done.services
    await audit.note(
        conn,
        actor,
        "import_services",
        "organisation",
        key,
        organisation_id=organisation_id,
        after={
            "format": name,
            "added": counts.added,
            "changed": counts.changed,
            "removed": counts.removed,
        },
    )


class _Work:
    """One import under way: in memory are the ids and terms, and one batch of items."""

    def __init__(
        self,
        source: Source,
        name: str,
        language: str,
        documents: Sequence[Document],
        tell: Callable[[int, int], None],
    ) -> None:
        self._source, self._form, self._language = source, FORMATS[name], language
        self._documents, self._tell = documents, tell
        self._done = Imported()
        self._terms: dict[str, Term] = {}
        self._mentioned: dict[str, Channel] = {}
        self._services: set[str] = set()
        self._channels: set[str] = set()
        self._kept: set[str] = set()  # left out, and not removed either

    async def all(self) -> Imported:
        """Do it. Raises Refused("bad_request", "catalogue_empty") where nothing is offered."""
        total, done = sum(one.count for one in self._documents), 0
        for batch in _batches(chain.from_iterable(self._documents)):
            try:
                services, channels = await asyncio.to_thread(self._read, batch)
            except RecursionError as error:
                raise not_a_catalogue(error) from None
            await self._put(self._done.services, "services", services)
            await self._put(self._done.channels, "channels", channels)
            done += len(batch)
            self._tell(done, total)
        if not self._services and not self._channels:
            raise Refused("bad_request", "catalogue_empty", field="file", n=total)
        await self._rest()
        return self._done

    def _read(
        self, batch: Sequence[dict[str, Any] | None]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of a batch's services and channels; in a thread, as it takes its time."""
        services, channels = [], []
        for found in self._found(batch):
            for term in found.terms:
                self._terms.setdefault(term.code, term)
            for channel in found.channels:
                if channel.external_id not in self._channels:
                    self._channels.add(channel.external_id)
                    channels.append(channel_row(channel))
            for channel in found.mentioned:
                self._mentioned.setdefault(channel.external_id, channel)
            service = found.service
            if service is not None and service.external_id in self._services:
                self._done.leave_out("doubled", service.external_id)
            elif service is not None:
                self._services.add(service.external_id)
                known = [self._terms[code] for code in service.terms if code in self._terms]
                services.append(service_row(service, words(service, known)))
        return services, channels

    def _found(self, batch: Sequence[dict[str, Any] | None]) -> Iterator[Found]:
        for item in batch:
            found = _NOT_READ if item is None else self._form.read(item, self._language)
            if found.left_out:
                self._done.leave_out(found.left_out, found.called)
                if found.left_out in _STILL_THERE:
                    self._kept.add(found.called)
            else:
                yield found

    async def _put(self, counts: Counts, what: str, rows: list[dict[str, Any]]) -> None:
        added, changed = await self._source.put(getattr(SQL, f"put_{what}"), rows)
        counts.added += added
        counts.changed += changed
        counts.unchanged += len(rows) - added - changed

    async def _rest(self) -> None:
        """What is known when all was read: terms, channels without more, what is there no more."""
        done = self._done
        parents = await self._source.parents()
        parents |= {code: term.parent for code, term in self._terms.items()}
        breakers = cycle_breakers(parents)
        done.cycles = sorted(breakers & self._terms.keys())
        for rows in _batches(self._terms.values()):
            plain = [
                {
                    "code": one.code,
                    "kind": one.kind,
                    "name": one.name,
                    "parent": None if one.code in breakers else one.parent,
                }
                for one in rows
            ]
            await self._put(done.terms, "terms", plain)
        mentioned = [one for code, one in self._mentioned.items() if code not in self._channels]
        for some in _batches(mentioned):
            await self._put(done.channels, "mentioned", [channel_row(one) for one in some])
        if self._services:
            keep = self._services | self._kept
            done.services.removed = await self._source.remove(SQL.remove_services, keep)
        if self._channels:
            keep = self._channels | self._mentioned.keys() | self._kept
            done.channels.removed = await self._source.remove(SQL.remove_channels, keep)

"""What an import has read so far: rows to be stored, a batch at a time, and what is known only when
all was read. No database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from contactcenter.services.imported import Imported
from contactcenter.services.reading import FORMATS
from contactcenter.services.rules import channel_row, service_row, words
from contactcenter.services.things import Channel, Found, Term

Item = dict[str, Any]
Rows = list[dict[str, Any]]
# Left out, but in the catalogue: what the house knows of it stays as it is.
_STILL_THERE = ("no_name", "not_read")
_NOT_READ = Found(left_out="not_read")


class Gathering:
    """Ids and terms of a whole catalogue, never its items. `mentioned`: channels of which services
    tell the name only; `kept`: ids that were left out and are not removed either."""

    def __init__(self, name: str, language: str, done: Imported) -> None:
        self._form, self._language, self._done = FORMATS[name], language, done
        self.services: set[str] = set()
        self.channels: set[str] = set()
        self.kept: set[str] = set()
        self.terms: dict[str, Term] = {}
        self._mentioned: dict[str, Channel] = {}

    @property
    def mentioned(self) -> list[Channel]:
        """Channels of which no more is known than their names."""
        return [one for code, one in self._mentioned.items() if code not in self.channels]

    @property
    def standing_channels(self) -> set[str]:
        """Ids of channels that the catalogue has or speaks of."""
        return self.channels | self._mentioned.keys() | self.kept

    def read(self, batch: Sequence[Item | None]) -> tuple[Rows, Rows]:
        """The rows of a batch's services and channels. It takes its time: for a thread. Raises
        RecursionError for what stands too deep in each other."""
        services: Rows = []
        channels: Rows = []
        for found in self._found(batch):
            for term in found.terms:
                self.terms.setdefault(term.code, term)
            for channel in found.channels:
                if channel.external_id not in self.channels:
                    self.channels.add(channel.external_id)
                    channels.append(channel_row(channel))
            for channel in found.mentioned:
                self._mentioned.setdefault(channel.external_id, channel)
            if found.service is not None:
                services += self._service(found)
        return services, channels

    def _service(self, found: Found) -> Iterator[dict[str, Any]]:
        service = found.service
        if service is None:
            return
        if service.external_id in self.services:
            self._done.leave_out("doubled", service.external_id)
            return
        self.services.add(service.external_id)
        terms = [self.terms[code] for code in service.terms if code in self.terms]
        yield service_row(service, words(service, terms))

    def _found(self, batch: Sequence[Item | None]) -> Iterator[Found]:
        for item in batch:
            found = _NOT_READ if item is None else self._form.read(item, self._language)
            if found.left_out:
                self._done.leave_out(found.left_out, found.called)
                if found.left_out in _STILL_THERE:
                    self.kept.add(found.called)
            else:
                yield found

"""What a catalogue says, whatever its format: services, where they are had, and the terms they are
ordered by. Ids and codes are the catalogue's own."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Names = dict[str, str]  # by language
TermKind = Literal["class", "target", "life_event", "ontology", "industry"]
LeftOut = Literal["", "no_id", "no_name", "not_offered", "not_read", "doubled"]
ChannelKind = Literal["web", "eservice", "form", "phone", "mail", "place", "other"]


class Term(msgspec.Struct, frozen=True):
    """A class, target group, life event or ontology term. `parent` is the code of a wider one."""

    code: str
    kind: TermKind
    name: Names
    parent: str | None = None


class Channel(msgspec.Struct, frozen=True):
    """Where a service is had. `reach`: addresses, numbers, links, as they are shown. `given`: the
    channel as it came, where it came by itself."""

    external_id: str
    kind: ChannelKind
    name: Names
    description: Names = {}
    reach: tuple[str, ...] = ()
    given: dict[str, Any] = {}


class Service(msgspec.Struct, frozen=True):
    """A service. `also`: its other names and key words by language, to be found by. `provider`: who
    is responsible. `terms` and `channels` are codes and ids. `given`: all of it as it came, so that
    a field nobody knew yet is not lost."""

    external_id: str
    name: Names
    kind: str = ""
    also: dict[str, tuple[str, ...]] = {}
    summary: Names = {}
    description: Names = {}
    provider: Names = {}
    languages: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    given: dict[str, Any] = {}


class Found(msgspec.Struct, frozen=True):
    """What one item of a catalogue holds. `mentioned`: channels of which it knows the name only.
    `left_out`: why it is none of all that; `called`: the item's id, as far as it has one."""

    service: Service | None = None
    channels: tuple[Channel, ...] = ()
    terms: tuple[Term, ...] = ()
    mentioned: tuple[Channel, ...] = ()
    left_out: LeftOut = ""
    called: str = ""

"""What the verbs of callbacks need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.links import Links
from contactcenter.queue.bands import Bands
from contactcenter.queue.publish import Publisher


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The city's rules: countries that are called (ISO 3166-1), attempts until we give up, the
    pause between two of them, and how many requests are taken from one address in an hour and for
    one number in a day."""

    countries: Collection[str]
    attempts: int
    retry_s: float
    per_hour: int
    per_day: int


@dataclass(frozen=True)
class Office:
    """One node's; `domain` is ours in the addresses and Message-IDs of what we write."""

    db: Database
    ids: Ids
    publisher: Publisher
    limits: Limits
    links: Links
    texts: Catalogue
    policy: Policy
    domain: str
    bands: Bands

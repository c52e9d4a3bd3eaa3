"""What the verbs of case pages need."""

from __future__ import annotations

from dataclasses import dataclass

from contactcenter.callback.office import Office as Calls
from contactcenter.cases.pages import CasePages
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.links import Links
from contactcenter.queue.bands import Bands
from contactcenter.queue.publish import Publisher


@dataclass(frozen=True)
class Post:
    """`domain` is ours in Message-IDs; `reply_tokens`: whether answers go to an address that names
    the case; how often a day what was said of one case, and to one address, is sent."""

    domain: str
    public_url: str
    reply_tokens: bool
    per_case: int
    per_address: int


@dataclass(frozen=True)
class Office:
    """One node's. `files`: links to files; `days`: for how long after a case's last message its
    page is shown; `per_hour`: how often something may be done on one page; `post`: how what was
    said leaves by mail."""

    db: Database
    ids: Ids
    publisher: Publisher
    limits: Limits
    texts: Catalogue
    bands: Bands
    pages: CasePages
    files: Links
    calls: Calls
    days: int
    per_hour: int
    post: Post

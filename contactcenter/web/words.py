"""Numbers, days and names as a page's language writes them."""

from __future__ import annotations

from aiohttp import web

from contactcenter.insight.words import Words
from contactcenter.web.i18n import language_of
from contactcenter.web.services import services_of


def words_of(request: web.Request) -> Words:
    """Those of the asker's language."""
    return Words(services_of(request).catalogue, language_of(request))

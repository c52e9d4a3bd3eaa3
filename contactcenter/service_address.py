"""A catalogue fetched from an address: all its pages, one after the other.

Only whoever runs commands on the server names addresses; no page of ours takes one. So an address
may lead into the city's own network. It is https (http within this machine), no redirect is
followed, and time and size have ends.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import msgspec

from contactcenter.errors import ContactCenterError

TIMEOUT_S = 60.0  # for a page; it has 10 s to begin
MOST_PAGES = 2_000
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotFetched(ContactCenterError):
    """The address gave no catalogue; says why, and what to do."""


class _Page(msgspec.Struct):
    """What the formats call the number of pages: PTV, HSDS."""

    pageCount: int = 1
    total_pages: int = 1


async def fetched(url: str, most: int, tell: Callable[[int, int], None]) -> list[bytes]:
    """The documents at an address, of at most so many bytes together. `tell`: told which page of
    how many is here. Raises NotFetched."""
    _may_be(url)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S, sock_connect=10)
    headers = {"Accept": "application/json, text/xml;q=0.5"}
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers=headers, trust_env=True) as http:
            found = [await _get(http, url, most)]
            pages = _pages(found[0])
            if pages > MOST_PAGES:
                raise NotFetched(f"{url}: {pages} pages are more than {MOST_PAGES}: ask for less")
            tell(1, pages)
            for page in range(2, pages + 1):
                left = most - sum(map(len, found))
                found.append(await _get(http, paged(url, page), left))
                tell(page, pages)
            return found
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        why = str(error) or type(error).__name__
        raise NotFetched(f"{url}: no answer ({why}): try again, or download it to a file") from None


def _may_be(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme == "http" and host in _LOOPBACK:
        return
    if parts.scheme != "https" or not host:
        raise NotFetched(f"{url}: an address must begin with https:// and a host")


def paged(url: str, page: int) -> str:
    """The same address for another page."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    return parts._replace(query=urlencode([*query, ("page", page)])).geturl()


def _pages(data: bytes) -> int:
    try:
        page = msgspec.json.decode(data, type=_Page)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 1  # a list, or XML: the whole
    return max(page.pageCount, page.total_pages)


async def _get(http: aiohttp.ClientSession, url: str, most: int) -> bytes:
    async with http.get(url, allow_redirects=False) as answer:
        if 300 <= answer.status < 400:
            to = answer.headers.get("Location", "elsewhere")
            raise NotFetched(f"{url}: leads on to {to}: import from there, if it is right")
        if answer.status != 200:
            raise NotFetched(f"{url}: answers {answer.status}: look at it in a browser")
        body = bytearray()
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > most:
                raise NotFetched(f"{url}: more than can be imported at once: ask for less")
        return bytes(body)

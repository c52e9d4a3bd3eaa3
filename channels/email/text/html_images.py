"""The images of a mail's HTML, made to load nothing: each says in an attribute without effect what
it would show, and whoever serves the HTML decides (`contactcenter/web/agent/mail_page.py`).

An image is written as `<img alt="..." data-cid="content id">` where it shows a file that came with
the mail (RFC 2392), and as `<img alt="..." data-remote="https://...">` where it would be fetched;
`width` and `height` may follow, in that order. Any other image keeps its words alone.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

MAX_ADDRESS = 2_000
SHOWABLE = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))

_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_LINK = re.compile(r'(<a(?: [a-z]+="[^"]*")*?) href="cid:[^"]*"', re.IGNORECASE)
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_CONTENT_ID = re.compile(r"[^\s<>\"']{1,200}")
# By a name with a dot that is no number: nothing in the agent's own network is asked for.
_REMOTE = re.compile(
    r"https?://(?:[a-z0-9à-ÿ_-]{1,63}\.)+(?!(?:local|localhost|internal|intranet|lan|home|corp"
    r"|private|arpa)\b|\d)[a-z0-9-]{2,63}(?::443|:80)?(?:[/?#][^\s\\]*)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\d{1,4}")
_CID = re.compile(r'<img alt="[^"]*" data-cid="([^"]*)"')
_FETCHED = re.compile(r'<img alt="[^"]*" data-remote="')


def disarm(html: str) -> str:
    """The HTML as nh3 wrote it, its images with `src` or `alt`, written as said above."""
    if "cid:" in html.lower():
        html = _LINK.sub(r"\1", html)
    return _IMAGE.sub(_image, html) if "<img" in html else html


def content_ids(html: str) -> frozenset[str]:
    """Of `disarm`ed HTML the content ids that it shows."""
    return frozenset(unescape(one) for one in _CID.findall(html))


def has_remote(html: str) -> bool:
    """Whether something in `disarm`ed HTML would be fetched from elsewhere."""
    return _FETCHED.search(html) is not None


def _image(match: re.Match[str]) -> str:
    given = dict(_ATTRIBUTE.findall(match[1]))
    shows = _source(unescape(given.get("src", "")).strip())
    lengths = "".join(
        f' {name}="{given[name]}"'
        for name in ("width", "height")
        if _LENGTH.fullmatch(given.get(name, ""))
    )
    return f'<img alt="{given.get("alt", "")}"{shows}{lengths if shows else ""}>'


def _source(address: str) -> str:
    if address[:4].lower() == "cid:":
        content_id = unquote(address[4:])
        return f' data-cid="{escape(content_id)}"' if _CONTENT_ID.fullmatch(content_id) else ""
    if len(address) <= MAX_ADDRESS and _REMOTE.fullmatch(address):
        return f' data-remote="{escape(address)}"'
    return ""

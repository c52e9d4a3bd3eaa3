"""A mail's HTML as a page for a sandboxed frame.

The frame has no origin, so its requests have no cookies and our files would be refused to it:
the images that came with the mail stand in the page itself, as `data:`. What lies elsewhere is
fetched only when the agent asked for it, from the browser, without a referrer.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from html import unescape

from contactcenter.cases.files import is_open
from contactcenter.image_size import image_size
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row

MAX_BYTES, MAX_PIXELS = 8_000_000, 40_000_000  # of all images together; of each

_PAGE = (
    '<!doctype html><meta charset="utf-8"><base target="_blank">'
    "<style>body{font:16px/1.5 system-ui,sans-serif;margin:1rem;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}</style>"
)
# As channels/email/text/html_images.py writes them. A mail's words can't look so: < is escaped.
_IMAGE = re.compile(r'(<img alt="[^"]*") data-(cid|remote)="([^"]*)"')
_NOWHERE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_POLICY = "; sandbox allow-popups; frame-ancestors 'self'"


def headers(*, remote: bool) -> dict[str, str]:
    """What the answer says to the browser; with `remote` images may come from elsewhere."""
    return {
        "Content-Security-Policy": _NOWHERE + (" https:" if remote else "") + _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }


async def page(db: Database, html: str, images: Sequence[Row], *, remote: bool) -> str:
    """The page. `images`: content_id, blob_id, media_type, size and scan of the files that the HTML
    shows, which the caller has authorised the read of. One that is too large stays its words."""
    sources = await _sources(db, images)

    def shown(match: re.Match[str]) -> str:
        image, kind, what = match[1], match[2], match[3]
        if kind == "cid":
            source = sources.get(unescape(what))
        else:
            source = re.sub(r"^http:", "https:", what, flags=re.IGNORECASE) if remote else None
        return f'{image} src="{source}"' if source else match[0]

    return _PAGE + _IMAGE.sub(shown, html)


async def _sources(db: Database, images: Sequence[Row]) -> dict[str, str]:
    sources: dict[str, str] = {}
    left = MAX_BYTES
    for image in images:
        if not is_open(image) or image["size"] > left or image["content_id"] in sources:
            continue
        content = b"".join([piece async for piece in blobs.get(db, image["blob_id"])])
        size = image_size(content)
        if size is None or size[0] * size[1] > MAX_PIXELS:
            continue
        left -= len(content)
        data = b64encode(content).decode("ascii")
        sources[image["content_id"]] = f"data:{image['media_type']};base64,{data}"
    return sources

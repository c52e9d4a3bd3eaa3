"""HTML from strangers: made harmless to show, and turned into text.

nh3 parses as browsers do and writes out only what is listed here: no scripts, styles, forms,
frames, ids or classes, and nothing that would be fetched when it is shown: of images see
`html_images`. The text is taken from nh3's output, which is well-formed, and never from
the input: the standard library's parser can be made to raise or to take quadratic time.
"""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

from channels.email.syntax.charsets import clean
from channels.email.text.html_images import disarm

MAX_CHARACTERS, MAX_TAGS = 500_000, 10_000  # past these nh3 can take seconds (measured)

TAGS = set(
    "a abbr b bdi bdo blockquote br caption center code col colgroup dd del div dl dt em font h1"
    " h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub sup table"
    " tbody td tfoot th thead tr tt u ul var".split()
)
DROPPED = set(
    "applet audio canvas embed frameset iframe math noembed noframes noscript object script"
    " select style svg template textarea title video xmp".split()
)
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes={
        "*": {"dir", "lang"},
        "a": {"href"},
        "img": {"alt", "height", "src", "width"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    url_schemes={"cid", "http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer",
)
_DATA_URI = re.compile(r"data:image/[^\"'\s<>)]*")
_ANY_TAG = re.compile(r"<[^<>]*>")
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)([^<>"]*(?:"[^"]*"[^<>"]*)*)>|([^<]+)')
_NO_MATTER = re.compile(
    r"</?(?:abbr|b|bdi|bdo|code|del|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tbody"
    r'|tfoot|thead|u|var)(?: [^<>"]*(?:"[^"]*"[^<>"]*)*)?>'
)
_HREF = re.compile(r'\bhref="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_BREAKS = frozenset("caption center dd div dl dt hr li ol table tr ul".split())
_BLANKS = frozenset("blockquote h1 h2 h3 h4 h5 h6 p pre".split())
_CELLS = frozenset(("td", "th"))


class Allowance:
    """How much HTML may be looked through in one mail, however many parts it comes in."""

    def __init__(self) -> None:
        self._characters, self._tags = MAX_CHARACTERS, MAX_TAGS

    def takes(self, html: str) -> bool:
        """Whether this is within it; then it is used up by as much."""
        characters, tags = len(html), html.count("<")
        if characters > self._characters or tags > self._tags:
            return False
        self._characters -= characters
        self._tags -= tags
        return True


def without_images(html: str) -> str:
    """The HTML without the images that stand in it as `data:`, which may be long."""
    return _DATA_URI.sub("", html) if "data:image/" in html else html


def harmless(html: str) -> str | None:
    """The HTML as it may be shown; None where it is too large or too deep to be looked through."""
    cleaned = cleaned_by(_CLEANER, html)
    return None if cleaned is None else disarm(cleaned.strip())


def cleaned_by(cleaner: nh3.Cleaner, html: str) -> str | None:
    """What the cleaner leaves; None where the HTML is too large or too deep for one."""
    html = without_images(html)
    if len(html) > MAX_CHARACTERS or html.count("<") > MAX_TAGS:
        return None
    return clean(cleaner.clean(html))


def stripped(html: str) -> str:
    """The words of HTML that `harmless` would not look through, of its first 2,000,000
    characters: all between angle brackets is dropped."""
    return unescape(_ANY_TAG.sub(" ", html[: 4 * MAX_CHARACTERS]))


def from_text(text: str) -> str:
    """Plain text as HTML, for a mail that has both."""
    return f"<pre>{escape(text, quote=False)}</pre>"


def to_text(html: str) -> str:
    """The text of HTML that `harmless` returned: lines and blank lines where it shows them, and
    the address of a link whose words do not tell it."""
    return write(html, TextWriter())


def write(html: str, text: TextWriter) -> str:
    """As `to_text`, by a writer of one's own."""
    for closing, tag, attributes, words in _TOKEN.findall(_NO_MATTER.sub("", html)):
        if words:
            text.words(unescape(words) if "&" in words else words)
        elif closing:
            text.close(tag)
        else:
            text.open(tag, attributes)
    return text.done()


class TextWriter:
    """Makes text of tags and words."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._ends = 2  # line ends that the text has at its end
        self._fresh = True  # a space here would mean nothing
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def open(self, tag: str, attributes: str) -> None:
        """A tag opens."""
        self._break(tag)
        if tag == "br":
            self._line(self._ends + 1)
        elif tag == "li":
            self._add("- ")
            self._ends = 2  # a paragraph in it goes on in this line
        elif tag == "pre":
            self._pre += 1
        elif tag == "a":
            href = _HREF.search(attributes)
            self._links.append((unescape(href[1]) if href else "", len(self._out)))
        elif tag == "img" and (alt := _ALT.search(attributes)) and alt[1].strip():
            self._add(f"[{unescape(alt[1]).strip()}]")

    def close(self, tag: str) -> None:
        """A tag closes."""
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in _CELLS:
            self.words(" ")
        self._break(tag)

    def words(self, text: str) -> None:
        """Words between tags."""
        if self._pre:
            self._add(text)
            return
        text = _SPACE.sub(" ", text)
        self._add(text.lstrip(" ") if self._fresh else text)

    def done(self) -> str:
        """The text."""
        lines = (line.rstrip() for line in "".join(self._out).split("\n"))
        return "\n".join(lines).rstrip()

    def _link(self, href: str, at: int) -> None:
        said = "".join(self._out[at:])
        told = href.removeprefix("mailto:").removeprefix("tel:").rstrip("/")
        if told and told not in said:
            self._add(f" <{told}>")

    def _add(self, text: str) -> None:
        if text:
            self._out.append(text)
            self._fresh = text[-1] in " \n"
            self._ends = 0

    def _break(self, tag: str) -> None:
        if tag in _BLANKS:
            self._line(2)
        elif tag in _BREAKS:
            self._line(1)

    def _line(self, ends: int) -> None:
        if self._ends < ends:
            self._out.append("\n" * (ends - self._ends))
            self._ends = ends
        self._fresh = True

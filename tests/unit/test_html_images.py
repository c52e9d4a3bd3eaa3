"""Images in a mail's HTML load nothing, and say what they would show."""

from __future__ import annotations

import pytest

from channels.email.text.html import harmless
from channels.email.text.html_images import content_ids, has_remote


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ('<img src="cid:a@b" alt="x" width=3 height=4px>',
         '<img alt="x" data-cid="a@b" width="3">'),
        ('<img src="cid:a%22 b">', '<img alt="">'),
        ('<img src="https://n.example/a.png?x=1&amp;y=2" width="600">',
         '<img alt="" data-remote="https://n.example/a.png?x=1&amp;y=2" width="600">'),
        ('<img src="HTTP://N.example">', '<img alt="" data-remote="HTTP://N.example">'),
        ('<img src="data:image/png;base64,xx" alt="x">', '<img alt="x">'),
        ('<img data-remote="https://n.example/" data-cid=x alt=x>', '<img alt="x">'),
        ("<img alt='a\" data-remote=\"https://n.example'>",
         '<img alt="a&quot; data-remote=&quot;https://n.example">'),
        ('<a href="cid:x" lang="fi">x</a>', '<a lang="fi" rel="noopener noreferrer">x</a>'),
        ("<p>&lt;img alt=\"\" data-remote=\"https://n.example/\"></p>",
         '<p>&lt;img alt="" data-remote="https://n.example/"&gt;</p>'),
    ],
)  # fmt: skip
def test_images(tag: str, shown: str) -> None:
    html = harmless(tag)
    assert html == shown
    assert has_remote(html) is shown.startswith('<img alt="" data-remote="')


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a", "http://localhost/a", "http://router/a", "http://10.0.0.1/",
        "http://0x7f.1/", "http://2130706433/", "http://[::1]/", "http://printer.local/a",
        "https://n.example:8080/a", "https://user@n.example/", "https:/n.example/", "//n.example/",
        "https://n.example\\@127.0.0.1/", "ftp://n.example/", "https://x.localhost/",
        "https://n.example/ a", "https://\uff11\uff12\uff17.0.0.1/", "file:///etc/passwd",
        "https://n.example/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_nothing_in_the_agents_own_network_is_asked_for(address: str) -> None:
    html = harmless(f'<img src="{address}">')
    assert html == '<img alt="">'


def test_content_ids() -> None:
    html = harmless('<img src="cid:a&amp;b"><p title="x" class="y">data-cid="c"</p>')
    assert html is not None
    assert content_ids(html) == {"a&b"}

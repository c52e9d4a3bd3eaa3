"""Each public door, with a payload in every field that it has."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

import aiohttp
import aiosmtplib

from contactcenter.configuration.theme_files import read_file
from tests.attack.payloads import CANARY
from tests.flows.citizen import open_citizen
from tests.flows.product import Product
from tests.unit.test_theme_files import png

# Who asks says who they are in these, and some of it is logged.
HEAD = {"Accept": "text/html", "User-Agent": "<script>fired=1</script>", "Referer": f"//{CANARY}/"}
QUEUE = "general"
# Python's folding loses the quotes around a long name.
_AS_WRITTEN = default.clone(max_line_length=900, linesep="\r\n")


@dataclass
class Planted:
    """What was planted by which door, and its citizen's pages."""

    door: str
    text: str
    pages: list[str] = field(default_factory=list)


async def _form(http: aiohttp.ClientSession, path: str, to: str = "", **typed: str) -> str:
    """Fill in a page's form and send it; where that leads."""
    async with http.get(path, headers=HEAD) as answer:
        found = re.search(r'name="request_id" value="([^"]+)"', await answer.text())
        assert found is not None, path
    data = {"request_id": found[1]} | typed
    async with http.post(to or path, data=data, headers=HEAD, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"]


async def message(product: Product, http: aiohttp.ClientSession, text: str) -> Planted:
    """The message form, and the page that follows."""
    typed = {"topic": QUEUE, "text": text, "name": text[:100], "email": ""}
    page = await _form(http, f"/message?queue={QUEUE}", **typed)
    case = page.partition("?")[0]
    await _form(http, case, f"{case}/message", text=f"Vielä: {text}")
    return Planted("message", text, [page])


async def statement(product: Product, http: aiohttp.ClientSession, text: str) -> Planted:
    """Feedback on accessibility."""
    path = "/accessibility?organisation=mikkeli"
    page = await _form(http, path, text=text, name=text[:100], email="")
    return Planted("statement", text, [page])


async def unasked(product: Product, http: aiohttp.ClientSession, text: str) -> Planted:
    """Open feedback, whose page tells nothing of what was written."""
    path = "/give-feedback?organisation=mikkeli"
    typed = {"kind": "proposal", "text": text, "place": text[:300], "name": text[:100]}
    await _form(http, path, **typed)
    return Planted("unasked", text)


async def callback(product: Product, http: aiohttp.ClientSession, text: str, n: int) -> Planted:
    """The form to be called."""
    typed = {"matter": text, "name": text[:100], "number": f"050 339 {1000 + n}", "email": ""}
    page = await _form(http, f"/callback?queue={QUEUE}", window="soon", **typed)
    async with http.get(page, headers=HEAD) as answer:
        found = re.search(r"/case/[\w-]{43}", await answer.text())
        assert found is not None
    return Planted("callback", text, [found[0], page])


async def chat(product: Product, http: aiohttp.ClientSession, text: str) -> Planted:
    """The chat, until its citizen leaves."""
    async with open_citizen(product) as citizen:
        await citizen.hello(name=text[:100])
        await citizen.say(text, "c1")
        await citizen.send(type="leave")
        end = await citizen.of("closed")
    return Planted("chat", text, [end["case_url"]])


async def mail(product: Product, http: aiohttp.ClientSession, text: str, n: int) -> Planted:
    """A mail: whose name, whose subject, whose body, whose HTML, whose file."""
    letter = EmailMessage(policy=_AS_WRITTEN)
    name = text.replace("\\", "\\\\").replace('"', '\\"')
    letter["From"] = f'"{name}" <v{n}@example.org>'
    letter["To"] = "neuvonta@mikkeli.example"
    letter["Subject"] = text
    letter["User-Agent"] = letter["X-Mailer"] = text
    letter.set_content(text)
    letter.add_alternative(f"<p>{text}</p>", subtype="html")
    letter.add_attachment(text.encode(), "text", "html", filename=text)
    await aiosmtplib.send(
        letter.as_bytes(),
        sender=f"v{n}@example.org",
        recipients=["neuvonta@mikkeli.example"],
        hostname="127.0.0.1",
        port=product.smtp_port,
        start_tls=False,
    )
    return Planted("mail", text)


LANGUAGES = ("fi", "sv", "en")
LOGO = png()
# What an admin names, with the keys of those names; each with every payload.
NAMED = {
    "organisation": ("name",),
    "disposition": ("name",),
    "decline_reason": ("name",),
    "template": ("name", "text"),
    "topic": ("name", "hint"),
    "contact_reason": ("name",),
    "area": ("name",),
    "queue": ("name", "from_name", "greeting", "signature"),
}


def _named(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def _in_a_link(text: str) -> str:
    """An address of a web page, and the text behind the end of the mark in which that stands. It
    has no blanks, without which HTML parts an element from its marks too, and leads to nowhere that
    `live` would take for a way out as long as it is an address."""
    return f'https://www.mikkeli.example/">{text}'.replace(" ", "/").replace(CANARY, "x")


def _theme(n: int, text: str) -> dict[str, Any]:
    """What the pages of an organisation wear: its name, and what stands for its logo."""
    logo = read_file(LOGO, "logo").digest
    named = {"name": _named(text), "logo_text": _named(text)}
    return {"organisation": f"a{n}", "logo": logo} | named


async def settings(product: Product, payloads: list[str]) -> None:
    """Everything that an admin names, once for each payload, and the queue that the others write
    to, which is always open."""
    city = json.loads(await product.command("config", "export"))
    general = next(one for one in city["queue"] if one["key"] == QUEUE)
    made: dict[str, list[dict[str, Any]]] = {kind: [] for kind in NAMED}
    for n, text in enumerate(payloads):
        for kind, fields in NAMED.items():
            base = general | {"addresses": [], "channels": ["call"]} if kind == "queue" else {}
            told: dict[str, Any] = {"organisation": "mikkeli", "key": f"a{n}"}
            if kind == "topic":
                told["queue"] = QUEUE
            if kind == "organisation":
                del told["organisation"]
                told["privacy"] = {
                    "controller": _named(text),
                    "kept": _named(text),
                    "notice": _named(_in_a_link(text)),
                }
            made[kind].append(base | told | {one: _named(text) for one in fields})
    made["queue"].append(general | {"hours": {}, "feedback_after_s": 0})
    user = next(one for one in city["user"] if one["email"] == "aino@mikkeli.example")
    made["user"] = [
        user | {"email": f"a{n}@mikkeli.example", "name": text, "public_name": text[:60]}
        for n, text in enumerate(payloads)
    ]
    made["theme"] = [_theme(n, text) for n, text in enumerate(payloads)]
    logo = base64.b64encode(LOGO).decode()
    made["theme_file"] = [{"organisation": f"a{n}", "data": logo} for n in range(len(payloads))]
    file = product.home.parent / "city.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    await product.command("config", "import", str(file))

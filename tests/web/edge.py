"""The web application on a port of its own, two organisations with users, and people's browsers."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from argon2 import PasswordHasher

from contactcenter.accounts import store
from contactcenter.accounts.house import Accounts
from contactcenter.accounts.notices import Notice
from contactcenter.accounts.passwords import Passwords
from contactcenter.accounts.rules import Profile
from contactcenter.cases.feedback_links import FeedbackLinks
from contactcenter.cases.pages import CasePages
from contactcenter.config import load_settings
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.links import Links
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Connection, Row
from contactcenter.web.server import build_app
from contactcenter.web.services import Services

PASSWORD = "kuusi sinista kissaa"
AGENT, SUPERVISOR, ADMIN = "aino@city.example", "seppo@city.example", "anna@city.example"
PARTNER, PARTNER_ADMIN, DISABLED = "kirsi@kela.example", "kalle@kela.example", "pois@city.example"


@dataclass
class Mailbox:
    """Notices that would have left the house."""

    notices: list[Notice] = field(default_factory=list)
    woken: int = 0

    async def add(self, conn: Connection, notice: Notice) -> None:
        """Keep it."""
        self.notices.append(notice)

    def wake(self) -> None:
        """Count it."""
        self.woken += 1


class Browser:
    """Somebody's browser: keeps cookies, says where a request comes from."""

    def __init__(self, edge: Edge, http: aiohttp.ClientSession) -> None:
        self._edge = edge
        self.http = http

    async def ask(self, method: str, path: str, **given: Any) -> Answer:
        """One request. `origin=None` sends none; redirects are not followed."""
        headers = {"Accept": "text/html", **given.pop("headers", {})}
        origin = given.pop("origin", self._edge.url if method != "GET" else None)
        if origin is not None:
            headers["Origin"] = origin
        async with self.http.request(
            method, self._edge.url + path, headers=headers, allow_redirects=False, **given
        ) as answer:
            return Answer(answer.status, await answer.text(errors="replace"), answer)

    async def get(self, path: str, **given: Any) -> Answer:
        """GET."""
        return await self.ask("GET", path, **given)

    async def post(self, path: str, form: dict[str, Any] | None = None, **given: Any) -> Answer:
        """POST a form."""
        pairs = [
            (name, one)
            for name, value in (form or {}).items()
            for one in (value if isinstance(value, list) else [value])
        ]
        headers = {"Content-Type": "application/x-www-form-urlencoded", **given.pop("headers", {})}
        data = aiohttp.FormData(pairs, charset="utf-8") if pairs else b""
        return await self.ask("POST", path, data=data, headers=headers, **given)

    async def json(self, method: str, path: str, body: object, **given: Any) -> Answer:
        """Send JSON."""
        headers = {"Accept": "application/json", **given.pop("headers", {})}
        return await self.ask(method, path, json=body, headers=headers, **given)

    async def sign_in(self, email: str = AGENT, password: str = PASSWORD) -> Answer:
        """Sign in by the JSON door."""
        return await self.json("POST", "/api/session", {"email": email, "password": password})

    @property
    def cookie(self) -> str:
        """The session cookie's value; "" without one."""
        found = [c.value for c in self.http.cookie_jar if c.key == "contactcenter"]
        return found[0] if found else ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    response: aiohttp.ClientResponse

    @property
    def json(self) -> Any:
        """The body as JSON."""
        import json

        return json.loads(self.text)

    def header(self, name: str) -> str:
        """A header's value; "" without one."""
        return self.response.headers.get(name, "")

    @property
    def error(self) -> dict[str, Any]:
        """The error object."""
        found: dict[str, Any] = self.json
        return found


class Edge:
    """The application as it runs."""

    def __init__(self, services: Services, mailbox: Mailbox) -> None:
        self.services = services
        self.mailbox = mailbox
        self.url = services.settings.public_url
        self.organisations: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self._stack = AsyncExitStack()

    async def browser(self) -> Browser:
        """A new browser without cookies."""
        http = await self._stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        )
        return Browser(self, http)

    async def signed_in(self, email: str = AGENT) -> Browser:
        """A browser in which the user is signed in."""
        browser = await self.browser()
        assert (await browser.sign_in(email)).status == 200
        return browser

    async def rows(self, sql: str, *values: object) -> list[Row]:
        """Rows of any statement."""
        async with self.services.db.connection() as conn:
            found: list[Row] = await conn.fetch(sql, *values)
        return found

    async def audited(self, verb: str) -> list[Row]:
        """The audit's rows of a verb, oldest first."""
        return await self.rows("SELECT * FROM audit WHERE verb = $1 ORDER BY id", verb)

    def token(self) -> str:
        """The secret of the newest link that was mailed."""
        found = re.search(r"/set-password/([\w-]+)$", self.mailbox.notices[-1].link)
        assert found is not None
        return found[1]

    async def close(self) -> None:
        """Close the browsers."""
        await self._stack.aclose()


@asynccontextmanager
async def open_edge(database_url: str, redis_url: str, home: Path) -> AsyncIterator[Edge]:
    """The application with its users."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        settings = replace(load_settings({"CONTACTCENTER_HOME": str(home)}), public_url=url)
        db, live, mailbox = await Database.open(database_url), Live(redis_url), Mailbox()
        accounts = Accounts(db, Passwords(PasswordHasher(1, 8, 1)), url, mailbox)
        services = Services(
            db=db,
            limits=Limits(live),
            settings=settings,
            catalogue=Catalogue.load(),
            accounts=accounts,
            pages=CasePages(Links(db, "case"), url),
            feedback_links=FeedbackLinks(Links(db, "feedback"), url),
        )
        edge = Edge(services, mailbox)
        await _people(edge)
        runner = web.AppRunner(build_app(services), access_log=None)
        await runner.setup()
        await web.SockSite(runner, port).start()
        try:
            yield edge
        finally:
            await edge.close()
            await runner.cleanup()
            accounts.passwords.close()
            await live.close()
            await db.close()


async def _people(edge: Edge) -> None:
    password_hash = await edge.services.accounts.passwords.hash(PASSWORD)
    async with edge.services.db.transaction() as conn:
        for key in ("city", "kela"):
            edge.organisations[key] = await conn.fetchval(
                "INSERT INTO organisation (key, name) VALUES ($1, $2::jsonb) RETURNING id",
                key,
                f'{{"fi": "{key}"}}',
            )
        for email, role in (
            (AGENT, "agent"),
            (SUPERVISOR, "supervisor"),
            (ADMIN, "admin"),
            (DISABLED, "agent"),
            (PARTNER, "agent"),
            (PARTNER_ADMIN, "admin"),
        ):
            organisation = edge.organisations["city" if "@city" in email else "kela"]
            name = f"{email.partition('@')[0].title()} Testaaja"
            new = Profile(email, name, role, "fi", 3, (organisation,))
            edge.users[email] = await store.add_user(conn, organisation, new)
        await conn.execute("UPDATE users SET password_hash = $1", password_hash)
        await conn.execute(
            "UPDATE users SET disabled_at = now() WHERE id = $1", edge.users[DISABLED]
        )
        await conn.execute(
            "INSERT INTO queue (organisation_id, key, name, task, languages, channels)"
            " VALUES ($1, 'general', '{\"fi\": \"Yleinen\"}', 'general', '{fi,sv}', '{mail}')",
            edge.organisations["city"],
        )

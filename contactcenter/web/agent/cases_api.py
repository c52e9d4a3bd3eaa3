"""The console's JSON: what it needs at the start, older messages, a mail's HTML, files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, Verb, may, require, scope_for
from contactcenter.cases import reasons
from contactcenter.cases import store as cases
from contactcenter.cases.files import require_open, shown
from contactcenter.cases.needed import require_needed
from contactcenter.errors import Refused
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.queue import agents
from contactcenter.routing import declining
from contactcenter.web import download
from contactcenter.web.agent import mail_page
from contactcenter.web.bodies import id_of, json_answer

SQL = load_sql(__file__)
MOST = 200

SignedIn = Callable[[web.Request], Awaitable[Actor]]


class CasesApi:
    """Handlers; `signed_in` gives the user or raises Refused("not_signed_in")."""

    def __init__(self, db: Database, signed_in: SignedIn) -> None:
        self._db = db
        self._signed_in = signed_in

    def routes(self) -> list[web.RouteDef]:
        """Where they answer."""
        return [
            web.get("/api/console", self.console),
            web.get("/api/cases/{case}/messages", self.messages),
            web.get("/api/messages/{case}/{seq}/html", self.html),
            web.get("/api/messages/{case}/{seq}/rest", self.rest),
            web.get("/api/messages/{case}/{seq}/raw", self.raw),
            web.get("/api/attachments/{id}", self.attachment),
            web.post("/api/attachments/{id}/scan", self.scan_again),
        ]

    async def console(self, request: web.Request) -> web.StreamResponse:
        """{user, zone, queues, dispositions, reasons, templates, agents, states, decline_reasons,
        declining}."""
        actor = await self._signed_in(request)
        scope = scope_for(actor, "work")
        async with self._db.connection() as conn:
            organisation = await SQL.organisation.row(conn, id=actor.organisation_id)
            queues = await SQL.queues.all(conn, scope=scope)
            dispositions = await SQL.dispositions.all(conn, scope=scope)
            said = await reasons.choices(conn, scope)
            templates = await SQL.templates.all(conn, scope=scope)
            declined = await declining.choices(conn, scope)
            colleagues = await agents.SQL.colleagues.all(conn, scope=scope)
        return json_answer(
            {
                "user": {
                    "id": str(actor.user_id),
                    "name": actor.name,
                    "role": actor.role,
                    "organisation": organisation["key"],
                    "language": actor.language,
                    "may_pull": may(actor, "pull"),
                },
                "zone": organisation["time_zone"],
                "queues": [_named(row) for row in queues],
                "dispositions": [_named(row) for row in dispositions],
                "reasons": said,
                "templates": [
                    _named(row) | {"text": msgspec.json.decode(row["text"])} for row in templates
                ],
                "agents": [
                    {"id": str(row["id"]), "name": row["name"], "state": row["state"]}
                    for row in colleagues
                    if row["id"] != actor.user_id
                ],
                "states": list(agents.STATES),
                "decline_reasons": list(declining.HOUSE_REASONS),
                "declining": declined,
            }
        )

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """{messages, more}: a page of a case's messages before a number. The read is audited."""
        actor = await self._signed_in(request)
        require(actor, "read_case")
        scope = scope_for(actor, "read_case")
        before = _number(request.query.get("before", str(2**31 - 1)), "before")
        limit = _number(request.query.get("limit", "50"), "limit")
        if not 1 <= limit <= MOST:
            raise Refused("bad_request", field="limit")
        async with self._db.transaction() as conn:
            case = await cases.SQL.one.one(
                conn, case_id=id_of(request.match_info["case"]), scope=scope
            )
            if case is None:
                raise Refused("not_found")
            await require_needed(conn, actor, case["id"], None)
            page = await cases.timeline(
                conn, case["id"], scope, actor.user_id, before=before, most=limit
            )
            await audit.note(
                conn, actor, "read", "case", case["id"], organisation_id=case["organisation_id"]
            )
        return json_answer(page)

    async def html(self, request: web.Request) -> web.StreamResponse:
        """A mail's HTML for a sandboxed frame: no script, no origin, and nothing from elsewhere but
        images where `remote=1` asks for them. The read is audited, and that as well."""
        actor = await self._signed_in(request)
        require(actor, "read_case")
        case, scope = id_of(request.match_info["case"]), scope_for(actor, "read_case")
        seq = _number(request.match_info["seq"], "seq")
        remote = request.query.get("remote") == "1"
        async with self._db.transaction() as conn:
            row = await cases.SQL.html.one(conn, case_id=case, seq=seq, scope=scope)
            if row is None or row["html"] is None:
                raise Refused("not_found")
            await require_needed(conn, actor, case, None)
            images = await cases.SQL.images.all(conn, case_id=case, seq=seq, scope=scope)
            for verb in ("read", "load_remote") if remote else ("read",):
                await audit.note(
                    conn, actor, verb, "case", case, organisation_id=row["organisation_id"]
                )
        page = await mail_page.page(self._db, row["html"], images, remote=remote)
        return web.Response(
            text=page, content_type="text/html", headers=mail_page.headers(remote=remote)
        )

    async def rest(self, request: web.Request) -> web.StreamResponse:
        """{rest}: what stands around what was written in a mail. The read is audited."""
        row = await self._message(request, "read_case", "read")
        if not row["rest"]:
            raise Refused("not_found")
        return json_answer({"rest": row["rest"]})

    async def raw(self, request: web.Request) -> web.StreamResponse:
        """The mail as it came, always as a download: somebody out there made it. Audited."""
        row = await self._message(request, "read_raw", "read_raw")
        name = f"message-{request.match_info['case']}-{request.match_info['seq']}.eml"
        pieces = blobs.get(self._db, row["raw_blob"])
        return await download.send(request, name, row["raw_size"], pieces)

    async def _message(self, request: web.Request, may: Verb, verb: str) -> Row:
        """The part of a message that was asked for. Raises Refused("not_found") where it is not
        there, or lies outside what the user may see."""
        actor = await self._signed_in(request)
        require(actor, may)
        case = id_of(request.match_info["case"])
        async with self._db.transaction() as conn:
            row = await cases.SQL.parts.one(
                conn,
                case_id=case,
                seq=_number(request.match_info["seq"], "seq"),
                scope=scope_for(actor, may),
            )
            if row is None or (verb == "read_raw" and row["raw_size"] is None):
                raise Refused("not_found")
            await require_needed(conn, actor, case, None)
            if verb == "read_raw" and row["raw_blob"] is None:
                raise Refused("not_found", "source_not_kept")
            if verb == "read_raw":  # the files stand in it
                for file in await cases.SQL.files_of.all(conn, message=row["id"]):
                    require_open(file)
            await audit.note(
                conn, actor, verb, "case", case, organisation_id=row["organisation_id"]
            )
        return row

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """A file, always as a download. The read is audited."""
        actor = await self._signed_in(request)
        require(actor, "read_case")
        async with self._db.transaction() as conn:
            row = await cases.SQL.file.one(
                conn, id=id_of(request.match_info["id"]), scope=scope_for(actor, "read_case")
            )
            if row is None:
                raise Refused("not_found")
            await require_needed(conn, actor, row["case_id"], None)
            require_open(row)
            await audit.note(
                conn, actor, "read", "attachment", row["id"], organisation_id=row["organisation_id"]
            )
        pieces = blobs.get(self._db, row["blob_id"])
        return await download.send(request, row["name"], row["size"], pieces)

    async def scan_again(self, request: web.Request) -> web.StreamResponse:
        """Give a file that could not be scanned to the scanner once more: the file, which waits.
        Audited. 409 where it is not so, or there is no scanner."""
        actor = await self._signed_in(request)
        require(actor, "read_case")
        id_, scope = id_of(request.match_info["id"]), scope_for(actor, "read_case")
        async with self._db.transaction() as conn:
            file = await cases.SQL.file.one(conn, id=id_, scope=scope)
            if file is None:
                raise Refused("not_found")
            await require_needed(conn, actor, file["case_id"], None)
            row = await cases.SQL.rescan.one(conn, id=id_, scope=scope)
            if row is None:
                raise Refused("wrong_state", "not_scanned_again")
            await audit.note(
                conn, actor, "rescan", "attachment", id_, organisation_id=row["organisation_id"]
            )
        return json_answer(shown(row))


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Refused("bad_request", field=field)
    return min(int(text), 2**31 - 1)


def _named(row: Any) -> dict[str, Any]:
    return dict(row) | {"name": msgspec.json.decode(row["name"])}

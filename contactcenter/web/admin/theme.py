"""The theme of an organisation for admins: a form, what it would look like, and what of it could
not be read."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import require
from contactcenter.configuration import actions, rules, themes
from contactcenter.configuration.contrast import ratio
from contactcenter.configuration.filing import tidy
from contactcenter.configuration.look import FIELDS, SCHEMES, Pair, Scheme, pairs, worn
from contactcenter.configuration.reading import Known
from contactcenter.configuration.theme import Colours, Theme
from contactcenter.configuration.theme_files import DIGEST, MOST_BYTES, MOST_SIDE, read_file
from contactcenter.configuration.theme_rules import COLOUR, FONTS, OWN
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web import auth
from contactcenter.web.admin import configuring, uploaded
from contactcenter.web.bodies import Form, form
from contactcenter.web.look import dressed
from contactcenter.web.pages import page, with_language
from contactcenter.web.security import CSP, takes
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_ONE = r"/admin/organisations/{key:[a-z][a-z0-9_-]{0,39}}/theme"
FILES = ("logo", "font_regular", "font_bold")
_COLOURS = tuple(f"{scheme}.{name}" for scheme in SCHEMES for name in FIELDS)
_WORDS = tuple(f"{field}.{one}" for field in ("name", "logo_text") for one in LANGUAGES)
_SHOWN = (*_COLOURS, *_WORDS, *FILES, "font")
_FIELDS = frozenset((*_SHOWN, *(f"file.{name}" for name in FILES), "drop", "do", "seen", "lang"))
_MOST = MOST_BYTES["logo"] + 2 * MOST_BYTES["font"] + 100_000  # with the form around them
_MOST_TEXT = 20_000


class Row(NamedTuple):
    """A pair of colours as it is shown."""

    pair: Pair
    whole: int
    part: str


@routes.get(_ONE)
async def theme(request: web.Request) -> web.Response:
    """The form."""
    known = await _known(request)
    return await _form(request, known)


@routes.post(_ONE)
@takes(_MOST)
async def change(request: web.Request) -> web.Response:
    """Save it, or only show it. Files are kept in either case: a browser gives none twice."""
    require(await auth.signed_in(request), "configure")
    key, (sent, files) = request.match_info["key"], await _sent(request)
    known = await _known(request)
    problems = await _keep(request, known.organisations[key], sent, files)
    try:
        wanted = tidy(_read(key, sent))
        looks = sent.get("do") == "preview"
        rules.refuse(problems + (rules.problems("theme", wanted) if looks else []))
        if looks:
            return await _form(request, known, sent=sent)
        done = await configuring.save(request, "theme", wanted, sent)
    except Refused as no:
        return await _form(request, await _known(request), no, sent)
    return configuring.saved(request, f"/admin/organisations/{key}/theme", done)


@routes.post(_ONE + "/remove")
async def remove(request: web.Request) -> web.Response:
    """Back to the house's own look. A repeat changes nothing."""
    await form(request)
    key, services, actor = request.match_info["key"], services_of(request), None
    actor, known = await auth.signed_in(request), await _known(request)
    now = _now(known, key) or Theme(organisation=key)
    done = await actions.remove(services.db, services.published, actor, "theme", now)
    return configuring.saved(request, f"/admin/organisations/{key}/theme", done)


@routes.get(_ONE + "/preview")
async def preview(request: web.Request) -> web.Response:
    """What it would look like, light and dark, with the contrast of each pair. What can't be read
    is shown without it: the form says what is wrong."""
    key, known = request.match_info["key"], await _known(request)
    given = Form([(name, request.query.get(name, "")[:300]) for name in _SHOWN])
    wanted = _readable(tidy(_read(key, given)))
    dress = await themes.tried_on(services_of(request).db, known.organisations[key], wanted)
    answer = await page(
        request,
        "admin_theme_preview.html",
        whose=None,
        look=dressed(dress),
        organisation=actions.find(known.document, "organisation", key),
        schemes={scheme: _rows(wanted, scheme) for scheme in SCHEMES},
    )
    policy = answer.headers.get("Content-Security-Policy", CSP)
    framed = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    answer.headers["Content-Security-Policy"] = framed
    return answer


def _rows(wanted: Theme, scheme: Scheme) -> list[Row]:
    """Of each kind of pair the worst."""
    worst: dict[str, Pair] = {}
    for pair in sorted(pairs(wanted, scheme), key=lambda one: -ratio(one.one, one.other)):
        worst[pair.name] = pair
    return [_row(pair) for pair in worst.values()]


def _row(pair: Pair) -> Row:
    hundredths = math.floor(ratio(pair.one, pair.other) * 100)
    return Row(pair, hundredths // 100, f"{hundredths % 100:02}")


async def _known(request: web.Request) -> Known:
    """The configuration, with the organisation in it. Raises Refused."""
    known, _ = await configuring.found(request, "organisation", request.match_info["key"])
    return known


def _now(known: Known, key: str) -> Theme | None:
    found = actions.find(known.document, "theme", key)
    return found if isinstance(found, Theme) else None


async def _sent(request: web.Request) -> tuple[Form, dict[str, bytes]]:
    """The form's fields and files. Raises Refused."""
    sent = await uploaded.fields(request, _FIELDS, _MOST, again=("drop",))
    words = [(name, uploaded.text(value)) for name, value in sent if not name.startswith("file.")]
    if sum(len(value) for _, value in words) > _MOST_TEXT:
        raise Refused("too_large")
    files = {name: data for name, data in sent if name.startswith("file.") and data}
    return Form(words), {name.partition(".")[2]: data for name, data in files.items()}


async def _keep(
    request: web.Request, organisation_id: int, sent: Form, files: dict[str, bytes]
) -> list[Refused]:
    """Keep the files that are what they should be, and let the form name them; the others'
    problems."""
    problems, actor = [], await auth.signed_in(request)
    for name in sent.all("drop"):
        sent.values[name] = [""]
    for name, data in files.items():
        try:
            file = read_file(data, name)
        except Refused as no:
            problems.append(no)
            continue
        await themes.keep(services_of(request).db, actor, organisation_id, file)
        sent.values[name] = [file.digest]
    return problems


def _read(key: str, sent: Form) -> Theme:
    def words(field: str) -> dict[str, str]:
        return {language: sent.get(f"{field}.{language}") for language in LANGUAGES}

    def colours(scheme: str) -> Colours:
        return Colours(**{name: sent.get(f"{scheme}.{name}") for name in FIELDS})

    return Theme(
        organisation=key,
        name=words("name"),
        light=colours("light"),
        dark=colours("dark"),
        logo=sent.get("logo"),
        logo_text=words("logo_text"),
        font=sent.get("font") or "system",
        font_regular=sent.get("font_regular"),
        font_bold=sent.get("font_bold"),
    )


def _readable(given: Theme) -> Theme:
    """Without what no page could wear."""

    def colours(of: Colours) -> Colours:
        plain = msgspec.structs.asdict(of)
        return Colours(**{n: v if COLOUR.fullmatch(v) else "" for n, v in plain.items()})

    files = {n: v if DIGEST.fullmatch(v) else "" for n in FILES for v in [getattr(given, n)]}
    font = given.font if given.font in FONTS else "system"
    return msgspec.structs.replace(
        given, light=colours(given.light), dark=colours(given.dark), font=font, **files
    )


async def _form(
    request: web.Request, known: Known, no: Refused | None = None, sent: Form | None = None
) -> web.Response:
    key = request.match_info["key"]
    now = _now(known, key)
    given = sent if sent is not None else Form(_pairs(now or Theme(organisation=key)))
    query = {name: given.get(name) for name in _SHOWN if given.get(name)}
    return await configuring.editor(
        request,
        "admin_theme.html",
        "theme",
        now,
        [],
        no,
        given,
        organisation=actions.find(known.document, "organisation", key),
        preview=with_language(request, f"/admin/organisations/{key}/theme/preview", **query),
        colours=FIELDS,
        files=FILES,
        worn=_worn(_readable(tidy(_read(key, given)))),
        fonts=tuple(FONTS),
        own=OWN,
        most=MOST_BYTES,
        most_side=MOST_SIDE,
    )


def _worn(wanted: Theme) -> dict[str, str]:
    """What stands for each colour that is not given."""
    looks = {scheme: worn(wanted, scheme) for scheme in SCHEMES}
    parts = {name: "ground" if name == "background" else name for name in FIELDS}
    return {
        f"{scheme}.{name}": str(getattr(looks[scheme], part))
        for scheme in SCHEMES
        for name, part in parts.items()
    }


def _pairs(thing: Theme) -> list[tuple[str, str]]:
    plain: dict[str, Any] = {n: getattr(thing, n) for n in (*FILES, "font")}
    for scheme in SCHEMES:
        of = msgspec.structs.asdict(getattr(thing, scheme))
        plain |= {f"{scheme}.{name}": value for name, value in of.items()}
    return [*plain.items(), *configuring.names(thing), *configuring.names(thing, "logo_text")]

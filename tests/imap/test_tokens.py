"""XOAUTH2 at a real Dovecot: tokens are got, kept, renewed, and never told."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from channels.email.imap.errors import ImapError
from channels.email.imap.oauth import Tokens
from contactcenter.oauth_settings import OAuth, service_account
from tests.imap.conftest import Box
from tests.imap.identity import Identity, running_identity
from tests.imap.proxy import Proxy

pytestmark = pytest.mark.needs_package("dovecot-imapd")


@pytest.fixture
async def identity(box: Box) -> AsyncIterator[Identity]:
    """The token server that Dovecot asks."""
    async with running_identity(box.user, box.dovecot.token_port) as running:
        yield running


def oauth(box: Box, **given: Any) -> OAuth:
    """Client credentials, as Microsoft has them."""
    values: dict[str, Any] = {
        "token_url": f"http://127.0.0.1:{box.dovecot.token_port}/token",
        "client_id": "id",
        "client_secret": "hush",
        "scope": "https://outlook.office365.com/.default",
    }
    return OAuth(**values | given)


def by_token(box: Box, port: int | None = None, **given: Any) -> None:
    """The mailbox takes tokens."""
    port = port or box.dovecot.port
    box.set(password=None, auth="xoauth2", oauth=oauth(box, **given), port=port)


async def test_mail_is_fetched_with_a_token(box: Box, identity: Identity) -> None:
    by_token(box, expires=date(2027, 11, 30))
    box.put(1)
    async with box.fetching():
        await box.caught_up(1)
    assert identity.asked == [
        {
            "client_id": "id",
            "grant_type": "client_credentials",
            "client_secret": "hush",
            "scope": "https://outlook.office365.com/.default",
        }
    ]
    state = await box.state()
    assert state["token_expires_at"] == datetime(2027, 11, 30, tzinfo=UTC)


async def test_a_token_withdrawn_before_its_time_is_renewed_once(
    box: Box, identity: Identity, proxy: Proxy
) -> None:
    by_token(box, port=proxy.port)
    async with box.fetching() as poller:
        await box.caught_up(0)
        identity.good.clear()
        assert poller._tokens is not None
        assert await poller._tokens.get() == "token-1"
        box.put(1)
        proxy.end()
        await box.caught_up(1)
    assert len(identity.asked) == 2


async def test_a_refused_token_is_shown_and_not_asked_for_without_end(
    box: Box, identity: Identity
) -> None:
    by_token(box)
    identity.user = "somebody-else"
    async with box.fetching():
        state = await box.failed("login_refused")
    assert len(identity.asked) <= 4
    assert "token-" not in str(dict(state))


async def test_a_refusal_of_the_token_server_is_shown_by_its_code(
    box: Box, identity: Identity
) -> None:
    by_token(box)
    identity.answer = web.json_response(
        {"error": "invalid_client", "error_description": "the secret hush is wrong"}, status=401
    )
    with capture_logs() as logs:
        async with box.fetching():
            state = await box.failed("token_refused")
    assert state["detail"] == "invalid_client"
    assert "hush" not in str(logs)


async def test_a_token_near_its_end_is_renewed(box: Box, identity: Identity) -> None:
    tokens = Tokens(oauth(box), "me")
    identity.expires_in = "301"
    first = await tokens.get()
    identity.expires_in = 200
    tokens.forget()
    assert await tokens.get() != first
    assert await tokens.get() == "token-3"


async def test_a_newer_refresh_token_is_kept(box: Box, identity: Identity, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old")
    tokens = Tokens(oauth(box, refresh_token="old", refresh_token_file=file), "me")
    identity.refresh = "newer"
    await tokens.get()
    tokens.forget()
    await tokens.get()
    assert [form["refresh_token"] for form in identity.asked] == ["old", "newer"]
    assert identity.asked[0]["grant_type"] == "refresh_token"
    assert file.read_text() == "newer\n"
    assert file.stat().st_mode & 0o777 == 0o600


def _openssl(words: str, folder: Path) -> bytes:
    command = ["openssl", *words.split()]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


@pytest.mark.needs_package("openssl")
async def test_a_service_account_signs_for_the_mailboxs_user(
    box: Box, identity: Identity, tmp_path: Path
) -> None:
    key = _openssl("genrsa 2048", tmp_path)
    url = f"http://127.0.0.1:{box.dovecot.token_port}/token"
    account = {
        "client_email": "cc@x.example",
        "private_key": key.decode(),
        "token_uri": url,
    }
    (tmp_path / "account.json").write_text(json.dumps(account))
    made_oauth = service_account(str(tmp_path / "account.json"))
    assert made_oauth.account_key is not None
    await Tokens(made_oauth, "info@x.example").get()
    (form,) = identity.asked
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    signed, _, signature = form["assertion"].rpartition(".")
    claims = json.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("cc@x.example", "info@x.example", url)
    assert claims["scope"] == "https://mail.google.com/"
    assert claims["exp"] - claims["iat"] == 3600
    (tmp_path / "signed").write_text(signed)
    (tmp_path / "signature").write_bytes(base64.urlsafe_b64decode(signature + "=="))
    (tmp_path / "key").write_bytes(key)
    _openssl("dgst -sha256 -prverify key -signature signature signed", tmp_path)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (web.Response(text="<html>"), "the answer holds no token"),
        (web.json_response({"token": "x"}), "the answer holds no token"),
        (web.json_response([1]), "the answer holds no token"),
        (web.Response(status=503, text="x" * 100_000), "HTTP 503"),
        (web.json_response({"error": "Secret HUSH"}, status=400), "HTTP 400"),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), "HTTP 302"),
    ],
)
async def test_answers_that_hold_no_token(
    box: Box, identity: Identity, answer: web.Response, detail: str
) -> None:
    identity.answer = answer
    with pytest.raises(ImapError) as caught:
        await Tokens(oauth(box), "me").get()
    assert (caught.value.code, caught.value.detail) == ("token_refused", detail)


async def test_an_answer_in_pieces_is_read_to_its_end(box: Box, identity: Identity) -> None:
    identity.in_pieces = True
    assert await Tokens(oauth(box), "me").get() == "token-1"


async def test_no_token_server_is_a_refusal_too(box: Box) -> None:
    with pytest.raises(ImapError) as caught:
        await Tokens(oauth(box, token_url="http://127.0.0.1:1/"), "me").get()
    assert caught.value.detail == "no answer: ClientConnectorError"

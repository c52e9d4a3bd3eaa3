"""A signed assertion in place of a secret (RFC 7523), as Google's service accounts use it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

import msgspec

LIFE_S = 3600  # the longest that Google takes


def assertion(issuer: str, key: bytes, subject: str, scope: str, audience: str, now: int) -> str:
    """A JWT (RFC 7519) by RS256: the service account speaks for the mailbox's user. `key` is PEM,
    `now` seconds since 1970. Takes some 50 ms."""
    from dkim.crypto import RSASSA_PKCS1_v1_5_sign, parse_pem_private_key  # slow to load

    claims = {
        "iss": issuer,
        "sub": subject,
        "scope": scope,
        "aud": audience,
        "iat": now,
        "exp": now + LIFE_S,
    }
    signed = b".".join(_coded({"alg": "RS256", "typ": "JWT"}, claims))
    signature = RSASSA_PKCS1_v1_5_sign(hashlib.sha256(signed), parse_pem_private_key(key))
    return (signed + b"." + _base64(signature)).decode("ascii")


def _coded(*parts: dict[str, object]) -> list[bytes]:
    return [_base64(msgspec.json.encode(part)) for part in parts]


def _base64(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")

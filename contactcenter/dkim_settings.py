"""The settings by which outgoing mail is signed: a key that can't sign is refused at the start,
not when the first mail leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contactcenter import setting_values as values

NAMES = ("dkim_key_file", "dkim_selector", "dkim_domain")
LEAST_BITS = 1024  # RFC 8301 section 3.2; docs/email.md tells to make 2048
_FORM = "openssl genrsa -out dkim.pem 2048 makes one"


def key_file(value: object) -> Path:
    """The file of a private RSA key in PEM. Raises ValueError: nothing of the key is in it."""
    path = values.readable_file(value)
    if bits(path.read_bytes()) < LEAST_BITS:
        raise ValueError(f"holds no private RSA key of {LEAST_BITS} bits or more; {_FORM}")
    return path


def bits(pem: bytes) -> int:
    """The length of a private RSA key; 0 where it is none."""
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # slow to load, seldom used

    try:
        return int(parse_pem_private_key(pem)["modulus"]).bit_length()
    except (UnparsableKeyError, ValueError, IndexError, TypeError):
        return 0


def problems(found: Mapping[str, object]) -> list[str]:
    """What is wrong with the three together."""
    given = [name for name in NAMES if found.get(name)]
    missing = [name for name in NAMES if name not in given]
    if not given or not missing:
        return []
    return [f"{', '.join(given)} without {', '.join(missing)}: signing needs all three, or none"]

"""What a setting's value may be: each parser takes what a file or the environment gave and returns
the value, or raises ValueError with what is wrong and what to write instead."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from pathlib import Path

Parser = Callable[[object], object]

_CONTROL = frozenset(map(chr, [*range(32), 127]))
_MODULE = re.compile(r"[a-z_]\w*(\.[a-z_]\w*)*", re.IGNORECASE | re.ASCII)


class Problems(ValueError):
    """Several things that are wrong with one setting; `each` has a line for each."""

    def __init__(self, each: list[str]) -> None:
        super().__init__("; ".join(each))
        self.each = each


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip()


def line(most: int) -> Callable[[object], str]:
    """A text of one line: what goes into a command must end none (RFC 9051 section 4.3)."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a text")
        if len(value) > most or not _CONTROL.isdisjoint(value):
            raise ValueError(f"must be one line of at most {most} characters")
        return value

    return parse


def whole(least: int, most: int) -> Parser:
    """A whole number in a range."""

    def parse(value: object) -> int:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            number = None
        if type(number) is not int or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return parse


def seconds(least: float, most: float) -> Parser:
    """A duration in seconds."""

    def parse(value: object) -> float:
        try:
            number = float(value) if isinstance(value, str | int | float) else None
        except ValueError:
            number = None
        if number is None or isinstance(value, bool) or not least <= number <= most:
            raise ValueError(f"must be seconds from {least:g} to {most:g}")
        return number

    return parse


def switch(value: object) -> bool:
    """On or off."""
    words = {"true": True, "false": False}
    found = words.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError("must be true or false")
    return found


def one_of(*choices: str) -> Parser:
    """One of a few words."""

    def parse(value: object) -> str:
        word = value.strip().lower() if isinstance(value, str) else None
        if word not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return word

    return parse


def folder(value: object) -> Path:
    """A folder's path, made absolute."""
    return Path(text(value)).expanduser().absolute()


def readable_file(value: object) -> Path:
    """A file's path, made absolute; it must be readable now."""
    path = folder(value)
    try:
        path.open("rb").close()
    except OSError as error:
        raise ValueError(f"can't be read: {error.strerror}") from None
    return path


def certificate_problems(cert: Path | None, key: Path | None) -> list[str]:
    """What is wrong with a certificate and its key, as they are now."""
    if (cert is None) != (key is None):
        return ["smtp_tls_cert and smtp_tls_key belong together: give both or neither"]
    if cert is None:
        return []
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (ssl.SSLError, OSError):
        return ["smtp_tls_cert and smtp_tls_key are no certificate and its key, both PEM"]
    return []


def listed(value: object) -> list[str]:
    """A list of texts, or one text with commas."""
    if isinstance(value, str):
        return [piece.strip() for piece in value.split(",") if piece.strip()]
    if not isinstance(value, list) or not all(isinstance(piece, str) for piece in value):
        raise ValueError("must be a list of texts")
    return value


def coordinates(value: object) -> tuple[float, float]:
    """Latitude and longitude in degrees (WGS 84)."""
    try:
        lat, long = (float(piece) for piece in listed(value))
    except ValueError:
        raise ValueError('must be latitude and longitude, as "61.688,27.272"') from None
    if not (-85 <= lat <= 85 and -180 <= long <= 180):
        raise ValueError("must lie between -85 and 85, -180 and 180 degrees")
    return lat, long


def keys(value: object) -> tuple[str, ...]:
    """Secrets that programs send; never told in an error."""
    found = tuple(listed(value))
    if any(len(one) < 16 or not one.isascii() or not one.isprintable() for one in found):
        raise ValueError("must be keys of at least 16 letters, figures and signs each")
    return found


def countries(value: object) -> tuple[str, ...]:
    """Countries by their two letters (ISO 3166-1)."""
    import phonenumbers  # here: it takes long to load, and the setting is seldom set

    codes = tuple(piece.upper() for piece in listed(value))
    wrong = [code for code in codes if code not in phonenumbers.SUPPORTED_REGIONS]
    if wrong or not codes:
        raise ValueError("must be countries by two letters (ISO 3166-1), as FI, SE")
    return codes


def modules(value: object) -> tuple[str, ...]:
    """Names of modules to load."""
    names = listed(value)
    wrong = [name for name in names if not _MODULE.fullmatch(name)]
    if wrong or not names:
        raise ValueError("must name modules, as channels.email")
    if len(set(names)) < len(names):
        raise ValueError("names a module twice")
    return tuple(names)

"""Parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2231)."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from channels.email.syntax.charsets import decode

_PARAMETER = re.compile(r';\s*([^\s=;]{1,60})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?\Z")
_ESCAPED = re.compile(r"\\(.)")
MAX_PARAMETERS = 100
MAX_CHARACTERS = 8_192


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon, and its parameters, both names in lower case."""
    main, semicolon, _ = value.partition(";")
    if not semicolon:
        return main.strip().lower(), {}
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bool, str]]] = {}
    found = _PARAMETER.finditer(value[:MAX_CHARACTERS], len(main))
    for match, _ in zip(found, range(MAX_PARAMETERS), strict=False):
        name, text = match[1].lower(), _unquoted(match[2])
        section = _SECTION.match(name)
        if "*" not in name or section is None:
            plain.setdefault(name, text)
            continue
        numbered = sections.setdefault(section[1], {})
        numbered.setdefault(int(section[2] or 0), (section[3] is not None, text))
    plain.update((name, _joined(parts)) for name, parts in sections.items())
    return main.strip().lower(), plain


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text.strip('"')


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    """The sections in their order; the first encoded one names the charset."""
    charset: str | None = None
    data = b""
    for number, (encoded, text) in sorted(parts.items()):
        if encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return decode(data, charset)

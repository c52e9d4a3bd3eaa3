"""What the first mark of a subject says: "Re:" of an answer (RFC 5322 section 3.6.5), "Fwd:" of a
forward, and what programs write in their place in other languages.

What was forwarded is what the mail is about, so it always belongs to the text; a quote that is
taken for a forward is only shown, never lost.
"""

from __future__ import annotations

import re

_PREFIX = re.compile(r"[\s\[(]*([^\W\d_][\w.]{0,15})(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:\uff1a]")
# In lower case. "vs" is both, see below.
_FORWARD = frozenset(
    "fwd fw vl vb vidarebefordrat wg tr rv i enc pd doorst tov továbbítás ilt i̇lt edasi fs pr"
    " пересл προωθ προώθ 转发 轉寄 forward edelleen välitetty".split()
)
_REPLY = frozenset(
    "re vs sv aw antw antwort odp r res ynt vá ref réf отв ha απ rif bls 回复 回覆".split()
)
# "VS" is an answer in Finnish (vastaus) and a forward in Danish and Norwegian (videresendt):
# these labels of the head below tell which.
_NORDIC = re.compile(r"^[ \t*>]{0,8}(?:fra|sendt|emne)[ \t*]{0,3}:", re.IGNORECASE | re.MULTILINE)


def forwards(subject: str, text: str) -> bool:
    """Whether the subject's first mark says that the mail is a forward."""
    mark = _mark(subject)
    if mark == "vs":
        return bool(_NORDIC.search(text[:20_000]))
    return mark in _FORWARD


def passed_on(subject: str) -> bool:
    """Whether the subject's first mark may say that a person or a rule passed a mail on."""
    mark = _mark(subject)
    return mark == "vs" or mark in _FORWARD


def answers(subject: str) -> bool:
    """Whether the subject's first mark says that the mail is an answer."""
    return _mark(subject) in _REPLY


def _mark(subject: str) -> str:
    match = _PREFIX.match(subject)
    return match[1].lower().rstrip(".") if match else ""

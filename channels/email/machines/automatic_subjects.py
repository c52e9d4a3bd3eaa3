"""Subjects of automatic replies, by language: only words that no person begins a subject with, and
only where they begin it. Behind "Re:" they are a person's answer to an automatic reply."""

from __future__ import annotations

import re

_READ = 300
_TAGS = re.compile(r"(?:\s*(?:\[[^\[\]]{1,40}\]|\*{2,3}[^*]{1,40}\*{2,3}))*\s*")

# Headings: a colon or a dash follows, or nothing. No word for being absent alone ("Poissa:",
# "Frånvaro:"): so parents write to schools.
_HEADINGS = (
    "automaattinen vastaus", "automaattinen poissaoloviesti", "automaattivastaus",
    "poissaoloviesti", "poissa toimistosta",
    "automatiskt svar", "autosvar", "frånvaromeddelande", "ej på kontoret",
    "inte på kontoret", "automatisk svar", "automatisk besvarelse", "fraværsmelding",
    "automatic reply", "automatic response", "automated reply", "automated response", "auto reply",
    "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "autoresponder",
    "out of office", "out-of-office", "out of office autoreply", "out of office reply", "ooo",
    "out of the office", "vacation reply", "away from my mail",
    "automatische antwort", "automatische abwesenheitsnotiz", "abwesenheitsnotiz",
    "nicht im büro", "automatisch antwoord", "afwezigheidsbericht",
    "réponse automatique", "message d'absence", "absence du bureau",
    "absent du bureau", "respuesta automática", "fuera de la oficina", "fuera de oficina",
    "risposta automatica", "fuori sede", "fuori ufficio", "resposta automática",
    "fora do escritório", "automatyczna odpowiedź", "autoodpowiedź", "odpowiedź automatyczna",
    "poza biurem", "automatická odpověď", "mimo kancelář", "automatická odpoveď", "automaatvastus",
    "automaatne vastus", "kontorist väljas", "automātiskā atbilde", "automatinis atsakymas",
    "automatikus válasz", "házon kívül", "răspuns automat", "автоответ", "автоматический ответ",
    "автоматична відповідь", "otomatik yan\u0131t", "otomatik cevap", "自動応答", "自动答复",
    "自動回覆", "자동 회신", "自動返信",
)  # fmt: skip
# Sure without a colon too.
_WHOLE = (
    "automaattinen vastaus", "automaattinen poissaoloviesti", "poissaoloviesti",
    "automaattivastaus", "automatiskt svar", "autosvar", "frånvaromeddelande", "automatic reply",
    "automated reply", "auto-reply", "autoreply", "autoresponse", "out of office autoreply",
    "out of office reply", "vacation reply", "automatische antwort", "abwesenheitsnotiz",
    "automatisch antwoord", "afwezigheidsbericht", "réponse automatique", "respuesta automática",
    "risposta automatica", "resposta automática", "automatisk svar", "automaatvastus",
    "automatyczna odpowiedź",
)  # fmt: skip
_CHALLENGE = re.compile(
    r"(?:please )?confirm (?:that you sent )?your (?:e-?mail|message|mail)\b"
    r"|your message to .{1,100} awaits (?:moderator )?approval"
    r"|report domain: .{1,200} submitter: "
    r"|(?:mail|message) (?:sender )?verification (?:required|needed)"
)


def _any(words: tuple[str, ...], after: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))}){after}"
    )


_HEADING = _any(_HEADINGS, r"(?:\s*(?:\([^()]{0,60}\)\s*)?[:\uff1a]|\s+[-\u2013\u2014]\s)")
_ALONE = _any(_HEADINGS, r"[\s!.]*\Z")
_SURE = _any(_WHOLE, r"\b")


def is_automatic_subject(subject: str) -> bool:
    """Whether only a machine gives such a subject to its answer."""
    words = subject[:_READ].casefold()
    begins = _TAGS.match(words)
    at = begins.end() if begins else 0
    return any(kind.match(words, at) for kind in (_HEADING, _ALONE, _SURE, _CHALLENGE))

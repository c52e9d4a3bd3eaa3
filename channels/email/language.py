"""A light guess at the language of a mail: it only helps to choose who is asked first."""

from __future__ import annotations

import re
from collections.abc import Mapping

from channels.email.syntax.head import Head

# Common words that the other two languages do not have.
_WORDS: Mapping[str, frozenset[str]] = {
    "fi": frozenset(
        "ja on ei se että olen oli ole mutta kun niin minun mitä myös kuin tai hei terveisin voi"
        " voisiko miten milloin koska kiitos hyvää ystävällisin tämä sen asia ovat olisi jos"
        " onko missä mistä saanut enää vielä".split()
    ),
    "sv": frozenset(
        "och att det är jag inte som på för med av ett har den kan om till hej hälsningar"
        " vänliga från vad hur när eller mitt min mig tack var vi ni skulle också ska detta".split()
    ),
    "en": frozenset(
        "the and to of is that it you this for with my are not was have be please hello dear"
        " regards thank your would could what when how from which will".split()
    ),
}
_WORD = re.compile(r"[a-zåäö]+")
_READ = 1_000
_LEAD, _LEAST = 2, 2


def guess_language(head: Head, subject: str, text: str) -> str | None:
    """fi, sv or en: what Content-Language says (RFC 3282), else what the words tell; None where
    that is unsure."""
    said = head.first("content-language")[:2].lower()
    if said in _WORDS:
        return said
    words = set(_WORD.findall(f"{subject} {text[:_READ]}".lower()))
    counts = sorted(((len(known & words), code) for code, known in _WORDS.items()), reverse=True)
    (most, code), (next_most, _) = counts[:2]
    return code if most >= _LEAST and most >= _LEAD * next_most else None

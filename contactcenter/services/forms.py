"""Forms in which a word may stand, to find a service by what a person writes: "kadulla" is about
"katu", "anmälningar" about "anmälan". Postgres' own stemmers know most endings; here is what they
don't know, since the middle of a word changes too, and the beginning that any word shares with its
base form. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 60  # characters: what is longer is no word
_VOWELS = "aeiouyåäö"
_SHORT = 3  # letters: what is as short has no ending that could be told from it
_SURE = 4  # letters: a beginning of fewer stands before many words

# Of Finnish nouns. What is left still has its weak grade, where the base form has the strong one.
_FINNISH = (
    *("issa", "issä", "ista", "istä", "illa", "illä", "ilta", "iltä", "ille", "iksi", "ihin"),
    *("ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "jen", "ien", "iin"),
    *("tta", "ttä", "een", "ja", "jä", "ia", "iä", "na", "nä", "an", "än", "in", "en", "on", "un"),
    *("yn", "it", "n", "t", "a", "ä"),
)
_GRADES = (  # weak and strong (consonant gradation); -s becomes -ks- before an ending
    *(("nn", "nt"), ("mm", "mp"), ("ll", "lt"), ("rr", "rt"), ("ng", "nk"), ("lj", "lk")),
    *(("rj", "rk"), ("hd", "ht"), ("d", "t"), ("v", "p"), ("k", "kk"), ("p", "pp"), ("t", "tt")),
)
# Of Swedish nouns whose base form has another: ansökan, ansökningar.
_SWEDISH = ("ningarna", "ningar", "ningen", "erna", "arna", "orna", "er", "ar", "en", "et")
_UMLAUTS = str.maketrans("äö", "ao")  # strand, stränder; son, söner


def words(text: str, most: int = 8) -> list[str]:
    """The first words of a text in lower case, each once."""
    found = dict.fromkeys(word[:_LONGEST] for word in _WORD.findall(text.lower()))
    return list(found)[:most]


def beginnings(word: str) -> list[str]:
    """How the base form of a word that somebody searches by may begin, the word itself first."""
    if len(word) <= _SHORT:
        return [word]
    found = [word, *_finnish(word), *_swedish(word), word[: max(4, -(-len(word) * 5 // 9))]]
    return [one for one in dict.fromkeys(found) if len(one) >= _SHORT]


def sure_beginnings(word: str) -> list[str]:
    """The same of a word out of a whole letter, most of whose words are about nothing: only what
    hardly begins any other word."""
    if len(word) <= _SURE:
        return []
    found = [*_finnish(word), *_swedish(word)]
    if len(word) >= 2 * _SURE:
        found.append(word[: -(-len(word) * 3 // 4)])
    return [one for one in dict.fromkeys(found) if len(one) >= _SURE]


def _finnish(word: str) -> list[str]:
    stems = [word.removesuffix(ending) for ending in _FINNISH if word.endswith(ending)]
    return [strong for stem in stems if len(stem) >= _SHORT for strong in _strong(stem)]


def _strong(stem: str) -> list[str]:
    """The stem as in the base form: kadu, katu; asunno, asunto; hakemukse, hakemus; vede, vesi."""
    inside = stem.rstrip(_VOWELS)
    vowels = stem[len(inside) :]
    found = [stem]
    for weak, strong in _GRADES:
        if inside.endswith(weak):
            found.append(inside.removesuffix(weak) + strong + vowels)
    if inside.endswith("ks"):
        found.append(f"{inside[:-2]}s")
    if inside.endswith("d"):
        found.append(f"{inside[:-1]}si")
    if vowels.endswith("e"):  # lehden, lehti
        found += [f"{one[:-1]}i" for one in found if one.endswith("e")]
    return found


def _swedish(word: str) -> list[str]:
    stems = [word.removesuffix(ending) for ending in _SWEDISH if word.endswith(ending)]
    plain = [
        head + tail.translate(_UMLAUTS) for head, tail in ((one[:-4], one[-4:]) for one in stems)
    ]
    return [*stems, *plain]

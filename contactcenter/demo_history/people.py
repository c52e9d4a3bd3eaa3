"""Made-up citizens: names put together by chance, addresses and numbers that lead to nobody."""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict

from contactcenter.demo_history.lived import Person

COMES_BACK = 0.35
_FIRST = {
    "fi": "Aada Aaro Eetu Eila Elina Emilia Heikki Helmi Ilkka Inkeri Jarmo Juhani Kaisa Kalevi "
    "Kari Kerttu Lauri Leena Maija Marko Matti Minna Niina Olavi Outi Pekka Pirjo Raija "
    "Risto Saara Sami Satu Seija Tapio Teemu Tiina Tuula Urho Veikko Venla",
    "sv": "Agneta Anders Birgitta Carl Ebba Fredrik Gunilla Håkan Ingrid Lars Linnéa Märta Nils "
    "Ove Siv Sven Tove Åsa",
    "en": "Adaeze Ahmed Amina Chen David Elena Farah Ivan James Kateryna Lucía Maria Nguyen "
    "Olena Priya Samuel Thabo Yusuf",
}
_LAST = {
    "fi": "Ahonen Hakkarainen Heikkinen Hiltunen Hyvönen Häkkinen Jalkanen Jokela Kainulainen "
    "Karttunen Kauppinen Kinnunen Koponen Laitinen Lehtonen Liukkonen Manninen Marttinen "
    "Mielonen Nykänen Ollikainen Paajanen Parkkinen Pulkkinen Pöyry Reponen Ruuskanen "
    "Sairanen Suhonen Tarkiainen Teittinen Tiihonen Ukkonen Vauhkonen Väisänen Ylönen",
    "sv": "Blomqvist Ekholm Forsman Granberg Holmström Lindgren Nordlund Sjöberg Söderholm "
    "Wikström Åberg",
    "en": "Abdi Brown Diaz Haddad Ivanova Kovalenko Kumar Mensah Murphy Okafor Petrov Rahman "
    "Smith Tran Wu",
}


class People:
    """Gives the person of a contact: a new one, or one who was there before."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._known: dict[tuple[int, str], list[Person]] = defaultdict(list)
        self._count = 0

    def somebody(self, organisation_id: int, language: str, at: float) -> Person:
        """Of this organisation, since each has its own persons."""
        known = self._known[organisation_id, language]
        if known and self._rng.random() < COMES_BACK:
            return self._rng.choice(known)
        self._count += 1
        name, address = made_up(self._rng, language, self._count)
        person = Person(
            made_at=at,
            organisation_id=organisation_id,
            name=name,
            language=language,
            email=address,
            number=number(self._count),
        )
        known.append(person)
        return person


def made_up(rng: random.Random, language: str, n: int) -> tuple[str, str]:
    """A name, and a mail address that no other n has, in the domain that belongs to nobody (RFC
    2606)."""
    first, last = rng.choice(_FIRST[language].split()), rng.choice(_LAST[language].split())
    plain = unicodedata.normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode()
    return f"{first} {last}", f"{plain.lower()}{n}@example.org"


def number(n: int) -> str:
    """A number of a form that the house would call, in a block that no network gives out."""
    return f"+35840{n % 100_000:07}"

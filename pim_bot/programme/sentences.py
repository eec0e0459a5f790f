"""The differences of two editions in Polish sentences.

They read „+ miasto Żory” and „~ sieć Miasto Zielone: kanał „” → „pim-zielone””.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from pim_bot.programme.edition import Edition

_LONGEST = 100
_THINGS = {
    "edition": "edycja",
    "goal": "cel",
    "institution": "instytucja",
    "city": "miasto",
    "network": "sieć",
    "membership": "udział w sieci",
    "guardianship": "opieka nad siecią",
    "kind": "rodzaj działania",
    "part": "część dokumentu",
    "recommendation": "zalecenie",
    "milestone": "wydarzenie z kalendarium",
    "person": "osoba",
    "role": "rola osoby",
    "activity": "wydarzenie",
}
_ROLES = {
    "coordinator": "koordynacja programu",
    "guardian": "opieka nad siecią",
    "expert": "wsparcie eksperckie",
    "official": "zespół miejski",
    "ministry": "resort",
}
_FIELDS = {
    "abbreviation": "skrót",
    "addressee": "adresat",
    "all_day": "całe dni",
    "also": "inne nazwy",
    "answer_by": "zgłoszenia do",
    "certainty": "pewność",
    "channel": "kanał",
    "city": "miasto",
    "contribution_reaction": "reakcja do MID/PU",
    "contact": "osoba kontaktowa",
    "country": "kraj",
    "day": "dzień",
    "description": "opis",
    "document": "dokument",
    "email": "e-mail",
    "ends": "godzina końca",
    "first_day": "pierwszy dzień",
    "form": "forma",
    "genitive": "dopełniacz",
    "group": "grupa",
    "hosts": "gospodarze",
    "hours_per_day": "godziny w dniu pracy",
    "institution": "instytucja",
    "invites": "zaproszenia",
    "kind": "rodzaj",
    "ladder": "przypomnienia",
    "language": "język",
    "last_day": "ostatni dzień",
    "locative": "miejscownik",
    "mid": "temat MID",
    "name": "nazwa",
    "named_feedback": "ankiety imienne",
    "name_en": "nazwa angielska",
    "names": "nazwy",
    "network": "sieć",
    "networks": "sieci",
    "note": "uwaga",
    "number": "numer",
    "part": "zakres",
    "place": "miejsce",
    "position": "kolejność",
    "precision": "dokładność",
    "role": "rola",
    "scope": "zasięg",
    "short": "skrót",
    "side": "strona",
    "since": "od",
    "sources": "źródła",
    "starts": "godzina początku",
    "text": "treść",
    "text_en": "treść angielska",
    "theme": "zagadnienie przekrojowe",
    "themes": "zagadnienia przekrojowe",
    "title": "tytuł",
    "topics": "tematy",
    "type": "typ",
    "until": "do",
    "values_days": "dni pytania o wartości",
    "zone": "strefa czasowa",
}


class Captions:
    """Knows what things are called, since an edition's parts speak of each other by slug."""

    def __init__(self, edition: Edition) -> None:
        self._cities = {city.slug: city.name for city in edition.cities}
        self._networks = {network.slug: network.name for network in edition.networks}
        self._institutions = {entry.slug: entry.names[-1].name for entry in edition.institutions if entry.names}
        self._people = {person.email: person.name for person in edition.people}

    def of(self, what: str, thing: Any, owner: str) -> str:
        """Tell what a thing is called in a sentence; dated things are named with what they belong to."""
        if what == "membership":
            return f"{self._networks.get(owner, owner)}: {self._cities.get(thing.city, thing.city)}"
        if what == "guardianship":
            institution = self._institutions.get(thing.institution, thing.institution)
            return f"{self._networks.get(owner, owner)}: {institution}"
        if what == "role":
            return f"{self._people.get(owner, owner)}: {self._role(thing)}"
        if what == "institution" and thing.names:
            return str(thing.names[-1].name)
        return next(str(getattr(thing, key)) for key in ("name", "title", "text", "slug") if hasattr(thing, key))

    def _role(self, role: Any) -> str:
        where = (
            self._networks.get(role.network, role.network),
            self._cities.get(role.city, role.city),
            self._institutions.get(role.institution, role.institution),
        )
        return ", ".join([_ROLES.get(role.role, role.role), *(name for name in where if name)])


def added(what: str, name: str) -> str:
    """Say that a thing is new."""
    return f"+ {_THINGS[what]} {_short(name)}"


def changed(what: str, name: str, fields: Mapping[str, tuple[object, object]]) -> str:
    """Say what changes in a thing."""
    told = [f"{_FIELDS.get(key, key)} {_shown(key, old)} → {_shown(key, new)}" for key, (old, new) in fields.items()]
    return f"~ {_THINGS[what]} {_short(name)}: {'; '.join(told)}"


def left_alone(what: str, name: str) -> str:
    """Say that the file does not name a thing, which stays."""
    return f"= {_THINGS[what]} {_short(name)}: w pliku tego nie ma, zostaje bez zmian"


def _shown(key: str, value: object) -> str:
    if key == "ladder" and isinstance(value, tuple):
        return f"„{', '.join(_lead(minutes) for minutes in value)}”"
    return f"„{_short(_plain(value))}”"


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "tak" if value else "nie"
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(_plain(getattr(entry, "name", entry)) for entry in value)
        case _:
            return str(value)


def _lead(minutes: int) -> str:
    for size, unit in ((24 * 60, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"

"""How something is said: asked, told or ordered. What somebody tells is never answered as if it had been asked."""

import re
from collections.abc import Sequence

_OWN_WORDS = re.compile(r":(?!\d)|\s[-–—]\s|,?\s(?<=,\s)(?:że|ze|iż|iz|that)\s|\s(?:że|iż)\s")
_REASON = re.compile(r",\s+(?:bo|ponieważ|poniewaz|gdyż|gdyz|because|since|as)\s[^.?!]*", re.IGNORECASE)
_ASKING = frozenset(
    [
        "co",
        "czego",
        "czym",
        "czemu",
        "czy",
        "jak",
        "jaka",
        "jaki",
        "jakie",
        "jakich",
        "jakiego",
        "jakiej",
        "jaka",
        "kiedy",
        "kto",
        "kogo",
        "komu",
        "kim",
        "gdzie",
        "dokad",
        "skad",
        "ile",
        "ilu",
        "ktora",
        "ktore",
        "ktory",
        "ktorzy",
        "ktorych",
        "ktorego",
        "ktorej",
        "ktorym",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "how",
        "does",
        "did",
        "can",
        "could",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "will",
        "may",
        "please",
        "prosze",
        "prosimy",
        "poprosze",
        "poprosimy",
        "macie",
        "moglby",
        "moglaby",
        "interesuje",
        "szukam",
        "szukamy",
        "ciekawi",
    ]
)
_VERB = re.compile(
    r"\w{2,}[aeiyuo]c|\w+(?:uj|aj|ij|yj)(?:cie|my)?|\w+(?:uje|uja|ujemy|ujecie|ujesz)|\w{2,}[aeiy]my|\w+[aeiy](?:sz|cie)|"
    r"\w+[aiye]l(?:em|am|ismy|ysmy|iscie|yscie|o|y|i|a)?|\w+l(?:ismy|ysmy|iscie|yscie)|jest|sa|bedzie|beda|ma|mamy|"
    r"maja|nie_ma"
)
_ORDER = re.compile(r"\w+(?:uj|aj|ij|yj)(?:cie|my)?")
_NO_VERB = frozenset(
    [
        "pomoc",
        "miesiac",
        "tysiac",
        "zyc",
        "kraj",
        "kraju",
        "zwyczaj",
        "rodzaj",
        "tramwaj",
        "urodzaj",
        "systemy",
        "problemy",
        "tematy",
        "zespoly",
        "zycie",
        "powiecie",
        "miescie",
        "swiecie",
        "kobiecie",
        "kwiecie",
        "budzecie",
        "projekcie",
        "obiekcie",
        "kontekscie",
        "temacie",
        "protokole",
        "skali",
        "skala",
        "sali",
        "sala",
        "chwila",
        "chwili",
        "szkoly",
        "szkoli",
        "szpital",
        "szpitali",
        "portal",
        "portali",
        "kanal",
        "kanaly",
        "kanalu",
        "profil",
        "profile",
        "artykuly",
        "detali",
        "material",
        "materialy",
        "regula",
        "reguly",
        "styl",
        "przyklady",
        "lokali",
        "kapital",
        "kapitaly",
        "potencjal",
        "potencjaly",
        "sygnaly",
        "wykresy",
        "miedzynarodowy",
        "zespol",
        "zespoli",
        "email",
        "mail",
        "maila",
        "maili",
        "maile",
        "cali",
        "dali",
        "biali",
        "osiedli",
        "modele",
        "modeli",
        "hotel",
        "hotele",
        "hoteli",
        "cele",
        "celi",
        "skutecznosc",
        "dlugosc",
        "moc",
        "noc",
        "prac",
        "rzeczy",
        "zmiennosc",
        "panel",
        "panele",
        "paneli",
        "model",
        "cel",
    ]
)


def main_clause(text: str) -> str:
    """Tell what stands before a colon, a dash or „że”, after which somebody's own words begin; no reasons („bo …”)."""
    without = _REASON.sub(" ", text)
    found = _OWN_WORDS.search(without)
    return without[: found.start()] if found else without


def is_verb(word: str) -> bool:
    """Tell whether a folded word looks like a Polish verb that says what is, was, or shall be done."""
    return word not in _NO_VERB and bool(_VERB.fullmatch(word))


def is_told(text: str, words: Sequence[str]) -> bool:
    """Tell whether something is told rather than asked: it has a verb, no question mark and no word that asks."""
    if "?" in text or _ASKING & set(words):
        return False
    return any(is_verb(word) and not _ORDER.fullmatch(word) for word in words)

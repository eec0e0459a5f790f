"""What the hub keeps of a person, by category, and what the law lets it do with each (RODO, regulation 2016/679).

A *hold* says that a category must be kept although a person asks for its erasure (art. 17 ust. 3): coordinators set it
together with the inspector (IOD), with the reason and the last day. What is held is moved where nothing works with it
(art. 18 and motyw 67) and goes when the hold ends.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pim_bot.errors import Refused
from pim_bot.programme.words import clean_line

NOTICE_VERSION = "2026-11"
"""Grows when the notice (``blocks.privacy.notice``) comes to mean something else: then it is shown again."""

LONGEST_REASON = 500
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom people turn to about their data (RODO art. 13 ust. 1 lit. a i b); what is not told is empty."""

    administrator: str = ""
    iod: str = ""


class Category(StrEnum):
    """Kinds of data about a person; the fewest with which a hold can say what must be kept."""

    PERSON = "person"
    ROLES = "roles"
    CHAT = "chat"
    ATTENDANCE = "attendance"
    ASSIGNMENTS = "assignments"
    CONTRIBUTIONS = "contributions"
    SESSIONS = "sessions"
    MESSAGES = "messages"
    TEXTS = "texts"
    RECORD = "record"


NAMES = {
    Category.PERSON: "osoba: imię i nazwisko, adres e-mail, język, strefa czasowa",
    Category.ROLES: "role w programie, także opieka nad siecią",
    Category.CHAT: "konto w komunikatorze i to, co z niego wynika",
    Category.ATTENDANCE: "zgłoszenia i listy osób na wydarzeniach",
    Category.ASSIGNMENTS: "przypisania eksperckie",
    Category.CONTRIBUTIONS: "wkład do MID i PU",
    Category.SESSIONS: "sesje doradztwa: kto, kiedy i co ustalono",
    Category.MESSAGES: "treść wiadomości wysłanych do tej osoby",
    Category.TEXTS: "wzmianki w opisach wydarzeń, w pliku programu i w innych tekstach",
    Category.RECORD: "dziennik zdarzeń i audyt, pod pseudonimem",
}

HOLDABLE = (
    Category.PERSON,
    Category.ROLES,
    Category.ATTENDANCE,
    Category.ASSIGNMENTS,
    Category.CONTRIBUTIONS,
    Category.SESSIONS,
    Category.MESSAGES,
)
"""What a hold can name. The record is kept anyway, and is about nobody once the person's data is gone."""

ALWAYS_KEPT = (
    "Pod pseudonimem, bez nazwiska, adresu i konta: liczby zgłoszeń i dni wsparcia, dziennik zdarzeń i audyt. "
    "Bez nich nie dałoby się rozliczyć programu (art. 17 ust. 3 lit. b i e, art. 5 ust. 2 RODO)."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A category that must be kept: why, and until its last day; ``until`` None is until it is lifted."""

    category: Category
    reason: str
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on that day."""
        return self.until is None or day <= self.until

    def sentence(self) -> str:
        """Say what is kept, why and until when."""
        until = f"do {self.until:%d.%m.%Y}" if self.until else "do odwołania"
        return f"{NAMES[self.category]}: {self.reason} ({until})"


NOT_IN_THE_BACKUP = "zatrzymanie nowsze niż przywrócona kopia, która nie zna jego powodu"
"""The reason of a hold that only the file of erasures knows of: whoever set it can give the reason again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureNote:
    """What is noted of an erasure outside the database: whose, when, and what of theirs is held; None is not told."""

    member_id: str
    at: str = ""
    held: tuple[Hold, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How much is kept of a person beside who they are: counts, and when the notice was shown first."""

    assignments: int
    invitations: int
    messages: int
    texts: int
    reminders: int
    notice_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What an erasure did: how many rows of each category it took away, what it kept, what has to be shown anew."""

    member_id: str
    counts: dict[Category, int] = field(default_factory=dict)
    kept: tuple[Hold, ...] = ()
    activities: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def hold_on(category: str, reason: str, until: date, *, today: date) -> Hold:
    """Make a hold of what was typed. Raises ``Refused`` that says what is wrong."""
    held = category_named(category)
    said = clean_line(reason)
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise Refused(
            "Prosimy podać powód zatrzymania danych: podstawę prawną i cel, od {least} do {most} znaków.",
            least=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    if until < today:
        raise Refused("Dzień, do którego dane mają zostać, już minął. Prosimy podać późniejszy.")
    return Hold(category=held, reason=said, until=until)


def category_named(word: str) -> Category:
    """Find a category that can be held. Raises ``Refused`` that lists them."""
    found = next((one for one in HOLDABLE if one.value == word.strip().lower()), None)
    if found is None:
        raise Refused(
            "Nie ma takiej kategorii danych: {category}. Zatrzymać można: {known}.",
            category=word,
            known=", ".join(HOLDABLE),
        )
    return found

"""What is written on paper about a person's data: the reply to a request for erasure, and the readable export.

The reply is in Polish with English below, since nothing may be kept any more of which language the person speaks.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pim_bot.programme.privacy import ALWAYS_KEPT, NAMES, Category, Erased, Hold

NOT_TOLD = "(kontakt poda koordynacja programu)"
NOT_TOLD_EN = "(ask the coordination of the programme)"
NAMES_EN = {
    Category.PERSON: "person: name, e-mail, language, time zone",
    Category.ROLES: "roles in the programme, guardianship of a network included",
    Category.CHAT: "chat account and what follows from it",
    Category.ATTENDANCE: "answers to invitations and lists of participants",
    Category.ASSIGNMENTS: "experts' assignments",
    Category.CONTRIBUTIONS: "contributions to MIDs and PUs",
    Category.MESSAGES: "contents of messages sent to you",
    Category.TEXTS: "mentions in descriptions of activities, programme files and other texts",
    Category.RECORD: "event log and audit, under a pseudonym",
}


REPLY = """{day}

Szanowni Państwo,

zgodnie z Państwa żądaniem (art. 17 RODO) usunęliśmy Państwa dane z pim_bot.

Usunięto:
{gone}

Zostaje:
{kept}

Opinie o wydarzeniach są anonimowe: nie wiadomo, które są Państwa, więc nie da się ich usunąć.
Imię i nazwisko w innym przypadku gramatycznym albo z literówką mogło zostać w opisach;
prosimy o znak, jeśli Państwo takie znajdą.
Wiadomości, które już są w Slacku, przechowuje Slack na polecenie właściciela przestrzeni roboczej.
Bot poprawia tam ogłoszenia z listą osób; o usunięcie pozostałych wiadomości i konta prosimy wystąpić
do tego właściciela.
Kopie zapasowe sprzed usunięcia wygasają w swoim terminie; po odtworzeniu którejkolwiek dane są
usuwane ponownie. Zapamiętaliśmy skrót (hash) adresu e-mail i nazwiska tylko po to, by plik programu
nie przywrócił Państwa danych.

Inspektor ochrony danych: {iod}
Mają Państwo prawo do skargi do Prezesa Urzędu Ochrony Danych Osobowych (PUODO, ul. Stawki 2,
00-193 Warszawa, uodo.gov.pl) oraz do sądu.

---

As you asked (GDPR art. 17), we have erased your data from pim_bot.

Erased:
{gone_en}

Kept:
{kept_en}

Feedback is anonymous: nobody knows which is yours. A misspelt or inflected name may remain in
descriptions; please tell us if you find one. What is in Slack already is kept by Slack for the owner of
the workspace. Older backups expire in their time, and after a restore the data is erased again. A hash of
your e-mail and name is kept only so that no programme file brings you back.

Data protection officer: {iod_en}
You may complain to the President of the Personal Data Protection Office (Prezes UODO, ul. Stawki 2,
00-193 Warszawa, uodo.gov.pl) and go to court.
"""
ASIDE = "Te dane są odłożone: nikt ich nie widzi i nic z nich nie wynika."
NOTHING = "w bazie nie było już Państwa danych"
NOTHING_EN = "nothing of yours was left in the database"
ALWAYS_KEPT_EN = (
    "under a pseudonym, without name, address or account: counts of answers and days of support, the event log and the "
    "audit, without which the programme could not be accounted for (art. 17(3)(b) and (e), art. 5(2))."
)


def reply(erased: Erased, *, iod: str, day: date) -> str:
    """Write the reply to a person whose data was erased: what went, what stays, why, until when, and their rights."""
    gone = [(category, count) for category, count in erased.counts.items() if category is not Category.RECORD]
    holds = sorted(erased.kept, key=lambda hold: hold.category)
    return REPLY.format(
        day=f"{day:%d.%m.%Y}",
        gone=_list([_to_you(f"{NAMES[category]} (zapisów: {count})") for category, count in gone] or [NOTHING]),
        kept=_list([*(_to_you(f"{hold.sentence()}. {ASIDE}") for hold in holds), ALWAYS_KEPT]),
        gone_en=_list([f"{NAMES_EN[category]} (records: {count})" for category, count in gone] or [NOTHING_EN]),
        kept_en=_list([*(_held_en(hold) for hold in holds), ALWAYS_KEPT_EN]),
        iod=iod or NOT_TOLD,
        iod_en=iod or NOT_TOLD_EN,
    )


def _to_you(line: str) -> str:
    """Speak to the person: the names of categories speak about one."""
    return line.replace("do tej osoby", "do Państwa")


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"  – {line}" for line in lines)


def _held_en(hold: Hold) -> str:
    until = f"until {hold.until:%d.%m.%Y}" if hold.until else "until it is lifted"
    return f"{NAMES_EN[hold.category]}, {until}: {hold.reason}. Put aside: nobody sees it and nothing is done with it."


LABELS = {
    "id": "identyfikator",
    "name": "imię i nazwisko",
    "email": "adres e-mail",
    "language": "język",
    "zone": "strefa czasowa",
    "told_language": "język według pliku programu",
    "told_zone": "strefa według pliku programu",
    "looked_up_at": "sprawdzono w komunikatorze",
    "restricted_at": "ograniczono używanie",
    "revision": "wersja",
    "member_id": "identyfikator osoby",
    "role": "rola",
    "replaces": "zastępuje przypisanie",
    "opens": "wiadomości od godziny",
    "closes": "wiadomości do godziny",
    "ladder": "przypomnienia, minut wcześniej",
    "digest_day": "dzień przeglądu (0: poniedziałek)",
    "digest_at": "godzina przeglądu",
    "muted": "bez wiadomości o",
    "away_since": "nieobecność od",
    "away_until": "nieobecność do",
    "deputy": "zastępstwo",
    "offer": "w czym mogę pomóc",
    "shares": "zgoda na przekazanie kontaktu po warsztatach",
    "edition": "edycja",
    "network": "sieć",
    "told_network": "sieć według pliku programu",
    "city": "miasto",
    "institution": "instytucja",
    "side": "strona",
    "contact": "osoba do kontaktu",
    "since": "od",
    "until": "do",
    "person": "osoba",
    "sources": "źródła",
    "certainty": "pewność",
    "note": "uwaga",
    "team_id": "przestrzeń robocza",
    "user_id": "identyfikator w komunikatorze",
    "visitor": "pseudonim",
    "state": "stan",
    "locale": "ustawienia językowe",
    "seen_at": "pierwszy kontakt",
    "version": "wersja",
    "shown_at": "pokazano",
    "purpose": "cel",
    "facts": "szczegóły",
    "made_at": "utworzono",
    "ends_at": "koniec",
    "spent_at": "wykorzystano",
    "free_at": "wolne od",
    "closed_until": "wstrzymane do",
    "key": "klucz",
    "kind": "rodzaj",
    "recipient_id": "odbiorca",
    "subject": "dotyczy",
    "occurrence": "który raz",
    "operation": "sposób",
    "target_id": "zmieniana wiadomość",
    "not_before": "nie wcześniej niż",
    "held_why": "dlaczego czekała",
    "order_key": "kolejka",
    "line": "miejsce w kolejce",
    "attempts": "próby",
    "try_at": "następna próba",
    "started_at": "rozpoczęto",
    "lease_until": "zajęte do",
    "lease_token": "zajęte przez",
    "rendering": "treść",
    "conversation": "rozmowa",
    "ts": "znacznik wiadomości",
    "sent_at": "wysłano",
    "error": "błąd",
    "late_why": "powód opóźnienia",
    "posts": "wysłano razy",
    "sweep_at": "sprawdzenie dubli",
    "sweeps": "sprawdzeń",
    "medium": "medium",
    "address": "adres",
    "problem": "przeszkoda",
    "due_at": "termin",
    "nominal_at": "termin właściwy",
    "why": "powód",
    "batch": "razem z",
    "activity_id": "wydarzenie",
    "invitee": "kogo zaproszono",
    "answer": "odpowiedź",
    "people": "zgłoszone osoby",
    "answered_by": "kto odpowiada",
    "answered_at": "kiedy",
    "held_from": "odbyło się od",
    "held_until": "odbyło się do",
    "came": "kto przyszedł",
    "outcome": "co z tego wynikło",
    "reported_by": "kto pisze relację",
    "reported_at": "kiedy napisano relację",
    "scores": "oceny",
    "comment": "komentarz",
    "marked_by": "kto zaznacza",
    "brought_at": "kiedy wysłano",
    "plan": "co zmieniłaby lista",
    "new": "nowe osoby",
    "changed": "zmienione osoby",
    "same": "osoby bez zmian",
    "forgotten": "osoby pominięte",
    "file_id": "plik w komunikatorze",
    "next_at": "kiedy spróbować ponownie",
    "tries": "próby",
    "marked_at": "kiedy zaznaczono",
    "waiting_since": "na liście rezerwowej od",
    "title": "tytuł",
    "starts_at": "początek",
    "all_day": "całodniowe",
    "answer_by": "zgłoszenia do",
    "place": "miejsce",
    "country": "kraj",
    "form": "forma",
    "theme": "zagadnienie przekrojowe",
    "agenda": "program",
    "description": "opis",
    "link": "link",
    "provisional": "termin wstępny",
    "uid": "identyfikator w kalendarzu",
    "status": "stan",
    "sequence": "kolejna zmiana",
    "changed_at": "zmieniono",
    "scheduled_by": "kto planuje",
    "moved_from": "poprzedni termin",
    "reason": "powód",
    "capacity": "liczba miejsc",
    "places_per_team": "miejsc na zespół",
    "networks": "sieci",
    "cities": "miasta",
    "days": "dni",
    "assigned_by": "kto przypisuje",
    "type": "co się stało",
    "at": "kiedy",
    "actor": "kto",
    "body": "treść",
    "door": "którędy",
    "action": "działanie",
    "before": "skrót przed",
    "after": "skrót po",
    "category": "kategoria",
    "rows": "dane",
    "asked_by": "na czyje polecenie",
    "kept": "zatrzymano",
    "counts": "usunięto",
    "slug": "nazwa techniczna",
    "told": "co mówi plik programu",
    "document": "dokument",
    "part": "część dokumentu",
    "text": "treść",
    "justification": "uzasadnienie",
    "addressee": "adresat",
    "bodies": "instytucje",
    "topics": "tematy",
    "circle": "kto może czytać",
    "source": "skąd",
    "source_key": "źródło",
    "source_link": "link do źródła",
    "consent": "zgoda na szersze grono",
    "consent_from": "czyja zgoda",
    "author": "kto jest autorem lub autorką",
    "logged_by": "kto dodaje",
    "logged_at": "dodano",
    "decided_by": "kto decyduje",
    "decided_at": "kiedy zdecydowano",
    "newer_text": "treść po zmianie",
    "source_gone_at": "źródło usunięto",
    "session_id": "sesja",
    "asked_at": "kiedy pytano",
    "question": "pytanie",
    "offers": "proponowane terminy",
    "day": "dzień",
    "minutes": "minuty",
    "topic": "temat",
    "position": "kolejność",
    "agreed": "ustalenia",
    "next_step": "dalsze kroki",
    "owner": "kto się tym zajmie",
    "due": "do kiedy",
    "notes": "notatki",
    "sections": "części MID",
    "correction": "poprawka miasta",
    "corrected_by": "kto poprawia",
    "corrected_at": "poprawiono",
    "number": "numer",
    "sort": "temat czy pytanie",
    "proposed_by": "kto zgłasza",
    "merged_into": "połączony z tematem",
    "opened_by": "kto otwiera",
    "opened_at": "otwarto",
    "audience": "do kogo",
    "sent_by": "kto wysyła",
    "bulletin_id": "ogłoszenie",
    "read_at": "przeczytano",
    "added_by": "kto dodaje",
    "added_at": "dodano",
    "channel_id": "kanał",
}
"""What the columns are called in an export."""


def readable_export(name: str, found: Iterable[tuple[str, Sequence[Mapping[str, Any]]]], *, iod: str, day: date) -> str:
    """Write everything that is kept of a person so that it can be read (RODO art. 15)."""
    lines = [
        f"Dane osobowe w pim_bot: {name}",
        f"Stan na {day:%d.%m.%Y}. Inspektor ochrony danych: {iod or NOT_TOLD}.",
        "Opinie o wydarzeniach są anonimowe, więc ich tu nie ma. Co ma Slack, wie właściciel przestrzeni roboczej.",
    ]
    for heading, rows in found:
        lines += ["", f"== {heading} ({len(rows)})"]
        for row in rows:
            told = [f"{LABELS.get(column, column)}: {value}" for column, value in row.items() if not _empty(value)]
            lines.append("  * " + "; ".join(told))
    return "\n".join(lines) + "\n"


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})

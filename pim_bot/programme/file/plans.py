"""What changes often in a programme file: activities, and people with their roles."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pim_bot.clock import DoubledHour, SkippedHour, instant_of
from pim_bot.programme.edition import Person, PersonRole, ProgrammeActivity, Scope
from pim_bot.programme.file import values
from pim_bot.programme.file.record import Record
from pim_bot.programme.file.things import Reading, period, slug_of
from pim_bot.programme.keys import role_key
from pim_bot.programme.periods import Seen, in_order

FORMS = ("on_site", "online", "hybrid")
LANGUAGES = ("pl", "en")
ALL = "all"
_NEEDS = {
    "coordinator": (),
    "guardian": ("network", "institution"),
    "expert": (),
    "official": ("city",),
    "ministry": ("institution",),
}
_ROLE_FIELDS = ("role", "network", "city", "institution", "contact", "since", "until")


@dataclass(frozen=True)
class _When:
    first_day: date | None
    last_day: date | None
    starts: time | None
    ends: time | None
    zone: str


def activity(record: Record, reading: Reading, zone: str) -> ProgrammeActivity:
    """Read an activity; ``zone`` is the edition's, which holds unless the activity has its own."""
    kind = record.read("kind", reading.known.reference("kinds"), "", required=True)
    when = _when(record, zone)
    return ProgrammeActivity(
        slug=slug_of(record, reading, "activities"),
        kind=kind,
        title=record.text("title", required=True),
        networks=_networks(record, reading, kind),
        first_day=when.first_day,
        last_day=when.last_day,
        starts=when.starts,
        ends=when.ends,
        zone=when.zone,
        answer_by=_answer_by(record, when),
        place=record.text("place"),
        country=record.read("country", values.country, "PL"),
        hosts=_hosts(record, reading, kind),
        form=record.read("form", values.one_of(*FORMS), "on_site"),
        theme=record.read("theme", reading.known.reference("themes"), ""),
        description=record.text("description", limit=values.TEXT, lines=True),
        **reading.told(record),
    )


def _networks(record: Record, reading: Reading, kind: str) -> tuple[str, ...]:
    reference = reading.known.reference("networks")
    told = record.every("networks", lambda text: ALL if text == ALL else reference(text))
    if not record.has("networks") and reading.scopes.get(kind) is not Scope.ALL_NETWORKS:
        record.problem("networks", "Brakuje pola „networks”. Prosimy podać sieci albo „all” (wszystkie).")
    if ALL in told or not record.has("networks"):
        return reading.known.all("networks")
    return tuple(sorted(set(told)))


def _hosts(record: Record, reading: Reading, kind: str) -> tuple[str, ...]:
    if reading.scopes.get(kind) in {Scope.ONE_CITY, Scope.LOCAL} and not record.has("hosts"):
        record.problem("hosts", "Ten rodzaj działania dotyczy jednego miasta. Prosimy podać je w polu „hosts”.")
    return tuple(sorted(set(record.every("hosts", reading.known.reference("cities")))))


def _when(record: Record, zone: str) -> _When:
    first_day = record.read("first_day", values.day, None)
    last_day = record.read("last_day", values.day, first_day)
    starts = record.read("starts", values.clock_time, None)
    own_zone = record.read("zone", values.zone, zone)
    when = _When(first_day, last_day, starts, record.read("ends", values.clock_time, None), own_zone)
    _refuse_disorder(record, when)
    for key, day, clock in (("starts", first_day, starts), ("ends", last_day, when.ends)):
        if day and clock:
            _refuse_change_of_clocks(record, key, datetime.combine(day, clock), when.zone)
    return when


def _refuse_disorder(record: Record, when: _When) -> None:
    first, last = when.first_day, when.last_day
    for key in ("last_day", "starts", "ends"):
        if first is None and record.has(key) and not record.has("first_day"):
            record.problem(key, "Bez pierwszego dnia nie ma terminu. Prosimy dopisać „first_day” albo usunąć to pole.")
    if first and last and last < first:
        record.problem("last_day", f"Koniec {last} jest przed początkiem {first}. Prosimy poprawić jedną z dat.")
    if record.has("ends") and not record.has("starts"):
        record.problem("ends", "Jest godzina końca bez godziny początku. Prosimy dopisać „starts”.")
    if when.starts and when.ends and first == last and when.ends <= when.starts:
        text = f"Koniec o {when.ends:%H:%M} nie następuje po początku o {when.starts:%H:%M}."
        record.problem("ends", f"{text} Prosimy poprawić jedną z godzin.")


def _refuse_change_of_clocks(record: Record, key: str, wall: datetime, zone: str) -> None:
    try:
        instant_of(wall, ZoneInfo(zone))
    except SkippedHour:
        record.problem(key, "Tej godziny w tym dniu nie ma (zmiana czasu na letni). Prosimy podać inną.")
    except DoubledHour:
        record.problem(key, "Ta godzina wypada w tym dniu dwa razy (zmiana czasu na zimowy). Prosimy podać inną.")


def _answer_by(record: Record, when: _When) -> date | None:
    answer_by = record.read("answer_by", values.day, None)
    if answer_by and when.first_day and answer_by > when.first_day:
        text = f"Termin odpowiedzi {answer_by} jest po pierwszym dniu {when.first_day}. Prosimy poprawić jedną z dat."
        record.problem("answer_by", text)
    return answer_by


def person(record: Record, reading: Reading) -> Person:
    """Read a person; a person of one role may have its fields beside the name."""
    email = record.read("email", values.email, "", required=True)
    reading.known.add("people", email, record, "email")
    return Person(
        email=email,
        name=record.text("name", required=True),
        roles=_roles(record, reading),
        language=record.read("language", values.one_of(*LANGUAGES), ""),
        zone=record.read("zone", values.zone, ""),
    )


def _roles(record: Record, reading: Reading) -> tuple[PersonRole, ...]:
    beside = [key for key in _ROLE_FIELDS if record.has(key)]
    if record.has("roles") and beside:
        record.problem(beside[0], "Role są już w polu „roles”. Prosimy przenieść tam także to pole.")
    if not record.has("roles"):
        return (_role(record, reading),)
    seen = Seen(role_key)

    def build(entry: Record) -> PersonRole:
        found = _role(entry, reading)
        if seen.repeats(found):
            entry.problem("role", "Ta osoba ma już taką rolę na te dni. Prosimy zostawić jeden wpis.")
        return found

    return in_order(record.each("roles", build), role_key)


def _role(record: Record, reading: Reading) -> PersonRole:
    role = record.read("role", values.one_of(*_NEEDS), "", required=True)
    for key in _NEEDS.get(role, ()):
        if not record.has(key):
            record.problem(key, f"Rola „{role}” wymaga pola „{key}”. Prosimy je dopisać.")
    if role == "expert" and not record.has("network") and not record.has("city"):
        record.problem("role", "Rola „expert” wymaga pola „network” albo „city”. Prosimy dopisać jedno z nich.")
    since, until = period(record)
    found = PersonRole(
        role=role,
        network=record.read("network", reading.known.reference("networks"), ""),
        city=record.read("city", reading.known.reference("cities"), ""),
        institution=record.read("institution", reading.known.reference("institutions"), ""),
        contact=record.read("contact", values.flag, blank=False),
        since=since,
        until=until,
    )
    if found.role == "official" and found.contact:
        _refuse_second_contact(record, found, reading)
    return found


def _refuse_second_contact(record: Record, role: PersonRole, reading: Reading) -> None:
    if reading.contacts.repeats(role):
        text = f"„{role.city}” ma już osobę kontaktową na te dni."
        record.problem("contact", f"{text} Prosimy zostawić jedną; za obowiązki odpowiada jedna osoba.")

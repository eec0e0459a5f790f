"""The lasting things of an edition as its file tells them: institutions, cities, networks, kinds, documents, goals."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from pim_bot.programme.edition import (
    ActivityKind,
    Certainty,
    City,
    CityKind,
    DatedName,
    DocumentPart,
    Goal,
    Guardianship,
    Institution,
    Membership,
    Milestone,
    Network,
    PersonRole,
    Recommendation,
    Scope,
)
from pim_bot.programme.file import values
from pim_bot.programme.file.known import Known
from pim_bot.programme.file.record import Record
from pim_bot.programme.keys import contact_key, guardianship_key, membership_key
from pim_bot.programme.periods import Seen, in_order

SIDES = ("mfipr", "ministry", "world_bank", "other")
INVITED = ("cities", "world_bank", "ministries")
MEMBER_ROLES = ("member", "partner", "leader")
MID_SECTION, PU_CATEGORY = "mid_sections", "pu_categories"
_DOCUMENTS = {MID_SECTION: "MID", PU_CATEGORY: "PU"}
USUAL_LADDER = (7 * 24 * 60, 24 * 60)
CHANNEL = 80
_EARLIEST = date.min


class Told(TypedDict):
    """The fields that every fact has."""

    sources: tuple[str, ...]
    certainty: Certainty
    note: str


@dataclass
class Reading:
    """What reading one file needs to remember on its way through it."""

    known: Known
    sources: dict[str, str] = field(default_factory=dict)
    cities: dict[str, City] = field(default_factory=dict)
    contacts: Seen[PersonRole] = field(default_factory=lambda: Seen(contact_key))
    scopes: dict[str, Scope] = field(default_factory=dict)

    def told(self, record: Record) -> Told:
        """Read where a fact comes from and how sure it is."""
        return {
            "sources": record.every("source", values.source(self.sources)),
            "certainty": record.read("certainty", values.member_of(Certainty), Certainty.CERTAIN),
            "note": record.text("note", limit=values.TEXT),
        }


def slug_of(record: Record, reading: Reading, field_name: str) -> str:
    """Read the slug of a thing, which no other thing of its field may have."""
    slug = record.read("slug", values.slug, "", required=True)
    reading.known.add(field_name, slug, record)
    return slug


def period(record: Record) -> tuple[date | None, date | None]:
    """Read ``since`` and ``until``."""
    since = record.read("since", values.day, None)
    until = record.read("until", values.day, None)
    if since and until and until < since:
        record.problem("until", f"Koniec {until} jest przed początkiem {since}. Prosimy poprawić jedną z dat.")
    return since, until


def institution(record: Record, reading: Reading) -> Institution:
    """Read a body; it has one ``name``, or ``names`` that it bore one after another."""
    slug = slug_of(record, reading, "institutions")
    names = record.each("names", _dated_name)
    if not names:
        abbreviation = record.text("abbreviation")
        names = (DatedName(name=record.text("name", required=True), abbreviation=abbreviation),)
    return Institution(
        slug=slug,
        names=names,
        name_en=record.text("name_en"),
        side=record.read("side", values.one_of(*SIDES), "other"),
        **reading.told(record),
    )


def _dated_name(record: Record) -> DatedName:
    name, abbreviation = record.text("name", required=True), record.text("abbreviation")
    since, until = period(record)
    return DatedName(name=name, abbreviation=abbreviation, since=since, until=until)


def city(record: Record, reading: Reading) -> City:
    """Read a participant."""
    found = City(
        slug=slug_of(record, reading, "cities"),
        name=record.text("name", required=True),
        kind=record.read("kind", values.member_of(CityKind), CityKind.CITY),
        genitive=record.text("genitive"),
        locative=record.text("locative"),
        also=record.every("also", values.text_up_to(values.NAME)),
        **reading.told(record),
    )
    reading.cities[found.slug] = found
    return found


def network(record: Record, reading: Reading) -> Network:
    """Read a network with its memberships and guardians."""
    return Network(
        slug=slug_of(record, reading, "networks"),
        name=record.text("name", required=True),
        name_en=record.text("name_en"),
        also=record.every("also", values.text_up_to(values.NAME)),
        type=record.text("type"),
        topics=record.every("topics", values.text_up_to(values.TEXT)),
        channel=record.text("channel", limit=CHANNEL),
        memberships=memberships(record, reading),
        guardianships=guardianships(record, reading),
        **reading.told(record),
    )


def memberships(record: Record, reading: Reading) -> tuple[Membership, ...]:
    """Read the cities of a network, each by its slug alone or with dates and a role."""
    seen = Seen(membership_key)

    def build(entry: Record) -> Membership:
        found = _membership(entry, reading)
        if seen.repeats(found):
            entry.problem("city", f"Miasto „{found.city}” ma już w tej sieci wpis na te dni. Prosimy zostawić jeden.")
        return found

    return in_order(record.each("cities", build, short="city"), membership_key)


def _membership(record: Record, reading: Reading) -> Membership:
    slug = record.read("city", reading.known.reference("cities"), "", required=True)
    since, until = period(record)
    told = reading.told(record)
    if slug in reading.cities and not record.has("source") and not record.has("certainty"):
        told["sources"], told["certainty"] = reading.cities[slug].sources, reading.cities[slug].certainty
    return Membership(
        city=slug,
        role=record.read("role", values.one_of(*MEMBER_ROLES), "member"),
        mid=record.text("mid", limit=values.TEXT),
        since=since,
        until=until,
        **told,
    )


def guardianships(record: Record, reading: Reading) -> tuple[Guardianship, ...]:
    """Read the institutions that look after a network."""
    seen = Seen(guardianship_key)

    def build(entry: Record) -> Guardianship:
        slug = entry.read("institution", reading.known.reference("institutions"), "", required=True)
        since, until = period(entry)
        found = Guardianship(institution=slug, since=since, until=until, **reading.told(entry))
        if seen.repeats(found):
            entry.problem("institution", f"„{slug}” ma już w tej sieci wpis na te dni. Prosimy zostawić jeden.")
        return found

    return in_order(record.each("guardians", build, short="institution"), guardianship_key)


def activity_kind(record: Record, reading: Reading) -> ActivityKind:
    """Read a kind of activity with its ladder of reminders."""
    invites = record.every("invites", values.one_of(*INVITED))
    ladder = record.every("ladder", values.lead)
    scope = record.read("scope", values.member_of(Scope), Scope.NETWORK)
    slug = slug_of(record, reading, "kinds")
    reading.scopes[slug] = scope
    return ActivityKind(
        slug=slug,
        name=record.text("name", required=True),
        name_en=record.text("name_en"),
        scope=scope,
        invites=invites or INVITED,
        ladder=tuple(sorted(set(ladder), reverse=True)) if record.has("ladder") else USUAL_LADDER,
        all_day=record.read("all_day", values.flag, blank=False),
        **reading.told(record),
    )


def document_parts(record: Record, reading: Reading, field_name: str) -> tuple[DocumentPart, ...]:
    """Read the sections of a MID or the categories of a PU, in their order."""
    places = iter(range(1, 10_000))

    def build(entry: Record) -> DocumentPart:
        return DocumentPart(
            document=_DOCUMENTS[field_name],
            slug=slug_of(entry, reading, field_name),
            name=entry.text("name", required=True),
            group=entry.text("group"),
            position=next(places),
            **reading.told(entry),
        )

    return record.each(field_name, build)


def recommendation(record: Record, reading: Reading) -> Recommendation:
    """Read a recommendation of a finished PU."""
    return Recommendation(
        slug=slug_of(record, reading, "recommendations"),
        network=record.read("network", reading.known.reference("networks"), "", required=True),
        part=record.read("category", reading.known.reference(PU_CATEGORY), "", required=True),
        text=record.text("text", limit=values.TEXT, required=True),
        text_en=record.text("text_en", limit=values.TEXT),
        addressee=record.text("addressee"),
        **reading.told(record),
    )


def milestone(record: Record, reading: Reading) -> Milestone:
    """Read a day or a month on which something of note happened."""
    day, precision = record.read("day", values.day_or_month, (_EARLIEST, "day"), required=True)
    return Milestone(
        slug=slug_of(record, reading, "milestones"),
        day=day,
        precision=precision,
        text=record.text("text", limit=values.TEXT, required=True),
        **reading.told(record),
    )


def goal(record: Record, reading: Reading) -> Goal:
    """Read a goal of the programme."""
    number = record.read("number", values.number(0, 99), 0, required=True)
    reading.known.add("goals", str(number), record, "number")
    return Goal(number=number, text=record.text("text", limit=values.TEXT, required=True), **reading.told(record))

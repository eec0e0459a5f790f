"""A programme file as a whole: an edition, or the supplement of one that is already present."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pim_bot.programme.edition import DocumentPart, Edition, Network
from pim_bot.programme.file import plans, things, values
from pim_bot.programme.file.known import Known
from pim_bot.programme.file.problems import Problems
from pim_bot.programme.file.record import Record
from pim_bot.programme.file.supplement import supplemented
from pim_bot.programme.file.things import MID_SECTION, PU_CATEGORY, Reading
from pim_bot.programme.file.tree import root_of

T = TypeVar("T")
ZONE = "Europe/Warsaw"
MOMENTS = 2


@dataclass(frozen=True)
class ProgrammeFile:
    """A file whose YAML is in order. ``slug`` is the edition that it tells, or that it supplements."""

    name: str
    text: bytes
    slug: str
    supplements: bool

    def edition(self, present: Edition | None = None) -> Edition:
        """Read the edition that the file wants.

        A supplement is added to ``present``, the edition as it is now; a whole file does not look at it. Raises
        ``BrokenProgrammeFile`` with every problem of the file.
        """
        problems = Problems(self.name)
        record = Record(root_of(self.text, problems), "", problems)
        if not self.supplements:
            found = _whole(record)
        elif present is not None and present.slug == self.slug:
            found = supplemented(present, _supplement(record, present))
        else:
            problems.stop(
                1, f"Plik uzupełnia edycję „{self.slug}”, której jeszcze nie ma. Prosimy wczytać ją najpierw."
            )
        problems.refuse_if_any()
        return found


def opened(text: bytes, *, name: str) -> ProgrammeFile:
    """Look which edition a file speaks of, so that a supplement's edition can be fetched before it is read."""
    problems = Problems(name)
    record = Record(root_of(text, problems), "", problems)
    supplements = record.has("supplements")
    slug = record.read("supplements" if supplements else "slug", values.slug, "", required=True)
    if supplements:
        problems.refuse_if_any()
    return ProgrammeFile(name=name, text=text, slug=slug, supplements=supplements)


def read_edition(text: bytes, *, name: str, present: Edition | None = None) -> Edition:
    """Read the edition that a programme file wants; a supplement needs the edition that is ``present``."""
    return opened(text, name=name).edition(present)


def _whole(record: Record) -> Edition:
    reading = Reading(Known(), sources=record.table("sources", values.source({}), ""))
    slug = record.read("slug", values.slug, "", required=True)
    zone = record.read("zone", values.zone, ZONE)
    first_day, last_day = _days(record)
    edition = Edition(
        slug=slug,
        name=record.text("name", required=True),
        name_en=record.text("name_en"),
        short=record.text("short", limit=20),
        first_day=first_day,
        last_day=last_day,
        zone=zone,
        hours_per_day=record.read("hours_per_day", values.number(1, 24), 8),
        channel=record.text("channel", limit=things.CHANNEL),
        contribution_reaction=record.read("contribution_reaction", values.emoji, ""),
        themes=_themes(record, reading),
        values_days=_values_days(record),
        named_feedback=record.read("named_feedback", values.flag, blank=False),
        goals=_sorted(record.each("goals", lambda entry: things.goal(entry, reading)), "number"),
        institutions=_sorted(record.each("institutions", lambda entry: things.institution(entry, reading))),
        cities=_sorted(record.each("cities", lambda entry: things.city(entry, reading))),
        networks=_sorted(record.each("networks", lambda entry: things.network(entry, reading))),
        kinds=_sorted(record.each("kinds", lambda entry: things.activity_kind(entry, reading))),
        parts=_parts(record, reading),
        recommendations=_sorted(record.each("recommendations", lambda entry: things.recommendation(entry, reading))),
        milestones=_sorted(record.each("milestones", lambda entry: things.milestone(entry, reading))),
        activities=_sorted(record.each("activities", lambda entry: plans.activity(entry, reading, zone))),
        people=_sorted(record.each("people", lambda entry: plans.person(entry, reading)), "email"),
        **reading.told(record),
    )
    record.refuse_unknown()
    return edition


def _supplement(record: Record, present: Edition) -> Edition:
    reading = Reading(Known(present), sources=record.table("sources", values.source({}), ""))
    reading.scopes = {kind.slug: kind.scope for kind in present.kinds}
    record.has("supplements")
    edition = Edition(
        slug=present.slug,
        name=present.name,
        channel=record.text("channel", limit=things.CHANNEL),
        networks=_sorted(record.each("networks", lambda entry: _supplemented_network(entry, reading))),
        activities=_sorted(record.each("activities", lambda entry: plans.activity(entry, reading, present.zone))),
        people=_sorted(record.each("people", lambda entry: plans.person(entry, reading)), "email"),
    )
    record.refuse_unknown()
    return edition


def _supplemented_network(record: Record, reading: Reading) -> Network:
    slug = record.read("slug", reading.known.reference("networks"), "", required=True)
    reading.known.add("networks", slug, record)
    return Network(
        slug=slug,
        name=slug,
        channel=record.text("channel", limit=things.CHANNEL),
        guardianships=things.guardianships(record, reading),
    )


def _days(record: Record) -> tuple[date | None, date | None]:
    first, last = record.read("first_day", values.day, None), record.read("last_day", values.day, None)
    if first and last and last < first:
        record.problem("last_day", f"Koniec {last} jest przed początkiem {first}. Prosimy poprawić jedną z dat.")
    return first, last


def _values_days(record: Record) -> tuple[date, ...]:
    days = tuple(record.every("values_days", values.day))
    if days and (len(days) != MOMENTS or days[0] >= days[-1]):
        text = "O pięć wartości pytamy dwa razy: w połowie i na koniec. Prosimy podać dwie daty, wcześniejszą najpierw."
        record.problem("values_days", text)
    return days


def _themes(record: Record, reading: Reading) -> tuple[str, ...]:
    themes = record.every("themes", values.text_up_to(values.NAME))
    for theme in themes:
        reading.known.add("themes", theme, record, "themes")
    return themes


def _parts(record: Record, reading: Reading) -> tuple[DocumentPart, ...]:
    return tuple(part for field in (MID_SECTION, PU_CATEGORY) for part in things.document_parts(record, reading, field))


def _sorted(found: tuple[T, ...], key: str = "slug") -> tuple[T, ...]:
    return tuple(sorted(found, key=lambda thing: getattr(thing, key)))

"""Reporting on an activity that is over: whoever plans it does, or the team of a city that hosts it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from pim_bot.errors import NotFound, Refused, StaleForm
from pim_bot.events.catalogue import ActivityReported
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.hosting import hosted_place_of
from pim_bot.programme.marking import others_of, roster_of
from pim_bot.programme.materials import LONGEST_LINK, LONGEST_TITLE, add_material
from pim_bot.programme.people import Actor, team_of
from pim_bot.programme.permissions import Action, require_at
from pim_bot.programme.report import ActivityReport, ReportDraft
from pim_bot.programme.scheduling import is_web_address
from pim_bot.programme.words import clean_line, clean_text

LONGEST_TEXT = 3000
MOST_MATERIALS = 20


async def reportable(work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime) -> Activity:
    """Load an activity on which the actor may report. Raises ``NotFound``, ``NotAllowed``, or ``Refused``."""
    activity = await work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    kind = await work.editions.kind(activity.edition, activity.kind)
    require_at(actor, Action.REPORT_ACTIVITY, hosted_place_of(activity, kind), now=now)
    if activity.status is ActivityStatus.CANCELLED:
        raise Refused("To wydarzenie jest odwołane, więc nie ma z niego relacji.")
    if activity.status is not ActivityStatus.HELD:
        raise Refused("Relację można napisać po zakończeniu wydarzenia.")
    return activity


async def who_came(work: ports.ProgrammeWork, activity: Activity) -> str:
    """Tell who came by what is marked, else who was to come: a line for each team, then the others."""
    names = {city.slug: city.name for city in await work.editions.cities(activity.edition)}
    lines = []
    roster = [one for one in await roster_of(work, activity) if one.came is not False]
    for invitee, people in groupby(roster, key=lambda one: one.invitee):
        team = team_of(invitee)
        named = ", ".join(one.name for one in people)
        lines.append(f"{names.get(team[1], team[1])}: {named}" if team else named)
    return "\n".join([*lines, *await others_of(work, activity)])


async def report_activity(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    draft: ReportDraft,
    *,
    materials: Sequence[str] = (),
    seen: int = 0,
    now: datetime,
) -> ActivityReport:
    """Keep the report, and the materials it brings; the same again changes nothing.

    ``seen`` is the revision that the form was filled from. A line of ``materials`` ends with an address. Raises as
    ``reportable``, ``Refused`` with fields, and ``StaleForm`` when somebody else has reported meanwhile.
    """
    await work.hold(f"report:{activity_id}")
    activity = await reportable(work, actor, activity_id, now=now)
    brought = [_read_line(line) for line in filter(None, map(clean_line, materials))]
    draft = _checked(draft, activity, brought, now)
    present = await work.reports.get(activity.id)
    if present is not None and replace(present, **asdict(draft)) == present:
        await _bring(work, actor, activity, brought, now)
        return present
    if (present.revision if present else 0) != seen:
        raise StaleForm("Ktoś właśnie zapisał tę relację. Prosimy otworzyć ją ponownie.")
    fresh = ActivityReport(activity_id=activity.id, reported_by=actor.id, reported_at=now, **asdict(draft))
    report = replace(fresh, revision=seen + 1)
    await work.reports.save(report)
    await _bring(work, actor, activity, brought, now)
    work.record(ActivityReported(activity_id=activity.id, revision=report.revision), actor=actor, at=now)
    return report


def _read_line(line: str) -> tuple[str, str]:
    """Read the title and the address of a material; one without a title is called by its address."""
    title, _, link = line.rpartition(" ")
    return (title or link)[:LONGEST_TITLE], link


async def _bring(
    work: ports.ProgrammeWork, actor: Actor, activity: Activity, brought: Sequence[tuple[str, str]], now: datetime
) -> None:
    for title, link in brought:
        await add_material(work, actor, activity.id, title=title, link=link, now=now)


def _checked(draft: ReportDraft, activity: Activity, brought: Sequence[tuple[str, str]], now: datetime) -> ReportDraft:
    clean = replace(draft, outcome=clean_text(draft.outcome), came=clean_text(draft.came))
    problems: dict[str, Refused] = {}
    if clean.held_until < clean.held_from:
        problems["held_until"] = Refused("Koniec jest przed początkiem. Prosimy poprawić jedną z dat.")
    if clean.held_until > now.astimezone(ZoneInfo(activity.zone)).date():
        problems["held_until"] = Refused("Ten dzień jeszcze nie minął. Prosimy podać dzień, w którym było zakończenie.")
    if not clean.outcome:
        problems["outcome"] = Refused("Prosimy napisać choć jedno zdanie.")
    for name in ("outcome", "came"):
        if len(getattr(clean, name)) > LONGEST_TEXT:
            problems[name] = Refused("Tekst może mieć najwyżej {most} znaków.", most=LONGEST_TEXT)
    if any(len(link) > LONGEST_LINK or not is_web_address(link) for _, link in brought):
        problems["materials"] = Refused("Każda linia ma się kończyć adresem, który zaczyna się od https://")
    elif len(brought) > MOST_MATERIALS:
        problems["materials"] = Refused("Linków może być najwyżej {most}.", most=MOST_MATERIALS)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return clean

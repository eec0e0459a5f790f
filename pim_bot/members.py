"""What ``pim-bot member`` does: a person's rights, carried out on the hub's own machine (RODO art. 15-18)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pim_bot.blocks.letter import readable_export, reply
from pim_bot.bootstrap import opened_hub
from pim_bot.errors import Refused, StorageBusy
from pim_bot.notifications.correcting import correct
from pim_bot.notifications.erasing import erase
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.privacy import ALWAYS_KEPT, NAMES, Erased, category_named, hold_on
from pim_bot.settings import Settings
from pim_bot.storage.erasures import note_erasures
from pim_bot.storage.privacy import Found, Person
from pim_bot.storage.scrubbing import scrub

COMMAND_LINE = Actor(door="command-line")


async def export(settings: Settings, who: str, *, as_json: bool) -> str:
    """Write everything that the hub keeps of a person. Raises ``NotFound``."""
    async with opened_hub(settings) as parts:
        require(COMMAND_LINE, Action.EXPORT_MEMBER, now=parts.clock())
        async with parts.storage.reading() as work:
            person = await work.privacy.person(who)
            found = await work.privacy.everything(person)
        day = parts.clock().date()
    if as_json:
        return json.dumps(_as_json(person, found, day), ensure_ascii=False, indent=2)
    told = [(one.heading, one.rows) for one in found]
    return readable_export(person.name or person.id, told, iod=settings.iod_contact, day=day)


def _as_json(person: Person, found: Sequence[Found], day: date) -> dict[str, object]:
    return {
        "member_id": person.id,
        "name": person.name,
        "email": person.email,
        "as_of": day.isoformat(),
        "data": [
            {"category": one.category, "heading": one.heading, "table": one.table, "rows": one.rows} for one in found
        ],
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What an erasure would do, before anybody says yes."""

    member_id: str
    lines: list[str]


async def erasure_plan(settings: Settings, who: str) -> Plan:
    """Tell what would be erased, what must be kept, why and until when. Raises ``NotFound``."""
    async with opened_hub(settings) as parts, parts.storage.what_if() as work:
        person = await work.privacy.person(who)
        tried = await erase(work, COMMAND_LINE, person.id, now=parts.clock())  # and taken back: the counts are true
    return Plan(
        member_id=person.id,
        lines=[
            f"Osoba: {person.name or person.id}{f' <{person.email}>' if person.email else ''}",
            "Do usunięcia:",
            *_counted(tried),
            "Zostaje:",
            *(f"  – {hold.sentence()}" for hold in tried.kept),
            *([] if tried.kept else ["  – nic nie jest zatrzymane (pim-bot member hold)"]),
            f"  – {ALWAYS_KEPT}",
        ],
    )


async def erase_member(settings: Settings, who: str) -> tuple[list[str], str]:
    """Erase a person; returns the lines to print and the reply to the person. Raises ``NotFound``."""
    async with opened_hub(settings) as parts:
        async with parts.storage.work() as work:
            person = await work.privacy.person(who)
            erased = await erase(work, COMMAND_LINE, person.id, now=parts.clock())
            erasures = await work.erasures.all()
        note_erasures(settings.data_dir, erasures)
        try:
            clean = await scrub(parts.storage.engine, person.naming.written() if not erased.kept else [])
        except StorageBusy:
            clean = None
        letter = reply(erased, iod=settings.iod_contact, day=parts.clock().date())
        return _done(erased, clean=clean), letter


def _counted(erased: Erased) -> list[str]:
    return [f"  – {NAMES[category]}: zapisów {count}" for category, count in erased.counts.items()]


def _done(erased: Erased, *, clean: bool | None) -> list[str]:
    lines = [f"Usunięte dane osoby {erased.member_id}:"]
    lines += _counted(erased)
    lines += [f"Zatrzymane: {hold.sentence()}" for hold in erased.kept]
    if erased.told:
        lines.append(
            f"Plik programu wymienia tę osobę w opisach: {', '.join(erased.told)}. Prosimy poprawić także plik."
        )
    if clean is None:
        lines.append(
            "Dane są usunięte z tabel, ale baza była zbyt zajęta, by wyczyścić jej pliki. "
            f"Prosimy powtórzyć w spokojniejszej chwili: pim-bot member erase {erased.member_id}"
        )
    elif not clean:
        lines.append(
            "W pliku bazy nadal są takie same słowa: może mieć je inna osoba o tym samym nazwisku. "
            "Co o niej wiadomo, pokaże: pim-bot member export"
        )
    return lines


async def set_hold(settings: Settings, category: str, *, reason: str, until: date) -> list[str]:
    """Say that a category must be kept. Raises ``Refused`` that says what is wrong."""
    async with opened_hub(settings) as parts:
        now = parts.clock()
        require(COMMAND_LINE, Action.HOLD_DATA, now=now)
        hold = hold_on(category, reason, until, today=now.date())
        async with parts.storage.work() as work:
            await work.hold(f"hold:{hold.category}")
            await work.privacy.keep_hold(hold, by=COMMAND_LINE.id, at=now)
            work.act("HoldSet", f"hold:{hold.category}", actor=COMMAND_LINE, at=now)
            erasures = await work.erasures.all()
        note_erasures(settings.data_dir, erasures)
        return [hold.sentence()]


async def lift_hold(settings: Settings, category: str) -> list[str]:
    """End a hold. Raises ``Refused`` when there is none."""
    async with opened_hub(settings) as parts:
        require(COMMAND_LINE, Action.HOLD_DATA, now=parts.clock())
        held = category_named(category)
        async with parts.storage.work() as work:
            await work.hold(f"hold:{held}")
            if not await work.privacy.lift_hold(held):
                raise Refused("Ta kategoria nie jest zatrzymana: {category}.", category=held.value)
            gone = await work.erasures.drop_held(parts.clock().date())
            work.act("HoldLifted", f"hold:{held}", actor=COMMAND_LINE, at=parts.clock())
            erasures = await work.erasures.all()
        note_erasures(settings.data_dir, erasures)
        await scrub(parts.storage.engine, [])
        return [f"{NAMES[held]}: już nie jest zatrzymane. Usunięte odłożone zapisy: {gone}."]


async def holds(settings: Settings) -> list[dict[str, str]]:
    """Tell what must be kept, why and until when."""
    async with opened_hub(settings) as parts, parts.storage.reading() as work:
        found = await work.privacy.holds()
    return [
        {
            "category": hold.category.value,
            "reason": hold.reason,
            "until": hold.until.isoformat() if hold.until else "",
            "sentence": hold.sentence(),
        }
        for hold in found
    ]


async def correct_member(settings: Settings, who: str, *, name: str, email: str) -> list[str]:
    """Correct a person's name or e-mail. Raises ``NotFound`` and ``Refused``."""
    async with opened_hub(settings) as parts, parts.storage.work() as work:
        await correct(work, COMMAND_LINE, who, name=name, email=email, now=parts.clock())
    return ["Poprawione. Prosimy poprawić to samo w pliku programu, bo następny import wraca do tego, co jest w pliku."]


async def readmit(settings: Settings, email: str) -> list[str]:
    """Let somebody who was erased be imported again, at their wish."""
    async with opened_hub(settings) as parts, parts.storage.work() as work:
        if not await work.forgotten.readmit(email.strip().lower()):
            raise Refused("Tego adresu nie ma wśród osób, których dane usunięto: {email}.", email=email)
        work.act("MemberReadmitted", "forgotten:person", actor=COMMAND_LINE, at=parts.clock())
    return ["Tę osobę znów można wczytać z pliku programu: pim-bot import PLIK"]

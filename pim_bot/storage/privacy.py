"""Everything that the hub keeps of one person: the trails that lead to it through all tables, as rows.

``TRAILS`` names for each table whose row concerns a person how it is found, what it is to people (its category), and
what an erasure does with it. A test seeds a person along every trail and in every tagged column, so that a new column
that is not covered fails it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Table,
    Text,
    and_,
    cast,
    delete,
    false,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.errors import NotFound, Refused
from pim_bot.programme.privacy import Category, Hold, Kept
from pim_bot.storage.mentions import Naming, mentions_of, naming_of
from pim_bot.storage.rows import Row, in_state, insert_new, upsert
from pim_bot.storage.tables.activities import activity, activity_report, attendance, presence
from pim_bot.storage.tables.bulletins import bulletin, bulletin_reader
from pim_bot.storage.tables.contributions import contribution
from pim_bot.storage.tables.dropped import dropped_file, people_list
from pim_bot.storage.tables.edition import guardianship
from pim_bot.storage.tables.feedback import feedback_answer, feedback_mark, named_answer, pooled_answer, pooled_mark
from pim_bot.storage.tables.flow import audit, bucket, due_item, event_log, notification, person_key
from pim_bot.storage.tables.marked import marked_message
from pim_bot.storage.tables.materials import material
from pim_bot.storage.tables.newcomers import introduction
from pim_bot.storage.tables.people import (
    expert_assignment,
    identity,
    member,
    member_role,
    preference,
    recipient,
    visiting_card,
)
from pim_bot.storage.tables.privacy import erasure, held, legal_hold, notice, one_time_token
from pim_bot.storage.tables.sessions import session, session_city, session_expert, session_request
from pim_bot.storage.tables.topics import topic, topic_round


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who somebody is in all tables. ``id`` is pseudonymous: a member's, or a visitor's of whom nothing else is known.

    ``chat`` holds (team id, Slack id), ``recipients`` the ids under which messages are for them.
    """

    id: str
    is_member: bool
    name: str = ""
    email: str = ""
    language: str = "pl"
    erased: bool = False
    chat: tuple[tuple[str, str], ...] = ()
    visitors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """The id under which events and the audit know them."""
        return f"member:{self.id}" if self.is_member else f"visitor:{self.id}"

    @property
    def subjects(self) -> list[str]:
        """What events, messages and the audit may call them."""
        return [self.actor, *(f"visitor:{one}" for one in self.visitors)]

    @property
    def naming(self) -> Naming:
        """The ways in which text may name them."""
        return naming_of(self.name, self.email, (*(user for _, user in self.chat), *self.conversations))


Whose = Callable[[Person], ColumnElement[bool]]
DELETE = "delete"
STAYS = "stays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trail:
    """How rows of one table concern a person; ``erase`` deletes them, lets them stay, or gives the values they get.

    What stays holds pseudonymous ids, kinds, numbers and times only.
    """

    table: Table
    category: Category
    heading: str
    whose: Whose
    erase: str | Mapping[str, Any] = DELETE


HAS_WORDS = and_(notification.c.rendering.is_not(None), cast(notification.c.rendering, Text) != "null")
"""That the words of a message are kept; what is written as None counts as JSON's null."""


def _in_chat(table: Table, user: str = "user_id") -> Whose:
    def whose(person: Person) -> ColumnElement[bool]:
        return or_(false(), *(and_(table.c.team_id == team, table.c[user] == one) for team, one in person.chat))

    return whose


def _of_member(table: Table, name: str = "member_id") -> Whose:
    return lambda person: and_(table.c[name] == person.id, table.c[name] != "")


def _events(person: Person) -> ColumnElement[bool]:
    own = event_log.c.subject.endswith(f"/member:{person.id}", autoescape=True)
    return or_(event_log.c.actor == person.actor, event_log.c.subject.in_(person.subjects), own)


def _attendances(person: Person) -> ColumnElement[bool]:
    return or_(attendance.c.invitee == f"member:{person.id}", attendance.c.answered_by == person.id)


def _contributions(person: Person) -> ColumnElement[bool]:
    return or_(contribution.c.author == person.id, contribution.c.logged_by == person.actor)


def _session_words(person: Person) -> ColumnElement[bool]:
    """Find what was said in a session by whoever advised or corrected: an expert's own words, and a city's."""
    advised = select(session_expert.c.session_id).where(session_expert.c.member_id == person.id)
    return or_(session_city.c.session_id.in_(advised), session_city.c.corrected_by == person.id)


def _buckets(person: Person) -> ColumnElement[bool]:
    theirs = (*person.conversations, *person.recipients)
    return or_(false(), *(bucket.c.name.endswith(one, autoescape=True) for one in theirs))


_UNSENT = ("planned", "sending", "doubtful")

TRAILS: tuple[Trail, ...] = (
    Trail(
        table=member,
        category=Category.PERSON,
        heading="Osoba",
        whose=_of_member(member, "id"),
        erase={"name": "", "email": None, "language": "", "zone": "", "told_language": "", "told_zone": ""},
    ),
    Trail(table=member_role, category=Category.ROLES, heading="Role", whose=_of_member(member_role)),
    Trail(table=preference, category=Category.PERSON, heading="Ustawienia wiadomości", whose=_of_member(preference)),
    Trail(
        table=guardianship,
        category=Category.ROLES,
        heading="Opieka nad siecią",
        whose=lambda person: and_(guardianship.c.person == person.email, guardianship.c.person != ""),
        erase={"person": ""},
    ),
    Trail(table=identity, category=Category.CHAT, heading="Konto w komunikatorze", whose=_in_chat(identity)),
    Trail(table=notice, category=Category.CHAT, heading="Pokazane informacje o danych", whose=_in_chat(notice)),
    Trail(table=one_time_token, category=Category.CHAT, heading="Linki jednorazowe", whose=_of_member(one_time_token)),
    Trail(table=bucket, category=Category.CHAT, heading="Tempo wiadomości", whose=_buckets),
    Trail(
        table=notification,
        category=Category.MESSAGES,
        heading="Wiadomości",
        whose=lambda person: notification.c.recipient_id.in_(person.recipients),
        erase={"facts": {}, "rendering": null(), "conversation": "", "ts": "", "error": "", "sweep_at": None},
    ),
    Trail(
        table=recipient,
        category=Category.CHAT,
        heading="Dokąd idą wiadomości",
        whose=lambda person: recipient.c.id.in_(person.recipients),
        erase={"address": "", "conversation": "", "team_id": "", "problem": ""},
    ),
    Trail(
        table=due_item,
        category=Category.MESSAGES,
        heading="Zaplanowane przypomnienia",
        whose=_of_member(due_item),
        erase=STAYS,
    ),
    Trail(
        table=attendance,
        category=Category.ATTENDANCE,
        heading="Zgłoszenia na wydarzenia",
        whose=_attendances,
        erase=STAYS,
    ),
    Trail(
        table=presence,
        category=Category.ATTENDANCE,
        heading="Obecność na wydarzeniach",
        whose=lambda person: or_(presence.c.invitee == f"member:{person.id}", presence.c.marked_by == person.actor),
        erase=STAYS,
    ),
    Trail(
        table=activity_report,
        category=Category.RECORD,
        heading="Relacje z wydarzeń",
        whose=lambda person: activity_report.c.reported_by == person.actor,
        erase=STAYS,
    ),
    Trail(
        table=feedback_mark,
        category=Category.ATTENDANCE,
        heading="Wydarzenia z oddaną opinią (same opinie są anonimowe)",
        whose=_of_member(feedback_mark),
    ),
    Trail(
        table=pooled_mark,
        category=Category.ATTENDANCE,
        heading="Ankiety z oddaną opinią (same opinie są anonimowe)",
        whose=_of_member(pooled_mark),
    ),
    Trail(
        table=named_answer,
        category=Category.ATTENDANCE,
        heading="Opinie w ankietach imiennych",
        whose=_of_member(named_answer),
    ),
    Trail(
        table=activity,
        category=Category.RECORD,
        heading="Zaplanowane wydarzenia",
        whose=lambda person: activity.c.scheduled_by == person.actor,
        erase=STAYS,
    ),
    Trail(
        table=expert_assignment,
        category=Category.ASSIGNMENTS,
        heading="Przypisania eksperckie",
        whose=lambda person: or_(
            expert_assignment.c.member_id == person.id, expert_assignment.c.assigned_by == person.actor
        ),
        erase=STAYS,
    ),
    Trail(
        table=contribution,
        category=Category.CONTRIBUTIONS,
        heading="Wkład do MID i PU",
        whose=_contributions,
        erase=STAYS,
    ),
    Trail(
        table=session_expert,
        category=Category.SESSIONS,
        heading="Prowadzone sesje doradztwa",
        whose=_of_member(session_expert),
        erase=STAYS,
    ),
    Trail(
        table=session_city,
        category=Category.SESSIONS,
        heading="Ustalenia z sesji doradztwa",
        whose=_session_words,
        erase=STAYS,
    ),
    Trail(
        table=session,
        category=Category.SESSIONS,
        heading="Zapisane sesje doradztwa",
        whose=lambda person: session.c.logged_by == person.actor,
        erase=STAYS,
    ),
    Trail(
        table=session_request,
        category=Category.SESSIONS,
        heading="Prośby o doradztwo",
        whose=lambda person: or_(session_request.c.asked_by == person.id, session_request.c.answered_by == person.id),
        erase=STAYS,
    ),
    Trail(table=visiting_card, category=Category.PERSON, heading="Wizytówka", whose=_of_member(visiting_card)),
    Trail(
        table=introduction,
        category=Category.PERSON,
        heading="Zgłoszenie nowej osoby",
        whose=lambda person: or_(
            introduction.c.visitor.in_([person.id, *person.visitors]), _of_member(introduction)(person)
        ),
    ),
    Trail(
        table=topic_round,
        category=Category.CONTRIBUTIONS,
        heading="Otwarte zbieranie tematów",
        whose=lambda person: topic_round.c.opened_by == person.actor,
        erase=STAYS,
    ),
    Trail(
        table=topic,
        category=Category.CONTRIBUTIONS,
        heading="Zgłoszone tematy",
        whose=_of_member(topic, "proposed_by"),
        erase=STAYS,
    ),
    Trail(
        table=bulletin,
        category=Category.CONTRIBUTIONS,
        heading="Wysłane ogłoszenia",
        whose=_of_member(bulletin, "sent_by"),
        erase=STAYS,
    ),
    Trail(
        table=bulletin_reader,
        category=Category.MESSAGES,
        heading="Przeczytane ogłoszenia",
        whose=_of_member(bulletin_reader),
    ),
    Trail(
        table=material,
        category=Category.CONTRIBUTIONS,
        heading="Dodane materiały",
        whose=_of_member(material, "added_by"),
        erase=STAYS,
    ),
    Trail(
        table=marked_message,
        category=Category.CONTRIBUTIONS,
        heading="Wiadomości oznaczone reakcją",
        whose=_of_member(marked_message),
    ),
    Trail(
        table=dropped_file,
        category=Category.CHAT,
        heading="Pliki wysłane do bota, jeszcze nieprzeczytane",
        whose=_of_member(dropped_file),
    ),
    Trail(
        table=people_list,
        category=Category.CHAT,
        heading="Listy osób wysłane do bota",
        whose=_of_member(people_list),
    ),
    Trail(table=event_log, category=Category.RECORD, heading="Dziennik zdarzeń", whose=_events, erase=STAYS),
    Trail(
        table=audit,
        category=Category.RECORD,
        heading="Audyt",
        whose=lambda person: or_(audit.c.actor == person.actor, audit.c.subject.in_(person.subjects)),
        erase=STAYS,
    ),
    Trail(
        table=person_key,
        category=Category.RECORD,
        heading="Klucz skrótów audytu",
        whose=lambda person: person_key.c.actor.in_(person.subjects),
    ),
    Trail(table=held, category=Category.RECORD, heading="Zatrzymane dane", whose=_of_member(held), erase=STAYS),
    Trail(table=erasure, category=Category.RECORD, heading="Usunięcie danych", whose=_of_member(erasure), erase=STAYS),
)
"""In the order in which an export tells them and an erasure walks them: what refers to a person before the person."""

SECRET = frozenset({person_key.c.value, one_time_token.c.digest})
"""Keys and hashes of the hub: they tell of the person that they are there, and their values open doors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Rows of one table that concern a person, or name them."""

    table: str
    category: Category
    heading: str
    rows: list[dict[str, Any]] = field(default_factory=list)


class PrivacyRows:
    """What is kept of people: finding it, holding it, limiting its use, and the notices that were shown."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def person(self, who: str) -> Person:
        """Find somebody by id, e-mail or Slack id (``U…`` or ``T…/U…``). Raises ``NotFound``, ``Refused`` for two."""
        wanted = who.strip()
        by_key = or_(member.c.id == wanted, func.lower(member.c.email) == wanted.lower())
        row = (await self._connection.execute(select(member).where(by_key))).mappings().first()
        if row is not None:
            return await self._member(row)
        team, _, user = wanted.rpartition("/")
        mine = [identity.c.user_id == user, *([identity.c.team_id == team] if team else [])]
        found = await self._connection.execute(select(identity).where(or_(and_(*mine), identity.c.visitor == wanted)))
        rows = list(found.mappings())
        if not rows:
            raise NotFound(
                "Nie ma takiej osoby: {who}. Można podać identyfikator, adres e-mail albo identyfikator w Slacku (U…).",
                who=wanted,
            )
        if len(rows) > 1:
            raise Refused(
                "Taki identyfikator ma więcej osób. Prosimy podać go z przestrzenią roboczą: {known}.",
                known=", ".join(f"{row['team_id']}/{row['user_id']}" for row in rows),
            )
        if rows[0]["member_id"]:
            return await self.person(rows[0]["member_id"])
        return await self._visitor(rows[0])

    async def _member(self, row: Row) -> Person:
        known = await self._rows(select(identity).where(identity.c.member_id == row["id"]))
        erased = await self._rows(select(erasure).where(erasure.c.member_id == row["id"]))
        person = Person(
            id=row["id"],
            is_member=True,
            name=row["name"],
            email=row["email"] or "",
            language=row["language"] or "pl",
            erased=bool(erased) and not row["email"],
            chat=tuple((one["team_id"], one["user_id"]) for one in known),
            visitors=tuple(one["visitor"] for one in known if one["visitor"]),
        )
        return await self._reached(person, recipient.c.member_id == row["id"])

    async def _visitor(self, row: Row) -> Person:
        told = await self._rows(select(introduction).where(introduction.c.visitor == row["visitor"]))
        person = Person(
            id=row["visitor"] or f"{row['team_id']}/{row['user_id']}",
            is_member=False,
            name=told[0]["name"] if told else "",
            email=told[0]["email"] if told else "",
            language=row["locale"][:2] or "pl",
            chat=((row["team_id"], row["user_id"]),),
            visitors=(row["visitor"],) if row["visitor"] else (),
        )
        return await self._reached(person, false())

    async def _reached(self, person: Person, theirs: ColumnElement[bool]) -> Person:
        """Add how messages reach the person."""
        by_visitor = recipient.c.id.in_([f"slack:visitor:{one}" for one in person.visitors])
        found = await self._rows(
            select(recipient).where(or_(theirs, by_visitor, _in_chat(recipient, "address")(person)))
        )
        recipients = tuple(sorted(one["id"] for one in found))
        sent = await self._connection.execute(
            select(notification.c.conversation).where(notification.c.recipient_id.in_(recipients)).distinct()
        )
        conversations = {one["conversation"] for one in found} | set(sent.scalars())
        changes = {"recipients": recipients, "conversations": tuple(sorted(conversations - {""}))}
        return Person(**{name: getattr(person, name) for name in Person.__dataclass_fields__} | changes)

    async def _rows(self, statement: Select[Any]) -> list[Row]:
        return list((await self._connection.execute(statement)).mappings())

    async def everything(self, person: Person) -> list[Found]:
        """Tell everything that is kept of the person: along the trails, then where text names them."""
        found = [await self._along(trail, person) for trail in TRAILS]
        told = {(one.table, tuple(row.items())) for one in found for row in _hashable(one.rows)}
        mentions: dict[str, list[dict[str, Any]]] = {}
        async for mention in mentions_of(self._connection, person.naming):
            if mention.table in (
                feedback_answer,
                pooled_answer,
            ):  # said to nobody, by somebody who was promised not to be known
                continue
            row = {name: _plain(mention.row[name]) for name in {**mention.key, **{c.name: 0 for c in mention.columns}}}
            whole = _hashable([{name: _plain(value) for name, value in mention.row.items()}])[0]
            if (mention.table.name, tuple(whole.items())) not in told:
                mentions.setdefault(mention.table.name, []).append(row)
        found += [
            Found(table=table, category=Category.TEXTS, heading=f"Wzmianki: {table}", rows=rows)
            for table, rows in mentions.items()
        ]
        return [one for one in found if one.rows]

    async def _along(self, trail: Trail, person: Person) -> Found:
        shown = [column for column in trail.table.columns if column not in SECRET]
        rows = await self._rows(select(*shown).where(trail.whose(person)).order_by(*trail.table.primary_key))
        plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
        return Found(table=trail.table.name, category=trail.category, heading=trail.heading, rows=plain)

    async def kept_of(self, member_id: str) -> Kept:
        """Count what is kept of a member, with few looks at indexes."""
        mine = select(recipient.c.id).where(recipient.c.member_id == member_id)
        sent = notification.c.recipient_id.in_(mine)
        ties = select(identity.c.team_id, identity.c.user_id).where(identity.c.member_id == member_id).subquery()
        shown = (
            select(func.min(notice.c.shown_at))
            .join(ties, and_(ties.c.team_id == notice.c.team_id, ties.c.user_id == notice.c.user_id))
            .scalar_subquery()
        )
        counts = {
            "assignments": _count(expert_assignment, expert_assignment.c.member_id == member_id),
            "invitations": _count(attendance, attendance.c.invitee == f"member:{member_id}"),
            "messages": _count(notification, sent),
            "texts": _count(notification, and_(sent, HAS_WORDS)),
            "reminders": _count(due_item, and_(due_item.c.member_id == member_id, in_state(due_item, "planned"))),
        }
        columns: list[ColumnElement[Any]] = [count.label(name) for name, count in counts.items()]
        statement = select(*columns, shown.label("notice_at"))
        return Kept(**(await self._connection.execute(statement)).mappings().one())

    async def holds(self) -> list[Hold]:
        """Tell which categories must be kept."""
        rows = await self._rows(select(legal_hold).order_by(legal_hold.c.category))
        return [Hold(category=Category(row["category"]), reason=row["reason"], until=row["until"]) for row in rows]

    async def keep_hold(self, hold: Hold, *, by: str, at: datetime) -> None:
        """Set a hold, or change the one of its category."""
        row = {"category": hold.category.value, "reason": hold.reason, "until": hold.until, "set_by": by, "set_at": at}
        await upsert(self._connection, legal_hold, [row])

    async def lift_hold(self, category: Category) -> bool:
        """Take a hold away; tells whether there was one. What it held goes with the next retention."""
        result = await self._connection.execute(delete(legal_hold).where(legal_hold.c.category == category.value))
        return result.rowcount == 1

    async def correct(self, member_id: str, values: Mapping[str, str]) -> None:
        """Change what is kept of a member. Raises ``Refused`` when somebody else has that e-mail."""
        email = values.get("email")
        if email:
            others = select(member.c.id).where(func.lower(member.c.email) == email, member.c.id != member_id)
            if (await self._connection.execute(others)).first() is not None:
                raise Refused("Ten adres e-mail ma już inna osoba programu: {email}.", email=email)
        changed = {"revision": member.c.revision + 1, **values, **({"looked_up_at": None} if email else {})}
        await self._connection.execute(update(member).where(member.c.id == member_id).values(changed))

    async def restrict(self, member_id: str, at: datetime | None) -> None:
        """Keep a member's data and do nothing else with it from now on; None ends that."""
        await self._connection.execute(
            update(member).where(member.c.id == member_id).values(restricted_at=at, revision=member.c.revision + 1)
        )
        unsent = (notification.c.state == "planned", recipient.c.member_id == member_id)
        if at is None:
            return
        theirs = select(recipient.c.id).where(unsent[1])
        await self._connection.execute(
            update(notification)
            .where(unsent[0], notification.c.recipient_id.in_(theirs))
            .values(state="dropped", error="restricted")
        )
        await self._connection.execute(
            update(due_item)
            .where(due_item.c.member_id == member_id, due_item.c.state == "planned")
            .values(state="dropped", why="restricted")
        )

    async def note_notice(self, team_id: str, user_id: str, version: str, *, at: datetime) -> bool:
        """Note that a user of chat is shown a version of the notice; tells whether for the first time."""
        row = {"team_id": team_id, "user_id": user_id, "version": version, "shown_at": at}
        return await insert_new(self._connection, notice, [row]) == 1

    async def knows_notice(self, team_id: str, user_id: str, version: str) -> bool:
        """Tell whether a user of chat was shown this version of the notice."""
        mine = (notice.c.team_id == team_id, notice.c.user_id == user_id, notice.c.version == version)
        return (await self._connection.execute(select(notice.c.version).where(*mine))).first() is not None


def _count(table: Table, which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(which).scalar_subquery()


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _hashable(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: repr(value) for name, value in row.items()} for row in rows]

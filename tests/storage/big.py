"""A programme's history of decades on top of an imported edition: a million rows in each of the tables of the flow.

The rows are made by the database itself, each set by one ``INSERT … SELECT`` from numbers. All of it is over and done
(sent, fell due, heard of) but a few hundred rows: what is open is as little as in an everyday hub.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, UniqueConstraint, create_engine, make_url, text
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from pim_bot.bootstrap import put_together
from pim_bot.events.catalogue import ActivityHeld, ActivityMoved, ActivityScheduled
from pim_bot.routes import REACTIONS
from pim_bot.storage.tables import metadata
from tests.hub import MONDAY_NINE, USERS, import_text, settings_for, shipped
from tests.hub import PEOPLE as PROGRAMME_PEOPLE

NOWHERE = "http://127.0.0.1:9/api/"
"""A chat that nobody is to talk to."""

ROWS = 1_000_000
ACTIVITIES = 20_000
PEOPLE = 25_000
STRANGERS = 10_000
REQUESTS = 200_000
DONE = 20_000
"""How many sessions, contributions, bulletins and the like there have been."""
HAPPENED = 13
"""What happened to an activity: its scheduling (5 reactions), its moves (11 times 4) and its end (1)."""

EDITION = "pim2-2021-2023"
NETWORK = "miasto-zielone"
PAST_EDITIONS = 100
NETWORKS = 8
HELD_LATELY = 1_000
"""Activities of the running edition that are over."""

OF_THE_RUNNING = 500
"""Every so manieth person is of a team of the running edition."""

TO_COME = 20
TEAM_ID = "T1"
CHANNEL = "slack:channel:pim-zielone"
IN_THE_CHANNEL = 10
"""Every tenth message went to one channel."""

NOW = f"{MONDAY_NINE:%Y-%m-%d %H:%M:%S}"


HISTORY = "command-line"
"""Whose acts they all were."""

_MOVED_FROM = '"previous_start": "2011-01-01T10:00:00Z"'
_SAME = {name: name for name in ("subject", "type", "version")}


class Words(ABC):
    """What the engines say differently, as SQL."""

    @abstractmethod
    def instant(self, minutes: str) -> str:
        """Say the instant that is so many minutes from now."""

    @abstractmethod
    def lately(self, minutes: str) -> str:
        """Say the instant of machine time that is so many minutes past."""

    @abstractmethod
    def day(self, days: str) -> str:
        """Say the day that is so many days from today."""

    @abstractmethod
    def json(self, value: str) -> str:
        """Take text for a JSON column."""

    @abstractmethod
    def raw(self, value: str) -> str:
        """Take text for a column of bytes."""


class SQLiteWords(Words):
    """Times are text, as SQLAlchemy writes them."""

    def instant(self, minutes: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{NOW}', ({minutes}) || ' minutes')"

    def lately(self, minutes: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', 'now', (-{minutes}) || ' minutes')"

    def day(self, days: str) -> str:
        return f"date('{NOW}', ({days}) || ' days')"

    def json(self, value: str) -> str:
        return value

    def raw(self, value: str) -> str:
        return f"CAST({value} AS BLOB)"


class PostgresWords(Words):
    """Times are times."""

    def instant(self, minutes: str) -> str:
        return f"TIMESTAMPTZ '{NOW}+00' + ({minutes}) * INTERVAL '1 minute'"

    def lately(self, minutes: str) -> str:
        return f"now() - {minutes} * INTERVAL '1 minute'"

    def day(self, days: str) -> str:
        return f"DATE '{NOW}' + ({days})"

    def json(self, value: str) -> str:
        return f"CAST({value} AS JSON)"

    def raw(self, value: str) -> str:
        return f"CAST({value} AS BYTEA)"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: how many numbers ``n`` they are made from, and their columns as SQL."""

    table: str
    count: int
    columns: dict[str, str]
    beside: str = ""
    """What the numbers are joined with, and under which condition."""

    def statement(self) -> str:
        return _insert_into(self.table, self.columns, f"FROM numbers {self.beside}", numbers=self.count)


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Rows of one table that are made from those of another."""

    table: str
    columns: dict[str, str]
    source: str

    def statement(self) -> str:
        return _insert_into(self.table, self.columns, self.source)


def _insert_into(table: str, columns: dict[str, str], source: str, *, numbers: int = 0) -> str:
    counted = f"SELECT n + 1 FROM numbers WHERE n < {numbers}"  # noqa: S608 - a number of this file
    made = f"WITH RECURSIVE numbers(n) AS (VALUES (1) UNION ALL {counted})"
    with_numbers = made if numbers else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) {with_numbers} SELECT {', '.join(columns.values())} {source}"


def history(words: Words) -> list[Rows | RowsOf]:
    """Everything that has been."""
    return [
        *_editions(words),
        *_people(words),
        *_activities(words),
        *_done_in_chat(words),
        *_flow(words),
        *_messages(words),
    ]


def _ident(kind: str, number: str) -> str:
    """An id that is new, and sorts by its number."""
    return f"'{kind}-' || ({10_000_000} + {number})"


def _edition(number: str) -> str:
    """The edition of an activity: the running one for the last of them, else one of the past."""
    return f"CASE WHEN {number} > {ACTIVITIES - HELD_LATELY} THEN '{EDITION}' ELSE 'dawna-' || ({_past(number)}) END"


def _past(number: str) -> str:
    return f"100 + {number} % {PAST_EDITIONS}"


def _network(number: str) -> str:
    past = f"'siec-' || ({_past(number)}) || '-' || ({number} % {NETWORKS})"
    return f"CASE WHEN {number} > {ACTIVITIES - HELD_LATELY} THEN '{NETWORK}' ELSE {past} END"


def _ago(number: str) -> str:
    """How many minutes ago an activity began; one follows the other, the running edition's are the last."""
    return f"-5000 - 240 * ({ACTIVITIES} - {number})"


def _editions(words: Words) -> list[Rows | RowsOf]:
    edition = f"'dawna-' || (100 + n % {PAST_EDITIONS})"
    network = f"'siec-' || (100 + n % {PAST_EDITIONS}) || '-' || (n / {PAST_EDITIONS} % {NETWORKS})"
    years = f"(n % {PAST_EDITIONS} - {PAST_EDITIONS} - 4) * 365"
    return [
        Rows(
            "edition",
            PAST_EDITIONS,
            {
                "slug": edition,
                "name": "'Dawna edycja'",
                "first_day": words.day(years),
                "last_day": words.day(f"{years} + 364"),
            },
        ),
        Rows(
            "network",
            PAST_EDITIONS * NETWORKS,
            {"edition": edition, "slug": network, "name": "'Dawna sieć ' || n"},
        ),
        Rows(
            "membership",
            PAST_EDITIONS * NETWORKS * 10,
            {
                "id": _ident("membership", "n"),
                "edition": edition,
                "network": network,
                "city": f"'miasto-' || (n / {PAST_EDITIONS * NETWORKS})",
            },
        ),
    ]


def _people(words: Words) -> list[Rows | RowsOf]:
    member = _ident("member", "n")
    places = "SELECT network, city, row_number() OVER (ORDER BY network, city) AS place"
    teams = f"{places} FROM membership WHERE edition = '{EDITION}'"
    role = {"id": _ident("role", "n"), "member_id": member, "role": "'official'"}
    return [
        Rows(
            "member",
            PEOPLE,
            {
                "id": member,
                "name": "'Osoba ' || n",
                "email": "'osoba-' || n || '@example.org'",
                "language": "'pl'",
                "zone": "'Europe/Warsaw'",
                "looked_up_at": words.instant("-n"),
            },
        ),
        Rows(
            "member_role",
            PEOPLE,
            role
            | {
                "edition": f"'dawna-' || (100 + n % {PAST_EDITIONS})",
                "network": f"'siec-' || (100 + n % {PAST_EDITIONS}) || '-' || (n % {NETWORKS})",
                "city": "'miasto-' || (n % 10)",
            },
            f"WHERE n % {OF_THE_RUNNING} <> 0",
        ),
        Rows(
            "member_role",
            PEOPLE,
            role | {"edition": f"'{EDITION}'", "network": "network", "city": "city"},
            f"JOIN ({teams}) AS team ON place = 1 + n / {OF_THE_RUNNING} % 30 WHERE n % {OF_THE_RUNNING} = 0",
        ),
        Rows("person_key", PEOPLE, {"actor": f"'member:' || {member}", "value": words.raw("'key' || n")}),
        Rows(
            "identity",
            PEOPLE + STRANGERS,
            {
                "team_id": f"'{TEAM_ID}'",
                "user_id": "'U' || n",
                "visitor": "'v' || n",
                "member_id": f"CASE WHEN n <= {PEOPLE} THEN {member} END",
                "state": f"CASE WHEN n <= {PEOPLE} THEN 'matched' ELSE 'stranger' END",
                "seen_at": words.instant("-n"),
            },
        ),
        Rows(
            "recipient",
            PEOPLE,
            {
                "id": f"'slack:member:' || {member}",
                "kind": "'member'",
                "member_id": member,
                "team_id": f"'{TEAM_ID}'",
                "address": "'U' || n",
                "conversation": "'D' || n",
            },
        ),
        Rows(
            "recipient",
            STRANGERS,
            {
                "id": f"'slack:visitor:v' || (n + {PEOPLE})",
                "kind": "'stranger'",
                "team_id": f"'{TEAM_ID}'",
                "address": f"'U' || (n + {PEOPLE})",
                "conversation": f"'D' || (n + {PEOPLE})",
            },
        ),
        Rows(
            "bucket",
            PEOPLE,
            {"name": f"'line/slack:member:' || {member}", "free_at": words.instant("-n")},
        ),
        Rows(
            "expert_assignment",
            PEOPLE // 4,
            {
                "id": _ident("assignment", "n"),
                "edition": f"'dawna-' || (100 + n % {PAST_EDITIONS})",
                "member_id": member,
                "network": f"'siec-' || (100 + n % {PAST_EDITIONS}) || '-' || (n % {NETWORKS})",
                "since": words.day("-4000 - n"),
                "until": words.day("-3900 - n"),
                "status": "'accepted'",
            },
        ),
    ]


def _activities(words: Words) -> list[Rows | RowsOf]:
    activity, invitation = _ident("activity", "n"), "((n - 1) / 10 + 1)"
    team = f"'team:' || {_network(invitation)} || '/miasto-' || (n % 10)"
    of_invitation = _ident("activity", invitation)
    return [
        Rows(
            "activity",
            ACTIVITIES,
            {
                "id": activity,
                "edition": _edition("n"),
                "kind": "'warsztaty-sieci'",
                "title": "'Warsztaty ' || n",
                "starts_at": words.instant(_ago("n")),
                "ends_at": words.instant(f"{_ago('n')} + 120"),
                "zone": "'Europe/Warsaw'",
                "uid": activity,
                "status": "'held'",
                "revision": "14",
                "changed_at": words.instant(f"{_ago('n')} - 9000"),
                "scheduled_by": "'import'",
                "networks": words.json(f"'[\"' || {_network('n')} || '\"]'"),
            },
        ),
        Rows(
            "activity_network",
            ACTIVITIES,
            {
                "activity_id": activity,
                "network": _network("n"),
                "edition": _edition("n"),
                "starts_at": words.instant(_ago("n")),
            },
        ),
        Rows(
            "attendance",
            ACTIVITIES * 10,
            {
                "activity_id": of_invitation,
                "invitee": f"CASE WHEN n % 10 < 6 THEN {team} ELSE 'member:' || {_ident('member', f'1 + n % {PEOPLE}')} END",  # noqa: E501
                "answer": "CASE WHEN n % 3 = 0 THEN 'not_going' ELSE 'going' END",
                "answered_at": words.instant(_ago(invitation)),
                "revision": "1",
            },
        ),
        Rows(
            "feedback_round",
            ACTIVITIES,
            {
                "activity_id": activity,
                "state": "'closed'",
                "opened_at": words.instant(f"{_ago('n')} + 120"),
                "closes_at": words.instant(f"{_ago('n')} + 20000"),
            },
        ),
        Rows(
            "feedback_answer",
            ACTIVITIES * 5,
            {"activity_id": _ident("activity", "((n - 1) / 5 + 1)"), "score": "1 + n % 5"},
        ),
        Rows(
            "feed_item",
            ACTIVITIES,
            {
                "activity_id": activity,
                "uid": activity,
                "first_day": words.day(f"({_ago('n')}) / 1440"),
                "last_day": words.day(f"({_ago('n')}) / 1440"),
                "zone": "'Europe/Warsaw'",
                "body": words.raw("'BEGIN:VEVENT' || n"),
                "revision": "14",
            },
        ),
        Rows(
            "feed",
            PAST_EDITIONS * NETWORKS,
            {
                "edition": f"'dawna-' || (100 + n % {PAST_EDITIONS})",
                "network": f"'siec-' || (100 + n % {PAST_EDITIONS}) || '-' || (n / {PAST_EDITIONS} % {NETWORKS})",
                "version": "600",
                "changed_at": words.instant("-500000"),
            },
        ),
    ]


def _done_in_chat(words: Words) -> list[Rows | RowsOf]:
    """What people did in chat beside answering: of every person, of every activity, and of the past editions."""
    edition, network = f"'dawna-' || ({_past('n')})", f"'siec-' || ({_past('n')}) || '-' || (n % {NETWORKS})"
    place = {"edition": edition, "network": network, "city": "'miasto-' || (n % 10)"}
    somebody = _ident("member", f"(n % {PEOPLE} + 1)")
    then, that_day = words.instant("-5000 - n"), words.day("-1000")
    activities = "FROM activity WHERE id LIKE 'activity-%'"
    held = {"held_from": that_day, "held_until": that_day, "reported_at": "ends_at"}
    return [
        RowsOf(
            "preference",
            {"member_id": "id", "opens": "'08:00'", "closes": "'16:00'", "digest_at": "'08:00'"},
            "FROM member WHERE id LIKE 'member-%'",
        ),
        RowsOf("visiting_card", {"member_id": "id"}, "FROM member WHERE id LIKE 'member-%'"),
        RowsOf("material", {"id": "'material-' || id", "activity_id": "id", "added_at": "ends_at"}, activities),
        RowsOf("activity_report", {"activity_id": "id"} | held, activities),
        RowsOf("topic_round", {"activity_id": "id", "until": "starts_at", "opened_at": "changed_at"}, activities),
        RowsOf("topic", {"activity_id": "id", "number": "1"}, activities),
        RowsOf("presence", {"activity_id": "id", "invitee": "'team:a/b'", "marked_at": "ends_at"}, activities),
        Rows("introduction", DONE, {"visitor": _ident("visitor", "n"), "edition": edition, "asked_at": then}),
        Rows(
            "contribution",
            DONE,
            {"id": _ident("contribution", "n"), "document": "'MID'", "status": "'accepted'", "logged_at": then} | place,
        ),
        Rows(
            "session",
            DONE,
            {"id": _ident("session", "n"), "edition": edition, "day": that_day, "minutes": "60", "logged_at": then},
        ),
        Rows("session_city", DONE, {"session_id": _ident("session", "n"), "city": place["city"]}),
        Rows("session_expert", DONE, {"session_id": _ident("session", "n"), "member_id": somebody}),
        Rows(
            "session_request",
            DONE,
            {"id": _ident("request", "n"), "status": "'arranged'", "asked_at": then} | place,
        ),
        Rows("bulletin", DONE, {"id": _ident("bulletin", "n"), "edition": edition, "sent_at": then}),
        Rows("bulletin_reader", DONE, {"bulletin_id": _ident("bulletin", "n"), "member_id": somebody}),
        Rows(
            "pooled_round",
            DONE,
            {"subject": _ident("advice", "n"), "state": "'closed'", "opened_at": then, "closes_at": then},
        ),
    ]


def _flow(words: Words) -> list[Rows | RowsOf]:
    number, step = f"((n - 1) / {HAPPENED} + 1)", f"((n - 1) % {HAPPENED} + 1)"
    activity = _ident("activity", number)
    kind = f"CASE {step} WHEN 1 THEN 'ActivityScheduled' WHEN {HAPPENED} THEN 'ActivityHeld' ELSE 'ActivityMoved' END"
    body = f"""'{{"activity_id": "' || {activity} || '", "revision": ' || {step} || ', {_MOVED_FROM}}}'"""
    event = {
        "type": kind,
        "version": "1",
        "subject": f"'activity:' || {activity}",
        "at": words.instant(f"{_ago(number)} - 14000 + 1000 * {step}"),
        "actor": f"'{HISTORY}'",
        "body": words.json(body),
    }
    audit = {"at": "at", "actor": "actor", "door": "actor", "action": "type", "subject": "subject"}
    seal = {"position": "id", "audit_id": "id", "digest": "''", "chain": "''", "sealed_at": "at"}
    return [
        Rows("event_log", ACTIVITIES * HAPPENED, event),
        RowsOf("audit", audit, f"FROM event_log WHERE actor = '{HISTORY}'"),
        RowsOf("audit_seal", seal, f"FROM audit WHERE actor = '{HISTORY}'"),
        *[
            RowsOf(
                "event_reaction",
                {"event_id": "id", "reaction": f"'{reaction.name}'", "state": "'done'"} | _SAME,
                f"FROM event_log WHERE actor = '{HISTORY}' AND type = '{happened.type_name()}'",
            )
            for happened in (ActivityScheduled, ActivityMoved, ActivityHeld)
            for reaction in REACTIONS[happened]
        ],
        Rows("handled_request", REQUESTS, {"key": "'event:Ev' || n", "at": words.lately("n / 19.8")}),
    ]


def _messages(words: Words) -> list[Rows | RowsOf]:
    number = f"((n - 1) / {ROWS // ACTIVITIES} + 1)"
    pair = "((n + 1) / 2)"
    member = _ident("member", f"1 + {pair} % {PEOPLE}")
    recipient = f"CASE WHEN {pair} % {IN_THE_CHANNEL} = 0 THEN '{CHANNEL}' ELSE 'slack:member:' || {member} END"
    subject = f"'activity:' || {_ident('activity', number)}"
    sent_at = words.instant(f"{_ago(number)} - 3000 + n % 50 * 60")
    due_at = words.instant(f"{_ago(number)} - 3000 + n % 50 * 50")
    return [
        Rows(
            "notification",
            ROWS,
            {
                "id": _ident("notification", "n"),
                "key": _ident("key", "n"),
                "kind": f"CASE {pair} % 3 WHEN 0 THEN 'invitation' WHEN 1 THEN 'announcement' ELSE 'reminder' END",
                "recipient_id": recipient,
                "subject": subject,
                "occurrence": "'' || n",
                "operation": "CASE n % 2 WHEN 1 THEN 'post' ELSE 'update' END",
                "target_id": f"CASE n % 2 WHEN 0 THEN {_ident('notification', 'n - 1')} END",
                "not_before": sent_at,
                "sent_at": sent_at,
                "started_at": sent_at,
                "attempts": "1",
                "state": "CASE WHEN n % 2000 = 0 THEN 'failed' WHEN n % 50 = 0 THEN 'dropped' ELSE 'sent' END",
                "error": "CASE WHEN n % 2000 = 0 THEN 'refused' ELSE '' END",
                "order_key": recipient,
                "line": "n",
                "ts": "'1.' || n",
            },
        ),
        Rows(
            "due_item",
            ROWS,
            {
                "id": _ident("due", "n"),
                "kind": "CASE n % 2 WHEN 0 THEN 'reminder-answer' ELSE 'reminder-start' END",
                "subject": subject,
                "member_id": _ident("member", f"1 + n % {PEOPLE}"),
                "occurrence": "'' || n",
                "due_at": due_at,
                "nominal_at": due_at,
                "state": "CASE WHEN n % 20 = 0 THEN 'dropped' ELSE 'fell' END",
                "batch": "CASE WHEN n % 20 = 0 THEN '' ELSE 'b' || (n / 40) END",
            },
        ),
    ]


async def prepare(url: str, folder: Path) -> None:
    """Make the tables, import the edition and the people of the tests, and let everybody be known in chat."""
    async with put_together(settings_for(folder, NOWHERE, database_url=url)) as parts:
        await parts.migrate()
        parts.clock.set_to(MONDAY_NINE)
        await import_text(parts, shipped("pim2-2021-2023.yaml"))
        await import_text(parts, PROGRAMME_PEOPLE.encode())
        await parts.bus.run_due()
        users = {email: f"U{name.upper()}" for name, email in USERS.items()}
        async with parts.storage.work() as work:
            for member_id, email in await work.identities.not_looked_up(len(users)):
                await work.identities.looked_up(member_id, at=MONDAY_NINE)
                await work.identities.match(
                    TEAM_ID, users[email], email=email, locale="pl-PL", zone="Europe/Warsaw", at=MONDAY_NINE
                )


_FAST = {
    "sqlite": (
        "PRAGMA journal_mode=OFF",
        "PRAGMA synchronous=OFF",
        "PRAGMA foreign_keys=OFF",
        "PRAGMA cache_size=-400000",
    ),
    "postgresql": (
        "SET session_replication_role = replica",
        "SET maintenance_work_mem = '256MB'",
    ),
}
"""References are right by their making, and a machine that stops in between begins anew."""


def fill(url: str) -> None:
    """Put the history into a database into which the edition was imported, and let the database look at it."""
    engine = create_engine(make_url(url).set(drivername=_DRIVERS[make_url(url).get_backend_name()]))
    words = SQLiteWords() if engine.dialect.name == "sqlite" else PostgresWords()
    with engine.connect() as connection:
        for setting in _FAST[engine.dialect.name]:
            connection.execute(text(setting))
        _insert(connection, history(words))
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()


_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def _insert(connection: Connection, rows: list[Rows | RowsOf]) -> None:
    """Insert everything; indexes are made afterwards, which takes a fraction of the time."""
    for rule in _rules(connection):
        connection.execute(DropConstraint(rule))
    for index in _INDEXES:
        connection.execute(DropIndex(index))
    for one in rows:
        connection.execute(text(one.statement()))
    for rule in _rules(connection):
        connection.execute(AddConstraint(rule))
    for index in _INDEXES:
        connection.execute(CreateIndex(index))


_INDEXES = [index for table in metadata.sorted_tables for index in table.indexes]


def _rules(connection: Connection) -> list[UniqueConstraint]:
    """The rules that can be taken off a table: on SQLite none, they are part of it."""
    rules = [rule for table in metadata.sorted_tables for rule in table.constraints]
    return [rule for rule in rules if isinstance(rule, UniqueConstraint) and connection.dialect.name != "sqlite"]

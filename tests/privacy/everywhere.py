"""A person who is everywhere: one row in every table, made from the tables themselves, that names them where it can.

A column that is newly tagged as personal is named in here by itself; whatever forgets it then fails the tests.
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, Table, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.programme.edition import ProgrammeActivity
from pim_bot.storage.copying import OF_THE_MOMENT
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.base import Instant
from tests.storage.dumps import dump

MEMBER = "0192aaaa0000700080000000000000aa"
NAME = "Żaneta Wszędobylska-Próbna"
EMAIL = "zaneta.wszedobylska@proba.example.org"
TEAM, SLACK, DIRECT = "TLOCAL", "UZANETA99", "DZANETA99"
TRACES = [NAME, EMAIL, SLACK, DIRECT]
EDITION, NETWORK, KIND = "pim2-2021-2023", "miasto-zielone", "warsztaty-sieci"
ACTIVITY, VISITOR = "everywhere-activity", "everywhere-visitor"
BEGAN = datetime(2022, 1, 20, 9, tzinfo=UTC)
SAID = f"Prosimy pytać: {NAME}, {EMAIL}, <@{SLACK}>."

LEFT_OUT = {*(table.name for table in OF_THE_MOMENT), "programme_time", "programme_version", "forgotten_key"}
"""Tables of one row, or of the moment, that concern nobody."""

KNOWN: dict[str, Any] = {
    "member.id": MEMBER,
    "member.name": NAME,
    "member.email": EMAIL,
    "member.language": "pl",
    "member.zone": "Europe/Warsaw",
    "member.restricted_at": None,
    "member_role.role": "official",
    "member_role.city": "zory",
    "expert_assignment.role": f"Ekspertyza: {NAME}",
    "expert_assignment.city": "",
    "expert_assignment.status": "accepted",
    "expert_assignment.since": date(2022, 1, 1),
    "expert_assignment.until": date(2022, 12, 31),
    "introduction.visitor": VISITOR,
    "introduction.status": "confirmed",
    "preference.opens": "08:00",
    "preference.closes": "16:00",
    "preference.digest_at": "08:00",
    "identity.state": "matched",
    "identity.visitor": VISITOR,
    "recipient.id": f"slack:member:{MEMBER}",
    "recipient.kind": "member",
    "recipient.medium": "slack",
    "recipient.address": SLACK,
    "recipient.conversation": DIRECT,
    "recipient.problem": "",
    "guardianship.person": EMAIL,
    "guardianship.institution": "mfipr",
    "guardianship.certainty": "certain",
    "expert_assignment.certainty": "certain",
    "activity.id": ACTIVITY,
    "activity.kind": KIND,
    "activity.networks": [NETWORK],
    "activity.cities": [],
    "activity.form": "on_site",
    "activity.country": "PL",
    "activity.status": "scheduled",
    "activity.scheduled_by": f"member:{MEMBER}",
    "activity.answer_by": None,
    "activity.moved_from": None,
    "attendance.invitee": f"team:{NETWORK}/zory",
    "attendance.answer": "going",
    "attendance.people": [NAME, "Ktoś Inny"],
    "attendance.answered_by": MEMBER,
    "topic_round.opened_by": f"member:{MEMBER}",
    "topic.proposed_by": MEMBER,
    "bulletin.sent_by": MEMBER,
    "material.added_by": MEMBER,
    "feedback_round.state": "open",
    "notification.kind": "reminder",
    "notification.state": "sent",
    "notification.operation": "post",
    "notification.conversation": DIRECT,
    "notification.order_key": f"slack:member:{MEMBER}",
    "notification.target_id": None,
    "notification.sweep_at": None,
    "notification.lease_until": None,
    "notification.try_at": None,
    "due_item.member_id": MEMBER,
    "due_item.kind": "start",
    "due_item.state": "planned",
    "due_item.due_at": BEGAN + timedelta(days=400),
    "event_log.type": "MemberLeft",
    "event_log.version": 99,
    "event_log.subject": f"member:{MEMBER}",
    "event_log.actor": f"member:{MEMBER}",
    "event_log.body": {"member_id": MEMBER},
    "event_reaction.state": "done",
    "audit.actor": f"member:{MEMBER}",
    "audit.subject": f"member:{MEMBER}",
    "person_key.actor": f"member:{MEMBER}",
    "one_time_token.member_id": MEMBER,
    "legal_hold.category": "nothing-of-this-test",
    "held.member_id": "somebody-else",
    "held.rows": {},
    "erasure.member_id": "somebody-else",
    "pause.why": "",
    "bucket.name": f"conversation:{DIRECT}",
    "programme_activity.activity_id": "",
    "programme_activity.told": msgspec.to_builtins(
        ProgrammeActivity(slug="everywhere", kind=KIND, title="Spotkanie", networks=(NETWORK,), description=SAID)
    ),
}
"""What a row must hold so that the hub can live with it; everything else follows from the column."""

OF_AN_EDITION = {"goal", "institution", "membership", "document_part", "recommendation", "milestone"}
SKIPPED = OF_AN_EDITION | {
    "audit_seal",
    "audit_unsealed",
    "legal_hold",
    "pause",
    "forgotten",
    "held",
    "erasure",
    "edition",
    "network",
    "city",
    "activity_kind",
    "feed",
}
"""Tables that the test fills itself, or whose rows the edition of the tests brings: they hold nothing personal."""
THERE = {"edition.slug": EDITION, "network.slug": NETWORK, "city.slug": "zory", "activity_kind.slug": KIND}


def value_for(table: Table, column: Column[Any], made: dict[str, Any]) -> Any:
    """The value of a column in the person's row."""
    name = f"{table.name}.{column.name}"
    if name in KNOWN:
        return KNOWN[name]
    for key in column.foreign_keys:
        return made[f"{key.column.table.name}.{key.column.name}"]
    if column.name in {"team_id", "user_id", "edition", "network"}:
        return {"team_id": TEAM, "user_id": SLACK, "edition": EDITION, "network": NETWORK}[column.name]
    if column.info.get("personal"):
        return _naming(column)
    return _plain(column)


def _naming(column: Column[Any]) -> Any:
    if isinstance(column.type, LargeBinary):
        return json.dumps({"said": SAID, "user": {"id": SLACK}}).encode()
    return [{"said": [SAID]}] if isinstance(column.type, JSON) else SAID


PLAIN: dict[type[Any], Any] = {Date: BEGAN.date(), Boolean: False, LargeBinary: b"bytes", JSON: []}


def _plain(column: Column[Any]) -> Any:
    if isinstance(column.type, Instant):
        return BEGAN + timedelta(hours=6 if column.name == "ends_at" else 0)
    for kind, value in PLAIN.items():
        if isinstance(column.type, kind):
            return value
    if isinstance(column.type, Integer) or "INT" in str(column.type).upper():
        return 987_654 if column.primary_key else 1
    return "Europe/Warsaw" if column.name == "zone" else f"x-{column.table.name}-{column.name}"[:160]


async def be_everywhere(engine: AsyncEngine) -> dict[str, dict[str, Any]]:
    """Write one row of the person into every table; tells them."""
    made: dict[str, Any] = dict(THERE)
    rows: dict[str, dict[str, Any]] = {}
    async with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name in LEFT_OUT | SKIPPED:
                continue
            row = {column.name: value_for(table, column, made) for column in table.columns}
            await connection.execute(insert(table), row)
            rows[table.name] = row
            made |= {f"{table.name}.{name}": value for name, value in row.items()}
    return rows


async def traces_in_rows(engine: AsyncEngine) -> list[str]:
    """Where a dump of all rows still names the person."""
    found = await dump(engine)
    return [
        f"{table}: {trace}"
        for table, rows in found.items()
        for trace in TRACES
        if any(_names(value, trace) for row in rows for value in row)
    ]


def _names(value: Any, trace: str) -> bool:
    if isinstance(value, (bytes, memoryview)):
        return any(form in bytes(value).replace(b"\r\n ", b"") for form in forms_of(trace))
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return any(form.decode() in said for form in forms_of(trace))


def forms_of(trace: str) -> list[bytes]:
    """A trace as it is, as JSON writes it, and as iCalendar does."""
    return [trace.encode(), json.dumps(trace)[1:-1].encode(), trace.replace(",", "\\,").encode()]


def traces_in_files(path: Path) -> list[str]:
    """Where the bytes of an SQLite database and its log still name the person."""
    files = [path, Path(f"{path}-wal"), Path(f"{path}-journal")]
    return [
        f"{file.name}: {trace}"
        for file in files
        if file.exists()
        for trace in TRACES
        if any(form in file.read_bytes() for form in forms_of(trace))
    ]


async def broken_references(engine: AsyncEngine) -> list[Any]:
    """Rows of SQLite that refer to nothing; PostgreSQL takes none."""
    if engine.dialect.name != "sqlite":
        return []
    async with engine.connect() as connection:
        return list(await connection.execute(text("PRAGMA foreign_key_check")))

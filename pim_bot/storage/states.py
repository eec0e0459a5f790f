"""What a subject is at a moment, without anything personal: the text of which the audit's keyed hashes are made."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Integer, Table, Text, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.storage.tables import edition as programme
from pim_bot.storage.tables.activities import activity, activity_report, attendance, presence
from pim_bot.storage.tables.bulletins import bulletin, bulletin_reader
from pim_bot.storage.tables.contributions import contribution
from pim_bot.storage.tables.dropped import people_list
from pim_bot.storage.tables.flow import event_reaction, notification
from pim_bot.storage.tables.materials import material
from pim_bot.storage.tables.newcomers import introduction
from pim_bot.storage.tables.people import expert_assignment, identity, member, member_role, preference, visiting_card
from pim_bot.storage.tables.privacy import legal_hold
from pim_bot.storage.tables.sessions import session, session_city, session_expert, session_request
from pim_bot.storage.tables.topics import topic, topic_round

FACTS = frozenset(table for table in vars(programme).values() if isinstance(table, Table))
"""What a programme file tells: names and texts of these tables are published facts, not somebody's own words."""


class _Part(NamedTuple):
    """Rows that make up a subject: a table, and the columns whose values, joined by „/”, are the subject's id."""

    table: Table
    key: tuple[str, ...]


_PARTS: dict[str, tuple[_Part, ...]] = {
    "activity": (_Part(activity, ("id",)),),
    "report": (_Part(activity_report, ("activity_id",)),),
    "presence": (_Part(presence, ("activity_id",)),),
    "attendance": (_Part(attendance, ("activity_id", "invitee")),),
    "assignment": (_Part(expert_assignment, ("id",)),),
    "contribution": (_Part(contribution, ("id",)),),
    "session": (
        _Part(session, ("id",)),
        _Part(session_city, ("session_id",)),
        _Part(session_expert, ("session_id",)),
    ),
    "session-request": (_Part(session_request, ("id",)),),
    "topics": (_Part(topic_round, ("activity_id",)), _Part(topic, ("activity_id",))),
    "bulletin": (_Part(bulletin, ("id",)), _Part(bulletin_reader, ("bulletin_id",))),
    "people-list": (_Part(people_list, ("id",)),),
    "material": (_Part(material, ("id",)),),
    "member": (
        _Part(member, ("id",)),
        _Part(member_role, ("member_id",)),
        _Part(identity, ("member_id",)),
        _Part(preference, ("member_id",)),
        _Part(visiting_card, ("member_id",)),
    ),
    "team": (_Part(member_role, ("edition", "network", "city")),),
    "visitor": (_Part(identity, ("visitor",)), _Part(introduction, ("visitor",))),
    "notification": (_Part(notification, ("id",)),),
    "hold": (_Part(legal_hold, ("category",)),),
    "reaction": (_Part(event_reaction, ("event_id", "reaction")),),
    "edition": (
        _Part(programme.edition, ("slug",)),
        *(_Part(table, ("edition",)) for table in sorted(FACTS, key=str) if "edition" in table.c),
        _Part(member_role, ("edition",)),
        _Part(activity, ("edition",)),
    ),
}
"""By the kind of the subject. Feedback is not here and never will be: a hash of a score from 1 to 5 is guessed."""


async def states_of(connection: AsyncConnection, subjects: Iterable[str]) -> dict[str, str]:
    """Tell how each subject is, as one canonical text that is the same on every engine.

    "" stands for a subject that is not there, and for one of a kind of which nothing is noted. Personal columns and
    free text are left out.
    """
    ids: dict[str, list[str]] = defaultdict(list)
    for subject in dict.fromkeys(subjects):
        kind, _, subject_id = subject.partition(":")
        ids[kind].append(subject_id)
    states: dict[str, str] = {}
    for kind, wanted in ids.items():
        rows = await _rows(connection, _PARTS.get(kind, ()), wanted)
        states |= {f"{kind}:{one}": _canonical(rows[one]) if rows[one] else "" for one in wanted}
    return states


async def _rows(
    connection: AsyncConnection, parts: Sequence[_Part], wanted: list[str]
) -> dict[str, dict[str, list[str]]]:
    """Read the rows of all parts, by the subject's id and the table."""
    found: dict[str, dict[str, list[str]]] = {one: {} for one in wanted}
    for part in parts:
        columns = [column for column in part.table.columns if _may_be_noted(column)]
        keys = [part.table.c[name].label(f"key_{name}") for name in part.key]
        conditions = [_is(part, one) for one in wanted if one.count("/") >= len(keys) - 1]
        if not conditions:
            continue
        rows = await connection.execute(select(*keys, *columns).where(or_(*conditions)))
        for row in rows:
            subject_id = "/".join(map(str, row[: len(keys)]))
            found[subject_id].setdefault(part.table.name, []).append(_canonical(list(row[len(keys) :])))
    for by_table in found.values():
        for written in by_table.values():
            written.sort()
    return found


def _is(part: _Part, subject_id: str) -> ColumnElement[bool]:
    """Make the condition that a row belongs to the subject of this id."""
    values = subject_id.split("/", len(part.key) - 1)
    pairs = zip((part.table.c[name] for name in part.key), values, strict=True)
    return and_(*(column == (int(value) if isinstance(column.type, Integer) else value) for column, value in pairs))


def _may_be_noted(column: Column[Any]) -> bool:
    """Tell whether a column goes in: nothing that is tagged as personal, and no text of any length but facts."""
    is_free_text = isinstance(column.type, Text) and column.table not in FACTS
    return not column.info.get("personal") and not is_free_text


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a column of {type(value).__name__} cannot be noted")

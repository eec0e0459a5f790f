"""Notifications as the worker and the renderers see them: with the way to their addressee, and where they stand."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.notifications.delivery import Addressee, Notification
from pim_bot.notifications.intent import Kind, Operation
from pim_bot.storage.rows import Row
from pim_bot.storage.tables.flow import notification
from pim_bot.storage.tables.people import member
from pim_bot.storage.tables.people import recipient as recipient_table


async def with_addressees(
    connection: AsyncConnection, chosen: Select[Any], *order: "str | Callable[[FromClause], ColumnElement[int]]"
) -> list[Notification]:
    """Read rows that are chosen, and locked, before anything is joined to them."""
    rows = chosen.subquery("chosen")
    by = [rows.c[one] if isinstance(one, str) else one(rows) for one in order]
    return [_notification(row) for row in (await connection.execute(_joined(rows).order_by(*by, rows.c.id))).mappings()]


def _joined(chosen: Subquery) -> Select[Any]:
    target = notification.alias("target")
    return (
        select(
            chosen,
            recipient_table.c.kind.label("recipient_kind"),
            recipient_table.c.member_id,
            recipient_table.c.team_id,
            recipient_table.c.address,
            recipient_table.c.conversation.label("recipient_conversation"),
            recipient_table.c.language.label("recipient_language"),
            member.c.language.label("member_language"),
            member.c.zone.label("member_zone"),
            member.c.email,
            member.c.restricted_at,
            target.c.conversation.label("target_conversation"),
            target.c.ts.label("target_ts"),
            target.c.state.label("target_state"),
            target.c.occurrence.label("target_occurrence"),
        )
        .join(recipient_table, recipient_table.c.id == chosen.c.recipient_id)
        .outerjoin(member, member.c.id == recipient_table.c.member_id)
        .outerjoin(target, target.c.id == chosen.c.target_id)
    )


def _notification(row: Row) -> Notification:
    return Notification(
        id=row["id"],
        key=row["key"],
        kind=Kind(row["kind"]),
        subject=row["subject"],
        occurrence=row["target_occurrence"] if row["operation"] == Operation.UPDATE else row["occurrence"],
        operation=Operation(row["operation"]),
        facts=row["facts"],
        attempts=row["attempts"],
        rendering=row["rendering"],
        conversation=row["conversation"],
        target_conversation=row["target_conversation"] or "",
        target_ts=row["target_ts"] or "",
        target_state=row["target_state"] or "",
        target_id=row["target_id"] or "",
        started_at=row["started_at"],
        lease_token=row["lease_token"],
        ts=row["ts"],
        late_why=row["late_why"],
        posts=row["posts"],
        sweeps=row["sweeps"],
        addressee=Addressee(
            recipient_id=row["recipient_id"],
            kind=row["recipient_kind"],
            language=row["member_language"] or row["recipient_language"] or "pl",
            zone=row["member_zone"] or "Europe/Warsaw",
            member_id=row["member_id"] or "",
            team_id=row["team_id"],
            address=row["address"],
            email=row["email"] or "",
            is_restricted=row["restricted_at"] is not None,
            conversation=row["recipient_conversation"],
        ),
    )

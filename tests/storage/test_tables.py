"""The tables: equal to the migrations, safe as set up, and with every personal column named as such."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from pim_bot.storage.engine import upgrade
from pim_bot.storage.tables import metadata
from tests.storage.dumps import dump, engine_in, reading, schema

PERSONAL = [
    "activity.agenda",
    "activity.description",
    "activity.link",
    "activity.place",
    "activity.reason",
    "activity.title",
    "activity_report.came",
    "activity_report.outcome",
    "attendance.people",
    "bulletin.link",
    "bulletin.text",
    "bulletin.title",
    "contribution.addressee",
    "contribution.bodies",
    "contribution.consent_from",
    "contribution.justification",
    "contribution.link",
    "contribution.newer_text",
    "contribution.reason",
    "contribution.source_key",
    "contribution.source_link",
    "contribution.text",
    "event_reaction.error",
    "expert_assignment.role",
    "feed_item.body",
    "feedback_answer.comment",
    "guardianship.person",
    "held.rows",
    "identity.user_id",
    "introduction.email",
    "introduction.name",
    "marked_message.source_key",
    "material.link",
    "material.title",
    "member.email",
    "member.name",
    "named_answer.comment",
    "notice.user_id",
    "notification.conversation",
    "notification.facts",
    "notification.rendering",
    "parked_request.body",
    "people_list.plan",
    "pooled_answer.comment",
    "presence.people",
    "programme_activity.told",
    "recipient.address",
    "recipient.conversation",
    "session.topic",
    "session_city.agreed",
    "session_city.correction",
    "session_city.next_step",
    "session_city.notes",
    "session_city.owner",
    "session_request.question",
    "session_request.reason",
    "session_request.topic",
    "topic.text",
    "visiting_card.offer",
]


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "render_as_batch": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    async with engine_in(tmp_path) as engine:
        await upgrade(engine)
        async with reading(engine) as connection:
            assert await connection.run_sync(_differences) == []


def _columns(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    names = [table.name for table in metadata.sorted_tables]
    return {
        name: sorted(tuple(row)[1:] for row in connection.execute(text(f"PRAGMA table_info('{name}')")))
        for name in names
    }


async def test_the_migrations_make_the_very_columns_and_indexes_with_defaults_and_conditions(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    found = []
    async with engine_in(tmp_path) as migrated, engine_in(tmp_path / "made") as made:
        await upgrade(migrated)
        async with made.begin() as connection:
            await connection.run_sync(metadata.create_all)
        for engine in (migrated, made):
            async with reading(engine) as connection:
                columns = await connection.run_sync(_columns)
            indexes = {row[1]: " ".join(row[3].split()) for row in await schema(engine) if row[0] == "index" and row[3]}
            found.append((columns, indexes))
    assert found[0] == found[1]
    assert len(found[0][1]) > 20


async def test_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    async with engine_in(tmp_path) as engine:
        await upgrade(engine)
        before = await schema(engine), await dump(engine)
        await upgrade(engine)
        assert (await schema(engine), await dump(engine)) == before
    assert [len(version) for version in before[1]["alembic_version"]] == [1]


async def test_the_database_is_set_up_to_be_safe_on_every_connection(tmp_path: Path) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    async with engine_in(tmp_path) as engine, reading(engine) as one, reading(engine) as other:
        found = [
            [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]
            for connection in (one, other)
        ]
    assert found == [["wal", 2, 1, 1500]] * 2


async def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    stray = text("INSERT INTO feedback_mark (activity_id, member_id) VALUES ('nowhere', 'nobody')")
    async with engine_in(tmp_path) as engine:
        await upgrade(engine)
        with pytest.raises(IntegrityError):
            async with engine.begin() as connection:
                await connection.execute(stray)


def test_every_personal_column_is_named_as_such() -> None:
    tagged = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("personal")
    ]
    assert sorted(tagged) == PERSONAL

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
from tests.storage.dumps import dump, engine_in, schema

PERSONAL = [
    "activity.agenda",
    "activity.description",
    "activity.link",
    "activity.place",
    "activity.reason",
    "activity.title",
    "attendance.people",
    "event_reaction.error",
    "expert_assignment.role",
    "feed_item.body",
    "feedback_answer.comment",
    "guardianship.person",
    "member.email",
    "member.name",
    "notification.facts",
    "notification.rendering",
    "parked_request.body",
    "programme_activity.told",
    "recipient.address",
]


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "render_as_batch": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    await upgrade(engine)
    async with engine.connect() as connection:
        found = await connection.run_sync(_differences)
    await engine.dispose()
    assert found == []


async def test_the_migrations_make_the_very_indexes_with_their_conditions(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    migrated, made = engine_in(tmp_path), engine_in(tmp_path / "made")
    await upgrade(migrated)
    async with made.begin() as connection:
        await connection.run_sync(metadata.create_all)
    found = [
        {row[1]: " ".join(str(row[3]).split()) for row in await schema(engine) if row[0] == "index" and row[3]}
        for engine in (migrated, made)
    ]
    await migrated.dispose()
    await made.dispose()
    assert found[0] == found[1]
    assert len(found[0]) > 20


async def test_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    await upgrade(engine)
    before = await schema(engine), await dump(engine)
    await upgrade(engine)
    after = await schema(engine), await dump(engine)
    await engine.dispose()
    assert after == before
    assert [len(version) for version in before[1]["alembic_version"]] == [1]


async def test_the_database_is_set_up_to_be_safe_on_every_connection(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    found = []
    async with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found.append([(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names])
    await engine.dispose()
    assert found == [["wal", 2, 1, 1500]] * 2


async def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    await upgrade(engine)
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(
                text("INSERT INTO feedback_mark (activity_id, member_id) VALUES ('nowhere', 'nobody')")
            )
    await engine.dispose()


def test_every_personal_column_is_named_as_such() -> None:
    tagged = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("personal")
    ]
    assert sorted(tagged) == PERSONAL

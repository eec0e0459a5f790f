"""P22: everything about a person is found, and after an erasure nothing of it is left but what must be."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import insert

from pim_bot import members
from pim_bot.blocks import ids
from pim_bot.errors import NotFound, Refused
from pim_bot.notifications.erasing import erase as erase_in
from pim_bot.notifications.erasing import erase_again
from pim_bot.programme.people import Actor
from pim_bot.programme.privacy import ErasureNote
from pim_bot.safekeeping import back_up, restore_backup
from pim_bot.storage import scrubbing
from pim_bot.storage.erasures import FILE, noted_erasures
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.activities import activity, attendance
from pim_bot.storage.tables.edition import programme_activity
from pim_bot.storage.tables.flow import audit, notification, person_key
from pim_bot.storage.tables.people import identity, member, recipient
from pim_bot.storage.tables.privacy import erasure, held
from pim_bot.storage.tables.sessions import session, session_city, session_expert, session_request
from tests.engines import Engines, SQLiteEngines
from tests.hub import RunningHub, import_text, running_hub
from tests.integration.test_walk import schedule
from tests.privacy.everywhere import (
    EMAIL,
    LEFT_OUT,
    MEMBER,
    NAME,
    SKIPPED,
    SLACK,
    TEAM,
    be_everywhere,
    broken_references,
    traces_in_files,
    traces_in_rows,
)
from tests.storage.dumps import dump

LATER = date(2031, 12, 31)


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await be_everywhere(running.parts.storage.engine)
        yield running


async def exported(hub: RunningHub, who: str = MEMBER) -> dict[str, list[dict[str, Any]]]:
    told = json.loads(await members.export(hub.parts.settings, who, as_json=True))
    tables: dict[str, list[dict[str, Any]]] = {}
    for one in told["data"]:
        tables.setdefault(one["table"], []).extend(one["rows"])
    return tables


async def erase(hub: RunningHub, who: str = MEMBER) -> tuple[list[str], str]:
    return await members.erase_member(hub.parts.settings, who)


def tagged() -> dict[str, set[str]]:
    """Tagged columns by table, but those that are nobody's (the bags) or made from others (feeds)."""
    found: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        names = {column.name for column in table.columns if column.info.get("personal")}
        if names and table.name not in {"feedback_answer", "pooled_answer", "feed_item", "held"}:
            found[table.name] = names
    return found


def test_skipped_tables_hold_nothing_personal() -> None:
    tagged = {table.name for table in metadata.sorted_tables for one in table.columns if one.info.get("personal")}
    assert tagged & (SKIPPED | LEFT_OUT) == {"held"}


async def test_an_export_holds_every_tagged_column_of_every_table(hub: RunningHub) -> None:
    told = await exported(hub)
    missing = {
        table: names - {name for row in told.get(table, []) for name in row} for table, names in tagged().items()
    }
    assert {table: names for table, names in missing.items() if names} == {}
    assert {"member_role", "due_item", "event_log", "audit", "person_key", "one_time_token", "bucket"} <= set(told)
    assert (told["member"][0]["name"], told["member"][0]["email"]) == (NAME, EMAIL)


@pytest.mark.parametrize("who", [MEMBER, EMAIL, EMAIL.upper(), SLACK, f"{TEAM}/{SLACK}"])
async def test_a_person_is_found_by_whatever_is_known_of_them(sqlite: SQLiteEngines, who: str) -> None:
    async with running_hub(sqlite, looked_up=True) as hub:
        await be_everywhere(hub.parts.storage.engine)
        text = await members.export(hub.parts.settings, who, as_json=False)
        assert text.startswith(f"Dane osobowe w pim_bot: {NAME}\n")
        assert f"adres e-mail: {EMAIL}" in text
        with pytest.raises(NotFound):
            await members.export(hub.parts.settings, f"{who}x", as_json=False)


async def test_an_export_tells_nothing_of_others(hub: RunningHub) -> None:
    async with hub.parts.storage.reading() as work:
        other = await work.people.by_chat_user(hub.slack.workspace.team_id, "UZORY")
    assert other is not None
    told = await exported(hub, other.id)
    assert NAME not in json.dumps(told, ensure_ascii=False)
    assert told["member"][0]["email"] == "rozwoj@zory.example.org"


async def test_the_plan_counts_what_will_be_erased_and_the_letter_speaks_to_the_person(hub: RunningHub) -> None:
    before = await dump(hub.parts.storage.engine)
    plan = await members.erasure_plan(hub.parts.settings, MEMBER)
    assert await dump(hub.parts.storage.engine) == before
    lines, letter = await erase(hub)
    planned = [line for line in plan.lines if ": zapisów " in line]
    assert planned == [line for line in lines if ": zapisów " in line]
    assert len(planned) >= 5
    assert ("do tej osoby" in letter, "treść wiadomości wysłanych do Państwa" in letter) == (False, True)


async def test_after_an_erasure_a_dump_of_the_database_has_no_trace(hub: RunningHub, engines: Engines) -> None:
    engine = hub.parts.storage.engine
    assert len(await traces_in_rows(engine)) > len(tagged())  # the test sees what it looks for
    counts = {table: len(rows) for table, rows in (await dump(engine)).items()}
    audited = await hub.rows(audit)

    lines, letter = await erase(hub)

    assert await traces_in_rows(engine) == []
    if isinstance(engines, SQLiteEngines):
        assert traces_in_files(engines.file) == []
    assert await broken_references(engine) == []
    assert NAME not in "\n".join([*lines, letter])
    after = await hub.rows(audit)
    assert after[: len(audited)] == audited  # only ever added to
    assert [(row[2], row[4], row[5]) for row in after[len(audited) :]] == [
        ("command-line", "MemberErased", f"member:{MEMBER}")
    ]
    assert f"member:{MEMBER}" not in {actor for (actor,) in await hub.rows(person_key, person_key.c.actor)}
    gone = {
        table: counts[table] - len(rows) for table, rows in (await dump(engine)).items() if len(rows) < counts[table]
    }
    assert gone == dict.fromkeys(
        (
            "bucket",
            "bulletin_reader",
            "dropped_file",
            "feedback_mark",
            "identity",
            "introduction",
            "marked_message",
            "member_role",
            "named_answer",
            "notice",
            "one_time_token",
            "parked_request",
            "people_list",
            "pooled_mark",
            "preference",
            "visiting_card",
        ),
        1,
    )


async def test_counts_and_documents_stay_and_the_hub_goes_on(hub: RunningHub) -> None:
    await erase(hub)
    lists = await hub.rows(attendance, attendance.c.answer, attendance.c.people, attendance.c.answered_by)
    assert ("going", ["(dane usunięte)", "Ktoś Inny"], MEMBER) in lists
    async with hub.parts.storage.reading() as work:
        assert await work.people.get(MEMBER) is None
        counts = await work.erasures.counts_of(MEMBER)
    assert counts is not None
    assert set(counts) >= {"person", "roles", "chat", "attendance", "messages", "texts"}
    await hub.wind(days=8)
    assert any(text.startswith("Przegląd tygodnia") for text in hub.texts("koordynatorka"))
    async with aiohttp.ClientSession() as session:
        address = str(hub.slack.app_url).replace("/slack/events", "/ical/siec/miasto-zielone.ics")
        async with session.get(address) as answer:
            body = await answer.text()
            assert (answer.status, NAME in body, EMAIL in body) == (200, False, False)
    assert [row for row in await hub.rows(notification, notification.c.state, notification.c.recipient_id) if
            row[1] == f"slack:member:{MEMBER}" and row[0] in {"planned", "sending", "doubtful"}] == []  # fmt: skip


PERSON_AGAIN = f"""
supplements: pim2-2021-2023
activities:
  - slug: rozmowa
    kind: warsztaty-sieci
    title: Rozmowa
    networks: [miasto-zielone]
    description: "Prowadzi {NAME}, kontakt: {EMAIL}."
people:
  - name: {NAME}
    email: {EMAIL}
    roles: [{{role: guardian, network: miasto-zielone, institution: mfipr}}]
  - name: Ktoś Nowy
    email: nowy@example.org
    roles: [{{role: official, city: zory}}]
"""


async def test_a_file_that_names_the_person_again_does_not_bring_them_back(hub: RunningHub, engines: Engines) -> None:
    await erase(hub)
    await import_text(hub.parts, PERSON_AGAIN.encode())
    assert await traces_in_rows(hub.parts.storage.engine) == []
    assert ("nowy@example.org",) in await hub.rows(member, member.c.email)
    told = await hub.rows(programme_activity, programme_activity.c.slug, programme_activity.c.told)
    assert dict(told)["rozmowa"]["description"] == "Prowadzi (dane usunięte), kontakt: (dane usunięte)."
    assert await import_text(hub.parts, PERSON_AGAIN.encode()) == 0
    await members.readmit(hub.parts.settings, EMAIL)
    await import_text(hub.parts, PERSON_AGAIN.encode())
    assert (EMAIL,) in await hub.rows(member, member.c.email)
    with pytest.raises(Refused):
        await members.readmit(hub.parts.settings, EMAIL)


async def test_texts_of_a_file_stay_without_the_name_too(hub: RunningHub) -> None:
    await erase(hub)
    async with hub.parts.storage.work() as work:
        said = await work.forgotten.without_them(
            [f"Prowadzi {NAME} ({EMAIL}).", f"z {NAME.upper()}", "Żaneta Inna", "Wszędobylska-Próbna"]
        )
    assert said == [
        "Prowadzi (dane usunięte) ((dane usunięte)).",
        "z (dane usunięte)",
        "Żaneta Inna",
        "Wszędobylska-Próbna",
    ]


async def test_what_is_held_is_put_aside_and_told_and_goes_with_the_hold(hub: RunningHub, engines: Engines) -> None:
    settings = hub.parts.settings
    reason = "rozliczenie projektu, art. 140 rozporządzenia 1303/2013"
    await members.set_hold(settings, "attendance", reason=reason, until=LATER)
    plan = await members.erasure_plan(settings, EMAIL)
    assert plan.member_id == MEMBER
    assert any(reason in line and "31.12.2031" in line for line in plan.lines)
    _, letter = await erase(hub)
    assert letter.count(reason) == 2  # in both languages
    assert {trace.split(":")[0] for trace in await traces_in_rows(hub.parts.storage.engine)} == {"held"}
    aside = await hub.rows(held, held.c.category, held.c.member_id, held.c.rows)
    assert [(category, who) for category, who, _ in aside] == [("attendance", MEMBER)]
    assert aside[0][2]["attendance"][0]["people"] == [NAME, "Ktoś Inny"]
    assert (await hub.rows(erasure, erasure.c.kept))[-1] == (["attendance"],)
    assert NAME in json.dumps(await exported(hub), ensure_ascii=False)  # whoever asks is told what is held
    await members.lift_hold(settings, "attendance")
    assert await traces_in_rows(hub.parts.storage.engine) == []
    if isinstance(engines, SQLiteEngines):
        assert traces_in_files(engines.file) == []


async def test_only_what_is_held_of_this_person_is_told_as_kept_and_it_is_not_told_as_erased(hub: RunningHub) -> None:
    settings = hub.parts.settings
    held_of_them, of_others = "rozliczenie projektu, art. 140", "spór z wykonawcą, art. 9"
    await members.set_hold(settings, "attendance", reason=held_of_them, until=LATER)
    await members.set_hold(settings, "sessions", reason=of_others, until=LATER)
    async with hub.parts.storage.engine.begin() as connection:
        for table in (session_expert, session_city, session_request, session):
            await connection.execute(table.delete())
    plan = await members.erasure_plan(settings, MEMBER)
    erased, letter = await erase(hub)
    for told in ("\n".join(plan.lines), "\n".join(erased), letter):
        assert (held_of_them in told, of_others in told) == (True, False)
        assert "listy osób na wydarzeniach" in told
        assert [line for line in told.splitlines() if "listy osób" in line and "zapisów" in line] == []
    async with hub.parts.storage.reading() as work:
        counts = await work.erasures.counts_of(MEMBER)
    assert "attendance" not in (counts or {})


async def test_a_hold_newer_than_the_backup_keeps_what_it_kept_when_the_person_is_erased_again(
    hub: RunningHub, engines: Engines, tmp_path: Path
) -> None:
    settings = hub.parts.settings
    backup, target = tmp_path / "kopia.db", f"sqlite:///{tmp_path / 'nowe' / 'pim_bot.db'}"
    await back_up(settings, backup)
    await members.set_hold(settings, "attendance", reason="rozliczenie projektu, art. 140", until=LATER)
    await erase(hub)
    file = settings.data_dir / FILE
    assert json.loads(file.read_text().splitlines()[-1])["held"] == {"attendance": "2031-12-31"}
    new = settings.model_copy(update={"database_url": target, "data_dir": tmp_path / "nowe"})
    lines = await restore_backup(new, backup, erasures=file)
    assert [line for line in lines if line.startswith("Zatrzymane znowu: zgłoszenia i listy osób")] != []
    (hold,) = await members.holds(new)
    assert (hold["category"], hold["until"]) == ("attendance", "2031-12-31")
    told = json.loads(await members.export(new, MEMBER, as_json=True))["data"]
    (aside,) = [row for one in told if one["table"] == "held" for row in one["rows"]]
    assert aside["rows"]["attendance"][0]["people"] == [NAME, "Ktoś Inny"]
    assert {one["table"] for one in told if NAME in json.dumps(one, ensure_ascii=False)} == {"held"}
    await members.lift_hold(new, "attendance")
    assert noted_erasures(new.data_dir / FILE)[0].held == ()


async def test_what_a_restored_place_offers_erases_the_person_from_the_same_backup_again(
    hub: RunningHub, tmp_path: Path
) -> None:
    settings = hub.parts.settings
    backup = tmp_path / "kopia.db"
    await back_up(settings, backup)
    await erase(hub)
    file = settings.data_dir / FILE
    file.write_text(f'{{"member_id": "ktos-z-innej-kopii", "at": "2022-01-01T09:00:00+00:00"}}\n{file.read_text()}')
    for place in ("drugie", "trzecie"):
        folder = tmp_path / place
        new = settings.model_copy(update={"database_url": f"sqlite:///{folder / 'pim_bot.db'}", "data_dir": folder})
        lines = await restore_backup(new, backup, erasures=file)
        assert f"Usunięte ponownie: osób 1; pliki usunięć ({file}) mówią o 2." in lines
        assert NAME.encode() not in (folder / "pim_bot.db").read_bytes()
        file = folder / FILE
        assert [note.member_id for note in noted_erasures(file)] == ["ktos-z-innej-kopii", MEMBER]


async def test_a_backup_that_knows_of_an_erasure_leaves_it_beside_the_restored_database(
    hub: RunningHub, tmp_path: Path
) -> None:
    settings = hub.parts.settings
    await erase(hub)
    (settings.data_dir / FILE).unlink()
    await back_up(settings, tmp_path / "kopia.db")
    assert [note.member_id for note in noted_erasures(settings.data_dir / FILE)] == [MEMBER]
    new = settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path / 'nowe.db'}", "data_dir": tmp_path / "nowe"}
    )
    await restore_backup(new, tmp_path / "kopia.db", erasures=None)
    assert [note.member_id for note in noted_erasures(new.data_dir / FILE)] == [MEMBER]


async def test_a_hold_needs_a_known_category_a_reason_and_a_day_to_come(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite, looked_up=True) as hub:
        settings = hub.parts.settings
        for category, reason, until in (
            ("record", "podstawa prawna", LATER),
            ("attendance", "bo tak", LATER),
            ("attendance", "podstawa prawna", date(2020, 1, 1)),
        ):
            with pytest.raises(Refused):
                await members.set_hold(settings, category, reason=reason, until=until)
        assert await members.holds(settings) == []
        with pytest.raises(Refused):
            await members.lift_hold(settings, "attendance")


async def test_a_restored_database_is_told_who_was_erased(hub: RunningHub) -> None:
    await erase(hub)
    erased = noted_erasures(hub.parts.settings.data_dir / FILE)
    assert [(note.member_id, note.held) for note in erased] == [(MEMBER, ())]
    async with hub.parts.storage.engine.begin() as connection:  # as in a backup from before
        await connection.execute(member.update().where(member.c.id == MEMBER).values(name=NAME, email=EMAIL))
        row = {"team_id": TEAM, "user_id": SLACK, "member_id": MEMBER, "state": "matched"}
        await connection.execute(insert(identity), row | {"seen_at": datetime(2022, 1, 1, tzinfo=UTC)})
        await connection.execute(recipient.update().where(recipient.c.member_id == MEMBER).values(address=SLACK))
        await connection.execute(erasure.delete())
    assert [await erased_again(hub, erased) for _ in range(2)] == [1, 0]
    assert await traces_in_rows(hub.parts.storage.engine) == []


async def erased_again(hub: RunningHub, notes: list[ErasureNote]) -> int:
    """How many of these people were there, and are there no more."""
    async with hub.parts.storage.work() as work:
        return len(await erase_again(work, Actor(door="restore"), notes, now=hub.parts.clock()))


async def test_somebody_whom_no_programme_knows_is_erased_too(hub: RunningHub) -> None:
    hub.slack.workspace.add_user(id="UOBCY4455", name="obcy", real_name="Obcy", email="obcy@elsewhere.org")
    await hub.slack.as_user("UOBCY4455").command("/pim", "pomoc")
    await hub.settle()
    conversation = [row[0] for row in await hub.rows(recipient, recipient.c.conversation, recipient.c.kind) if
                    row[1] == "stranger"]  # fmt: skip
    found = await dump(hub.parts.storage.engine)
    assert sum("UOBCY4455" in repr(rows) for rows in found.values()) >= 2
    await erase(hub, "UOBCY4455")
    found = await dump(hub.parts.storage.engine)
    left = {table for table, rows in found.items() for one in ("UOBCY4455", *conversation) if one in repr(rows)}
    assert left == set()


async def test_an_erased_person_who_comes_again_is_a_stranger(hub: RunningHub) -> None:
    await hub.meet("zory")
    await erase(hub, "UZORY")
    answer = await hub.user("zory").command("/pim", "terminy")
    await hub.settle()
    assert "Żory" not in str(answer)
    assert hub.texts("zory")[-1].startswith("Nie ma Państwa jeszcze na liście osób programu.")


async def test_what_is_erased_while_the_hub_is_busy_is_gone_as_well(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite, looked_up=True) as hub:
        await be_everywhere(hub.parts.storage.engine)
        async with hub.parts.storage.reading() as work:  # keeps the log from being emptied
            await work.people.get(MEMBER)
            erasing = asyncio.create_task(erase(hub))
            await asyncio.wait({erasing}, timeout=1)
            async with hub.parts.storage.work() as other:  # whoever writes meanwhile gets through
                assert (await other.privacy.person(MEMBER)).erased
            assert traces_in_files(sqlite.file) != []
        await erasing
        assert traces_in_files(sqlite.file) == []


async def test_files_that_were_too_busy_are_cleaned_when_it_is_done_again(
    sqlite: SQLiteEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "TRIES", 1)
    monkeypatch.setattr(scrubbing, "WAIT_SECONDS", 0.1)
    async with running_hub(sqlite, looked_up=True) as hub:
        await be_everywhere(hub.parts.storage.engine)
        async with hub.parts.storage.reading() as work:
            await work.people.get(MEMBER)
            lines, letter = await erase(hub)
        assert "Prosimy powtórzyć" in lines[-1]
        assert "art. 17" in letter
        assert traces_in_files(sqlite.file) != []
        await erase(hub)
        assert traces_in_files(sqlite.file) == []


async def test_pages_of_older_files_are_written_over_too(sqlite: SQLiteEngines) -> None:
    """A file from before secure deletion: what it once held stands in pages that nobody uses any more."""
    async with running_hub(sqlite, looked_up=True) as hub:
        await be_everywhere(hub.parts.storage.engine)
        async with hub.parts.storage.engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA secure_delete=OFF")
            await connection.execute(activity.update().values(description=(NAME + " ") * 400))
            await connection.exec_driver_sql("UPDATE activity SET description = ''")
            await connection.commit()
            await connection.exec_driver_sql("PRAGMA secure_delete=ON")
        assert traces_in_files(sqlite.file) != []
        await erase(hub)
        assert traces_in_files(sqlite.file) == []


async def test_full_text_tables_forget_too(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite, looked_up=True) as hub:
        await be_everywhere(hub.parts.storage.engine)
        async with hub.parts.storage.engine.begin() as connection:
            await connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE found USING fts5(description, content='activity', content_rowid='rowid')"
            )
            await connection.exec_driver_sql("INSERT INTO found(found) VALUES ('rebuild')")
        word = b"wszedobylska"  # as the index writes it
        assert word in b"".join(path.read_bytes() for path in sqlite.folder.glob("pim_bot.db*"))
        await erase(hub)
        assert word not in b"".join(path.read_bytes() for path in sqlite.folder.glob("pim_bot.db*"))
        async with hub.parts.storage.engine.begin() as connection:
            found = await connection.exec_driver_sql("SELECT count(*) FROM found WHERE found MATCH 'wszędobylska'")
            assert found.scalar() == 0


async def test_what_already_stands_in_the_channel_is_said_again_without_the_name(hub: RunningHub) -> None:
    await schedule(hub)
    zory, name = hub.user("zory"), "Zieleń, Żory (przykład)"
    await zory.click(zory.last(), ids.REGISTER)
    assert (await zory.submit(zory.modal, {"Osoby z zespołu": [name]})).ok
    await hub.settle()

    def shown() -> list[str]:
        people = ("koordynatorka", "opiekunka", "zory", "lublin")
        seen = [*hub.channel(), *(message for one in people for message in hub.user(one).messages())]
        return [message.text for message in seen if name in f"{message.text} {message.blocks}"]

    assert shown() != []
    async with hub.parts.storage.work() as work:
        await erase_in(work, Actor(door="command-line"), "zielen@zory.example.org", now=hub.parts.clock())
    await hub.settle()
    assert shown() == []

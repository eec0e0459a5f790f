# ruff: noqa: S608 - statements of a test's own making
"""The audit: one row for each act, keyed hashes of before and after, rows that are only added, and their chain."""

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from pim_bot import administration
from pim_bot.bootstrap import EVERYTHING
from pim_bot.events.bus import Reaction
from pim_bot.jobs.seal import EVERY, Sealing
from pim_bot.process import this_process
from pim_bot.programme.people import Actor
from pim_bot.storage.audit import Act, Head, write_acts
from pim_bot.storage.states import states_of
from pim_bot.storage.tables.activities import activity, attendance
from pim_bot.storage.tables.flow import audit, audit_seal, audit_unsealed, event_log, event_reaction, person_key
from pim_bot.storage.tables.people import expert_assignment, member
from pim_bot.storage.verifying import Break, Verified, verify
from tests.engines import Engines
from tests.hub import MONDAY_NINE, PEOPLE, RunningHub, import_text, running_hub, settings_for
from tests.integration.test_walk import schedule
from tests.storage.test_command_line import pim_bot

A_ROW = {"at": MONDAY_NINE, "actor": "member:a", "door": "chat", "action": "ActivityMoved", "subject": "activity:a"}
DOORS_OF_THE_HUB = ("clock", "worker")


async def acts(hub: RunningHub, *, own: bool = False) -> list[tuple[str, str, str]]:
    """Who did what through which door, as it was written; the hub's own doings only when asked for."""
    rows = await hub.rows(audit)
    told = [(row[4], row[3], row[2].partition(":")[0]) for row in sorted(rows)]
    return [one for one in told if (one[1] in DOORS_OF_THE_HUB) is own]


async def walk(hub: RunningHub) -> list[tuple[str, str, str]]:
    """An activity and an assignment all the way; tells the acts that people did, one by one."""
    await hub.settle()
    planner, zory, expert = hub.user("koordynatorka"), hub.user("zory"), hub.user("ekspert")
    await schedule(hub)
    invitation = zory.last()
    for answer in ("attend.going", "attend.going", "attend.unsure", "attend.going"):  # the second changes nothing
        await zory.click(invitation, answer)
        hub.machine.advance(seconds=1)
    await hub.settle()
    await planner.click(planner.messages()[0], "activity.move")
    moved = {"Początek": "2022-01-21", "Koniec": "2022-01-21", "Zgłoszenia do": None}
    assert (await planner.submit(planner.modal, moved)).errors_by_label == {}  # the difference is shown first
    assert (await planner.submit(planner.modal)).errors_by_label == {}
    await planner.command("/pim", "przypisz")
    filled = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Od": "2022-02-01"}
    filled |= {"Do": "2022-12-31", "Budżet dni": "12"}
    assert (await planner.submit(planner.modal, filled)).errors_by_label == {}
    await hub.settle()
    await expert.click(expert.last(), "assignment.accept")
    await hub.wind(days=12)
    asked = next(one for one in zory.messages() if "feedback.score" in str(one.blocks))
    await zory.click(asked, "feedback.score/5")
    assert (await zory.submit(zory.modal)).ok
    await hub.wind(days=20)
    await schedule(hub, **{"Początek": "2022-03-20", "Tytuł": "Drugie", "Zgłoszenia do": None})
    last = next(one for one in reversed(planner.messages()) if "Drugie" in one.text)
    await planner.click(last, "activity.cancel")
    assert (await planner.submit(planner.modal, {"Powód": "Choroba"})).errors_by_label == {}
    await hub.settle()
    return [
        ("ActivityScheduled", "chat", "member"),
        ("AttendanceAnswered", "chat", "member"),
        ("AttendanceAnswered", "chat", "member"),
        ("AttendanceAnswered", "chat", "member"),
        ("ActivityMoved", "chat", "member"),
        ("ExpertAssigned", "chat", "member"),
        ("ExpertAccepted", "chat", "member"),
        ("FeedbackGiven", "chat", "chat"),
        ("ActivityScheduled", "chat", "member"),
        ("ActivityCancelled", "chat", "member"),
    ]


async def revisions(hub: RunningHub) -> int:
    """How often the state of activities, answers and assignments changed, as their own revisions count it."""
    async with hub.parts.storage.engine.connect() as connection:
        return sum(
            [
                (await connection.execute(select(func.coalesce(func.sum(table.c.revision), 0)))).scalar_one()
                for table in (activity, attendance, expert_assignment)
            ]
        )


async def test_over_a_whole_walk_every_act_has_exactly_one_row_and_every_change_of_state_an_act(
    engines: Engines,
) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        imported, changed = await acts(hub), await revisions(hub)
        own_before = await acts(hub, own=True)
        assert imported == [("ProgrammeImported", "import", "import")] * 2
        done = await walk(hub)
        assert await acts(hub) == imported + done
        own = (await acts(hub, own=True))[len(own_before) :]
        changing = [one for one in done + own if one[0].startswith(("Activity", "Attendance", "Expert"))]
        assert len(changing) == await revisions(hub) - changed == 10
        by_event = await hub.rows(None, event_log.c.type, event_log.c.subject)
        told = await hub.rows(None, audit.c.action, audit.c.subject)
        assert sorted(one for one in told if one[0] != "ProgrammeImported" and one in by_event) == sorted(
            one for one in told if one[0] != "ProgrammeImported"
        )


async def test_before_and_after_are_hashes_of_the_state_under_the_key_of_whoever_acted(engines: Engines) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        await walk(hub)
        keys = dict(await hub.rows(None, person_key.c.actor, person_key.c.value))
        rows = await hub.rows(None, audit.c.subject, audit.c.actor, audit.c.action, audit.c.before, audit.c.after)
        async with hub.parts.storage.engine.connect() as connection:
            present = await states_of(connection, [row[0] for row in rows])
    by_subject: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_subject.setdefault(row[0], []).append(row)
    created = ("ActivityScheduled", "ExpertAssigned")
    for subject, history in by_subject.items():
        hashed = [row for row in history if row[4]]
        if subject.startswith(("activity:", "assignment:")) and hashed[0][2] in created:
            assert hashed[0][3] == ""
        if not subject.startswith(("activity:", "assignment:", "attendance:")):
            continue
        for earlier, later in pairwise(hashed):
            if earlier[1] == later[1] and earlier[1].startswith("member:"):  # under the same key
                assert earlier[4] == later[3]
        _, actor, _, _, after = hashed[-1]
        assert hmac.digest(keys[actor], present[subject].encode(), "sha256").hex() == after
    changed = [row for row in rows if row[2] in ("ActivityMoved", "ActivityCancelled", "AttendanceAnswered")]
    assert all(row[3] and row[4] and row[3] != row[4] for row in changed)
    assert [row[3] == row[4] != "" for row in rows if row[2] == "FeedbackGiven"] == [True]
    assert {len(value) for value in keys.values()} == {32}


async def test_an_import_is_one_act_and_the_same_file_again_is_none(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        before = await acts(hub)
        assert await import_text(hub.parts, PEOPLE.encode()) == 0
        assert await acts(hub) == before
        more = PEOPLE.replace("Ministerstwo (przykład)", "Ministerstwo (inny przykład)")
        assert await import_text(hub.parts, more.encode()) == 1
        assert await acts(hub) == [*before, ("ProgrammeImported", "import", "import")]


async def broken(_work: object, _recorded: object) -> None:
    raise RuntimeError("broken")


async def test_retrying_or_skipping_a_parked_reaction_is_an_act_of_the_command_line(engines: Engines) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        hub.parts.bus.most_attempts = 1
        hub.parts.bus._by_name["announce-activity"] = Reaction("announce-activity", broken)
        await schedule(hub)
        settings = settings_for(
            engines.folder, hub.slack.api_url, database_url=engines.database_url, broker_url=engines.broker_url
        )
        (parked,) = await administration.parked(settings, retry="", skip="")
        key = f"{parked['event_id']}/announce-activity"
        before = await acts(hub)
        await administration.parked(settings, retry=key, skip="")
        await hub.settle()
        await administration.parked(settings, retry="", skip=key)
        line = "command-line"
        assert await acts(hub) == [*before, ("ReactionRetried", line, line), ("ReactionSkipped", line, line)]
        hashes = await hub.rows(None, audit.c.before, audit.c.after, audit.c.door)
        ours = [(before, after) for before, after, door in hashes if door == line]
        assert all(before and after and before != after for before, after in ours)


CANARY = "kanarek-osobowy"


async def test_nothing_personal_and_no_free_text_goes_into_a_state(engines: Engines) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        await walk(hub)
        async with hub.parts.storage.engine.begin() as connection:
            for table, columns in (
                ("activity", ("title", "place", "agenda", "description", "link", "reason")),
                ("member", ("name",)),
                ("notification", ("error",)),
                ("expert_assignment", ("role", "note")),
                ("event_reaction", ("error",)),
            ):
                for column in columns:
                    await connection.execute(text(f"UPDATE {table} SET {column} = '{CANARY}'"))
            await connection.execute(text(f"""UPDATE attendance SET people = '["{CANARY}"]'"""))
            await connection.execute(text(f"""UPDATE notification SET facts = '{{"a": "{CANARY}"}}'"""))
            await connection.execute(text(f"UPDATE member SET email = '{CANARY}' || id"))
            ids = {
                "activity": select(activity.c.id),
                "attendance": select(attendance.c.activity_id + "/" + attendance.c.invitee),
                "assignment": select(expert_assignment.c.id),
                "member": select(member.c.id),
                "notification": select(text("id")).select_from(text("notification")),
                "edition": select(text("slug")).select_from(text("edition")),
            }
            subjects = [
                f"{kind}:{one}" for kind, wanted in ids.items() for one in (await connection.execute(wanted)).scalars()
            ]
            subjects += [
                f"reaction:{one}/{name}"
                for one, name in await connection.execute(select(event_reaction.c.event_id, event_reaction.c.reaction))
            ]
            states = await states_of(connection, subjects)
        assert all(states.values())
        assert CANARY not in str(states)


async def test_the_state_of_what_is_not_there_or_of_no_known_kind_is_nothing(engines: Engines) -> None:
    odd = ["activity:nie-ma", "cokolwiek:1", "attendance:bez-drugiej-części", "reaction:7", ""]
    async with running_hub(engines) as hub, hub.parts.storage.engine.connect() as connection:
        assert await states_of(connection, odd) == {"activity:nie-ma": "", "cokolwiek:1": ""} | {
            "attendance:bez-drugiej-części": "",
            "reaction:7": "",
            ":": "",
        }


# Rows are only added


@asynccontextmanager
async def hub_with(engines: Engines, rows: int, *, sealed: bool = True) -> AsyncIterator[RunningHub]:
    """A hub with so many more rows in its audit, sealed or not."""
    async with running_hub(engines) as hub:
        async with hub.parts.storage.engine.begin() as connection:
            some = [Act(action="A", subject="x:1", actor=Actor(door="chat"), at=MONDAY_NINE) for _ in range(rows)]
            await write_acts(connection, some, {})
        if sealed:
            await sealing(hub).run_due()
        yield hub


def sealing(hub: RunningHub, *, batch: int = 200) -> Sealing:
    """The leading clock's work on the audit, by itself."""
    return Sealing(
        open_work=partial(hub.parts.storage.work, "seal"),
        machine_clock=hub.machine,
        process=hub.parts.process,
        lease=timedelta(seconds=15),
        batch=batch,
    )


async def refused(hub: RunningHub, statement: str) -> bool:
    """Whether the database itself refuses a statement because rows are only added."""
    try:
        async with hub.parts.storage.engine.begin() as connection:
            await connection.execute(text(statement))
    except DBAPIError as error:
        return "rows are only added" in str(error.orig)
    return False


async def test_the_database_refuses_to_change_or_delete_rows_and_seals(engines: Engines) -> None:
    async with hub_with(engines, 3) as hub:
        before = await hub.rows(audit), await hub.rows(audit_seal)
        statements = [
            "UPDATE audit SET actor = 'kto inny'",
            "DELETE FROM audit",
            "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
            "UPDATE audit_seal SET digest = ''",
            "DELETE FROM audit_seal",
        ]
        if hub.parts.storage.is_sqlite:
            columns = "id, at, actor, door, action, subject"
            statements += [
                f"INSERT OR REPLACE INTO audit ({columns}) SELECT id, at, 'x', door, action, subject FROM audit",
                "INSERT OR REPLACE INTO audit_seal SELECT position, audit_id, 'x', chain, sealed_at FROM audit_seal",
            ]
        else:
            statements += ["TRUNCATE audit CASCADE", "TRUNCATE audit_seal"]
        assert [statement for statement in statements if not await refused(hub, statement)] == []
        assert (await hub.rows(audit), await hub.rows(audit_seal)) == before


async def test_the_retention_takes_rows_that_were_sealed_two_years_ago_and_the_chain_still_verifies(
    engines: Engines,
) -> None:
    now = datetime.now(UTC)
    async with hub_with(engines, 3, sealed=False) as hub:
        hub.machine.now = now - timedelta(days=750)
        assert await sealing(hub).run_due() == 5
        hub.machine.now = now - timedelta(days=700)
        async with hub.parts.storage.engine.begin() as connection:
            await write_acts(
                connection, [Act(action="A", subject="x:1", actor=Actor(door="chat"), at=MONDAY_NINE)] * 2, {}
            )
        assert await sealing(hub).run_due() == 2
        assert await forgotten(hub, now - timedelta(days=740)) == 5
        found = await verify(hub.parts.storage.engine, now=now)
        assert (found.rows, found.sealed, found.pruned, found.broken) == (2, 7, 5, None)
        with pytest.raises(DBAPIError):
            await forgotten(hub, now)
        assert (await verify(hub.parts.storage.engine, now=now)) == found


async def forgotten(hub: RunningHub, before: datetime) -> int:
    """Apply a retention period to the audit; tells how many rows are older."""
    async with hub.parts.storage.work("clock") as work:
        old = await work.retention.older("audit", before, limit=100)
        await work.retention.forget("audit", old, before)
        return len(old)


async def test_an_erasure_deletes_a_key_and_leaves_rows_and_chain_as_they_are(engines: Engines) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        await walk(hub)
        await sealing(hub).run_due()
        rows, found = await hub.rows(audit), await verify(hub.parts.storage.engine, now=hub.machine())
        assert (found.unsealed, found.broken) == (0, None)
        async with hub.parts.storage.engine.begin() as connection:
            assert (await connection.execute(delete(person_key))).rowcount > 2
        assert await hub.rows(audit) == rows
        assert await verify(hub.parts.storage.engine, now=hub.machine()) == found


# Sealing


async def test_a_row_that_is_committed_late_is_sealed_late_whatever_its_number(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        assert await sealing(hub).run_due() == 2
        early, late = 1001, 1002
        if hub.parts.storage.is_sqlite:  # which has one writer: the numbers are given as they would be
            await added(hub, late)
            assert await sealing(hub).run_due() == 1
            await added(hub, early)
        else:
            async with hub.parts.storage.engine.connect() as slow, slow.begin():
                await slow.execute(insert(audit), [A_ROW | {"id": early}])
                await slow.execute(insert(audit_unsealed), [{"audit_id": early}])
                await added(hub, late)
                assert await sealing(hub).run_due() == 1
        assert await sealing(hub).run_due() == 1
        assert await sealing(hub).run_due() == 0
        positions = dict(await hub.rows(None, audit_seal.c.audit_id, audit_seal.c.position))
        assert (positions[late], positions[early]) == (3, 4)
        assert (await verify(hub.parts.storage.engine, now=hub.machine())).broken is None


async def added(hub: RunningHub, number: int, **columns: str) -> None:
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(insert(audit), [A_ROW | {"id": number} | columns])
        await connection.execute(insert(audit_unsealed), [{"audit_id": number}])


async def test_the_leading_clock_seals_once_a_minute_in_batches_and_another_process_does_not(engines: Engines) -> None:
    async with hub_with(engines, 8, sealed=False) as hub:
        other = sealing(hub)
        other.process = this_process(EVERYTHING)
        ours = sealing(hub, batch=4)
        async with hub.parts.storage.work("clock") as work:
            assert await work.processes.lead("clock", hub.parts.process, lease=timedelta(hours=1))
        assert (await other.run_due(), await ours.run_due()) == (0, 10)
        await added(hub, 5000)
        assert await ours.run_due() == 0
        hub.machine.advance(seconds=EVERY.total_seconds())
        assert await ours.run_due() == 1
        found = await verify(hub.parts.storage.engine, now=hub.machine())
        assert (found.rows, found.sealed, found.unsealed, found.broken) == (11, 11, 0, None)


async def test_the_clock_of_a_running_hub_seals(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        await hub.settle()
        assert (await verify(hub.parts.storage.engine, now=hub.machine())).sealed >= 2


# Verifying

TRIGGERS = ("audit_is_not_changed", "audit_is_not_deleted", "audit_seal_is_not_changed", "audit_seal_is_not_deleted")
OFF = {
    True: [f"DROP TRIGGER {name}" for name in TRIGGERS],
    False: [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in ("audit", "audit_seal")],
}
"""What somebody has to do first who may do anything to the database; by whether it is SQLite."""


async def tampered(hub: RunningHub, *statements: str) -> None:
    async with hub.parts.storage.engine.begin() as connection:
        for statement in [*OFF[hub.parts.storage.is_sqlite], *statements]:
            await connection.execute(text(statement))


def row_of(position: int) -> str:
    return f"(SELECT audit_id FROM audit_seal WHERE position = {position})"


TAMPERINGS = {
    "a row's actor": ([f"UPDATE audit SET actor = 'kto inny' WHERE id = {row_of(3)}"], ("row-changed", 3)),
    "a row's hash": ([f"UPDATE audit SET after = 'x' WHERE id = {row_of(5)}"], ("row-changed", 5)),
    "a row's time": ([f"UPDATE audit SET at = sealed_at FROM audit_seal WHERE id = {row_of(4)} AND position = 4"],
                     ("row-changed", 4)),
    "two rows": ([f"UPDATE audit SET door = 'x' WHERE id IN ({row_of(6)}, {row_of(2)})"], ("row-changed", 2)),
    "a row taken out": ([f"DELETE FROM audit WHERE id = {row_of(4)}"], ("row-missing", 4)),
    "a row and its seal": ([f"DELETE FROM audit WHERE id = {row_of(4)}", "DELETE FROM audit_seal WHERE position = 4"],
                           ("gap", 4)),
    "the first seal": (["DELETE FROM audit_seal WHERE position = 1"], ("gap", 1)),
    "a seal's digest": (["UPDATE audit_seal SET digest = 'x' WHERE position = 2"], ("seal-changed", 2)),
    "a seal's row": (["UPDATE audit_seal SET audit_id = 4711 WHERE position = 3"], ("seal-changed", 3)),
    "a seal's chain": (["UPDATE audit_seal SET chain = 'x' WHERE position = 5"], ("seal-changed", 5)),
    "a row made to look old": (
        ["UPDATE audit_seal SET sealed_at = '2001-01-01 00:00:00.000000+00:00' WHERE position = 4",
         f"DELETE FROM audit WHERE id = {row_of(4)}"],
        ("seal-changed", 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_whoever_tampers_with_the_database_is_found_at_the_first_broken_place(
    engines: Engines, what: str
) -> None:
    statements, (kind, position) = TAMPERINGS[what]
    async with hub_with(engines, 5) as hub:
        now = hub.machine()
        assert (await verify(hub.parts.storage.engine, now=now)).broken is None
        ids = dict(await hub.rows(None, audit_seal.c.position, audit_seal.c.audit_id))
        if what == "a row made to look old" and hub.parts.storage.is_sqlite:
            statements = [one.replace("+00:00", "") for one in statements]
        await tampered(hub, *statements)
        found = (await verify(hub.parts.storage.engine, now=now)).broken
        audit_id = 0 if kind == "gap" else 4711 if what == "a seal's row" else ids[position]
        assert found == Break(what=kind, position=position, audit_id=audit_id)


async def test_a_row_that_is_kept_from_its_seal_is_found(engines: Engines) -> None:
    async with hub_with(engines, 2) as hub:
        await added(hub, 4000)
        await tampered(hub, "DELETE FROM audit_unsealed")
        found = await verify(hub.parts.storage.engine, now=hub.machine())
        assert (found.rows, found.sealed, found.unsealed) == (5, 4, 0)
        assert found.broken == Break(what="hidden", audit_id=4000)


async def test_a_cut_off_end_or_a_chain_written_anew_is_found_by_the_end_that_was_noted(engines: Engines) -> None:
    async with hub_with(engines, 5) as hub:
        engine, now = hub.parts.storage.engine, hub.machine()
        noted = (await verify(engine, now=now)).head
        assert noted.position == 7
        assert (await verify(engine, now=now, expected=noted)).broken is None
        await tampered(
            hub,
            f"DELETE FROM audit WHERE id IN ({row_of(6)}, {row_of(7)})",
            "DELETE FROM audit_seal WHERE position > 5",
        )
        assert (await verify(engine, now=now)).broken is None, "the limit that the noted end is for"
        assert (await verify(engine, now=now, expected=noted)).broken == Break(what="cut-off", position=6)
        for number in (9001, 9002, 9003):
            await added(hub, number)
        await sealing(hub).run_due()
        found = await verify(engine, now=now, expected=noted)
        assert found.broken == Break(what="other-chain", position=7, audit_id=9002)


async def test_an_end_noted_before_a_restore_is_told_as_that_and_a_chain_that_was_changed_is_still_told_as_changed(
    engines: Engines, tmp_path: Path
) -> None:
    async with hub_with(engines, 5) as hub:
        engine, now = hub.parts.storage.engine, hub.machine()
        noted = (await verify(engine, now=now)).head
        await tampered(
            hub,
            f"DELETE FROM audit WHERE id IN ({row_of(6)}, {row_of(7)})",
            "DELETE FROM audit_seal WHERE position > 5",
        )
        await added(hub, 9001, action="BackupRestored", door="restore")
        for is_longer in (False, True):
            if is_longer:
                await added(hub, 9002)
                await added(hub, 9003)
            await sealing(hub).run_due()
            found = await verify(engine, now=now, expected=noted)
            assert (found.broken, found.restored_at) == (Break(what="restored", position=7), await at_of(hub, 9001))
            code, said, _ = verified(engines, tmp_path, "--expect", f"{noted.position}:{noted.chain}")
            assert (code, "Łańcuch jest cały, ale nie ma w nim zanotowanego końca." in said) == (1, True)
            assert ("PRZERWANY" in said, "Bazę przywrócono z kopii 20" in said) == (False, True)
            assert f"{found.head.position}:{found.head.chain}" in said
        async with engine.begin() as connection:
            await connection.execute(text(f"UPDATE audit SET actor = 'x' WHERE id = {row_of(3)}"))
        broken = (await verify(engine, now=now, expected=noted)).broken
        assert broken is not None
        assert (broken.what, broken.position) == ("row-changed", 3)


async def at_of(hub: RunningHub, audit_id: int) -> datetime:
    (at,) = [at for one, at in await hub.rows(None, audit.c.id, audit.c.at) if one == audit_id]
    assert isinstance(at, datetime)
    return at


# The command


def verified(engines: Engines, folder: Path, *words: str) -> tuple[int, str, str]:
    run = pim_bot(folder, "audit", "verify", *words, PIM_DATABASE_URL=engines.database_url)
    return run.returncode, run.stdout, run.stderr


async def test_the_command_tells_counts_the_end_and_the_first_break(engines: Engines, tmp_path: Path) -> None:
    async with hub_with(engines, 5) as hub:
        await added(hub, 8000)
        head = (await verify(hub.parts.storage.engine, now=hub.machine())).head
        end = f"{head.position}:{head.chain}"
        counts = "Dziennik audytu: wpisów 8, pieczęci 7, wpisów czekających na pieczęć 1, usuniętych po okresie "
        whole = (
            f"{counts}przechowywania 0.\nŁańcuch jest cały.\nKoniec łańcucha: {end}\nProsimy zanotować go poza tą "
            f"maszyną. Czy nic przed nim nie zginęło, powie później: pim-bot audit verify --expect {end}\n"
        )
        assert verified(engines, tmp_path) == (0, whole, "")
        assert verified(engines, tmp_path, "--expect", end) == (0, whole, "")
        code, _, said = verified(engines, tmp_path, "--expect", "7")
        assert (code, said.startswith("--expect: prosimy podać POZYCJA:SKRÓT")) == (1, True)
        await tampered(hub, f"UPDATE audit SET actor = 'x' WHERE id = {row_of(3)}")
        number = dict(await hub.rows(None, audit_seal.c.position, audit_seal.c.audit_id))[3]
        code, said, _ = verified(engines, tmp_path)
        broken = f"ŁAŃCUCH JEST PRZERWANY. Wpis {number} ma inną treść niż w chwili opieczętowania.\n"
        assert (code, said) == (1, f"{counts}przechowywania 0.\n{broken}")
        code, said, _ = verified(engines, tmp_path, "--json")
        assert (code, json.loads(said)["broken"]) == (
            1,
            {"what": "row-changed", "position": 3, "audit_id": number},
        )


async def test_an_audit_without_any_seal_is_told_as_such(engines: Engines, tmp_path: Path) -> None:
    async with running_hub(engines) as hub:
        found = await verify(hub.parts.storage.engine, now=hub.machine())
        head = Head(position=0, chain="")
        assert found == Verified(rows=2, sealed=0, unsealed=2, pruned=0, head=head, broken=None)
        code, said, _ = verified(engines, tmp_path)
        assert (code, said.splitlines()[1].startswith("Nie ma jeszcze żadnej pieczęci")) == (0, True)

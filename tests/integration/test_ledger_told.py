"""What the ledger tells of decisions, of reminders that never became a message, and of people who are not here."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import update

from pim_bot.blocks.printed import Found, delivery_lines, delivery_rows
from pim_bot.notifications.correcting import limit
from pim_bot.notifications.deciding import drop_delivery, resend_delivery
from pim_bot.notifications.erasing import erase
from pim_bot.notifications.intent import State
from pim_bot.notifications.ledger import Entry, Wanted
from pim_bot.programme.people import Actor
from pim_bot.storage.tables.flow import notification
from tests.hub import RunningHub
from tests.integration.test_deliveries import CLI, ids, without_bot
from tests.integration.test_ledger_command_line import typed
from tests.integration.test_walk import schedule

ZONE = "Europe/Warsaw"


async def found(hub: RunningHub, who: str = "", states: Sequence[State] = ()) -> list[Entry]:
    async with hub.parts.storage.reading() as work:
        return await work.ledger.found(Wanted(who=who, states=states, limit=200), now=hub.parts.clock())


async def member_id(hub: RunningHub, name: str) -> str:
    async with hub.parts.storage.reading() as work:
        member = await work.people.by_chat_user(hub.slack.workspace.team_id, f"U{name.upper()}")
    assert member is not None
    return str(member.id)


async def test_a_decision_is_told_with_who_and_when_and_the_first_term_stays(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    (failed,) = await ids(hub, state="failed")
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "doręczenia")
    await hub.settle()
    hub.parts.clock.offset += timedelta(hours=2)
    await planner.click(planner.last(), "delivery.resend")
    async with hub.parts.storage.work() as work:
        await drop_delivery(work, CLI, failed, now=hub.parts.clock())
    async with hub.parts.storage.work() as work:
        await resend_delivery(work, CLI, failed, now=hub.parts.clock())
    async with hub.parts.storage.reading() as work:
        decisions = await work.ledger.decisions([failed])
    entries = [one for one in await found(hub) if one.id == failed]
    told = Found(entries=entries, decisions=decisions)
    now = hub.parts.clock()
    lines = list(delivery_lines(told, zone=ZONE, now=now))
    assert "    decyzja: wysłać ponownie (wiersz poleceń, poniedziałek, 10 stycznia 2022, 11:00)." in lines
    assert "    pierwotny termin: poniedziałek, 10 stycznia 2022, 9:00" in lines
    (row,) = delivery_rows(told, zone=ZONE, now=now)
    first = "2022-01-10T08:00:00+00:00"
    assert (row["decided"], row["decided_by"], row["first_due"]) == ("resent", "command-line", first)
    assert (row["decided_at"][:13], row["due"][:13], row["state_text"]) == (
        "2022-01-10T10",
        "2022-01-10T10",
        "zaplanowana",
    )
    assert row["decided_text"].startswith("Decyzja: wysłać ponownie (wiersz poleceń, ")


async def test_the_rungs_of_somebody_who_limited_their_data_end_in_the_ledger(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    async with hub.parts.storage.work() as work:
        member = await work.people.get(await member_id(hub, "ekspert"))
        await limit(work, Actor(door="chat", member=member), now=hub.parts.clock())
    by_name = [one for one in await found(hub, "ekspert") if one.error == "restricted"]
    by_state = [one for one in await found(hub, states=[State.DROPPED]) if one.error == "restricted"]
    assert by_name == by_state
    assert {(one.kind.value, one.state.value) for one in by_name} == {("reminder", "dropped")}
    assert len(by_name) == 3
    assert [one for one in await found(hub, "ekspert", [State.SENT]) if one.error == "restricted"] == []
    lines = list(delivery_lines(Found(entries=by_name[:1]), zone=ZONE, now=hub.parts.clock()))
    assert lines[-1] == "    powód: Ta osoba ograniczyła używanie swoich danych, więc bot nic do niej nie wysyła."


async def test_a_rung_that_said_nothing_ends_in_the_ledger(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    plan = await hub.parts.rehearsing.plan(hub.parts.clock() + timedelta(days=10))
    silent = {(rung.name, rung.part.item.due_at) for rung in plan.silent}
    assert silent != set()
    await hub.wind(days=10)
    unsaid = [one for one in await found(hub, states=[State.DROPPED]) if one.kind == "reminder"]
    assert {(one.name, one.not_before) for one in unsaid if one.error == "nothing-to-say"} >= silent


async def test_whoever_was_erased_is_said_so_with_the_true_reason_and_no_hours(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    expert = await member_id(hub, "ekspert")
    mine = f"slack:member:{expert}"
    async with hub.parts.storage.engine.begin() as connection:
        waits = {"state": "planned", "held_why": "quiet-hours", "sent_at": None}
        which = (notification.c.recipient_id == mine, notification.c.kind == "invitation")
        await connection.execute(update(notification).where(*which).values(waits))
    async with hub.parts.storage.work() as work:
        await erase(work, CLI, expert, now=hub.parts.clock())
    (entry,) = [one for one in await found(hub) if one.recipient == mine and one.kind == "invitation"]
    lines = list(delivery_lines(Found(entries=[entry]), zone=ZONE, now=hub.parts.clock()))
    assert lines[1].endswith(" – osoba, której dane usunięto")
    assert lines[3:] == ["    powód: Dane tej osoby zostały usunięte, więc nie ma do kogo wysłać."]


async def test_when_slack_is_away_a_sentence_says_so_and_the_list_comes_all_the_same(hub: RunningHub) -> None:
    await hub.meet()
    hub.parts.settings.slack_api_url = "http://127.0.0.1:1/api/"
    done = await asyncio.wait_for(typed(hub, "deliveries", "--limit", "1"), 60)
    said = "Slack nie odpowiada, więc zamiast linków podajemy rozmowę i znacznik (ts) każdej wiadomości.\n"
    assert (done.returncode, done.stderr) == (0, said)
    assert "\x1b" not in done.stdout
    assert ", ts " in done.stdout.splitlines()[-1]

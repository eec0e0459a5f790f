"""What a person sees, corrects and limits in chat, and the notice they read before anything they write is kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pim_bot.blocks import ids
from pim_bot.playground.outcome import Outcome
from pim_bot.programme.people import Actor
from pim_bot.programme.privacy import NOTICE_VERSION
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.storage.tables.flow import audit, due_item, notification
from pim_bot.storage.tables.people import member, member_role, recipient
from pim_bot.storage.tables.privacy import notice
from tests.engines import Engines, SQLiteEngines
from tests.hub import RunningHub, running_hub
from tests.integration.test_walk import WORKSHOP
from tests.notifications.test_catch_up import draft

CLI = Actor(door="command-line")


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines) as running:
        await running.settle()
        yield running


async def notices(hub: RunningHub) -> set[tuple[Any, ...]]:
    return set(await hub.rows(notice, notice.c.user_id, notice.c.version))


async def told(hub: RunningHub, name: str, text: str = "moje dane") -> str:
    return seen(await hub.user(name).command("/pim", text))


def seen(outcome: Outcome) -> str:
    """What an answer shows: its text and its blocks."""
    assert outcome.ok
    return f"{outcome.text} {outcome.blocks}"


async def press(hub: RunningHub, name: str, button: str) -> None:
    """Ask for one's data and press a button under it."""
    answered = await hub.user(name).command("/pim", "moje dane")
    assert answered.message is not None
    assert (await hub.user(name).click(answered.message, button)).ok


def form_of(hub: RunningHub, name: str) -> list[dict[str, Any]]:
    """The blocks of the form before somebody."""
    view = hub.user(name).modal
    assert view is not None
    return list(view.blocks)


async def test_the_first_answer_carries_the_notice_and_notes_it(hub: RunningHub) -> None:
    hub.slack.workspace.add_user(id="UOBCY4455", name="obcy", real_name="Obcy", email="obcy@elsewhere.org")
    first = seen(await hub.slack.as_user("UOBCY4455").command("/pim", "terminy"))
    assert "Dane osobowe: administratorem jest" in first
    assert "Personal data: the controller is" in first
    assert await notices(hub) == {("UOBCY4455", NOTICE_VERSION)}
    await hub.settle()
    again = seen(await hub.slack.as_user("UOBCY4455").command("/pim", "terminy"))
    assert "Dane osobowe" not in again


async def test_a_form_carries_the_notice_until_one_was_sent(hub: RunningHub) -> None:
    planner = hub.user("koordynatorka")
    for _ in range(2):  # a form that is closed again notes nothing
        await planner.command("/pim", "przypisz")
        first, *others = form_of(hub, "koordynatorka")
        assert first["block_id"] == f"{ids.NOTICE}/{NOTICE_VERSION}"
        assert "Inspektor ochrony danych" in first["text"]["text"]
        assert all(not str(one.get("block_id", "")).startswith(ids.NOTICE) for one in others)
        assert await notices(hub) == set()
    await planner.command("/pim", "moje dane")
    assert await notices(hub) == set()
    await planner.command("/pim", "wydarzenie")
    assert form_of(hub, "koordynatorka")[0]["block_id"].startswith(ids.NOTICE)
    assert (await planner.submit(planner.modal, WORKSHOP)).ok
    assert await notices(hub) == {("UKOORDYNATORKA", NOTICE_VERSION)}
    await planner.command("/pim", "przypisz")
    assert not any(str(one.get("block_id", "")).startswith(ids.NOTICE) for one in form_of(hub, "koordynatorka"))


async def test_a_refused_form_notes_nothing_and_loses_nothing(hub: RunningHub) -> None:
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    outcome = await planner.submit(planner.modal, WORKSHOP | {"Koniec": "2001-01-01"})
    assert outcome.errors
    assert await notices(hub) == set()


@pytest.mark.parametrize("word", ["moje dane", "Moje Dane", "co o mnie wiecie?", "rodo", "my data"])
async def test_everybody_sees_what_is_kept_of_them(sqlite: SQLiteEngines, word: str) -> None:
    async with running_hub(sqlite) as hub:
        await hub.settle()
        said = await told(hub, "zory", word)
        for part in ("Rozwój, Żory (przykład)", "rozwoj@zory.example.org", "zespół miasta", "Slack"):
            assert part in said
        assert "lublin" not in said


async def test_what_only_begins_like_it_is_no_such_command(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite) as hub:
        await hub.settle()
        said = await told(hub, "zory", "co słychać")
        assert "Nie ma polecenia" in said
        assert "rozwoj@zory.example.org" not in said


async def test_in_english_for_whoever_speaks_it(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite) as hub:
        await hub.settle()
        said = await told(hub, "lublin", "my data")
        assert "Your data in pim_bot" in said
        assert "team of a city" in said


async def test_somebody_without_a_role_any_more_sees_their_data_and_nothing_else(hub: RunningHub) -> None:
    async with hub.parts.storage.engine.begin() as connection:
        mine = select(member.c.id).where(member.c.email == "rozwoj@zory.example.org").scalar_subquery()
        await connection.execute(member_role.delete().where(member_role.c.member_id == mine))
    assert "rozwoj@zory.example.org" in await told(hub, "zory")
    assert "potrzebna jest inna rola" in await told(hub, "zory", "terminy")


async def test_language_and_zone_change_at_once_and_the_rest_is_asked_of_the_coordinators(hub: RunningHub) -> None:
    zory = hub.user("zory")
    await press(hub, "zory", ids.CORRECT_DATA)
    typed = {"name": "Nowe Nazwisko", "email": "nowe@zory.example.org", "language": "en", "zone": "Europe/Berlin"}
    assert (await zory.submit(zory.modal, typed)).ok
    await hub.settle()
    columns = (member.c.name, member.c.email, member.c.language, member.c.zone)
    rows = {row[1]: row for row in await hub.rows(member, *columns)}
    assert rows["rozwoj@zory.example.org"] == (
        "Rozwój, Żory (przykład)",
        "rozwoj@zory.example.org",
        "en",
        "Europe/Berlin",
    )
    asked = hub.texts("koordynatorka")[-1]
    assert all(
        part in asked for part in ("Rozwój, Żory", "Nowe Nazwisko", "nowe@zory.example.org", "pim-bot member correct")
    )
    assert {row[0] for row in await hub.rows(audit, audit.c.action)} >= {"MemberCorrected", "CorrectionRequested"}
    assert "Nowe Nazwisko" not in str(await hub.rows(audit))


async def test_a_correction_that_is_none_asks_nobody_and_a_wrong_one_is_told_on_its_field(hub: RunningHub) -> None:
    zory = hub.user("zory")
    before = len(hub.texts("koordynatorka"))
    await press(hub, "zory", ids.CORRECT_DATA)
    outcome = await zory.submit(zory.modal, {"email": "nie adres"})
    assert list(outcome.errors) == ["email"]
    assert (await zory.submit(zory.modal, {"email": "rozwoj@zory.example.org"})).ok
    await hub.settle()
    assert len(hub.texts("koordynatorka")) == before


async def limited(hub: RunningHub, name: str = "zory") -> None:
    await press(hub, name, ids.LIMIT_DATA)
    await hub.settle()


def heard(hub: RunningHub) -> list[str]:
    """What the bot wrote to a person by itself, not as an answer."""
    return [text for text in hub.texts("zory") if "Państwa dane" not in text and not text.startswith("`/pim`")]


async def test_whoever_limits_the_use_of_their_data_is_left_alone_until_they_end_it(hub: RunningHub) -> None:
    await hub.meet("zory", "zory2")
    wanted = replace(draft("Woda", "2022-02-10"), answer_by=None)
    async with hub.parts.storage.work() as work:
        await schedule_activity(work, CLI, "pim2-2021-2023", wanted, now=hub.parts.clock())
    await hub.settle()
    zory = next(
        id_ for id_, email in await hub.rows(member, member.c.id, member.c.email) if email and "rozwoj@zory" in email
    )

    async def planned() -> set[str]:
        rows = await hub.rows(due_item, due_item.c.member_id, due_item.c.state)
        return {state for who, state in rows if who == zory}

    assert "planned" in await planned()
    before = heard(hub)
    await limited(hub)
    assert await planned() == {"dropped"}
    async with hub.parts.storage.work() as work:
        later = replace(wanted, title="Zieleń", starts_at=wanted.starts_at + timedelta(days=1),
                        ends_at=wanted.ends_at + timedelta(days=1))  # fmt: skip
        await schedule_activity(work, CLI, "pim2-2021-2023", later, now=hub.parts.clock())
    await hub.wind(days=29)
    assert heard(hub) == before
    assert any("Zieleń" in text for text in hub.texts("zory2"))
    assert "ograniczone" in await told(hub, "zory")

    async with hub.parts.storage.work() as work:
        again = replace(wanted, title="Powrót", starts_at=wanted.starts_at + timedelta(days=40),
                        ends_at=wanted.ends_at + timedelta(days=40))  # fmt: skip
        await schedule_activity(work, CLI, "pim2-2021-2023", again, now=hub.parts.clock())
    await hub.settle()
    await press(hub, "zory", ids.LIFT_LIMIT)
    await hub.settle()
    assert "planned" in await planned()
    await hub.wind(days=40)
    assert any("Powrót" in text for text in hub.texts("zory"))


async def test_what_was_on_its_way_to_somebody_who_limits_is_not_sent(hub: RunningHub) -> None:
    await hub.meet("zory")
    async with hub.parts.storage.engine.begin() as connection:
        mine = select(recipient.c.id).where(recipient.c.address == "UZORY").scalar_subquery()
        await connection.execute(
            notification.update()
            .where(notification.c.recipient_id == mine)
            .values(state="planned", not_before=hub.parts.clock(), ts="")
        )
        await connection.execute(member.update().where(member.c.email == "rozwoj@zory.example.org").values(
            restricted_at=hub.parts.clock()
        ))  # fmt: skip
    before = len(hub.texts("zory"))
    await hub.settle()
    assert len(hub.texts("zory")) == before
    assert {state for (state,) in await hub.rows(notification, notification.c.state)} & {"planned", "sending"} == set()

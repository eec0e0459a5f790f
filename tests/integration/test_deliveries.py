"""What did not arrive: seen by coordinators, sent again or left, on the command line and in chat by the same act."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.notifications.deciding import drop_delivery, resend_delivery
from pim_bot.notifications.intent import State
from pim_bot.notifications.ledger import Wanted
from pim_bot.playground.model import Message
from pim_bot.programme.people import Actor
from pim_bot.storage.tables.activities import activity
from pim_bot.storage.tables.flow import audit, event_log, notification
from pim_bot.storage.tables.people import recipient
from tests.hub import BOT, RunningHub
from tests.integration.test_walk import schedule

CLI = Actor(door="command-line")


async def without_bot(hub: RunningHub) -> None:
    """Take the bot out of the network's channel, so that the announcement fails."""
    await hub.meet()
    hub.slack.workspace.conversation("CZIELONE").members.remove(BOT)


async def ids(hub: RunningHub, **wanted: str) -> list[str]:
    """The ids of the messages with these columns, in the order of their making."""
    conditions = [notification.c[name] == value for name, value in wanted.items()]
    async with hub.parts.storage.engine.connect() as connection:
        found = await connection.execute(select(notification.c.id).where(*conditions).order_by(notification.c.id))
        return list(found.scalars())


async def put(hub: RunningHub, notification_id: str, **values: Any) -> None:
    """Bring a message into a state that takes a fault of the chat to come about."""
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(update(notification).where(notification.c.id == notification_id).values(**values))


async def state_of(hub: RunningHub, notification_id: str) -> tuple[str, str]:
    async with hub.parts.storage.reading() as work:
        entry = await work.ledger.entry(notification_id)
    assert entry is not None
    return entry.state.value, entry.error


def buttons(message: Message) -> list[str]:
    """The buttons of a message, each by its action and the end of its value."""
    return [
        element["action_id"] for block in message.blocks if block["type"] == "actions" for element in block["elements"]
    ]


def to_decide(message: Message) -> list[str]:
    """The buttons of a list by which a person decides about a message."""
    return [one for one in buttons(message) if one.startswith("delivery.")]


def details(message: Message) -> list[str]:
    """The lines of details of a message."""
    return [block["elements"][0]["text"] for block in message.blocks if block["type"] == "context"]


async def test_a_coordinator_sees_what_failed_sends_it_again_and_the_list_shows_it(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    planner = hub.user("koordynatorka")
    told = planner.last()
    assert (told.text.splitlines()[0], buttons(told)) == (
        (
            "Nie dotarła wiadomość (ogłoszenie wydarzenia). Bot nie jest w kanale #pim-zielone. "
            "Prosimy wpisać w nim: /invite @pim_bot"
        ),
        ["deliveries.show"],
    )
    answer = await planner.command("/pim", "doręczenia")
    assert answer.text.startswith("Na Państwa decyzję albo na wysłanie czeka 1 wiadomość. Lista")
    await hub.settle()
    shown = planner.last()
    assert to_decide(shown) == ["delivery.resend", "delivery.drop"]
    assert (
        "kanał #pim-zielone – ogłoszenie wydarzenia: Woda opadowa w mieście. Wiadomość: nie dotarła. "
        "Termin: poniedziałek, 10 stycznia 2022, 9:00. Bot nie jest w kanale #pim-zielone."
    ) in shown.text
    hub.slack.workspace.conversation("CZIELONE").members.append(BOT)
    await planner.click(shown, "delivery.resend")
    await hub.settle()
    assert [message.text.split(":")[0] for message in hub.channel()] == ["Woda opadowa w mieście"]
    assert to_decide(shown) == []
    assert details(shown)[0] == (
        "Decyzja: wysłać ponownie (Koordynatorka (przykład), poniedziałek, 10 stycznia 2022, 9:00)."
    )
    assert "nie dotarła" not in shown.text
    assert "Woda opadowa w mieście. Wiadomość: " in shown.text
    assert "Decyzja: wysłać ponownie (Koordynatorka (przykład), " in shown.text


async def test_what_fails_again_after_a_decision_can_be_decided_again(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "doręczenia")
    await hub.settle()
    shown = planner.last()
    await planner.click(shown, "delivery.resend")
    await hub.settle()
    assert to_decide(shown) == ["delivery.resend", "delivery.drop"]
    assert details(shown)[0].startswith("Decyzja: wysłać ponownie")


async def test_one_decision_ends_the_buttons_on_every_list_and_a_late_click_is_told_why(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    planner = hub.user("koordynatorka")
    (failed,) = await ids(hub, state="failed")
    for command in ("doręczenia", "WYSYLKA", "deliveries"):
        await planner.command("/pim", command)
        await hub.settle()
    lists = [message for message in planner.messages() if "delivery.drop" in buttons(message)]
    assert len(lists) == 3
    old = lists[0].blocks
    await planner.click(lists[1], "delivery.drop")
    await hub.settle()
    assert [to_decide(message) for message in lists] == [[], [], []]
    assert await state_of(hub, failed) == ("dropped", "by-person")
    async with hub.parts.storage.work() as work:  # as if somebody had still looked at the old list
        with pytest.raises(Refused, match="jest już pominięta"):
            await drop_delivery(work, CLI, failed, now=hub.parts.clock())
    assert any(
        element["value"] == failed for block in old if block["type"] == "actions" for element in block["elements"]
    )


async def test_only_coordinators_see_deliveries_and_decide(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    (failed,) = await ids(hub, state="failed")
    for name in ("opiekunka", "ekspert", "ministerstwo", "zory"):
        answer = await hub.user(name).command("/pim", "doręczenia")
        assert answer.text.startswith("Do tego potrzebna jest inna rola w programie.")
        async with hub.parts.storage.work() as work:
            member = await work.people.by_chat_user(hub.slack.workspace.team_id, f"U{name.upper()}")
            for decide in (resend_delivery, drop_delivery):
                with pytest.raises(NotAllowed):
                    await decide(work, Actor(door="chat", member=member), failed, now=hub.parts.clock())
    assert await state_of(hub, failed) == ("failed", "not-invited")


async def test_a_decision_is_an_act_with_an_event_and_an_audit_row(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    (failed,) = await ids(hub, state="failed")
    async with hub.parts.storage.work() as work:
        await drop_delivery(work, CLI, failed, now=hub.parts.clock())
    async with hub.parts.storage.work() as work:
        await resend_delivery(work, CLI, failed, now=hub.parts.clock())
    subject = f"notification:{failed}"
    rows = await hub.rows(None, audit.c.subject, audit.c.actor, audit.c.door, audit.c.action, audit.c.id)
    assert [row[1:4] for row in sorted(rows, key=lambda row: row[4]) if row[0] == subject] == [
        ("worker", "worker", "DeliveryFailed"),
        ("command-line", "command-line", "DeliveryDropped"),
        ("command-line", "command-line", "DeliveryResent"),
    ]
    kinds = [row[1] for row in await hub.rows(None, event_log.c.subject, event_log.c.type) if row[0] == subject]
    assert sorted(kinds) == ["DeliveryDropped", "DeliveryFailed", "DeliveryResent"]


@pytest.mark.parametrize(
    ("values", "may_double", "said"),
    [
        ({"state": "sent"}, False, "Ta wiadomość już dotarła."),
        ({"state": "sent"}, True, "Ta wiadomość już dotarła."),
        ({"state": "planned"}, True, "Ta wiadomość i tak czeka na wysłanie."),
        ({"state": "sending"}, True, "Ta wiadomość jest właśnie wysyłana."),
        ({"state": "dropped", "error": "nothing-to-say"}, True, "Ta wiadomość nie jest już potrzebna"),
        ({"state": "folded"}, True, "Ta wiadomość idzie razem z innymi w jednej."),
        ({"state": "doubtful"}, False, "Ta wiadomość mogła dotrzeć i właśnie to sprawdzamy."),
        ({"state": "doubtful"}, True, ""),
        ({"state": "needs-human", "error": "unreadable"}, False, ""),
        ({"state": "failed", "error": "refused"}, False, ""),
        ({"state": "dropped", "error": "by-person"}, False, ""),
    ],
)
async def test_what_may_be_sent_again(hub: RunningHub, values: dict[str, str], may_double: bool, said: str) -> None:  # noqa: FBT001
    await hub.meet()
    await schedule(hub)
    (announced,) = await ids(hub, kind="announcement", operation="post")
    await put(hub, announced, **values)
    async with hub.parts.storage.work() as work:
        if said:
            with pytest.raises(Refused, match=said):
                await resend_delivery(work, CLI, announced, may_double=may_double, now=hub.parts.clock())
        else:
            await resend_delivery(work, CLI, announced, may_double=may_double, now=hub.parts.clock())
    expected = (values["state"], values.get("error", "")) if said else ("planned", "")
    assert await state_of(hub, announced) == expected
    if not said:
        await hub.settle()
        assert await state_of(hub, announced) == ("sent", "")
        assert len(hub.channel()) == 2  # it had arrived in truth, and a person asked for it once more


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("sent", "Ta wiadomość już dotarła, więc nie można jej pominąć."),
        ("sending", "Ta wiadomość jest właśnie wysyłana."),
        ("dropped", "Ta wiadomość jest już pominięta."),
        ("folded", "Ta wiadomość idzie razem z innymi w jednej."),
        ("planned", ""),
        ("doubtful", ""),
        ("failed", ""),
        ("needs-human", ""),
    ],
)
async def test_what_may_be_left(hub: RunningHub, state: str, said: str) -> None:
    await hub.meet()
    await schedule(hub)
    (announced,) = await ids(hub, kind="announcement", operation="post")
    await put(hub, announced, state=state)
    async with hub.parts.storage.work() as work:
        if said:
            with pytest.raises(Refused, match=said):
                await drop_delivery(work, CLI, announced, now=hub.parts.clock())
        else:
            await drop_delivery(work, CLI, announced, now=hub.parts.clock())
    assert await state_of(hub, announced) == ((state, "") if said else ("dropped", "by-person"))


async def test_a_message_that_is_not_there_is_said_so(hub: RunningHub) -> None:
    async with hub.parts.storage.work() as work:
        with pytest.raises(NotFound, match="Nie ma takiej wiadomości"):
            await resend_delivery(work, CLI, "nothing", now=hub.parts.clock())


async def test_a_worker_that_wakes_too_late_writes_nothing_over_a_decision(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    (announced,) = await ids(hub, kind="announcement", operation="post")
    await put(hub, announced, state="doubtful", lease_token="mine", started_at=datetime(2026, 3, 2, tzinfo=UTC))
    async with hub.parts.storage.work() as work:
        await drop_delivery(work, CLI, announced, now=hub.parts.clock())
    async with hub.parts.storage.work() as work:
        assert not await work.deliveries.settle(announced, "mine", state=State.SENT)
    assert await state_of(hub, announced) == ("dropped", "by-person")


async def test_troubles_come_first_then_what_is_newest(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    now = hub.parts.clock()
    (waiting, *_) = await ids(hub, kind="invitation", operation="post")
    await put(hub, waiting, state="planned", not_before=now - timedelta(minutes=6), sent_at=None)
    async with hub.parts.storage.reading() as work:
        found = await work.ledger.found(Wanted(), now=now)
        mine = await work.ledger.found(Wanted(who="zielen, zory"), now=now)
        failed = await work.ledger.found(Wanted(states=[State.FAILED], since=now - timedelta(days=1)), now=now)
        none = await work.ledger.found(Wanted(states=[State.FAILED], since=now + timedelta(days=1)), now=now)
    assert [(one.state, one.id == waiting) for one in found[:2]] == [(State.FAILED, False), (State.PLANNED, True)]
    assert {one.state for one in found[2:]} == {State.SENT}
    assert {one.name for one in mine} == {"Zieleń, Żory (przykład)"}
    assert [(one.address, one.error) for one in failed] == [("pim-zielone", "not-invited")]
    assert none == []


async def test_a_long_list_is_paged_and_every_page_fits(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    async with hub.parts.storage.engine.begin() as connection:
        people = select(recipient.c.id).where(recipient.c.kind == "member").scalar_subquery()
        mine = notification.c.recipient_id.in_(people)
        one = (await connection.execute(select(notification).where(mine).limit(1))).mappings().one()
        for number in range(19):
            row = dict(one) | {
                "id": f"n{number:02}",
                "key": f"k{number}",
                "occurrence": f"o{number}",
                "line": 1000 + number,
            }
            row |= {"state": "failed", "error": "refused", "sent_at": None, "ts": ""}
            await connection.execute(notification.insert().values(row))
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "doręczenia")
    await hub.settle()
    counted = []
    for _ in range(3):
        shown = planner.last()
        counted.append((buttons(shown).count("delivery.drop"), len(shown.blocks) <= 50))
        if "deliveries.more" in buttons(shown):
            await planner.click(shown, "deliveries.more")
            await hub.settle()
    assert counted == [(8, True), (8, True), (3, True)]


async def invitation_to(hub: RunningHub, name: str) -> str:
    """The id of somebody's invitation."""
    async with hub.parts.storage.reading() as work:
        member = await work.people.by_chat_user(hub.slack.workspace.team_id, f"U{name.upper()}")
    assert member is not None
    (invited,) = await ids(hub, kind="invitation", recipient_id=f"slack:member:{member.id}")
    return invited


async def test_what_is_sent_again_waits_for_the_hours_and_the_list_says_until_when(hub: RunningHub) -> None:
    await schedule(hub)
    invited, planner = await invitation_to(hub, "zory"), hub.user("koordynatorka")
    await hub.wind(hours=11)  # Monday, 20:00
    await put(hub, invited, state="failed", error="refused")
    await planner.command("/pim", "doręczenia")
    await hub.settle()
    shown, before = planner.last(), len(hub.texts("zory"))
    await planner.click(shown, "delivery.resend")
    await hub.settle()
    assert (await state_of(hub, invited), len(hub.texts("zory"))) == (("planned", ""), before)
    told = "Zostanie wysłana: wtorek, 11 stycznia 2022, 8:00 (czeka na godziny pracy)."
    assert (details(shown)[0].endswith(told), told in shown.text) == (True, True)
    await hub.wind(hours=12)
    assert (await state_of(hub, invited), len(hub.texts("zory"))) == (("sent", ""), before + 1)


@pytest.mark.parametrize("why", ["broke-through", "begins-soon"])
async def test_what_cannot_wait_is_sent_again_at_once(hub: RunningHub, why: str) -> None:
    await schedule(hub)
    invited = await invitation_to(hub, "zory")
    await hub.wind(hours=11)
    now = hub.parts.clock()
    if why == "broke-through":
        await put(hub, invited, state="failed", error="refused", not_before=now)
    else:
        await put(hub, invited, state="failed", error="refused", kind="cancelled")
        async with hub.parts.storage.engine.begin() as connection:
            await connection.execute(update(activity).values(starts_at=now + timedelta(hours=13)))
    async with hub.parts.storage.work() as work:
        entry = await resend_delivery(work, CLI, invited, now=now)
    assert (entry.not_before, entry.held_why) == (now, "")


async def test_a_list_knows_nothing_of_lists_and_announces_no_buttons_where_there_are_none(hub: RunningHub) -> None:
    await schedule(hub)
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "doręczenia")
    (first,) = await ids(hub, kind="deliveries")
    await put(hub, first, not_before=hub.parts.clock() - timedelta(minutes=10))
    answer = await planner.command("/pim", "doręczenia")
    assert answer.text.startswith(
        "Wszystko, co miało dotrzeć, dotarło. Lista ostatnio wysłanych przychodzi w wiadomości. Ostatnie 7 dni: "
    )
    assert "w drodze 0," in answer.text
    await hub.settle()
    assert planner.last().text.startswith("Doręczenia\nWszystko, co miało dotrzeć, dotarło.\nOstatnio wysłane\n")


async def test_what_was_sent_meanwhile_is_no_trouble_and_waits_for_nothing(hub: RunningHub) -> None:
    await schedule(hub)
    invited, planner, now = await invitation_to(hub, "zory"), hub.user("koordynatorka"), hub.parts.clock()
    was_due = now - timedelta(minutes=30)
    await put(hub, invited, state="planned", sent_at=None, not_before=was_due)
    answer = await planner.command("/pim", "doręczenia")
    assert answer.text.startswith("Na Państwa decyzję albo na wysłanie czeka 1 wiadomość. Lista z przyciskami ")
    await put(hub, invited, state="sent", sent_at=now)
    async with hub.parts.storage.engine.begin() as connection:  # an earlier message of this conversation is on its way
        order_key = select(notification.c.order_key).where(notification.c.id == invited).scalar_subquery()
        mine = (notification.c.order_key == order_key, notification.c.id != invited)
        await connection.execute(
            update(notification).where(*mine).values(state="planned", not_before=now + timedelta(9))
        )
        await connection.execute(update(notification).where(notification.c.id == invited).values(line=9999))
    await hub.settle()
    shown = planner.last()
    assert (to_decide(shown), shown.text.splitlines()[0]) == ([], "Doręczenia")
    assert "Czeka na wcześniejszą" not in shown.text
    assert "Ostatnio wysłane\nRozwój, Żory (przykład) – prośba o odpowiedź: Woda opadowa w mieście." in shown.text


async def test_a_list_may_be_about_one_person(hub: RunningHub) -> None:
    await schedule(hub)
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "doręczenia ZORY (przykład)")
    await hub.settle()
    told = [line for line in planner.last().text.splitlines() if " – " in line]
    assert told != []
    assert [line for line in told if "Żory (przykład)" not in line] == []
    answer = await planner.command("/pim", "doręczenia nikt taki")
    assert answer.text.startswith("Nie ma takich wiadomości z ostatnich 7 dni: nikt taki.")
    assert len(await ids(hub, kind="deliveries")) == 1

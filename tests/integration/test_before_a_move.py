"""Before something is moved or called off, the person sees what that changes; nothing is saved until they confirm."""

from typing import Any

from pim_bot.playground.views import View
from pim_bot.programme.activity import Activity
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import cancel_activity
from pim_bot.storage.tables.activities import activity
from tests.hub import RunningHub
from tests.integration.test_plan import dump
from tests.integration.test_walk import schedule

CLI = Actor(door="command-line")
FRIDAY = "piątek, 14 stycznia 2022, 15:59"
TO_SATURDAY = {"Początek": "2022-02-05", "Koniec": None, "Zgłoszenia do": "2022-02-01"}


def lines(view: View | None) -> list[str]:
    """What stands on a screen, line by line."""
    assert view is not None
    return [line for block in view.blocks if block["type"] == "section" for line in block["text"]["text"].splitlines()]


async def planned(hub: RunningHub) -> Activity:
    rows = await hub.rows(None, activity.c.id, activity.c.title)
    (activity_id,) = [key for key, title in rows if title == "Woda opadowa w mieście"]
    async with hub.parts.storage.reading() as work:
        found = await work.activities.get(activity_id)
    assert found is not None
    return found


async def shown_before_a_move(hub: RunningHub, **typed: Any) -> list[str]:
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.move")
    outcome = await planner.submit(planner.modal, typed)
    assert outcome.errors_by_label == {}
    return lines(planner.modal)


async def test_what_a_move_changes_is_shown_and_nothing_is_saved(hub: RunningHub) -> None:
    await schedule(hub)
    before = await dump(hub)
    shown = await shown_before_a_move(hub, **TO_SATURDAY)
    assert shown == [
        "*Woda opadowa w mieście*",
        "Obecny termin: czwartek, 20 stycznia 2022, 10:00–15:00",
        "Nowy termin: sobota, 5 lutego 2022, 10:00–15:00",
        "*Uwaga*",
        "• Nowy termin to dzień wolny: weekend.",
        "*Kto się dowie*",
        "• Od razu w kanałach: #pim-zielone.",
        "• Wiadomość dostaną: 6 osób, w tym 2 zespoły miast.",
        "• W miejscu zmieni się: 8 wcześniejszych wiadomości.",
        "*Przypomnienia*",
        "• 7 dni do terminu zgłoszeń: nowe, środa, 26 stycznia 2022, 8:00 (5 osób)",
        f"• 1 dzień do terminu zgłoszeń: {FRIDAY} → poniedziałek, 31 stycznia 2022, 15:59 (5 osób)",
        "• 7 dni do początku: czwartek, 13 stycznia 2022, 10:00 → poniedziałek, 31 stycznia 2022, 8:00 (6 osób)",
        "• 1 dzień do początku: środa, 19 stycznia 2022, 10:00 → piątek, 4 lutego 2022, 10:00 (6 osób)",
    ]
    assert await dump(hub) == before


async def test_what_was_shown_is_what_happens_once_it_is_confirmed(hub: RunningHub) -> None:
    await schedule(hub)
    sent = {name: len(hub.texts(name)) for name in ("zory", "zory2", "ekspert", "opiekunka", "ministerstwo", "lublin")}
    shown = await shown_before_a_move(hub, **TO_SATURDAY)
    planner = hub.user("koordynatorka")
    assert (await planner.submit(planner.modal)).ok
    assert lines(planner.modal) == ["Nowy termin jest zapisany: Woda opadowa w mieście."]
    await planner.close()
    assert planner.modal is None
    await hub.settle()
    gained = {name: len(hub.texts(name)) - count for name, count in sent.items()}
    assert (gained, len(hub.channel())) == (dict.fromkeys(sent, 1), 2)
    await hub.wind(days=26)
    reminded = [text for text in hub.texts("ekspert") if text.startswith("Przypominamy")]
    assert len(reminded) == 3  # those that were shown, two of them in one message
    assert any("7 dni do terminu zgłoszeń: nowe" in line for line in shown)


async def test_going_back_keeps_what_was_typed(hub: RunningHub) -> None:
    await schedule(hub)
    await shown_before_a_move(hub, **TO_SATURDAY)
    planner = hub.user("koordynatorka")
    await planner.close()
    assert planner.modal is not None
    assert planner.modal.values["starts_at"]["value"]["selected_date"] == "2022-02-05"
    assert (await planned(hub)).revision == 1


async def test_a_move_that_changes_nothing_asks_nothing(hub: RunningHub) -> None:
    await schedule(hub)
    assert await shown_before_a_move(hub) == ["Termin pozostaje bez zmian: Woda opadowa w mieście."]


async def test_a_near_move_in_the_evening_says_who_is_told_at_once_although_it_is_quiet(hub: RunningHub) -> None:
    await schedule(hub)
    await hub.wind(days=8, hours=10)  # Tuesday, 19:00
    near = await shown_before_a_move(hub, **{"Początek": "2022-01-19", "Zgłoszenia do": None})
    assert "• Od razu, mimo czasu wolnego od pracy: 6 osób, bo termin jest bliski." in near
    await hub.user("koordynatorka").close(all_of_them=True)
    far = await shown_before_a_move(hub, **{"Początek": "2022-02-03", "Zgłoszenia do": None})
    assert "• Dopiero środa, 19 stycznia 2022, 8:00, w godzinach pracy: 6 osób." in far


async def test_reminders_that_fall_away_and_what_stands_at_the_same_time_are_shown(hub: RunningHub) -> None:
    await schedule(hub)
    await schedule(hub, **{"Tytuł": "Zieleń w mieście", "Początek": "2022-01-12", "Zgłoszenia do": None})
    shown = await shown_before_a_move(hub, **{"Początek": "2022-01-12", "Zgłoszenia do": None})
    assert [line for line in shown if "W tym samym czasie" in line] == [
        "• W tym samym czasie: Zieleń w mieście: środa, 12 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie)"
    ]
    assert "• 7 dni do początku: odpada, było czwartek, 13 stycznia 2022, 10:00 (6 osób)" in shown


async def test_whoever_confirms_what_has_changed_meanwhile_sees_the_newer_state_and_confirms_again(
    hub: RunningHub,
) -> None:
    await schedule(hub)
    first, second = hub.user("koordynatorka"), hub.user("opiekunka")
    for person, day in ((first, "2022-02-05"), (second, "2022-02-08")):
        await person.command("/pim", "terminy")
        await person.click(person.last(), "activity.move")
        await person.submit(person.modal, TO_SATURDAY | {"Początek": day})
        assert "Obecny termin: czwartek, 20 stycznia 2022, 10:00–15:00" in lines(person.modal)
    await first.submit(first.modal)
    await second.submit(second.modal)
    assert lines(second.modal)[:4] == [
        "To wydarzenie zmieniło się od otwarcia formularza. Poniżej są aktualne dane; prosimy je sprawdzić.",
        "*Woda opadowa w mieście*",
        "Obecny termin: sobota, 5 lutego 2022, 10:00–15:00",
        "Nowy termin: wtorek, 8 lutego 2022, 10:00–15:00",
    ]
    assert (await planned(hub)).revision == 2
    await second.submit(second.modal)
    assert lines(second.modal) == ["Nowy termin jest zapisany: Woda opadowa w mieście."]
    found = await planned(hub)
    assert (found.revision, found.first_day.isoformat()) == (3, "2022-02-08")


async def test_whoever_confirms_the_move_of_what_was_called_off_is_told_so(hub: RunningHub) -> None:
    await schedule(hub)
    await shown_before_a_move(hub, **TO_SATURDAY)
    activity_id = (await planned(hub)).id
    async with hub.parts.storage.work() as work:
        await cancel_activity(work, CLI, activity_id, reason="", now=hub.parts.clock())
    planner = hub.user("koordynatorka")
    await planner.submit(planner.modal)
    assert lines(planner.modal) == ["To wydarzenie jest już odwołane. Aktualną listę pokaże polecenie /pim terminy."]


async def test_the_form_that_calls_an_activity_off_says_who_will_be_told(hub: RunningHub) -> None:
    await schedule(hub)
    before = await dump(hub)
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.cancel")
    assert lines(planner.modal) == [
        "*Woda opadowa w mieście*",
        "czwartek, 20 stycznia 2022, 10:00–15:00",
        "Osoby zaproszone dostaną wiadomość. Odwołania nie można cofnąć.",
        "Od razu w kanałach: #pim-zielone.",
        "Wiadomość dostaną: 6 osób, w tym 2 zespoły miast.",
        "W miejscu zmieni się: 8 wcześniejszych wiadomości.",
        "Odpadnie: 17 przypomnień.",
    ]
    assert await dump(hub) == before

"""Questions in plain words, from the message to the answer and to the form that its button opens."""

import json
from collections.abc import AsyncIterator

import pytest

from pim_bot.playground.model import Message
from pim_bot.storage.tables.flow import notification
from pim_bot.storage.tables.people import identity
from pim_bot.storage.tables.privacy import notice
from pim_bot.storage.tables.questions import question_count
from tests.engines import Engines
from tests.hub import BOT, RunningHub, import_text, running_hub, shipped
from tests.integration.test_walk import LINE, schedule
from tests.questions.programme import listed


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await schedule(running)
        yield running


async def asked(hub: RunningHub, name: str, text: str) -> Message:
    """Ask the bot directly; tells what it answers."""
    before = len(hub.texts(name))
    await hub.user(name).say(text)
    await hub.settle()
    assert len(hub.texts(name)) == before + 1
    return hub.user(name).messages()[-1]


def buttons(message: Message) -> list[tuple[str, str]]:
    """The buttons of a message: label and value."""
    elements = [one for block in message.blocks for one in block.get("elements", ()) if block["type"] == "actions"]
    return [(one["text"]["text"], one["value"]) for one in elements]


async def test_the_next_workshop_is_told_with_the_way_to_answer(hub: RunningHub) -> None:
    said = await asked(hub, "zory", "Kiedy i gdzie najbliższe warsztaty?")
    assert said.text.splitlines()[0] == f"Najbliższe: {LINE}."
    said = await asked(hub, "zory", "o ktorej zaczynamy w lublinie")
    assert said.text.splitlines()[0] == f"Najbliższe: {LINE}."
    assert [label for label, _ in buttons(said)] == ["Odpowiedz"]
    said = await asked(hub, "lublin", "When should we be in Poznań?")
    assert said.text == ("Next: Piąta wizyta studyjna Sieci Miast Zielonych: 7–9 November 2022, Poznań (on site).")


async def test_what_nobody_planned_and_nobody_knows_is_said(hub: RunningHub) -> None:
    said = await asked(hub, "zory", "Kiedy warsztaty w Pcimiu?")
    assert said.text == "Nie ma w planie wydarzenia, które pasuje do „Pcimiu”."
    said = await asked(hub, "koordynatorka", "Ile konsultacji miał Pcim?")
    assert said.text == "Nie ma w programie miasta o nazwie „Pcim”."
    await import_text(hub.parts, shipped("pim3-2024-2026.yaml"))
    said = await asked(hub, "koordynatorka", "Ile konsultacji miał Rybnik?")
    assert said.text == "Rybnik: to miasto nie bierze udziału w tej edycji."


async def test_of_two_cities_it_asks_which_and_a_tap_answers(hub: RunningHub) -> None:
    said = await asked(hub, "koordynatorka", "Ile konsultacji miały Żory i Lublin?")
    assert said.text.splitlines()[0] == "O które miasto chodzi?"
    assert [label for label, _ in buttons(said)] == ["Żory", "Lublin"]
    await hub.user("koordynatorka").click(said, "question.ask/1")
    await hub.settle()
    assert hub.texts("koordynatorka")[-1] == "Lublin: sesje doradztwa: 0, godziny razem: 0."


async def test_what_is_not_understood_gets_the_nearest_and_is_counted_without_a_word(hub: RunningHub) -> None:
    said = await asked(hub, "zory", "Kowalski pyta, kto z miasta i sieci?")
    assert said.text.splitlines()[0] == "Nie wiem, o co chodzi w tym pytaniu. Może o jedno z tych:"
    assert len(buttons(said)) == 3
    await hub.user("zory").click(said, "question.ask/0")
    await hub.settle()
    assert not hub.texts("zory")[-1].startswith("Nie wiem")
    assert await hub.rows(question_count) == [("2022-01", "", "city network who", 1)]
    assert "Kowalski" not in repr(await hub.rows(notification))
    await hub.user("koordynatorka").command("/pim", "pytania")
    assert hub.user("koordynatorka").last().text.splitlines()[:2] == [
        "Pytania z trzech miesięcy: 1, w tym niezrozumiane: 1.",
        "Niezrozumiane 1×, pojęcia: city network who",
    ]
    await hub.user("zory").command("/pim", "pytania")
    assert hub.user("zory").last().text.startswith("Do tego potrzebna jest inna rola w programie.")


@pytest.mark.parametrize(
    ("name", "text", "action", "typed"),
    [
        (
            "koordynatorka",
            "Dodaj wydarzenie: konferencja 28 marca o 10",
            "activity.new",
            {"kind": "konferencja", "starts_at": "2022-03-28", "starts_time": "10:00"},
        ),
        ("ekspert", "Zapisz notatkę z konsultacji z Żorami: łąki", "session.new", {"cities": ["zory"]}),
        ("zory", "Mam pytanie do eksperta: jak policzyć retencję?", "session.ask", {"city": "zory"}),
        ("zory", "Chcemy umówić konsultację w przyszłym tygodniu", "session.ask", {"city": "zory"}),
        (
            "zory",
            "Mamy uwagę do PU: brakuje terminu",
            "contribution.new",
            {"document": "PU/pim2-2021-2023/miasto-zielone", "type": "comment"},
        ),
        (
            "ekspert",
            "Dodaj rekomendację do PU: zmiany prawne",
            "contribution.new",
            {"document": "PU/pim2-2021-2023/miasto-zielone", "type": "recommendation"},
        ),
    ],
)
async def test_what_would_change_something_opens_the_filled_form_and_changes_nothing(
    hub: RunningHub, name: str, text: str, action: str, typed: dict[str, object]
) -> None:
    said = await asked(hub, name, text)
    assert len(buttons(said)) == 1
    await hub.user(name).click(said, action)
    view = hub.user(name).modal
    assert view is not None
    standing = {field: _standing(values) for field, values in view.values.items()}
    assert {field: standing.get(field) for field in typed} == typed
    assert "retencję" not in repr(said.blocks)


def _standing(values: dict[str, dict[str, object]]) -> object:
    """What stands in a field of a form."""
    state = json.loads(json.dumps(next(iter(values.values()))))
    if "selected_options" in state:
        return [one["value"] for one in state["selected_options"]]
    if state.get("selected_option"):
        return state["selected_option"]["value"]
    return next((state[one] for one in ("selected_date", "selected_time", "value") if state.get(one)), None)


async def test_the_team_registers_the_planner_moves_and_marks(hub: RunningHub) -> None:
    said = await asked(hub, "zory", "Zgłaszam dwie osoby")
    await hub.user("zory").click(said, "attend.register")
    assert hub.user("zory").modal is not None
    said = await asked(hub, "koordynatorka", "Kto nie potwierdził udziału?")
    assert "Miasta bez odpowiedzi (10)" in said.text
    assert [label for label, _ in buttons(said)] == ["Przypomnij tym osobom", "Lista do Excela"]
    said = await asked(hub, "koordynatorka", "Przełóż warsztaty w Lublinie")
    await hub.user("koordynatorka").click(said, "activity.move")
    assert hub.user("koordynatorka").modal is not None
    said = await asked(hub, "zory", "Kto nie potwierdził udziału?")
    assert said.text == "Odpowiedzi widzą osoby, które planują wydarzenia sieci."


async def test_names_of_those_who_go_are_for_their_team_and_the_planners(hub: RunningHub) -> None:
    await hub.user("zory").click(hub.user("zory").last(), "attend.going")
    await hub.settle()
    told = {
        name: (await asked(hub, name, "Kto jedzie z Żor do Lublina?")).text
        for name in ("zory", "ekspert", "koordynatorka")
    }
    going, named = "Żory: udział potwierdzony", "Rozwój, Żory (przykład)"
    assert {name: (going in text, named in text) for name, text in told.items()} == {
        "zory": (True, True),
        "ekspert": (True, False),
        "koordynatorka": (True, True),
    }


async def test_a_mention_is_answered_in_its_thread_with_what_everybody_may_read_else_in_private(
    hub: RunningHub,
) -> None:
    before = len(hub.channel())
    question = await hub.user("zory").say(
        f"@{hub.slack.workspace.users[BOT].name} kiedy najbliższe warsztaty?", channel="CZIELONE"
    )
    await hub.settle()
    (said,) = hub.channel()[before + 1 :]
    assert (said.thread_ts, said.text.splitlines()[0]) == (question.ts, f"Najbliższe: {LINE}.")
    assert buttons(said) == []
    direct = len(hub.texts("zory"))
    await hub.user("zory").say(f"@{hub.slack.workspace.users[BOT].name} kto jest naszym ekspertem?", channel="CZIELONE")
    await hub.settle()
    assert len(hub.channel()) == before + 3
    assert hub.texts("zory")[direct:] == [
        (
            "Ekspertki i eksperci Banku Światowego:\nMiasto Zielone: Ekspert zieleni (przykład)\n"
            "Wszystkie przypisania pokaże /pim eksperci."
        )
    ]


async def test_a_question_in_a_thread_is_answered_there(hub: RunningHub) -> None:
    first = await hub.user("zory").say("Stan MID-ów")
    await hub.user("zory").say("Co potrafisz?", thread_ts=first.ts)
    await hub.settle()
    assert [one.thread_ts for one in hub.user("zory").messages()[-2:]] == [None, first.ts]


async def test_the_first_answer_carries_the_notice_and_only_the_first(hub: RunningHub) -> None:
    assert [row for row in await hub.rows(notice) if "UZORY2" in row] == []
    first = await asked(hub, "zory2", "Kto jest naszym ekspertem?")
    second = await asked(hub, "zory2", "Kto jest naszym ekspertem?")
    assert ["Dane osobowe: administratorem" in repr(one.blocks) for one in (first, second)] == [True, False]
    assert len([row for row in await hub.rows(notice) if "UZORY2" in row]) == 1


async def test_whoever_is_not_known_yet_is_matched_by_e_mail(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        await hub.user("zory").say("Kiedy najbliższe warsztaty?")
        assert ("UZORY", "new") in await hub.rows(identity, identity.c.user_id, identity.c.state)
        await hub.settle()
        assert ("UZORY", "matched") in await hub.rows(identity, identity.c.user_id, identity.c.state)
        assert hub.texts("zory")[0].startswith("Dzień dobry, Rozwój, Żory (przykład).")
        said = await asked(hub, "zory", "Kiedy najbliższe warsztaty?")
        assert said.text.startswith("Najbliższe: ")


async def test_every_phrase_of_the_programme_has_an_answer_in_both_languages(hub: RunningHub) -> None:
    for name, language in (("zory", "pl"), ("lublin", "en")):
        for one in listed("phrases.yaml"):
            said = await asked(hub, name, one[language])
            assert not said.text.startswith(("Nie wiem", "I do not know")), one[language]


async def test_topics_are_opened_by_whoever_plans_and_spoken_for_by_cities_alone(hub: RunningHub) -> None:
    said = await asked(hub, "opiekunka", "Zbierzmy tematy na warsztaty")
    await hub.user("opiekunka").click(said, "topics.open", block_id=said.blocks[2]["block_id"])
    assert (await hub.user("opiekunka").submit(hub.user("opiekunka").modal)).ok
    await hub.settle()
    seen = {
        name: [label for label, _ in buttons(await asked(hub, name, "Jakie tematy na warsztaty?"))]
        for name in ("zory", "opiekunka", "ekspert")
    }
    assert seen == {"zory": ["Zgłoś lub poprzyj"], "opiekunka": ["Zmień termin zbierania"], "ekspert": []}


async def test_experts_are_assigned_and_replaced_by_the_coordination_alone(hub: RunningHub) -> None:
    said = await asked(hub, "koordynatorka", "Przypisz eksperta do Żor")
    assert buttons(said) == [("Przypisz eksperta/kę", '{"city": ["zory"]}')]
    planner = hub.user("koordynatorka")
    await planner.click(said, "assignment.new")
    assert planner.modal is not None
    assert _standing(planner.modal.values["city"]) == ["zory"]
    filled = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Do": "2022-12-31"}
    assert (await planner.submit(planner.modal, filled)).errors_by_label == {}
    said = await asked(hub, "koordynatorka", "Zastąpmy eksperta w Żorach")
    assert [label for label, _ in buttons(said)] == ["Zastąp", "Zakończ", "Przypisz eksperta/kę"]
    said = await asked(hub, "koordynatorka", "Zastąpmy eksperta w Lublinie")
    assert [label for label, _ in buttons(said)] == ["Przypisz eksperta/kę"]
    said = await asked(hub, "opiekunka", "Przypisz eksperta do Żor")
    assert said.text == "Ekspertki i ekspertów przypisuje koordynacja programu."


async def test_a_guardian_means_the_workshop_of_the_own_network(hub: RunningHub) -> None:
    said = await asked(hub, "opiekunka", "Dodaj wydarzenie: warsztaty 3 lutego o 10")
    assert said.text == "Nowe wydarzenie: Warsztaty sieci, czwartek, 3 lutego 2022, 10:00."
    guardian = hub.user("opiekunka")
    await guardian.click(said, "activity.new")
    assert (await guardian.submit(guardian.modal, {"Tytuł": "Łąki", "Koniec, godzina": "12:00"})).errors_by_label == {}
    await hub.settle()
    assert hub.channel()[-1].text.startswith("Łąki: czwartek, 3 lutego 2022, 10:00–12:00")


async def test_the_network_that_a_question_names_is_chosen_in_the_second_step(hub: RunningHub) -> None:
    said = await asked(hub, "koordynatorka", "Dodaj wydarzenie: warsztaty sieci cyfrowej 3 lutego o 9")
    planner = hub.user("koordynatorka")
    await planner.click(said, "activity.new")
    assert (await planner.submit(planner.modal, {"Tytuł": "Dane", "Koniec, godzina": "12:00"})).errors_by_label == {}
    await hub.settle()
    said = await asked(hub, "koordynatorka", "Kiedy warsztaty sieci cyfrowej?")
    assert said.text == "Najbliższe: Dane: czwartek, 3 lutego 2022, 9:00–12:00, stacjonarnie."


async def test_a_network_that_is_named_in_english_is_the_one_that_is_meant(hub: RunningHub) -> None:
    said = await asked(hub, "lublin", "Send the agenda to the digital network")
    assert said.text == "No such activity is planned."

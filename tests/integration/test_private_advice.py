"""Private advice stays private: what was said in a session reaches its city and its experts, on no door anybody else.

Every door is walked by the ministry's guardian of the very network; the coordinator sees the facts.
"""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from pim_bot.storage.tables.activities import activity
from pim_bot.storage.tables.flow import audit, event_log, notification
from tests.engines import Engines
from tests.hub import BOT, USERS, RunningHub, running_hub
from tests.integration.test_sessions import asked, logged, offered

AGREED, NEXT, NOTES, CORRECTION, OWNER = "Tajna łąka", "Tajny krok", "Tajna notatka", "Tajna poprawka", "Tajny wydział"
SECRETS = (AGREED, NEXT, NOTES, CORRECTION, OWNER)
READERS = {"ekspert", "zory", "zory2"}


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await logged(running, Ustalenia=AGREED, **{"Dalsze kroki": NEXT})
        expert, zory = running.user("ekspert"), running.user("zory")
        await expert.click(expert.last(), "session.detail")
        await expert.submit(expert.modal, {"Temat": "łąki kwietne"})
        await expert.submit(expert.modal, {"Notatki": NOTES, "Kto": OWNER, "Część MID": ["wyzwanie"]})
        await running.settle()
        await zory.click(zory.last(), "session.correct")
        await zory.submit(zory.modal, {"Co jest inaczej": CORRECTION})
        await running.settle()
        await expert.click(
            next(one for one in reversed(expert.messages()) if one.text.startswith("Zapisane.")), "session.to-mid/zory"
        )
        await expert.submit(expert.modal)
        await running.settle()
        yield running


def told(text: object) -> set[str]:
    return {secret for secret in SECRETS if secret in str(text)}


async def test_messages_reach_the_city_and_its_experts_only(hub: RunningHub) -> None:
    await hub.wind(days=14)
    seen = {name: told([(one.text, one.blocks) for one in hub.user(name).messages()]) for name in USERS}
    assert {name for name, secrets in seen.items() if secrets} <= READERS
    assert seen["zory"] == {AGREED, NEXT, OWNER, CORRECTION}
    assert seen["ekspert"] == set(SECRETS)
    assert told([(one.text, one.blocks) for one in hub.channel()]) == set()


QUESTIONS = (
    "Co ustaliliśmy ostatnio?",
    "Co ustalono z Żorami?",
    "Co mamy przygotować na jutro?",
    "Co miasta mówiły o łąkach?",
    "Kto już robił łąki?",
    "Kto ma doświadczenie z tajną łąką?",
    "Pokaż MID Żor",
    "Co nam jeszcze brakuje w MID-zie?",
    "Ile konsultacji miały Żory?",
    "Które miasta nie odzywały się od miesiąca?",
    "Stan MID-ów",
    "Które miasta są zagrożone?",
    "Porównaj sieci",
    "Co nowego od poniedziałku?",
    "Jakie przepisy chcą zmienić miasta?",
)


async def test_questions_tell_words_to_few_and_the_fact_to_coordinators(hub: RunningHub) -> None:
    seen: dict[str, set[str]] = {}
    counted: dict[str, str] = {}
    for name in USERS:
        for text in QUESTIONS:
            await hub.user(name).say(text)
            await hub.settle()
            said = hub.user(name).messages()[-1]
            assert said.user == BOT
            seen[name] = seen.get(name, set()) | told((said.text, said.blocks))
            if text.startswith("Ile"):
                counted[name] = said.text
    assert {name for name, secrets in seen.items() if secrets} == READERS
    fact = "Żory: sesje doradztwa: 1, godziny razem: 2. Ostatni kontakt: poniedziałek, 10 stycznia 2022."
    private = counted["ministerstwo"]
    assert private.startswith("To jest sprawa miasta i jego ekspertów Banku Światowego")
    english = "This is between the city and its World Bank experts, so only they may read it."
    assert counted == {
        "koordynatorka": fact,
        "opiekunka": private,
        "ekspert": fact,
        "ministerstwo": private,
        "zory": fact,
        "zory2": fact,
        "lublin": f"{english} If needed, please ask the city's team.",
    }


async def test_the_list_shows_words_to_few_and_the_fact_to_coordinators(hub: RunningHub) -> None:
    shown = {}
    for name in USERS:
        await hub.user(name).command("/pim", "ustalenia Żory")
        last = hub.user(name).last()
        assert last.user == BOT
        shown[name] = f"{last.text} {last.blocks}"
    assert {name: told(text) for name, text in shown.items()} == {
        name: set(SECRETS) if name in READERS else set() for name in USERS
    }
    assert (
        "Doradztwo: Żory, 10 stycznia 2022, 2 h, temat: łąki kwietne, Ekspert zieleni (przykład)"
        in (shown["koordynatorka"])
    )
    assert "Części MID: Wyzwanie / problem" in shown["koordynatorka"]
    refused = "Ustalenia z doradztwa czyta tylko zespół miasta i jego eksperci BŚ."
    assert {name for name, text in shown.items() if refused in text} == {"opiekunka", "ministerstwo"}


async def test_other_lists_and_ledgers_say_nothing_of_it(hub: RunningHub) -> None:
    for name in ("ministerstwo", "koordynatorka", "opiekunka", "lublin"):
        for word in ("", "terminy", "terminy Żory", "moje dane", "doręczenia", "ustalenia", "pomoc"):
            await hub.user(name).command("/pim", word)
            await hub.settle()
    others = [name for name in USERS if name not in READERS]
    assert {name: told([(one.text, one.blocks) for one in hub.user(name).messages()]) for name in others} == {
        name: set() for name in others
    }


async def test_events_and_audit_hold_no_words(hub: RunningHub) -> None:
    async with hub.parts.storage.engine.connect() as connection:
        for table in (event_log, audit):
            rows = [tuple(row) for row in await connection.execute(select(table))]
            assert rows
            assert told(rows) == set()
        facts = [tuple(row) for row in await connection.execute(select(notification.c.facts))]
        assert told(facts) == set()


@pytest.mark.parametrize("name", ["ministerstwo", "koordynatorka", "lublin"])
async def test_an_export_of_somebody_else_holds_no_words(hub: RunningHub, name: str) -> None:
    async with hub.parts.storage.reading() as work:
        person = await work.privacy.person(USERS[name])
        found = await work.privacy.everything(person)
    assert told(found) == set()


async def test_the_question_of_a_request_reaches_the_other_side_only(hub: RunningHub) -> None:
    await asked(hub)
    await offered(hub, "2022-01-14T12:00+01:00")
    await hub.user("zory").click(hub.user("zory").last(), "session.choose/0")
    await hub.settle()
    await hub.wind(days=14)
    for name in USERS:
        await hub.user(name).command("/pim", "terminy Żory")
    seen = {
        name for name in USERS if "Kiedy kosić" in str([(one.text, one.blocks) for one in hub.user(name).messages()])
    }
    assert seen == {"ekspert"}
    async with hub.parts.storage.engine.connect() as connection:
        for table in (event_log, audit, activity):
            assert "Kiedy kosić" not in str([tuple(row) for row in await connection.execute(select(table))])

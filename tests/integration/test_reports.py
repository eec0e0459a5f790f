"""The short report after an activity: asked for, reminded of once, escalated once, shown where it was announced."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from pim_bot.storage.tables.activities import activity_report
from pim_bot.storage.tables.materials import material
from tests.engines import Engines
from tests.hub import USERS, RunningHub, import_text, running_hub, shipped
from tests.integration.test_walk import WORKSHOP, schedule

ASK = "Prosimy o krótką relację: kto przyszedł, co z tego wynikło, linki do materiałów. Dwie minuty."
WROTE = {
    "Odbyło się od": "2022-01-19",
    "Odbyło się do": "2022-01-20",
    "Co z tego wynikło": "Trzy miasta zaczynają od łąk",
    "Materiały": "Prezentacja o łąkach https://example.org/prezentacja\nhttps://example.org/zdjecia",
}


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


async def by_guardian(hub: RunningHub) -> None:
    """The guardian plans the workshop of 20 January."""
    guardian = hub.user("opiekunka")
    await guardian.command("/pim", "wydarzenie")
    outcome = await guardian.submit(guardian.modal, WORKSHOP)
    assert (outcome.errors_by_label, outcome.withheld) == ({}, {})
    await hub.settle()


def asked(hub: RunningHub, part: str) -> dict[str, int]:
    """How many messages with these words each person has."""
    found = {name: sum(part in text for text in hub.texts(name)) for name in USERS}
    return {name: count for name, count in found.items() if count}


async def test_whoever_planned_it_is_asked_then_reminded_once_and_then_the_coordinators_hear(hub: RunningHub) -> None:
    await by_guardian(hub)
    await hub.wind(days=12)
    assert asked(hub, ASK) == {"opiekunka": 1}
    await hub.wind(days=4)
    assert asked(hub, "Przypominamy o relacji.") == {"opiekunka": 1}
    assert asked(hub, "Nie ma jeszcze relacji") == {}
    await hub.wind(days=30)
    assert asked(hub, "Przypominamy o relacji.") == {"opiekunka": 1}
    assert asked(hub, "Nie ma jeszcze relacji") == {"koordynatorka": 1}


async def test_the_report_ends_the_questions_and_stands_in_the_announcement(hub: RunningHub) -> None:
    await by_guardian(hub)
    zory, guardian = hub.user("zory"), hub.user("opiekunka")
    await zory.click(zory.last(), "attend.register")
    assert (await zory.submit(zory.modal, {"Osoby": "Anna N."})).ok
    await hub.wind(days=12)
    await guardian.click(guardian.last(), "report.write")
    assert "Żory: Anna N." in str(guardian.modal and guardian.modal.body)
    outcome = await guardian.submit(guardian.modal, WROTE)
    assert (outcome.errors_by_label, outcome.withheld) == ({}, {})
    await hub.settle()
    columns = (name for name in ("held_from", "held_until", "came", "outcome", "revision"))
    assert await hub.rows(None, *(activity_report.c[name] for name in columns)) == [
        (
            date(2022, 1, 19),
            date(2022, 1, 20),
            "Żory: Anna N.",
            "Trzy miasta zaczynają od łąk",
            1,
        )
    ]
    assert await hub.rows(None, material.c.title, material.c.link) == [
        ("Prezentacja o łąkach", "https://example.org/prezentacja"),
        ("https://example.org/zdjecia", "https://example.org/zdjecia"),
    ]
    announced = str(hub.channel()[0].blocks)
    assert "Trzy miasta zaczynają od łąk" in announced
    assert "<https://example.org/prezentacja>" in announced
    assert "plan: " in announced  # the plan said one day
    assert "Anna N." not in announced
    confirmed = next(one for one in guardian.messages() if one.text.startswith("Wydarzenie jest zaplanowane"))
    assert "Anna N." in str(confirmed.blocks)
    question = next(one for one in guardian.messages() if "Relacja jest zapisana." in one.text)
    assert "report.write" not in str(question.blocks)
    await hub.wind(days=30)
    assert asked(hub, ASK) | asked(hub, "Nie ma jeszcze relacji") == {}


async def test_what_is_wrong_with_a_report_is_told_on_its_fields_all_at_once(hub: RunningHub) -> None:
    await by_guardian(hub)
    await hub.wind(days=12)
    guardian = hub.user("opiekunka")
    await guardian.click(guardian.last(), "report.write")
    wrong = {"Odbyło się do": "2022-01-19", "Co z tego wynikło": " \u200b ", "Materiały": "prezentacja.pdf"}
    outcome = await guardian.submit(guardian.modal, wrong)
    assert outcome.errors_by_label == {
        "Odbyło się do": "Koniec jest przed początkiem. Prosimy poprawić jedną z dat.",
        "Co z tego wynikło": "Prosimy napisać choć jedno zdanie.",
        "Materiały": "Każda linia ma się kończyć adresem, który zaczyna się od https://",
    }
    assert await hub.rows(activity_report) == []
    tomorrow = await guardian.submit(guardian.modal, {**WROTE, "Odbyło się do": "2022-02-20"})
    assert list(tomorrow.errors_by_label) == ["Odbyło się do"]


async def test_a_report_that_somebody_else_saved_meanwhile_is_not_overwritten(hub: RunningHub) -> None:
    await by_guardian(hub)
    await hub.wind(days=12)
    guardian, planner = hub.user("opiekunka"), hub.user("koordynatorka")
    question = guardian.last()
    await guardian.click(question, "report.write")
    await planner.click(question, "report.write")
    assert (await planner.submit(planner.modal, WROTE)).ok
    refused = await guardian.submit(guardian.modal, {**WROTE, "Co z tego wynikło": "Coś innego"})
    assert list(refused.errors_by_label.values()) == ["Ktoś właśnie zapisał tę relację. Prosimy otworzyć ją ponownie."]
    assert await hub.rows(None, activity_report.c.outcome) == [("Trzy miasta zaczynają od łąk",)]


async def test_what_an_import_tells_of_the_past_is_not_asked_about(hub: RunningHub) -> None:
    await import_text(hub.parts, shipped("pim1-pilot-2017-2019.yaml"))
    await hub.settle()
    assert asked(hub, ASK) == {}


async def test_who_left_is_not_asked_but_the_guardian_is(hub: RunningHub) -> None:
    await schedule(hub)
    leaves = (
        "supplements: pim2-2021-2023\npeople:\n  - {name: Koordynatorka (przykład), email: koordynatorka@example.org, "
        "role: coordinator, until: 2022-01-15}\n"
    )
    await import_text(hub.parts, leaves.encode())
    await hub.wind(days=12)
    assert asked(hub, ASK) == {"opiekunka": 1}

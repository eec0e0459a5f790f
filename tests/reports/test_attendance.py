"""The list of participants in Excel: one person a row, with who came, and what was answered by whom."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from pim_bot.errors import NotAllowed
from pim_bot.i18n import Words
from pim_bot.programme.activity import Answer
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.participants import participants_of
from pim_bot.programme.people import Member
from pim_bot.programme.presence import OTHERS, Presence
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.reports.attendance import participants_file
from pim_bot.reports.spreadsheets import read
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DRAFT,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    HUB,
    LUBLIN,
    MINISTRY,
    NOW,
    ZORY,
    acting,
    programme,
)

WHEN = [datetime(2022, 1, 20, 10, 0), datetime(2022, 1, 20, 15, 0)]  # noqa: DTZ001 - Excel knows no zone


async def held() -> tuple[FakeWork, str]:
    work = programme()
    activity = await schedule_activity(work, HUB, EDITION, DRAFT, now=NOW)
    for member, answer, people in (
        (ZORY, Answer.GOING, ["=Anna", "Bo"]),
        (LUBLIN, Answer.NOT_GOING, None),
        (EXPERT, Answer.GOING, None),
    ):
        await answer_invitation(work, acting(member), activity.id, answer, people=people, now=NOW)
    facts: dict[str, Any] = {"activity_id": activity.id, "marked_at": NOW}
    await work.presences.save(
        [
            Presence(**facts, invitee=f"team:{GREEN}/zory", people=("Bo", "Cyryl")),
            Presence(**facts, invitee=OTHERS, people=("Gość",)),
        ]
    )
    return work, activity.id


async def test_every_person_is_a_row_with_real_dates() -> None:
    work, activity_id = await held()
    data = participants_file(Words(), await participants_of(work, acting(COORDINATOR), activity_id, now=NOW))
    green = work.editions.networks_by_slug[GREEN].name
    assert read(data) == [
        ["Wydarzenie", "Początek", "Koniec", "Sieć", "Miasto", "Imię i nazwisko", "Obecność"],
        ["Woda", *WHEN, green, "Zory", "=Anna", "nie"],
        ["Woda", *WHEN, green, "Zory", "Bo", "tak"],
        ["Woda", *WHEN, green, "Zory", "Cyryl", "tak"],
        ["Woda", *WHEN, None, None, "Osoba expert"],
        ["Woda", *WHEN, None, None, "Gość", "tak"],
    ]
    book = load_workbook(BytesIO(data))
    assert book.sheetnames == ["Lista osób", "Odpowiedzi"]
    assert book["Lista osób"]["F2"].data_type == "s"
    answers = {(row[1].value or row[2].value): (row[3].value, row[4].value, row[5].value) for row in book["Odpowiedzi"]}
    assert answers["Zory"] == ("weźmie udział", 2, "Osoba zory")
    assert answers["Lublin"] == ("nie weźmie udziału", None, "Osoba lublin")
    assert answers["Osoba ministry"] == ("brak odpowiedzi", None, None)


@pytest.mark.parametrize("who", [MINISTRY, EXPERT, LUBLIN])
async def test_only_who_plans_or_hosts_gets_the_list(who: Member) -> None:
    work, activity_id = await held()
    with pytest.raises(NotAllowed):
        await participants_of(work, acting(who), activity_id, now=NOW)
    assert await participants_of(work, acting(GUARDIAN), activity_id, now=NOW)
    work.activities.by_id[activity_id] = replace(work.activities.by_id[activity_id], cities=("lublin",))
    assert await participants_of(work, acting(LUBLIN), activity_id, now=NOW)

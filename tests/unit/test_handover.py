"""The summary for somebody who takes over: nothing of it is what they may not read."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pim_bot.programme.circles import circle_of
from pim_bot.programme.contributing import log_contribution
from pim_bot.programme.contribution import Circle, ContributionDraft, ContributionStatus, ContributionType
from pim_bot.programme.document import mid_of, pu_of
from pim_bot.programme.edition import DocumentPart
from pim_bot.programme.handover import Agreement, hand_over
from pim_bot.programme.people import Member
from pim_bot.programme.session import AdvisorySession, CityWords, SessionStatus
from tests.fakes import FakeWork
from tests.unit.green import COORDINATOR, DAY, EDITION, EXPERT, GREEN, GUARDIAN, MINISTRY, NOW, ZORY, acting, programme

IN_SESSION = Agreement(day=date(2022, 1, 7), text="Łąki przy szkołach; Mapa terenów")
IN_MID, IN_PU = Agreement(day=DAY, text="Spis łąk"), Agreement(day=DAY, text="Uprościć przetargi")


async def agreed() -> FakeWork:
    """What was agreed in a MID, in a PU, and in sessions with two cities, one of which did not take place."""
    work = programme()
    work.editions.parts_in_order = [
        DocumentPart(document="MID", slug="dzialania", name="Działania"),
        DocumentPart(document="PU", slug="prawo", name="Zmiany prawne"),
    ]
    for document, part, text in (
        (mid_of(EDITION, GREEN, "zory"), "dzialania", IN_MID.text),
        (pu_of(EDITION, GREEN), "prawo", IN_PU.text),
    ):
        draft = ContributionDraft(
            document=document,
            part=part,
            type=ContributionType.AGREEMENT,
            text=text,
            circle=circle_of(document),
        )
        await log_contribution(work, acting(EXPERT), draft, author="expert", now=NOW)
    facts: dict[str, Any] = {"edition": EDITION, "minutes": 60, "experts": ("expert",), "logged_by": "member:expert"}
    for number, (city, status) in enumerate([("zory", "held"), ("lublin", "held"), ("zory", "not_held")]):
        said = CityWords(city=city, network=GREEN, agreed="Łąki przy szkołach", next_step="Mapa terenów")
        await work.sessions.add(
            AdvisorySession(
                **facts,
                id=f"s{number}",
                day=date(2022, 1, 7 - number),
                cities=(said,),
                logged_at=NOW,
                status=SessionStatus(status),
            )
        )
    return work


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (ZORY, {IN_MID, IN_PU, IN_SESSION}),
        (EXPERT, {IN_MID, IN_PU, IN_SESSION}),
        (GUARDIAN, {IN_PU}),
        (MINISTRY, {IN_PU}),
        (COORDINATOR, {IN_PU}),
    ],
)
async def test_agreements_come_from_documents_and_sessions_of_ones_own_circle(
    reader: Member, expected: set[Agreement]
) -> None:
    found = await hand_over(await agreed(), reader, EDITION, network=GREEN, city="zory", now=NOW)
    assert set(found.agreements) == expected


async def test_whoever_takes_over_a_network_hears_of_all_its_cities() -> None:
    found = await hand_over(await agreed(), EXPERT, EDITION, network=GREEN, city="", now=NOW)
    assert [one.day for one in found.agreements] == [DAY, date(2022, 1, 7), date(2022, 1, 6)]


async def test_what_the_city_withdrew_is_not_handed_over() -> None:
    work = await agreed()
    for key, one in work.contributions.by_id.items():
        if one.circle is Circle.CITY:
            work.contributions.by_id[key] = replace(one, status=ContributionStatus.WITHDRAWN)
    found = await hand_over(work, ZORY, EDITION, network=GREEN, city="zory", now=NOW)
    assert set(found.agreements) == {IN_PU, IN_SESSION}

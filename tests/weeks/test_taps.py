"""How many taps the five commonest acts of the programme cost: from the message that asks to the act that is done.

A command, a message, a press and each step of a form sent count one; what is typed into a form's fields does not.
"""

from collections.abc import Awaitable, Callable

import pytest

from pim_bot.blocks import ids
from pim_bot.storage.tables.contributions import contribution
from pim_bot.storage.tables.sessions import session
from tests.engines import Engines
from tests.weeks.test_city_official import COLLEAGUE, ME, WORKSHOP
from tests.weeks.test_expert import ADVICE
from tests.weeks.week import Account, Week, beginning_week, schedule

Act = Callable[[Week], Awaitable[None]]


async def _answer_for_the_team(week: Week) -> None:
    """An invitation is answered with the names of two people."""
    await schedule(week.hub, WORKSHOP)
    week.me.taps = 0
    await week.press(None, ids.REGISTER)
    await week.send({"Osoby z zespołu": [ME, COLLEAGUE]})
    assert "udział 1 (2 osoby)" in str(week.hub.channel()[0].blocks)


async def _give_feedback(week: Week) -> None:
    """The message after a meeting is answered with a score."""
    await schedule(week.hub, WORKSHOP | {"Początek": "2022-01-11", "Zgłoszenia do": None})
    await week.press(None, ids.GOING)
    await week.hub.wind(days=2)
    week.me.taps = 0
    await week.press(None, f"{ids.SCORE}/5")
    await week.send()
    week.heard(
        "Woda opadowa. Dziękujemy. Państwa opinia jest zapisana, bez nazwiska i godziny.",
        "Woda opadowa. Thank you. Your feedback is saved, without your name or the time.",
    )


async def _confirm_as_planned(week: Week) -> None:
    """The question after a session on the calendar is answered with: as planned."""
    await schedule(week.hub, ADVICE)
    await week.hub.wind(days=3)
    week.me.taps = 0
    await week.press(None, ids.AS_PLANNED)
    assert await week.hub.rows(session, session.c.minutes, session.c.topic) == [(90, "Łąki kwietne")]


async def _log_from_one_line(week: Week) -> None:
    """A session is logged from one line; without commands, in the form that a phrase opens."""
    if week.is_stranger:
        said = await week.ask("Zapisz notatkę z konsultacji z Żorami", "Save a note from the consultation with Żory")
        await week.press(said, ids.NEW_SESSION)
        await week.send({"Czas trwania": "2h"})
    else:
        await week.me.command("/pim", week.told("doradztwo Żory 2h łąki kwietne", "session Żory 2h łąki kwietne"))
        await week.press(None, ids.SAVE_SESSION)
    assert await week.hub.rows(session, session.c.minutes) == [(120,)]


async def _accept_a_contribution(week: Week) -> None:
    """What an expert proposes for the MID is accepted."""
    expert = week.hub.user("ekspert")
    await expert.command("/pim", "dodaj Łąki kwietne")
    first = {"Dokument": "MID/pim2-2021-2023/miasto-zielone/zory", "Rodzaj": "idea"}
    assert (await expert.submit(expert.modal, first)).ok
    assert (await expert.submit(expert.modal, {"Część MID": "dzialania"})).ok
    await week.hub.settle()
    week.me.taps = 0
    await week.press(None, ids.ACCEPT_CONTRIBUTION)
    assert await week.hub.rows(contribution, contribution.c.status) == [("accepted",)]


@pytest.fixture(params=[Account.MEMBER, Account.STRANGER])
def account(request: pytest.FixtureRequest) -> Account:
    """A guest taps as a member does."""
    return Account(request.param)


@pytest.mark.parametrize(
    ("who", "act", "taps", "taps_of_stranger"),
    [
        ("zory", _answer_for_the_team, 2, 2),
        ("zory", _give_feedback, 2, 2),
        ("ekspert", _confirm_as_planned, 1, 1),
        ("ekspert", _log_from_one_line, 2, 3),
        ("zory", _accept_a_contribution, 1, 1),
    ],
    ids=["answer for two", "give feedback", "as planned", "log from one line", "accept a contribution"],
)
async def test_the_five_commonest_acts_cost_one_to_three_taps(
    sqlite: Engines, who: str, act: Act, account: Account, language: str, taps: int, taps_of_stranger: int
) -> None:
    async with beginning_week(sqlite, who, account, language) as week:
        await act(week)
        assert week.me.taps == (taps_of_stranger if week.is_stranger else taps)

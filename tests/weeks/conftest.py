"""The weeks are played by a member, a guest and somebody of Slack Connect, in both languages."""

from collections.abc import AsyncIterator

import pytest

from tests.engines import Engines
from tests.weeks.week import Account, Week, beginning_week


@pytest.fixture(params=["pl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Which language the person of the week reads."""
    return str(request.param)


@pytest.fixture(params=list(Account))
def account(request: pytest.FixtureRequest) -> Account:
    """What kind of account the person of the week has."""
    return Account(request.param)


@pytest.fixture
async def week(
    request: pytest.FixtureRequest, engines: Engines, account: Account, language: str
) -> AsyncIterator[Week]:
    """Monday, nine o'clock. The module's ``WHO`` is the person of the week, by the short name of ``hub.USERS``."""
    async with beginning_week(engines, request.module.WHO, account, language) as begun:
        yield begun

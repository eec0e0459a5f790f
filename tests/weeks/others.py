"""What other people do in somebody's week, at their own desks and in their own languages."""

from typing import Any

from pim_bot.blocks import ids
from pim_bot.playground.views import View
from tests.hub import RunningHub
from tests.weeks.week import newest_with, texts_in

NEWCOMER = {"Imię i nazwisko": "Anna Nowa", "Miasto albo instytucja": "Żory", "Adres e-mail": "anna@zory.example.org"}


async def presses(hub: RunningHub, name: str, action_id: str, *forms: dict[str, Any]) -> None:
    """Somebody presses the newest button of a kind, and sends the forms that open, one after the other."""
    person = hub.user(name)
    assert (await person.click(newest_with(person, action_id), action_id)).ok
    for typed in forms:
        outcome = await person.submit(person.modal, typed)
        assert (outcome.errors_by_label, outcome.withheld, outcome.error) == ({}, {}, None)
    await hub.settle()


async def a_guest_introduces_themselves(hub: RunningHub, place: str = "Żory") -> None:
    """Somebody whom no list names writes to the bot and fills in the form."""
    hub.slack.workspace.add_user(id="UGOSC", name="gosc", real_name="gosc", email="prywatny@example.com")
    await hub.user("gosc").say("Dzień dobry")
    await hub.settle()
    await presses(hub, "gosc", ids.INTRODUCE, NEWCOMER | {"Miasto albo instytucja": place})


def read_on(view: View | None) -> str:
    """All that can be read on a screen."""
    assert view is not None
    return "\n".join(texts_in(view.blocks))

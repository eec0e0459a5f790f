"""Somebody leaves a team: the guardian hands their duties on from one message."""

from pim_bot.blocks import ids
from tests.hub import RunningHub


async def test_the_guardian_hands_the_leavers_duties_on(hub: RunningHub) -> None:
    await hub.meet()
    guardian = hub.user("opiekunka")
    listed = await guardian.command("/pim", "zespół Żory")
    assert listed.message is not None
    leaving = next(block["block_id"] for block in listed.blocks if ids.LEAVE_TEAM in str(block))
    await guardian.click(listed.message, ids.LEAVE_TEAM, block_id=leaving)
    assert (await guardian.submit(guardian.modal, {"Ostatni dzień": "2022-01-10"})).ok
    await hub.settle()
    said = guardian.last()
    assert said.text.splitlines() == [
        "Odejście z zespołu (Żory): Rozwój, Żory (przykład), ostatni dzień: 10 stycznia 2022. Do przekazania:",
        "Osoba kontaktowa zespołu: prosimy wskazać nową.",
    ]
    assert not any(
        "Odejście z zespołu" in text for name in ("koordynatorka", "zory", "zory2") for text in hub.texts(name)
    )
    await guardian.click(said, f"{ids.MAKE_CONTACT}/0")
    await hub.settle()
    assert guardian.last().text.endswith("Wszystkie obowiązki są już przekazane.")
    assert ids.MAKE_CONTACT not in str(guardian.last().blocks)
    team = await guardian.command("/pim", "zespół Żory")
    assert "Zieleń, Żory (przykład), zielen@zory.example.org, osoba kontaktowa" in team.text.splitlines()

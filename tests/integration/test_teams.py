"""``/pim zespół``: the guardian sees to a city's team in chat; whoever is new is greeted with a summary."""

from pim_bot.storage.tables.people import member_role
from tests.hub import RunningHub
from tests.integration.test_walk import schedule


async def test_a_person_is_added_greeted_and_leaves(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    guardian = hub.user("opiekunka")
    hub.slack.workspace.add_user(id="UNOWA", name="nowa", real_name="nowa", email="nowa@zory.example.org")
    listed = await guardian.command("/pim", "zespół Żorach")
    assert listed.text.splitlines() == [
        "Zespół: Żory",
        "Rozwój, Żory (przykład), rozwoj@zory.example.org, osoba kontaktowa",
        "Zieleń, Żory (przykład), zielen@zory.example.org",
    ]
    assert listed.message is not None
    await guardian.click(listed.message, "team.join")
    typed = {"Imię i nazwisko": "Nowa osoba (przykład)", "Adres e-mail": "nowa@zory.example.org"}
    outcome = await guardian.submit(guardian.modal, typed)
    assert outcome.errors_by_label == {}
    await hub.settle()
    summary = next(text for text in hub.texts("nowa") if text.startswith("Na dobry początek: Żory"))
    assert "Woda opadowa w mieście" in summary
    own = await hub.user("nowa").command("/pim", "team")
    assert own.text.splitlines()[1:] == [
        "Rozwój, Żory (przykład), osoba kontaktowa",
        "Nowa osoba (przykład)",
        "Zieleń, Żory (przykład)",
    ]
    assert "team." not in str(own.blocks)
    again = await guardian.command("/pim", "zespol zory")
    assert again.message is not None
    leaving = next(
        block["block_id"]
        for block in again.blocks
        if block["type"] == "actions" and "Nowa" in str(again.blocks[again.blocks.index(block) - 1])
    )
    await guardian.click(again.message, "team.leave", block_id=leaving)
    await guardian.submit(guardian.modal, {"Ostatni dzień": "2022-01-10"})
    await hub.settle()
    assert len(await hub.rows(member_role)) == 8
    await hub.wind(days=1)
    before = len(hub.texts("nowa"))
    await hub.wind(days=8)
    assert hub.texts("nowa")[before:] == []

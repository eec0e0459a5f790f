"""Presence in chat: ticks with everybody expected ticked, people besides, steps when there are many."""

from sqlalchemy import update

from pim_bot.storage.tables.activities import attendance, presence
from tests.hub import RunningHub
from tests.integration.test_bad_input import ROLE
from tests.integration.test_walk import schedule


async def test_the_planner_marks_who_came_from_the_message_and_by_command(hub: RunningHub) -> None:
    await schedule(hub)
    zory, planner = hub.user("zory"), hub.user("koordynatorka")
    await zory.click(zory.last(), "attend.register")
    await zory.submit(zory.modal, {"Osoby z zespołu": ["Zieleń, Żory (przykład)"], "Osoby": "Anna N."})
    await hub.user("ekspert").click(hub.user("ekspert").last(), "attend.going")
    await hub.settle()
    await hub.wind(days=11)
    await planner.click(planner.messages()[0], "presence.open")
    assert planner.modal is not None
    boxes = [block for block in planner.modal.blocks if block["block_id"].startswith("came/")]
    offered = [one["text"]["text"] for one in boxes[0]["element"]["options"]]
    assert offered == ["Zieleń, Żory (przykład) (Żory)", "Anna N. (Żory)", "Ekspert zieleni (przykład)"]
    assert boxes[0]["element"]["initial_options"] == boxes[0]["element"]["options"]
    saved = await planner.submit(planner.modal, {"Osoby 1–3": offered[1:], "Osoby spoza listy": "Ewa Gość\n\nJan Gość"})
    assert saved.ok
    assert "Obecność jest zapisana: 2 z 3, osoby spoza listy: 2." in str(planner.modal.blocks)
    team = "team:miasto-zielone/zory"
    people = dict(await hub.rows(presence, presence.c.invitee, presence.c.people))
    expert = next(invitee for invitee in people if invitee.startswith("member:"))
    assert people == {
        team: ["Anna N."],
        expert: ["Ekspert zieleni (przykład)"],
        "others": ["Ewa Gość", "Jan Gość"],
    }
    # Opened again it shows what was saved; the team of the hosting city may correct it.
    lublin = hub.user("lublin")
    await lublin.command("/pim", "presence woda")
    assert lublin.modal is not None
    boxes = [block for block in lublin.modal.blocks if block["block_id"].startswith("came/")]
    assert [one["text"]["text"] for one in boxes[0]["element"]["initial_options"]] == offered[1:]
    assert (await lublin.submit(lublin.modal, {"People 1–3": offered})).ok
    assert "Presence is saved: 3 of 3, people besides: 2." in str(lublin.modal.blocks)
    assert (await hub.user("ekspert").command("/pim", "obecność")).text == ROLE


async def test_many_people_are_marked_in_several_steps(hub: RunningHub) -> None:
    await schedule(hub)
    await hub.wind(days=11)
    names = {team: [f"{team} {n}" for n in range(50)] for team in ("zory", "lublin", "gdansk")}
    async with hub.parts.storage.engine.begin() as connection:
        for team, people in names.items():
            await connection.execute(
                update(attendance)
                .where(attendance.c.invitee == f"team:miasto-zielone/{team}")
                .values(answer="going", people=people)
            )
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "obecnosc")
    for absent in ("gdansk 0", "lublin 49"):
        assert planner.modal is not None
        boxes = {block["block_id"]: block for block in planner.modal.blocks if block["type"] == "input"}
        assert [block["label"]["text"] for block in boxes.values()] == [
            f"Osoby {10 * n + 1}–{10 * n + 10}" for n in range(5)
        ]
        typed = {
            name: [
                one["value"] for one in block["element"]["options"] if not one["text"]["text"].startswith(absent + " ")
            ]
            for name, block in boxes.items()
        }
        assert (await planner.submit(planner.modal, typed)).ok
    assert (await planner.submit(planner.modal)).ok
    assert "Obecność jest zapisana: 148 z 150, osoby spoza listy: 0." in str(planner.modal and planner.modal.blocks)

"""The list of deliveries in chat: what is in trouble first, then what was sent lately, with its link."""

from tests.hub import RunningHub
from tests.integration.test_deliveries import buttons, ids, put, without_bot
from tests.integration.test_walk import schedule


def sections(message: object) -> list[str]:
    return [block["text"]["text"] for block in message.blocks if block["type"] == "section"]  # type: ignore[attr-defined]


async def test_what_was_sent_lately_stands_after_the_troubles_with_its_link(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    planner = hub.user("koordynatorka")
    answer = await planner.command("/pim", "doręczenia")
    await hub.settle()
    assert answer.text.startswith("Na Państwa decyzję albo na wysłanie czeka 1 wiadomość. Lista")
    shown = planner.last()
    first, heading, *sent = sections(shown)
    assert first.startswith(
        "*kanał #pim-zielone – ogłoszenie wydarzenia: Woda opadowa w mieście*\nWiadomość: nie dotarła. "
    )
    assert (heading, len(sent)) == ("*Ostatnio wysłane*", 7)
    await planner.click(shown, "deliveries.more")
    await hub.settle()
    sent += sections(planner.last())[1:]
    expert = hub.user("ekspert").messages()[-1]
    (told,) = [one for one in sent if one.startswith("*Ekspert") and "prośba o odpowiedź" in one]
    address = f"https://{hub.slack.workspace.team_id.lower()}.slack.com/archives"
    assert told.split("\n") == [
        "*Ekspert zieleni (przykład) – prośba o odpowiedź: Woda opadowa w mieście*",
        "Termin: poniedziałek, 10 stycznia 2022, 9:00, wysłana: poniedziałek, 10 stycznia 2022, 9:00.",
        f"<{address}/{expert.channel}/p{expert.ts.replace('.', '')}|Otwórz wiadomość>",
    ]
    assert "Ostatnio wysłane" in shown.text
    assert "wysłana: poniedziałek, 10 stycznia 2022, 9:00." in shown.text


async def test_when_all_is_well_the_list_of_what_was_sent_comes_page_by_page(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    planner = hub.user("koordynatorka")
    (changed, *_) = await ids(hub, kind="invitation", operation="post")
    await put(hub, changed, operation="update")  # as if an earlier message had been changed in place
    answer = await planner.command("/pim", "doręczenia")
    await hub.settle()
    assert answer.text.startswith("Wszystko, co miało dotrzeć, dotarło. Lista")
    seen: list[str] = []
    pages = []
    while True:
        shown = planner.last()
        mine = [one for one in sections(shown) if "Otwórz wiadomość" in one]
        pages.append((len(mine) <= 8, len(shown.blocks) <= 50, "Wszystko, co miało dotrzeć, dotarło." in shown.text))
        seen += mine
        if "deliveries.more" not in buttons(shown):
            break
        await planner.click(shown, "deliveries.more")
        await hub.settle()
    assert pages == [(True, True, True), *[(True, True, False)] * (len(pages) - 1)]
    sent = [*await ids(hub, state="sent", operation="post")]
    counted = int(answer.text.split("wysłane ")[1].split(",")[0])
    assert counted == len(sent) - len(pages)  # the lists came after it was counted
    lists = await ids(hub, kind="deliveries")
    assert len(seen) == len(set(seen)) == min(len(set(sent) - set(lists)), 40)
    assert [one for one in seen if "lista doręczeń" in one] == []


async def test_what_came_late_says_why(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    planner = hub.user("koordynatorka")
    (announced,) = await ids(hub, kind="announcement", operation="post")
    now = hub.parts.clock()
    await put(hub, announced, sent_at=now.replace(minute=20), late_why="rate-limited")
    await planner.command("/pim", "doręczenia")
    await hub.settle()
    (told,) = [one for one in sections(planner.last()) if "ogłoszenie" in one]
    assert told.split("\n")[1:3] == [
        "Termin: poniedziałek, 10 stycznia 2022, 9:00, wysłana: poniedziałek, 10 stycznia 2022, 9:20.",
        "Komunikator poprosił o wolniejsze wysyłanie.",
    ]

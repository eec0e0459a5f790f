"""One activity all the way: scheduled, announced, answered, reminded of, moved, counted in the digest."""

from tests.hub import RunningHub

WORKSHOP = {
    "Rodzaj": "warsztaty-sieci",
    "Sieć": ["miasto-zielone"],
    "Tytuł": "Woda opadowa w mieście",
    "Początek": "2022-01-20",
    "Początek, godzina": "10:00",
    "Koniec, godzina": "15:00",
    "Zgłoszenia do": "2022-01-17",
    "Miejsce": "Lublin, Ratusz",
    "Miasto": ["lublin"],
}


async def schedule(hub: RunningHub, **changes: object) -> None:
    planner = hub.user("koordynatorka")
    answer = await planner.command("/pim", "wydarzenie")
    assert (answer.error, answer.text) == (None, None) or answer.ok
    outcome = await planner.submit(planner.modal, WORKSHOP | changes)
    assert outcome.errors_by_label == {}
    await hub.settle()


async def test_an_activity_all_the_way(hub: RunningHub) -> None:
    await hub.settle()
    await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.user("lublin").click(hub.channel()[0], "attend.not-going")
    await hub.settle()
    print(hub.channel()[0].blocks)
    for name in ("zory", "zory2", "lublin", "ekspert", "opiekunka", "koordynatorka"):
        print(name, hub.texts(name))
    for d in range(8):
        await hub.wind(days=1)
        print(hub.parts.clock())
        for name in ("zory", "zory2", "lublin", "ekspert", "opiekunka", "koordynatorka"):
            print("  ", name, hub.texts(name)[1:])
    me = hub.user("koordynatorka")
    out = await me.command("/pim", "terminy w Żorach")
    print(out.text, out.blocks)
    act = hub.channel()[0]
    await me.click(me.messages()[0], "activity.move")
    print(me.modal)
    out = await me.submit(me.modal, {"Początek": "2022-02-03", "Koniec": "2022-02-03", "Zgłoszenia do": None})
    print(out.errors_by_label, out)
    await hub.settle()
    print([m.text for m in hub.channel()], hub.channel()[1].thread_ts)
    await hub.wind(days=30)
    for name in ("zory", "zory2", "lublin", "ekspert", "opiekunka", "koordynatorka"):
        print("  ", name, *hub.texts(name)[1:], sep="\n  ")
    import aiohttp

    print(hub.slack.app_url)
    async with (
        aiohttp.ClientSession() as s,
        s.get(hub.slack.app_url.replace("/slack/events", "/ical/siec/miasto-zielone.ics")) as r,
    ):
        print(r.status, r.headers, (await r.text())[-2500:])
    async with aiohttp.ClientSession() as s, s.get(hub.slack.app_url.replace("/slack/events", "/readyz")) as r:
        print(r.status, await r.text())
    assert 0

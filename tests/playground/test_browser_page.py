"""The page's own routes: what they tell, what they do, whom they refuse, and how they end."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from pim_bot.playground.browser import HERE, BrowserPage, PageText, Shortcut
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.switchboard import Switchboard
from pim_bot.playground.workspace import Workspace
from tests.playground.conftest import PROGRAMME_TIME
from tests.playground.toy_bot import bot_over_http

Json = dict[str, Any]


class HandWinder:
    """Winds a time of its own; after two days nothing is due any more."""

    def __init__(self) -> None:
        self.now = PROGRAMME_TIME

    async def forward(self, *, hours: int = 0, days: int = 0) -> datetime:
        self.now += timedelta(hours=hours, days=days)
        return self.now

    async def to_next_due(self) -> datetime | None:
        return None if self.now > PROGRAMME_TIME + timedelta(days=1) else await self.forward(hours=5)


class Browser:
    """What the page's script does, without a browser."""

    def __init__(self, slack: LocalSlack, session: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.session = session

    async def state(self, user: str, channel: str = "") -> Json:
        query = {"user": user, "channel": channel}
        async with self.session.get(f"{self.slack.url}/ui/state", params=query) as response:
            told: Json = await response.json()
            return told

    async def post(self, act: str, **given: Any) -> Json:
        async with self.session.post(f"{self.slack.url}/ui/{act}", json=given) as response:
            told: Json = await response.json()
            return told


@pytest.fixture(name="slack")
async def _slack(workspace: Workspace) -> AsyncIterator[LocalSlack]:
    text = PageText(try_first={"pl": ["`/pim pomoc`"]}, shortcuts=[Shortcut(callback_id="new_activity", name="Nowe")])
    switchboard = Switchboard(workspace, signing_secret="secret-of-the-tests", retry_delays=())
    winder = HandWinder()
    slack = LocalSlack(
        workspace,
        switchboard=switchboard,
        page=lambda board: BrowserPage(board, winder=winder, text=text),
    )
    async with slack, bot_over_http(slack):
        yield slack


@pytest.fixture(name="browser")
async def _browser(slack: LocalSlack) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(slack, session)


async def test_the_page_and_its_files_are_strict_about_their_sources(browser: Browser) -> None:
    names = ["", *(f"static/{path.name}" for path in (HERE / "static").iterdir())]
    for name in names:
        async with browser.session.get(f"{browser.slack.url}/{name}") as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"].startswith(
                "default-src 'none'; script-src 'self'; style-src 'self';"
            )
    async with browser.session.get(f"{browser.slack.url}/static/..%2Fbrowser.py") as response:
        assert response.status == 404
    html = (HERE / "templates" / "playground.html").read_text()
    assert " style=" not in html
    assert "<script>" not in html


async def test_the_settings_say_what_the_host_handed_in(browser: Browser) -> None:
    async with browser.session.get(f"{browser.slack.url}/ui/settings") as response:
        told = await response.json()
    people = told.pop("people")
    assert told == {
        "product": "pim_bot",
        "command": "/pim",
        "try_first": {"pl": ["`/pim pomoc`"]},
        "examples": [],
        "shortcuts": [{"callback_id": "new_activity", "name": "Nowe", "on_message": False}],
        "reactions": [],
        "zone": "Europe/Warsaw",
        "home": True,
        "can_wind": True,
    }
    assert [person["id"] for person in people if not person["is_bot"]] == ["U1", "U2", "U3"]


async def test_one_sees_at_a_glance_who_has_something_unread(browser: Browser) -> None:
    browser.slack.workspace.post("C1", user="UBOT", text="Do wszystkich")
    people = (await browser.state("U1"))["people"]
    assert {person["id"]: person["unread"] for person in people if not person["is_bot"]} == {"U1": 1, "U2": 1, "U3": 0}
    await browser.post("read", user="U1", channel="C1")
    state = await browser.state("U1", "C1")
    assert [message["text"] for message in state["messages"]] == ["Do wszystkich"]
    assert state["messages"][0]["shown_at"] == PROGRAMME_TIME.isoformat()
    assert {c["id"]: c["unread"] for c in state["conversations"]} == {"C1": 0, "C2": 0, state["direct"]: 0}


async def test_a_form_is_filled_in_on_the_page(browser: Browser) -> None:
    direct = (await browser.state("U1"))["direct"]
    await browser.post("command", user="U1", channel=direct, text="/pim forma")
    modal = (await browser.state("U1"))["modal"]
    assert (modal["title"], modal["submit"], modal["depth"]) == ("Nowe wydarzenie", "Zapisz", 1)
    offered = await browser.post("suggest", user="U1", view_id=modal["id"], action_id="cities", query="lub")
    typed: Json = {"title": {"title": ""}, "day": {"day": "2022-05-11"}, "cities": {"cities": offered["options"]}}
    told = await browser.post("submit", user="U1", view_id=modal["id"], typed=typed)
    assert told == {"error": None, "errors": {}, "withheld": {"title": "required"}}
    typed["title"]["title"] = "źle"
    told = await browser.post("submit", user="U1", view_id=modal["id"], typed=typed)
    assert told == {"error": None, "errors": {"day": "Ten dzień już minął."}, "withheld": {}}
    kept = (await browser.state("U1"))["modal"]["values"]
    assert kept["cities"]["cities"]["selected_options"] == offered["options"]
    typed["title"]["title"] = "Warsztaty"
    await browser.post("submit", user="U1", view_id=modal["id"], typed=typed)
    assert (await browser.state("U1"))["modal"] is None


async def test_a_button_is_pressed_and_a_form_closed_on_the_page(browser: Browser) -> None:
    direct = (await browser.state("U1"))["direct"]
    await browser.post("command", user="U1", channel=direct, text="/pim pytanie")
    message = (await browser.state("U1"))["messages"][-1]
    typed = {"ask": {"form": "on_site"}}
    await browser.post("click", user="U1", channel=direct, ts=message["ts"], action_id="answer", typed=typed)
    message = (await browser.state("U1"))["messages"][-1]
    assert (message["text"], message["edited"]) == ("Dziękujemy.", True)
    await browser.post("command", user="U1", channel=direct, text="/pim forma")
    modal = (await browser.state("U1"))["modal"]
    assert await browser.post("close", user="U1", view_id=modal["id"]) == {"error": None}
    assert (await browser.state("U1"))["modal"] is None


async def test_messages_home_and_shortcuts_reach_the_bot(browser: Browser) -> None:
    await browser.post("say", user="U1", channel="C1", text="@pim dzień dobry")
    await browser.slack.until(lambda: len(browser.slack.workspace.messages("C1")) == 2)
    await browser.post("home", user="U1")
    await browser.slack.until(lambda: "U1" in browser.slack.workspace.views.homes)
    assert (await browser.state("U1"))["home"]["blocks"][0]["text"]["text"] == "Co czeka"
    assert (await browser.post("shortcut", user="U1", callback_id="new_activity"))["error"] is None
    assert await browser.post("say", user="U3", channel="C1", text="x") == {"error": "not_in_channel"}


async def test_a_person_reacts_to_a_message_and_changes_or_deletes_only_their_own(browser: Browser) -> None:
    workspace = browser.slack.workspace
    message = workspace.post("C1", user="U2", text="Łąki")
    place = {"channel": "C1", "ts": message.ts}
    assert await browser.post("react", user="U1", name="memo", **place) == {}
    await workspace.until(lambda: message.reactions == {"memo": ["U1"]})
    (shown,) = (await browser.state("U1", "C1"))["messages"]
    assert (shown["reactions"], shown["mine"]) == ({"memo": 1}, ["memo"])
    assert (await browser.state("U2", "C1"))["messages"][0]["mine"] == []
    await browser.post("react", user="U1", name="memo", **place)
    await workspace.until(lambda: message.reactions == {})
    assert await browser.post("edit", user="U1", text="Nie moje", **place) == {"error": "cant_update_message"}
    assert await browser.post("remove", user="U1", **place) == {"error": "cant_delete_message"}
    assert message.text == "Łąki"
    await browser.post("edit", user="U2", text="Łąki & deszcz", **place)
    await workspace.until(lambda: message.text == "Łąki &amp; deszcz")
    await browser.post("remove", user="U2", **place)
    await workspace.until(lambda: workspace.messages("C1") == [])


async def test_the_clock_is_wound_forward_only(browser: Browser) -> None:
    assert await browser.post("wind", user="U1", hours=1) == {"now": "2022-01-10T09:00:00+00:00"}
    assert await browser.post("wind", user="U1", next=True) == {"now": "2022-01-10T14:00:00+00:00"}
    assert await browser.post("wind", user="U1", days=2) == {"now": "2022-01-12T14:00:00+00:00"}
    assert await browser.post("wind", user="U1", next=True) == {"now": None}
    assert await browser.post("wind", user="U1", hours=-1) == {"error": "time goes forward only"}


async def test_other_sites_can_do_nothing(browser: Browser) -> None:
    address = f"{browser.slack.url}/ui/say"
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    async with browser.session.post(address, json={}, headers=elsewhere) as response:
        assert response.status == 403
    async with browser.session.post(address, data={"user": "U1", "channel": "C1", "text": "x"}) as response:
        assert response.status == 415
    assert browser.slack.workspace.messages("C1") == []


async def test_what_is_not_there_is_a_plain_error(browser: Browser) -> None:
    assert await browser.state("U9") == {"error": "user_not_found"}
    assert await browser.post("submit", user="U1", view_id="V9", typed={}) == {"error": "not_found"}


async def test_changes_are_streamed_until_the_server_stops(browser: Browser) -> None:
    async with browser.session.get(f"{browser.slack.url}/ui/changes") as response:
        assert response.content_type == "text/event-stream"
        first = await response.content.readuntil(b"\n\n")
        browser.slack.workspace.post("C1", user="UBOT", text="Nowe")
        second = await response.content.readuntil(b"\n\n")
        assert first.startswith(b"data: ")
        assert second != first
        await browser.slack.stop()
        assert (await response.content.read()).count(b"data: ") <= 1


async def test_a_file_is_attached_and_its_bytes_are_for_whoever_shows_the_token(browser: Browser) -> None:
    workspace = browser.slack.workspace
    channel = workspace.direct("U1").id
    told = await browser.post("drop", user="U1", channel=channel, name="osoby.xlsx", data="bGlzdGE=")
    assert told == {}
    state = await browser.state("U1", channel)
    assert state["messages"][-1]["files"] == ["osoby.xlsx"]
    (file,) = workspace.files.values()
    address = f"{browser.slack.url}/files/{file.id}/download/osoby.xlsx"
    for token, status, body in ((workspace.bot_token, 200, b"lista"), ("xoxb-another", 302, None), ("", 302, None)):
        headers = {"Authorization": f"Bearer {token}"}
        async with browser.session.get(address, headers=headers, allow_redirects=False) as response:
            assert response.status == status
            assert body is None or await response.read() == body
    assert (await browser.post("drop", user="U1", channel=channel, name="x", data="not base64"))["error"]

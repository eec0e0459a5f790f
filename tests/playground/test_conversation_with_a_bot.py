"""A real Bolt app and people at their keyboards, the same over HTTP and Socket Mode."""

from pim_bot.playground.server import LocalSlack
from tests.playground.conftest import PROGRAMME_TIME
from tests.playground.toy_bot import RunningBot, bot_over_socket


async def test_a_command_is_answered_for_that_person_only(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    outcome = await person.command("/pim", "terminy", channel="C1")
    assert (outcome.error, outcome.text) == (None, "Polecenie: terminy")
    assert [(m.user, m.text, m.only_for) for m in person.messages("C1")] == [("UBOT", "Polecenie: terminy", "U1")]
    assert slack.as_user("U2").messages("C1") == []


async def test_a_command_may_answer_to_all(slack: LocalSlack, bot: RunningBot) -> None:
    await slack.as_user("U1").command("/pim", "wszystkim", channel="C1")
    assert slack.as_user("U2").last("C1").text == "Do wszystkich"


async def test_a_response_url_answers_later(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U3")
    assert (await person.command("/pim", "później")).text == ""
    assert [(m.text, m.only_for) for m in person.messages()] == [("Odpowiedź później", "U3")]


async def test_a_failing_command_shows_slacks_own_error(slack: LocalSlack, http_bot: RunningBot) -> None:
    person = slack.as_user("U1")
    outcome = await person.command("/pim", "błąd")
    assert outcome.error == "dispatch_failed"
    assert [(m.user, m.notice, m.only_for) for m in person.messages()] == [("USLACKBOT", "dispatch_failed", "U1")]


async def test_a_command_without_an_app_fails(slack: LocalSlack) -> None:
    assert (await slack.as_user("U1").command("/pim")).error == "dispatch_failed"


async def test_a_form_keeps_initial_values_and_closes(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    assert person.modal is not None
    outcome = await person.submit(person.modal, {"Tytuł": "Warsztaty", "Miasto": ["Żory"]})
    assert outcome.ok
    assert person.modal is None
    cities = [{"text": {"type": "plain_text", "text": "Żory"}, "value": "żory"}]
    assert bot.heard == [
        {
            "title": {"title": {"type": "plain_text_input", "value": "Warsztaty"}},
            "day": {"day": {"type": "datepicker", "selected_date": "2022-05-10"}},
            "cities": {"cities": {"type": "multi_external_select", "selected_options": cities}},
        }
    ]


async def test_a_form_with_errors_stays_and_keeps_what_was_typed(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    outcome = await person.submit(person.modal, {"title": {"title": "źle"}})
    assert outcome.errors_by_label == {"Początek": "Ten dzień już minął."}
    assert person.modal is not None
    assert person.modal.values["title"]["title"]["value"] == "źle"
    assert person.modal.errors == {"day": "Ten dzień już minął."}


async def test_a_form_with_an_empty_field_is_not_even_sent(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    assert (await person.submit(person.modal)).withheld == {"title": "required"}
    assert (await person.submit(person.modal, {"Tytuł": "x" * 51})).withheld == {"title": "too_long"}
    assert bot.heard == []


async def test_an_answer_may_change_lay_over_and_clear_forms(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    await person.submit(person.modal, {"Tytuł": "zmień"})
    assert [view.title for view in slack.workspace.views.stacks["U1"]] == ["Zmienione"]
    assert person.modal is not None
    assert person.modal.values["title"]["title"]["value"] == "zmień"
    await person.submit(person.modal, {"Tytuł": "dalej"})
    assert [view.title for view in slack.workspace.views.stacks["U1"]] == ["Zmienione", "Następne"]
    await person.submit(person.modal, {"Tytuł": "koniec"})
    assert slack.workspace.views.stacks["U1"] == []


async def test_a_closed_form_is_told_if_the_app_asked(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    await person.close()
    assert bot.heard == [{"closed": "Nowe wydarzenie", "is_cleared": False}]
    assert person.modal is None


async def test_a_click_in_a_form_changes_it_and_keeps_what_was_typed(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    assert person.modal is not None
    await person.click(person.modal, "more", typed={"Tytuł": "W połowie"})
    assert person.modal is not None
    assert [block["type"] for block in person.modal.blocks] == ["input", "input", "input", "actions", "divider"]
    assert person.modal.values["title"]["title"]["value"] == "W połowie"


async def test_an_external_select_asks_the_app(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    await person.command("/pim", "forma")
    assert person.modal is not None
    options = await person.suggest(person.modal, "cities", "ż")
    assert [option["value"] for option in options] == ["żory", "żyrardów"]


async def test_a_click_changes_the_message(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U2")
    await person.command("/pim", "pytanie")
    await person.click(person.last(), "form", "Stacjonarnie")
    assert bot.heard == [{"selected": "on_site"}]
    await person.click(person.last(), "answer")
    message = person.last()
    assert (message.text, message.blocks, message.edited_ts is not None) == ("Dziękujemy.", [], True)
    assert message.shown_at == PROGRAMME_TIME
    assert bot.heard[1]["action"]["value"] == "yes"
    assert bot.heard[1]["values"]["ask"]["form"]["selected_option"]["value"] == "on_site"
    assert person.unread() == 1
    person.read()
    assert person.unread() == 0


async def test_a_mention_and_a_join_are_events(slack: LocalSlack, bot: RunningBot) -> None:
    await slack.as_user("U1").say("@pim dzień dobry & <b>", channel="C1")
    await slack.as_user("U3").join("C1")
    assert [heard.get("mention") or heard for heard in bot.heard] == [
        "<@UBOT> dzień dobry &amp; &lt;b&gt;",
        {"joined": "U3", "channel": "C1"},
    ]
    assert slack.as_user("U2").last("C1").text == "Słucham."


async def test_a_failed_event_is_sent_again_with_the_same_id(slack: LocalSlack, http_bot: RunningBot) -> None:
    http_bot.fails = 2
    await slack.as_user("U1").say("@pim dzień dobry", channel="C1")
    assert len(http_bot.heard) == 3
    assert len({heard["id"] for heard in http_bot.heard}) == 1
    retries = [request.headers.get("X-Slack-Retry-Num") for request in slack.switchboard.requests]
    assert retries == [None, "1", "2"]
    assert slack.last_request.headers["X-Slack-Retry-Reason"] == "http_error"


async def test_the_home_tab_is_published_when_it_is_looked_at(slack: LocalSlack, bot: RunningBot) -> None:
    home = await slack.as_user("U1").open_home()
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "Co czeka"
    assert slack.as_user("U2").home is None


async def test_shortcuts_reach_the_app(slack: LocalSlack, bot: RunningBot) -> None:
    person = slack.as_user("U1")
    message = await person.say("Wniosek z warsztatów", channel="C1")
    assert (await person.shortcut("new_activity")).ok
    assert (await person.shortcut("add_to_mid", message)).ok
    assert bot.heard == [{"shortcut": "new_activity", "ts": None}, {"shortcut": "add_to_mid", "ts": message.ts}]


async def test_a_request_can_be_replayed_and_forged(slack: LocalSlack, http_bot: RunningBot) -> None:
    person = slack.as_user("U1")
    message = await person.say("Wniosek", channel="C1")
    await person.shortcut("add_to_mid", message)
    request = slack.last_request
    assert (await slack.deliver(request)).status == 200
    assert len(http_bot.heard) == 2
    forged = request.with_headers(X_Slack_Signature="v0=" + "0" * 64)
    assert (await slack.deliver(forged)).status == 401
    old = request.with_headers(X_Slack_Request_Timestamp="1")
    assert (await slack.deliver(old)).status == 401
    assert (await slack.deliver(slack.signed(b"nothing=of&use"))).status == 404


async def test_a_refreshed_connection_goes_on(slack: LocalSlack) -> None:
    async with bot_over_socket(slack) as bot:
        await slack.switchboard.sockets.refresh()
        await slack.until(lambda: slack.switchboard.sockets.is_open)
        await slack.as_user("U3").join("C1")
        assert bot.heard == [{"joined": "U3", "channel": "C1"}]

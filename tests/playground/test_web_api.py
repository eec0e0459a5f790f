"""The Web API as the SDK's own client meets it: answers, refusals, pages, metadata, views and their triggers."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.playground.server import LocalSlack
from tests.playground.conftest import HandClock
from tests.playground.toy_bot import FORM, question

MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Okno"},
    "blocks": [{"type": "divider", "block_id": "d"}],
}


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_the_token_is_checked(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert (await client.auth_test())["user_id"] == "UBOT"
    client.token = "xoxb-wrong"
    assert await refusal(client.auth_test()) == "invalid_auth"
    client.token = slack.workspace.app_token
    assert await refusal(client.auth_test()) == "not_allowed_token_type"
    client.token = slack.workspace.bot_token
    slack.workspace.refuses_token = "token_revoked"
    assert await refusal(client.auth_test()) == "token_revoked"
    async with aiohttp.ClientSession() as session, session.post(f"{slack.api_url}auth.test") as response:
        assert await response.json() == {"ok": False, "error": "not_authed"}


async def test_an_unknown_method_is_named(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"


async def test_a_message_to_a_person_opens_the_conversation(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="U2", text="Dzień dobry", metadata=None)
    assert posted["channel"] == slack.as_user("U2").dm
    assert (await client.conversations_open(users="U2"))["channel"] == {"id": posted["channel"]}
    assert [message.text for message in slack.as_user("U2").messages()] == ["Dzień dobry"]
    assert slack.as_user("U2").unread() == 1


async def test_posting_is_refused_where_slack_refuses(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert await refusal(client.chat_postMessage(channel="C9", text="x")) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="C2", text="x")) == "not_in_channel"
    assert await refusal(client.api_call("chat.postMessage", json={"channel": "C1"})) == "no_text"
    assert await refusal(client.chat_postEphemeral(channel="C1", user="U3", text="x")) == "user_not_in_channel"
    assert await refusal(client.conversations_join(channel="C2")) == "missing_scope"
    slack.workspace.archive("C1")
    assert await refusal(client.chat_postMessage(channel="C1", text="x")) == "is_archived"
    slack.workspace.deactivate("U2")
    assert await refusal(client.chat_postMessage(channel="U2", text="x")) == "user_disabled"
    assert slack.workspace.messages("C1") == []


async def test_illegal_blocks_are_refused_with_the_place(client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert refused.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "response_metadata": {"messages": ["[ERROR] /blocks/0/text/text: must have at least 1 character"]},
    }


async def test_long_texts_are_cut_or_refused(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C1", text="x" * 40_001)
    assert len(slack.workspace.message("C1", posted["ts"]).text) == 40_000
    assert await refusal(client.chat_update(channel="C1", ts=posted["ts"], text="x" * 4_001)) == "msg_too_long"


async def test_an_edit_keeps_the_metadata(slack: LocalSlack, client: AsyncWebClient) -> None:
    metadata = {"event_type": "pim_outbox", "event_payload": {"key": "k1"}}
    ts = (await client.chat_postMessage(channel="C1", text="Stare", metadata=metadata))["ts"]
    await client.chat_update(channel="C1", ts=ts, text="Nowe")
    message = slack.workspace.message("C1", ts)
    assert (message.text, message.metadata) == ("Nowe", metadata)


async def test_only_own_and_present_messages_can_be_changed(slack: LocalSlack, client: AsyncWebClient) -> None:
    other = slack.workspace.post("C1", user="U1", text="Cudze")
    assert await refusal(client.chat_update(channel="C1", ts=other.ts, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel="C1", ts=other.ts)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel="C1", ts="1.000001", text="x")) == "message_not_found"
    ts = (await client.chat_postMessage(channel="C1", text="Własne"))["ts"]
    await client.chat_delete(channel="C1", ts=ts)
    assert [message.text for message in slack.workspace.messages("C1")] == ["Cudze"]


async def test_history_comes_in_pages_with_metadata_on_request(client: AsyncWebClient) -> None:
    for number in range(5):
        metadata = {"event_type": "pim_outbox", "event_payload": {"key": str(number)}}
        await client.chat_postMessage(channel="C1", text=str(number), metadata=metadata)
    keys, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        page = await client.conversations_history(channel="C1", limit=2, cursor=cursor, include_all_metadata=True)
        keys += [message["metadata"]["event_payload"]["key"] for message in page["messages"]]
        cursor, pages = page["response_metadata"]["next_cursor"], pages + 1
    assert (keys, pages) == (["4", "3", "2", "1", "0"], 3)
    bare = await client.conversations_history(channel="C1", limit=1)
    assert bare["messages"][0]["metadata"] == {"event_type": "pim_outbox"}
    assert bare["has_more"] is True


async def test_history_is_cut_by_time(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C1", text=str(number)))["ts"] for number in range(4)]
    between = await client.conversations_history(channel="C1", oldest=stamps[0], latest=stamps[3])
    assert [message["text"] for message in between["messages"]] == ["2", "1"]
    with_ends = await client.conversations_history(channel="C1", oldest=stamps[0], latest=stamps[3], inclusive=True)
    assert [message["text"] for message in with_ends["messages"]] == ["3", "2", "1", "0"]


async def test_threads_are_read_by_replies_only(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="Temat"))["ts"]
    await client.chat_postMessage(channel="C1", text="Odpowiedź", thread_ts=ts)
    history = await client.conversations_history(channel="C1")
    assert [message["text"] for message in history["messages"]] == ["Temat"]
    replies = await client.conversations_replies(channel="C1", ts=ts)
    assert [message["text"] for message in replies["messages"]] == ["Temat", "Odpowiedź"]
    assert await refusal(client.conversations_replies(channel="C1", ts="1.000001")) == "thread_not_found"


async def test_ephemeral_messages_are_in_no_history(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C1", user="U2", text="Tylko dla jednej osoby")
    assert (await client.conversations_history(channel="C1"))["messages"] == []
    assert [message.text for message in slack.as_user("U2").messages("C1")] == ["Tylko dla jednej osoby"]
    assert slack.as_user("U1").messages("C1") == []


async def test_people_are_found_by_id_and_address(client: AsyncWebClient) -> None:
    user = (await client.users_info(user="U2", include_locale=True))["user"]
    assert (user["real_name"], user["locale"], user["tz"], user["is_restricted"]) == (
        "Zespół miasta Żory (przykład)",
        "pl-PL",
        "Europe/Warsaw",
        True,
    )
    assert (await client.users_lookupByEmail(email="K@example.org"))["user"]["id"] == "U1"
    assert await refusal(client.users_lookupByEmail(email="nobody@example.org")) == "users_not_found"
    assert await refusal(client.users_info(user="U9")) == "user_not_found"


async def test_people_and_channels_come_in_pages(client: AsyncWebClient) -> None:
    first = await client.users_list(limit=3)
    rest = await client.users_list(limit=3, cursor=first["response_metadata"]["next_cursor"])
    ids = [user["id"] for user in [*first["members"], *rest["members"]]]
    assert ids == ["UBOT", "USLACKBOT", "U1", "U2", "U3"]
    channels = await client.conversations_list(types="public_channel,im")
    assert [(c["id"], c["is_member"]) for c in channels["channels"]] == [("C1", True), ("C2", False)]
    assert (await client.conversations_members(channel="C1"))["members"] == ["U1", "U2", "UBOT"]


async def test_a_trigger_opens_one_form_within_three_seconds(
    slack: LocalSlack, client: AsyncWebClient, machine: HandClock
) -> None:
    views = slack.workspace.views
    trigger, late = views.trigger("U1"), views.trigger("U1")
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert await refusal(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    machine.push(3.1)
    assert await refusal(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2", view=MODAL)) == "invalid_trigger_id"


async def test_forms_lie_three_deep_at_most(slack: LocalSlack, client: AsyncWebClient) -> None:
    views = slack.workspace.views
    view = (await client.views_open(trigger_id=views.trigger("U1"), view=MODAL))["view"]
    for _ in range(2):
        view = (await client.views_push(trigger_id=views.trigger("U1", in_view=view["id"]), view=MODAL))["view"]
    trigger = views.trigger("U1", in_view=view["id"])
    assert await refusal(client.views_push(trigger_id=trigger, view=MODAL)) == "push_limit_reached"
    assert view["root_view_id"] == views.stacks["U1"][0].id


async def test_an_update_needs_the_present_hash(slack: LocalSlack, client: AsyncWebClient) -> None:
    trigger = slack.workspace.views.trigger("U1")
    view = (await client.views_open(trigger_id=trigger, view=FORM))["view"]
    changed = (await client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))["view"]
    assert changed["hash"] != view["hash"]
    assert await refusal(client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)) == "hash_conflict"
    assert await refusal(client.views_update(view_id="V9", view=FORM)) == "not_found"


async def test_a_form_with_fields_needs_a_button_to_send_it(slack: LocalSlack, client: AsyncWebClient) -> None:
    without = {name: value for name, value in FORM.items() if name != "submit"}
    trigger = slack.workspace.views.trigger("U1")
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger, view=without)
    assert refused.value.response["response_metadata"] == {
        "messages": ["[ERROR] /submit: is required when there is an input block"]
    }


async def test_reactions_and_links(slack: LocalSlack, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=question("x")))["ts"]
    await client.reactions_add(channel="C1", timestamp=ts, name="white_check_mark")
    assert await refusal(client.reactions_add(channel="C1", timestamp=ts, name="white_check_mark")) == "already_reacted"
    link = (await client.chat_getPermalink(channel="C1", message_ts=ts))["permalink"]
    assert link == f"https://t1.slack.com/archives/C1/p{ts.replace('.', '')}"


async def test_every_call_is_logged(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C1", text="x")
    await refusal(client.chat_postMessage(channel="C9", text="x"))
    calls = slack.workspace.calls["chat.postMessage"]
    assert [(call.arguments["channel"], call.answer and call.answer["ok"]) for call in calls] == [
        ("C1", True),
        ("C9", False),
    ]

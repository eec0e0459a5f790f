"""The methods of the Web API that tell of people and conversations."""

from zoneinfo import ZoneInfo

from pim_bot.playground.arguments import Arguments
from pim_bot.playground.chat_methods import page_of
from pim_bot.playground.model import Conversation, Json, SlackError, User
from pim_bot.playground.workspace import Workspace


def auth_test(workspace: Workspace, arguments: Arguments) -> Json:
    """auth.test."""
    bot = workspace.user(workspace.bot_user_id)
    return {
        "ok": True,
        "url": f"https://{workspace.team_id.lower()}.slack.com/",
        "team": workspace.name,
        "user": bot.name,
        "team_id": workspace.team_id,
        "user_id": bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def api_test(workspace: Workspace, arguments: Arguments) -> Json:
    """api.test."""
    if arguments.text("error"):
        raise SlackError(arguments.text("error"), args=arguments.given)
    return {"ok": True, "args": arguments.given}


def bots_info(workspace: Workspace, arguments: Arguments) -> Json:
    """bots.info."""
    if arguments.text("bot", workspace.bot_id) != workspace.bot_id:
        raise SlackError("bot_not_found")
    bot = workspace.user(workspace.bot_user_id)
    told = {"id": workspace.bot_id, "deleted": False, "name": bot.name, "app_id": workspace.app_id, "user_id": bot.id}
    return {"ok": True, "bot": told}


def team_info(workspace: Workspace, arguments: Arguments) -> Json:
    """team.info."""
    return {"ok": True, "team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.team_id.lower()}}


def users_info(workspace: Workspace, arguments: Arguments) -> Json:
    """users.info."""
    user = workspace.user(arguments.required("user"))
    return {"ok": True, "user": _user_as_slack(workspace, user, with_locale=arguments.flag("include_locale"))}


def users_list(workspace: Workspace, arguments: Arguments) -> Json:
    """users.list."""
    page, cursor = page_of(list(workspace.users.values()), arguments, default=200)
    locale = arguments.flag("include_locale")
    members = [_user_as_slack(workspace, user, with_locale=locale) for user in page]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": cursor}}


def users_look_up_by_email(workspace: Workspace, arguments: Arguments) -> Json:
    """users.lookupByEmail."""
    email = arguments.required("email").casefold()
    for user in workspace.users.values():
        if user.email and user.email.casefold() == email and not (user.deleted or user.stranger):
            return {"ok": True, "user": _user_as_slack(workspace, user, with_locale=False)}
    raise SlackError("users_not_found")


def open_conversation(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.open, for one person (this workspace has no group conversations)."""
    if arguments.text("channel"):
        conversation, known = workspace.conversation(arguments.text("channel")), True
    else:
        users = arguments.required("users").split(",")
        if len(users) > 1:
            raise SlackError("method_not_supported_for_channel_type")
        before = len(workspace.conversations)
        conversation = workspace.direct(users[0])
        known = len(workspace.conversations) == before
    told = _conversation_as_slack(workspace, conversation) if arguments.flag("return_im") else {"id": conversation.id}
    answer: Json = {"ok": True, "channel": told}
    return answer | {"no_op": True, "already_open": True} if known else answer


def conversations_list(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.list: what the bot may know of, by `types`."""
    kinds = {kind.strip() for kind in (arguments.text("types") or "public_channel").split(",")}
    found = [
        conversation
        for conversation in workspace.conversations.values()
        if _kind(conversation) in kinds
        and (_kind(conversation) == "public_channel" or workspace.bot_user_id in conversation.members)
        and not (arguments.flag("exclude_archived") and conversation.archived)
    ]
    page, cursor = page_of(found, arguments)
    channels = [_conversation_as_slack(workspace, conversation) for conversation in page]
    return {"ok": True, "channels": channels, "response_metadata": {"next_cursor": cursor}}


def conversations_info(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.info."""
    conversation = _visible(workspace, arguments.required("channel"))
    return {"ok": True, "channel": _conversation_as_slack(workspace, conversation)}


def conversations_members(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.members."""
    page, cursor = page_of(_visible(workspace, arguments.required("channel")).members, arguments)
    return {"ok": True, "members": page, "response_metadata": {"next_cursor": cursor}}


def conversations_join(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.join: refused, since the app does not ask for that scope."""
    raise SlackError("missing_scope", needed="channels:join", provided="chat:write,commands")


def _visible(workspace: Workspace, channel: str) -> Conversation:
    conversation = workspace.conversation(channel)
    if conversation.private and workspace.bot_user_id not in conversation.members:
        raise SlackError("channel_not_found")
    return conversation


def _kind(conversation: Conversation) -> str:
    if conversation.kind == "im":
        return "im"
    return "private_channel" if conversation.private else "public_channel"


def _conversation_as_slack(workspace: Workspace, conversation: Conversation) -> Json:
    if conversation.kind == "im":
        person = workspace.user(conversation.members[0])
        return {"id": conversation.id, "is_im": True, "user": person.id, "is_user_deleted": person.deleted}
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "created": conversation.created,
        "is_channel": True,
        "is_im": False,
        "is_group": False,
        "is_mpim": False,
        "is_private": conversation.private,
        "is_archived": conversation.archived,
        "is_member": workspace.bot_user_id in conversation.members,
        "is_ext_shared": conversation.shared,
        "num_members": len(conversation.members),
    }


def _user_as_slack(workspace: Workspace, user: User, *, with_locale: bool) -> Json:
    offset = workspace.machine_clock().astimezone(ZoneInfo(user.tz)).utcoffset()
    profile: Json = {"real_name": user.real_name, "display_name": user.name, "title": user.title}
    if user.email is not None and not user.stranger:
        profile["email"] = user.email
    told: Json = {
        "id": user.id,
        "team_id": workspace.team_of(user.id),
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "tz": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_restricted": user.restricted,
        "is_ultra_restricted": False,
        "is_stranger": user.stranger,
    }
    return told | {"locale": user.locale} if with_locale else told

"""A message of the chat as a source: where it stands, who wrote it, and its words without the chat's markup."""

from pim_bot.blocks.markup import TOKEN
from pim_bot.handlers.payloads import Quoted
from pim_bot.programme.contribution import SourceMessage

DIRECT, PRIVATE, GROUP = "directmessage", "privategroup", "mpdm-"
"""What the chat calls conversations that not everybody sees, instead of their names (Slack: „Interaction payloads”)."""


def source_of(quoted: Quoted) -> SourceMessage:
    """Tell where a message stands; one in a conversation without a name of its own counts as private."""
    return SourceMessage(
        team_id=quoted.team_id,
        channel_id=quoted.channel_id,
        ts=quoted.ts,
        author_team=quoted.author_team,
        author_user=quoted.author_user,
        by_bot=quoted.by_bot,
        is_private=_is_private(quoted),
        link=_link(quoted),
    )


def _is_private(quoted: Quoted) -> bool:
    name = quoted.channel_name
    return not name or name in (DIRECT, PRIVATE) or name.startswith(GROUP) or quoted.channel_id[:1] in ("D", "G")


def _link(quoted: Quoted) -> str:
    """Make the address of the message itself, also of a reply in a thread."""
    if not quoted.domain:
        return ""
    address = f"https://{quoted.domain}.slack.com/archives/{quoted.channel_id}/p{quoted.ts.replace('.', '')}"
    is_reply = quoted.thread_ts not in ("", quoted.ts)
    return f"{address}?thread_ts={quoted.thread_ts}&cid={quoted.channel_id}" if is_reply else address


def first_link(text: str) -> str:
    """Tell the first web address in a text with the chat's markup; "" where there is none."""
    targets = (token.group(1) for token in TOKEN.finditer(text))
    found = next((one for one in targets if one.startswith(("https://", "http://"))), "")
    return found.replace("&amp;", "&")

"""The markup that the chat writes into the text of messages (Slack: „Formatting message text”), read back."""

import re

TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain_text(text: str) -> str:
    """Take the chat's markup out of a text; whom it mentions stays unnamed."""
    plain = TOKEN.sub(_said, text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    return plain


def _said(token: re.Match[str]) -> str:
    target, label = token.group(1), token.group(2) or ""
    if target[:1] in ("@", "#", "!"):
        return f"{target[0] if target[0] == '#' else '@'}{label.lstrip('@#') or '…'}"
    return f"{label} ({target})" if label and label != target else target

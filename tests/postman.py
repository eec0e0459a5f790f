"""A chat without Slack behind it, for tests that look only at the database: everything arrives."""

from datetime import datetime
from typing import Any

from pim_bot.notifications.delivery import (
    NOT_INVITED,
    Addressee,
    Finding,
    Later,
    Missing,
    Outcome,
    Refused,
    Sent,
    Unreadable,
)
from pim_bot.notifications.ports import ChatProfile, Quotation, Way


class Postman:
    """Implements ``notifications.ports.Chat``: everything arrives, unless it ``refuses``; nobody's history is read."""

    def __init__(self, team_id: str) -> None:
        self.team_id = team_id
        self.carried = 0
        self.refuses = False

    async def reach(self, addressee: Addressee) -> Way | Refused | Later:
        return Way(conversation=addressee.conversation or f"D{addressee.recipient_id}", address=addressee.address)

    async def post(self, conversation: str, rendering: dict[str, Any], *, key: str, thread: str) -> Outcome:
        self.carried += 1
        return Refused(NOT_INVITED) if self.refuses else Sent(conversation, f"1.{self.carried}")

    async def update(self, conversation: str, ts: str, rendering: dict[str, Any], *, key: str) -> Outcome:
        return Sent(conversation, ts)

    async def publish(self, user_id: str, rendering: dict[str, Any]) -> Outcome:
        return Sent(user_id, "")

    async def find(self, conversation: str, *, key: str, since: datetime, thread: str) -> Finding:
        return Missing()

    async def copies(
        self, conversation: str, *, key: str, since: datetime, thread: str
    ) -> list[str] | Later | Unreadable:
        return []

    async def retract(self, conversation: str, ts: str) -> Outcome:
        return Sent(conversation, ts)

    async def quote(self, conversation: str, ts: str) -> Quotation | Unreadable | Later:
        return Quotation(text="Łąki kwietne", author_team=self.team_id, author_user="U1", is_private=False)

    async def profile(self, user_id: str) -> ChatProfile | None:
        return ChatProfile(team_id=self.team_id, user_id=user_id, email=f"{user_id}@example.org")

    async def person(self, email: str) -> ChatProfile | Refused | Later:
        return ChatProfile(team_id=self.team_id, user_id=email.split("@", maxsplit=1)[0].upper(), email=email)

"""Modals, Home tabs and the triggers that open them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pim_bot.blocks.limits import VIEW_BYTES, broken_view
from pim_bot.playground.form import Values, fresh_values
from pim_bot.playground.model import Json, SlackError

if TYPE_CHECKING:
    from pim_bot.playground.workspace import Workspace

TRIGGER_LIFE = timedelta(seconds=3)
DEEPEST_STACK = 3


@dataclass
class View:
    """An open modal or a published Home tab: what the app gave (`body`), and what the person has typed (`values`)."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """block_id → sentence, as the app answered to the last submission."""

    @property
    def blocks(self) -> list[Json]:
        """The blocks, every one with its ids."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The title as a person reads it."""
        return str(self.body.get("title", {}).get("text", ""))


@dataclass
class _Trigger:
    user: str
    at: datetime
    in_view: str | None
    used: bool = False


class Views:
    """All views of a workspace: a stack of modals and a Home tab for each person."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._triggers: dict[str, _Trigger] = {}
        self._hashes = 0
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def top(self, user_id: str) -> View | None:
        """Tell which modal a person has before them."""
        stack = self.stacks.get(user_id)
        return stack[-1] if stack else None

    def trigger(self, user_id: str, *, in_view: str | None = None) -> str:
        """Give a trigger id for what a person has just done."""
        trigger_id = f"{self._workspace.new_id('')}.{self._workspace.team_id}"
        self._triggers[trigger_id] = _Trigger(user_id, self._workspace.machine_clock(), in_view)
        return trigger_id

    def open(self, trigger_id: str, body: Json) -> View:
        """Open a modal for whoever the trigger belongs to; what was open before is gone."""
        self.check(body, "modal")
        trigger = self._spend(trigger_id)
        view = self._new(trigger.user, body)
        self.stacks[trigger.user] = [view]
        self._workspace.changed()
        return view

    def push(self, trigger_id: str, body: Json) -> View:
        """Lay a modal over the open one."""
        self.check(body, "modal")
        trigger = self._spend(trigger_id)
        if trigger.in_view is None or not self.stacks.get(trigger.user):
            raise SlackError("invalid_trigger_id", "the trigger does not come from an open modal")
        return self.lay_over(trigger.user, body)

    def lay_over(self, user_id: str, body: Json) -> View:
        """Do the same without a trigger, as an answer to a submission may."""
        self.check(body, "modal")
        stack = self.stacks[user_id]
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        view = self._new(user_id, body, under=stack)
        stack.append(view)
        self._workspace.changed()
        return view

    def update(self, body: Json, *, view_id: str = "", external_id: str = "", if_hash: str | None = None) -> View:
        """Change an open modal in place; fields with the same ids and kind keep what was typed into them."""
        view = self.find(view_id, external_id)
        self.check(body, str(view.body["type"]), known=view)
        if if_hash is not None and if_hash != view.hash:
            raise SlackError("hash_conflict")
        view.body = self._named(body)
        view.hash = self._next_hash()
        view.values = fresh_values(view.blocks, view.values)
        view.errors = {}
        self._workspace.changed()
        return view

    def publish(self, user_id: str, body: Json, *, if_hash: str | None = None) -> View:
        """Set somebody's Home tab."""
        user = self._workspace.user(user_id)
        if user.deleted:
            raise SlackError("user_disabled")
        self.check(body, "home")
        before = self.homes.get(user_id)
        if if_hash is not None and (before is None or before.hash != if_hash):
            raise SlackError("hash_conflict")
        view = self._new(user_id, body)
        if before is not None:
            view.id = view.root_id = before.id
            view.values = fresh_values(view.blocks, before.values)
        self.homes[user_id] = view
        self._workspace.changed()
        return view

    def close(self, view: View, *, all_of_them: bool = False) -> list[View]:
        """Close a modal and what lies over it, or the whole stack; tells which were closed, the topmost first."""
        stack = self.stacks.get(view.user, [])
        place = 0 if all_of_them else stack.index(view)
        closed = stack[place:]
        del stack[place:]
        self._workspace.changed()
        return closed[::-1]

    def find(self, view_id: str, external_id: str = "") -> View:
        """Find an open modal or a Home tab, or refuse as Slack does."""
        every = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        for view in every:
            if (view_id and view.id == view_id) or (external_id and view.body.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def check(self, body: Json, kind: str, *, known: View | None = None) -> None:
        """Refuse a view that Slack would refuse."""
        if len(json.dumps(body).encode()) > VIEW_BYTES:
            raise SlackError("view_too_large")
        sentences = broken_view(body)
        if body.get("type") in ("modal", "home") and body["type"] != kind:
            sentences = [f"/type: must be {kind}", *sentences]
        if sentences:
            raise SlackError("invalid_arguments", *sentences)
        external_id = body.get("external_id")
        if external_id and any(
            view is not known and view.body.get("external_id") == external_id
            for stack in self.stacks.values()
            for view in stack
        ):
            raise SlackError("duplicate_external_id")

    def as_slack(self, view: View) -> Json:
        """Tell the view as Slack does in answers and payloads."""
        workspace = self._workspace
        rest = {"callback_id": "", "private_metadata": "", "external_id": "", "close": None, "submit": None}
        fixed = {"notify_on_close": False, "clear_on_close": False}
        return {
            **rest,
            **fixed,
            **view.body,
            "id": view.id,
            "team_id": workspace.team_id,
            "app_id": workspace.app_id,
            "app_installed_team_id": workspace.team_id,
            "bot_id": workspace.bot_id,
            "hash": view.hash,
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
            "state": {"values": view.values},
        }

    def _spend(self, trigger_id: str) -> _Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._workspace.machine_clock() - trigger.at > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def _new(self, user_id: str, body: Json, *, under: list[View] | None = None) -> View:
        view_id = self._workspace.new_id("V")
        view = View(
            id=view_id,
            user=user_id,
            body=self._named(body),
            hash=self._next_hash(),
            root_id=under[0].id if under else view_id,
            previous_id=under[-1].id if under else None,
        )
        view.values = fresh_values(view.blocks)
        return view

    def _named(self, body: Json) -> Json:
        return {**body, "blocks": self._workspace.with_ids(body["blocks"])}

    def _next_hash(self) -> str:
        self._hashes += 1
        return f"{int(self._workspace.machine_clock().timestamp())}.{self._hashes:08x}"

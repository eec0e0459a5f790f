"""People for tests: each method is something that a person does in the chat, with nothing stubbed in between."""

from collections.abc import Mapping
from typing import Any

from pim_bot.playground.elements import find_element
from pim_bot.playground.model import Json, Message, User
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.switchboard import Place, Switchboard
from pim_bot.playground.transport import Answer
from pim_bot.playground.views import View


class Person:
    """One person at the keyboard."""

    def __init__(self, switchboard: Switchboard, user_id: str) -> None:
        self._switchboard = switchboard
        self._workspace = switchboard.workspace
        self.id = self._workspace.user(user_id).id
        self.taps = 0
        """What they have done so far: a command, a message, a press and each step of a form sent count one; what is
        typed or chosen in the fields of a form does not."""

    @property
    def user(self) -> User:
        """Who this is."""
        return self._workspace.user(self.id)

    @property
    def dm(self) -> str:
        """The id of the direct conversation with the bot."""
        return self._workspace.direct(self.id).id

    # What they see

    def messages(self, channel: str | None = None) -> list[Message]:
        """List what they see in a conversation (the bot's, if none is named), oldest first."""
        return self._workspace.seen_by(self.id, channel or self.dm)

    def last(self, channel: str | None = None) -> Message:
        """Tell the newest message they see there."""
        return self.messages(channel)[-1]

    def unread(self, channel: str | None = None) -> int:
        """Count what is new for them there."""
        return self._workspace.unread(self.id, channel or self.dm)

    @property
    def modal(self) -> View | None:
        """The modal before them."""
        return self._workspace.views.top(self.id)

    @property
    def home(self) -> View | None:
        """Their Home tab, if the bot has published one."""
        return self._workspace.views.homes.get(self.id)

    # What they do

    async def command(self, command: str, text: str = "", *, channel: str | None = None) -> Outcome:
        """Type a slash command, in the direct conversation if no channel is named."""
        self.taps += 1
        return await self._switchboard.command(self.id, command, text, channel or self.dm)

    async def say(self, text: str, *, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Write a message; `@pim` mentions the bot."""
        self.taps += 1
        return await self._switchboard.say(self.id, channel or self.dm, text, thread_ts=thread_ts)

    async def drop(self, name: str, data: bytes, *, channel: str | None = None, **odd: Any) -> Message:
        """Drop a file into a conversation, the bot's if none is named; `odd` is how its address misbehaves."""
        file = self._workspace.store(self.id, name, data)
        for one, value in odd.items():
            setattr(file, one, value)
        return await self._switchboard.drop(self.id, channel or self.dm, [file])

    async def click(
        self,
        place: Place,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Press a button, or choose a value: an option by its value or text, a date as 2022-01-10, a list for several.

        `place` is a message, a modal or the Home tab. `typed` fills other fields first.
        """
        _, element = find_element(place.blocks, action_id, block_id)
        if "external_select" in element["type"] and value:
            await self._look_for(place, action_id, value, block_id)
        self.taps += 1
        return await self._switchboard.click(self.id, place, action_id, value, block_id=block_id, typed=typed)

    async def suggest(self, place: Place, action_id: str, query: str) -> list[Json]:
        """Type into an external select and tell the options offered."""
        return list((await self._switchboard.suggest(self.id, place, action_id, query)).options)

    async def submit(self, view: View | None, values: Mapping[str, Any] | None = None) -> Outcome:
        """Fill in a form and send it; a field is named by its label, or by block_id and action_id.

        The options of an external select are asked of the bot first, as typing the value's text would do. A form in
        several steps is sent to its end: what a step does not ask for is left for the next one.
        """
        if view is None:
            raise LookupError(f"{self.user.real_name} has no form open")
        await self._go_back_to(view)
        below = [one for one in self._workspace.views.stacks[self.id] if one is not view]
        asked_before = [
            name for name in values or {} if not _asks(view, name) and any(_asks(one, name) for one in below)
        ]
        left = {name: value for name, value in (values or {}).items() if name not in asked_before}
        while True:
            here = {name: value for name, value in left.items() if _asks(view, name)}
            left = {name: value for name, value in left.items() if name not in here}
            for name, value in here.items():
                await self._look_for_named(view, name, value)
            self.taps += 1
            outcome = await self._switchboard.submit(self.id, view, here)
            following = self.modal
            if following is None or following.previous_id != view.id or not _is_step_of(following, view):
                break
            view = following
        asks_again = self.modal is not None and _is_step_of(self.modal, view)
        if left and outcome.ok and not asks_again:
            raise LookupError(f"There are no fields {sorted(left)} in this form")
        return outcome

    async def _go_back_to(self, view: View) -> None:
        stack = self._workspace.views.stacks.get(self.id, [])
        while view in stack and self.modal is not None and self.modal is not view:
            await self.close()
            stack = self._workspace.views.stacks.get(self.id, [])

    async def close(self, view: View | None = None, *, all_of_them: bool = False) -> list[Answer]:
        """Close the modal without sending it."""
        shown = view or self.modal
        return await self._switchboard.close(self.id, shown, all_of_them=all_of_them) if shown else []

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """Use a shortcut: global, or on a message."""
        self.taps += 1
        return await self._switchboard.shortcut(self.id, callback_id, message)

    async def react(self, message: Message, name: str) -> list[Answer]:
        """Put a reaction on a message, or take one's own away."""
        self.taps += 1
        return await self._switchboard.react(self.id, message, name)

    async def edit(self, message: Message, text: str) -> list[Answer]:
        """Change one's own message."""
        return await self._switchboard.edit(self.id, message, text)

    async def remove(self, message: Message) -> list[Answer]:
        """Delete one's own message."""
        return await self._switchboard.remove(self.id, message)

    async def open_home(self) -> View | None:
        """Look at the Home tab."""
        await self._switchboard.open_home(self.id)
        return self.home

    async def join(self, channel: str) -> list[Answer]:
        """Join a channel."""
        return await self._switchboard.join(self.id, channel)

    def read(self, channel: str | None = None) -> None:
        """Look at a conversation, so that nothing in it is unread."""
        self._workspace.mark_read(self.id, channel or self.dm)

    async def _look_for_named(self, view: View, name: str, value: Any) -> None:
        for block in view.blocks:
            element = block.get("element", {})
            named = name in (block["block_id"], block.get("label", {}).get("text"))
            if named and "external_select" in element.get("type", ""):
                wanted = value[element["action_id"]] if isinstance(value, Mapping) and "text" not in value else value
                await self._look_for(view, element["action_id"], wanted, block["block_id"])

    async def _look_for(self, place: Place, action_id: str, value: Any, block_id: str | None) -> None:
        """Type every wanted option into the select, so that the bot has offered it before it is chosen."""
        for wanted in value if isinstance(value, list) else [value]:
            query = wanted["text"]["text"] if isinstance(wanted, Mapping) else str(wanted)
            await self._switchboard.suggest(self.id, place, action_id, query, block_id=block_id)


def _asks(view: View, name: str) -> bool:
    labels = [block.get("label", {}).get("text") for block in view.blocks if block["type"] == "input"]
    return name in labels or any(name == block["block_id"] for block in view.blocks)


def _is_step_of(following: View, view: View) -> bool:
    return bool(view.body.get("callback_id")) and following.body.get("callback_id") == view.body.get("callback_id")

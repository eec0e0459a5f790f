"""The notice of RODO art. 13 on the one way that everything people write takes: the forms.

A form that is opened for somebody who was not shown the notice yet carries it as its first block; when that form is
sent, the door notes version and time together with what was written (``Door.act``). Whoever comes by a command before
the hub knows them reads it in the answer (``Door.meet``).
"""

from dataclasses import dataclass
from typing import Any

from pim_bot.blocks.privacy import notice_block
from pim_bot.handlers.door import VISITING, OpenWork, Screens
from pim_bot.programme.privacy import NOTICE_VERSION, Contacts


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticedScreens:
    """Opens forms as ``screens`` does, with the notice where it is due. ``contacts`` are whom people ask."""

    screens: Screens
    open_reading: OpenWork
    contacts: Contacts

    async def open(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open a form or a screen; only forms can carry the notice, since only they are sent."""
        visiting = VISITING.get(None)
        if visiting is not None and view.get("callback_id"):
            request, words = visiting
            async with self.open_reading() as work:
                known = await work.privacy.knows_notice(request.team_id, request.user_id, NOTICE_VERSION)
            if not known:
                view = view | {"blocks": [notice_block(words, self.contacts), *view["blocks"]]}
        await self.screens.open(trigger_id, view)

"""What did not arrive and what was sent lately: coordinators see it, send it again or leave it."""

from dataclasses import dataclass

from pim_bot.blocks.elements import Message
from pim_bot.blocks.ledger import MOST_ROWS, counts_line
from pim_bot.blocks.lists import sentence
from pim_bot.handlers.door import Door, Visit
from pim_bot.handlers.payloads import Click, Command, Request
from pim_bot.notifications.deciding import drop_delivery, resend_delivery
from pim_bot.notifications.digests import LOOK_BACK
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.programme.permissions import Action, needs, require

MOST_TROUBLES, MOST_SENT = 200, 40


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryHandlers:
    """``/pim doręczenia``. The list is a message, so that it can show what was decided on it, by whomever."""

    door: Door

    @needs(Action.SEE_DELIVERIES)
    async def show(self, command: Command) -> Message:
        """``/pim doręczenia``: say how things stand, and send the list of troubles and of what was sent lately."""
        async with self.door.act(command) as visit:
            words = visit.words
            troubles = await self._send_list(visit, command, page=0)
            counts = counts_line(words, await visit.work.ledger.counts(since=visit.now - LOOK_BACK))
            first = (
                words.plural(
                    "Na Państwa decyzję albo na wysłanie czeka {n} wiadomość.",
                    "Na Państwa decyzję albo na wysłanie czeka {n} wiadomości.",
                    troubles,
                )
                if troubles
                else words.text("Wszystko, co miało dotrzeć, dotarło.")
            )
            return sentence(f"{first} {words.text('Lista z przyciskami przychodzi w wiadomości.')} {counts}")

    @needs(Action.SEE_DELIVERIES)
    async def show_by_click(self, click: Click) -> None:
        """Send the list from a button."""
        async with self.door.act(click) as visit:
            await self._send_list(visit, click, page=0)

    @needs(Action.SEE_DELIVERIES)
    async def show_more(self, click: Click) -> None:
        """Send the next page of the list."""
        page = int(click.value) if click.value.isdecimal() and len(click.value) < 4 else 0  # noqa: PLR2004
        async with self.door.act(click) as visit:
            await self._send_list(visit, click, page=page)

    async def _send_list(self, visit: Visit, request: Request, *, page: int) -> int:
        """Plan the message with a page of the list; tells how many messages are in trouble."""
        edition = await visit.edition()
        require(visit.actor, Action.SEE_DELIVERIES, now=visit.now, edition=edition.slug)
        ledger = visit.work.ledger
        troubled = await ledger.troubled(now=visit.now, limit=MOST_TROUBLES)
        listed = [*troubled, *await ledger.lately(since=visit.now - LOOK_BACK, limit=MOST_SENT)]
        end = (page + 1) * MOST_ROWS
        shown = listed[end - MOST_ROWS : end]
        recipients = await visit.work.recipients.members([visit.member.id])
        intent = Intent(
            kind=Kind.DELIVERIES,
            recipient=recipients[visit.member.id],
            subject=f"member:{visit.member.id}",
            occurrence=request.key[:150],
            not_before=visit.now,
            facts={
                "ids": shown,
                "troubles": len(set(shown).intersection(troubled)),
                "page": page,
                "more": max(len(listed) - end, 0),
                "workspace": request.workspace,
            },
        )
        await visit.work.outbox.intend([intent])
        return len(troubled)

    @needs(Action.DECIDE_DELIVERY)
    async def resend(self, click: Click) -> None:
        """Send a message again; the lists show who decided so."""
        async with self.door.act(click) as visit:
            await resend_delivery(visit.work, visit.actor, click.value, now=visit.now)

    @needs(Action.DECIDE_DELIVERY)
    async def drop(self, click: Click) -> None:
        """Leave a message unsent; the lists show who decided so."""
        async with self.door.act(click) as visit:
            await drop_delivery(visit.work, visit.actor, click.value, now=visit.now)

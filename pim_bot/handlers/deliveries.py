"""What did not arrive: coordinators see it, send it again or leave it."""

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

MOST_TROUBLES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryHandlers:
    """``/pim doręczenia``. The list is a message, so that it can show what was decided on it, by whomever."""

    door: Door

    @needs(Action.SEE_DELIVERIES)
    async def show(self, command: Command) -> Message:
        """``/pim doręczenia``: say how things stand, and send the list if there is anything to decide."""
        async with self.door.act(command) as visit:
            troubles = await self._send_list(visit, command, page=0)
            counts = counts_line(visit.words, await visit.work.ledger.counts(since=visit.now - LOOK_BACK))
            if not troubles:
                return sentence(f"{visit.words.text('Wszystko, co miało dotrzeć, dotarło.')} {counts}")
            first = visit.words.plural(
                "Na Państwa decyzję albo na wysłanie czeka {n} wiadomość.",
                "Na Państwa decyzję albo na wysłanie czeka {n} wiadomości.",
                troubles,
            )
            return sentence(f"{first} {visit.words.text('Lista z przyciskami przychodzi w wiadomości.')} {counts}")

    @needs(Action.SEE_DELIVERIES)
    async def show_by_click(self, click: Click) -> None:
        """Send the list from a button."""
        async with self.door.act(click) as visit:
            await self._send_list(visit, click, page=0, even_empty=True)

    @needs(Action.SEE_DELIVERIES)
    async def show_more(self, click: Click) -> None:
        """Send the next page of the list."""
        page = int(click.value) if click.value.isdecimal() and len(click.value) < 4 else 0  # noqa: PLR2004
        async with self.door.act(click) as visit:
            await self._send_list(visit, click, page=page, even_empty=True)

    async def _send_list(self, visit: Visit, request: Request, *, page: int, even_empty: bool = False) -> int:
        """Plan the message with a page of the list; tells how many messages are in trouble."""
        edition = await visit.edition()
        require(visit.actor, Action.SEE_DELIVERIES, now=visit.now, edition=edition.slug)
        ids = await visit.work.ledger.troubled(now=visit.now, limit=MOST_TROUBLES)
        shown = ids[page * MOST_ROWS : (page + 1) * MOST_ROWS]
        if shown or even_empty:
            recipients = await visit.work.recipients.members([visit.member.id])
            intent = Intent(
                kind=Kind.DELIVERIES,
                recipient=recipients[visit.member.id],
                subject=f"member:{visit.member.id}",
                occurrence=request.key[:150],
                not_before=visit.now,
                facts={"ids": shown, "page": page, "more": max(len(ids) - (page + 1) * MOST_ROWS, 0)},
            )
            await visit.work.outbox.intend([intent])
        return len(ids)

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

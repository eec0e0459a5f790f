"""What did not arrive and what was sent lately: coordinators see it, send it again or leave it."""

from dataclasses import dataclass

from pim_bot.blocks.elements import Message
from pim_bot.blocks.ledger import MOST_ROWS, counts_line
from pim_bot.blocks.lists import sentence
from pim_bot.handlers.door import Door, Visit
from pim_bot.handlers.payloads import Click, Command, Request
from pim_bot.notifications.deciding import drop_delivery, resend_delivery
from pim_bot.notifications.digests import LOOK_BACK
from pim_bot.notifications.intent import Intent, Kind, Operation, State
from pim_bot.notifications.ledger import Wanted
from pim_bot.programme.permissions import Action, needs, require

MOST_TROUBLES, MOST_SENT = 200, 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """The ids that a list is about; the first so many of them are in trouble."""

    ids: list[str]
    troubles: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryHandlers:
    """``/pim doręczenia``. The list is a message, so that it can show what was decided on it, by whomever."""

    door: Door

    @needs(Action.SEE_DELIVERIES)
    async def show(self, command: Command) -> Message:
        """``/pim doręczenia [osoba]``: say how things stand, and send the list of troubles and of what went lately."""
        async with self.door.act(command) as visit:
            words, who = visit.words, command.rest.strip()
            listed = await self._listed(visit, who)
            if who and not listed.ids:
                return sentence(
                    words.text(
                        "Nie ma takich wiadomości z ostatnich 7 dni: {who}. Można podać część nazwiska, adresu e-mail "
                        "albo nazwy kanału.",
                        who=who,
                    )
                )
            await self._send_list(visit, command, listed, page=0)
            troubles = listed.troubles
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
            shown = (
                words.text("Lista z przyciskami przychodzi w wiadomości.")
                if troubles
                else words.text("Lista ostatnio wysłanych przychodzi w wiadomości.")
            )
            return sentence(f"{first} {shown} {counts}")

    @needs(Action.SEE_DELIVERIES)
    async def show_by_click(self, click: Click) -> None:
        """Send the list from a button."""
        async with self.door.act(click) as visit:
            await self._send_list(visit, click, await self._listed(visit), page=0)

    @needs(Action.SEE_DELIVERIES)
    async def show_more(self, click: Click) -> None:
        """Send the next page of the list."""
        page = int(click.value) if click.value.isdecimal() and len(click.value) < 4 else 0  # noqa: PLR2004
        async with self.door.act(click) as visit:
            await self._send_list(visit, click, await self._listed(visit), page=page)

    async def _listed(self, visit: Visit, who: str = "") -> Listed:
        """Find what is in trouble and what was sent lately, to ``who`` only where somebody is named."""
        edition = await visit.edition()
        require(visit.actor, Action.SEE_DELIVERIES, now=visit.now, edition=edition.slug)
        ledger, now, since = visit.work.ledger, visit.now, visit.now - LOOK_BACK
        if not who:
            troubled = await ledger.troubled(now=now, limit=MOST_TROUBLES)
            return Listed(ids=[*troubled, *await ledger.lately(since=since, limit=MOST_SENT)], troubles=len(troubled))
        found = await ledger.found(Wanted(who=who, limit=MOST_TROUBLES), now=now)
        theirs = [one for one in found if one.kind is not Kind.DELIVERIES and one.operation is not Operation.UPDATE]
        troubled = [one.id for one in theirs if one.is_troubled(now)]
        sent = [one.id for one in theirs if one.state is State.SENT and one.not_before >= since]
        # The button for more does not say whose they are: of one person there is one page.
        return Listed(ids=[*troubled, *sent][:MOST_ROWS], troubles=min(len(troubled), MOST_ROWS))

    async def _send_list(self, visit: Visit, request: Request, listed: Listed, *, page: int) -> None:
        """Plan the message with a page of the list."""
        end = (page + 1) * MOST_ROWS
        shown = listed.ids[end - MOST_ROWS : end]
        recipients = await visit.work.recipients.members([visit.member.id])
        intent = Intent(
            kind=Kind.DELIVERIES,
            recipient=recipients[visit.member.id],
            subject=f"member:{visit.member.id}",
            occurrence=request.key[:150],
            not_before=visit.now,
            facts={
                "ids": shown,
                "troubles": len(set(shown).intersection(listed.ids[: listed.troubles])),
                "page": page,
                "more": max(len(listed.ids) - end, 0),
                "workspace": request.workspace,
            },
        )
        await visit.work.outbox.intend([intent])

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

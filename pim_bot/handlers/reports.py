"""The short report after an activity, in chat."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pim_bot.blocks.forms import day_of, done_view
from pim_bot.blocks.report import report_form
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens
from pim_bot.handlers.payloads import Click, Submission
from pim_bot.programme.permissions import Action, needs
from pim_bot.programme.report import ReportDraft
from pim_bot.programme.reporting import report_activity, reportable, who_came


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportHandlers:
    """The button „Napisz relację” and its form."""

    door: Door
    screens: Screens

    @needs(Action.REPORT_ACTIVITY)
    async def open(self, click: Click) -> None:
        """„Napisz relację”: open the form, filled with what is known."""
        async with self.door.look(click) as visit:
            activity = await reportable(visit.work, visit.actor, click.value, now=visit.now)
            report = await visit.work.reports.get(activity.id)
            came = "" if report else await who_came(visit.work, activity)
            view = report_form(visit.words, activity, report, came)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.REPORT_ACTIVITY)
    async def save(self, submission: Submission) -> Answer:
        """Keep the report."""
        activity_id, seen = _read(submission.metadata)
        async with self.door.act(submission) as visit:
            await reportable(visit.work, visit.actor, activity_id, now=visit.now)
            draft = _draft(submission.typed)
            materials = str(submission.typed.get("materials") or "").splitlines()
            await report_activity(
                visit.work, visit.actor, activity_id, draft, materials=materials, seen=seen, now=visit.now
            )
            said = visit.words.text("Relacja jest zapisana. Widać ją w ogłoszeniu wydarzenia.")
            view = done_view(visit.words, visit.words.text("Relacja"), said)
            return {"response_action": "update", "view": view}


def _draft(typed: Mapping[str, Any]) -> ReportDraft:
    held_from, held_until = day_of(typed, "held_from"), day_of(typed, "held_until")
    if held_from is None or held_until is None:
        missing = [name for name in ("held_from", "held_until") if day_of(typed, name) is None]
        raise Refused("Formularz wymaga poprawek.", fields=dict.fromkeys(missing, Refused("Prosimy podać dzień.")))
    return ReportDraft(
        held_from=held_from,
        held_until=held_until,
        outcome=str(typed.get("outcome") or ""),
        came=str(typed.get("came") or ""),
    )


def _read(metadata: str) -> tuple[str, int]:
    try:
        found = json.loads(metadata)
        return str(found["activity"]), int(found["revision"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error

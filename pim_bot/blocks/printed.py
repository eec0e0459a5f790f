"""The plan and the ledger as the command line prints them: lines for people, rows for scripts. Polish, as it speaks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from pim_bot.blocks.ledger import (
    decision_word,
    error_word,
    held_word,
    late_word,
    part_word,
    permalink,
    rule_word,
    rung_word,
    state_word,
    who_word,
)
from pim_bot.blocks.messages import failure_word, kind_word
from pim_bot.i18n import Words
from pim_bot.notifications.intent import Operation, State
from pim_bot.notifications.ledger import Decision, Entry, Plan, PlannedMessage, SilentRung

words = Words()
MOST_NAMED = 6
ALL_OF_IT = "Wszystkie osoby i powody: pim-bot plan"
NOTHING_LEFT = "nie trzeba: nie ma już o czym przypominać"
SILENT = {
    "not-invited": "nie trzeba: zaproszenie już nie dotyczy tej osoby",
    "not-going": "nie trzeba: odpowiedź brzmi „nie wezmę udziału”",
    "answered": "nie trzeba: odpowiedź już jest",
    "others-go": "nie trzeba: zespół zgłasza inne osoby",
    "answer-first": "nie trzeba: najpierw jest przypomnienie o odpowiedzi",
    "contact-answers": "nie trzeba: za zespół odpowiada osoba do kontaktu",
}
"""Why a rung says nothing; by the codes of ``notifications.reminders.why_silent``."""


def plan_lines(plan: Plan, zone: str) -> Iterator[str]:
    """Print a plan by day; the same message to several people is one line."""
    yield f"Plan od: {words.moment(plan.since, zone)}, do: {words.moment(plan.until, zone)}."
    yield "Tak będzie, jeśli nikt w tym czasie nic nie zmieni."
    said = [one for one in plan.messages if one.entry.operation is not Operation.UPDATE]
    going = [one for one in said if one.entry.state is not State.DROPPED]
    for day, of_day in groupby(going, key=lambda one: _local(one).date()):
        yield ""
        yield words.day(day)
        for (clock_time, _, *_), alike in _grouped(of_day):
            yield from _message_lines(clock_time, alike)
    yield from _not_sent([one for one in said if one.entry.state is State.DROPPED], plan.silent)
    yield from _in_place([one for one in plan.messages if one.entry.operation is Operation.UPDATE])
    yield ""
    yield f"Razem: wiadomości {len(going)}."
    yield f"{ALL_OF_IT} --json"


def _local(message: PlannedMessage) -> datetime:
    return message.at.astimezone(ZoneInfo(message.entry.zone))


def _grouped(messages: Iterable[PlannedMessage]) -> list[tuple[tuple[str, ...], list[PlannedMessage]]]:
    found: dict[tuple[str, ...], list[PlannedMessage]] = {}
    for one in messages:
        key = (f"{_local(one):%H:%M}", _what(one), *_why(one))
        found.setdefault(key, []).append(one)
    return list(found.items())


def _what(message: PlannedMessage) -> str:
    titles = list(dict.fromkeys(part.title for part in message.parts if part.matters)) or [message.title]
    about = "; ".join(title for title in titles if title)
    kind = kind_word(words, message.entry.kind)
    return f"{kind}: {about}" if about else kind


def _why(message: PlannedMessage) -> list[str]:
    """Say why this message goes then: by which rule, which rungs are in it, and what holds it."""
    entry = message.entry
    why = [
        f"{part.title}: {part_word(words, part, entry.zone)}" + ("" if part.matters else f" ({NOTHING_LEFT})")
        for part in message.parts
    ] or [rule_word(words, entry.kind, entry.operation)]
    if len(why) > 1:
        why.insert(0, "razem w jednej wiadomości")
    if entry.held_why:
        why.append(held_word(words, entry.held_why))
    if entry.problem:
        why.append(f"uwaga, ostatnia wiadomość tam nie dotarła: {failure_word(words, entry.problem, entry.address)}")
    if entry.state in (State.SENDING, State.DOUBTFUL):
        why.append(state_word(words, entry.state))
    return why


def _message_lines(clock_time: str, alike: Sequence[PlannedMessage]) -> Iterator[str]:
    yield f"  {clock_time}  {_what(alike[0])}"
    yield f"         do: {_named([who_word(words, one.entry) for one in alike])}"
    for line in _why(alike[0]):
        yield f"         – {line}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" i jeszcze {more}" if more > 0 else "")


def _not_sent(dropped: Sequence[PlannedMessage], silent: Sequence[SilentRung]) -> Iterator[str]:
    """Print what was planned and will not be sent, each with its reason."""
    reasons: dict[str, list[str]] = {}
    for one in dropped:
        reasons.setdefault(f"{_what(one)} – {error_word(words, one.entry)}", []).append(who_word(words, one.entry))
    for rung in silent:
        item = rung.part.item
        said = f"przypomnienie: {rung.part.title}, {rung_word(words, item.kind, rung.part.lead)} – {_silence(rung)}"
        reasons.setdefault(said, []).append(rung.name)
    if reasons:
        yield ""
        yield "Nie zostaną wysłane:"
    for reason, names in reasons.items():
        yield f"  {reason}"
        yield f"         do: {_named(names)}"


def _in_place(changes: Sequence[PlannedMessage]) -> Iterator[str]:
    """Print which messages that were sent before will show something else, about which nobody is told anew."""
    shown: dict[str, list[str]] = {}
    for one in changes:
        shown.setdefault(_what(one), []).append(who_word(words, one.entry))
    if shown:
        yield ""
        yield "Wcześniejsze wiadomości, które same pokażą aktualny stan (nikt nie dostaje przez to nowej):"
    for what, names in shown.items():
        yield f"  {what}"
        yield f"         u: {_named(list(dict.fromkeys(names)))}"


def _silence(rung: SilentRung) -> str:
    return SILENT.get(rung.why, NOTHING_LEFT)


def plan_rows(plan: Plan) -> list[dict[str, Any]]:
    """Give a plan as rows, one for each message and for each rung that will say nothing."""
    return [_plan_row(one) for one in plan.messages] + [_silent_row(one) for one in plan.silent]


def _plan_row(message: PlannedMessage) -> dict[str, Any]:
    entry = message.entry
    return {
        "at": _local(message).isoformat(),
        "zone": entry.zone,
        "to": who_word(words, entry),
        "recipient": entry.recipient,
        "kind": entry.kind.value,
        "operation": entry.operation.value,
        "what": _what(message),
        "subject": entry.subject,
        "why": _why(message),
        "held": entry.held_why,
        "outcome": "dropped" if entry.state is State.DROPPED else "sent",
        "dropped_why": entry.error,
        "parts": [
            {
                "subject": part.item.subject,
                "title": part.title,
                "rung": rung_word(words, part.item.kind, part.lead),
                "meant_for": part.item.nominal_at.isoformat(),
                "falls_due": part.item.due_at.isoformat(),
                "moved_why": part.item.why,
                "matters": part.matters,
            }
            for part in message.parts
        ],
    }


def _silent_row(rung: SilentRung) -> dict[str, Any]:
    item = rung.part.item
    return {
        "at": rung.at.astimezone(ZoneInfo(rung.zone)).isoformat(),
        "zone": rung.zone,
        "to": rung.name,
        "recipient": f"slack:member:{item.member_id}",
        "kind": "reminder",
        "operation": "post",
        "what": f"przypomnienie: {rung.part.title}",
        "subject": item.subject,
        "why": [rung_word(words, item.kind, rung.part.lead)],
        "held": "",
        "outcome": "not-needed",
        "dropped_why": _silence(rung),
        "parts": [],
    }


def difference_lines(before: Plan, after: Plan, *, title: str, starts: str) -> Iterator[str]:
    """Print, of the messages that one plan has and the other has not, those of one kind and rung in one line."""
    yield f"Gdyby „{title}” przenieść na: {starts}"
    old, new = _going(before), _going(after)
    changes = [(row, "-") for key, row in old.items() if key not in new]
    changes += [(row, "+") for key, row in new.items() if key not in old]
    if not changes:
        yield "Bez różnic."
        return
    yield "  - tej wiadomości wtedy już nie będzie, + ta dojdzie; ta sama w innej chwili stoi po obu stronach"
    yield ""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row, sign in sorted(changes, key=lambda change: (datetime.fromisoformat(change[0]["at"]), change[1])):
        alike.setdefault((sign, *_said_then(row)), []).append(row["to"])
    for (sign, when, what), names in alike.items():
        people = f"do: {_named(names)}" if len(names) == 1 else f"do {len(names)} odbiorców: {_named(names)}"
        yield f"{sign} {when}  {what}"
        yield f"      {people}"
    yield ""
    yield f"{ALL_OF_IT} --if-moved … --json"


def _going(plan: Plan) -> dict[tuple[str, ...], dict[str, Any]]:
    """Take the rows of new messages; what only changes in place, or will not be sent, is no message."""
    rows = (row for row in plan_rows(plan) if row["operation"] != "update" and row["outcome"] == "sent")
    return {(row["at"], row["to"], row["what"]): row for row in rows}


def _said_then(row: dict[str, Any]) -> tuple[str, str]:
    rungs = ", ".join(dict.fromkeys(part["rung"] for part in row["parts"] if part["matters"]))
    when = words.moment(datetime.fromisoformat(row["at"]), row["zone"])
    return when, f"{row['what']} ({rungs})" if rungs else row["what"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the ledger was found to hold: entries, what they are about, where they stand and what was decided."""

    entries: Sequence[Entry]
    titles: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    deciders: Mapping[str, str] = field(default_factory=dict)


def delivery_lines(found: Found, *, zone: str, now: datetime) -> Iterator[str]:
    """Print entries of the ledger, each with what can be said about it."""
    for one in found.entries:
        title = found.titles.get(one.subject, "")
        change = " (zmiana w miejscu)" if one.operation is Operation.UPDATE else ""
        yield f"{one.id}  {state_word(words, one.state)}"
        yield f"    {kind_word(words, one.kind)}{change}{f': {title}' if title else ''} – {who_word(words, one)}"
        sent = f", wysłana: {words.moment(one.sent_at, zone)}" if one.sent_at else ""
        tries = f", prób: {one.attempts}" if one.attempts else ""
        yield f"    termin: {words.moment(one.not_before, zone)}{sent}{tries}"
        for label, said in _told(found, one, zone, now):
            if said:
                yield f"    {label}: {said}"
        if one.id in found.links:
            yield f"    {found.links[one.id]}"
    if not found.entries:
        yield "Nie ma takich wiadomości."


def _told(found: Found, entry: Entry, zone: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Tell everything else about an entry: what about it, and the words."""
    decided = found.decisions.get(entry.id)
    if decided is not None:
        yield "decyzja", decision_word(words, decided, found.deciders, zone).removeprefix("Decyzja: ")
        if decided.due is not None:
            yield "pierwotny termin", words.moment(decided.due, zone)
    yield "powód", error_word(words, entry)
    yield "spóźnienie", late_word(words, entry.why_late(now))
    yield "dlaczego wtedy", _held(entry)


def _held(entry: Entry) -> str:
    """Say what holds a message; of one that will not be sent nothing holds it any more."""
    return "" if entry.state is State.DROPPED else held_word(words, entry.held_why)


def delivery_rows(found: Found, *, zone: str, now: datetime) -> list[dict[str, Any]]:
    """Give entries of the ledger as rows."""
    return [_delivery_row(found, one, found.decisions.get(one.id), zone, now) for one in found.entries]


def _delivery_row(found: Found, one: Entry, decided: Decision | None, zone: str, now: datetime) -> dict[str, Any]:
    link = found.links.get(one.id, "")
    due = decided.due if decided is not None and decided.due is not None else one.not_before
    return {
        "id": one.id,
        "state": one.state.value,
        "state_text": state_word(words, one.state),
        "kind": one.kind.value,
        "operation": one.operation.value,
        "to": who_word(words, one),
        "recipient": one.recipient,
        "subject": one.subject,
        "title": found.titles.get(one.subject, ""),
        "due": one.not_before.isoformat(),
        "first_due": due.isoformat(),
        "sent": one.sent_at.isoformat() if one.sent_at else None,
        "held": one.held_why,
        "held_text": _held(one),
        "attempts": one.attempts,
        "error": one.error,
        "error_text": error_word(words, one),
        "late_seconds": round(one.lateness(now).total_seconds()),
        "late_why": one.why_late(now),
        "late_text": late_word(words, one.why_late(now)),
        "conversation": one.conversation,
        "ts": one.ts,
        "permalink": link if link.startswith("http") else None,
        "decided": decided.what if decided else None,
        "decided_by": decided.actor if decided else None,
        "decided_at": decided.at.isoformat() if decided else None,
        "decided_text": decision_word(words, decided, found.deciders, zone) if decided else "",
    }


def link_of(entry: Entry, workspace: str) -> str:
    """Tell where a message stands: its permalink, or conversation and time where the workspace is not known."""
    if not (entry.conversation and entry.ts):
        return ""
    if not workspace:
        return f"rozmowa {entry.conversation}, ts {entry.ts}"
    return permalink(entry, workspace)

"""Counts at the far end, when everything is over: what stands in the fake Slack beside what the hub's database says.

It reads the fake's file and the hub's database and nothing else, and returns one value.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select, text

from pim_bot.notifications.intent import Operation, State
from pim_bot.storage.engine import make_engine
from pim_bot.storage.tables.activities import activity
from pim_bot.storage.tables.flow import event_reaction, notification
from tests.harness.slack_file import SlackFile, Standing

HANDED_OVER = (State.FAILED, State.NEEDS_HUMAN)
NOT_SAID = (State.DROPPED, State.FOLDED)
LOOKS = 2
"""How often a conversation is read for a late double before this judge believes that none will come."""

OPEN = (State.PLANNED, State.SENDING, State.DOUBTFUL)


@dataclass(frozen=True, kw_only=True)
class Intended:
    """One message that somebody was to get, as the database has it."""

    key: str
    kind: str
    subject: str
    occurrence: str
    recipient: str
    state: str
    error: str
    conversation: str
    thread: str
    line: int
    ts: str
    to_be_swept: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.occurrence} to {self.recipient}: {self.state} {self.error}".strip()


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Everything that may not be. A run is good when this equals ``NOTHING``."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    out_of_order: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    not_ours: tuple[str, ...] = ()
    acts_lost: tuple[str, ...] = ()
    acts_doubled: tuple[str, ...] = ()
    seen_otherwise: tuple[str, ...] = ()


NOTHING = Wrong()


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was counted."""

    intended: int
    standing: int
    under_way: int
    """Messages with which the hub is not done yet: open, or still to be looked for a second time."""
    handed_over: tuple[str, ...]
    """Messages whose fate the hub does not decide itself: it says so, with a reason, and sends nothing more."""
    acts: int
    resent: int
    looked_for: int
    swept: int
    faults: int
    wrong: Wrong

    @property
    def figures(self) -> dict[str, int]:
        """The counts, for a line of figures."""
        return {
            "messages": self.standing,
            "intended": self.intended,
            "acts": self.acts,
            "faults": self.faults,
            "looked_for": self.looked_for,
            "resent": self.resent,
            "swept": self.swept,
            "handed_over": len(self.handed_over),
            "lost": len(self.wrong.lost) + len(self.wrong.acts_lost),
            "doubled": len(self.wrong.doubled) + len(self.wrong.acts_doubled),
            "seen_otherwise": len(self.wrong.seen_otherwise),
            "out_of_order": len(self.wrong.out_of_order),
            "stuck": len(self.wrong.stuck),
        }


async def judged(file: SlackFile, database_url: str) -> Judgement:
    """Judge a hub that has come to rest."""
    rows, unfinished, titles = await _read(database_url)
    standing = [one for one in file.standing() if one.key]
    by_key = Counter(one.key for one in standing)
    meant = [row for row in rows if row.state not in NOT_SAID]
    sent = [row for row in rows if row.state == State.SENT]
    acknowledged = file.acknowledged()
    known = {row.key for row in rows}
    wrong = Wrong(
        lost=tuple(str(row) for row in sent if not by_key[row.key]),
        doubled=tuple(f"{row}: {by_key[row.key]} times" for row in rows if by_key[row.key] > 1),
        out_of_order=tuple(_inversions(sent, standing)),
        stuck=tuple(str(row) for row in rows if row.state in OPEN) + unfinished,
        not_ours=tuple(one.text for one in standing if one.key not in known),
        acts_lost=tuple(title for title in acknowledged if title not in titles.values()),
        acts_doubled=tuple(title for title, number in Counter(titles.values()).items() if number > 1),
        seen_otherwise=tuple(_seen_otherwise(rows, standing, titles)),
    )
    ((posts, keys),) = file.rows(
        "SELECT count(*), count(DISTINCT key) FROM call WHERE method = 'chat.postMessage' AND key <> ''"
    )
    return Judgement(
        intended=len(meant),
        standing=len(standing),
        under_way=sum(row.state in OPEN or row.to_be_swept for row in rows) + len(wrong.doubled),
        handed_over=tuple(str(row) for row in rows if row.state in HANDED_OVER),
        acts=len(acknowledged),
        resent=posts - keys,
        looked_for=_calls(file, "conversations.history") + _calls(file, "conversations.replies"),
        swept=_calls(file, "chat.delete"),
        faults=sum(file.faults_met().values()),
        wrong=wrong,
    )


def _calls(file: SlackFile, method: str) -> int:
    ((number,),) = file.rows("SELECT count(*) FROM call WHERE method = ?", method)
    return int(number)


async def _read(database_url: str) -> tuple[list[Intended], tuple[str, ...], dict[str, str]]:
    """Read every message that was to be posted, reactions that are not done, and the activities by their subject."""
    target = notification.alias("target")
    engine = make_engine(database_url)
    try:
        # Each statement is a transaction of its own: PostgreSQL ends one that stands idle while 100,000 rows are read.
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SET statement_timeout = 0"))
            asked = (
                select(notification, target.c.ts.label("target_ts"))
                .outerjoin(target, target.c.id == notification.c.target_id)
                .where(notification.c.operation != Operation.UPDATE.value)
            )
            rows = (await connection.execute(asked)).mappings().all()
            found = (await connection.execute(select(activity.c.id, activity.c.title))).all()
            unfinished = (
                await connection.execute(
                    select(event_reaction.c.reaction, event_reaction.c.subject).where(event_reaction.c.state != "done")
                )
            ).all()
    finally:
        await engine.dispose()
    titles = {f"activity:{one}": title for one, title in found if title.startswith("Akt ")}
    return [_intended(dict(row)) for row in rows], tuple(f"{one} of {subject}" for one, subject in unfinished), titles


def _intended(row: dict[str, Any]) -> Intended:
    return Intended(
        key=row["key"],
        kind=row["kind"],
        subject=row["subject"],
        occurrence=row["occurrence"],
        recipient=row["recipient_id"],
        state=row["state"],
        error=row["error"],
        conversation=row["conversation"],
        thread=(row["target_ts"] or "") if row["operation"] == Operation.REPLY else "",
        line=row["line"],
        ts=row["ts"],
        to_be_swept=row["sweep_at"] is not None and row["sweeps"] < LOOKS,
    )


def _inversions(sent: Iterable[Intended], standing: Iterable[Standing]) -> list[str]:
    """Where in a conversation or thread a message stands before one that was planned before it."""
    at = {one.key: one.ts for one in standing}
    lines: dict[tuple[str, str], list[Intended]] = defaultdict(list)
    for row in sent:
        if row.key in at:
            lines[row.conversation, row.thread].append(row)
    found = []
    for rows in lines.values():
        rows.sort(key=lambda row: row.line)
        found += [f"{later} before {first}" for first, later in pairwise(rows) if at[later.key] < at[first.key]]
    return found


def _seen_otherwise(rows: Iterable[Intended], standing: Iterable[Standing], titles: dict[str, str]) -> list[str]:
    """Where people see more or fewer messages about an act than were meant for them, whatever the keys say."""
    meant: Counter[tuple[str, str]] = Counter()
    place = {one.key: one.channel for one in standing}  # of what was handed over the hub need not know where it stands
    for row in rows:
        if row.subject in titles and (row.state == State.SENT or row.key in place):
            meant[row.conversation or place[row.key], titles[row.subject]] += 1
    known = set(titles.values())
    seen = Counter((one.channel, title) for one in standing if (title := _title_in(one.text)) in known)
    differ = (meant - seen) + (seen - meant)
    return [f"{title} in {channel}: {seen[channel, title]}, not {meant[channel, title]}" for channel, title in differ]


def _title_in(text: str) -> str:
    start = text.find("Akt ")
    return text[start : start + len("Akt 00000")] if start >= 0 else ""

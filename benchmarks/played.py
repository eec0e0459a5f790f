"""What has happened before somebody opens the forms that B16 measures: each is about something that exists."""

from dataclasses import dataclass
from datetime import timedelta

from benchmarks.furnish import EDITION, NETWORK, Furnished
from pim_bot.blocks import ids
from pim_bot.clock import new_id
from pim_bot.programme.activity import Answer
from pim_bot.programme.advising import log_session
from pim_bot.programme.arranging import ask_for_session
from pim_bot.programme.assigning import answer_assignment, assign_expert
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.contributing import log_contribution
from pim_bot.programme.contribution import ContributionDraft, ContributionType
from pim_bot.programme.document import mid_of
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.ports import ProgrammeWork
from pim_bot.programme.session import CityWords, SessionDraft, SessionRequestDraft
from pim_bot.programme.topics import Voices, give_voices, open_topics

Press = tuple[str, str, str]
"""Who presses which button, with which value."""


@dataclass(kw_only=True)
class Playing:
    """The people who act, and the hub in which they do."""

    hub: Furnished
    city: str
    official: Member
    expert: Member

    def users(self) -> tuple[str, str, str]:
        """Tell the chat users: the planner, the official, the expert."""
        return (self.hub.planner, self.hub.users[self.official.email], self.hub.users[self.expert.email])

    async def settle(self) -> None:
        """Let everything that follows happen."""
        await self.hub.parts.bus.run_due()
        while await self.hub.parts.delivery.run_due():
            continue

    async def wind(self, by: timedelta) -> None:
        """Go on in time, through whatever falls due."""
        parts = self.hub.parts
        parts.clock.set_to(parts.clock() + by)
        while await parts.falling_due.run_due():
            await self.settle()


async def forms_after_play(playing: Playing) -> list[Press]:
    """Play what forms are about, and tell the buttons that open them."""
    planner, official, expert = playing.users()
    held = await _held(playing)
    before = await _before(playing)
    return [
        (planner, ids.RELEASE, before["assignment"]),
        (planner, ids.REPLACE, before["assignment"]),
        (expert, ids.DECLINE_REQUEST, before["request"]),
        (expert, ids.OFFER_TIMES, before["request"]),
        (official, ids.RETURN_CONTRIBUTION, before["contribution"]),
        (official, ids.SHOW_WAITING, "all"),
        (expert, ids.DETAIL_SESSION, before["session"]),
        (expert, ids.SESSION_TO_MID, f"{before['session']}/{playing.city}"),
        (official, ids.CORRECT_SESSION, f"{before['session']}/{playing.city}"),
        (official, ids.BACK_TOPICS, before["workshop"]),
        (planner, ids.MERGE_TOPICS, before["workshop"]),
        (planner, ids.SETTLE_TOPICS, before["workshop"]),
        (planner, ids.LEAVE_TEAM, f"{EDITION}/{NETWORK}/{playing.city}/{playing.official.id}"),
        (planner, ids.MARK_PRESENCE, held),
        (planner, ids.WRITE_REPORT, held),
        (official, ids.OPEN_FEEDBACK, held),
        (official, ids.CORRECT_DATA, playing.official.id),
        (planner, ids.EXPORT_ATTENDANCE, before["workshop"]),
    ]


async def _before(playing: Playing) -> dict[str, str]:
    hub, now = playing.hub, playing.hub.parts.clock()
    planner, official, expert = (
        Actor(door="chat", member=one) for one in (hub.coordinator, playing.official, playing.expert)
    )
    workshop = (await hub.schedule()).id
    async with hub.parts.storage.work() as work:
        assignment = await _assigned(work, planner, expert, playing)
        request = await ask_for_session(
            work,
            official,
            SessionRequestDraft(edition=EDITION, city=playing.city, topic="Łąki", question="Od czego?"),
            now=now,
        )
        contribution = await log_contribution(
            work,
            expert,
            ContributionDraft(
                document=mid_of(EDITION, NETWORK, playing.city),
                part=(await _mid_part(work)),
                type=ContributionType.IDEA,
                text="Łąki kwietne",
            ),
            author=playing.expert.id,
            now=now,
        )
        words = CityWords(city=playing.city, network=NETWORK, agreed="Łąka przy szkole")
        session = await log_session(
            work,
            expert,
            SessionDraft(edition=EDITION, day=now.date(), minutes=60, experts=(playing.expert.id,), cities=(words,)),
            now=now,
        )
        await open_topics(work, planner, workshop, until=now + timedelta(days=30), now=now)
        await give_voices(work, official, workshop, Voices(proposes="Łąki"), now=now)
        await give_voices(work, official, workshop, Voices(proposes="Drzewa"), now=now)
    await playing.settle()
    return {
        "workshop": workshop,
        "assignment": assignment,
        "request": request.id,
        "contribution": contribution.id,
        "session": session.id,
    }


async def _mid_part(work: ProgrammeWork) -> str:
    return next(one.slug for one in await work.editions.parts(EDITION) if one.document == "MID")


async def _assigned(work: ProgrammeWork, planner: Actor, expert: Actor, playing: Playing) -> str:
    now = playing.hub.parts.clock()
    wanted = ExpertAssignment(
        id=new_id(),
        edition=EDITION,
        member_id=playing.expert.id,
        network=NETWORK,
        city=playing.city,
        since=now.date(),
        until=now.date() + timedelta(days=90),
        days=10,
    )
    made = await assign_expert(work, planner, wanted, now=now)
    await answer_assignment(work, expert, made.id, accept=True, now=now)
    return made.id


async def _held(playing: Playing) -> str:
    """Let a workshop take place to which the team came, until its participants are asked how it was."""
    hub = playing.hub
    activity = await hub.schedule(days=1)
    await playing.settle()
    actor = Actor(door="chat", member=playing.official)
    async with hub.parts.storage.work() as work:
        await answer_invitation(work, actor, activity.id, Answer.GOING, now=hub.parts.clock())
    await playing.settle()
    await playing.wind(activity.ends_at + timedelta(days=1) - hub.parts.clock())
    return activity.id

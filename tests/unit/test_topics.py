"""Topics that cities choose together: one voice per city, merged without losing any, settled into the agenda."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused, StaleForm
from pim_bot.events.catalogue import ActivityChanged, TopicsBacked, TopicsMerged, TopicsOpened, TopicsSettled
from pim_bot.programme.activity import Activity
from pim_bot.programme.people import Member
from pim_bot.programme.scheduling import cancel_activity, schedule_activity
from pim_bot.programme.topic import ProposedTopic, TopicRound, TopicSort, TopicsStatus
from pim_bot.programme.topics import (
    MOST_OF_CITY,
    Voices,
    give_voices,
    merge_topics,
    open_topics,
    settle_topics,
)
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DRAFT,
    EDITION,
    EXPERT,
    GUARDIAN,
    HUB,
    LUBLIN,
    MINISTRY,
    NOW,
    ZORY,
    ZORY2,
    acting,
    programme,
)

UNTIL = NOW + timedelta(days=3)


async def opened(until: datetime = UNTIL) -> tuple[FakeWork, Activity]:
    work = programme()
    activity = await schedule_activity(work, HUB, EDITION, DRAFT, now=NOW)
    await open_topics(work, acting(GUARDIAN), activity.id, until=until, now=NOW)
    return work, activity


async def said(work: FakeWork, member: Member, activity: Activity, proposes: str = "", *backs: int) -> TopicRound:
    return await give_voices(
        work, acting(member), activity.id, Voices(proposes=proposes, backs=frozenset(backs)), now=NOW
    )


async def test_a_city_proposes_and_the_proposal_is_its_voice() -> None:
    work, activity = await opened()
    question = Voices(proposes="  Kto płaci\n za wodę? ", sort=TopicSort.QUESTION)
    await give_voices(work, acting(ZORY), activity.id, question, now=NOW)
    assert work.topics.by_id == {
        activity.id: TopicRound(
            activity_id=activity.id,
            until=UNTIL,
            opened_by="member:guardian",
            opened_at=NOW,
            revision=2,
            topics=(
                ProposedTopic(
                    number=1,
                    text="Kto płaci za wodę?",
                    sort=TopicSort.QUESTION,
                    city="zory",
                    proposed_by="zory",
                    cities=("zory",),
                ),
            ),
        )
    }
    assert [event for event, _, _ in work.recorded[-2:]] == [
        TopicsOpened(activity_id=activity.id, revision=1),
        TopicsBacked(activity_id=activity.id, revision=2),
    ]


async def test_a_city_has_one_voice_whoever_of_its_team_speaks() -> None:
    work, activity = await opened()
    await said(work, ZORY, activity, "Łąki")
    before = work.state()
    await said(work, ZORY2, activity, "", 1)
    assert work.state() == before
    found = await said(work, LUBLIN, activity, "", 1)
    assert [one.cities for one in found.standings()] == [("zory", "lublin")]


async def test_the_same_proposal_in_another_spelling_is_backed_instead() -> None:
    work, activity = await opened()
    await said(work, ZORY, activity, "Łąki kwietne")
    found = await said(work, LUBLIN, activity, "laki  KWIETNE!")
    assert [(one.topic.text, one.cities) for one in found.standings()] == [("Łąki kwietne", ("zory", "lublin"))]


async def test_a_voice_can_be_taken_back_and_a_topic_without_voices_is_not_shown() -> None:
    work, activity = await opened()
    await said(work, ZORY, activity, "Łąki")
    found = await give_voices(work, acting(ZORY2), activity.id, Voices(drops=frozenset({1})), now=NOW)
    assert found.standings() == []
    assert [one.text for one in found.topics] == ["Łąki"]


async def test_what_somebody_else_of_the_team_chose_meanwhile_stays() -> None:
    work, activity = await opened()
    await said(work, LUBLIN, activity, "Łąki")
    await said(work, LUBLIN, activity, "Deszcz")
    await said(work, ZORY, activity, "", 1)
    found = await said(work, ZORY2, activity, "", 2)  # this form was opened before the other was sent
    assert found.backed_by("zory") == {1, 2}


@pytest.mark.parametrize("member", [EXPERT, MINISTRY, GUARDIAN, COORDINATOR])
async def test_only_cities_have_a_voice(member: Member) -> None:
    work, activity = await opened()
    before = work.state()
    with pytest.raises(NotAllowed):
        await said(work, member, activity, "Łąki")
    assert work.state() == before


async def test_after_the_end_and_after_a_cancellation_no_voice_counts() -> None:
    work, activity = await opened()
    late = Voices(proposes="Łąki")
    before = work.state()
    with pytest.raises(Refused) as over:
        await give_voices(work, acting(ZORY), activity.id, late, now=UNTIL)
    assert over.value.reason.startswith("Zbieranie tematów na to wydarzenie już się zakończyło.")
    assert work.state() == before
    await cancel_activity(work, HUB, activity.id, reason="", now=NOW)
    with pytest.raises(Refused):
        await said(work, ZORY, activity, "Łąki")
    with pytest.raises(NotFound):
        await give_voices(work, acting(ZORY), "no-such-activity", late, now=NOW)


async def test_a_city_proposes_five_topics_at_most_and_short_ones() -> None:
    work, activity = await opened()
    for number in range(MOST_OF_CITY):
        await said(work, ZORY, activity, f"Temat {number}")
    before = work.state()
    for proposal in ("Jeszcze jeden", "x" * 151):
        with pytest.raises(Refused) as refused:
            await said(work, ZORY, activity, proposal)
        assert set(refused.value.fields) == {"proposal"}
    assert work.state() == before


async def test_opening_again_moves_the_end_and_the_same_end_changes_nothing() -> None:
    work, activity = await opened()
    before = work.state()
    await open_topics(work, acting(COORDINATOR), activity.id, until=UNTIL, now=NOW)
    assert work.state() == before
    found = await open_topics(work, acting(COORDINATOR), activity.id, until=UNTIL + timedelta(days=1), now=NOW)
    assert (found.until, found.opened_by, found.revision) == (UNTIL + timedelta(days=1), "member:guardian", 2)


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(days=1), DRAFT.ends_at + timedelta(minutes=1)])
async def test_the_end_lies_between_now_and_the_end_of_the_activity(until: datetime) -> None:
    work = programme()
    activity = await schedule_activity(work, HUB, EDITION, DRAFT, now=NOW)
    before = work.state()
    with pytest.raises(Refused) as refused:
        await open_topics(work, acting(GUARDIAN), activity.id, until=until, now=NOW)
    assert set(refused.value.fields) == {"until"}
    assert work.state() == before


async def test_advice_to_one_city_has_no_topics() -> None:
    work = programme()
    advice = replace(DRAFT, kind="doradztwo", cities=("zory",))
    activity = await schedule_activity(work, HUB, EDITION, advice, now=NOW)
    with pytest.raises(Refused):
        await open_topics(work, acting(COORDINATOR), activity.id, until=UNTIL, now=NOW)
    assert work.topics.by_id == {}


async def test_merged_topics_keep_every_voice_once_and_can_be_taken_apart() -> None:
    work, activity = await opened()
    await said(work, ZORY, activity, "Łąki")
    await said(work, LUBLIN, activity, "Trawniki", 1)
    found = await merge_topics(work, acting(GUARDIAN), activity.id, [1, 2], text="Łąki i trawniki", now=NOW)
    (one,) = found.standings()
    assert (one.topic.text, one.proposed_by, one.cities) == ("Łąki i trawniki", ("zory", "lublin"), ("zory", "lublin"))
    assert work.recorded[-1][0] == TopicsMerged(activity_id=activity.id, revision=4)
    apart = await merge_topics(work, acting(GUARDIAN), activity.id, [], apart=[2], now=NOW)
    assert [(one.topic.text, one.cities) for one in apart.standings()] == [
        ("Łąki i trawniki", ("zory", "lublin")),
        ("Trawniki", ("lublin",)),
    ]


async def test_a_voice_is_taken_back_from_merged_topics_too() -> None:
    work, activity = await opened()
    await said(work, ZORY, activity, "Łąki")
    await said(work, LUBLIN, activity, "Trawniki")
    await merge_topics(work, acting(GUARDIAN), activity.id, [1, 2], now=NOW)
    found = await give_voices(work, acting(LUBLIN), activity.id, Voices(drops=frozenset({1})), now=NOW)
    assert [one.cities for one in found.standings()] == [("zory",)]


async def test_one_topic_cannot_be_merged_and_a_city_cannot_merge() -> None:
    work, activity = await opened()
    await said(work, ZORY, activity, "Łąki")
    before = work.state()
    with pytest.raises(Refused) as refused:
        await merge_topics(work, acting(GUARDIAN), activity.id, [1, 7], now=NOW)
    assert set(refused.value.fields) == {"together"}
    with pytest.raises(NotAllowed):
        await merge_topics(work, acting(ZORY), activity.id, [1, 2], now=NOW)
    assert work.state() == before


async def test_settled_topics_are_the_agenda_and_nothing_else_of_the_activity_changes() -> None:
    work, activity = await opened()
    found = await said(work, ZORY, activity, "Łąki")
    agenda = "Tematy miast:\n1. Łąki (Żory)"
    await settle_topics(work, acting(GUARDIAN), activity.id, agenda=agenda, seen_revision=found.revision, now=NOW)
    assert work.activities.by_id[activity.id] == replace(activity, agenda=agenda, revision=2, sequence=1)
    assert work.topics.by_id[activity.id] == replace(found, status=TopicsStatus.SETTLED, revision=3)
    assert [event for event, _, _ in work.recorded[-2:]] == [
        ActivityChanged(activity_id=activity.id, revision=2, what=("agenda",)),
        TopicsSettled(activity_id=activity.id, revision=3),
    ]


async def test_topics_that_changed_since_the_form_was_opened_are_not_settled() -> None:
    work, activity = await opened()
    seen = await said(work, ZORY, activity, "Łąki")
    await said(work, LUBLIN, activity, "", 1)
    before = work.state()
    with pytest.raises(StaleForm):
        await settle_topics(work, acting(GUARDIAN), activity.id, agenda="x", seen_revision=seen.revision, now=NOW)
    assert work.state() == before

"""Topics, bulletins, materials and offers: within the limits of the chat whatever was typed, and harmless."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.blocks import activities as activity_blocks
from pim_bot.blocks import bulletins, contributions, materials, topics
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity
from pim_bot.programme.bulletin import Audience, Bulletin
from pim_bot.programme.bulletins import LONGEST_LINK, LONGEST_TITLE, Reader, Reading
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.edition import Network
from pim_bot.programme.material import Material
from pim_bot.programme.materials import Found
from pim_bot.programme.people import Member
from pim_bot.programme.scheduling import LONGEST_TEXT
from pim_bot.programme.topic import ProposedTopic, TopicRound, TopicSort, TopicsStatus
from pim_bot.programme.topics import LONGEST_TOPIC, MOST_TOPICS
from tests.unit.test_blocks import activity_of, card_of, faults_of, faults_of_view, names, slowly, texts, words

NOW = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)
LINK = "https://pliki.example.org/laki.pdf?a=1"
CITIES = tuple(f"miasto-{number}" for number in range(30))


@st.composite
def topics_card(draw: st.DrawFn) -> topics.TopicsCard:
    said = draw(st.lists(names.map(lambda text: text[:LONGEST_TOPIC]), max_size=4)) or ["Temat"]
    number = draw(st.sampled_from([0, 1, 2, MOST_TOPICS]))
    proposed = tuple(
        ProposedTopic(
            number=one + 1,
            text=said[one % len(said)],
            sort=draw(st.sampled_from(TopicSort)) if one < 3 else TopicSort.TOPIC,
            city=CITIES[one % len(CITIES)],
            proposed_by="m1",
            cities=CITIES if one % 2 else CITIES[:1],
            merged_into=1 if one in (1, 5) else 0,
        )
        for one in range(number)
    )
    activity = draw(activity_of())
    found = TopicRound(
        activity_id=activity.id,
        until=draw(st.sampled_from([NOW - timedelta(days=1), NOW + timedelta(days=1)])),
        opened_by="member:m2",
        opened_at=NOW,
        status=draw(st.sampled_from(TopicsStatus)),
        topics=proposed,
    )
    name = draw(names)
    return topics.TopicsCard(
        activity=activity, found=found, names=dict.fromkeys(CITIES, name), leads=draw(st.booleans())
    )


@slowly
@given(words, topics_card(), activity_of())
def test_topics_keep_the_limits_and_are_harmless(say: Words, card: topics.TopicsCard, activity: Activity) -> None:
    others = [replace(card, activity=replace(card.activity, id=f"other-{number}")) for number in range(3)]
    said = [
        topics.topics(say, card, now=NOW),
        topics.ended_message(say, card, now=NOW),
        topics.rounds(say, [card], [activity] * 5, now=NOW),
        topics.rounds(say, [card, *others], [activity] * 5, now=NOW),
        topics.rounds(say, [], [], now=NOW),
    ]
    assert [faults_of(message) for message in said] == [[]] * len(said)


@slowly
@given(words, topics_card())
def test_the_forms_of_topics_keep_the_limits(say: Words, card: topics.TopicsCard) -> None:
    agenda = topics.agenda_of(say, card)
    assert len(agenda) <= LONGEST_TEXT or agenda.startswith(card.activity.agenda)
    views = [
        topics.open_form(say, card.activity, {"until": int(NOW.timestamp())}),
        topics.voices_form(say, card, CITIES[0], "{}", proposal="x" * 500),
        topics.merge_form(say, card),
        topics.settle_form(say, card, agenda, "{}", note="Tematy zmieniły się."),
    ]
    assert [faults_of_view(view) for view in views] == [[]] * len(views)


@st.composite
def bulletin_of(draw: st.DrawFn) -> Bulletin:
    return Bulletin(
        id=draw(st.uuids()).hex,
        edition="e1",
        network=draw(st.sampled_from(["", "zielone"])),
        audience=draw(st.sampled_from(Audience)),
        title=draw(names)[:LONGEST_TITLE],
        text=draw(texts.filter(bool))[:2000],
        link=draw(st.sampled_from(["", LINK, "https://x.pl/?".ljust(LONGEST_LINK, "&")])),
        sent_by="m1",
        sent_at=NOW,
    )


@slowly
@given(words, bulletin_of(), names, st.sampled_from([0, 1, 40, 400]))
def test_bulletins_keep_the_limits_and_are_harmless(say: Words, one: Bulletin, name: str, number: int) -> None:
    people = [
        Reader(member=Member(id=f"m{n}", name=name), side=Audience.CITIES, city=CITIES[n % 30]) for n in range(number)
    ]
    half = Reading(bulletin=one, read=people[: number // 2], unread=people[number // 2 :])
    shown = {"sender": name, "network": name}
    said = [
        bulletins.bulletin(say, one, read_at=None, counts=None, **shown),
        bulletins.bulletin(say, one, read_at=NOW, counts=None, **shown),
        bulletins.bulletin(say, one, read_at=None, counts=(3, 24), **shown),
        bulletins.sent(say, one, read=1, total=2),
        bulletins.readers(say, half, dict.fromkeys(CITIES, name)),
    ]
    assert [faults_of(message, ours=(one.link,)) for message in said] == [[]] * len(said)
    networks = [Network(slug=f"n{n}", name=name) for n in range(max(1, number))]
    typed = {"title": one.title, "text": one.text, "link": one.link}
    views = [
        bulletins.bulletin_form(say, networks, typed, to_all=True),
        bulletins.preview(say, replace(one, link=""), people, name, 1, "{}"),
    ]
    assert [faults_of_view(view) for view in views] == [[]] * len(views)


@slowly
@given(words, card_of(), names, st.sampled_from([0, 1, 7, 50]))
def test_materials_keep_the_limits_and_are_harmless(say: Words, card: ActivityCard, title: str, number: int) -> None:
    kept = [
        Material(id=f"{n}", activity_id=card.activity.id, title=title[:150], link=LINK, added_by="m1", added_at=NOW)
        for n in range(number)
    ]
    found = [Found(activity=card.activity, materials=kept, own=frozenset({"0"}))] * 3 if kept else []
    said = [
        materials.materials(say, found, typed=title),
        activity_blocks.announcement(say, card, now=NOW, materials=kept),
    ]
    assert [faults_of(message, ours=(LINK, card.activity.link)) for message in said] == [[]] * len(said)
    views = [
        materials.material_form(say, [card.activity] * max(1, number), {"title": title}, from_message=True),
        materials.material_form(say, [card.activity], {}),
    ]
    assert [faults_of_view(view) for view in views] == [[]] * len(views)


@slowly
@given(words, texts, st.booleans())
def test_an_offer_keeps_the_limits_and_its_button_holds_the_beginning_of_the_words(
    say: Words,
    text: str,
    is_known: bool,  # noqa: FBT001
) -> None:
    source = {"team_id": "T1", "channel_id": "C1", "ts": "1.1", "author_team": "T1", "author_user": "U1"}
    facts = {"source": source, "text": text, "files": [["Plik.pdf", LINK]]}
    message = contributions.offer(say, facts, text, is_known=is_known)
    assert faults_of(message) == []
    if not is_known:
        value = json.loads(message.blocks[-1]["elements"][0]["value"])
        assert (text.startswith(value["text"]), value["source"]) == (True, source)
        assert ("is_cut" in value) == (value["text"] != text)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_an_agenda_that_is_full_already_keeps_what_stands_in_it(language: str) -> None:
    activity = Activity(
        id="a1",
        edition="e1",
        uid="u1",
        kind="warsztaty",
        title="Woda",
        networks=("zielone",),
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        zone="Europe/Warsaw",
        changed_at=NOW,
        agenda="x" * 2900,
    )
    proposed = tuple(
        ProposedTopic(number=n, text=f"Temat {n}", city="zory", proposed_by="m1", cities=("zory",)) for n in range(1, 9)
    )
    found = TopicRound(activity_id="a1", until=NOW, opened_by="member:m2", opened_at=NOW, topics=proposed)
    card = topics.TopicsCard(activity=activity, found=found, names={"zory": "Żory"})
    agenda = topics.agenda_of(Words(language), card)
    assert agenda.startswith("x" * 2900)
    assert len(agenda) <= LONGEST_TEXT
    assert "1. Temat 1 (Żory; " in agenda

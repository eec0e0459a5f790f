"""What is said of people, of absences and of lists keeps the chat's limits and is harmless, whatever people typed."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pim_bot.blocks import absence, leaving, newcomers, visiting_cards
from pim_bot.blocks.limits import broken_view
from pim_bot.blocks.people_list import list_shown
from pim_bot.errors import Refused
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.enrolling import TeamPlace
from pim_bot.programme.introduction import Introduction, IntroductionStatus
from pim_bot.programme.knowing import LONGEST, Found
from pim_bot.programme.leaving import Duties
from pim_bot.programme.people import Member, Role, RoleName
from pim_bot.programme.people_list import Effect, PeoplePlan, PersonRow, RowProblem, Step
from pim_bot.programme.people_lists import ListStatus, PeopleList
from pim_bot.programme.preferences import Preferences
from pim_bot.programme.visiting_card import VisitingCard
from tests.unit.test_blocks import (
    ID,
    MOST_INPUTS,
    NOW,
    activity_of,
    faults_of,
    names,
    people_names,
    slowly,
    texts,
    words,
)

PLACE = TeamPlace(edition="e1", network="zielone", city="zory")
SERVES = ExpertAssignment(id=ID, edition="e1", member_id=ID, since=date(2022, 1, 1), until=date(2022, 6, 1))


@slowly
@given(words, people_names, names, names, st.sampled_from(IntroductionStatus), st.booleans())
def test_newcomers(
    say: Words,
    name: str,
    place: str,
    known: str,
    status: IntroductionStatus,
    knows: bool,  # noqa: FBT001
) -> None:
    one = Introduction(visitor=ID, edition="e1", name=name, email=name, asked_at=NOW, decided_at=NOW, status=status)
    made = {
        "introduced": newcomers.introduced(say, one, place=place, known=known if knows else "", by=name),
        "declined": newcomers.introduction_declined(say),
        "stranger": newcomers.ask_who(say, place),
    }
    assert {kind: faults for kind, message in made.items() if (faults := faults_of(message))} == {}
    has_buttons = "person.confirm" in str(made["introduced"].blocks)
    assert has_buttons is (status is IntroductionStatus.WAITING)
    assert broken_view(newcomers.introduction_form(say)) == []


@slowly
@given(words, people_names, names, st.integers(0, 300), st.sampled_from(ListStatus), st.booleans(), st.integers(1, 2))
def test_a_list_of_people(
    say: Words,
    name: str,
    city: str,
    number: int,
    status: ListStatus,
    fits: bool,  # noqa: FBT001
    revision: int,
) -> None:
    row = PersonRow(number=2, name=name, email=f"{name}@example.org", city=city)
    steps = tuple(Step(row=row, place=PLACE, effect=Effect.NEW) for _ in range(number))
    problem = RowProblem(number=3, why=Refused("Nie ma takiego miasta: {name}.", name=city))
    plan = PeoplePlan(steps=steps, problems=() if fits else (problem,) * number)
    of = {"id": ID, "edition": "e1", "member_id": ID, "brought_at": NOW, "plan": plan, "new": number}
    one = PeopleList(**of, forgotten=number, status=status, revision=revision)  # type: ignore[arg-type]
    message = list_shown(say, one)
    assert faults_of(message) == []
    assert ("list.save" in str(message.blocks)) is one.waits


@slowly
@given(words, people_names, names, activity_of(), st.integers(0, 40), st.booleans(), st.booleans())
def test_duties_of_a_leaver(
    say: Words,
    name: str,
    city: str,
    activity: Activity,
    number: int,
    may_assign: bool,  # noqa: FBT001
    alone: bool,  # noqa: FBT001
) -> None:
    found = Duties(
        leaver=Member(id=ID, name=name),
        place=PLACE,
        last_day=date(2022, 1, 31),
        others=tuple(Member(id=f"{n:032}", name=name) for n in range(number)),
        was_contact=bool(number),
        was_last=alone,
        activities=tuple(replace(activity, id=f"{n:032}") for n in range(number)),
        assignments=tuple(replace(SERVES, id=f"{n:032}") for n in range(number)),
    )
    assert faults_of(leaving.duties(say, found, city=city, may_assign=may_assign)) == []


@slowly
@given(words, people_names, texts, st.integers(0, 120), st.booleans())
def test_absences_and_cards(say: Words, name: str, offer: str, number: int, away: bool) -> None:  # noqa: FBT001
    days = Preferences(away_since=date(2022, 1, 1), away_until=date(2022, 1, 2), deputy=ID) if away else Preferences()
    member = Member(id=ID, name=name, email=name, preferences=days)
    others = [replace(member, id=f"{n:032}") for n in range(number)]
    card = VisitingCard(member_id=ID, offer=offer[:LONGEST])
    role = Role(name=RoleName.OFFICIAL, edition="e1", network="zielone", city="zory")
    found = [Found(member=one, roles=(role,) * 3, offer=card.offer) for one in others[:10]]
    forms = [absence.absence_form(say, member, others, {"deputy": ID}), visiting_cards.card_form(say, card)]
    assert [broken_view(form) for form in forms] == [[], []]
    assert all(sum(block["type"] == "input" for block in form["blocks"]) <= MOST_INPUTS for form in forms)
    made = {
        "standing in": absence.standing_in(say, member, holds=away),
        "found": visiting_cards.found_people(say, offer, found, {"zory": name}),
        "contacts": visiting_cards.contacts(say, name, [(one, card) for one in others]),
    }
    assert {kind: faults for kind, message in made.items() if (faults := faults_of(message))} == {}

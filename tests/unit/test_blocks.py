"""Messages and forms: within the chat's limits whatever people typed, harmless, and each says its whole point."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from pim_bot.blocks import activities, feedback, forms, lists, messages
from pim_bot.blocks import attendance as attendance_blocks
from pim_bot.blocks import home as home_blocks
from pim_bot.blocks.elements import Message, cut, link, without_markup
from pim_bot.blocks.limits import broken_limits, broken_options, broken_view
from pim_bot.blocks.presence import STEP, presence_form
from pim_bot.blocks.report import report_blocks, report_form, report_request
from pim_bot.blocks.waiting import waiting
from pim_bot.errors import Refused
from pim_bot.i18n import Words
from pim_bot.notifications import delivery, home
from pim_bot.notifications.chasing import Owing
from pim_bot.notifications.digests import Digest
from pim_bot.notifications.feedback import Asked
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.waiting import Waiting
from pim_bot.programme.activity import Activity, ActivityStatus, Answer, Attendance, count_attendance
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.contribution_card import DocumentName
from pim_bot.programme.document import mid_of
from pim_bot.programme.edition import ActivityKind, City, Network, Scope
from pim_bot.programme.feedback import FeedbackAnswer, FeedbackResult, FeedbackRound
from pim_bot.programme.invitations import LONGEST_NAME, MOST_PEOPLE, checked_people
from pim_bot.programme.people import Member
from pim_bot.programme.permissions import OFFERED
from pim_bot.programme.ports import EditionInForce
from pim_bot.programme.presence import Expected
from pim_bot.programme.report import ActivityReport
from pim_bot.programme.scheduling import LONGEST_LINK
from pim_bot.programme.session import RequestStatus, SessionRequest, Side
from pim_bot.programme.words import clean_line, clean_text

NOW = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)
MOST_INPUTS = 6
"""In one step of a form (what people like, Block Kit's own guide to modals)."""

ID = "0" * 32
EDITION = EditionInForce(slug="e", name="Edycja")
ROUND = FeedbackRound(subject="advice:e/n/2022-Q1", closes_at=datetime(2022, 4, 15, 8, 0, tzinfo=UTC), named=True)
POOLED = Asked(subject=ROUND.subject, edition=EDITION, networks=("n",), network="Sieć", period="2022-Q1")


def report_of(text: str) -> ActivityReport:
    """A report that says this everywhere."""
    day = date(2022, 1, 20)
    return ActivityReport(
        activity_id="a", held_from=day, held_until=day, outcome=text, came=text, reported_by="member:m", reported_at=NOW
    )


NASTY = (
    "&" * 150,
    "&" * 3000,
    "<" * 3000,
    "*_~`" * 700,
    "<@U12345678> <!channel> <!here> <#C123|x> <https://zle.example|bank>",
    "@channel @here @everyone",
    "&lt;!channel&gt; &amp;",
    "👩‍👩‍👧‍👦" * 120,
    "\u202emoc ni ytiruces\u202c",
    "\u2066\u2067\u200f",
    "Z͑ͫ̓ͪ̂ͫ̽a̷͖l͏g̡o̢͓" * 40,
    "{title} {0} {} %s %(x)s",
    "` ```kod``` `",
    ":smile:" * 400,
    "ß" * 3000,
    "\N{OLD PERMIC LETTER AN}\N{MUSICAL SYMBOL G CLEF}" * 70,
    "| > <",
    "a\nb\n\nc",
)
LONG_TEXT = 3000
LINE = 150

typed = st.one_of(st.sampled_from(NASTY), st.text(max_size=200), st.text("&<>*_~`|@!# aż", max_size=400))
texts = typed.map(lambda text: clean_text(text)[:LONG_TEXT])
lines = typed.map(lambda text: clean_line(text)[:LINE].strip())
names = lines.filter(bool)
people_names = typed.map(lambda text: clean_line(text)[:LONGEST_NAME].strip()).filter(bool)
words = st.sampled_from([Words("pl"), Words("en")])
zones = st.sampled_from(["Europe/Warsaw", "Europe/Lisbon", "America/New_York"])
instants = st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - in UTC


@st.composite
def activity_of(draw: st.DrawFn) -> Activity:
    starts_at = draw(instants)
    return Activity(
        id=draw(st.uuids()).hex,
        edition="e1",
        uid=ID,
        kind="warsztaty",
        title=draw(names),
        networks=("zielone",),
        starts_at=starts_at,
        ends_at=starts_at + draw(st.timedeltas(timedelta(minutes=1), timedelta(days=60))),
        zone=draw(zones),
        all_day=draw(st.booleans()),
        answer_by=draw(st.none() | st.just(starts_at - timedelta(days=1))),
        place=draw(lines),
        country=draw(st.sampled_from(["PL", "IT", "US"])),
        form=draw(st.sampled_from(["on_site", "online", "hybrid"])),
        theme=draw(lines),
        agenda=draw(texts),
        description=draw(texts),
        link=draw(
            st.sampled_from(
                [
                    "",
                    "https://example.org/spotkanie?a=1&b=<2>|x y",
                    "https://x.pl/".ljust(LONGEST_LINK, "a"),
                    "https://x.pl/?".ljust(LONGEST_LINK, "&"),
                ]
            )
        ),
        provisional=draw(st.booleans()),
        status=draw(st.sampled_from(list(ActivityStatus))),
        changed_at=NOW,
        moved_from=draw(st.none() | instants),
        reason=draw(texts),
    )


@st.composite
def attendance_of(draw: st.DrawFn) -> Attendance:
    answer = draw(st.none() | st.sampled_from(list(Answer)))
    few = st.lists(people_names, max_size=6 if answer in (Answer.GOING, Answer.WAITING) else 0)
    people = draw(few)
    if draw(st.booleans()) and people:
        people = [f"{n} {people[0]}"[:LONGEST_NAME] for n in range(MOST_PEOPLE)]
    return Attendance(
        activity_id=ID,
        invitee=draw(st.sampled_from(["team:zielone/zory", "member:m1"])),
        answer=answer,
        people=tuple(people),
        waiting_since=NOW if answer is Answer.WAITING else None,
    )


@st.composite
def card_of(draw: st.DrawFn) -> ActivityCard:
    few = draw(st.lists(attendance_of(), max_size=4))
    kind = ActivityKind(slug="warsztaty", name=draw(names), name_en=draw(lines), scope=draw(st.sampled_from(Scope)))
    return ActivityCard(
        activity=draw(activity_of()),
        kind=kind,
        networks=tuple(Network(slug=f"n{n}", name=name) for n, name in enumerate(draw(st.lists(names, max_size=3)))),
        cities=(),
        attendances=tuple(few),
        count=count_attendance(few),
        city_names={"zory": draw(names)},
        teams_owing=tuple(draw(names) for _ in range(draw(st.sampled_from([0, 1, 40])))),
    )


def member_of(name: str, number: int = 1) -> Member:
    return Member(id=f"m{number}", name=name)


def many(cards: list[ActivityCard], number: int) -> list[ActivityCard]:
    """So many cards, made of a few, each with an id of its own."""
    if not cards:
        return []
    chosen = [cards[n % len(cards)] for n in range(number)]
    return [replace(card, activity=replace(card.activity, id=f"{n:032}")) for n, card in enumerate(chosen)]


# What must hold of everything


def mrkdwn_in(part: Any) -> Iterator[str]:
    """Every text that the chat formats."""
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from mrkdwn_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from mrkdwn_in(value)


_TOKEN = re.compile(r"<([^<>]*)>?")
_HALF_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def strange_tokens(text: str, ours: set[str]) -> list[str]:
    """What the chat would take for a mention or a link and that we did not make, and ampersands left as they are."""
    found = [token.group(0) for token in _TOKEN.finditer(text) if token.group(0) not in ours]
    return found + [text[max(0, one.start() - 5) :][:20] for one in _HALF_ENTITY.finditer(text)]


def faults_of(message: Message, *, ours: tuple[str, ...] = ()) -> list[str]:
    """Everything that is wrong with a message."""
    payload = message.as_payload()
    faults = broken_limits("message", payload.get("blocks", []))
    faults += ["no text"] if not payload["text"].strip() else []
    faults += ["text too long"] if len(payload["text"]) > 4000 else []
    links = {link(address) for address in ours if address}
    faults += strange_tokens(payload["text"], set())
    for text in mrkdwn_in(payload.get("blocks", [])):
        faults += strange_tokens(text, links)
        faults += ["blank text"] if not text.strip() else []
    json.dumps(payload).encode()
    for block in payload.get("blocks", []):
        parsed = Block.parse(block)
        if parsed is None:
            faults.append(f"the SDK knows no such block: {block['type']}")
        else:
            parsed.validate_json()
    return faults


def faults_of_view(view: dict[str, Any]) -> list[str]:
    """Everything that is wrong with a form."""
    faults = broken_view(view)
    for text in mrkdwn_in(view["blocks"]):
        faults += strange_tokens(text, set())
    json.dumps(view).encode()
    View(**view).validate_json()
    return faults


slowly = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=50
)


# Messages about an activity


@slowly
@given(words, card_of(), attendance_of(), instants, names)
def test_every_message_about_an_activity_keeps_the_limits_and_is_harmless(
    say: Words, card: ActivityCard, attendance: Attendance, now: datetime, name: str
) -> None:
    by = member_of(name)
    owing = Owing(teams=[("zory", [by]), ("lublin", [])] * 40, people=[member_of(name, n) for n in range(300)])
    asked = Asked(subject="activity:a", edition=EDITION, networks=(), activity=card.activity)
    opened = FeedbackRound(subject="activity:a", closes_at=now)
    said = [FeedbackAnswer(scores=(4,), comment=name[:300], member_id=ID)] * 40
    made = {
        "announcement": activities.announcement(say, card, now=now),
        "invitation": activities.invitation(say, card, attendance, by=by, now=now),
        "planned": activities.planned(say, card, now=now),
        "moved": activities.moved(say, card, previous_start=now, answered=True),
        "cancelled": activities.cancelled(say, card),
        "changed": activities.changed(say, card, what=["place", "form", "link"]),
        "place given": activities.place_given(say, card, attendance),
        "owing": attendance_blocks.who_owes(say, [(one, owing) for one in many([card], 3)]),
        "nobody owes": attendance_blocks.who_owes(say, [(card, Owing())]),
        "report": report_request(say, card, None, by=None, step="escalation"),
        "reported": report_request(say, card, report_of(name), by=by, step="nudge"),
        "with a report": activities.announcement(
            say, card, now=now, report=report_blocks(say, card.activity, report_of(name * 40), people=True)
        ),
        "advice": feedback.feedback_question(say, replace(POOLED, network=name), ROUND, state="asked"),
        "rounds": feedback.waiting_feedback(
            say,
            [
                feedback.feedback_question(say, replace(asked, subject=f"activity:{n}"), opened, state="asked")
                for n in range(5)
            ],
        ),
        "question": feedback.feedback_question(say, asked, opened, state="asked", nudge=True),
        "answered": feedback.feedback_question(say, asked, opened, state="answered"),
        "closed": feedback.feedback_question(say, asked, opened, state="closed"),
        "result": feedback.feedback_result(say, asked, FeedbackResult(enough=True, means=(4.2,), answers=7), said),
        "no result": feedback.feedback_result(say, asked, FeedbackResult()),
        "with names": feedback.feedback_result(say, asked, FeedbackResult(), said, {ID: name}),
    }
    link_of = {"invitation": card.activity.link, "changed": card.activity.link}
    found = {kind: faults_of(message, ours=(link_of.get(kind, ""),)) for kind, message in made.items()}
    assert {kind: faults for kind, faults in found.items() if faults} == {}


@slowly
@given(words, card_of(), attendance_of(), instants)
def test_the_text_alone_says_what_when_and_where(
    say: Words, card: ActivityCard, attendance: Attendance, now: datetime
) -> None:
    activity = card.activity
    what = without_markup(activity.title)
    when = activities.when_of(say, activity)
    where = without_markup(activities.where_of(say, activity))
    everything = {
        "announcement": activities.announcement(say, card, now=now),
        "invitation": activities.invitation(say, card, attendance, by=None, now=now),
        "planned": activities.planned(say, card, now=now),
        "reminder": messages.reminder(say, [(card, attendance)], now=now),
    }
    missing = {
        (kind, part)
        for kind, message in everything.items()
        for part in (what, when, where)
        if part not in message.as_payload()["text"]
    }
    about_time = {
        "moved": activities.moved(say, card, previous_start=now, answered=False),
        "cancelled": activities.cancelled(say, card),
    }
    missing |= {
        (kind, part)
        for kind, message in about_time.items()
        for part in (what, when)
        if part not in message.as_payload()["text"]
    }
    assert missing == set()


# Lists


ASKING = (RequestStatus.ASKED, RequestStatus.OFFERED)


def request_of(topic: str, number: int, *, status: RequestStatus) -> SessionRequest:
    offers = tuple(NOW + timedelta(days=days) for days in range(3)) if status is RequestStatus.OFFERED else ()
    return SessionRequest(
        edition="e1",
        city="c",
        topic=topic,
        question=topic,
        id=f"{status.value}-{number}",
        network="n",
        asked_by="m",
        asked_at=NOW,
        side=Side.CITY,
        status=status,
        offers=offers,
    )


@slowly
@given(words, st.lists(card_of(), max_size=2), st.sampled_from([0, 1, 7, 13, 300]), attendance_of(), names)
def test_every_list_keeps_the_limits_with_none_and_with_three_hundred_things(
    say: Words, cards: list[ActivityCard], number: int, attendance: Attendance, name: str
) -> None:
    some = many(cards, number)
    open_ones = [replace(card, activity=replace(card.activity, status=ActivityStatus.SCHEDULED)) for card in some]
    moved = [replace(card, activity=replace(card.activity, moved_from=NOW)) for card in some]
    assignments = [(assignment(number=n), name) for n in range(number)]
    networks = tuple(Network(slug=f"n{n}", name=name) for n in range(number))
    feeds = [(name, f"https://hub.example.org/ical/siec/n{n}.ics") for n in range(number)]
    plannable = frozenset(card.activity.id for card in some)
    member = member_of(name)
    shown = tuple(some[: home.MOST_COMING])
    waits = Waiting(
        owed=tuple(some),
        assignments=tuple(assignments),
        coming=tuple((card, Attendance(activity_id=card.activity.id, invitee=f"member:{name}")) for card in shown),
        to_rate=tuple(
            (
                Asked(subject=f"activity:{n}", edition=EDITION, networks=(), activity=card.activity),
                FeedbackRound(subject=f"activity:{n}", closes_at=NOW),
            )
            for n, card in enumerate(some)
        ),
        to_log=tuple(some),
        requests=tuple(
            (request_of(name, number, status=status), name) for number, status in product(range(len(some)), ASKING)
        ),
        undecided=number,
        zone="Europe/Warsaw",
    )
    nothing = Waiting()
    documents = tuple(
        home.Progress(
            name=DocumentName(document=mid_of("2022", "n", f"c{n}"), network=name, city=name),
            parts=n,
            begun=n,
            waiting=n,
        )
        for n in range(min(number, home.MOST_DOCUMENTS))
    )
    mine = tuple((network, (name, name)) for card in shown for network in card.networks)
    for one in (
        home.Home(
            member=member,
            waiting=waits,
            networks=mine,
            assignments=tuple(assignments),
            documents=documents,
            rights=frozenset(OFFERED),
        ),
        home.Home(member=member, waiting=nothing, networks=(), assignments=()),
    ):
        tab = home_blocks.home(say, one, now=NOW, public_url="https://hub.example.org")
        assert broken_view({"type": "home", "blocks": list(tab.blocks)}) == []
    digest = Digest(
        week="2022-W02",
        coming=tuple(some),
        unanswered=tuple(some),
        provisional=tuple(some),
        scheduled=tuple(some),
        moved=tuple(moved),
        cancelled=tuple(some),
        held=tuple(some),
        networks_without_expert=networks,
        networks_without_date=networks,
        undelivered=number,
        rights=frozenset(OFFERED),
    )
    made = {
        "waiting": waiting(say, waits, OFFERED),
        "nothing waits": waiting(say, nothing, ()),
        "agenda": lists.agenda(say, open_ones, filtered_by=name, feeds=feeds, plannable=plannable),
        "nothing found": lists.nothing_found(say, name, [name] * 4),
        "unknown": lists.unknown_command(say, name, nearest="terminy", rights=OFFERED),
        "help": lists.help_text(say, OFFERED),
        "sentence": lists.sentence(name),
        "digest": lists.digest(say, digest, now=NOW),
        "all is well": lists.digest(say, Digest(week="2022-W02"), now=NOW),
    }
    assert {kind: faults for kind, message in made.items() if (faults := faults_of(message))} == {}
    if some:
        links = tuple(card.activity.link for card in some)
        assert faults_of(messages.reminder(say, [(card, attendance) for card in some], now=NOW), ours=links) == []


# Messages to a person


def assignment(
    *, number: int = 0, role: str = "", status: AssignmentStatus = AssignmentStatus.PROPOSED
) -> ExpertAssignment:
    return ExpertAssignment(
        id=f"{number:032}",
        edition="e1",
        member_id="m1",
        role=role,
        since=date(2022, 2, 1),
        until=date(2022, 12, 31),
        days=12,
        status=status,
    )


@slowly
@given(words, names, names, lines, st.sampled_from(AssignmentStatus))
def test_every_message_to_a_person_keeps_the_limits_and_is_harmless(
    say: Words, name: str, place: str, role: str, status: AssignmentStatus
) -> None:
    one = assignment(role=role, status=status)
    made = {
        "question": messages.assignment_question(say, one, place),
        "answer": messages.assignment_answer(say, one, place, name),
        "welcome": messages.welcome(say, member_of(name)),
        "stranger": messages.stranger(say),
        "refusal": messages.refusal(say, "Nie ma takiej sieci: {names}. Prosimy wybrać z listy.", {"names": name}),
    }
    for kind in Kind:
        for error in (*delivery.REASONS, "something new"):
            made[f"{kind} {error}"] = messages.delivery_failed(say, kind=kind, error=error, address=place)
    assert {kind: found for kind, message in made.items() if (found := faults_of(message))} == {}


# Forms


@st.composite
def choices_of(draw: st.DrawFn) -> forms.Choices:
    """What can be chosen: at least a kind and an expert, since nobody may open the forms without."""
    sizes = st.sampled_from([0, 1, 2, 99, 101, 300])
    name = draw(names)
    return forms.Choices(
        kinds=[ActivityKind(slug=f"k{n}", name=name) for n in range(max(draw(sizes), 1))],
        networks=[Network(slug=f"n{n}", name=name) for n in range(draw(sizes))],
        cities=[City(slug=f"c{n}", name=name) for n in range(draw(sizes))],
        themes=[f"{n} {name}"[:LINE] for n in range(draw(sizes))],
        experts=[member_of(name, n) for n in range(max(draw(sizes), 1))],
    )


@slowly
@given(words, choices_of(), texts, st.integers(0, 299))
def test_the_forms_keep_the_limits_whatever_can_be_chosen_and_was_typed(
    say: Words, choices: forms.Choices, text: str, chosen: int
) -> None:
    filled = {
        "kind": f"k{chosen}",
        "networks": [f"n{chosen}", "n0"],
        "network": f"n{chosen}",
        "title": text,
        "starts_at": "2022-10-30",
        "starts_time": "02:30",
        "starts_fold": None,
        "ends_fold": "1",
        "ends_time": None,
        "cities": [f"c{chosen}"],
        "city": [f"c{chosen}"],
        "agenda": text,
        "country": "US",
        "theme": choices.themes[chosen % len(choices.themes)] if choices.themes else None,
        "expert": f"m{chosen}",
        "days": "12",
        "provisional": ["provisional"],
    }
    made = {
        **{f"activity {step}": forms.activity_form(say, choices, filled, step=step) for step in (1, 2, 3)},
        **{f"empty activity {step}": forms.activity_form(say, choices, {}, step=step) for step in (1, 2, 3)},
        "assignment": forms.assignment_form(say, choices, filled),
        "empty assignment": forms.assignment_form(say, choices, {}),
    }
    assert {kind: faults for kind, view in made.items() if (faults := faults_of_view(view))} == {}
    steps = [forms.activity_form(say, choices, {}, step=step) for step in (1, 2, 3)]
    inputs = [sum(block["type"] == "input" for block in view["blocks"]) for view in steps]
    assert max(inputs) <= MOST_INPUTS
    assert broken_options(forms.suggested_cities(choices.cities)) == []


@slowly
@given(words, activity_of(), st.lists(people_names, max_size=3), st.sampled_from([0, 1, 11, 300]), texts, texts)
def test_the_forms_about_an_activity_keep_the_limits(
    say: Words, activity: Activity, people: list[str], number: int, text: str, note: str
) -> None:
    team = [member_of(people[n % len(people)], n) for n in range(number)] if people else []
    filled = {"reason": text, "people": text, "team": [f"m{number // 2}", "m0"], "answer": "going"}
    attendance = Attendance(activity_id=ID, invitee="member:m1", answer=Answer.UNSURE)
    metadata = json.dumps({"activity": activity.id, "revision": 10**9})
    times, details = forms.typed_times(activity), forms.typed_details(activity)
    expected = [Expected(invitee="team:zielone/zory", name=f"{n} {one.name}") for n, one in enumerate(team[:STEP])]
    made = {
        "move": forms.move_form(say, activity, times, metadata, note=note),
        "move asks": forms.move_form(say, activity, times | {"starts_fold": None, "ends_fold": "0"}, metadata),
        "cancel": forms.cancel_form(say, activity, filled, metadata, note=note),
        "people": forms.people_form(say, activity, team, filled),
        "answer": forms.answer_form(say, activity, attendance, team, filled),
        "answer alone": forms.answer_form(say, activity, attendance, [], {}),
        **{
            f"change {step}": forms.change_form(
                say, activity, forms.Choices(), details, step=step, metadata=metadata, note=note
            )
            for step in (1, 2)
        },
        "feedback": feedback.feedback_form(
            say, Asked(subject="activity:a", edition=EDITION, networks=(), activity=activity), ROUND, {"overall": "4"}
        ),
        "advice": feedback.feedback_form(say, replace(POOLED, network=text[:200]), ROUND, {"comment": text}),
        "values": feedback.feedback_form(say, replace(POOLED, subject="values:e/half", period="half"), ROUND, {}),
        "report": report_form(say, activity, report_of(text), ""),
        "no report yet": report_form(say, activity, None, text),
        "presence": presence_form(say, activity, expected, {}, others=[text[:100]], metadata=metadata, note=note),
        "nobody expected": presence_form(say, activity, [], {}, others=[], metadata=metadata),
        "done": forms.done_view(say, activity.title, f"{activity.title}. {text}"),
    }
    assert {kind: faults for kind, view in made.items() if (faults := faults_of_view(view))} == {}


@pytest.mark.parametrize("number", [1, 29, 30, 31, 49, 50])
@pytest.mark.parametrize("length", [4, 58, 59, 60, 99, 100])
def test_a_team_that_registered_as_many_people_as_it_may_can_open_its_form_again(number: int, length: int) -> None:
    typed_names = [f"{n:02}{'ż' * (length - 2)}" for n in range(number)]
    if number * (length + 1) > 3000:
        with pytest.raises(Refused):
            checked_people(typed_names)
        return
    people = checked_people(typed_names)
    activity = Activity(
        id=ID,
        edition="e1",
        uid=ID,
        kind="k",
        title="Woda",
        networks=("n",),
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        zone="Europe/Warsaw",
        changed_at=NOW,
    )
    view = forms.people_form(Words(), activity, [], {"people": "\n".join(people)})
    assert broken_view(view) == []


@settings(deadline=None)
@given(typed, st.integers(1, 200))
def test_cut_text_is_within_its_limit_and_ends_in_no_half_entity(text: str, most: int) -> None:
    escaped = without_markup(text)
    kept = cut(escaped, most)
    assert len(kept) <= most
    assert strange_tokens(kept, set()) == []
    assert kept == escaped or (kept.endswith("…") and escaped.startswith(kept[:-1]))


def test_help_says_the_commands_of_whoever_asks() -> None:
    planner, other = (lists.help_text(Words(), rights).text for rights in (OFFERED, ()))
    assert ("/pim wydarzenie" in planner, "/pim wydarzenie" in other) == (True, False)


def test_one_line_when_all_is_well() -> None:
    said = lists.digest(Words(), Digest(week="2022-W02"), now=NOW).text
    assert said == "Przegląd tygodnia: 10–16 stycznia 2022\nNic nie wymaga teraz Państwa działania."

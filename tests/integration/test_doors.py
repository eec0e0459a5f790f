"""The doors: only what Slack signed comes in, garbage does no harm, and nobody does what their role does not allow."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import event

from pim_bot.playground.transport import Answer, SignedRequest, signed
from pim_bot.programme.permissions import Action
from pim_bot.storage.tables.activities import attendance
from pim_bot.storage.tables.flow import event_log, parked_request
from pim_bot.storage.tables.people import expert_assignment
from tests.engines import Engines
from tests.hub import SECRET, RunningHub, import_text, running_hub
from tests.integration.test_bad_input import (
    ROLE,
    WORKSHOP,
    Logs,
    database,
    field_errors,
    forge_click,
    forge_form,
    open_form,
    schedule,
    watched,
)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
OUTDATED = "Ten przycisk jest już nieaktualny. Aktualne sprawy pokaże pytanie: Co na mnie czeka?"
GONE = "Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy."
CITY_PLANS_NOTHING = (
    "Wydarzenia sieci planuje koordynacja oraz opiekun/ka sieci po stronie MFiPR. "
    "Jeśli to pomyłka, prosimy o kontakt z koordynacją."
)
# A refusal is told in a message: that leaves a notification, and how the person was reached. All else must stay.
TOLD = ("notification", "recipient", "identity")


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


@contextmanager
def queries(hub: RunningHub) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = hub.parts.storage.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


BODIES = [
    (b"command=%2Fpim&text=pomoc&user_id=UZORY&team_id=T1&trigger_id=1.2", FORM),
    (b'{"type":"event_callback"}', JSON),
    (b"{", JSON),
    (b"[]", JSON),
    (b"null", JSON),
    (b"", FORM),
    (b"payload=null", FORM),
    (b"payload={", FORM),
    (b"\xff\xfe\xff", JSON),
    (b"\xff", f"{JSON}; charset=foo"),
    (b"x" * (1024 * 1024 - 1), JSON),
]


def tampered(hub: RunningHub, good: SignedRequest) -> dict[str, SignedRequest]:
    """The same request with every wrong signature and time."""
    now = int(hub.machine().timestamp())
    signature = good.headers["X-Slack-Signature"]
    without = {
        name: {key: value for key, value in good.headers.items() if key != name}
        for name in ("X-Slack-Signature", "X-Slack-Request-Timestamp")
    }
    requests = {
        "wrong": good.with_headers(X_Slack_Signature="v0=" + "0" * 64),
        "short": good.with_headers(X_Slack_Signature=signature[:-1]),
        "long": good.with_headers(X_Slack_Signature=signature + "0"),
        "upper": good.with_headers(X_Slack_Signature=signature.upper()),
        "version": good.with_headers(X_Slack_Signature="v1" + signature[2:]),
        "not-ascii": good.with_headers(X_Slack_Signature="v0=" + "ż" * 64),
        "other digits": good.with_headers(X_Slack_Signature="v0=" + "٣" * 64),
        "empty": good.with_headers(X_Slack_Signature=""),
        **{name: SignedRequest(body=good.body, headers=headers) for name, headers in without.items()},
        "other secret": signed(good.body, content_type=FORM, secret="another", at=hub.machine()),
        **{
            f"time {time[:8]}": good.with_headers(X_Slack_Request_Timestamp=time)
            for time in ("abc", "", "1" * 400, "-1", "1e9", "٣" * 10, f"{now}.0", f" {now} x", str(now + 1))
        },
    }
    for seconds in (-301, 301):
        headers = {"X-Slack-Request-Timestamp": str(now + seconds)}
        at = hub.machine().fromtimestamp(now + seconds, tz=hub.machine().tzinfo)
        requests[f"{seconds} s"] = signed(good.body, content_type=FORM, secret=SECRET, at=at)
        assert requests[f"{seconds} s"].headers["X-Slack-Request-Timestamp"] == headers["X-Slack-Request-Timestamp"]
    return requests


async def test_whoever_has_no_signature_learns_nothing_and_reaches_nothing(hub: RunningHub, logs: Logs) -> None:
    with queries(hub) as asked:
        for body, content_type in BODIES:
            good = hub.slack.signed(body, content_type)
            for name, request in tampered(hub, good).items():
                answer = await hub.slack.deliver(request)
                assert (answer.status, answer.content) == (401, "unauthorized"), (name, body[:40])
                assert logs.troubles == [], (name, body[:40])
    assert asked == []


async def test_a_signature_five_minutes_old_is_just_good_enough(hub: RunningHub) -> None:
    await hub.settle()
    await hub.user("zory").command("/pim", "pomoc")
    body = hub.slack.last_request.body
    now = int(hub.machine().timestamp())
    for seconds, status in ((-300, 200), (300, 200), (-301, 401), (301, 401)):
        at = hub.machine().fromtimestamp(now + seconds, tz=hub.machine().tzinfo)
        request = signed(body, content_type=FORM, secret=SECRET, at=at)
        assert (await hub.slack.deliver(request)).status == status, seconds


async def test_only_post_comes_in(hub: RunningHub) -> None:
    assert hub.slack.app_url is not None
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            async with session.request(method, hub.slack.app_url) as response:
                assert response.status == 405, method


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_body_that_is_too_long_is_refused_before_the_database(hub: RunningHub) -> None:
    good = hub.slack.signed(b"x" * (2 * 1024 * 1024), JSON)
    bad = [request for name, request in tampered(hub, good).items() if name in ("wrong", "-301 s", "X-Slack-Signature")]
    with queries(hub) as asked:
        found = [(await hub.slack.deliver(request)).status for request in (good, *bad)]
    await hub.slack.switchboard.http.close()  # else its half-sent bodies keep the door open for a while
    assert (found[0], set(found[1:]) <= {401, 413}, asked) == (413, True, [])


def interaction(payload: object) -> tuple[bytes, str]:
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def event_of(event_id: bytes, body: bytes) -> tuple[bytes, str]:
    """An event envelope, written by hand."""
    head = b'{"type":"event_callback","team_id":"T1","event_id":"'
    return head + event_id + b'","event":' + body + b"}", JSON


USER = {"id": "UZORY", "team_id": "T1"}
TEAM = {"id": "T1", "domain": "t1"}
CLICK = {"type": "block_actions", "user": USER, "team": TEAM, "trigger_id": "1.2", "container": {"message_ts": "1.1"}}
BUTTON = {"type": "button", "action_id": "attend.going", "block_id": "b"}
FORM_SENT = {"type": "view_submission", "user": USER, "team": TEAM}
EVENT = {"type": "event_callback", "team_id": "T1", "event": {"type": "member_joined_channel", "user": "UZORY"}}

GARBAGE: dict[str, tuple[bytes, str]] = {
    "{ as json": (b"{", JSON),
    "[] as json": (b"[]", JSON),
    "null as json": (b"null", JSON),
    "number as json": (b"1", JSON),
    "text as json": (b'"x"', JSON),
    "deep json": (b"[" * 100_000, JSON),
    "empty json": (b"{}", JSON),
    "nothing": (b"", FORM),
    "nothing as json": (b"", JSON),
    "bytes": (b"\xff\xfe", JSON),
    "bytes in a form": (b"payload=\xff", FORM),
    "other charset": (b'{"type":"event_callback"}', f"{JSON}; charset=foo"),
    "payload null": (b"payload=null", FORM),
    "payload []": (b"payload=[]", FORM),
    "payload {": (b"payload={", FORM),
    "payload number": (b"payload=1", FORM),
    "payload text": (b'payload="x"', FORM),
    "payload empty": (b"payload=", FORM),
    "payload {}": interaction({}),
    "unknown type": interaction({"type": "no_such_thing", "user": USER, "team": TEAM}),
    "type no text": interaction({"type": ["block_actions"], "user": USER, "team": TEAM}),
    "click without actions": interaction(CLICK),
    "click with no action": interaction(CLICK | {"actions": []}),
    "click with null action": interaction(CLICK | {"actions": [None]}),
    "click without action_id": interaction(CLICK | {"actions": [{"type": "button", "action_ts": "1"}]}),
    "click with number action_id": interaction(
        CLICK | {"actions": [{"type": "button", "action_id": 5, "block_id": "b"}]}
    ),
    "click without user": interaction({"type": "block_actions", "actions": [BUTTON]}),
    "click with text user": interaction(CLICK | {"user": "UZORY", "actions": [BUTTON]}),
    "click with text team": interaction(CLICK | {"team": "T1", "actions": [BUTTON]}),
    "click with text container": interaction(CLICK | {"container": "x", "actions": [BUTTON]}),
    "click with a surrogate": interaction(CLICK | {"actions": [BUTTON | {"value": "\ud800", "action_ts": "1"}]}),
    "click with a NUL": interaction(CLICK | {"actions": [BUTTON | {"value": "\0", "action_ts": "2"}]}),
    "click with an endless name": interaction(
        CLICK | {"actions": [{"type": "button", "action_id": "x" * 40_000, "block_id": "b", "action_ts": "3"}]}
    ),
    "form without view": interaction(FORM_SENT),
    "form with null view": interaction(FORM_SENT | {"view": None}),
    "form with list view": interaction(FORM_SENT | {"view": []}),
    "form without id": interaction(FORM_SENT | {"view": {"type": "modal", "callback_id": "activity.form"}}),
    "form without callback": interaction(FORM_SENT | {"view": {"type": "modal", "id": "V1"}}),
    "form without state": interaction(
        FORM_SENT | {"view": {"type": "modal", "id": "V2", "callback_id": "activity.form"}}
    ),
    "form with list state": interaction(
        FORM_SENT | {"view": {"type": "modal", "id": "V3", "callback_id": "activity.form", "state": {"values": []}}}
    ),
    "form with a list for a field": interaction(
        FORM_SENT
        | {"view": {"type": "modal", "id": "V4", "callback_id": "activity.form", "state": {"values": {"title": []}}}}
    ),
    "form with odd blocks": interaction(
        FORM_SENT | {"view": {"type": "modal", "id": "V5", "callback_id": "activity.form", "blocks": [None, {}, "x"]}}
    ),
    "question without user": interaction({"type": "block_suggestion", "action_id": "value", "block_id": "cities"}),
    "question for an unknown field": interaction(
        {"type": "block_suggestion", "user": USER, "team": TEAM, "action_id": "value", "block_id": "x", "value": "y"}
    ),
    "question with a list": interaction(
        {
            "type": "block_suggestion",
            "user": USER,
            "team": TEAM,
            "action_id": "value",
            "block_id": "cities",
            "value": [],
        }
    ),
    "shortcut without trigger": interaction(
        {"type": "shortcut", "user": USER, "team": TEAM, "callback_id": "shortcut.activity"}
    ),
    "old dialog": interaction({"type": "dialog_submission", "callback_id": "x", "user": USER, "team": TEAM}),
    "old button": interaction(
        {"type": "interactive_message", "callback_id": "x", "user": USER, "team": TEAM, "actions": [{"name": "x"}]}
    ),
    "form closed": interaction(
        FORM_SENT | {"type": "view_closed", "view": {"id": "V1", "callback_id": "activity.form"}}
    ),
    "command without user": (b"command=%2Fpim&text=pomoc", FORM),
    "command without trigger": (b"command=%2Fpim&text=pomoc&user_id=UZORY&team_id=T1", FORM),
    "command without text": (b"command=%2Fpim&user_id=UZORY&team_id=T1&trigger_id=1.2", FORM),
    "command twice in one body": (b"command=%2Fpim&command=%2Fx&user_id=UZORY&team_id=T1&trigger_id=1.2", FORM),
    "ssl check": (b"ssl_check=1&token=x", FORM),
    "event without id": (json.dumps(EVENT).encode(), JSON),
    "event without team": (
        json.dumps({"type": "event_callback", "event_id": "Ev9", "event": EVENT["event"]}).encode(),
        JSON,
    ),
    "event without event": (b'{"type":"event_callback","event_id":"Ev1","team_id":"T1"}', JSON),
    "event with null event": (b'{"type":"event_callback","event_id":"Ev2","team_id":"T1","event":null}', JSON),
    "event with list event": (b'{"type":"event_callback","event_id":"Ev3","team_id":"T1","event":[]}', JSON),
    "event without type": (b'{"type":"event_callback","event_id":"Ev4","team_id":"T1","event":{}}', JSON),
    "event with number type": (b'{"type":"event_callback","event_id":"Ev5","team_id":"T1","event":{"type":5}}', JSON),
    "event of no kind": (b'{"type":"event_callback","event_id":"Ev6","team_id":"T1","event":{"type":"x"}}', JSON),
    "event with a NUL": event_of(
        b"Ev\\u0000", b'{"type":"member_joined_channel","channel":"C\\u0000","user":"U\\ud800"}'
    ),
    "event with surrogates": event_of(b"Ev7", b'{"type":"member_joined_channel","channel":"C\\ud800","user":"UZORY"}'),
    "event id with surrogates": event_of(
        b"Ev\\ud800", b'{"type":"member_joined_channel","channel":"C1","user":"UZORY"}'
    ),
    "other envelope": (b'{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1}', JSON),
}


async def test_garbage_that_is_signed_is_parked_or_refused_without_a_traceback(hub: RunningHub, logs: Logs) -> None:
    wrong: dict[str, tuple[object, ...]] = {}

    async def send(name: str) -> None:
        answer = await hub.slack.deliver(hub.slack.signed(*GARBAGE[name]))
        if answer.status is None or not 200 <= answer.status < 500 or logs.troubles:
            wrong[name] = (answer.status, answer.error, logs.troubles[-1:])
        logs.clear()

    # An event that can be read well enough is one; everything else leaves nothing but itself, parked.
    events = [name for name in GARBAGE if name.startswith("event")]
    others = [name for name in GARBAGE if not name.startswith("event")]
    without = ("parked_request", "handled_request", *TOLD)
    before = await database(hub, *without)
    for name in others:
        await send(name)
    assert await database(hub, *without) == before
    for name in events:
        await send(name)
    assert wrong == {}


async def test_an_event_that_cannot_be_read_is_parked_as_it_came(hub: RunningHub) -> None:
    await hub.settle()
    bodies = [
        b'{"type": "event_callback", "team_id": "T1", "event": {"type": "member_joined_channel", "channel": "C1"}}',
        b'{"type": "event_callback", "event_id": "Ev1", "event": {"type": "member_joined_channel", "channel": "C1"}}',
        b'{"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event":'
        b' {"type": "member_joined_channel", "channel": "' + b"C" * 508 + b'"}}',
    ]
    for body in bodies:
        answer = await hub.slack.deliver(hub.slack.signed(body, JSON))
        assert answer.status == 200
    parked = await hub.rows(parked_request, parked_request.c.body)
    assert [json.loads(bytes(row[0])) for row in parked] == [json.loads(body) for body in bodies]


async def test_a_button_of_an_old_message_is_answered_in_words(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    before = await database(hub, *TOLD)
    clicks = [
        ("no.such.button", activity_id, OUTDATED),
        ("attend.goingg", activity_id, OUTDATED),
        ("attend.going", "an-activity-of-yesteryear", GONE),
        ("attend.register", "an-activity-of-yesteryear", GONE),
        ("attend.open", "", GONE),
        ("activity.move", "an-activity-of-yesteryear", GONE),
        ("activity.cancel", "'; DROP TABLE activity; --", GONE),
        ("assignment.accept", "gone", "Tego przypisania już nie ma. Aktualną listę pokaże polecenie /pim."),
        ("feedback.score/9", activity_id, "Prosimy wybrać ocenę od 1 do 5."),
        ("feedback.score/x", activity_id, "Prosimy wybrać ocenę od 1 do 5."),
        ("feedback.score/²", activity_id, "Prosimy wybrać ocenę od 1 do 5."),
        ("feedback.score/5", "gone", GONE),
        ("feedback.score/5", activity_id, "Zbieranie opinii już się zakończyło. Dziękujemy."),
    ]
    told = []
    for action_id, value, _ in clicks:
        count = len(hub.texts("zory"))
        assert (await forge_click(hub, "zory", action_id, value)).status == 200, action_id
        await hub.settle()
        said = hub.texts("zory")[count:]
        told.append((action_id, value, " | ".join(said)))
    assert told == clicks
    assert await database(hub, *TOLD) == before


async def test_an_unknown_form_is_answered_in_words(hub: RunningHub) -> None:
    planner = await open_form(hub)
    view = planner.modal
    assert view is not None
    view.body["callback_id"] = "no.such.form"
    outdated = "Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie."
    assert (await planner.submit(view, WORKSHOP)).errors == {"kind": outdated}
    view.body["callback_id"] = "activity.move-form"
    for metadata in ("", "{", "[]", "null", '{"activity": 1}', '{"activity": null, "revision": "x"}'):
        answer = await forge_form(hub, "koordynatorka", view, {}, metadata_of=metadata)
        assert field_errors(answer) == {"kind": outdated}, metadata


PEOPLE = """
supplements: pim2-2021-2023
people:
  - name: Opiekun cyfrowy (przykład)
    email: cyfrowy@example.org
    roles: [{role: guardian, network: miasto-cyfrowe, institution: mfipr}]
  - name: Ekspertka cyfrowa (przykład)
    email: ekspertka2@example.org
    roles: [{role: expert, network: miasto-cyfrowe, institution: bank-swiatowy}]
"""
EVERYBODY = ("koordynatorka", "opiekunka", "cyfrowy", "ministerstwo", "ekspert", "ekspertka2", "zory", "lublin")
PLANS = {"koordynatorka", "opiekunka"}


async def with_everybody(hub: RunningHub) -> None:
    """Let more people in: the guardian and an expert of another network."""
    await import_text(hub.parts, PEOPLE.encode())
    for name in ("cyfrowy", "ekspertka2"):
        user_id = f"U{name.upper()}"
        hub.slack.workspace.add_user(id=user_id, name=name, real_name=name, email=f"{name}@example.org")
    await hub.settle()


def refused_in_words(hub: RunningHub, name: str, said: str) -> bool:
    """Whether that is the sentence of a right that is missing (lublin reads English)."""
    return bool(said) and (name == "lublin" or said in (ROLE, CITY_PLANS_NOTHING))


async def click_told(hub: RunningHub, name: str, action_id: str, value: str) -> str:
    """Press a button that stands nowhere; tells what the person then reads, or that a form opened."""
    person = hub.user(name)
    hub.slack.workspace.views.stacks.clear()
    count = len(hub.texts(name))
    assert (await forge_click(hub, name, action_id, value)).status == 200
    if person.modal is not None:
        return "form"
    await hub.settle()
    return " | ".join(hub.texts(name)[count:])


async def test_who_may_open_which_form_by_command_and_by_button(hub: RunningHub) -> None:
    await with_everybody(hub)
    activity_id = await schedule(hub)
    local = {"zory", "lublin"}  # a city plans its own local meetings
    allowed = {
        ("command", "wydarzenie"): {"koordynatorka", "opiekunka", "cyfrowy"} | local,
        ("command", "przypisz"): {"koordynatorka"},
        ("button", "activity.new"): {"koordynatorka", "opiekunka", "cyfrowy"} | local,
        ("button", "activity.move"): PLANS,
        ("button", "activity.cancel"): PLANS,
        ("button", "assignment.new"): {"koordynatorka"},
    }
    before = await database(hub, *TOLD)
    opened: dict[tuple[str, str], set[str]] = {}
    for how, what in allowed:
        for name in EVERYBODY:
            hub.slack.workspace.views.stacks.clear()
            if how == "command":
                outcome = await hub.user(name).command("/pim", what)
                said = "form" if hub.user(name).modal is not None else outcome.text
            else:
                said = await click_told(hub, name, what, activity_id)
            assert said == "form" or refused_in_words(hub, name, said), (how, what, name, said)
            if said == "form":
                opened.setdefault((how, what), set()).add(name)
    assert opened == allowed
    assert await database(hub, *TOLD) == before


async def test_who_may_plan_by_a_forged_submission(hub: RunningHub) -> None:
    await with_everybody(hub)
    activity_id = await schedule(hub)
    planner = hub.user("koordynatorka")
    forms = {}
    await open_form(hub)
    await planner.submit(planner.modal, WORKSHOP | {"Link do spotkania": "ftp://x"})
    forms["schedule"] = planner.modal
    for name in ("move", "cancel"):
        await forge_click(hub, "koordynatorka", f"activity.{name}", activity_id)
        forms[name] = planner.modal
    await planner.command("/pim", "przypisz")
    forms["assign"] = planner.modal
    await planner.submit(planner.modal, {"Ekspert/ka": "Ekspert zieleni (przykład)", "Do": "2021-01-01"})
    one = {"text": {"type": "plain_text", "text": "x"}, "value": "miasto-zielone"}
    states: dict[str, Mapping[str, Any]] = {
        "schedule": {"link": {"value": None}},
        "move": {"starts_time": {"selected_time": "09:30"}},
        "cancel": {},
        "assign": {"until": {"selected_date": "2022-06-30"}, "network": {"selected_option": one}},
    }
    before = await database(hub)
    for what, view in forms.items():
        assert view is not None
        for name in EVERYBODY:
            if name == "koordynatorka" or (name == "opiekunka" and what != "assign"):
                continue
            answer = await forge_form(hub, name, view, states[what])
            (said,) = field_errors(answer).values()
            assert refused_in_words(hub, name, said), (what, name, said)
    assert await database(hub) == before
    # A move is shown first, on a form on top of this one.
    allowed = (
        ("schedule", "opiekunka", "update"),
        ("move", "opiekunka", "push"),
        ("assign", "koordynatorka", "update"),
    )
    for what, name, action in allowed:
        view = forms[what]
        assert view is not None
        assert (await forge_form(hub, name, view, states[what])).json["response_action"] == action, what


async def test_a_city_plans_only_its_own_local_meetings(hub: RunningHub) -> None:
    await hub.settle()
    zory = await open_form(hub, "zory")
    view = zory.modal
    assert view is not None
    local = {name: typed for name, typed in WORKSHOP.items() if name != "Sieć"} | {"Rodzaj": "spotkanie-lokalne"}
    before = await database(hub)
    assert (await zory.submit(view, local | {"Miasto": ["Lublin"]})).errors == {"cities": ROLE}
    assert await database(hub) == before
    assert (await zory.submit(view, local | {"Miasto": ["Żory"]})).ok


async def test_only_the_expert_who_is_asked_answers(hub: RunningHub) -> None:
    await with_everybody(hub)
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "przypisz")
    asked = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Do": "2022-06-30"}
    assert (await planner.submit(planner.modal, asked)).ok
    await hub.settle()
    ((assignment_id,),) = await hub.rows(expert_assignment, expert_assignment.c.id)
    before = await database(hub, *TOLD)
    for name in EVERYBODY:
        for action_id in ("assignment.accept", "assignment.decline"):
            if name != "ekspert":
                said = await click_told(hub, name, action_id, str(assignment_id))
                assert refused_in_words(hub, name, said), (name, said)
    assert await database(hub, *TOLD) == before
    said = await click_told(hub, "ekspert", "assignment.accept", str(assignment_id))
    assert said.startswith("Na dobry początek: Miasto Zielone")  # whoever takes over gets the summary of the place
    assert await hub.rows(expert_assignment, expert_assignment.c.status) == [("accepted",)]


async def test_nobody_answers_for_a_team_that_is_not_theirs(hub: RunningHub) -> None:
    await with_everybody(hub)
    activity_id = await schedule(hub)
    before = await database(hub, *TOLD)
    no_invitation = "Na to wydarzenie nie ma zaproszenia dla Państwa zespołu. W razie pytań pomoże koordynacja."
    for name in ("koordynatorka", "cyfrowy", "ekspertka2"):
        for action_id in ("attend.going", "attend.unsure", "attend.not-going", "attend.register", "attend.open"):
            assert await click_told(hub, name, action_id, activity_id) == no_invitation, (name, action_id)
    await forge_click(hub, "zory", "attend.register", activity_id)
    form = hub.user("zory").modal
    assert form is not None
    for name in ("koordynatorka", "cyfrowy", "ekspertka2"):
        answer = await forge_form(hub, name, form, {"people": {"value": "Ktoś"}})
        assert list(field_errors(answer).values()) == [no_invitation], name
    assert await database(hub, *TOLD) == before


async def test_only_the_signed_envelope_says_who_acts(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    forged = {"user": "UKOORDYNATORKA", "actor": "member:koordynatorka", "member_id": "koordynatorka"}
    before = await database(hub, *TOLD)
    said = await click_told(hub, "zory", "activity.cancel", json.dumps({"activity": activity_id, **forged}))
    assert said == GONE
    others = {
        "message": {"user": "UKOORDYNATORKA"},
        "view": {"private_metadata": json.dumps(forged)},
        "user_id": "UKOORDYNATORKA",
        "authorizations": [{"user_id": "UKOORDYNATORKA"}],
        "state": {"values": {"user": {"value": {"type": "users_select", "selected_user": "UKOORDYNATORKA"}}}},
    }
    assert (await forge_click(hub, "zory", "activity.cancel", activity_id, **others)).status == 200
    await hub.settle()
    assert hub.texts("zory")[-1] == ROLE
    await forge_click(hub, "koordynatorka", "activity.cancel", activity_id)
    view = hub.user("koordynatorka").modal
    assert view is not None
    metadata = json.dumps({"activity": activity_id, "revision": 1, **forged})
    assert field_errors(await forge_form(hub, "zory", view, {}, metadata_of=metadata)) == {"reason": ROLE}
    assert await database(hub, *TOLD) == before


async def test_a_name_in_another_workspace_is_another_person(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    user = {"id": "UZORY", "username": "zory", "name": "zory", "team_id": "T2"}
    before = await hub.rows(attendance)
    for _ in range(2):
        answer: Answer = await forge_click(
            hub, "zory", "attend.going", activity_id, team={"id": "T2", "domain": "t2"}, user=user
        )
        assert answer.status == 200
        await hub.settle()
    assert await hub.rows(attendance) == before


async def test_every_act_leaves_who_did_it_and_nothing_personal(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    await forge_click(hub, "zory", "attend.going", activity_id)
    found = await hub.rows(event_log, event_log.c.type, event_log.c.actor, event_log.c.body)
    acts = [(kind, actor) for kind, actor, body in found if activity_id in json.dumps(body)]
    assert [kind for kind, _ in acts] == ["ActivityScheduled", "AttendanceAnswered"]
    assert all(str(actor).startswith("member:") for _, actor in acts)
    assert len({actor for _, actor in acts}) == 2
    assert "Woda opadowa" not in json.dumps([body for _, _, body in found])


def test_every_action_has_a_rule() -> None:
    from pim_bot.programme.permissions import RULES  # noqa: PLC0415 - the point of this one test

    assert set(RULES) == set(Action)

"""``pim-bot plan`` and ``pim-bot deliveries`` as an operator types them, beside the running hub."""

import asyncio
import json
import subprocess
from datetime import timedelta
from typing import Any

from pim_bot.clock import machine_clock
from tests.hub import RunningHub
from tests.integration.test_deliveries import ids, put, state_of, without_bot
from tests.integration.test_plan import dump
from tests.integration.test_walk import LINE, schedule
from tests.storage.test_command_line import pim_bot

TOKEN = "xoxb-of-the-tests"


async def typed(hub: RunningHub, *words: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    """Type a command; the process beside the hub lives at the same programme time."""
    settings = hub.parts.settings
    async with hub.parts.storage.work("clock") as work:
        await work.keep_offset(hub.parts.clock() - machine_clock())
    return await asyncio.to_thread(
        pim_bot,
        settings.data_dir,
        *words,
        PIM_DATABASE_URL=settings.database_url,
        PIM_SLACK_API_URL=settings.slack_api_url,
        SLACK_BOT_TOKEN=token,
        NO_PROXY="127.0.0.1",
    )


async def rows(hub: RunningHub, *words: str) -> list[dict[str, Any]]:
    """What a script gets."""
    done = await typed(hub, *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


async def test_the_plan_says_when_to_whom_what_and_why_and_changes_nothing(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await typed(hub, "plan", "--days", "1")  # the offset of time is kept from here on
    before = await dump(hub)
    done = await typed(hub, "plan", "--days", "12")
    after = await dump(hub)
    before.pop("programme_time")
    after.pop("programme_time")
    assert (done.returncode, done.stderr, before == after) == (0, "", True)
    people = "Ekspert zieleni (przykład), Ministerstwo (przykład), Opiekunka sieci (przykład)"
    expected = [
        "piątek, 14 stycznia 2022",
        "  15:59  przypomnienie: Woda opadowa w mieście",
        f"         do: {people}, Rozwój, Lublin (przykład), Rozwój, Żory (przykład)",
        (
            "         – Woda opadowa w mieście: 1 dzień do terminu zgłoszeń; wypada niedziela, 16 stycznia 2022, 16:00 "
            "(weekend), przesunięte na ostatnią chwilę godzin pracy przed tym terminem"
        ),
    ]
    said = done.stdout.splitlines()
    assert [line for line in expected if line not in said] == []
    assert "  08:00  przegląd tygodnia" in said
    assert "Nie zostaną wysłane:" in said
    shown = said.index("Wcześniejsze wiadomości, które same pokażą aktualny stan (nikt nie dostaje przez to nowej):")
    assert said[shown + 1].startswith("  ")
    assert said[shown + 2].startswith("         u: ")
    assert said[-2:] == [
        "Razem: wiadomości 14.",
        "Wszystkie osoby i powody: pim-bot plan --json",
    ]


async def test_a_script_gets_every_message_with_its_parts(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await schedule(hub, **{"Tytuł": "Zieleń w mieście", "Zgłoszenia do": None})
    found = await rows(hub, "plan")
    bundles = [row for row in found if row["to"].startswith("Ekspert") and len(row["parts"]) == 2]
    assert [(row["at"], row["zone"], row["kind"], row["outcome"]) for row in bundles] == [
        ("2022-01-13T10:00:00+01:00", "Europe/Warsaw", "reminder", "sent"),
        ("2022-01-19T10:00:00+01:00", "Europe/Warsaw", "reminder", "sent"),
    ]
    parts = [(part["title"], part["rung"], part["matters"]) for part in bundles[1]["parts"]]
    assert parts == [
        ("Woda opadowa w mieście", "1 dzień do początku", True),
        ("Zieleń w mieście", "1 dzień do początku", True),
    ]
    silent = [row for row in found if row["outcome"] == "not-needed"]
    assert {(row["to"], row["dropped_why"]) for row in silent} == {
        ("Zieleń, Żory (przykład)", "nie trzeba: za zespół odpowiada osoba do kontaktu")
    }


async def test_what_a_move_would_change_can_be_asked_without_moving(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    done = await typed(hub, "plan", "--days", "30", "--if-moved", "woda OPADOWA", "2022-02-03 10:00")
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[:3] == [
        "Gdyby „Woda opadowa w mieście” przenieść na: czwartek, 3 lutego 2022, 10:00",
        "  - tej wiadomości wtedy już nie będzie, + ta dojdzie; ta sama w innej chwili stoi po obu stronach",
        "",
    ]
    people = "Ekspert zieleni (przykład), Ministerstwo (przykład), Opiekunka sieci (przykład)"
    old = "- środa, 19 stycznia 2022, 10:00  przypomnienie: Woda opadowa w mieście (1 dzień do początku)"
    new = "+ środa, 2 lutego 2022, 10:00  przypomnienie: Woda opadowa w mieście (1 dzień do początku)"
    for line in (old, new):
        assert said[said.index(line) + 1].startswith(f"      do 5 odbiorców: {people}, ")
    told = [line for line in said if line.startswith("+ poniedziałek, 10 stycznia 2022, ")]
    assert [line.split("  ")[1] for line in told] == ["zmiana terminu: Woda opadowa w mieście"]
    assert len(said) < 40
    assert [line for line in said if "nie zostanie wysłane" in line] == []
    assert said[-1] == "Wszystkie osoby i powody: pim-bot plan --if-moved … --json"
    unknown = await typed(hub, "plan", "--if-moved", "nic takiego", "2022-02-03")
    wrong = await typed(hub, "plan", "--if-moved", "woda", "pojutrze")
    past = await typed(hub, "plan", "--if-moved", "woda", "2021-02-03 10:00")
    assert [(one.returncode, one.stdout) for one in (unknown, wrong, past)] == [(1, "")] * 3
    assert unknown.stderr.startswith("Prosimy wskazać jedno nadchodzące wydarzenie")
    assert wrong.stderr == "Prosimy podać nowy początek tak: 2022-02-03 10:00.\n"
    assert "Ten termin już minął" in past.stderr
    late = await typed(hub, "plan", "--days", "3", "--if-moved", "woda", "2022-02-03 10:00")
    assert late.stdout.splitlines()[-1].startswith("To porównanie sięga do: czwartek, 13 stycznia 2022, ")
    doubled = await typed(hub, "plan", "--if-moved", "woda", "2022-10-30 02:30")
    assert (doubled.returncode, doubled.stderr) == (
        1,
        (
            "Godzina 02:30 wypada w tym dniu dwa razy: zegary przechodzą na czas zimowy. Prosimy podać, o którą "
            "chodzi: 2022-10-30T02:30+02:00 albo 2022-10-30T02:30+01:00.\n"
        ),
    )
    assert (await typed(hub, "plan", "--if-moved", "woda", "2022-10-30T02:30+01:00")).returncode == 0


async def test_deliveries_tell_what_arrived_where_and_what_did_not_and_why(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    (failed,) = await ids(hub, state="failed")
    done = await typed(hub, "deliveries")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:4] == [
        f"{failed}  nie dotarła",
        "    ogłoszenie wydarzenia: Woda opadowa w mieście – kanał #pim-zielone",
        "    termin: poniedziałek, 10 stycznia 2022, 9:00",
        "    powód: Bot nie jest w kanale #pim-zielone. Prosimy wpisać w nim: /invite @pim_bot",
    ]
    (row,) = await rows(
        hub, "deliveries", "--who", "ekspert", "--state", "sent", "--since", "2022-01-10", "--limit", "1"
    )
    message = hub.user("ekspert").messages()[-1]
    stamp = message.ts.replace(".", "")
    assert (
        row["permalink"]
        == f"https://{hub.slack.workspace.team_id.lower()}.slack.com/archives/{message.channel}/p{stamp}"
    )
    assert (row["to"], row["late_seconds"], row["error"]) == ("Ekspert zieleni (przykład)", 0, "")
    without_token = await typed(hub, "deliveries", "--who", "ekspert", "--limit", "1", token="")
    assert without_token.stdout.splitlines()[-1] == f"    rozmowa {message.channel}, ts {message.ts}"


async def test_late_messages_say_why(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    due = hub.parts.clock() - timedelta(minutes=20)
    (announced,) = await ids(hub, kind="announcement", operation="post")
    codes = {
        "rate-limited": "Komunikator poprosił o wolniejsze wysyłanie.",
        "chat-away": "Komunikator nie odpowiadał.",
        "": "Centrum było wtedy wyłączone albo zajęte.",
    }
    found = {}
    for code in codes:
        await put(hub, announced, not_before=due, late_why=code)
        (row,) = [one for one in await rows(hub, "deliveries", "--who", "#pim-zielone") if one["id"] == announced]
        found[code] = row["late_text"]
        assert row["late_seconds"] == 20 * 60
    assert found == codes


async def test_one_is_sent_again_or_left_and_whatever_cannot_be_is_refused_in_words(hub: RunningHub) -> None:
    await without_bot(hub)
    await schedule(hub)
    (failed,) = await ids(hub, state="failed")
    hub.slack.workspace.conversation("CZIELONE").members.append("UBOT")
    dropped = await typed(hub, "deliveries", "drop", failed)
    assert (dropped.returncode, dropped.stdout) == (0, "Pominięta: nie zostanie wysłana.\n")
    again = await typed(hub, "deliveries", "drop", failed)
    assert (again.returncode, again.stdout, again.stderr) == (1, "", "Ta wiadomość jest już pominięta.\n")
    resent = await typed(hub, "deliveries", "resend", failed)
    assert (resent.returncode, resent.stdout.split(";")[0]) == (0, "Zostanie wysłana ponownie")
    await hub.wind(hours=1)  # the clock of the hub stands still while the command's goes on
    assert await state_of(hub, failed) == ("sent", "")
    assert [message.text for message in hub.channel()] == [LINE]
    for words, said in (
        (("resend", failed), "Ta wiadomość już dotarła."),
        (("resend", "nic"), "Nie ma takiej wiadomości."),
    ):
        refused = await typed(hub, "deliveries", *words)
        assert (refused.returncode, refused.stdout, refused.stderr.startswith(said)) == (1, "", True)
    await put(hub, failed, state="doubtful")
    doubtful = await typed(hub, "deliveries", "resend", failed)
    assert (doubtful.returncode, "--may-double" in doubtful.stderr) == (1, True)
    assert (await typed(hub, "deliveries", "resend", failed, "--may-double")).returncode == 0
    await hub.wind(hours=1)
    assert len(hub.channel()) == 2


async def test_wrong_filters_are_refused_in_words(hub: RunningHub) -> None:
    state = await typed(hub, "deliveries", "--state", "lost")
    since = await typed(hub, "deliveries", "--since", "wczoraj")
    assert [(one.returncode, one.stdout) for one in (state, since)] == [(1, "")] * 2
    assert state.stderr.startswith("Nie ma stanu lost. Są: planned, ")
    assert since.stderr == "Prosimy podać dzień tak: 2022-01-10, albo liczbę dni tak: 7d.\n"
    assert (await typed(hub, "plan", "--days", "0")).returncode == 2
    nothing = await typed(hub, "deliveries", "--since", "2d", "--who", "nikt taki")
    assert (nothing.returncode, nothing.stdout) == (0, "Nie ma takich wiadomości.\n")

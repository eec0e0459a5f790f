"""The week of a network's MFiPR guardian: planning, people, answers, topics, presence, the report, what came of it.

Everything is done by direct messages and buttons, which everybody has. At the end nothing waits for them.
"""

import re
from datetime import UTC, datetime
from typing import Any

import aiohttp

from pim_bot.blocks import ids
from pim_bot.reports.spreadsheets import read
from tests.weeks.others import a_guest_introduces_themselves, presses, read_on
from tests.weeks.week import Week, labels

WHO = "opiekunka"
TITLE, MEADOWS, LINK = "Woda opadowa w mieście", "Łąki kwietne", "https://example.org/laki"
REPORTED = "Trzy miasta zaczynają."
ZORY = {"Osoby z zespołu": ["Rozwój, Żory (przykład)", "Zieleń, Żory (przykład)"]}
NOBODY = "Gdańsk, Kostrzyn nad Odrą, Międzyrzec Podlaski, Racibórz, Ruda Śląska, Słupsk, Uniejów, Żyrardów"
NAMES = (
    TITLE,
    MEADOWS,
    REPORTED,
    *NOBODY.split(", "),
    "Analiza uwarunkowań prawnych i propozycje konkretnych zmian prawnych i/lub nowych uregulowań",
    "Anna Nowa",
    "Ewa Druga",
    "Żory",
    "Opiekunka sieci (przykład)",
    "Ekspert zieleni (przykład)",
    "Ministerstwo (przykład)",
    "Rozwój, Lublin (przykład)",
    "Rozwój, Żory (przykład)",
    "Zieleń, Żory (przykład)",
    "Miasto Zielone",
    "Lublin, Ratusz",
    "Spotkanie Sieci Zielonej",
    "Zagraniczna wizyta studyjna Sieci Miasto Zielone",
    "Spotkanie Sieci Miast Zielonych: Racibórz, Żory, Ruda Śląska",
    "Piąta wizyta studyjna Sieci Miast Zielonych",
)


async def test_the_week_of_a_guardian(week: Week) -> None:
    await monday_people_a_workshop_and_an_announcement(week)
    await tuesday_answers_topics_and_a_move(week)
    await wednesday_a_team_changes_and_a_workshop_is_called_off(week)
    await thursday_who_came(week)
    await friday_the_report_and_a_comment(week)
    await afterwards_what_people_thought(week)
    if not week.is_stranger:
        assert week.told("Nic na Państwa nie czeka.", "Nothing is waiting for you.") in await week.home()
    if week.language == "en":
        assert week.polish_words(*NAMES) == set()


async def monday_people_a_workshop_and_an_announcement(week: Week) -> None:
    hub = week.hub
    news = await week.ask("Co nowego w sieci od poniedziałku?", "What is new in the network since Monday?")
    assert news.text.splitlines()[:2] == [
        week.told("Nowe albo zmienione od 3 stycznia 2022:", "New or changed since 3 January 2022:"),
        week.told(
            "Spotkanie Sieci Zielonej: 10–12 maja 2022, Lublin (stacjonarnie)",
            "Spotkanie Sieci Zielonej: 10–12 May 2022, Lublin (on site)",
        ),
    ]
    await a_guest_introduces_themselves(hub)
    assert week.texts[-1] == week.told(
        "Do bota pisze nowa osoba: Anna Nowa, Żory, anna@zory.example.org. Prosimy potwierdzić albo odmówić: po "
        "potwierdzeniu ta osoba widzi program i dostaje wiadomości.",
        "Somebody new is writing to the bot: Anna Nowa, Żory, anna@zory.example.org. Please confirm or decline: once "
        "confirmed, this person sees the programme and gets messages.",
    )
    await week.press(None, ids.CONFIRM_PERSON)
    assert week.texts[-1] == week.told(
        "Do bota pisze nowa osoba: Anna Nowa, Żory, anna@zory.example.org. Potwierdzenie: Opiekunka sieci "
        "(przykład), 10 stycznia 2022.",
        "Somebody new is writing to the bot: Anna Nowa, Żory, anna@zory.example.org. Confirmed: Opiekunka sieci "
        "(przykład), 10 January 2022.",
    )
    assert labels(week.me.last()) == []
    assert any(text.startswith("Na dobry początek: Żory, Miasto Zielone") for text in hub.texts("gosc"))
    await plan_a_workshop(week)
    offered = await week.ask("Zbierzmy tematy na warsztaty", "Let us collect topics for the workshop")
    await week.press(offered, ids.OPEN_TOPICS)
    await week.send({"Zbieramy do": int(datetime(2022, 1, 11, 11, 0, tzinfo=UTC).timestamp())})
    asked = "Tematy na: Woda opadowa w mieście, środa, 12 stycznia 2022, 10:00–15:00."
    assert hub.texts("zory")[-1].startswith(f"{asked} Prosimy zgłaszać i popierać tematy do: wtorek, 11 stycznia")
    await announce(week)


async def plan_a_workshop(week: Week) -> None:
    hub = week.hub
    offered = await week.ask(
        "Dodaj wydarzenie: warsztaty 12 stycznia o 10", "Add an activity: workshop on 12 January at 10"
    )
    assert offered.text == week.told(
        "Nowe wydarzenie: Warsztaty sieci, środa, 12 stycznia 2022, 10:00.",
        "New activity: Network workshop, Wednesday, 12 January 2022, 10:00.",
    )
    await week.press(offered, ids.NEW_ACTIVITY)
    where = {"Miejsce": "Lublin, Ratusz", "Miasto": ["lublin"]}
    await week.send({"Tytuł": TITLE, "Koniec, godzina": "15:00", "Zgłoszenia do": "2022-01-11", **where})
    line = "Woda opadowa w mieście: środa, 12 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie)"
    english = "Woda opadowa w mieście: Wednesday, 12 January 2022, 10:00–15:00, Lublin, Ratusz (on site)"
    assert week.texts[-2:] == [
        week.told(f"Wydarzenie jest zaplanowane. {line}", f"The activity is scheduled. {english}"),
        week.told(
            f"{line}. Prosimy o odpowiedź do: wtorek, 11 stycznia 2022, 16:00.",
            f"{english}. Please answer by Tuesday, 11 January 2022, 16:00.",
        ),
    ]
    team = f"{line}. Prosimy o odpowiedź za zespół do: wtorek, 11 stycznia 2022, 16:00. Wystarczy jedna."
    assert [hub.texts(name)[-1] for name in ("zory", "zory2", "gosc")] == [team, team, team]
    assert [message.text for message in hub.channel()] == [line]


async def announce(week: Week) -> None:
    hub = week.hub
    offered = await week.ask("Ogłoszenie do sieci zielonej", "Announcement to the green network")
    await week.press(offered, ids.NEW_BULLETIN)
    await week.send({"Do kogo": "cities", "Tytuł": "Dojazd", "Treść": "Ratusz, sala 1."})
    assert read_on(week.me.modal).startswith(
        week.told(
            "Dostanie je: 4 osoby (zespoły miast: 4). Sieć: Miasto Zielone.",
            "It goes to: 4 people (city teams: 4). Network: Miasto Zielone.",
        )
    )
    assert not any("Ratusz, sala 1." in text for text in hub.texts("zory"))
    await week.send()
    sent = (
        "Dojazd. Ratusz, sala 1. Ogłoszenie. Od: Opiekunka sieci (przykład). Sieć: Miasto Zielone. Prosimy potwierdzić "
        "przyciskiem „Przeczytane”."
    )
    assert [hub.texts(name)[-1] for name in ("zory", "zory2", "gosc")] == [sent, sent, sent]


async def tuesday_answers_topics_and_a_move(week: Week) -> None:
    hub = week.hub
    await hub.wind(days=1)
    await presses(hub, "zory", ids.READ_BULLETIN)
    await presses(hub, "zory", ids.REGISTER, ZORY)
    await presses(hub, "zory", ids.BACK_TOPICS, {"Nasz temat albo pytanie": MEADOWS})
    await chase(week)
    await make_the_agenda(week)
    await move(week)
    await week.press(None, ids.SHOW_READERS)
    assert read_on(week.me.modal) == week.told(
        "*Dojazd*\nPrzeczytane: 1 z 4\nJeszcze nie:\nLublin: Rozwój, Lublin (przykład)\n"
        "Żory: Anna Nowa, Zieleń, Żory (przykład)\nPrzeczytane:\nŻory: Rozwój, Żory (przykład)",
        "*Dojazd*\nRead by: 1 of 4\nNot yet:\nLublin: Rozwój, Lublin (przykład)\n"
        "Żory: Anna Nowa, Zieleń, Żory (przykład)\nRead:\nŻory: Rozwój, Żory (przykład)",
    )


async def chase(week: Week) -> None:
    hub = week.hub
    owing = week.told(
        "Woda opadowa w mieście, środa, 12 stycznia 2022, 10:00–15:00. Miasta bez odpowiedzi (9): Gdańsk, Kostrzyn nad "
        "Odrą, Lublin, Międzyrzec Podlaski, Racibórz, Ruda Śląska, Słupsk, Uniejów, Żyrardów. Zespoły bez osób w "
        f"programie (8): {NOBODY}. Osoby bez odpowiedzi (3): Ekspert zieleni (przykład), Ministerstwo (przykład), "
        "Opiekunka sieci (przykład).",
        "Woda opadowa w mieście, Wednesday, 12 January 2022, 10:00–15:00. Cities without an answer (9): Gdańsk, "
        "Kostrzyn nad Odrą, Lublin, Międzyrzec Podlaski, Racibórz, Ruda Śląska, Słupsk, Uniejów, Żyrardów. Teams "
        f"without people in the programme (8): {NOBODY}. People without an answer (3): Ekspert zieleni (przykład), "
        "Ministerstwo (przykład), Opiekunka sieci (przykład).",
    )
    assert (await week.ask("Kto nie potwierdził udziału?", "Who has not confirmed?")).text == owing
    before = {name: hub.texts(name) for name in ("zory", "zory2", "gosc", "koordynatorka")}
    offered = await week.ask("Przypomnij tym, którzy nie odpisali", "Remind those who have not answered")
    assert offered.text == owing
    await week.press(offered, ids.CHASE_ANSWERS)
    assert read_on(week.me.modal) == week.told(
        "Przypomnienie o odpowiedzi jest w drodze (4 osoby): Woda opadowa w mieście.",
        "The reminder to answer is on its way (4 people): Woda opadowa w mieście.",
    )
    assert hub.texts("ekspert")[-1] == (
        "Przypominamy: Woda opadowa w mieście: środa, 12 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie). "
        "Prosimy o odpowiedź do: wtorek, 11 stycznia 2022, 16:00."
    )
    assert {name: hub.texts(name) for name in before} == before
    for name in ("lublin", "ekspert", "ministerstwo"):
        await presses(hub, name, ids.GOING)
    await week.press(None, ids.GOING)


async def make_the_agenda(week: Week) -> None:
    """The collecting ends at noon; the bot says so, and one press makes the agenda of the topics."""
    elsewhere = await week.ask("Wyślij agendę do sieci cyfrowej", "Send the agenda to the digital network")
    assert elsewhere.text == week.told("Nie ma w planie takiego wydarzenia.", "No such activity is planned.")
    await week.hub.wind(hours=4)
    assert week.texts[-1] == week.told(
        "Tematy na: Woda opadowa w mieście, środa, 12 stycznia 2022, 10:00–15:00. Zbieranie tematów zakończyło się: "
        "wtorek, 11 stycznia 2022, 12:00.\n1. Łąki kwietne. Zgłoszenie: Żory. (1 głos)\n"
        "Prosimy połączyć podobne tematy i ułożyć z nich program.",
        "Topics for: Woda opadowa w mieście, Wednesday, 12 January 2022, 10:00–15:00. The collecting of topics ended: "
        "Tuesday, 11 January 2022, 12:00.\n1. Łąki kwietne. Proposed by: Żory. (1 voice)\n"
        "Please merge similar topics and make the agenda of them.",
    )
    await week.press(None, ids.SETTLE_TOPICS)
    await week.send()
    assert week.told("Tematy miast:", "Topics of the cities:") in "".join(map(str, week.hub.channel()[0].blocks))
    mine = await week.ask("Wyślij agendę do sieci zielonej", "Send the agenda to the green network")
    assert mine.text.splitlines()[2] == week.told("1. Łąki kwietne (Żory; 1 głos)", "1. Łąki kwietne (Żory; 1 voice)")
    assert labels(mine) == [week.told("Zmień szczegóły", "Change details")]


async def move(week: Week) -> None:
    offered = await week.ask("Przełóżmy warsztaty w Lublinie", "Let us move the workshop in Lublin")
    await week.press(offered, ids.MOVE)
    await week.send({"Początek": "2022-01-13"})
    shown = read_on(week.me.modal)
    assert (
        week.told("Wiadomość dostaną: 6 osób, w tym 2 zespoły miast.", "to 6 people, among them 2 city teams.") in shown
    )
    await week.send()
    moved = "Zmiana terminu: Woda opadowa w mieście. Nowy termin: czwartek, 13 stycznia 2022, 10:00–15:00."
    assert week.hub.texts("zory")[-1] == f"{moved} Poprzedni termin: środa, 12 stycznia 2022, 10:00."
    assert week.texts[-1] == week.told(
        f"{moved} Poprzedni termin: środa, 12 stycznia 2022, 10:00.",
        "New date: Woda opadowa w mieście. Now: Thursday, 13 January 2022, 10:00–15:00. Before: Wednesday, 12 January "
        "2022, 10:00.",
    )


async def wednesday_a_team_changes_and_a_workshop_is_called_off(week: Week) -> None:
    hub = week.hub
    await hub.wind(hours=20)
    nobody = await week.ask("Kto w Wyszkowie zastąpił panią z IT?", "Who replaced the lady from IT in Wyszków?")
    assert nobody.text == week.told(
        "Zespół: Wyszków\nW tym zespole nie ma jeszcze nikogo.", "Team: Wyszków\nNobody is in this team yet."
    )
    hub.slack.workspace.add_user(id="UEWA", name="ewa", real_name="ewa", email="ewa@zory.example.org")
    offered = await week.ask("Zmiana w zespole Żor: nowa osoba", "A change in the team of Żory: a new person")
    await week.press(offered, ids.JOIN_TEAM)
    await week.send({"Imię i nazwisko": "Ewa Druga", "Adres e-mail": "ewa@zory.example.org"})
    assert any(text.startswith("Na dobry początek: Żory") and TITLE in text for text in hub.texts("ewa"))
    team = await week.ask("Kto jest w zespole Żor?", "Who is in the team of Żory?")
    assert team.text.splitlines()[1:] == [
        f"Rozwój, Żory (przykład), rozwoj@zory.example.org, {week.told('osoba kontaktowa', 'contact person')}",
        "Anna Nowa, anna@zory.example.org",
        "Ewa Druga, ewa@zory.example.org",
        "Zieleń, Żory (przykład), zielen@zory.example.org",
    ]
    await week.press(team, ids.LEAVE_TEAM)
    await week.send({"Ostatni dzień": "2022-01-14"})
    assert week.texts[-1] == week.told(
        "Odejście z zespołu (Żory): Rozwój, Żory (przykład), ostatni dzień: 14 stycznia 2022. Do przekazania:\n"
        "Osoba kontaktowa zespołu: prosimy wskazać nową.",
        "Leaving the team (Żory): Rozwój, Żory (przykład), last day: 14 January 2022. To be handed on:\n"
        "The team's contact: please name a new one.",
    )
    await week.press(None, f"{ids.MAKE_CONTACT}/1")
    assert week.texts[-1].endswith(week.told("Wszystkie obowiązki są już przekazane.", "All duties are handed on."))
    await call_off(week)


async def call_off(week: Week) -> None:
    offered = await week.ask("Dodaj wydarzenie: warsztaty 3 lutego o 9", "Add an activity: workshop on 3 February at 9")
    await week.press(offered, ids.NEW_ACTIVITY)
    await week.send({"Tytuł": "Drzewa", "Koniec, godzina": "12:00"})
    offered = await week.ask("Odwołajmy warsztaty 3 lutego", "Let us cancel the workshop on 3 February")
    await week.press(offered, ids.CANCEL)
    await week.send({"Powód": "Remont"})
    told = "Odwołane: Drzewa, czwartek, 3 lutego 2022, 9:00–12:00. Powód: Remont"
    assert [week.hub.texts(name)[-1] for name in ("zory2", "ekspert", "ministerstwo")] == [told, told, told]
    assert week.texts[-1] == week.told(told, "Cancelled: Drzewa, Thursday, 3 February 2022, 9:00–12:00. Reason: Remont")


async def thursday_who_came(week: Week) -> None:
    hub = week.hub
    await hub.wind(days=1, hours=7)
    offered = await week.ask("Zaznacz obecność", "Mark attendance")
    await week.press(offered, ids.MARK_PRESENCE)
    assert week.me.modal is not None
    (boxes,) = [block for block in week.me.modal.blocks if block["block_id"].startswith("came/")]
    came = [one["value"] for one in boxes["element"]["options"] if "Lublin" not in one["text"]["text"]]
    await week.send({boxes["label"]["text"]: came, "Osoby spoza listy": "Jan Gość"})
    assert read_on(week.me.modal) == week.told(
        "Obecność jest zapisana: 5 z 6, osoby spoza listy: 1.", "Presence is saved: 5 of 6, people besides: 1."
    )
    offered = await week.ask("Lista uczestników i obecności do Excela", "List of participants and attendance to Excel")
    await week.press(offered, ids.EXPORT_ATTENDANCE)
    rows = await downloaded(week)
    yes, no = week.told("tak", "yes"), week.told("nie", "no")
    assert {row[5]: row[6] for row in rows[1:]} == {
        "Rozwój, Lublin (przykład)": no,
        "Rozwój, Żory (przykład)": yes,
        "Zieleń, Żory (przykład)": yes,
        "Ekspert zieleni (przykład)": yes,
        "Ministerstwo (przykład)": yes,
        "Opiekunka sieci (przykład)": yes,
        "Jan Gość": yes,
    }


async def downloaded(week: Week) -> list[list[Any]]:
    """Follow the link on the screen, and read the file."""
    link = re.search(r"http://hub\.example\.org(/lista/[\w-]+)", str(week.me.modal and week.me.modal.blocks))
    assert link is not None
    address = str(week.hub.slack.app_url).replace("/slack/events", link.group(1))
    async with aiohttp.ClientSession() as session, session.post(address) as answer:
        return read(await answer.read())


async def friday_the_report_and_a_comment(week: Week) -> None:
    hub = week.hub
    await hub.wind(hours=17)
    for name in ("zory", "zory2", "lublin", "ekspert", "ministerstwo"):
        await presses(hub, name, f"{ids.SCORE}/4", {})
    await week.press(None, f"{ids.SCORE}/5")
    await week.send()
    survey = await week.ask("Ankieta po warsztatach", "Survey after the workshop")
    assert survey.text.splitlines()[0] == week.told(
        "Woda opadowa w mieście, czwartek, 13 stycznia 2022, 10:00–15:00. Oceny jeszcze spływają.",
        "Woda opadowa w mieście, Thursday, 13 January 2022, 10:00–15:00. Answers are still coming in.",
    )
    await week.press(None, ids.WRITE_REPORT)
    await week.send({"Co z tego wynikło": REPORTED, "Materiały": f"{MEADOWS} {LINK}"})
    announced = str(hub.channel()[0].blocks)
    assert (REPORTED in announced, LINK in announced, "Jan Gość" in announced) == (True, True, False)
    offered = await week.ask("Mamy uwagę do PU: brakuje terminu", "We have a comment on the PU: a date is missing")
    await week.press(offered, ids.CONTRIBUTE)
    await week.send()
    await week.send({"Zakres zalecenia": "zmiany-prawne", "Treść": "2023."})
    await presses(hub, "ekspert", ids.ACCEPT_CONTRIBUTION)
    accepted = week.told(
        "PU: Miasto Zielone. Przyjęte: Ekspert zieleni (przykład), 14 stycznia 2022.",
        "PU: Miasto Zielone. Accepted: Ekspert zieleni (przykład), 14 January 2022.",
    )
    assert week.texts[-1] == week.told(f"Decyzja o wkładzie. {accepted}", f"Decision on a contribution. {accepted}")


async def afterwards_what_people_thought(week: Week) -> None:
    """Six answers are enough for a result; the digest of Monday names what was held, moved and called off."""
    hub = week.hub
    before = len(week.texts)
    await hub.wind(days=14)
    held_pl = "Woda opadowa w mieście, czwartek, 13 stycznia 2022, 10:00–15:00: zgłoszone osoby: 6"
    held_en = "Woda opadowa w mieście, Thursday, 13 January 2022, 10:00–15:00: people registered: 6"
    assert "\n\n".join(week.texts[before:]) == week.told(
        "Przegląd tygodnia: 17–23 stycznia 2022\nSieci bez terminu w najbliższych 60 dniach (1): Miasto Zielone\n"
        f"Odwołane (1): Drzewa, czwartek, 3 lutego 2022, 9:00–12:00\nOdbyły się (1): {held_pl}\n\n"
        "Przegląd tygodnia: 24–30 stycznia 2022\nSieci bez terminu w najbliższych 60 dniach (1): Miasto Zielone\n\n"
        "Opinie: Woda opadowa w mieście. Średnia ocen: 4,2, odpowiedzi: 6.",
        "The week in brief: 17–23 January 2022\nNetworks without a date in the next 60 days (1): Miasto Zielone\n"
        f"Cancelled (1): Drzewa, Thursday, 3 February 2022, 9:00–12:00\nHeld (1): {held_en}\n\n"
        "The week in brief: 24–30 January 2022\nNetworks without a date in the next 60 days (1): Miasto Zielone\n\n"
        "Feedback: Woda opadowa w mieście. Mean score: 4.2, answers: 6.",
    )
    assert hub.texts("zory2")[-1] == "Opinie: Woda opadowa w mieście. Średnia ocen: 4,2, odpowiedzi: 6."

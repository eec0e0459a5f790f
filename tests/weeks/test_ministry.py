"""The week of a ministry's guardian: a workshop, recommendations that are for it, a comment; never what advice said.

Everything is done by direct messages and buttons, which everybody has. At the end nothing waits for them.
"""

from pim_bot.blocks import ids
from tests.integration.test_walk import schedule
from tests.weeks.others import presses, read_on
from tests.weeks.week import Week, labels, seen_by

WHO = "ministerstwo"
AGREED, NEXT, NOTES, CORRECTION = "Tajna łąka", "Tajny krok", "Tajna notatka", "Tajna poprawka"
SECRETS = (AGREED, NEXT, NOTES, CORRECTION)
LAW = "Uprościć prawo wodne."
TO_MINISTRY = {"Adresat": "MKiŚ", "Uzasadnienie": "Dziś nie wolno.", "Miasto": ["zory"]}
PART = "Analiza uwarunkowań prawnych i propozycje konkretnych zmian prawnych i/lub nowych uregulowań"
PARTS = (
    "Wyzwanie / problem",
    "Ścieżka dojścia do rozwiązania",
    "Propozycje konkretnych działań i rozwiązań",
    "Harmonogram",
    "Opis interesariuszy / Lokalne Partnerstwo",
    "Odpowiedzialni",
    "Koszty i źródła finansowania",
    "Wskaźniki i monitoring",
    "Ryzyka",
)
NAMES = (
    *PARTS,
    PART,
    LAW,
    "Woda opadowa w mieście",
    "Lublin, Ratusz",
    "Koordynatorka (przykład)",
    "Ministerstwo (przykład)",
    "Opiekunka sieci (przykład)",
    "Ekspert zieleni (przykład)",
    "Miasto Zielone",
    "Spotkanie Sieci Zielonej",
    "Zagraniczna wizyta studyjna Sieci Miasto Zielone",
    "Spotkanie Sieci Miast Zielonych: Racibórz, Żory, Ruda Śląska",
    "Piąta wizyta studyjna Sieci Miast Zielonych",
    "MKiŚ",
    "Żory",
    "tajną łąką",
    "ministerstwo@example.org",
    "2023 to za późno.",
)
ABOUT_ADVICE = (
    ("Co ustaliliśmy ostatnio?", "What did we agree last time?"),
    ("Co ustalono z Żorami?", "What was agreed with Żory?"),
    ("Ile konsultacji miały Żory?", "How many consultations has Żory had?"),
    ("Co miasta mówiły o łąkach?", "What did cities say about meadows?"),
    ("Kto ma doświadczenie z tajną łąką?", "Who has experience with tajną łąką?"),
    ("Pokaż MID Żor", "Show the MID of Żory"),
    ("Stan MID-ów na dziś", "State of the MIDs today"),
    ("Które miasta nie odzywały się od miesiąca?", "Which cities have been silent for a month?"),
)


async def test_the_week_of_a_ministry(week: Week) -> None:
    await monday_an_invitation_and_the_recommendations(week)
    await tuesday_advice_is_given_and_stays_where_it_was(week)
    await wednesday_a_comment_and_an_announcement(week)
    await thursday_the_workshop(week)
    await friday_and_the_digest_of_monday(week)
    assert [one for one in SECRETS if one in seen_by(week.me) + str([one.blocks for one in week.hub.channel()])] == []
    if week.language == "en":
        assert week.polish_words(*NAMES) == set()


async def monday_an_invitation_and_the_recommendations(week: Week) -> None:
    hub = week.hub
    poznan = await week.ask("Kiedy mamy być w Poznaniu?", "When should we be in Poznań?")
    assert poznan.text == week.told(
        "Najbliższe: Piąta wizyta studyjna Sieci Miast Zielonych: 7–9 listopada 2022, Poznań (stacjonarnie).",
        "Next: Piąta wizyta studyjna Sieci Miast Zielonych: 7–9 November 2022, Poznań (on site).",
    )
    await schedule(hub, **{"Początek": "2022-01-13", "Zgłoszenia do": "2022-01-12"})
    line = week.told(
        "Woda opadowa w mieście: czwartek, 13 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie)",
        "Woda opadowa w mieście: Thursday, 13 January 2022, 10:00–15:00, Lublin, Ratusz (on site)",
    )
    until = week.told(
        "Prosimy o odpowiedź do: środa, 12 stycznia 2022, 16:00.", "Please answer by Wednesday, 12 January 2022, 16:00."
    )
    assert week.texts[-1] == f"{line}. {until}"
    await week.press(None, ids.GOING)
    assert week.texts[-1] == f"{line}. " + week.told(
        "Odpowiedź: Wezmę udział. Potwierdzenie: Ministerstwo (przykład).",
        "Answer: I'll take part. Confirmed by: Ministerstwo (przykład).",
    )
    await the_recommendations(week)


async def the_recommendations(week: Week) -> None:
    hub = week.hub
    none = await week.ask("Które zalecenia są do nas?", "Which recommendations are for us?")
    assert none.text == week.told(
        "Nie ma zaleceń, w których adresatem jest Państwa instytucja.",
        "No recommendation is addressed to your institution.",
    )
    await hub.user("zory").say("Dodaj rekomendację do PU: zmiany prawne")
    await hub.settle()
    proposed = {"Zakres zalecenia": "zmiany-prawne", "Treść": LAW, **TO_MINISTRY}
    await presses(hub, "zory", ids.CONTRIBUTE, {}, proposed)
    await presses(hub, "ekspert", ids.ACCEPT_CONTRIBUTION)
    line = f"Miasto Zielone, {PART}, {week.told('adresat', 'addressee')}: MKiŚ: {LAW}"
    found = await week.ask("Które zalecenia są do nas?", "Which recommendations are for us?")
    ours = week.told("Zalecenia do Państwa instytucji:", "Recommendations to your institution:")
    assert found.text.splitlines() == [ours, line]
    found = await week.ask("Do kiedy stanowisko resortu?", "By when is the ministry's position due?")
    assert found.text.splitlines() == [
        ours,
        line,
        week.told(
            "Terminów na stanowisko resortu bot jeszcze nie prowadzi; zna je koordynacja.",
            "The bot does not keep dates for a ministry's position yet; the coordination knows them.",
        ),
    ]
    found = await week.ask("Jakie przepisy chcą zmienić miasta?", "Which regulations do cities want to change?")
    assert found.text.splitlines() == [week.told("Propozycje zmian w prawie:", "Proposed changes of law:"), line]


async def tuesday_advice_is_given_and_stays_where_it_was(week: Week) -> None:
    """The expert logs a session and the city corrects it; the ministry asks for it on every door that it has."""
    hub = week.hub
    await hub.wind(days=1)
    await hub.user("ekspert").say("Zapisz notatkę z konsultacji z Żorami: łąki kwietne, 2h")
    await hub.settle()
    await presses(hub, "ekspert", ids.NEW_SESSION, {"Czas trwania": "2h", "Ustalenia": AGREED, "Dalsze kroki": NEXT})
    await presses(hub, "ekspert", ids.DETAIL_SESSION, {"Temat": "łąki"}, {"Notatki": NOTES})
    await presses(hub, "zory", ids.CORRECT_SESSION, {"Co jest inaczej": CORRECTION})
    told = [(await week.ask(polish, english)).text for polish, english in ABOUT_ADVICE]
    private = week.told(
        "To jest sprawa miasta i jego ekspertów Banku Światowego, więc mogą ją czytać tylko te osoby. W razie potrzeby "
        "prosimy zapytać zespół miasta.",
        "This is between the city and its World Bank experts, so only they may read it. If needed, please ask the "
        "city's team.",
    )
    nothing = week.told("Nie widzę nic o „tajną łąką”", 'I see nothing about "tajną łąką"')
    assert [one == private for one in told] == [True, True, True, False, False, False, True, True]
    assert told[4].startswith(nothing)
    assert told[5].splitlines()[1:] == [f"{part}: {week.told('jeszcze pusto', 'nothing yet')}" for part in PARTS]
    if not week.is_stranger:
        for word in (
            "ustalenia Żory",
            "mid Żory",
            "terminy Żory",
            "szukaj łąka",
            week.told("moje dane", "my data"),
            "doręczenia",
            "",
        ):
            answer = await week.me.command("/pim", word)
            assert [one for one in SECRETS if one in answer.text + str(answer.blocks)] == []


async def wednesday_a_comment_and_an_announcement(week: Week) -> None:
    hub = week.hub
    await hub.wind(days=1)
    offered = await week.ask("Zgłaszam uwagę do zalecenia 4", "I have a comment on recommendation 4")
    await week.press(offered, ids.CONTRIBUTE)
    await week.send()
    assert read_on(week.me.modal).endswith(
        week.told(
            "Kto to przeczyta: wszystkie osoby sieci Miasto Zielone (miasta, Bank Światowy, ministerstwa) oraz "
            "koordynacja.",
            "Who will read it: everybody of the network Miasto Zielone (cities, World Bank, ministries) and the "
            "coordinators.",
        )
    )
    await week.send({"Zakres zalecenia": "zmiany-prawne", "Treść": "2023."})
    assert week.texts[-1] == week.told(
        "Dziękujemy za wkład. PU: Miasto Zielone. Czeka na decyzję.",
        "Thank you for the contribution. PU: Miasto Zielone. Waits for a decision.",
    )
    await presses(hub, "ekspert", ids.RETURN_CONTRIBUTION, {"Powód": "2023 to za późno."})
    assert week.texts[-1] == week.told(
        "Decyzja o wkładzie. PU: Miasto Zielone. Zwrócone: Ekspert zieleni (przykład), 12 stycznia 2022. Powód: 2023 "
        "to za późno.",
        "Decision on a contribution. PU: Miasto Zielone. Returned: Ekspert zieleni (przykład), 12 January 2022. "
        "Reason: 2023 to za późno.",
    )
    await announce(week)


async def announce(week: Week) -> None:
    offered = await week.ask("Ogłoszenie do sieci zielonej", "Announcement to the green network")
    await week.press(offered, ids.NEW_BULLETIN)
    await week.send({"Tytuł": "Projekt", "Treść": "2023.", "Do kogo": "world_bank"})
    assert read_on(week.me.modal).startswith(
        week.told(
            "Dostanie je: 1 osoba (Bank Światowy: 1). Sieć: Miasto Zielone.",
            "It goes to: 1 person (World Bank: 1). Network: Miasto Zielone.",
        )
    )
    await week.send()
    await presses(week.hub, "ekspert", ids.READ_BULLETIN)
    assert week.texts[-1] == week.told(
        "Ogłoszenie „Projekt” jest wysłane. Przeczytane: 1 z 1.", 'The bulletin "Projekt" is sent. Read by: 1 of 1.'
    )
    assert not any("Projekt" in text for name in ("zory", "lublin", "opiekunka") for text in week.hub.texts(name))


async def thursday_the_workshop(week: Week) -> None:
    """Presence, answers and planning are others' duty, and the bot says whose."""
    hub = week.hub
    await hub.wind(days=1, hours=7)
    told = [
        (await week.ask("Zaznacz obecność", "Mark attendance")).text,
        (await week.ask("Kto nie potwierdził udziału?", "Who has not confirmed?")).text,
        (await week.ask("Dodaj wydarzenie: warsztaty 3 lutego", "Add an activity: workshop on 3 February")).text,
        (await week.ask("Przypisz eksperta do Żor", "Assign an expert to Żory")).text,
    ]
    assert told == [
        week.told(
            "Nie ma wydarzenia z ostatniego roku, na którym mogą Państwo zaznaczyć obecność.",
            "There is no activity of the last year at which you may mark attendance.",
        ),
        week.told(
            "Odpowiedzi widzą osoby, które planują wydarzenia sieci.",
            "Answers are seen by those who plan the network's activities.",
        ),
        week.told(
            "Wydarzenia planuje opieka sieci i koordynacja, a miasto swoje lokalne.",
            "Activities are planned by the network's guardians and the coordination, local ones by the city itself.",
        ),
        week.told(
            "Ekspertki i ekspertów przypisuje koordynacja programu.",
            "Experts are assigned by the coordination of the programme.",
        ),
    ]
    await week.press(None, f"{ids.SCORE}/4")
    await week.send()
    await hub.settle()
    assert labels(week.newest(ids.FEWER_MESSAGES)) == [week.told("Mniej wiadomości", "Fewer messages")]


async def friday_and_the_digest_of_monday(week: Week) -> None:
    hub = week.hub
    await hub.wind(hours=17)
    offered = await week.ask("mniej wiadomości", "fewer messages")
    await week.press(offered, ids.FEWER_MESSAGES)
    await week.send({"Co przysyłać w wiadomościach": ["invitations", "digest"]})
    saved = read_on(week.me.modal)
    assert saved.startswith(
        week.told("Zapisane. Wiadomości przychodzą w dni robocze", "Saved. Messages come on working")
    )
    if not week.is_stranger:
        assert week.told("Nic na Państwa nie czeka.", "Nothing is waiting for you.") in await week.home()
    await hub.wind(days=3)
    assert week.texts[-1] == week.told(
        "Przegląd tygodnia: 17–23 stycznia 2022\nSieci bez terminu w najbliższych 60 dniach (1): Miasto Zielone\n"
        "Odbyły się (1): Woda opadowa w mieście, czwartek, 13 stycznia 2022, 10:00–15:00: zgłoszone osoby: 1",
        "The week in brief: 17–23 January 2022\nNetworks without a date in the next 60 days (1): Miasto Zielone\n"
        "Held (1): Woda opadowa w mieście, Thursday, 13 January 2022, 10:00–15:00: people registered: 1",
    )

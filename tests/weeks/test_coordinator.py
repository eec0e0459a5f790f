"""The week of a coordinator: the state of the networks, experts, dates, an announcement, people, and Monday's digest.

Everything is done by direct messages and buttons, which everybody has. At the end nothing waits for them.
"""

from pim_bot.blocks import ids
from tests.hub import import_text
from tests.weeks.others import a_guest_introduces_themselves, presses, read_on
from tests.weeks.week import Week, labels

WHO = "koordynatorka"
FIRST, NEXT = "Ekspert zieleni (przykład)", "Druga ekspertka (przykład)"
SECOND_EXPERT = """
supplements: pim2-2021-2023
people:
  - name: Druga ekspertka (przykład)
    email: nowa@example.org
    roles: [{role: expert, network: miasto-zielone, institution: bank-swiatowy}]
"""
CATEGORIES = (
    "Rekomendacje do prowadzenia polityk krajowych powiązanych z obszarem tematycznym sieci",
    "Rekomendacje do wdrażania polityki spójności",
    "Analiza uwarunkowań prawnych i propozycje konkretnych zmian prawnych i/lub nowych uregulowań",
    "Zbiór najlepszych praktyk, studia przypadków: rekomendacje dla innych miast",
    "Wypracowanie elastycznych mechanizmów współpracy JST",
)
SMART_CITY = (
    "Warsztat „Smart City – doświadczenia i wyzwania. Wyniki ewaluacji realizacji koncepcji Smart City w krajach V4”"
)
NAMES = (
    FIRST,
    NEXT,
    SMART_CITY,
    *CATEGORIES,
    "Koordynatorka (przykład)",
    "Opiekunka sieci (przykład)",
    "Ministerstwo (przykład)",
    "Rozwój, Lublin (przykład)",
    "Rozwój, Żory (przykład)",
    "Zieleń, Żory (przykład)",
    "Miasto Zielone",
    "Miasto Cyfrowe",
    "Miasto Inicjatyw PPP",
    "Kancelaria Prezesa Rady Ministrów",
    "Spotkanie Sieci Zielonej",
    "Zagraniczna wizyta studyjna Sieci Miasto Zielone",
    "Podsumowanie",
    "Nabór",
    "Dane",
    "Anna Nowa",
    "Kostrzyn nad Odrą",
    "Świdnica",
    "Żory",
)


async def test_the_week_of_a_coordinator(week: Week) -> None:
    hub = week.hub
    await import_text(hub.parts, SECOND_EXPERT.encode())
    hub.slack.workspace.add_user(id="UNOWA", name="nowa", real_name="nowa", email="nowa@example.org")
    await hub.settle()
    await monday_the_state_an_expert_and_somebody_new(week)
    await tuesday_a_conference_and_an_announcement(week)
    await wednesday_another_expert(week)
    await thursday_a_move_and_a_list(week)
    await friday_what_did_not_arrive(week)
    await the_digest_of_monday(week)
    if not week.is_stranger:
        assert week.told("Nic na Państwa nie czeka.", "Nothing is waiting for you.") in await week.home()
    if week.language == "en":
        assert week.polish_words(*NAMES) == set()


async def monday_the_state_an_expert_and_somebody_new(week: Week) -> None:
    hub = week.hub
    state = await week.ask("Stan MID-ów na dziś", "State of the MIDs today")
    line = week.told(
        "części MID 0 z 9, do przyjęcia 0, sesje 0, jeszcze nic nie zapisano",
        "parts of the MID 0 of 9, to be accepted 0, sessions 0, nothing is written down yet",
    )
    assert (len(state.text.splitlines()), state.text.splitlines()[-1]) == (29, f"Żyrardów: {line}")
    risk = await week.ask("Które miasta są zagrożone?", "Which cities are at risk?")
    assert risk.text.splitlines()[0] == week.told(
        "Pusty MID albo miesiąc bez kontaktu:", "Empty MID, or a month without contact:"
    )
    assert [one.split(":")[0] for one in risk.text.splitlines()[3:6]] == ["Dąbrowa Górnicza", "Dębica", "Dzierzgoń"]
    compared = await week.ask("Porównaj sieci", "Compare the networks")
    assert compared.text == week.told(
        "Sieci obok siebie:\nMiasto Cyfrowe: miasta 8, części MID 0 z 72, sesje 0\n"
        "Miasto Inicjatyw PPP: miasta 10, części MID 0 z 90, sesje 0\n"
        "Miasto Zielone: miasta 10, części MID 0 z 90, sesje 0",
        "Networks side by side:\nMiasto Cyfrowe: cities 8, parts of MIDs 0 of 72, sessions 0\n"
        "Miasto Inicjatyw PPP: cities 10, parts of MIDs 0 of 90, sessions 0\n"
        "Miasto Zielone: cities 10, parts of MIDs 0 of 90, sessions 0",
    )
    counted = await week.ask("Ile zaleceń ma która kategoria?", "How many recommendations does each category have?")
    total = week.told("Zalecenia w PU, razem: 0", "Recommendations in PUs, in all: 0")
    assert counted.text.splitlines() == [total, *(f"{one}: 0" for one in CATEGORIES)]
    report = await week.ask("Raport za kwartał", "Report for the quarter")
    assert report.text == week.told(
        "Raportów za kwartał bot jeszcze nie składa. Stan na dziś pokaże pytanie „Stan MID-ów na dziś”.",
        'The bot does not make quarterly reports yet. For today, ask "State of the MIDs today".',
    )
    await assign(week)
    await a_guest_introduces_themselves(hub, "KPRM")
    somebody = "Anna Nowa, Kancelaria Prezesa Rady Ministrów, anna@zory.example.org."
    await week.press(None, ids.CONFIRM_PERSON)
    assert week.texts[-1] == week.told(
        f"Do bota pisze nowa osoba: {somebody} Potwierdzenie: Koordynatorka (przykład), 10 stycznia 2022.",
        f"Somebody new is writing to the bot: {somebody} Confirmed: Koordynatorka (przykład), 10 January 2022.",
    )
    assert hub.texts("gosc")[-1].startswith("Dzień dobry, Anna Nowa.")


async def assign(week: Week) -> None:
    hub = week.hub
    offered = await week.ask("Przypisz eksperta do Żor", "Assign an expert to Żory")
    assert offered.text == week.told(
        f"Ekspertki i eksperci\nCała sieć Miasto Zielone: {FIRST}, {NEXT}",
        f"Experts\nThe whole network Miasto Zielone: {FIRST}, {NEXT}",
    )
    await week.press(offered, ids.ASSIGN)
    await week.send({"Ekspert/ka": FIRST, "Sieć": "miasto-zielone", "Do": "2022-06-30", "Budżet dni": "12"})
    assert hub.texts("ekspert")[-1] == (
        "Prośba o wsparcie: Żory, od 10 stycznia 2022 do 30 czerwca 2022, budżet dni: 12. Prosimy o odpowiedź."
    )
    await presses(hub, "ekspert", ids.ACCEPT)
    assert week.texts[-1] == f"{FIRST}, Żory: {week.told('Odpowiedź: przyjmuję.', 'Answer: I accept.')}"
    assert hub.texts("ekspert")[-1].startswith("Na dobry początek: Żory, Miasto Zielone")


async def tuesday_a_conference_and_an_announcement(week: Week) -> None:
    hub = week.hub
    await hub.wind(days=1)
    offered = await week.ask("Dodaj wydarzenie: konferencja 28 marca", "Add an activity: conference on 28 March")
    assert offered.text == week.told(
        "Nowe wydarzenie: Konferencja, poniedziałek, 28 marca 2022.", "New activity: Conference, Monday, 28 March 2022."
    )
    await week.press(offered, ids.NEW_ACTIVITY)
    hours = {"Początek, godzina": "10:00", "Koniec, godzina": "15:00", "Zgłoszenia do": "2022-01-21"}
    await week.send({"Tytuł": "Podsumowanie", "Miejsce": "Warszawa", **hours})
    polish = "Podsumowanie: poniedziałek, 28 marca 2022, 10:00–15:00, Warszawa (stacjonarnie)"
    english = "Podsumowanie: Monday, 28 March 2022, 10:00–15:00, Warszawa (on site)"
    assert week.texts[-1] == week.told(
        f"Wydarzenie jest zaplanowane. {polish}", f"The activity is scheduled. {english}"
    )
    assert {name: hub.texts(name)[-1] for name in ("zory", "lublin", "opiekunka")} == {
        "zory": f"{polish}. Prosimy o odpowiedź za zespół do: piątek, 21 stycznia 2022, 16:00. Wystarczy jedna.",
        "lublin": f"{english}. Please answer for your team by Friday, 21 January 2022, 16:00. One answer is enough.",
        "opiekunka": f"{polish}. Prosimy o odpowiedź do: piątek, 21 stycznia 2022, 16:00.",
    }
    await announce(week)


async def announce(week: Week) -> None:
    hub = week.hub
    offered = await week.ask("Ogłoszenie do wszystkich miast", "Announcement to all cities")
    await week.press(offered, ids.NEW_BULLETIN)
    await week.send({"Sieć": "all", "Do kogo": "cities", "Tytuł": "Nabór", "Treść": "PIM3."})
    assert read_on(week.me.modal).startswith(
        week.told(
            "Dostanie je: 3 osoby (zespoły miast: 3). Sieć: Wszystkie sieci.",
            "It goes to: 3 people (city teams: 3). Network: All networks.",
        )
    )
    await week.send()
    assert hub.texts("lublin")[-1] == (
        "Nabór. PIM3. Bulletin. From: Koordynatorka (przykład). Network: All networks. Please confirm with the "
        'button "Read".'
    )
    await presses(hub, "zory", ids.READ_BULLETIN)
    assert week.texts[-1] == week.told(
        "Ogłoszenie „Nabór” jest wysłane. Przeczytane: 1 z 3.", 'The bulletin "Nabór" is sent. Read by: 1 of 3.'
    )
    await week.press(None, ids.SHOW_READERS)
    assert read_on(week.me.modal) == week.told(
        "*Nabór*\nPrzeczytane: 1 z 3\nJeszcze nie:\nLublin: Rozwój, Lublin (przykład)\n"
        "Żory: Zieleń, Żory (przykład)\nPrzeczytane:\nŻory: Rozwój, Żory (przykład)",
        "*Nabór*\nRead by: 1 of 3\nNot yet:\nLublin: Rozwój, Lublin (przykład)\n"
        "Żory: Zieleń, Żory (przykład)\nRead:\nŻory: Rozwój, Żory (przykład)",
    )


async def wednesday_another_expert(week: Week) -> None:
    """The overrun of days is shown before anything is saved; the new expert gets a summary."""
    hub = week.hub
    await hub.wind(days=1)
    offered = await week.ask("Zastąpmy eksperta w Żorach", "Let us replace the expert in Żory")
    await week.press(offered, ids.REPLACE)
    await week.send({"Ekspert/ka": NEXT, "Od": "2022-06-01", "Budżet dni": "100"})
    assert read_on(week.me.modal) == week.told(
        ":warning: Ta osoba miałaby razem 100 dni wsparcia, a od 1 czerwca 2022 do 30 czerwca 2022 jest 22 dni "
        "roboczych.\nJeśli tak ma być, prosimy potwierdzić. Powrót do formularza: Anuluj.",
        ":warning: This person would have 100 days of support in all, and there are 22 working days from 1 June 2022 "
        "to 30 June 2022.\nIf this is intended, please confirm. Back to the form: Cancel.",
    )
    assert not any("100" in text for text in hub.texts("nowa"))
    await week.send()
    assert hub.texts("ekspert")[-1] == (
        "Zmiana w przypisaniu: Żory, ostatni dzień to 31 maja 2022. Dziękujemy za współpracę."
    )
    await presses(hub, "nowa", ids.ACCEPT)
    assert week.texts[-1] == f"{NEXT}, Żory: {week.told('Odpowiedź: przyjmuję.', 'Answer: I accept.')}"
    assert hub.texts("nowa")[-1].splitlines()[:2] == [
        "Na dobry początek: Żory, Miasto Zielone",
        f"Dotychczas zajmuje się tym: {FIRST}.",
    ]


async def thursday_a_move_and_a_list(week: Week) -> None:
    hub = week.hub
    await hub.wind(days=1)
    for name in ("zory", "opiekunka"):
        await presses(hub, name, ids.GOING)
    offered = await week.ask("Przełóżmy konferencję", "Let us move the conference")
    await week.press(offered, ids.MOVE)
    await week.send({"Początek": "2022-03-29"})
    assert week.told(
        "poniedziałek, 28 marca 2022, 10:00 (7 osób)", "Monday, 28 March 2022, 10:00 (7 people)"
    ) in read_on(week.me.modal)
    await week.send()
    assert hub.texts("zory")[-1] == (
        "Zmiana terminu: Podsumowanie. Nowy termin: wtorek, 29 marca 2022, 10:00–15:00. Poprzedni termin: "
        "poniedziałek, 28 marca 2022, 10:00."
    )
    owing = await week.ask("Kto nie potwierdził udziału?", "Who has not confirmed?")
    assert owing.text.startswith(
        week.told(
            "Podsumowanie, wtorek, 29 marca 2022, 10:00–15:00. Miasta bez odpowiedzi (27): Białogard,",
            "Podsumowanie, Tuesday, 29 March 2022, 10:00–15:00. Cities without an answer (27): Białogard,",
        )
    )
    listed = await week.ask("Lista uczestników i obecności do Excela", "List of participants and attendance to Excel")
    assert listed.text.splitlines()[0] == week.told(
        f"Obecność: {SMART_CITY}, wtorek, 26 października 2021, 10:00–12:00.",
        f"Attendance: {SMART_CITY}, Tuesday, 26 October 2021, 10:00–12:00.",
    )
    await week.press(owing, ids.EXPORT_ATTENDANCE)
    assert "http://hub.example.org/lista/" in read_on(week.me.modal)


async def friday_what_did_not_arrive(week: Week) -> None:
    """A workshop in another network; one person's account is gone, so a message cannot reach them."""
    hub = week.hub
    hub.slack.workspace.users["UZORY2"].deleted = True
    await hub.wind(days=1)
    offered = await week.ask(
        "Dodaj wydarzenie: warsztaty sieci cyfrowej 3 lutego o 9",
        "Add an activity: workshop of the digital network on 3 February at 9",
    )
    await week.press(offered, ids.NEW_ACTIVITY)
    await week.send({"Tytuł": "Dane", "Koniec, godzina": "12:00"})
    offered = await week.ask("Ogłoszenie do sieci zielonej", "Announcement to the green network")
    await week.press(offered, ids.NEW_BULLETIN)
    await week.send({"Sieć": "miasto-zielone", "Do kogo": "cities", "Tytuł": "PIM3", "Treść": "PIM3."})
    await week.send()
    failed = week.newest(ids.SHOW_DELIVERIES)
    assert failed.text.startswith(
        week.told("Nie dotarła wiadomość (ogłoszenie).", "A message did not arrive (bulletin).")
    )
    await week.press(failed, ids.SHOW_DELIVERIES)
    assert week.texts[-1].splitlines()[:2] == [
        week.told("Doręczenia, które czekają na Państwa", "Deliveries that wait for you"),
        week.told(
            "Zieleń, Żory (przykład) – ogłoszenie: PIM3. Wiadomość: nie dotarła. Termin: piątek, 14 stycznia 2022, "
            "9:00. Konto tej osoby w komunikatorze jest wyłączone. Prosimy sprawdzić, czy jest nadal w zespole.",
            "Zieleń, Żory (przykład) – bulletin: PIM3. Message: not delivered. Due: Friday, 14 January 2022, 9:00. "
            "This person's account in the chat is switched off. Please check whether they are still in the team.",
        ),
    ]


async def the_digest_of_monday(week: Week) -> None:
    """Every line is of this week, whatever day the activity is on, and leads to what can be done about it."""
    await week.hub.wind(days=3)
    # Whoever comes by Slack Connect was to confirm themselves, too, before they had an account.
    failed = (
        week.told("Nie dotarły 2 wiadomości.", "2 messages did not arrive.")
        if week.is_stranger
        else week.told("Nie dotarła 1 wiadomość.", "1 message did not arrive.")
    )
    some = "Białogard, Białystok, Dąbrowa Górnicza, Dębica, Dzierzgoń, Gdańsk, Kołobrzeg, Kostrzyn nad Odrą, Koszalin"
    assert week.texts[-1] == week.told(
        f"Przegląd tygodnia: 17–23 stycznia 2022\n{failed}\n"
        "Czekamy na odpowiedzi (1): Podsumowanie, wtorek, 29 marca 2022, 10:00–15:00: brakuje 30 odpowiedzi "
        f"({some}, Łomianki, i jeszcze 17 miast, oraz 3 osoby)\n"
        "Sieci bez eksperta lub ekspertki (2): Miasto Cyfrowe; Miasto Inicjatyw PPP\n"
        "Sieci bez terminu w najbliższych 60 dniach (2): Miasto Inicjatyw PPP; Miasto Zielone\n"
        "Nowe wydarzenia (1): Dane, czwartek, 3 lutego 2022, 9:00–12:00\n"
        "Przeniesione (1): Podsumowanie, wtorek, 29 marca 2022, 10:00–15:00 (poprzednio: poniedziałek, 28 marca 2022, "
        "10:00)",
        f"The week in brief: 17–23 January 2022\n{failed}\n"
        "Waiting for answers (1): Podsumowanie, Tuesday, 29 March 2022, 10:00–15:00: 30 answers missing "
        f"({some}, Łomianki, and 17 more cities, and 3 people)\n"
        "Networks without an expert (2): Miasto Cyfrowe; Miasto Inicjatyw PPP\n"
        "Networks without a date in the next 60 days (2): Miasto Inicjatyw PPP; Miasto Zielone\n"
        "New activities (1): Dane, Thursday, 3 February 2022, 9:00–12:00\n"
        "Moved (1): Podsumowanie, Tuesday, 29 March 2022, 10:00–15:00 (previously: Monday, 28 March 2022, 10:00)",
    )
    assert labels(week.me.last())[:2] == [
        week.told("Pokaż doręczenia", "Show deliveries"),
        week.told("Kto nie potwierdził: Podsumowanie", "Who has not answered: Podsumowanie"),
    ]
    await week.press(week.me.last(), ids.WHO_OWES)
    assert week.me.modal is not None
    assert (await week.me.click(week.me.modal, ids.CHASE_ANSWERS)).ok
    await week.hub.settle()
    reminded = week.hub.texts("ekspert")[-1]
    assert (reminded.startswith("Przypominamy: "), "Podsumowanie" in reminded) == (True, True)

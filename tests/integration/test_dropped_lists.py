"""A list of people dropped into the conversation with the bot: shown, then saved as it was shown, or not at all."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pim_bot.blocks import ids
from pim_bot.playground.faults import Refuse, ServerError, TooMany
from pim_bot.programme.people_list import HEADINGS
from pim_bot.reports import spreadsheets
from pim_bot.reports.spreadsheets import Sheet, written
from pim_bot.storage.tables.dropped import dropped_file, people_list
from pim_bot.storage.tables.flow import notification
from pim_bot.storage.tables.people import member, member_role
from tests.hub import RunningHub, import_text

NEW = ("Nowa osoba (przykład)", "nowa@raciborz.example.org", "Racibórz", "", "tak")
KNOWN = ("Rozwój, Żory (przykład)", "rozwoj@zory.example.org", "Żory")
LEAVING = ("Zieleń, Żory (przykład)", "zielen@zory.example.org", "Żory", "", "", "", "2022-03-31")
PREVIEW = (
    "Podgląd listy osób; jeszcze nic nie zapisano. Nowe osoby: 1, zmiany: 1, bez zmian: 1.\n"
    "Nowa osoba: Nowa osoba (przykład), nowa@raciborz.example.org, Racibórz\n"
    "Zmiana: Zieleń, Żory (przykład), zielen@zory.example.org, Żory, – 2022-03-31 "
    "Prosimy wybrać: „Zapisz” albo „Zostawiam jak jest”."
)
NOTHING = "Ta lista osób niczego nie zmienia. Nowe osoby: 0, zmiany: 0, bez zmian: 3."


@pytest.fixture(autouse=True)
async def _met(hub: RunningHub) -> None:
    await hub.meet()


def sheet(*rows: tuple[Any, ...]) -> bytes:
    full = [(*row, *[None] * (len(HEADINGS) - len(row))) for row in rows]
    return written([Sheet(name="Osoby", headings=HEADINGS, rows=full)])


OFFICES = sheet(NEW, KNOWN, LEAVING)


async def dropped(hub: RunningHub, who: str, name: str, data: bytes, **odd: Any) -> str:
    """Drop a file; tells what the bot answers."""
    before = len(hub.texts(who))
    await hub.user(who).drop(name, data, **odd)
    await hub.settle()
    assert await hub.rows(dropped_file) == []
    (said,) = hub.texts(who)[before:]
    return said


async def people(hub: RunningHub) -> list[tuple[object, ...]]:
    """Everything that a list can change."""
    roles = await hub.rows(member_role, member_role.c.city, member_role.c.contact, member_role.c.until)
    return sorted([*await hub.rows(member, member.c.email), *((str(one),) for one in roles)])


async def kept(hub: RunningHub) -> list[tuple[object, ...]]:
    return await hub.rows(people_list, people_list.c.status, people_list.c.plan)


async def test_a_list_is_shown_then_saved_and_the_same_list_again_changes_nothing(hub: RunningHub) -> None:
    before = await people(hub)
    assert await dropped(hub, "koordynatorka", "osoby.xlsx", OFFICES) == PREVIEW
    assert await people(hub) == before

    office = hub.user("koordynatorka")
    preview = office.last()
    await office.click(preview, ids.SAVE_LIST)
    await office.click(preview, ids.SAVE_LIST)
    await hub.settle()
    assert preview.text == "Lista osób jest zapisana. Nowe osoby: 1, zmiany: 1, bez zmian: 1."
    assert "actions" not in [block["type"] for block in preview.blocks]
    added = [one for one in await people(hub) if one not in before]
    assert ("nowa@raciborz.example.org",) in added
    assert "('zory', False, datetime.date(2022, 3, 31))" in str(added)
    assert await kept(hub) == [("saved", {})]

    assert await dropped(hub, "koordynatorka", "osoby.xlsx", OFFICES) == NOTHING
    assert "actions" not in [block["type"] for block in office.last().blocks]


async def test_nothing_of_a_list_is_kept_that_is_left_or_not_decided_within_the_hour(hub: RunningHub) -> None:
    before = await people(hub)
    await dropped(hub, "koordynatorka", "osoby.xlsx", OFFICES)
    left = hub.user("koordynatorka").last()
    await hub.user("koordynatorka").click(left, ids.LEAVE_LIST)
    await hub.settle()
    assert left.text == "Wszystko zostaje jak jest: z tej listy osób nic nie zapisano."

    await dropped(hub, "koordynatorka", "OSOBY.XLSX", OFFICES, shared=True)
    late = hub.user("koordynatorka").last()
    buttons = late.blocks
    await hub.wind(hours=1)
    assert late.text.startswith("Podgląd listy osób zniknął po godzinie")
    late.blocks = buttons  # a screen that still shows them
    await hub.user("koordynatorka").click(late, ids.SAVE_LIST)
    await hub.settle()
    assert hub.texts("koordynatorka")[-1].startswith("Ten podgląd jest już nieaktualny.")
    assert await kept(hub) == [("left", {}), ("ended", {})]
    assert await people(hub) == before
    words = [row for row in await hub.rows(notification, notification.c.rendering) if "nowa@raciborz" in str(row)]
    assert words == []


async def test_what_would_do_something_else_by_now_is_shown_anew(hub: RunningHub) -> None:
    await dropped(hub, "koordynatorka", "osoby.xlsx", OFFICES)
    office, preview = hub.user("koordynatorka"), hub.user("koordynatorka").last()
    old = [block for block in preview.blocks if block["type"] == "actions"]
    meanwhile = (
        "supplements: pim2-2021-2023\npeople:\n  - name: Nowa osoba (przykład)\n    email: nowa@raciborz.example.org\n"
        "    roles: [{role: official, city: raciborz, contact: true}]\n"
    )
    await import_text(hub.parts, meanwhile.encode())
    await office.click(preview, ids.SAVE_LIST)
    await hub.settle()
    assert "Od poprzedniego podglądu coś się zmieniło, to jest nowy. Nowe osoby: 0, zmiany: 1" in preview.text
    assert [one[0] for one in await kept(hub)] == ["shown"]

    shown = preview.blocks
    preview.blocks = [*shown[:-1], *old]  # somebody whose screen still shows the old buttons
    await office.click(preview, ids.SAVE_LIST)
    await hub.settle()
    assert office.last().text.startswith("Od tego podglądu coś się zmieniło.")
    preview.blocks = shown
    await office.click(preview, ids.SAVE_LIST)
    await hub.settle()
    assert preview.text.startswith("Lista osób jest zapisana.")


async def test_rows_that_do_not_fit_are_named_and_nothing_can_be_saved(hub: RunningHub) -> None:
    wrong = sheet(NEW, ("Ktoś", "ktos", "Żory"), ("Ktoś", "ktos@a.pl", "Atlantyda"))
    assert await dropped(hub, "koordynatorka", "osoby.xlsx", wrong) == (
        "Tej listy osób nie da się zapisać. Wierszy do poprawienia: 2. "
        "Nic nie zapisano. Prosimy poprawić te wiersze i wczytać listę ponownie.\n"
        "Wiersz 3: To nie jest adres e-mail. Prosimy wpisać go w całości, na przykład imie@urzad.pl.\n"
        "Wiersz 4: Nie ma takiego miasta: Atlantyda."
    )
    assert {block["type"] for block in hub.user("koordynatorka").last().blocks} == {"section"}


async def test_only_coordinators_bring_lists_and_only_whoever_brought_one_decides(hub: RunningHub) -> None:
    for who in ("opiekunka", "ekspert", "zory"):
        assert (await dropped(hub, who, "osoby.xlsx", OFFICES)).startswith("Listę osób wczytuje koordynacja programu")
    assert (await dropped(hub, "lublin", "osoby.xlsx", OFFICES)).startswith("Lists of people are")
    assert await kept(hub) == []
    await dropped(hub, "koordynatorka", "osoby.xlsx", OFFICES)
    preview = hub.user("koordynatorka").last()
    await hub.user("opiekunka").click(preview, ids.SAVE_LIST)
    await hub.settle()
    assert hub.texts("opiekunka")[-1].startswith("Do tego potrzebna jest inna rola")
    assert [one[0] for one in await kept(hub)] == ["shown"]


async def test_of_other_files_a_sentence_says_what_the_bot_can_do(hub: RunningHub) -> None:
    for name in ("plan.ics", "sprawozdanie.pdf", "zdjęcie.png", "bez kropki"):
        assert (await dropped(hub, "zory", name, b"x")).startswith("Z rozmowy bot czyta jeden rodzaj pliku")
    assert (await dropped(hub, "koordynatorka", "plan.ics", b"x", shared=True)).startswith("Z rozmowy bot czyta")
    stored = [hub.slack.workspace.store("UZORY", "a.xlsx", b"x") for _ in range(2)]
    await hub.slack.switchboard.drop("UZORY", hub.user("zory").dm, stored)
    await hub.settle()
    assert hub.texts("zory")[-1] == "Prosimy wysłać jeden plik w jednej wiadomości."
    before = hub.texts("zory")
    await hub.user("zory").drop("a.xlsx", OFFICES, channel="CZIELONE")
    await hub.settle()
    assert hub.texts("zory") == before


def bomb() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"")
        packed.writestr("xl/worksheets/sheet1.xml", bytes(spreadsheets.MOST_UNPACKED + 1))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "odd", "said"),
    [
        (OFFICES, {"gone": True}, "Tego pliku nie ma już w komunikatorze."),
        (OFFICES, {"leads_to": "http://169.254.169.254/latest"}, "Bot nie może odczytać tego pliku"),
        (OFFICES, {"leads_to": "https://evil.example.org/x"}, "Bot nie może odczytać tego pliku"),
        (OFFICES, {"said_size": 6 * 1024 * 1024}, "Plik jest za duży: najwyżej 5 MB."),
        (bytes(6 * 1024 * 1024), {"said_size": 10}, "Plik jest za duży: najwyżej 5 MB."),
        (bomb(), {}, "Plik rozpakowuje się do zbyt wielu danych."),
        (b"imie;nazwisko", {}, "To nie jest plik Excela"),
        (sheet(("a",)), {}, "Tej listy osób nie da się zapisać."),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    hub: RunningHub, data: bytes, odd: dict[str, Any], said: str
) -> None:
    before = await people(hub)
    assert (await dropped(hub, "koordynatorka", "osoby.xlsx", data, **odd)).startswith(said)
    assert await people(hub) == before


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("file_not_found", "Tego pliku nie ma już"),
        ("missing_scope", "Bot nie może odczytać tego pliku"),
        ("access_denied", "Bot nie może odczytać tego pliku"),
    ],
)
async def test_a_file_that_the_chat_does_not_show_is_told_in_a_sentence(hub: RunningHub, error: str, said: str) -> None:
    hub.slack.faults.next("files.info", Refuse(error))
    assert (await dropped(hub, "koordynatorka", "osoby.xlsx", OFFICES)).startswith(said)


async def test_a_chat_that_does_not_answer_is_asked_again_and_then_given_up(hub: RunningHub) -> None:
    hub.slack.faults.next("files.info", TooMany(retry_after=30))
    hub.slack.faults.next("files.info", ServerError())
    office = hub.user("koordynatorka")
    before = len(hub.texts("koordynatorka"))
    await office.drop("osoby.xlsx", OFFICES)
    for seconds in (0, 30, 2):
        hub.machine.advance(seconds=seconds)
        await hub.settle()
    assert hub.texts("koordynatorka")[before:] == [PREVIEW]

    await office.drop("osoby.xlsx", OFFICES)
    for _ in range(4):
        hub.slack.faults.next("files.info", ServerError())
        await hub.settle()
        hub.machine.advance(seconds=2)
    assert hub.texts("koordynatorka")[-1].startswith("Komunikator nie wydaje teraz tego pliku")
    assert await hub.rows(dropped_file) == []

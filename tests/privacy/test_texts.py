"""What is written about personal data says what the program does."""

from datetime import date
from pathlib import Path

import pytest

from pim_bot.blocks.letter import LABELS, reply
from pim_bot.blocks.limits import broken_view
from pim_bot.blocks.privacy import correction_form, my_data, notice
from pim_bot.i18n import Words
from pim_bot.manifest import SCOPES, manifest_for
from pim_bot.programme.people import Member
from pim_bot.programme.privacy import HOLDABLE, NAMES, Category, Contacts, Erased, Hold, Kept
from pim_bot.settings import RETENTION_OF, Settings, read_settings
from pim_bot.storage.privacy import TRAILS
from tests.unit.green import ZORY

RODO = (Path(__file__).parents[2] / "docs" / "rodo.md").read_text(encoding="utf-8")
LONGEST_DESCRIPTION = 4000
SHORTEST_DESCRIPTION = 174
"""Slack, „App manifest reference”: display_information.long_description."""


def test_every_scope_has_one_sentence_of_reason_where_people_read_it() -> None:
    manifest = manifest_for(read_settings())
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    assert asked == set(SCOPES)
    described = manifest["display_information"]["long_description"]
    assert SHORTEST_DESCRIPTION < len(described) <= LONGEST_DESCRIPTION
    for scope in asked:
        assert SCOPES[scope].endswith(".")
        assert f"{scope}: {SCOPES[scope]}" in described
        assert f"| `{scope}` | {SCOPES[scope]} |" in RODO


def test_the_table_of_periods_is_that_of_the_settings() -> None:
    rows = [line for line in RODO.splitlines() if line.startswith("| `PIM_RETENTION_")]
    expected = []
    for name, what in RETENTION_OF.items():
        field = Settings.model_fields[name]
        least = next(limit.ge for limit in field.metadata if hasattr(limit, "ge"))
        expected.append(f"| `PIM_{name.upper()}` | {field.default} | {least} | {what} |")
    assert rows == expected
    assert {name for name in Settings.model_fields if name.startswith("retention_")} == set(RETENTION_OF)


def test_the_table_of_categories_is_that_of_the_holds() -> None:
    assert [f"| `{one}` | {NAMES[one]} |" in RODO for one in HOLDABLE] == [True] * len(HOLDABLE)
    assert set(NAMES) == set(Category)


def test_an_export_can_be_read() -> None:
    unnamed = {column.name for trail in TRAILS for column in trail.table.columns} - set(LABELS) - {"digest", "value"}
    assert unnamed == set()


@pytest.mark.parametrize("iod", ["iod@urzad.example.org", ""])
def test_the_reply_says_what_went_what_stays_why_and_whom_to_turn_to(iod: str) -> None:
    hold = Hold(category=Category.ATTENDANCE, reason="rozliczenie projektu", until=date(2031, 12, 31))
    erased = Erased(member_id="m", counts={Category.PERSON: 1, Category.MESSAGES: 3}, kept=(hold,))
    letter = reply(erased, iod=iod, day=date(2026, 11, 23))
    assert letter.count("rozliczenie projektu") == 2
    assert letter.count("31.12.2031") == 2
    for part in ("art. 17", "Prezesa Urzędu Ochrony Danych Osobowych", "Slack", "(zapisów: 3)", "(records: 3)", iod):
        assert part in letter


CONTACTS = Contacts("Urząd Miasta (przykład)", "iod@urzad.example.org")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_people_see_of_their_data_is_legal_and_names_the_inspector(language: str) -> None:
    words = Words(language)
    kept = Kept(assignments=1, invitations=2, messages=3, texts=2, reminders=4)
    assert "iod@urzad.example.org" in notice(words, CONTACTS)
    assert "Urząd Miasta" in notice(words, CONTACTS)
    message = my_data(words, ZORY, kept, roles=["zespół miasta"], contacts=CONTACTS)
    assert ZORY.name in message.text
    assert "iod@urzad.example.org" in str(message.blocks)
    assert broken_view(correction_form(words, ZORY)) == []
    somebody = Member(id="m", name="", email="", zone="America/Sao_Paulo")
    assert broken_view(correction_form(words, somebody)) == []

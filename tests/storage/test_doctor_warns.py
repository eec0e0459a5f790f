"""What doctor warns of although everything can be reached: nothing is sent, or a setting invites doubles."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pim_bot.errors import SettingsError
from pim_bot.finding import wrong
from pim_bot.settings import read_settings
from tests.storage.test_command_line import pim_bot
from tests.storage.test_doctor import found


async def test_doctor_names_each_pause_since_when_and_how_it_goes_on(tmp_path: Path) -> None:
    assert pim_bot(tmp_path, "db", "upgrade").returncode == 0
    assert [one for one in await found(tmp_path) if one.name == "wysyłka"] == []
    with closing(sqlite3.connect(tmp_path / "pim_bot.db")) as connection, connection:
        rows = [("restored", "2026-03-02 09:00:00.000000"), ("refused-token", "2026-03-02 10:30:00.000000")]
        connection.executemany("INSERT INTO pause (why, since, facts) VALUES (?, ?, '{}')", rows)
    assert [one for one in await found(tmp_path) if one.name == "wysyłka"] == [
        wrong(
            "wysyłka",
            "wstrzymana od 2026-03-02 10:30:00 UTC: Slack odrzuca token bota. Prosimy skopiować go ponownie z "
            "ustawień aplikacji do SLACK_BOT_TOKEN i uruchomić centrum ponownie; wtedy ruszy sama.",
        ),
        wrong(
            "wysyłka",
            "wstrzymana od 2026-03-02 09:00:00 UTC: bazę odtworzono z kopii i najpierw sprawdzamy w rozmowach, co już "
            "wyszło. Ruszy sama, gdy działa centrum (pim-bot run albo worker) i Slack pozwala czytać rozmowy; do "
            "wiadomości, których nie da się sprawdzić, prosimy zajrzeć: pim-bot deliveries --state doubtful --state "
            "needs-human.",
        ),
    ]


@pytest.mark.parametrize(("seconds", "is_told"), [("29.5", True), ("30", False)])
async def test_doctor_warns_of_a_doubt_that_ends_before_slack_does(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seconds: str,
    is_told: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setenv("PIM_DOUBT_SECONDS", seconds)
    told = [one for one in await found(tmp_path) if one.name == "PIM_DOUBT_SECONDS"]
    assert [one.ok for one in told] == [False] * is_told
    assert all("29.5 s to za mało" in one.text and "co najmniej 30" in one.text for one in told)


@pytest.mark.parametrize("name", ["PIM_DOUBT_SECONDS", "PIM_LEASE_SECONDS", "PIM_POLL_SECONDS"])
@pytest.mark.parametrize("value", ["inf", "nan", "-1", "0", "86401", "długo"])
def test_a_wait_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}: prosimy podać liczbę sekund większą od zera, najwyżej 86400"):
        read_settings()

"""The command line as people type it: what it prints, what it writes and how it exits."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pim_bot.cli import main
from tests.hub import KEY, shipped

ROOT = Path(__file__).parents[2]
LEAST_SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "users:read",
    "users:read.email",
]


def pim_bot(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``pim-bot`` in a folder of its own, with no settings but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIM_", "SLACK_"))}
    environment = kept | {"PIM_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    environment |= {"PIM_SECRET_KEY": KEY} | settings
    command = [sys.executable, "-m", "pim_bot", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table has that has any."""
    connection = sqlite3.connect(folder / "pim_bot.db")
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    finally:
        connection.close()
    return {name: count for name, count in counts.items() if count and name != "alembic_version"}


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    path = tmp_path / "program.yaml"
    path.write_bytes(shipped("pim2-2021-2023.yaml"))
    return path


def test_the_database_is_upgraded_and_again_without_a_change(tmp_path: Path) -> None:
    runs = [pim_bot(tmp_path, "db", "upgrade") for _ in range(2)]
    assert [(run.returncode, run.stdout, run.stderr) for run in runs] == [(0, "Baza danych jest aktualna.\n", "")] * 2
    assert rows(tmp_path) == {}


def test_a_dry_run_prints_every_change_and_writes_none_of_them(tmp_path: Path, edition: Path) -> None:
    dry = pim_bot(tmp_path, "import", str(edition), "--dry-run")
    assert (dry.returncode, dry.stderr, rows(tmp_path)) == (0, "", {})
    *changes, last = dry.stdout.splitlines()
    assert last == f"Tyle by się zmieniło: {len(changes)}. Nic nie zapisano."
    assert "+ miasto Żory" in changes
    done = pim_bot(tmp_path, "import", str(edition))
    assert done.stdout.splitlines() == [*changes, f"Zapisane zmiany: {len(changes)}."]
    again = pim_bot(tmp_path, "import", str(edition))
    assert (again.returncode, again.stdout) == (0, "Bez zmian.\n")


def test_a_broken_file_is_refused_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    broken = tmp_path / "zepsuty.yaml"
    broken.write_text("edition: {slug: nowa, name: Nowa}\ncities:\n  - {slug: zory, name: Żory, kind: wies}\n")
    run = pim_bot(tmp_path, "import", str(broken))
    assert (run.returncode, run.stdout) == (1, "")
    assert any(line.startswith(f"{broken}:3: ") for line in run.stderr.splitlines())
    assert run.stderr.splitlines()[-1] == "Nic nie zostało zapisane."
    assert "Traceback" not in run.stderr
    assert rows(tmp_path) == {}


def test_a_file_that_is_not_there_and_a_word_that_is_no_command_are_told_apart(tmp_path: Path) -> None:
    missing = pim_bot(tmp_path, "import", "brak.yaml")
    assert (missing.returncode, missing.stdout) == (1, "")
    why = "nie ma takiego pliku ani folderu"
    assert missing.stderr == f"Nie da się odczytać pliku brak.yaml: {why}. Prosimy sprawdzić ścieżkę.\n"
    assert pim_bot(tmp_path, "tańcz").returncode == 2


def test_doctor_tells_a_script_everything_that_is_missing(tmp_path: Path) -> None:
    run = pim_bot(tmp_path, "doctor", "--json")
    found = {(one["name"], one["ok"]) for one in json.loads(run.stdout)}
    assert run.returncode == 1
    assert found == {
        ("ustawienia", True),
        ("klucz", True),
        ("Slack", False),
        ("adres", False),
        ("PIM_IOD_CONTACT", False),
        ("PIM_ADMINISTRATOR", False),
        ("baza danych", False),
        ("kolejka", True),
    }
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_named_with_its_remedy_and_no_traceback(tmp_path: Path) -> None:
    run = pim_bot(tmp_path, "db", "upgrade", PIM_PUBLIC_URL="hub.example.org", PIM_PORT="99999")
    assert (run.returncode, run.stdout) == (1, "")
    assert [name for name in ("PIM_PUBLIC_URL", "PIM_PORT", "pim-bot doctor") if name not in run.stderr] == []
    assert "Traceback" not in run.stderr


def test_the_manifest_is_within_the_chats_limits_and_asks_for_the_least(tmp_path: Path) -> None:
    run = pim_bot(tmp_path, "slack", "manifest", PIM_PUBLIC_URL="https://hub.example.org/")
    made = json.loads(run.stdout)
    display = made["display_information"]
    assert (run.returncode, len(display["name"]) <= 35, len(display["description"]) <= 140) == (0, True, True)
    assert made["oauth_config"]["scopes"] == {"bot": LEAST_SCOPES}
    features = made["features"]
    assert [len(one["description"]) <= 2000 for one in features["slash_commands"]] == [True]
    shortcuts = {one["callback_id"]: one for one in features["shortcuts"]}
    assert set(shortcuts) == {"shortcut.activity", "shortcut.contribution", "shortcut.material", "shortcut.session"}
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts.values())
    addresses = {
        features["slash_commands"][0]["url"],
        made["settings"]["event_subscriptions"]["request_url"],
        made["settings"]["interactivity"]["request_url"],
        made["settings"]["interactivity"]["message_menu_options_url"],
    }
    assert addresses == {"https://hub.example.org/slack/events"}


def test_with_an_app_token_the_manifest_names_no_address(tmp_path: Path) -> None:
    run = pim_bot(tmp_path, "slack", "manifest", SLACK_APP_TOKEN="xapp-1-example")
    assert json.loads(run.stdout)["settings"]["socket_mode_enabled"] is True
    assert "slack/events" not in run.stdout
    assert "xapp" not in run.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--days", "0"), "--days: najmniej 1."),
        (("plan", "--days", "400"), "--days: najwyżej 366."),
        (("plan", "--days", "x"), "--days: trzeba podać liczbę całkowitą."),
        (("plan", "--days"), "Po --days trzeba podać wartość."),
        (("plan", "--if-moved", "a"), "Po --if-moved trzeba podać tyle wartości: 2."),
        (("plan", "--dni", "3"), "Nie ma opcji --dni."),
        (("plan", "a", "b"), "Za dużo słów: a b."),
        (("plna",), "Nie ma polecenia plna. Może chodzi o: plan?"),
        (("db", "xyz"), "Nie ma polecenia xyz."),
        (("deliveries", "resend"), "Brakuje: NUMER."),
        (("member", "hold", "attendance", "--until", "jutro"), "--until: trzeba podać dzień tak: 2022-01-31."),
    ],
)
def test_what_is_typed_wrongly_is_told_in_polish(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["pim-bot", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert (ended.value.code, told.out, told.err.splitlines()[0]) == (2, "", said)
    assert (told.err.splitlines()[-1].startswith("Pomoc: pim-bot"), "Error" in told.err) == (True, False)

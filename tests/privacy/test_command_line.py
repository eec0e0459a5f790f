"""``pim-bot member`` as people type it."""

import json
import stat
from pathlib import Path

import pytest

from tests.hub import PEOPLE, shipped
from tests.storage.test_command_line import pim_bot

EMAIL = "zielen@zory.example.org"
IOD = "iod@urzad.example.org"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a hub that knows the people of the tests."""
    for name, text in (("program.yaml", shipped("pim2-2021-2023.yaml")), ("osoby.yaml", PEOPLE.encode())):
        (tmp_path / name).write_bytes(text)
        assert pim_bot(tmp_path, "import", name).returncode == 0
    return tmp_path


def test_a_person_is_exported_held_and_erased_step_by_step(folder: Path) -> None:
    run = pim_bot(folder, "member", "export", EMAIL, PIM_IOD_CONTACT=IOD)
    assert run.stdout.startswith("Dane osobowe w pim_bot: Zieleń, Żory (przykład)\n")
    assert IOD in run.stdout

    run = pim_bot(folder, "member", "export", EMAIL, "--json", "--out", "osoba.json")
    assert (run.returncode, run.stdout) == (0, "Zapisane: osoba.json\n")
    assert json.loads((folder / "osoba.json").read_text())["email"] == EMAIL
    assert stat.S_IMODE((folder / "osoba.json").stat().st_mode) == 0o600
    assert pim_bot(folder, "member", "export", EMAIL, "--out", "osoba.json").returncode == 1  # never written over

    assert pim_bot(folder, "member", "hold").stdout == "Nic nie jest zatrzymane.\n"
    assert pim_bot(folder, "member", "hold", "roles", "--reason", "kontrola projektu").returncode == 1
    run = pim_bot(folder, "member", "hold", "roles", "--reason", "kontrola projektu", "--until", "2031-12-31")
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(pim_bot(folder, "member", "hold", "--json").stdout)[0]["until"] == "2031-12-31"

    run = pim_bot(folder, "member", "erase", EMAIL)  # nobody says yes
    assert run.returncode == 1
    assert "kontrola projektu (do 31.12.2031)" in run.stdout
    assert EMAIL in pim_bot(folder, "member", "export", EMAIL).stdout

    run = pim_bot(folder, "member", "erase", EMAIL, "--yes", "--letter", "list.txt", PIM_IOD_CONTACT=IOD)
    assert (run.returncode, run.stderr) == (0, "")
    letter = (folder / "list.txt").read_text()
    assert (letter.count("kontrola projektu"), letter.count(IOD)) == (2, 2)
    run = pim_bot(folder, "member", "export", EMAIL)
    assert (run.returncode, "Nie ma takiej osoby" in run.stderr) == (1, True)

    run = pim_bot(folder, "import", "osoby.yaml")
    assert "Pominięto osoby, których dane usunięto na ich prośbę: 1." in run.stdout
    assert EMAIL.encode() not in (folder / "pim_bot.db").read_bytes()
    assert pim_bot(folder, "member", "readmit", EMAIL).returncode == 0
    assert "Zapisane zmiany" in pim_bot(folder, "import", "osoby.yaml").stdout


def test_a_name_is_corrected_and_nobody_gets_the_address_of_another(folder: Path) -> None:
    run = pim_bot(folder, "member", "correct", EMAIL, "--name", "Zieleń Miejska")
    assert (run.returncode, run.stderr) == (0, "")
    assert "Zieleń Miejska" in pim_bot(folder, "member", "export", EMAIL).stdout
    taken = pim_bot(folder, "member", "correct", EMAIL, "--email", "rozwoj@zory.example.org")
    assert (taken.returncode, "ma już inna osoba" in taken.stderr) == (1, True)
    wrong = pim_bot(folder, "member", "correct", EMAIL, "--email", "nie adres")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (1, False)

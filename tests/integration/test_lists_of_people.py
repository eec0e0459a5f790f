"""Lists of people on the command line: the template, the preview, the import, and the list of participants."""

from pathlib import Path

from pim_bot.reports.spreadsheets import Sheet, read, written
from tests.hub import PEOPLE, shipped
from tests.storage.test_command_line import pim_bot

HEADINGS = ("Imię i nazwisko", "Adres e-mail", "Miasto", "Osoba kontaktowa")
ROWS = (
    ("Nowa osoba (przykład)", "nowa@raciborz.example.org", "Racibórz", "tak"),
    ("Rozwój, Żory (przykład)", "rozwoj@zory.example.org", "Żory", "tak"),
)


def test_the_offices_list_is_previewed_imported_and_changes_nothing_again(tmp_path: Path) -> None:
    for name, text in (("program.yaml", shipped("pim2-2021-2023.yaml")), ("osoby.yaml", PEOPLE.encode())):
        (tmp_path / name).write_bytes(text)
        assert pim_bot(tmp_path, "import", name).returncode == 0
    run = pim_bot(tmp_path, "import", "--template", "wzor.xlsx")
    assert (run.returncode, run.stdout) == (0, "Zapisane: wzor.xlsx\n")
    assert read((tmp_path / "wzor.xlsx").read_bytes())[0][:3] == list(HEADINGS[:3])

    broken = written([Sheet(name="Osoby", headings=HEADINGS, rows=[*ROWS, ("Zły", "zly", "Żory", "")])])
    (tmp_path / "osoby.xlsx").write_bytes(broken)
    run = pim_bot(tmp_path, "import", "osoby.xlsx")
    assert run.returncode == 1
    assert run.stderr.startswith("Wiersz 4: To nie jest adres e-mail.")

    (tmp_path / "osoby.xlsx").write_bytes(written([Sheet(name="Osoby", headings=HEADINGS, rows=ROWS)]))
    preview = [
        "Nowa osoba: Nowa osoba (przykład), nowa@raciborz.example.org, Racibórz",
        "Nowe osoby: 1, zmiany: 0, bez zmian: 1.",
    ]
    for options, end in (
        (["--dry-run"], [*preview, "Tyle by się zmieniło. Nic nie zapisano."]),
        ([], [*preview, "Zapisane."]),
        ([], ["Nowe osoby: 0, zmiany: 0, bez zmian: 2.", "Bez zmian."]),
    ):
        run = pim_bot(tmp_path, "import", "osoby.xlsx", *options)
        assert (run.returncode, run.stdout.splitlines()) == (0, end)

    (tmp_path / "osoby.xlsx").write_bytes(b"imie;nazwisko")
    run = pim_bot(tmp_path, "import", "osoby.xlsx")
    assert (run.returncode, run.stderr.strip()) == (
        1,
        "To nie jest plik Excela (.xlsx). Prosimy zapisać listę w tym formacie.",
    )

    run = pim_bot(tmp_path, "export", "obecnosc", "Spotkanie Sieci Zielonej", "--out", "obecnosc.xlsx")
    assert (run.returncode, run.stdout) == (0, "Zapisane: obecnosc.xlsx\n")
    assert read((tmp_path / "obecnosc.xlsx").read_bytes())[0][0] == "Wydarzenie"
    assert pim_bot(tmp_path, "export", "obecnosc", "nic takiego", "--out", "x.xlsx").returncode == 1

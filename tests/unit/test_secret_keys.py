"""The hub's own keys: what one of them made, all of them find, and a key that is kept is kept well."""

import os
import stat
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pim_bot.doctor.keys import look_at_keys
from pim_bot.errors import SettingsError
from pim_bot.finding import Finding, well, wrong
from pim_bot.secret_keys import SHORTEST, SecretKeys, kept_key, read_secret_keys
from pim_bot.settings import Settings, read_settings

OLD, NEW, FOREIGN = (name * SHORTEST for name in "onf")
READABLE = stat.S_IRUSR | stat.S_IWUSR


def test_what_the_old_key_signed_stays_valid_until_it_is_taken_away() -> None:
    made = SecretKeys([OLD]).digest("login", "x")
    found = {
        "both": SecretKeys([NEW, OLD]).match("login", "x", made),
        "new alone": SecretKeys([NEW]).match("login", "x", made),
        "foreign": SecretKeys([FOREIGN]).match("login", "x", made),
    }
    assert found == {"both": True, "new alone": False, "foreign": False}
    assert SecretKeys([NEW, OLD]).digest("login", "x") == SecretKeys([NEW]).digest("login", "x") != made
    assert SecretKeys([NEW, OLD]).digests("login", "x") == (SecretKeys([NEW]).digest("login", "x"), made)


@given(some.lists(some.tuples(some.text(max_size=6), some.text(max_size=6)), unique=True, min_size=2, max_size=6))
def test_a_hash_of_one_purpose_is_never_one_of_another(things: list[tuple[str, str]]) -> None:
    keys = SecretKeys([OLD])
    clean = {(purpose.replace("\0", ""), value) for purpose, value in things}
    assert len({keys.digest(*thing) for thing in clean}) == len(clean)


def test_keys_do_not_show_themselves() -> None:
    assert OLD not in f"{SecretKeys([OLD])!r} {SecretKeys([OLD])}"
    assert OLD not in repr(Settings.model_validate({"secret_key": OLD}))


def test_several_keys_stand_in_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIM_SECRET_KEY", f" {NEW}, {OLD},")
    assert read_settings().secret_keys == (NEW, OLD)


@pytest.mark.parametrize("keys", [("short",), (NEW, "short"), ("x" * (SHORTEST - 1),)])
def test_a_key_that_can_be_guessed_is_refused(keys: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PIM_SECRET_KEY: klucz ma mniej niż 32 znaki"):
        read_secret_keys(keys, file=tmp_path / "pim_bot.key")
    assert list(tmp_path.iterdir()) == []


def test_where_several_machines_share_a_database_the_key_must_be_set() -> None:
    with pytest.raises(SettingsError, match=r"PIM_SECRET_KEY: brak\. Na PostgreSQL"):
        read_secret_keys((), file=None)


def test_a_key_of_ones_own_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "pim_bot.key"
    keys = read_secret_keys((), file=file)
    assert read_secret_keys((), file=file).values == keys.values
    assert stat.S_IMODE(file.stat().st_mode) == READABLE
    assert len(keys.values[0]) > SHORTEST
    assert list(tmp_path.iterdir()) == [file]
    assert read_secret_keys((), file=tmp_path / "other.key").values != keys.values


def _read(path: str) -> str:
    return kept_key(Path(path))


def test_processes_that_start_at_once_use_one_key(tmp_path: Path) -> None:
    file = str(tmp_path / "pim_bot.key")
    with get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_read, [file] * 16, chunksize=1))) == 1
    assert os.listdir(tmp_path) == ["pim_bot.key"]  # noqa: PTH208 - names are compared


@pytest.mark.parametrize("text", [b"", b"short\n", b"\xff\xfe" * 40])
def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "pim_bot.key"
    file.write_bytes(text)
    with pytest.raises(SettingsError, match=f"PIM_SECRET_KEY: .*{file}"):
        kept_key(file)
    assert file.read_bytes() == text


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PIM_SECRET_KEY: nie da się użyć pliku"):
        kept_key(tmp_path / "gone" / "pim_bot.key")


def told(folder: Path, *, key: str = "", database: str = "") -> list[Finding]:
    settings = {"data_dir": folder, "database_url": database, "secret_key": key}
    return look_at_keys(Settings.model_validate(settings))


def test_the_doctor_tells_of_the_key_and_makes_none(tmp_path: Path) -> None:
    file = tmp_path / "pim_bot.key"
    assert told(tmp_path) == [well("klucz", f"powstanie przy pierwszym starcie w pliku {file}")]
    assert told(tmp_path, key=NEW) == [well("klucz", "ustawiony w PIM_SECRET_KEY")]
    assert not file.exists()
    (missing,) = told(tmp_path, database="postgresql://pim@baza/pim")
    (short,) = told(tmp_path, key="short")
    assert (missing.ok, short.ok) == (False, False)
    kept = kept_key(file)
    assert told(tmp_path) == [well("klucz", f"w pliku {file}")]
    listed = f"ustawiony w PIM_SECRET_KEY; klucz z pliku {file} jest na jego liście"
    assert told(tmp_path, key=f"{NEW},{kept}") == [well("klucz", listed)]
    assert told(tmp_path, key=NEW) == [
        wrong(
            "klucz",
            f"w pliku {file} jest inny klucz niż w PIM_SECRET_KEY, więc to, co nim podpisano, straciło ważność. "
            "Prosimy dopisać go po przecinku na końcu PIM_SECRET_KEY albo usunąć plik.",
        )
    ]
    file.chmod(0o644)
    assert told(tmp_path) == [wrong("klucz", f"plik {file} mogą czytać inni. Prosimy użyć: chmod 600 {file}")]
    assert told(tmp_path, database="baza") == []

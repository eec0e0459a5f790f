"""The commands people type. Everything heavy is imported by the command that needs it."""

import asyncio
import json
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException

from pim_bot.errors import BrokenProgrammeFile, PimBotError, Refused, SettingsError, why_not
from pim_bot.scrubbing import tell_crash
from pim_bot.settings import Settings, read_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="pim_bot: centrum powiadomień programu sieci miast.",
)
database = typer.Typer(no_args_is_help=True, help="Baza danych.")
slack = typer.Typer(no_args_is_help=True, help="Ustawienia aplikacji w Slacku.")
member = typer.Typer(no_args_is_help=True, help="Prawa osób, których dane są w centrum (RODO).")
app.add_typer(database, name="db")
app.add_typer(member, name="member")
app.add_typer(slack, name="slack")
export = typer.Typer(no_args_is_help=True, help="Zapisz dane programu do pliku.")
app.add_typer(export, name="export")
audit = typer.Typer(no_args_is_help=True, help="Dziennik audytu: kto, co i kiedy.")
app.add_typer(audit, name="audit")
ledger = typer.Typer(invoke_without_command=True, help="Co zostało wysłane, co nie, i dlaczego.")
app.add_typer(ledger, name="deliveries")

AsJson = Annotated[bool, typer.Option("--json", help="Wynik jako JSON, dla skryptów.")]


def main() -> None:
    """Run the command line; a refusal is one sentence and exit code 1, wrong usage is exit code 2."""
    sys.excepthook = tell_crash
    try:
        sys.exit(app(standalone_mode=False))
    except typer.Abort:
        _refuse("Przerwane.")
    except TyperException as error:
        _misused(error)
    except SettingsError as error:
        _refuse(f"Ustawienia wymagają poprawek:\n{error}\nCo jeszcze sprawdzić: pim-bot doctor")
    except BrokenProgrammeFile as error:
        _refuse(f"{error}\nNic nie zostało zapisane.")
    except Refused as error:
        first = next(iter(error.fields.values()), error)
        _refuse(first.reason.format(**first.facts))
    except PimBotError as error:
        _refuse(str(error))


def _misused(error: TyperException) -> NoReturn:
    """Answer a command that was typed wrongly; one with nothing after it gets its help."""
    from pim_bot.usage import is_call_for_help, usage_sentence  # noqa: PLC0415 - the command line starts fast

    typer.echo(error if is_call_for_help(error) else usage_sentence(error), err=True)
    sys.exit(2)


def _refuse(text: str) -> NoReturn:
    typer.echo(text, err=True)
    sys.exit(1)


def _run(roles: frozenset[str]) -> None:
    from pim_bot import bootstrap, logs  # noqa: PLC0415 - the command line starts fast

    logs.set_up_logging()
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
    from pim_bot import demo, logs  # noqa: PLC0415 - the command line starts fast

    logs.set_up_logging(level=logging.WARNING, for_people=True)
    demo.main(host=host, port=port)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="Plik programu (YAML) albo lista osób (XLSX).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tylko pokaż, co się zmieni.")] = False,  # noqa: FBT002
    template: Annotated[bool, typer.Option("--template", help="Zapisz w tym pliku pusty wzór listy osób.")] = False,  # noqa: FBT002
) -> None:
    """Wczytaj plik programu albo listę osób; ten sam plik po raz drugi niczego nie zmienia."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    if template:
        from pim_bot.reports.people import template as people_template  # noqa: PLC0415 - the command line starts fast

        _write_privately(file, people_template())
        return
    try:
        text = file.read_bytes()
    except OSError as error:
        _refuse(f"Nie da się odczytać pliku {file}: {why_not(error)}. Prosimy sprawdzić ścieżkę.")
    taken = (
        administration.import_people(read_settings(), text, dry_run=dry_run)
        if file.suffix.lower() == ".xlsx"
        else administration.import_file(read_settings(), text, name=str(file), dry_run=dry_run)
    )
    for line in asyncio.run(taken):
        typer.echo(line)


@export.command("obecnosc")
def export_attendance(
    activity: Annotated[str, typer.Argument(metavar="WYDARZENIE", help="Część tytułu albo numer.")],
    out: Annotated[Path, typer.Option(help="Nowy plik Excela; zawiera dane osobowe.")],
) -> None:
    """Zapisz listę uczestników i obecności jednego wydarzenia do Excela."""
    from pim_bot import administration  # noqa: PLC0415 - the command line starts fast

    _write_privately(out, asyncio.run(administration.export_attendance(read_settings(), activity)))


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
    from pim_bot import administration, logs  # noqa: PLC0415 - the command line starts fast

    logs.set_up_logging(level=logging.WARNING, for_people=True)
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
    from pim_bot import administration, logs  # noqa: PLC0415 - the command line starts fast

    logs.set_up_logging(level=logging.WARNING, for_people=True)
    asked = administration.deliveries(
        read_settings(), states=state or (), since=since, who=who, limit=limit, as_rows=as_json
    )
    answer = asyncio.run(asked)
    if answer.note:
        typer.echo(answer.note, err=True)
    _print(answer.found, as_json=as_json)


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


@database.command("backup")
def back_up_database(
    file: Annotated[Path, typer.Argument(help="Nowy plik kopii; zawiera dane osobowe.")],
) -> None:
    """Zapisz kopię działającego centrum do jednego pliku; nikt nie musi na to czekać."""
    from pim_bot import safekeeping  # noqa: PLC0415 - the command line starts fast

    for line in asyncio.run(safekeeping.back_up(read_settings(), file)):
        typer.echo(line)


@database.command("restore")
def restore_database(
    file: Annotated[Path, typer.Argument(help="Plik zapisany poleceniem: pim-bot db backup.")],
    erasures: Annotated[Path | None, typer.Option(help="Plik usunięć z poprzedniej maszyny (erasures.jsonl).")] = None,
) -> None:
    """Przywróć kopię do pustej bazy; usunięte osoby są usuwane ponownie, a wysyłka najpierw sprawdza, co już wyszło."""
    from pim_bot import safekeeping  # noqa: PLC0415 - the command line starts fast

    for line in asyncio.run(safekeeping.restore_backup(read_settings(), file, erasures=erasures)):
        typer.echo(line)


@audit.command("verify")
def verify_audit(
    expect: Annotated[str, typer.Option(help="Zanotowany wcześniej koniec łańcucha: POZYCJA:SKRÓT.")] = "",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Sprawdź, czy nikt nie zmienił dziennika audytu; kod 1, gdy łańcuch jest przerwany."""
    from pim_bot import safekeeping  # noqa: PLC0415 - the command line starts fast

    found = asyncio.run(safekeeping.verify_audit(read_settings(), expect=expect))
    typer.echo(json.dumps(found.facts, ensure_ascii=False, indent=2) if as_json else "\n".join(found.lines))
    sys.exit(1 if found.is_broken else 0)


Who = Annotated[str, typer.Argument(help="Identyfikator, adres e-mail albo identyfikator w Slacku (U…).")]


@member.command("export")
def export_member(
    who: Who,
    as_json: AsJson = False,  # noqa: FBT002
    out: Annotated[Path | None, typer.Option(help="Zapisz do pliku, którego nikt inny nie przeczyta.")] = None,
) -> None:
    """Wypisz wszystko, co centrum ma o osobie (art. 15 i 20 RODO)."""
    from pim_bot import members  # noqa: PLC0415 - the command line starts fast

    text = asyncio.run(members.export(read_settings(), who, as_json=as_json))
    if out is None:
        typer.echo(text.rstrip("\n"))
    else:
        _write_privately(out, text)


@member.command("erase")
def erase_member(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Nie pytaj, dla skryptów.")] = False,  # noqa: FBT002
    letter: Annotated[Path | None, typer.Option(help="Zapisz odpowiedź dla tej osoby do pliku.")] = None,
) -> None:
    """Usuń dane osoby (art. 17 RODO): najpierw pokaż, co musi zostać, a potem usuń resztę."""
    from pim_bot import members  # noqa: PLC0415 - the command line starts fast

    settings = read_settings()
    plan = asyncio.run(members.erasure_plan(settings, who))
    typer.echo("\n".join(plan.lines))
    if not yes and not typer.confirm("Tego nie da się cofnąć. Usunąć?", default=False):
        _refuse("Nic nie zostało usunięte.")
    done, reply = asyncio.run(members.erase_member(settings, plan.member_id))
    typer.echo("\n".join(done))
    if letter is None:
        typer.echo(f"\nOdpowiedź dla tej osoby:\n\n{reply.rstrip()}")
    else:
        _write_privately(letter, reply)


@member.command("hold")
def hold_data(
    category: Annotated[str, typer.Argument(help="Kategoria danych; bez niej: lista.")] = "",
    reason: Annotated[str, typer.Option(help="Dlaczego dane muszą zostać: podstawa prawna i cel.")] = "",
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Do którego dnia włącznie.")] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Już nie zatrzymuj.")] = False,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Pokaż albo ustal z IOD, które dane muszą zostać mimo żądania usunięcia (art. 17 ust. 3 RODO)."""
    from pim_bot import members  # noqa: PLC0415 - the command line starts fast

    settings = read_settings()
    if category and lift:
        lines = asyncio.run(members.lift_hold(settings, category))
    elif category:
        if until is None:
            _refuse("Prosimy podać dzień, do którego dane muszą zostać: --until RRRR-MM-DD")
        lines = asyncio.run(members.set_hold(settings, category, reason=reason, until=until.date()))
    else:
        found = asyncio.run(members.holds(settings))
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
            return
        lines = ["{category}: {sentence}".format(**one) for one in found] or ["Nic nie jest zatrzymane."]
    typer.echo("\n".join(lines))


@member.command("correct")
def correct_member(
    who: Who,
    name: Annotated[str, typer.Option(help="Imię i nazwisko.")] = "",
    email: Annotated[str, typer.Option(help="Adres e-mail.")] = "",
) -> None:
    """Popraw imię i nazwisko albo adres osoby (art. 16 RODO)."""
    from pim_bot import members  # noqa: PLC0415 - the command line starts fast

    typer.echo("\n".join(asyncio.run(members.correct_member(read_settings(), who, name=name, email=email))))


@member.command()
def readmit(email: Annotated[str, typer.Argument(help="Adres e-mail.")]) -> None:
    """Pozwól wrócić osobie, której dane usunięto, jeśli sama tego chce."""
    from pim_bot import members  # noqa: PLC0415 - the command line starts fast

    typer.echo("\n".join(asyncio.run(members.readmit(read_settings(), email))))


def _write_privately(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner can read; one that is there is never written over."""
    data = content.encode() if isinstance(content, str) else content
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(data)
    except OSError as error:
        _refuse(f"Nie da się zapisać pliku {path}: {why_not(error)}. Prosimy podać inny.")
    typer.echo(f"Zapisane: {path}")


@slack.command()
def manifest() -> None:
    """Wypisz manifest aplikacji dla tych ustawień, do wklejenia na api.slack.com/apps."""
    from pim_bot.manifest import manifest_for  # noqa: PLC0415 - the command line starts fast

    typer.echo(json.dumps(manifest_for(read_settings()), ensure_ascii=False, indent=2))

"""The list of participants as a download: ``/lista/<token>``, for the one person who asked for it, once.

Chat and mail scanners open every link that they see, so opening the page spends nothing; its button does.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

from aiohttp import web

from pim_bot.clock import Clock
from pim_bot.errors import Refused, StorageUnavailable
from pim_bot.i18n import Words, language_of
from pim_bot.patience import within
from pim_bot.programme.one_time import spend_token
from pim_bot.programme.participants import PURPOSE, Participants, participants_of
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import open_to_all
from pim_bot.secret_keys import SecretKeys

BOTH = (Words("pl"), Words("en"))
PATIENCE = timedelta(seconds=10)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,80}")
POLICY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_TOKEN = "the one-time token in the address is the right, and the right of its owner is asked for again"  # noqa: S105
PAGE = """<!doctype html>
<html lang="pl"><head><meta charset="utf-8"><title>pim_bot</title></head>
<body><main><h1>pim_bot</h1>{body}</main></body></html>
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticipantPages:
    """The page with the button, and the file."""

    open_work: Callable[[], AbstractAsyncContextManager[Any]]
    keys: SecretKeys
    programme_clock: Clock
    machine_clock: Clock

    @open_to_all(OF_TOKEN)
    async def ask(self, request: web.Request) -> web.Response:
        """Show what the link is for; whether it still opens anything is told by the button."""
        label = " / ".join(escape(words.text("Pobierz listę")) for words in BOTH)
        return _page(f'{_lines(_what_it_is)}<form method="post"><button>{label}</button></form>')

    @open_to_all(OF_TOKEN)
    async def download(self, request: web.Request) -> web.Response:
        """Spend the token and give the file."""
        token = request.match_info["token"]
        try:
            found = await within(PATIENCE, self._found(token)) if _TOKEN.fullmatch(token) else None
        except StorageUnavailable as error:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from error
        except Refused as refused:
            why = refused
            return _page(_lines(lambda words: words.text(why.reason, **why.facts)), status=403)
        if found is None:
            return _page(_lines(_gone), status=410)
        member, listed = found
        from pim_bot.reports.attendance import participants_file  # noqa: PLC0415 - few need it, and it is slow to load

        body = await asyncio.to_thread(participants_file, Words(language_of(member.language)), listed)
        headers = {"Content-Disposition": 'attachment; filename="obecnosc.xlsx"'}
        return web.Response(body=body, content_type=EXCEL, headers=headers)

    async def _found(self, token: str) -> tuple[Member, Participants] | None:
        async with self.open_work() as work:
            passed = await spend_token(work, self.keys, token, purpose=PURPOSE, now=self.machine_clock())
            member = await work.people.get(passed.member_id) if passed else None
            if passed is None or member is None:
                return None
            actor, now = Actor(door="web", member=member), self.programme_clock()
            listed = await participants_of(work, actor, str(passed.facts["activity"]), now=now)
            work.act("ParticipantsExported", f"activity:{listed.activity.id}", actor=actor, at=now)
            return member, listed


def _what_it_is(words: Words) -> str:
    return words.text("Lista uczestników i obecności do Excela. Zawiera dane osobowe; link działa raz, przez kwadrans.")


def _gone(words: Words) -> str:
    return words.text("Ten link już nie działa. Nowy jest pod przyciskiem „Lista do Excela” w rozmowie z botem.")


def _lines(say: Callable[[Words], str]) -> str:
    """Say it in both languages: who opened the link is not known before the token is spent."""
    return "".join(f"<p>{escape(say(words))}</p>" for words in BOTH)


def _page(body: str, *, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": POLICY}
    return web.Response(text=PAGE.format(body=body), status=status, content_type="text/html", headers=headers)

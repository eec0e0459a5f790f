"""The broker, when there is one."""

import asyncio
from datetime import timedelta

from pim_bot.clients.examination import look_at_broker, server_of
from pim_bot.doctor.reach import require_reachable
from pim_bot.errors import SettingsError, TooSlow
from pim_bot.finding import Finding, well, wrong
from pim_bot.patience import within

NAME = "kolejka"
SETTING = "PIM_BROKER_URL"
PATIENCE = timedelta(seconds=5)


async def look_at_queue(addresses: str) -> list[Finding]:
    """Tell whether workers can be rung for; RabbitMQ may have several addresses, with a semicolon between them."""
    if not addresses:
        return [well(NAME, "działa wewnątrz procesu, serwer nie jest potrzebny")]
    one_or_more = addresses.split(";") if addresses.startswith("amqp") else [addresses]
    return list(await asyncio.gather(*map(_look_at, one_or_more)))


async def _look_at(address: str) -> Finding:
    try:
        host, port = server_of(address)
        await require_reachable(SETTING, host, port)
        name = await within(PATIENCE, look_at_broker(address))
    except SettingsError as error:
        return wrong(NAME, str(error))
    except TooSlow:
        return wrong(NAME, f"{SETTING}: {host}:{port} przestał odpowiadać. Prosimy sprawdzić, czy serwer działa.")
    return well(NAME, f"{name}, {host}:{port}")

"""Whether a server can be reached at all, before its driver is asked: drivers tell this in words that differ."""

import asyncio
import socket
from datetime import timedelta

from pim_bot.errors import SettingsError, TooSlow
from pim_bot.patience import within

PATIENCE = timedelta(seconds=3)


async def require_reachable(setting: str, host: str, port: int) -> None:
    """Open a connection and close it. Raises ``SettingsError`` that says why that is not possible, and what to do."""
    try:
        await within(PATIENCE, asyncio.to_thread(_touch, host, port))
    except socket.gaierror:
        problem = f"nie ma serwera o nazwie {host}. Prosimy poprawić adres albo sprawdzić DNS."
    except ConnectionRefusedError:
        problem = f"na {host}:{port} nikt nie przyjmuje połączeń. Prosimy sprawdzić port i czy serwer działa."
    except (TooSlow, TimeoutError):
        problem = f"{host}:{port} nie odpowiada. Prosimy sprawdzić adres, zaporę sieciową i DNS."
    except (OSError, UnicodeError) as error:
        problem = f"nie ma drogi do {host}:{port} ({type(error).__name__}). Prosimy sprawdzić adres i sieć."
    else:
        return
    raise SettingsError(f"{setting}: {problem}")


def _touch(host: str, port: int) -> None:
    socket.create_connection((host, port), timeout=PATIENCE.total_seconds()).close()

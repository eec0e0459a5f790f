"""A look at the broker: does it answer, and does it let us do what dramatiq does. Nothing of it stays there."""

import asyncio
import logging
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pim_bot.clients.queue import EXAMPLES, QUEUE, make_broker
from pim_bot.clock import new_id
from pim_bot.errors import SettingsError

SETTING = "PIM_BROKER_URL: "
PATIENCE_SECONDS = 3.0
PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}
ENCRYPTED = ("rediss", "amqps")

OLDEST_REDIS = 6
"""The driver opens its connections with HELLO, which Redis knows from this version on."""
NAMESPACE = "dramatiq"
REDIS_RIGHTS = f"~{NAMESPACE}* +@read +@write +@scripting +@connection"
_REHEARSAL = """
local key = KEYS[1] .. ":" .. ARGV[1]
redis.call("zadd", key, 1, "a")
redis.call("zrangebyscore", key, 0, 1)
redis.call("zrem", key, "a")
redis.call("hset", key, "a", "b")
redis.call("hexists", key, "a")
redis.call("hmget", key, "a")
redis.call("hdel", key, "a")
redis.call("sadd", key, "a")
redis.call("smembers", key)
redis.call("srem", key, "a")
redis.call("rpush", key, "a")
redis.call("lpop", key)
redis.call("keys", key)
redis.call("del", key)
"""
"""The commands of dramatiq's own script, on a key of our own that is gone when the script ends."""

_REDIS_REFUSALS = {
    "NOAUTH": "serwer żąda hasła, a w adresie go nie ma. Prosimy je dopisać: redis://:HASŁO@SERWER:6379/0",
    "OOM": "serwerowi brakuje pamięci. Prosimy ją zwolnić albo zwiększyć maxmemory.",
    "READONLY": "serwer jest repliką tylko do odczytu. Prosimy podać adres serwera głównego.",
    "LOADING": "serwer właśnie wczytuje dane. Prosimy spróbować za chwilę.",
}

RABBITMQ_RIGHTS = rf"'^{QUEUE}' '^({QUEUE}|amq\.default)' '^{QUEUE}'"


def server_of(address: str) -> tuple[str, int]:
    """Tell the host and the port of the broker.

    Raises ``SettingsError`` for an address that cannot be used, and for a missing driver.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # its text would tell a piece of the password
        raise SettingsError(
            f"{SETTING}tego adresu nie da się odczytać. Prosimy podać na przykład redis://:HASŁO@SERWER:6379/0; "
            "znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
        ) from None
    if not parts.scheme:
        raise SettingsError(f"{SETTING}to nie jest adres kolejki. {EXAMPLES}")
    make_broker(address, asyncio.get_running_loop())  # says what else is wrong with it; connects to nothing
    return parts.hostname or "localhost", PORTS[parts.scheme] if port is None else port


async def look_at_broker(address: str) -> str:
    """Do with the broker what dramatiq does, so that nothing of it stays; tells its name and version.

    Raises ``SettingsError`` that says what the broker does not allow, and how it would.
    """
    if urlsplit(address).scheme.startswith("redis"):
        return await _look_at_redis(address)
    # In a thread that nobody waits for: this driver blocks.
    return await asyncio.to_thread(_look_at_rabbitmq, address)


async def _look_at_redis(address: str) -> str:
    from redis.asyncio import Redis  # noqa: PLC0415 - an extra
    from redis.asyncio.retry import Retry  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.utils import str_if_bytes  # noqa: PLC0415

    client = Redis.from_url(
        address,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        said = await client.execute_command("HELLO")  # type: ignore[no-untyped-call]
        await client.register_script(_REHEARSAL)(keys=[NAMESPACE], args=[new_id()])
    except Exception as error:  # noqa: BLE001 - whatever the driver raises is the finding
        raise SettingsError(SETTING + _problem_of_redis(urlsplit(address), error)) from None
    finally:
        await client.aclose()
    facts = {str_if_bytes(name): str_if_bytes(value) for name, value in said.items()}
    return f"{facts['server'].capitalize()} {facts['version']}"


def _problem_of_redis(address: SplitResult, error: Exception) -> str:
    """Say why Redis does not do what it was asked.

    Of its own words only the code is told: after a command that it does not know it repeats the password.
    """
    from redis.exceptions import AuthenticationError, ResponseError, TimeoutError  # noqa: A004, PLC0415 - an extra

    code = getattr(error, "status_code", None) or str(error).partition(" ")[0]
    if code in _REDIS_REFUSALS:
        return _REDIS_REFUSALS[code]
    if isinstance(error, AuthenticationError):
        return "serwer odrzucił użytkownika lub hasło. Prosimy poprawić adres: redis://UŻYTKOWNIK:HASŁO@SERWER:6379/0"
    if isinstance(error, ResponseError):
        return _refusal_of_redis(address, str(error), code)
    if isinstance(error, TimeoutError):
        return _silent(address, "Redis")
    return _broken_off(address, "Redis", error)


def _refusal_of_redis(address: SplitResult, said: str, code: str) -> str:
    if code == "NOPERM" or "ACL" in said or "can't run this command" in said:
        user = address.username or "default"
        return f"użytkownik {user} nie ma potrzebnych praw. Prosimy je nadać: ACL SETUSER {user} {REDIS_RIGHTS}"
    if unknown := re.search(r"unknown command\W+(\w+)", said):
        is_old = unknown[1].upper() == "HELLO"
        problem = f"jest starszy niż Redis {OLDEST_REDIS}" if is_old else f"nie zna polecenia {unknown[1]}"
        return f"serwer {problem}. Prosimy go zaktualizować albo podać adres innego."
    if "DB index" in said:
        return (
            f"serwer nie ma bazy o numerze {address.path.strip('/')}. Prosimy poprawić adres, na przykład na …:6379/0"
        )
    return f"serwer odmówił ({code}). Prosimy sprawdzić jego stan: redis-cli INFO"


def _look_at_rabbitmq(address: str) -> str:
    import pika  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

    logging.getLogger("pika").setLevel(logging.CRITICAL)  # what matters of it is told below
    parameters = pika.URLParameters(address)
    parameters.connection_attempts = 1
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = PATIENCE_SECONDS
    try:
        with pika.BlockingConnection(parameters) as connection:
            _rehearse(connection)
            said = connection._impl.server_properties  # noqa: SLF001 - it has no public name
    except Exception as error:  # noqa: BLE001 - whatever the driver raises is the finding
        raise SettingsError(SETTING + _problem_of_rabbitmq(address, parameters, error)) from None
    return f"{said.get('product', 'RabbitMQ')} {said.get('version', '')}".strip()


def _rehearse(connection: Any) -> None:
    """Declare, fill and empty a queue that is named as dramatiq's are; it goes with the connection."""
    channel = connection.channel()
    channel.confirm_delivery()
    name = f"{QUEUE}.{new_id()}"
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": name}
    channel.queue_declare(name, exclusive=True, arguments=arguments)
    channel.basic_publish("", name, b"", mandatory=True)
    channel.basic_get(name, auto_ack=True)


def _problem_of_rabbitmq(address: str, parameters: Any, error: Exception) -> str:
    """Say why RabbitMQ does not do what it was asked."""
    user, vhost = parameters.credentials.username, parameters.virtual_host
    match type(error).__name__, getattr(error, "reply_code", 0):
        case "ProbableAuthenticationError", _:
            problem = (
                "serwer odrzucił użytkownika lub hasło. Prosimy poprawić adres: amqp://UŻYTKOWNIK:HASŁO@SERWER:5672/ "
                "(użytkownika guest serwer wpuszcza tylko z własnej maszyny)."
            )
        case "ProbableAccessDeniedError", _ if "not found" in str(error):
            problem = f"na serwerze nie ma vhosta {vhost}. Prosimy go utworzyć: rabbitmqctl add_vhost {vhost}"
        case "ProbableAccessDeniedError", _:
            problem = f"użytkownik {user} nie ma dostępu do vhosta {vhost}. {_grant(user, vhost)}"
        case "ChannelClosedByBroker", HTTPStatus.FORBIDDEN:
            problem = f"użytkownik {user} nie ma potrzebnych praw w vhoście {vhost}. {_grant(user, vhost)}"
        case "ConnectionBlockedTimeout", _:
            problem = "serwerowi kończy się pamięć albo dysk, więc nie przyjmuje wiadomości. Prosimy zwolnić miejsce."
        case "AMQPConnectorStackTimeout", _:
            problem = _silent(urlsplit(address), "RabbitMQ")
        case _:
            problem = _broken_off(urlsplit(address), "RabbitMQ", error)
    return problem


def _grant(user: str, vhost: str) -> str:
    return f"Prosimy nadać mu prawa: rabbitmqctl set_permissions -p {vhost} {user} {RABBITMQ_RIGHTS}"


def _silent(address: SplitResult, name: str) -> str:
    return (
        f"serwer {address.hostname or 'localhost'} przyjął połączenie, ale milczy. "
        f"Prosimy sprawdzić port i czy to na pewno {name}."
    )


def _broken_off(address: SplitResult, name: str, error: Exception) -> str:
    safe = address.scheme if address.scheme in ENCRYPTED else f"{address.scheme}s"
    return (
        f"rozmowa z serwerem się urwała ({type(error).__name__}). Prosimy sprawdzić port, czy to na pewno {name}, "
        f"i czy połączenie ma być szyfrowane ({safe}://), czy nie."
    )

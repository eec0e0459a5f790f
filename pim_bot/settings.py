"""Settings: the environment, read once, with every problem told together and with its remedy."""

import re
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.request import getproxies

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pim_bot.errors import SettingsError
from pim_bot.notifications.pace import Pace
from pim_bot.programme.privacy import Contacts

DEFAULT_SLACK_API = "https://slack.com/api/"
DEFAULT_PORT = 8080
LONGEST = 86_400
"""No wait of a machine is longer than a day, in seconds."""
_PASSWORD = re.compile(r"://[^/@:]*:(.+)@")

RETENTION_OF = {
    "retention_requests_days": "skróty kluczy obsłużonych zapytań i surowe zapytania, których nie dało się odczytać",
    "retention_messages_days": "treść wiadomości, od wysłania; to, że wysłano, zostaje",
    "retention_events_days": "dziennik zdarzeń i to, co zapadło w terminie",
    "retention_audit_days": "audyt: kto co zmienia, pod pseudonimem",
    "retention_tokens_days": "linki jednorazowe, od końca ich ważności",
    "retention_materials_days": "materiały wydarzeń (tytuł i link), od dodania",
    "retention_bulletins_days": "ogłoszenia i to, kto je przeczytał, od wysłania",
    "retention_strangers_days": "konta osób spoza programu, od pierwszego kontaktu",
}
"""What each period is about, by the name of its setting; ``docs/rodo.md`` tells the same."""


class Settings(BaseSettings):
    """Everything that can be set. Names are those of the environment; see ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_prefix="PIM_", env_file=".env", extra="ignore", populate_by_name=True)

    database_url: str = ""
    broker_url: str = ""
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=DEFAULT_PORT, validation_alias=AliasChoices("PIM_PORT", "PORT", "port"), ge=0, le=65535)
    data_dir: Path = Path("data")
    secret_key: SecretStr = SecretStr("")

    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = DEFAULT_SLACK_API

    administrator: str = ""
    iod_contact: str = ""
    retention_requests_days: int = Field(default=7, ge=7)
    retention_messages_days: int = Field(default=30, ge=7)
    retention_events_days: int = Field(default=365, ge=30)
    retention_audit_days: int = Field(default=1096, ge=731)
    retention_tokens_days: int = Field(default=1, ge=0)
    retention_materials_days: int = Field(default=1096, ge=30)
    retention_bulletins_days: int = Field(default=365, ge=30)
    retention_strangers_days: int = Field(default=90, ge=1)

    pool_size: int = Field(default=10, ge=2, le=200)
    conversation_per_minute: float = Field(default=60, ge=0)
    posts_per_minute: float = Field(default=240, ge=0)
    changes_per_minute: float = Field(default=50, ge=0)
    flood: int = Field(default=5, ge=0)
    heartbeat_seconds: float = Field(default=5, gt=0, le=LONGEST, allow_inf_nan=False)
    leader_seconds: float = Field(default=15, gt=0, le=LONGEST, allow_inf_nan=False)
    lease_seconds: float = Field(default=60, gt=0, le=LONGEST, allow_inf_nan=False)
    doubt_seconds: float = Field(default=90, gt=0, le=LONGEST, allow_inf_nan=False)
    poll_seconds: float = Field(default=2, gt=0, le=LONGEST, allow_inf_nan=False)
    signature_seconds: float = Field(default=300, gt=0, le=LONGEST, allow_inf_nan=False)
    overdue_seconds: float = Field(default=900, gt=0, le=LONGEST, allow_inf_nan=False)
    skew_seconds: float = Field(default=60, gt=0, le=LONGEST, allow_inf_nan=False)
    deaf_seconds: float = Field(default=20, gt=0, le=LONGEST, allow_inf_nan=False)
    deaf_end_seconds: float = Field(default=300, gt=0, le=LONGEST, allow_inf_nan=False)
    file_mb: int = Field(default=5, ge=1, le=100)
    file_seconds: float = Field(default=20, gt=0, le=LONGEST, allow_inf_nan=False)
    least_disk_mb: int = Field(default=100, ge=1)
    health_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_token: SecretStr = SecretStr("")
    requests_per_minute: int = Field(default=120, ge=0)
    trusted_proxies: str = ""

    @field_validator("slack_api_url", "public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("adres musi zaczynać się od http:// albo https://")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            _ = [ip_network(part.strip()) for part in value.split(",") if part.strip()]
        except ValueError:
            problem = "prosimy podać adresy IP albo sieci, rozdzielone przecinkami, na przykład 10.0.0.5, 10.1.0.0/16"
            raise ValueError(problem) from None
        return value

    @property
    def contacts(self) -> Contacts:
        """Whom people turn to about their data."""
        return Contacts(self.administrator.strip(), self.iod_contact.strip())

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The proxies in front of the hub, which tell the truth about who asks."""
        return tuple(ip_network(part.strip()) for part in self.trusted_proxies.split(",") if part.strip())

    @property
    def database(self) -> str:
        """The database's address; by default an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'pim_bot.db'}"

    @property
    def public(self) -> str:
        """The address under which people reach the hub, without a stroke at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def slack_api(self) -> str:
        """The base address of the Web API, with a stroke at its end."""
        return self.slack_api_url.rstrip("/") + "/"

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """The signing secrets: several, separated by commas, while one is being replaced."""
        return _several(self.slack_signing_secret)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The hub's own keys that were set: the first signs, all verify."""
        return _several(self.secret_key)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must not be told: tokens, keys, and the passwords inside addresses."""
        fields = [getattr(self, name) for name in type(self).model_fields]
        own = [part for value in fields if isinstance(value, SecretStr) for part in _several(value)]
        addresses = (self.database_url, *self.broker_url.split(";"), *getproxies().values())
        passwords = (found[1] for address in addresses if (found := _PASSWORD.search(address)))
        return (*own, *passwords)

    @property
    def lease(self) -> timedelta:
        """How long a worker may hold a message."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def doubt_wait(self) -> timedelta:
        """How long a doubtful message waits before its conversation is read; longer than Slack's worst delay."""
        return timedelta(seconds=self.doubt_seconds)

    @property
    def signature(self) -> timedelta:
        """How old a signed request may be."""
        return timedelta(seconds=self.signature_seconds)

    @property
    def pace(self) -> Pace:
        """How fast the chat may be spoken to."""
        usual = Pace()
        return Pace(
            conversation=replace(usual.conversation, per_minute=self.conversation_per_minute),
            posts=replace(usual.posts, per_minute=self.posts_per_minute),
            changes=replace(usual.changes, per_minute=self.changes_per_minute),
        )

    @property
    def heartbeat(self) -> timedelta:
        """How often a process says that it is alive; three beats that do not come mean that it is dead."""
        return timedelta(seconds=self.heartbeat_seconds)

    @property
    def retention(self) -> dict[str, timedelta]:
        """How long each category of things is kept; what a hold keeps has its own end, and so no period."""
        days = {
            "requests": self.retention_requests_days,
            "parked": self.retention_requests_days,
            "messages": self.retention_messages_days,
            "events": self.retention_events_days,
            "fallen": self.retention_events_days,
            "audit": self.retention_audit_days,
            "tokens": self.retention_tokens_days,
            "materials": self.retention_materials_days,
            "bulletins": self.retention_bulletins_days,
            "lists": self.retention_messages_days,
            "strangers": self.retention_strangers_days,
            "held": 0,
        }
        return {category: timedelta(days=kept) for category, kept in days.items()}

    @property
    def file_bytes(self) -> int:
        """How many bytes of a file that somebody drops into the chat are taken."""
        return self.file_mb * 1024 * 1024

    @property
    def file_patience(self) -> timedelta:
        """How long one download of such a file may take."""
        return timedelta(seconds=self.file_seconds)

    @property
    def leader(self) -> timedelta:
        """How long a clock leads after it was heard of last."""
        return timedelta(seconds=self.leader_seconds)

    @property
    def overdue(self) -> timedelta:
        """How late a digest or a reminder may fall due before the coordinators are told that it did not run."""
        return timedelta(seconds=self.overdue_seconds)

    @property
    def skew(self) -> timedelta:
        """How far this machine's clock may be from Slack's and from the database's."""
        return timedelta(seconds=self.skew_seconds)

    @property
    def deaf(self) -> timedelta:
        """After how long without any frame a Socket Mode connection counts as deaf and is replaced."""
        return timedelta(seconds=self.deaf_seconds)

    @property
    def deaf_end(self) -> timedelta:
        """After how long without a frame on any connection the process ends, so that its supervisor starts it anew."""
        return timedelta(seconds=self.deaf_end_seconds)

    @property
    def poll(self) -> timedelta:
        """How often the ledger is looked at when no bell rings."""
        return timedelta(seconds=self.poll_seconds)


def _several(secret: SecretStr) -> tuple[str, ...]:
    return tuple(part.strip() for part in secret.get_secret_value().split(",") if part.strip())


def read_settings(**given: Any) -> Settings:
    """Read the environment; ``given`` values win. Raises ``SettingsError`` that names every wrong setting."""
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [_problem(_name(problem["loc"]), problem["msg"]) for problem in error.errors()]
        raise SettingsError("\n".join(lines)) from None


def _problem(name: str, said: str) -> str:
    """Say what is wrong with a setting and what to do, in our words where the library's are not."""
    if name in ("PIM_PORT", "PIM_HEALTH_PORT"):
        said = "to nie jest numer portu; prosimy podać liczbę od 0 do 65535"
    elif name == "PIM_POOL_SIZE":
        said = "prosimy podać liczbę połączeń od 2 do 200"
    elif name == "PIM_FILE_MB":
        said = "prosimy podać liczbę megabajtów od 1 do 100"
    elif name == "PIM_LEAST_DISK_MB":
        said = "prosimy podać liczbę megabajtów od 1"
    elif name == "PIM_RETENTION_AUDIT_DAYS":
        said = "audyt musi zostać co najmniej dwa lata; prosimy podać liczbę dni od 731"
    elif name.startswith("PIM_RETENTION_"):
        said = "prosimy podać liczbę dni, nie mniejszą niż najmniejsza w docs/rodo.md"
    elif name.endswith("_PER_MINUTE") or name == "PIM_FLOOD":
        said = "prosimy podać liczbę nie mniejszą od zera; zero znaczy: bez ograniczenia"
    elif name.endswith("_SECONDS"):
        said = f"prosimy podać liczbę sekund większą od zera, najwyżej {LONGEST} (doba)"
    return f"{name}: {said.removeprefix('Value error, ')}"


def _name(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else "?"
    return name if name.isupper() else f"PIM_{name.upper()}"


def missing_for_slack(settings: Settings) -> list[str]:
    """Tell what the bot still needs to talk to Slack, each with the step that mends it."""
    missing = []
    token = settings.slack_bot_token.get_secret_value()
    if token and not token.startswith("xoxb-"):
        missing.append("SLACK_BOT_TOKEN: to nie jest token bota. Prosimy skopiować ten, który zaczyna się od xoxb-.")
    if not token:
        missing.append("SLACK_BOT_TOKEN: brak. Token zaczyna się od xoxb- i jest w ustawieniach aplikacji: OAuth.")
    if not settings.signing_secrets and not settings.slack_app_token.get_secret_value():
        missing.append(
            "SLACK_SIGNING_SECRET: brak. Jest w ustawieniach aplikacji: Basic Information. "
            "Zamiast niego można użyć Socket Mode: SLACK_APP_TOKEN (xapp-…)."
        )
    return missing

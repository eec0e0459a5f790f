"""A bulletin (ogłoszenie): what coordinators and guardians tell a network, one side of it, or everybody."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Which side a bulletin is for."""

    EVERYBODY = "everybody"
    CITIES = "cities"
    WORLD_BANK = "world_bank"
    MINISTRIES = "ministries"


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinDraft:
    """What a person fills in. ``network`` "" means all networks of the edition."""

    edition: str
    network: str = ""
    audience: Audience = Audience.EVERYBODY
    title: str
    text: str
    link: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulletin(BulletinDraft):
    """A bulletin that was sent; it does not change any more. ``sent_by`` is a member's id."""

    id: str
    sent_by: str
    sent_at: datetime

"""The documents that the programme makes: a MID for every participant of a network, a PU for every network.

Source: presentation of MFiPR and the World Bank (2021-2023), „Dokumenty”. Which parts they have belongs to the edition
(``edition.DocumentPart``).
"""

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """MID: what a city will do at home. PU: what a network asks the state to change."""

    MID = "MID"
    PU = "PU"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """Which document; ``city`` is empty for a PU."""

    kind: DocumentKind
    edition: str
    network: str
    city: str = ""

    @property
    def key(self) -> str:
        """The document in one word, as events and buttons name it: ``MID/<edition>/<network>/<city>``."""
        return "/".join([self.kind.value, self.edition, self.network, *([self.city] if self.city else [])])


def document_of(key: str) -> Document | None:
    """Read a document's key; None for what is none."""
    kind, *rest = key.split("/")
    if kind == DocumentKind.MID and len(rest) == 3:  # noqa: PLR2004 - edition, network, city
        return mid_of(*rest)
    return pu_of(*rest) if kind == DocumentKind.PU and len(rest) == 2 else None  # noqa: PLR2004


def mid_of(edition: str, network: str, city: str) -> Document:
    """Name the MID of a participant of a network."""
    return Document(kind=DocumentKind.MID, edition=edition, network=network, city=city)


def pu_of(edition: str, network: str) -> Document:
    """Name the PU of a network."""
    return Document(kind=DocumentKind.PU, edition=edition, network=network)

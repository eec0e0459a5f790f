"""What a programme file may refer to: what it told so far, and what is in the edition that it supplements."""

from pim_bot.programme.edition import Edition
from pim_bot.programme.file.problems import nearest, quoted
from pim_bot.programme.file.record import Record
from pim_bot.programme.file.values import Parse, Unfit

_WORDS = {
    "institutions": "instytucji",
    "cities": "miasta",
    "networks": "sieci",
    "kinds": "rodzaju działania",
    "pu_categories": "zakresu zalecenia",
    "themes": "zagadnienia przekrojowego",
}


class Known:
    """Slugs by the field in which they are told (``cities``, ``networks``, …)."""

    def __init__(self, present: Edition | None = None) -> None:
        self._lines: dict[str, dict[str, int]] = {}
        self._present: dict[str, set[str]] = {}
        if present:
            self._present = {
                "institutions": {institution.slug for institution in present.institutions},
                "cities": {city.slug for city in present.cities},
                "networks": {network.slug for network in present.networks},
                "kinds": {kind.slug for kind in present.kinds},
                "themes": set(present.themes),
            }

    def add(self, field: str, slug: str, record: Record, key: str = "slug") -> None:
        """Note that the file tells a thing here; it may do so only once."""
        lines = self._lines.setdefault(field, {})
        if slug in lines:
            record.problem(
                key, f"{quoted(slug)} ma już wpis w wierszu {lines[slug]}. Prosimy zostawić jeden albo zmienić ten."
            )
        elif slug:
            lines[slug] = record.line

    def all(self, field: str) -> tuple[str, ...]:
        """List what is known, ordered."""
        return tuple(sorted(self._lines.get(field, {}).keys() | self._present.get(field, set())))

    def reference(self, field: str) -> Parse[str]:
        """Take the slug of a thing that is known."""

        def parse(text: str) -> str:
            if text in self._lines.get(field, {}) or text in self._present.get(field, set()):
                return text
            raise Unfit(
                f"Nie ma {_WORDS[field]} {quoted(text)}. {nearest(text, self.all(field))}"
                f"Prosimy poprawić tę wartość albo dopisać wpis w polu „{field}”."
            )

        return parse

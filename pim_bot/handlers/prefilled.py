"""What a button knows of the form that it opens: fields with what was understood of a question."""

import json
from contextlib import suppress
from typing import Any


def prefilled(value: str) -> dict[str, Any]:
    """Read the fields that stand on a button; one that stands for no more than „new” fills nothing."""
    with suppress(ValueError):
        found = json.loads(value)
        if isinstance(found, dict):
            return found
    return {}

"""``python -m pim_bot.locale``: bring both catalogues up to date and tell what waits for a translation."""

import sys

from pim_bot.locale import LANGUAGES, PACKAGE, untranslated, updated

waiting = False
for language in LANGUAGES:
    (PACKAGE / "locale" / language / "pim_bot.po").write_bytes(updated(language))
    for text in untranslated(language):
        sys.stdout.write(f"{language}: {text}\n")
        waiting = True
sys.exit(1 if waiting else 0)

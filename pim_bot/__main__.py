"""``python -m pim_bot`` is ``pim-bot``."""

from pim_bot.cli import main

main()

"""The seed of a run, printed with its figures: ``PIM_SEED=… make test`` replays it, ``PIM_SOAK=1`` makes it long."""

import os

SEED = int(os.environ.get("PIM_SEED", "20260123"))
SOAK = bool(os.environ.get("PIM_SOAK"))

"""Named points at which the process can be killed, so that a test can show what survives.

``PIM_CRASH_AT=outbox.sent:2`` kills the process with SIGKILL at the second passing of that point. Without the
variable a point costs one comparison. The names are listed in ``POINTS``; the kill test walks them all.
"""

import os
import signal

POINTS = (
    "act.before-commit",
    "act.after-commit",
    "clock.before-commit",
    "clock.after-commit",
    "relay.before-commit",
    "relay.after-commit",
    "claim.before-commit",
    "claim.after-commit",
    "send.before",
    "send.after",
    "record.before-commit",
    "record.after-commit",
    "doubt.before-read",
    "doubt.after-read",
    "sweep.before-retract",
)

_wanted, _, _times = os.environ.get("PIM_CRASH_AT", "").partition(":")
_left = int(_times or "1")


def crash_point(name: str) -> None:
    """Die here when the test asked for it; otherwise do nothing."""
    global _left  # noqa: PLW0603 - one countdown for the whole process is the point
    if name != _wanted:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

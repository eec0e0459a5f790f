"""Logs: one JSON object a line on standard error, of the hub and of its libraries alike, and never a secret in it.

JSON escapes what breaks lines, so nobody can write a line of their own into the log (OWASP „Logging”).
"""

import logging
import os
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

import structlog
from aiohttp.http_exceptions import HttpProcessingError

from pim_bot.errors import StorageUnavailable
from pim_bot.scrubbing import scrubbed, tell_crash

Line = MutableMapping[str, Any]


def set_up_logging(*, level: int = logging.INFO, for_people: bool = False) -> None:
    """Log to standard error: one JSON object a line, or readable lines; secrets never. Libraries log the same way."""
    colours = sys.stderr.isatty() and not os.environ.get("NO_COLOR")  # https://no-color.org
    renderer = structlog.dev.ConsoleRenderer(colors=colours) if for_people else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    ending: list[Any] = [structlog.processors.format_exc_info, _scrub, *([_escape] if for_people else []), renderer]
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending]
        )
    )
    handler.addFilter(_is_news)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = tell_crash
    threading.excepthook = _thread_crashed


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a library's line says more than ours: that the database is away is told where it matters.

    What is no HTTP at all is a stranger's doing: one line, and no traceback of ours.
    """
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.msg, record.args, record.exc_info = f"request.not-http {error.code}", (), None
        record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return not isinstance(error, StorageUnavailable)


def _scrub(_logger: Any, _name: str, event: Line) -> Line:
    return {scrubbed(name): scrubbed(value) for name, value in event.items()}


def _escape(_logger: Any, _name: str, event: Line) -> Line:
    """Write control characters so that they do nothing, where no JSON does it; tracebacks keep their lines."""
    return {
        name: "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in value)
        if isinstance(value, str) and name != "exception"
        else value
        for name, value in event.items()
    }


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is not None:
        tell_crash(crash.exc_type, crash.exc_value, crash.exc_traceback)

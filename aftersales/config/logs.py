"""Log lines: one event each, in UTC, with the request's id; JSON for machines or text for reading. Telephone numbers are masked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_MOBILE = re.compile(r"(?<!\d)((?:86)?[ -]?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_FIXED = re.compile(r"(?<![0-9A-Za-z-])(0\d{2,3}-)\d{3,4}(\d{4})(?![0-9A-Za-z])")


def configure(options: Mapping[str, Any]) -> None:
    """Set up logging for the whole process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    if options.get("format") == "json":
        renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.INFO
    logging.getLogger("django.request").setLevel(logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event with every telephone number reduced to its beginning and its last four digits, however deep it stands."""
    for name, value in event.items():
        if not name.startswith("_"):  # structlog's own
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _FIXED.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", value))
    if isinstance(value, Mapping):
        return {name: _masked(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(each) for each in value]
    if value is None or isinstance(value, (bool, float)):
        return value
    shown = _masked(str(value))  # a number kept as an integer, or an object that tells one
    return shown if shown != str(value) else value

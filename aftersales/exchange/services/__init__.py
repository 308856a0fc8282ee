"""Every write: making exports, and carrying imports from the table that was sent to the records."""

from aftersales.exchange.services.exports import (
    Wanted,
    clear_exports,
    forget_exports,
    make_export,
    make_file,
    stop_export,
)
from aftersales.exchange.services.imports import (
    Choice,
    check_import,
    clear_imports,
    discard_import,
    forget_imports,
    keep_table,
    look_again,
    reopen_import,
    run_check,
    run_import,
    start_import,
    stop_import,
)
from aftersales.exchange.services.templates import make_template

__all__ = [
    "Choice",
    "Wanted",
    "check_import",
    "clear_exports",
    "clear_imports",
    "discard_import",
    "forget_exports",
    "forget_imports",
    "keep_table",
    "look_again",
    "make_export",
    "make_file",
    "make_template",
    "reopen_import",
    "run_check",
    "run_import",
    "start_import",
    "stop_export",
    "stop_import",
]

"""Every read: the declared lists and tables, and what a person carried out and in."""

from aftersales.exchange.queries.exports import Progress, count_in_making, get_export, list_exports, progress_of
from aftersales.exchange.queries.imports import (
    counts_of,
    get_import,
    guessed_columns,
    heads_of,
    list_imports,
    problem_rows,
    readings_of,
    remembered,
    stored_rows,
)
from aftersales.exchange.queries.lists import Asked, Field, ListExport, batches, find_list, register_list
from aftersales.exchange.queries.tables import (
    Batch,
    Importer,
    Line,
    Outcome,
    Problem,
    Table,
    find_table,
    list_tables,
    register_table,
    words_of,
)
from aftersales.exchange.rules.imports import Effect, TableField

__all__ = [
    "Asked",
    "Batch",
    "Effect",
    "Field",
    "Importer",
    "Line",
    "ListExport",
    "Outcome",
    "Problem",
    "Progress",
    "Table",
    "TableField",
    "batches",
    "count_in_making",
    "counts_of",
    "find_list",
    "find_table",
    "get_export",
    "get_import",
    "guessed_columns",
    "heads_of",
    "list_exports",
    "list_imports",
    "list_tables",
    "problem_rows",
    "progress_of",
    "readings_of",
    "register_list",
    "register_table",
    "remembered",
    "stored_rows",
    "words_of",
]

"""Every read: the declared lists and imports, and what a person carried out and in."""

from aftersales.exchange.queries.exports import Progress, count_in_making, get_export, list_exports, progress_of
from aftersales.exchange.queries.lists import Asked, Field, ListExport, batches, find_list, register_list

__all__ = [
    "Asked",
    "Field",
    "ListExport",
    "Progress",
    "batches",
    "count_in_making",
    "find_list",
    "get_export",
    "list_exports",
    "progress_of",
    "register_list",
]

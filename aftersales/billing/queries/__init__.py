"""Every read of this room."""

from aftersales.billing.models import Account, Entry, FreightDocument, StatementConfirmation
from aftersales.billing.queries.accounts import (
    Statement,
    find_account,
    get_entry,
    list_accounts,
    list_entries,
    list_entries_of,
    statement,
)
from aftersales.billing.queries.freight import (
    facts_of,
    get_freight,
    list_freight,
    list_signers,
)
from aftersales.billing.queries.personal import holds_of, panels_of, parts_of

__all__ = [
    "Account",
    "Entry",
    "FreightDocument",
    "Statement",
    "StatementConfirmation",
    "facts_of",
    "find_account",
    "get_entry",
    "get_freight",
    "holds_of",
    "list_accounts",
    "list_entries",
    "list_entries_of",
    "list_freight",
    "list_signers",
    "panels_of",
    "parts_of",
    "statement",
]

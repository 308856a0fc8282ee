"""One customer's rights to his data: a copy of all of it, and its erasure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _

COPY_KEPT = timedelta(days=3)
LONGEST_REASON = 200
PERSONAL = frozenset({"name", "contact_name", "phone", "address", "label", "note", "plate"})
"""Fields of the journal of customers and of their units that are blanked whole."""


def check_number(typed: str, number: str) -> None:
    """The second look: refuse unless the customer's number was typed again."""
    if "".join(typed.split()).upper() != number:
        raise Invalid(_("Type the customer's number exactly: {number}.", number=number), field="number")


def check_reason(typed: str) -> str:
    """The reason without stray blanks; refuses an empty one."""
    reason = " ".join(typed.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Write who asked for it and when, in at most {count} characters.", count=LONGEST_REASON), field="reason"
        )
    return reason


# The list of erased customers outside the database

SALT = "salt"


def digest(salt: str, number: str) -> str:
    """What the list keeps of a customer: whoever holds the list learns no number from it."""
    return sha256(f"{salt}/{number}".encode()).hexdigest()


def read_list(lines: Iterable[str]) -> tuple[str, list[str]]:
    """The salt and the digests of a list; empty when it says nothing."""
    salt, digests = "", []
    for line in lines:
        words = line.split()
        if len(words) == 2 and words[0] == SALT:
            salt = words[1]
        elif len(words) == 2:
            digests.append(words[1])
    return salt, list(dict.fromkeys(digests))

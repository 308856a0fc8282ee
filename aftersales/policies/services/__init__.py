"""Every write of this room, by the name of the act."""

from aftersales.policies.rules.editing import (
    Place,
)
from aftersales.policies.services.decisions import (
    Case,
    decide,
    decide_many,
)
from aftersales.policies.services.drafts import (
    adopt_shipped,
    begin_draft,
    edit_draft,
)
from aftersales.policies.services.rows import (
    add_row,
    edit_clause,
    move_row,
    remove_row,
    set_row,
)
from aftersales.policies.services.rulings import (
    Consequence,
    rule_question,
)
from aftersales.policies.services.steps import (
    approve,
    hand_in,
    send_back,
    take_back,
    withdraw,
)
from aftersales.policies.services.test_cases import (
    accept_outcomes,
    add_case,
    remove_cases,
)
from aftersales.policies.services.workbooks import (
    take_over,
)

__all__ = [
    "Case",
    "Consequence",
    "Place",
    "accept_outcomes",
    "add_case",
    "add_row",
    "adopt_shipped",
    "approve",
    "begin_draft",
    "decide",
    "decide_many",
    "edit_clause",
    "edit_draft",
    "hand_in",
    "move_row",
    "remove_cases",
    "remove_row",
    "rule_question",
    "send_back",
    "set_row",
    "take_back",
    "take_over",
    "withdraw",
]

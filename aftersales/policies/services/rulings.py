"""Rulings: the owner of a policy says how an open place is to be read, and what follows in the tables; into the open draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _
from aftersales.policies import queries
from aftersales.policies.models import Ruling
from aftersales.policies.permissions import Permission
from aftersales.policies.rules import editing
from aftersales.policies.rules.editing import Place
from aftersales.policies.services import drafts


@dataclass(frozen=True)
class Consequence:
    """Cells of one row that a ruling changes."""

    place: Place
    cells: Mapping[str, str]


@transaction.act
def rule_question(
    actor: Actor,
    *,
    policy: str,
    ambiguity: str,
    reading: str,
    reason: str,
    consequences: Sequence[Consequence] = (),
    now: datetime,
    today: date,
) -> Ruling:
    """The ruling on an open question, written into the policy's draft, which is begun if there is none.

    An empty `reading` confirms the one followed so far. What follows in the tables and parameters is changed with it.
    """
    actor.require(Permission.EDIT)
    if not reason.strip():
        raise Invalid(_("Say why you rule so; later readers will ask."), field="reason")
    draft = drafts.open_draft(actor, policy=policy, now=now, today=today)
    known = queries.read(draft.text).ambiguities.get(ambiguity)
    if known is None:
        raise Missing
    ruled = editing.clean(reading) or known.reading
    text = editing.set_cells(draft.text, Place("ambiguities", ambiguity), {"reading": ruled, "status": "ruled"})
    changes = []
    for each in consequences:
        before = editing.get_cells(text, each.place)
        cells = {
            name: editing.clean(cell) for name, cell in each.cells.items() if editing.clean(cell) != before.get(name)
        }
        if cells:
            text = editing.set_cells(text, each.place, cells)
            changes += [
                {
                    "table": each.place.table,
                    "row": each.place.row,
                    "column": name,
                    "before": before[name],
                    "after": cell,
                }
                for name, cell in cells.items()
            ]
    drafts.write_draft(actor, draft, {"text": text}, act="rule_question", now=now, note=reason)
    return Ruling.objects.create(
        version=draft, ambiguity=ambiguity, is_as_read=ruled == known.reading and not changes, reading=ruled,
        reason=reason.strip(), changes=changes, ruled_by=actor.id, ruled_name=actor.name, ruled_at=now,
    )  # fmt: skip

"""A draft edited row by row and clause by clause; each edit is one act and knows when somebody else was faster on the same row."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Conflict, Difference, Invalid
from aftersales.core.text import text as _
from aftersales.policies.engine.document import Grid, Row
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.rules import rows as rules
from aftersales.policies.rules.rows import Address, Cells
from aftersales.policies.services import drafts


@transaction.act
def set_row(
    actor: Actor, *, policy: str, number: int, address: Address, row: str, mark: str, cells: Cells, now: datetime
) -> PolicyVersion:
    """The draft with other words in one row; `mark` is what the row was like when it was opened."""
    draft = _draft(actor, policy, number)
    _must_stand(draft, address, row, mark, cells)
    text = rules.set_row(draft.text, address, row, cells)
    return _written(actor, draft, text, "set_row", now, row)


@transaction.act
def add_row(
    actor: Actor, *, policy: str, number: int, address: Address, cells: Cells, after: str = "", now: datetime
) -> PolicyVersion:
    """The draft with one more row, behind another or at the end; the row names itself in its first cell."""
    draft = _draft(actor, policy, number)
    text = rules.add_row(draft.text, address, cells, after=after)
    return _written(actor, draft, text, "add_row", now, _first(cells))


@transaction.act
def remove_row(
    actor: Actor, *, policy: str, number: int, address: Address, row: str, mark: str, now: datetime
) -> PolicyVersion:
    """The draft without one row; rows that are an exception to it no longer name it."""
    draft = _draft(actor, policy, number)
    _must_stand(draft, address, row, mark, Cells({}, {}))
    return _written(actor, draft, rules.remove_row(draft.text, address, row), "remove_row", now, row)


@transaction.act
def move_row(
    actor: Actor, *, policy: str, number: int, address: Address, row: str, by: int, now: datetime
) -> PolicyVersion:
    """The draft with one row some places further down, or up. Which rule wins does not hang on the order."""
    draft = _draft(actor, policy, number)
    return _written(actor, draft, rules.move_row(draft.text, address, row, by=by), "move_row", now, row)


@transaction.act
def edit_clause(
    actor: Actor, *, policy: str, number: int, clause: str, title: str, said: str, was: str, now: datetime
) -> PolicyVersion:
    """The draft with another title and other words in one clause; `was` is its mark when it was opened."""
    draft = _draft(actor, policy, number)
    if not title.strip():
        raise Invalid(_("Give the clause a title."), field="title")
    stands = rules.clause_at(draft.text, clause)
    if rules.mark_of_clause(*stands) != was:
        differences = (
            Difference(_("Title"), stands[0], title.strip()),
            Difference(_("Words"), stands[1], said.strip()),
        )
        raise Conflict(
            changed_by=journal.last_actor(drafts.KIND, draft.pk),
            differences=tuple(each for each in differences if each.theirs != each.yours),
        )
    text = rules.set_clause(draft.text, clause, title=title, said=said)
    return _written(actor, draft, text, "edit_clause", now, clause)


def _draft(actor: Actor, policy: str, number: int) -> PolicyVersion:
    actor.require(Permission.EDIT)
    draft = drafts.locked_version(actor, policy=policy, number=number)
    drafts.must_be_draft(draft)
    return draft


def _must_stand(draft: PolicyVersion, address: Address, row: str, mark: str, cells: Cells) -> None:
    grid, found = rules.row_at(draft.text, address, row)
    if rules.mark_of(found) != mark:
        raise Conflict(
            changed_by=journal.last_actor(drafts.KIND, draft.pk), differences=tuple(_differences(grid, found, cells))
        )


def _differences(grid: Grid, found: Row, cells: Cells) -> list[Difference]:
    sides = ((grid.inputs, found.left, cells.left), (grid.outputs, found.cells, cells.right))
    return [
        Difference(_("{sentence}", sentence=name), stands[name] or "—", wanted[name] or "—")
        for names, stands, wanted in sides
        for name in names
        if name in wanted and wanted[name] != stands[name]
    ]


def _first(cells: Cells) -> str:
    return next(iter((cells.left or cells.right).values()), "")


def _written(actor: Actor, draft: PolicyVersion, text: str, act: str, now: datetime, row: str) -> PolicyVersion:
    if not row.strip():
        raise Invalid(_("Give the row a name in its first cell."), field="text")
    return drafts.write_draft(actor, draft, {"text": text}, act=act, now=now, note=row[:60])

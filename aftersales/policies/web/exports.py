"""What the lists of this room export."""

from __future__ import annotations

from aftersales.core.text import text as _
from aftersales.exchange.queries import Field, ListExport, register_list
from aftersales.policies.permissions import Permission
from aftersales.policies.web import listing

DECISIONS = register_list(
    ListExport(
        code="policies:decisions",
        title=_("Decisions"),
        needs=Permission.SEE_DECISIONS,
        rows=lambda asked: listing.listed(asked).rows,
        fields=(
            Field(_("Decision"), lambda one: one.number),
            Field(_("Day of the case"), lambda one: one.on),
            Field(_("Policy"), lambda one: one.version.policy),
            Field(_("Version"), lambda one: one.version.number),
            Field(_("Outcome"), lambda one: listing.row(one).main),
            Field(_("Clauses"), lambda one: ", ".join(one.cites)),
            Field(_("Rules"), lambda one: ", ".join(one.rules)),
            Field(_("Open questions relied on"), lambda one: ", ".join(one.flags)),
            Field(_("What it is about"), lambda one: one.subject),
            Field(_("Amount"), lambda one: listing.row(one).amount),
            Field(_("Decided by"), lambda one: one.decided_name),
            Field(_("Decided at"), lambda one: one.decided_at),
        ),
    )
)

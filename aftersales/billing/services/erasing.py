"""What the ledger says of a customer who is erased: entries and amounts stay, names in what was written go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aftersales.billing.models import Entry, EntryNote, FreightDocument, StatementConfirmation
from aftersales.billing.services.freight import KIND as FREIGHT_KIND, index_freight
from aftersales.billing.services.ledger import KIND as VOUCHER_KIND
from aftersales.core import journal, transaction
from aftersales.core.erasing import Traces
from aftersales.core.models import JournalEntry


@transaction.act
def erase_customer_in_ledger(*, customer_ids: Sequence[int], traces: Traces, now: datetime) -> None:
    """Nothing; no note, confirmation or freight document names the customer any more, nor does the journal of them."""
    for note in EntryNote.objects.filter(entry__account__customer__in=customer_ids):
        EntryNote.objects.filter(pk=note.pk).update(text=traces.taken_out(note.text)[:500])
    for row in StatementConfirmation.objects.filter(account__customer__in=customer_ids):
        StatementConfirmation.objects.filter(pk=row.pk).update(
            confirmed_by=traces.stand_in[:80], note=traces.taken_out(row.note)[:500]
        )
    freight = FreightDocument.objects.filter(customer__in=customer_ids).select_related("customer", "station")
    for document in freight:
        document.note = traces.taken_out(document.note)[:500]
        document.liable_reason = traces.taken_out(document.liable_reason)[:500]
        document.confirmed_by = traces.stand_in[:80] if document.confirmed_by else ""
        document.save(update_fields=["note", "liable_reason", "confirmed_by"])
        index_freight(document)
    vouchers = Entry.objects.filter(account__customer__in=customer_ids).values_list("number", flat=True)
    for kind, numbers in ((VOUCHER_KIND, list(vouchers)), (FREIGHT_KIND, [each.number for each in freight])):
        journal.erase(
            JournalEntry.objects.filter(kind=kind, key__in=numbers),
            is_personal=lambda _name, value: traces.mentioned_in(value),
            with_notes=traces.mentioned_in,
            at=now,
        )

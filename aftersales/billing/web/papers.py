"""A statement of account as a paper, in the customer's language and his station's time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from aftersales.billing.queries import Entry, Statement
from aftersales.billing.rules import entries as rules
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.staff import queries as staff
from aftersales.ui.papers import (
    DEMONSTRATION,
    LOGO_MM,
    PAGES,
    Column,
    Fact,
    Facts,
    Letterhead,
    Paper,
    PaperSize,
    Row,
    Signature,
    Signatures,
    Sum,
    Table,
    qr_picture,
    wrapped_jpeg,
)
from aftersales.ui.templatetags.ui import local_date, local_time

CODE_MM = 22


def statement_paper(customer: Any, found: Statement, *, now: datetime) -> Paper:
    """The statement on A4: opening balance, every entry, closing balance, and a place to sign."""
    language = customer.language or translation.get_language() or settings.LANGUAGE_CODE
    station = customer.home_station
    with translation.override(language), timezone.override(ZoneInfo(station.time_zone)):
        return Paper(
            size=PaperSize.A4,
            language=language,
            title=str(_("Statement of account")),
            number=customer.number,
            head=_letterhead(station),
            code=qr_picture(_link(customer, found), customer.number, width_mm=CODE_MM),
            code_label=customer.number,
            blocks=(_facts(customer, found, now), _table(found), _signatures(customer, station, found)),
            notice=str(DEMONSTRATION) if settings.DEMO else "",
            pages=str(PAGES),
        )


def _link(customer: Any, found: Statement) -> str:
    period = f"?since={found.since.isoformat()}&until={found.until.isoformat()}"
    return settings.PUBLIC_URL + reverse("billing:statement", args=[customer.pk]) + period


def _letterhead(station: Any) -> Letterhead:
    row = staff.letterhead_of(station)
    logo = staff.logo_of(row)
    reach = "  ".join(each for each in (station.address, station.phone) if each)
    picture = wrapped_jpeg(logo, station.name, most_mm=LOGO_MM) if logo else None
    return Letterhead(station.name, tuple(line for line in (row.legal_name, reach) if line), picture)


def _facts(customer: Any, found: Statement, now: datetime) -> Facts:
    return Facts(
        (
            Fact(str(_("Customer")), customer.name, is_strong=True),
            Fact(str(_("Period")), f"{local_date(found.since)} – {local_date(found.until)}"),
            Fact(str(_("Opening balance")), str(found.opening)),
            Fact(str(_("Printed at")), local_time(now, "short")),
        )
    )


def _table(found: Statement) -> Table:
    columns = (
        Column(str(_("Posted on"))),
        Column(str(_("Voucher"))),
        Column(str(_("Kind")), is_main=True),
        Column(str(_("Debit")), is_number=True),
        Column(str(_("Credit side")), is_number=True),
        Column(str(_("Balance")), is_number=True),
    )
    sums = (
        Sum(str(_("Total debit")), str(found.debits)),
        Sum(str(_("Total credit")), str(found.credits)),
        Sum(f"{_('Closing balance')} ({rules.side(found.closing)})", str(found.closing), is_strong=True),
    )
    empty = str(_("Nothing was posted in this period."))
    return Table(columns, tuple(_row(each) for each in found.entries), sums, empty=empty)


def _row(entry: Entry) -> Row:
    cells = (
        local_date(entry.posted_on),
        entry.number,
        str(entry.kind_label),
        _shown(entry.debit),
        _shown(entry.credit),
        str(entry.balance),
    )
    return Row(cells, note=worked_out(entry), brief=str(entry.amount))


def worked_out(entry: Entry) -> str:
    """The paper an entry rests on, and how a credit was worked out."""
    told = [entry.source]
    if entry.goods is not None:
        told.append(f"{entry.goods} × {entry.percent}%")
    told += [f"− {label} {amount}" for label, amount in entry.deductions_told]
    return "  ".join(told)


def _shown(amount: Money | None) -> str:
    return "" if amount is None else str(amount)


def _signatures(customer: Any, station: Any, found: Statement) -> Signatures:
    confirmed = found.confirmed
    at = f"{confirmed.confirmed_by}, {local_time(confirmed.recorded_at, 'short')}" if confirmed else ""
    return Signatures(
        (Signature(str(_("Customer confirms")), name=at), Signature(str(_("For the house")), name=station.name))
    )

"""Who may what, on one page. A duty is what somebody is here for; organisation charts change, these bundles stay readable.

The duties are those of the posts in the trade: the car dealer's manager, supervisor, advisor and data clerk, the wholesaler's returns and
store people, and the offices around them. Rooms that come later add their permissions here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from aftersales.billing import permissions as billing
from aftersales.catalog import permissions as catalog
from aftersales.core.access import Duty, PermissionInfo
from aftersales.core.text import Text, text as _
from aftersales.customers import permissions as customers
from aftersales.deadlines import permissions as deadlines
from aftersales.exchange import permissions as exchange
from aftersales.policies import permissions as policies
from aftersales.reports import permissions as reports
from aftersales.staff import permissions as staff
from aftersales.warehouse import permissions as warehouse
from aftersales.workshop import permissions as workshop

Bil, Cat, Cus, Dea, Exc, Pol, Rep, Sta, War, Wor = (
    billing.Permission,
    catalog.Permission,
    customers.Permission,
    deadlines.Permission,
    exchange.Permission,
    policies.Permission,
    reports.Permission,
    staff.Permission,
    warehouse.Permission,
    workshop.Permission,
)

LOOK = frozenset({Wor.SEE, Cus.SEE_CUSTOMERS, Cus.SEE_UNITS, Cat.SEE, Dea.SEE, Sta.SEE_STATIONS, Pol.SEE, War.SEE})
STOCK = frozenset({War.SEE, War.MOVE, War.COUNT})
JUDGE = frozenset({Pol.TRY, Pol.SEE_DECISIONS})
ACCOUNTS = frozenset({Bil.SEE_ACCOUNTS, Bil.SEE_FREIGHT})
FRONT = LOOK | {
    Wor.RECEIVE,
    Wor.EDIT,
    Wor.ADD_PHOTOS,
    Wor.QUOTE,
    Wor.RECORD_CONSENT,
    Wor.JUDGE_REPEAT,
    Wor.WAIT,
    Wor.ASK_EXPERTS,
    Wor.CONTACT,
    Wor.ANNOUNCE,
    Wor.RECORD_PAYMENT,
    Wor.HAND_OVER,
    Wor.CANCEL,
    Cus.EDIT_CUSTOMERS,
    Cus.SEE_CONTACT,
    Cus.EDIT_UNITS,
    Pol.TRY,
}
LEAD = FRONT | {
    Wor.ASSIGN,
    Wor.CHECK,
    Wor.CLOSE,
    Wor.SEE_COUNTS,
    Wor.SEE_OWN_QUALITY,
    Wor.SEE_QUALITY,
    Wor.EDIT_RULES,
    Sta.SEE_PEOPLE,
    Exc.EXPORT,
    Exc.IMPORT,
    Cus.MERGE_CUSTOMERS,
    Cus.MERGE_UNITS,
    Rep.SEE_DAILY,
    Pol.SEE_DECISIONS,
    War.MOVE,
    War.APPROVE,
}
EVERYTHING = frozenset[StrEnum]().union(Bil, Cat, Cus, Dea, Exc, Pol, Rep, Sta, War, Wor)


def _duty(code: str, label: Text, purpose: Text, permissions: Iterable[StrEnum]) -> Duty:
    return Duty(code, label, purpose, frozenset(str(permission) for permission in permissions))


DUTIES: tuple[Duty, ...] = (
    _duty(
        "service_manager",
        _("Service manager"),
        _("Leads the department: people, promises, quality, complaints."),
        EVERYTHING,
    ),
    _duty(
        "reception_supervisor",
        _("Reception supervisor"),
        _("Runs the counter, dispatches work and watches the promised days."),
        LEAD,
    ),
    _duty(
        "service_advisor",
        _("Service advisor"),
        _("Takes units in, quotes, keeps the customer informed and hands over."),
        FRONT,
    ),
    _duty(
        "technician",
        _("Technician"),
        _("Diagnoses and repairs, and reports the work done."),
        LOOK
        | {
            Wor.DIAGNOSE,
            Wor.QUOTE,
            Wor.REPAIR,
            Wor.WAIT,
            Wor.ADD_PHOTOS,
            Wor.ASK_EXPERTS,
            Wor.SEE_OWN_QUALITY,
        },
    ),
    _duty(
        "technical_expert",
        _("Technical expert"),
        _("Answers the questions that technicians ask from the stations."),
        LOOK | {Wor.ANSWER_QUESTIONS},
    ),
    _duty(
        "quality_inspector",
        _("Quality inspector"),
        _("Checks repairs before they are handed over."),
        LOOK | {Wor.CHECK, Wor.ADD_PHOTOS},
    ),
    _duty(
        "data_clerk",
        _("Data clerk"),
        _("Keeps files, catalog and statistics right and complete."),
        LOOK
        | {
            Wor.EDIT,
            Wor.CLOSE,
            Wor.SEE_COUNTS,
            Cat.EDIT,
            Cus.EDIT_CUSTOMERS,
            Cus.EDIT_UNITS,
            Cus.COPY_OUT_CUSTOMERS,
            Cus.MERGE_CUSTOMERS,
            Cus.MERGE_UNITS,
            Exc.EXPORT,
            Exc.IMPORT,
            Rep.SEE_DAILY,
        },
    ),
    _duty(
        "parts_keeper",
        _("Parts keeper"),
        _("Keeps the parts store and says when parts come."),
        LOOK | STOCK | {Wor.WAIT, War.REVERSE, War.EDIT},
    ),
    _duty(
        "returns_clerk",
        _("Returns clerk"),
        _("Receives, counts and settles returned goods."),
        LOOK
        | JUDGE
        | STOCK
        | ACCOUNTS
        | {Wor.RECEIVE, Wor.ADD_PHOTOS, Cus.EDIT_CUSTOMERS, Cus.EDIT_UNITS, Bil.RECORD_FREIGHT},
    ),
    _duty(
        "salesperson",
        _("Salesperson"),
        _("Looks after the customers sold to."),
        LOOK | ACCOUNTS | {Cus.SEE_CONTACT, Pol.TRY, Bil.SIGN_FREIGHT, Bil.CONFIRM},
    ),
    _duty(
        "sales_manager",
        _("Sales manager"),
        _("Leads the salespeople, and approves what the department has drafted as policy."),
        LOOK
        | JUDGE
        | ACCOUNTS
        | {Cus.SEE_CONTACT, Wor.SEE_COUNTS, Exc.EXPORT, Pol.APPROVE, War.HANDLE}
        | {Bil.SETTLE_FREIGHT, Bil.CONFIRM},
    ),
    _duty(
        "purchasing_manager",
        _("Purchasing manager"),
        _("Deals with the manufacturers."),
        LOOK | JUDGE | {Cat.EDIT, Wor.ASK_EXPERTS, Exc.EXPORT, Pol.APPROVE, War.HANDLE},
    ),
    _duty(
        "finance",
        _("Finance"),
        _("Records payments and keeps the accounts."),
        LOOK
        | ACCOUNTS
        | {Wor.RECORD_PAYMENT, Wor.SEE_COUNTS, Exc.EXPORT, War.APPROVE, Bil.POST, Bil.REVERSE, Bil.CONFIRM},
    ),
    _duty(
        "gate_guard", _("Gate guard"), _("Lets vehicles in and tells the advisor."), {Cus.SEE_UNITS, Sta.SEE_STATIONS}
    ),
    _duty(
        "call_operator",
        _("Call operator"),
        _("Answers the telephone and tells how far a job is."),
        LOOK | {Wor.CONTACT, Cus.SEE_CONTACT, Cus.EDIT_CUSTOMERS},
    ),
    _duty(
        "office",
        _("Office"),
        _("Reads what the department reports."),
        LOOK | {Wor.SEE_COUNTS, Sta.SEE_PEOPLE, Exc.EXPORT, Rep.SEE_DAILY, Pol.APPROVE},
    ),
    _duty(
        "auditor",
        _("Auditor"),
        _("Reads everything and changes nothing."),
        LOOK
        | {Wor.SEE_COUNTS, Wor.SEE_OWN_QUALITY, Wor.SEE_QUALITY, Sta.SEE_PEOPLE, Exc.EXPORT, Rep.SEE_DAILY}
        | {Pol.SEE_DECISIONS}
        | ACCOUNTS,
    ),
)

LABELS: Mapping[Any, Text] = {
    **workshop.LABELS,
    **billing.LABELS,
    **customers.LABELS,
    **catalog.LABELS,
    **deadlines.LABELS,
    **exchange.LABELS,
    **policies.LABELS,
    **reports.LABELS,
    **staff.LABELS,
    **warehouse.LABELS,
}
PERMISSIONS: tuple[PermissionInfo, ...] = tuple(
    PermissionInfo(str(permission), label, str(permission).split(":", 1)[0]) for permission, label in LABELS.items()
)

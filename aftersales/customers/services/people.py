"""Registering, changing and welcoming customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from aftersales.core import clock, events, journal, locks, numbering, transaction, versions
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.rows import only
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.events import CustomerRegistered
from aftersales.customers.models import Customer, CustomerStation, Phone
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import contacts, history, kinds
from aftersales.customers.services.findable import index_customer
from aftersales.customers.services.turns import wait_for_turn
from aftersales.staff import queries as staff

if TYPE_CHECKING:
    from aftersales.staff.models import Station

NUMBER_PREFIX = "CU"
ERASED = _("This customer's data was erased on request. If he comes again, register him anew.")


@dataclass(frozen=True)
class CustomerFacts:
    """What is written down about a customer besides his name and how to reach him."""

    kind: str = kinds.Kind.PERSON.value
    segment: str = kinds.Segment.RETAIL.value
    grade: str = kinds.Grade.ORDINARY.value
    contact_name: str = ""
    language: str = ""
    may_be_messaged: bool = True
    may_be_advertised_to: bool = False
    note: str = ""

    def checked(self) -> CustomerFacts:
        """The same without stray blanks; refuses words that are not on the lists."""
        lists = {
            "kind": kinds.KIND_LABELS,
            "segment": kinds.SEGMENT_LABELS,
            "grade": kinds.GRADE_LABELS,
            "language": kinds.LANGUAGES,
        }
        for name, known in lists.items():
            if getattr(self, name) not in known:
                raise Invalid(_("Choose one from the list."), field=name)
        contact = contacts.read_name(self.contact_name) if self.contact_name.strip() else ""
        return CustomerFacts(**{**vars(self), "contact_name": contact, "note": self.note.strip()})


NO_FACTS = CustomerFacts()


@transaction.act
def register_customer(
    actor: Actor,
    *,
    name: str,
    phone: str = "",
    phone_label: str = "",
    facts: CustomerFacts = NO_FACTS,
    station: str = "",
    now: datetime,
) -> Customer:
    """The new customer of a station (the actor's, unless another is named), with a number and his first telephone."""
    actor.require(Permission.EDIT_CUSTOMERS)
    home = staff.get_station(actor, station) if station else staff.station_of(actor)
    checked, name = facts.checked(), contacts.read_name(name)
    number = contacts.read_phone(phone) if phone.strip() else ""
    customer = Customer.objects.create(
        number=numbering.next_number(NUMBER_PREFIX, scope=home.code, year=clock.local_date(now, home.time_zone).year),
        name=name,
        home_station=home,
        created_at=now,
        **vars(checked),
    )
    CustomerStation.objects.create(customer=customer, station=home, since_at=now)
    if number:
        Phone.objects.create(
            customer=customer, number=number, typed=_as_typed(phone), label=phone_label.strip(), is_main=True
        )
    journal.record(
        actor, at=now, act="register", kind="customer", key=customer.pk, scope=home.code,
        after={"number": customer.number, **customer.facts(), "phone": number},
    )  # fmt: skip
    index_customer(customer)
    events.publish(CustomerRegistered(customer.pk, home.code, now))
    return customer


@transaction.act
def welcome_customer(
    actor: Actor,
    *,
    phone: str,
    name: str,
    phone_label: str = "",
    facts: CustomerFacts = NO_FACTS,
    station: str = "",
    now: datetime,
) -> Customer:
    """The customer with exactly this number and name, from now on served here too; a new one where nobody has both.

    A customer whom only other stations know is recognised by the full number and the name together. One of them alone finds
    nothing, so that nothing can be learnt here about other stations' customers by trying numbers.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    home = staff.get_station(actor, station) if station else staff.station_of(actor)
    number, name = contacts.read_phone(phone), contacts.read_name(name)
    wait_for_turn(f"phone:{number}")
    known = _with_phone_and_name(number, name)
    if known is None:
        return register_customer(
            actor, name=name, phone=phone, phone_label=phone_label, facts=facts, station=home.code, now=now
        )
    serve_here(actor, known, home, now=now)
    return known


def serve_here(actor: Actor, customer: Customer, station: Station, *, now: datetime) -> None:
    """Nothing; the customer is served by this station too, and its people see him from now on."""
    _served, is_new_here = CustomerStation.objects.get_or_create(
        customer=customer, station=station, defaults={"since_at": now}
    )
    if not is_new_here:
        return
    journal.record(
        actor,
        at=now,
        act="welcome",
        kind="customer",
        key=customer.pk,
        scope=station.code,
        after={"station": station.code},
    )
    index_customer(customer)
    events.publish(CustomerRegistered(customer.pk, station.code, now, is_new=False))


def _with_phone_and_name(number: str, name: str) -> Customer | None:
    """Whoever has both, locked; what a merged record said counts for the one under which it goes on."""
    having = Customer.objects.filter(phones__number=number).order_by("pk").values_list("pk", flat=True)
    last = dict.fromkeys(queries.survivor_id(Customer, key) for key in having.distinct())
    gone = queries.predecessors(Customer, last)
    names = dict(Customer.objects.filter(pk__in=[*last, *chain(*gone.values())]).values_list("pk", "name"))
    for is_told_by_merged in (False, True):
        for key in last:
            said = [names[one] for one in gone[key]] if is_told_by_merged else [names[key]]
            if any(contacts.is_same_name(each, name) for each in said):
                return locked_customer(SYSTEM, key)
    return None


@transaction.act
def edit_customer(
    actor: Actor, *, customer_id: int, version: int, name: str, facts: CustomerFacts, now: datetime
) -> Customer:
    """The customer as changed; refuses when somebody else changed him meanwhile."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    before = customer.facts()
    wanted = {"name": contacts.read_name(name), **vars(facts.checked())}
    versions.check(
        stands=customer.version, opened=version, kind="customer", key=customer_id, current=before, wanted=wanted,
        labels=history.LABELS,
    )  # fmt: skip
    for field, value in wanted.items():
        setattr(customer, field, value)
    customer.version += 1
    customer.save()
    journal.record(
        actor, at=now, act="edit", kind="customer", key=customer_id, scope=customer.home_station.code, before=before,
        after=customer.facts(),
    )  # fmt: skip
    index_customer(customer)
    return customer


def locked_customer(actor: Actor, customer_id: int) -> Customer:
    """The customer (or the one he was merged into), if the actor sees him, locked until the act ends."""
    rows = locks.for_update(queries.visible_customers(actor)).select_related("home_station")
    customer: Customer | None = only(rows.filter(pk=customer_id))
    if customer is None:  # asked only now: somebody may have merged him while we waited
        customer = only(rows.filter(pk=queries.survivor_id(Customer, customer_id)))
    if customer is None:
        raise Missing
    if customer.erased_at is not None:
        raise Refused(ERASED)
    return customer


def _as_typed(phone: str) -> str:
    return " ".join(phone.split())[:40]

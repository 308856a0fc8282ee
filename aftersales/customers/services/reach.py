"""How a customer is reached: telephones and addresses, and uncovering them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.models import Address, Customer, Phone
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import contacts
from aftersales.customers.services.findable import index_customer
from aftersales.customers.services.people import locked_customer


@transaction.act
def add_phone(
    actor: Actor, *, customer_id: int, phone: str, label: str = "", is_main: bool = False, now: datetime
) -> Phone:
    """The customer's new telephone number; his first one becomes the main one."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    number = contacts.read_phone(phone)
    others = Phone.objects.filter(customer=customer)
    if others.filter(number=number).exists():
        raise Invalid(_("This customer already has this number."), field="phone")
    becomes_main = is_main or not others.filter(is_main=True).exists()
    if becomes_main:
        others.update(is_main=False)
    typed = " ".join(phone.split())[:40]
    added = Phone.objects.create(
        customer=customer, number=number, typed=typed, label=label.strip(), is_main=becomes_main
    )
    _changed(actor, customer, act="add_phone", after={"phone": number, "label": added.label}, now=now)
    return added


@transaction.act
def remove_phone(actor: Actor, *, customer_id: int, phone_id: int, now: datetime) -> None:
    """Nothing; the number is the customer's no more, and where it was the main one the oldest other takes its place."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    phone = _phone_of(customer, phone_id)
    phone.delete()
    heir = Phone.objects.filter(customer=customer).order_by("pk").first()
    if phone.is_main and heir:
        heir.is_main = True
        heir.save(update_fields=["is_main"])
    _changed(actor, customer, act="remove_phone", before={"phone": phone.number, "label": phone.label}, now=now)


@transaction.act
def choose_main_phone(actor: Actor, *, customer_id: int, phone_id: int, now: datetime) -> None:
    """Nothing; this is the number that is called first from now on."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    phone = _phone_of(customer, phone_id)
    Phone.objects.filter(customer=customer).update(is_main=False)
    Phone.objects.filter(pk=phone.pk).update(is_main=True)
    _changed(actor, customer, act="choose_main_phone", after={"phone": phone.number}, now=now)


@transaction.act
def add_address(actor: Actor, *, customer_id: int, text: str, label: str = "", now: datetime) -> Address:
    """The customer's new address."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    text = read_address(text)
    if Address.objects.filter(customer=customer, text=text).exists():
        raise Invalid(_("This customer already has this address."), field="text")
    added = Address.objects.create(customer=customer, text=text, label=label.strip())
    _changed(actor, customer, act="add_address", after={"address": text, "label": added.label}, now=now)
    return added


_LONGEST_ADDRESS = 200


def read_address(typed: str) -> str:
    """The address in one line; refuses an empty one, and one that is too long."""
    text = " ".join(typed.split())
    if not text or len(text) > _LONGEST_ADDRESS:
        raise Invalid(_("Write the address in at most {count} characters.", count=_LONGEST_ADDRESS), field="text")
    return text


@transaction.act
def remove_address(actor: Actor, *, customer_id: int, address_id: int, now: datetime) -> None:
    """Nothing; the address is the customer's no more."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = locked_customer(actor, customer_id)
    address = Address.objects.filter(customer=customer, pk=address_id).first()
    if address is None:
        raise Missing
    address.delete()
    _changed(actor, customer, act="remove_address", before={"address": address.text, "label": address.label}, now=now)


@transaction.act
def reveal_contact(actor: Actor, *, customer_id: int, now: datetime) -> Customer:
    """The customer whose telephones and addresses may now be read in full; the journal records that they were."""
    actor.require(Permission.SEE_CONTACT)
    customer = queries.get_customer(actor, customer_id)
    journal.record(actor, at=now, act="reveal_contact", kind="customer", key=customer.pk, scope=actor.home_scope)
    return customer


def _phone_of(customer: Customer, phone_id: int) -> Phone:
    phone = Phone.objects.filter(customer=customer, pk=phone_id).first()
    if phone is None:
        raise Missing
    return phone


def _changed(
    actor: Actor, customer: Customer, *, act: str, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None, now: datetime,
) -> None:  # fmt: skip
    journal.record(
        actor,
        at=now,
        act=act,
        kind="customer",
        key=customer.pk,
        scope=customer.home_station.code,
        before=before,
        after=after,
    )
    index_customer(customer)

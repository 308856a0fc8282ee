"""Where the pages of customers and units stand."""

from __future__ import annotations

from django.urls import path

from aftersales.customers.web.views import customers, duplicates, find, merging, personal, units

app_name = "customers"
urlpatterns = [
    path("customers/", customers.customers, name="customers"),
    path("customers/duplicates/", duplicates.duplicate_customers, name="duplicate_customers"),
    path("customers/duplicates/look/", duplicates.find_duplicates, name="find_duplicates"),
    path(
        "customers/duplicates/<int:pair_id>/dismiss/",
        duplicates.dismiss_pair_of_customers,
        name="dismiss_pair_of_customers",
    ),
    path(
        "customers/duplicates/<int:pair_id>/reopen/",
        duplicates.reopen_pair_of_customers,
        name="reopen_pair_of_customers",
    ),
    path("customers/find/", find.find, name="find"),
    path("customers/register/", customers.register_customer, name="register_customer"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
    path("customers/<int:customer_id>/edit/", customers.edit_customer, name="edit_customer"),
    path("customers/<int:customer_id>/reveal/", customers.reveal_contact, name="reveal_contact"),
    path("customers/<int:customer_id>/phones/add/", customers.add_phone, name="add_phone"),
    path("customers/<int:customer_id>/phones/<int:phone_id>/remove/", customers.remove_phone, name="remove_phone"),
    path(
        "customers/<int:customer_id>/phones/<int:phone_id>/main/", customers.choose_main_phone, name="choose_main_phone"
    ),
    path("customers/<int:customer_id>/addresses/add/", customers.add_address, name="add_address"),
    path(
        "customers/<int:customer_id>/addresses/<int:address_id>/remove/",
        customers.remove_address,
        name="remove_address",
    ),
    path("customers/<int:customer_id>/copies/", personal.copies, name="copies"),
    path("customers/<int:customer_id>/copies/make/", personal.copy_out_customer, name="copy_out_customer"),
    path("customers/<int:customer_id>/copies/<str:token>/", personal.copy_file, name="copy_file"),
    path("customers/<int:customer_id>/erase/", personal.erase_customer, name="erase_customer"),
    path("customers/<int:customer_id>/merge/", merging.merge_customers, name="merge_customers"),
    path("customers/merges/<int:merge_id>/undo/", merging.undo_merge_of_customers, name="undo_merge_of_customers"),
    path("customers/<int:customer_id>/units/register/", units.register_unit, name="register_unit"),
    path("units/", units.units, name="units"),
    path("units/duplicates/", duplicates.duplicate_units, name="duplicate_units"),
    path("units/duplicates/<int:pair_id>/dismiss/", duplicates.dismiss_pair_of_units, name="dismiss_pair_of_units"),
    path("units/duplicates/<int:pair_id>/reopen/", duplicates.reopen_pair_of_units, name="reopen_pair_of_units"),
    path("units/find/", find.find_unit, name="find_unit"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/edit/", units.edit_unit, name="edit_unit"),
    path("units/<int:unit_id>/meter/", units.record_meter, name="record_meter"),
    path("units/<int:unit_id>/merge/", merging.merge_units, name="merge_units"),
    path("units/merges/<int:merge_id>/undo/", merging.undo_merge_of_units, name="undo_merge_of_units"),
    path("units/<int:unit_id>/transfer/", units.transfer_unit, name="transfer_unit"),
]
